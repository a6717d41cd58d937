// The notifications about orders as a whole that a new shop starts with. They are not active at first: what a shop sent before is what
// it sends until somebody decides otherwise.
import { type DefaultNotification, notification, variable } from './default-notification.ts'
import { customer, order, reseller, seller } from './default-variables.ts'

export const orderVariables = [
  ...customer,
  reseller,
  ...seller,
  order,
  variable('order.reference', 'The buyer’s own reference; may be empty', 'PO 4711'),
  variable('order.placedOn', 'Day it was placed', '24 November 2026'),
  variable(
    'order.summary',
    'What was ordered',
    '3 × Office LTSC Professional Plus 2024, 25 × Server Standard, 1 year',
  ),
  variable('order.total', 'Total with VAT', '€1,428.00'),
  variable('order.link', 'Where it is looked at in the shop', 'https://shop.example/orders/0193'),
]
const hello = 'Hello{% if customer.contactName %} {{ customer.contactName }}{% endif %},'
const facts = `| | |
|---|---|
| Order | {{ order.number }} |
{% if order.reference %}| Your reference | {{ order.reference }} |
{% endif %}| Placed on | {{ order.placedOn }} |
| For | {{ customer.name }} |
| Ordered | {{ order.summary }} |
| Total with VAT | {{ order.total }} |
`
const end = `[[button: Look at the order | {{ order.link }}]]

Questions? Write to [{{ seller.email }}](mailto:{{ seller.email }}){% if seller.phone %} or call {{ seller.phone }}{% endif %} and tell us the order number.

Kind regards
{{ seller.name }}
`

export const orderNotifications: readonly DefaultNotification[] = [
  notification(
    {
      code: 'order-received',
      name: 'Order received',
      entity: 'order',
      isActive: false,
      subject: 'We received your order {{ order.number }}',
      body: `# Thank you for your order

${hello}

we received your order {{ order.number }} and are working on it. What you bought comes to you by e-mail as soon as it is ready.

${facts}
${end}`,
    },
    orderVariables,
  ),
  notification(
    {
      code: 'order-waits-for-approval',
      name: 'Order waits for approval',
      entity: 'order',
      isActive: false,
      subject: 'Your order {{ order.number }} waits for our approval',
      body: `# Your order waits for our approval

${hello}

we received your order {{ order.number }}. It goes over the credit limit we agreed, so somebody of ours looks at it before we go on. You do not have to do anything; nothing is charged until then.

${facts}
${end}`,
    },
    orderVariables,
  ),
  notification(
    {
      code: 'order-completed',
      name: 'Order completed',
      entity: 'order',
      isActive: false,
      subject: 'Your order {{ order.number }} is complete',
      body: `# Your order is complete

${hello}

everything of your order {{ order.number }} is delivered. Keys and subscriptions are found in the shop at any time.

${facts}
${end}`,
    },
    orderVariables,
  ),
]
