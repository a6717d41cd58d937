// The notifications about invoices and payments that a new shop starts with. They are not active at first.
import { type DefaultNotification, notification, variable } from './default-notification.ts'
import { order, seller } from './default-variables.ts'

const about = [
  variable('customer.name', 'Company the invoice is for', 'Brightside IT GmbH'),
  variable('customer.contactName', 'Its contact; may be empty', 'Jonas Weber'),
  variable('endCustomer.name', 'Company that uses what was bought', 'Kavárna Žižkov s.r.o.'),
  ...seller,
  order,
  variable('invoice.number', 'Number of the invoice', 'INV-2026-000017'),
  variable('invoice.reference', 'The buyer’s own reference; may be empty', 'PO 4711'),
  variable('invoice.issuedOn', 'Day of issue', '24 November 2026'),
  variable('invoice.dueOn', 'Day it is due; empty for a credit invoice', '24 December 2026'),
  variable('invoice.total', 'Total with VAT', '€1,428.00'),
  variable('invoice.open', 'What is still to be paid', '€1,428.00'),
  variable('invoice.link', 'Where it is looked at in the shop', 'https://shop.example/invoices/0193'),
]
/** Of one's own: whatever can be read from an invoice. */
export const invoiceVariables = [
  ...about,
  variable('credited.number', 'Number of the invoice that is credited; may be empty', 'INV-2026-000012'),
  variable('invoice.daysOverdue', 'Days since it was due; empty before', '7'),
  variable('invoice.daysLeft', 'Days until it is due; empty after', '3'),
  variable('invoice.isPaid', '“yes” when nothing is open any more, else empty', 'yes'),
  variable('seller.iban', 'Our account; may be empty', 'DE02 1203 0000 0000 2020 51'),
  variable('seller.bankName', 'Our bank; may be empty', 'Kontor Bank'),
]
const hello = 'Hello{% if customer.contactName %} {{ customer.contactName }}{% endif %},'
const facts = `| | |
|---|---|
| Invoice | {{ invoice.number }} |
| Order | {{ order.number }} |
{% if invoice.reference %}| Your reference | {{ invoice.reference }} |
{% endif %}| Invoice date | {{ invoice.issuedOn }} |
{% if invoice.dueOn %}| Due on | {{ invoice.dueOn }} |
{% endif %}| Total with VAT | {{ invoice.total }} |
`
const end = `[[button: Look at it in the shop | {{ invoice.link }}]]

Questions? Write to [{{ seller.email }}](mailto:{{ seller.email }}){% if seller.phone %} or call {{ seller.phone }}{% endif %} and tell us the number {{ invoice.number }}.

Kind regards
{{ seller.name }}
`

export const invoiceNotifications: readonly DefaultNotification[] = [
  notification(
    {
      code: 'invoice-issued',
      name: 'Invoice issued',
      entity: 'invoice',
      isActive: false,
      subject: 'Invoice {{ invoice.number }} over {{ invoice.total }}',
      body: `# Your invoice

${hello}

invoice {{ invoice.number }} of order {{ order.number }}{% if endCustomer.name != customer.name %} for {{ endCustomer.name }}{% endif %} is attached as a PDF.{% if invoice.dueOn %} Please pay it by {{ invoice.dueOn }}.{% endif %}

${facts}
${end}`,
    },
    about,
  ),
  notification(
    {
      code: 'credit-invoice-issued',
      name: 'Credit invoice issued',
      entity: 'invoice',
      isActive: false,
      subject: 'Credit invoice {{ invoice.number }}',
      body: `# Your credit invoice

${hello}

credit invoice {{ invoice.number }} of order {{ order.number }} is attached as a PDF.{% if credited.number %} It credits invoice {{ credited.number }}.{% endif %}

${facts}
${end}`,
    },
    [
      ...about,
      variable('credited.number', 'Number of the invoice that is credited; may be empty', 'INV-2026-000012'),
    ],
  ),
  notification(
    {
      code: 'payment-reminder',
      name: 'Payment reminder',
      entity: 'invoice',
      isActive: false,
      days: [-3, 7, 14],
      subject:
        '{% if invoice.daysOverdue %}Invoice {{ invoice.number }} is overdue{% else %}Invoice {{ invoice.number }} is due on {{ invoice.dueOn }}{% endif %}',
      body: `# {% if invoice.daysOverdue %}An invoice is overdue{% else %}An invoice will soon be due{% endif %}

${hello}

{% if invoice.daysOverdue %}
we have not received all of invoice {{ invoice.number }} yet. It was due on {{ invoice.dueOn }}; {{ invoice.open }} are open. If your payment has crossed with this mail, please excuse it.
{% else %}
a reminder that invoice {{ invoice.number }} is due on {{ invoice.dueOn }}; {{ invoice.open }} are open.
{% endif %}

{% if seller.iban %}
Please transfer the amount to IBAN {{ seller.iban }}{% if seller.bankName %} ({{ seller.bankName }}){% endif %}, quoting {{ invoice.number }}.
{% endif %}

${facts}
${end}`,
    },
    [
      ...about,
      variable('invoice.daysOverdue', 'Days since it was due; empty before', '7'),
      variable('invoice.daysLeft', 'Days until it is due; empty after', '3'),
      variable('seller.iban', 'Our account; may be empty', 'DE02 1203 0000 0000 2020 51'),
      variable('seller.bankName', 'Our bank; may be empty', 'Kontor Bank'),
    ],
  ),
  notification(
    {
      code: 'payment-received',
      name: 'Payment received',
      entity: 'invoice',
      isActive: false,
      subject: 'We received your payment of {{ payment.amount }}',
      body: `# Thank you for your payment

${hello}

we received {{ payment.amount }} on {{ payment.receivedOn }} for invoice {{ invoice.number }}.{% if invoice.isPaid %} It is paid in full.{% else %} {{ invoice.open }} are still open.{% endif %}

${facts}
${end}`,
    },
    [
      ...about,
      variable('invoice.isPaid', '“yes” when nothing is open any more, else empty', 'yes'),
      variable('payment.amount', 'What was paid', '€1,428.00'),
      variable('payment.receivedOn', 'Day it came in', '20 December 2026'),
    ],
  ),
]
