// The notifications a new shop starts with. Operators change the stored copies; the variables are ours, because flows
// fill them.
import { type DefaultNotification, notification, variable } from './default-notification.ts'
import { customer, order, reseller, seller } from './default-variables.ts'
import { invoiceNotifications } from './invoice-templates.ts'
import { orderNotifications } from './order-templates.ts'
import { subscriptionNotifications } from './subscription-templates.ts'
import type { NotificationVariable } from './template.ts'

/** Nobody takes it for a key that works. */
export const SAMPLE_KEY = 'EXAMP-LEKEY-DOESN-OTACT-IVATE'

const licence = [
  variable('licence.number', 'Number of the asset', 'A-2026-000321'),
  variable('licence.product', 'Name of the product', 'Office LTSC Professional Plus 2024'),
]

export const licenceWithKey = [
  ...licence,
  variable('licence.key', 'The product key', SAMPLE_KEY),
  variable(
    'licence.activationLink',
    'Where the key is redeemed; may be empty',
    'https://setup.office.example/redeem?t=5f2c',
  ),
  variable(
    'licence.downloadLink',
    'Where the software is downloaded; may be empty',
    'https://download.example/office.iso',
  ),
  variable('licence.downloadExpires', 'Last day of the download link; may be empty', '24 December 2026'),
]

export const welcomeMicrosoftEsdCustomer = notification(
  {
    code: 'welcome-microsoft-esd-customer',
    name: 'Welcome Microsoft ESD customer',
    entity: 'asset',
    subject: 'Your licence is ready: {{ licence.product }}',
    body: `# Your licence is ready

Hello{% if customer.contactName %} {{ customer.contactName }}{% endif %},

thank you for your order. **{{ licence.product }}** for {{ customer.name }} can be activated right away. This is your product key:

\`\`\`
{{ licence.key }}
\`\`\`

{% if licence.activationLink %}
[[button: Activate your licence | {{ licence.activationLink }}]]
{% endif %}

{% if licence.downloadLink %}
You still need the software? [Download {{ licence.product }}]({{ licence.downloadLink }}){% if licence.downloadExpires %} (the link works until {{ licence.downloadExpires }}){% endif %}.
{% endif %}

| | |
|---|---|
| Order | {{ order.number }} |
| Licence | {{ licence.number }} |
{% if reseller.name %}| Sold by | {{ reseller.name }} |
{% endif %}
### If the key does not work

Please check that you install the product named above and that the key is typed as shown, with its dashes. If it is still refused, write to [{{ seller.email }}](mailto:{{ seller.email }}){% if seller.phone %} or call {{ seller.phone }}{% endif %} and tell us the licence number {{ licence.number }}. We will put it right.

Please keep this mail in a safe place: whoever has the key can use it.

Kind regards
{{ seller.name }}
`,
  },
  [...customer, reseller, ...seller, order, ...licenceWithKey],
)

export const passwordReset = notification(
  {
    code: 'password-reset',
    name: 'Password reset',
    entity: 'account',
    subject: 'Choose a new password',
    body: `# Choose a new password

Hello {{ user.name }},

somebody, hopefully you, asked for a new password. Choose it here:

[[button: Choose a new password | {{ resetLink }}]]

The link works once, until {{ expires }}. If you did not ask for it, nothing has changed and you can delete this mail.
`,
  },
  [
    variable('user.name', 'Who asked', 'Žofie Nováková'),
    variable('user.email', 'What they sign in with', 'zofie@kavarna.example'),
    variable('resetLink', 'Where the new password is chosen', 'https://shop.example/reset?t=9a1b'),
    variable('expires', 'Until when the link works', '24 November 2026, 15:30'),
  ],
)

export const invitation = notification(
  {
    code: 'invitation',
    name: 'Invitation',
    entity: 'account',
    subject: 'Your access to {{ seller.name }}',
    body: `# Welcome

Hello {{ user.name }},

{% if inviter.name %}{{ inviter.name }} invites you{% else %}you are invited{% endif %} to {{ seller.name }}{% if company.name %}, where you can act for {{ company.name }}{% endif %}. Choose your password first:

[[button: Choose a password | {{ resetLink }}]]

You sign in with {{ user.email }} then. The link works once, until {{ expires }}. Later, “Forgot your password?” on the sign-in page sends another.

If you do not know why you get this, you can delete it: nobody can sign in with your address before a password is chosen.
`,
  },
  [
    variable('user.name', 'Who is invited', 'Žofie Nováková'),
    variable('user.email', 'What they sign in with', 'zofie@kavarna.example'),
    variable(
      'inviter.name',
      'Who invites; empty where they asked for another link themselves',
      'Anna Schmidt',
    ),
    variable(
      'company.name',
      'The company they will act for; empty for our own people',
      'Kavárna Žižkov s.r.o.',
    ),
    variable('resetLink', 'Where the password is chosen', 'https://shop.example/reset?t=9a1b'),
    variable('expires', 'Until when the link works', '1 December 2026, 15:30'),
    ...seller,
  ],
)

const cancellation = [...customer, reseller, ...seller, order, ...licence]

export const licenceCancellationRequested = notification(
  {
    code: 'licence-cancellation-requested',
    name: 'Licence cancellation requested',
    entity: 'asset',
    subject: 'We received your request to cancel licence {{ licence.number }}',
    body: `# We received your request

Hello{% if customer.contactName %} {{ customer.contactName }}{% endif %},

you asked us to cancel **{{ licence.product }}** of {{ customer.name }} (licence {{ licence.number }}, order {{ order.number }}).

{% if request.comment %}
> {{ request.comment }}
{% endif %}

We will decide soon and write to you. Until then the licence stays as it is, and you can withdraw the request in the shop. Please do not activate the key in the meantime: a key that has been used cannot be returned.

Kind regards
{{ seller.name }}
`,
  },
  [
    ...cancellation,
    variable('request.comment', 'What the customer wrote; may be empty', 'Ordered twice by mistake.'),
  ],
)

export const licenceCancelled = notification(
  {
    code: 'licence-cancelled',
    name: 'Licence cancelled',
    entity: 'asset',
    subject: 'Licence {{ licence.number }} is cancelled',
    body: `# Your licence is cancelled

Hello{% if customer.contactName %} {{ customer.contactName }}{% endif %},

**{{ licence.product }}** of {{ customer.name }} (licence {{ licence.number }}, order {{ order.number }}) is cancelled. Its key can no longer be activated.

{% if creditInvoice.number %}
The full amount is credited with credit invoice {{ creditInvoice.number }}.
{% endif %}

Kind regards
{{ seller.name }}
`,
  },
  [
    ...cancellation,
    variable('creditInvoice.number', 'Number of the credit invoice; may be empty', 'C-2026-000017'),
  ],
)

export const licenceCancellationRefused = notification(
  {
    code: 'licence-cancellation-refused',
    name: 'Licence cancellation refused',
    entity: 'asset',
    subject: 'Licence {{ licence.number }} could not be cancelled',
    body: `# Your licence could not be cancelled

Hello{% if customer.contactName %} {{ customer.contactName }}{% endif %},

**{{ licence.product }}** of {{ customer.name }} (licence {{ licence.number }}, order {{ order.number }}) could not be cancelled:

> {{ reason }}

Nothing has changed, the licence stays yours. If you have questions, write to [{{ seller.email }}](mailto:{{ seller.email }}){% if seller.phone %} or call {{ seller.phone }}{% endif %}.

Kind regards
{{ seller.name }}
`,
  },
  [...cancellation, variable('reason', 'Why not, in plain words', 'The key has already been redeemed.')],
)

export const licenceGivenUp = notification(
  {
    code: 'licence-given-up',
    name: 'Licence not delivered',
    entity: 'asset',
    subject: 'Licence {{ licence.number }} will not be delivered (order {{ order.number }})',
    body: `# One of your licences will not be delivered

Hello{% if customer.contactName %} {{ customer.contactName }}{% endif %},

**{{ licence.product }}** for {{ customer.name }} (licence {{ licence.number }}, order {{ order.number }}) could not be delivered:

> {{ reason }}

{% if replacement.number %}
Order {{ replacement.number }} takes its place.
{% endif %}

You are not charged for it; the rest of your order is not affected. If you have questions, write to [{{ seller.email }}](mailto:{{ seller.email }}){% if seller.phone %} or call {{ seller.phone }}{% endif %}.

Kind regards
{{ seller.name }}
`,
  },
  [
    ...cancellation,
    variable('reason', 'Why not, as it was written for the customer', 'The product is no longer made.'),
    variable('replacement.number', 'Number of the order that takes its place; may be empty', 'SO-100044'),
  ],
)

export const provisioningFailed = notification(
  {
    code: 'provisioning-failed',
    name: 'Provisioning failed',
    entity: 'asset',
    subject: 'No key for licence {{ licence.number }} (order {{ order.number }})',
    body: `# A licence needs a hand

No key could be obtained for **{{ licence.product }}**, licence {{ licence.number }} of order {{ order.number }}:

> {{ reason }}

The customer has not been charged for it. Remove the cause and choose *Retry* on the asset.
`,
  },
  [
    order,
    ...licence,
    variable('reason', 'What went wrong, in plain words', 'Microsoft ESD has no more keys of this product.'),
  ],
)

export const keyPoolLow = notification(
  {
    code: 'key-pool-low',
    name: 'Key pool runs low',
    entity: 'asset',
    subject: 'Few keys are left: {{ pool.product }}',
    body: `# A key pool runs low

{% if pool.free == 0 %}There is **no key left** of **{{ pool.product }}** ({{ pool.sku }}). Licences that are bought now wait for one.{% elsif pool.free == 1 %}One key of **{{ pool.product }}** ({{ pool.sku }}) is left.{% else %}{{ pool.free }} keys of **{{ pool.product }}** ({{ pool.sku }}) are left.{% endif %}

Upload more under *Setup > Administration > Applications Setup*, in *Key pools*. Licences that wait are delivered by themselves then.
`,
  },
  [
    variable('pool.product', 'Product whose keys run low', 'Backup Desktop'),
    variable('pool.sku', 'Its SKU', 'BACKUP-1'),
    variable('pool.free', 'Keys that are left', '10'),
  ],
)

export const pricesNotCalculable = notification(
  {
    code: 'prices-not-calculable',
    name: 'Prices cannot be calculated',
    entity: 'account',
    subject: 'No price for {{ buyer.name }}',
    body: `# A basket cannot be ordered

**{{ buyer.name }}** ({{ buyer.number }}) has something in the basket that has no price:

> {{ reason }}

The basket is kept. Put a price sheet in force that has it or, where the sheet of the country does not carry the currency, enter a conversion rule; then it can be ordered.
`,
  },
  [
    variable('buyer.name', 'Company that wants to order', 'Brightside IT GmbH'),
    variable('buyer.number', 'Its number', 'A-100002'),
    variable(
      'reason',
      'Which price is missing, in plain words',
      'There is no price of Server Standard in VES for VE, the country of Librería Ávila.',
    ),
  ],
)

export const invoiceWaits = notification(
  {
    code: 'invoice-waits',
    name: 'Invoice waits for a rate',
    entity: 'account',
    subject: 'No rate to invoice {{ buyer.name }}',
    body: `# An invoice waits

What order {{ order.number }} delivered to **{{ buyer.name }}** ({{ buyer.number }}) cannot be invoiced yet:

> {{ reason }}

Enter the rate in *Setup > Tools > Conversion tool*, or take the transaction currency off the account. The invoice is issued by itself then, within the hour.
`,
  },
  [
    variable('buyer.name', 'Company that is invoiced', 'Brightside IT GmbH'),
    variable('buyer.number', 'Its number', 'A-100002'),
    variable('order.number', 'Number of the first order that waits', 'SO-100044'),
    variable('reason', 'Which rate is missing', 'There is no rate of VES against EUR today.'),
  ],
)

export const defaultNotifications: readonly DefaultNotification[] = [
  welcomeMicrosoftEsdCustomer,
  passwordReset,
  invitation,
  licenceCancellationRequested,
  licenceCancelled,
  licenceCancellationRefused,
  licenceGivenUp,
  provisioningFailed,
  keyPoolLow,
  pricesNotCalculable,
  invoiceWaits,
  ...orderNotifications,
  ...subscriptionNotifications,
  ...invoiceNotifications,
]
