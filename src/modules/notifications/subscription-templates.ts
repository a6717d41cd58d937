// The notifications about subscriptions that a new shop starts with.
import { type DefaultNotification, notification, variable } from './default-notification.ts'
import { customer, order, reseller, seller } from './default-variables.ts'

const subscription = [
  variable('subscription.number', 'Number of the subscription', 'SUB-100042'),
  variable('subscription.product', 'Name of the product', 'Server Standard, 1 year'),
  variable('subscription.quantity', 'Number of licences', '25'),
  variable('subscription.startsOn', 'First day of the present term; may be empty', '1 March 2026'),
  variable(
    'subscription.endsOn',
    'Last day of the present term; empty for a perpetual licence',
    '28 February 2027',
  ),
  variable('subscription.autoRenew', '“on” or “off”', 'on'),
]
export const subscriptionVariables = [...customer, reseller, ...seller, order, ...subscription]
const hello = 'Hello{% if customer.contactName %} {{ customer.contactName }}{% endif %},'
const facts = `| | |
|---|---|
| Subscription | {{ subscription.number }} |
| Licences | {{ subscription.quantity }} |
{% if subscription.startsOn %}| Term | {{ subscription.startsOn }}{% if subscription.endsOn %} – {{ subscription.endsOn }}{% endif %} |
{% endif %}| Order | {{ order.number }} |
`
const regards = `Kind regards
{{ seller.name }}
`

export const subscriptionNotifications: readonly DefaultNotification[] = [
  notification(
    {
      code: 'subscription-active',
      name: 'Subscription active',
      entity: 'subscription',
      subject: '{{ subscription.product }} is ready for {{ customer.name }}',
      body: `# The subscription is active

${hello}

**{{ subscription.product }}** for {{ customer.name }} is ready. The software and, where it needs one, the key are found in the customer’s Microsoft 365 admin centre, under *Billing → Your products*.

${facts}
${regards}`,
    },
    subscriptionVariables,
  ),
  notification(
    {
      code: 'subscription-cancelled',
      name: 'Subscription cancelled',
      entity: 'subscription',
      subject: 'Subscription {{ subscription.number }} is cancelled',
      body: `# The subscription is cancelled

${hello}

**{{ subscription.product }}** of {{ customer.name }} is cancelled and can no longer be used.

{% if creditInvoice.numbers %}
{{ creditInvoice.amount }} are credited with {{ creditInvoice.numbers }}.
{% endif %}

${facts}
${regards}`,
    },
    [
      ...subscriptionVariables,
      variable('creditInvoice.numbers', 'Numbers of the credit invoices; may be empty', 'CRN-2026-000017'),
      variable('creditInvoice.amount', 'What is credited, without VAT', '€1,253.10'),
    ],
  ),
  notification(
    {
      code: 'subscription-cancellation-refused',
      name: 'Subscription cancellation refused',
      entity: 'subscription',
      subject: 'Subscription {{ subscription.number }} could not be cancelled',
      body: `# The subscription could not be cancelled

${hello}

**{{ subscription.product }}** of {{ customer.name }} could not be cancelled:

> {{ reason }}

Nothing has changed.

${regards}`,
    },
    [
      ...subscriptionVariables,
      variable(
        'reason',
        'Why not, in plain words',
        'The time in which Microsoft accepts a cancellation is over.',
      ),
    ],
  ),
  notification(
    {
      code: 'subscription-renewal-notice',
      name: 'Subscription renewal notice',
      entity: 'subscription',
      subject:
        '{{ subscription.product }} {% if subscription.autoRenew == "on" %}renews{% else %}ends{% endif %} on {{ subscription.endsOn }}',
      body: `# {% if subscription.autoRenew == "on" %}A subscription will renew{% else %}A subscription will end{% endif %}

${hello}

the present term of **{{ subscription.product }}** for {{ customer.name }} ends on {{ subscription.endsOn }}.

{% if subscription.autoRenew == "on" %}
It renews by itself on the following day, at the price that is valid then{% if renewal.price %}; at today’s prices that would be {{ renewal.price }} without VAT{% endif %}. If it should end instead, switch off the automatic renewal in the shop before that day.
{% else %}
Its automatic renewal is switched off: after that day it can no longer be used. If it should go on, switch the automatic renewal on in the shop before.
{% endif %}

${facts}
${regards}`,
    },
    [
      ...subscriptionVariables,
      variable('renewal.price', 'Price of the next term at today’s prices; may be empty', '€7,875.00'),
    ],
  ),
  notification(
    {
      code: 'subscription-renewed',
      name: 'Subscription renewed',
      entity: 'subscription',
      subject: '{{ subscription.product }} has been renewed',
      body: `# The subscription has been renewed

${hello}

**{{ subscription.product }}** for {{ customer.name }} has begun a new term. Inside the first days it can still be cancelled in the shop.

${facts}
${regards}`,
    },
    subscriptionVariables,
  ),
  notification(
    {
      code: 'subscription-expired',
      name: 'Subscription expired',
      entity: 'subscription',
      subject: 'Subscription {{ subscription.number }} has ended',
      body: `# The subscription has ended

${hello}

the term of **{{ subscription.product }}** for {{ customer.name }} is over and was not renewed.

${facts}
${regards}`,
    },
    subscriptionVariables,
  ),
  notification(
    {
      code: 'subscription-dropped',
      name: 'Subscription not delivered',
      entity: 'subscription',
      subject: 'Subscription {{ subscription.number }} will not be delivered (order {{ order.number }})',
      body: `# One of your subscriptions will not be delivered

${hello}

**{{ subscription.product }}** for {{ customer.name }} (subscription {{ subscription.number }}, order {{ order.number }}) could not be delivered:

> {{ reason }}

{% if replacement.number %}
Order {{ replacement.number }} takes its place.
{% endif %}

You are not charged for it; the rest of your order is not affected. If you have questions, write to [{{ seller.email }}](mailto:{{ seller.email }}){% if seller.phone %} or call {{ seller.phone }}{% endif %}.

${regards}`,
    },
    [
      ...subscriptionVariables,
      variable('reason', 'Why not, as it was written for the customer', 'The product is no longer sold.'),
      variable('replacement.number', 'Number of the order that takes its place; may be empty', 'SO-100044'),
    ],
  ),
  notification(
    {
      code: 'subscription-failed',
      name: 'Subscription needs a hand',
      entity: 'subscription',
      subject: '{{ subscription.number }} of order {{ order.number }} needs a hand',
      body: `# A subscription needs a hand

**{{ subscription.product }}**, {{ subscription.quantity }} licences for {{ customer.name }} (subscription {{ subscription.number }}, order {{ order.number }}):

> {{ reason }}

Open the subscription in the back office to see what can be done.
`,
    },
    [
      ...subscriptionVariables,
      variable(
        'reason',
        'What went wrong, in plain words',
        'Microsoft no longer sells this plan to this customer.',
      ),
    ],
  ),
]
