// Rights, and roles as named sets of them. Roles of accounts are those of product.md section 5. Roles of the seller's people are
// records an administrator changes; those every installation begins with are here as well (migrations/0033).

export type Right =
  // of a reseller or customer
  | 'buy'
  | 'see-orders'
  | 'see-assets'
  | 'reveal-keys'
  | 'manage-assets' // resend, request a cancellation
  | 'see-invoices'
  | 'manage-customers'
  | 'manage-users' // of the seller: its own people, roles, and everybody's API keys
  // of the seller
  | 'see-accounts'
  | 'manage-accounts'
  | 'change-terms' // credit limit, days to pay, price list
  | 'manage-account-users'
  | 'order-on-behalf'
  | 'execute-orders'
  | 'decide-cancellations'
  | 'see-costs'
  | 'manage-catalogue'
  | 'manage-prices' // price sheets, price lists, rates, discounts, promotions
  | 'approve-below-cost'
  | 'approve-over-credit'
  | 'record-payments'
  | 'manage-setup'
  | 'see-jobs'
  | 'manage-jobs'
  | 'see-audit'

export const portalRoles = {
  admin: [
    'buy',
    'see-orders',
    'see-assets',
    'reveal-keys',
    'manage-assets',
    'see-invoices',
    'manage-customers',
    'manage-users',
  ],
  buyer: ['buy', 'see-orders', 'see-assets', 'reveal-keys', 'manage-customers'],
  'billing-agent': ['see-orders', 'see-assets', 'see-invoices'],
  'subscriptions-manager': ['see-orders', 'see-assets', 'reveal-keys', 'manage-assets'],
} as const satisfies Record<string, readonly Right[]>

/** What a new database has. A right that is added later reaches these roles by a migration; a test compares the two. */
export const firstStaffRoles = {
  administrator: [
    'see-accounts',
    'manage-accounts',
    'change-terms',
    'manage-account-users',
    'order-on-behalf',
    'execute-orders',
    'decide-cancellations',
    'see-costs',
    'manage-catalogue',
    'manage-prices',
    'approve-below-cost',
    'approve-over-credit',
    'record-payments',
    'manage-setup',
    'see-jobs',
    'manage-jobs',
    'see-audit',
    'see-orders',
    'see-assets',
    'reveal-keys',
    'manage-assets',
    'see-invoices',
    'manage-users',
  ],
  'account-manager': [
    'see-accounts',
    'manage-accounts',
    'manage-account-users',
    'order-on-behalf',
    'execute-orders',
    'decide-cancellations',
    'see-costs',
    'see-jobs',
    'see-orders',
    'see-assets',
    'reveal-keys',
    'manage-assets',
    'see-invoices',
    'record-payments',
  ],
  support: ['see-accounts', 'see-orders', 'see-assets', 'see-invoices', 'see-jobs'],
} as const satisfies Record<string, readonly Right[]>

/** The code of a role: of an account one of `portalRoles`, of the seller that of a record. */
export type Role = string

/** A right of the seller's people: every right there is for them is an administrator's at first. */
export type StaffRight = (typeof firstStaffRoles)['administrator'][number]

type RightWords = { readonly group: string; readonly label: string; readonly about: string }

/** In the order they are shown, and in words for whoever gives them. */
export const staffRights: Readonly<Record<StaffRight, RightWords>> = {
  'see-accounts': {
    group: 'Accounts',
    label: 'See accounts',
    about: 'Resellers and customers with their contacts, people and terms.',
  },
  'manage-accounts': {
    group: 'Accounts',
    label: 'Change accounts',
    about: 'Create, change and block accounts, and synchronize them with vendors.',
  },
  'change-terms': {
    group: 'Accounts',
    label: 'Change terms',
    about: 'Credit limit, days to pay and price list of accounts: how much they may owe, and what they pay.',
  },
  'manage-account-users': {
    group: 'Accounts',
    label: 'Manage people of accounts',
    about: 'Invite people of resellers and customers, set their roles, block them, mail them password links.',
  },
  'see-orders': { group: 'Sales', label: 'See orders', about: 'Orders and how far they are.' },
  'order-on-behalf': {
    group: 'Sales',
    label: 'Order on behalf',
    about: 'Write orders for customers. Nothing is bought until somebody executes them.',
  },
  'execute-orders': {
    group: 'Sales',
    label: 'Execute orders',
    about: 'Set orders in motion: vendors are asked, customers are charged.',
  },
  'see-costs': { group: 'Sales', label: 'See costs', about: 'What we pay vendors, and the margin.' },
  'approve-below-cost': {
    group: 'Sales',
    label: 'Approve below cost',
    about: 'Let a price be below its cost, with a reason.',
  },
  'see-assets': {
    group: 'Licences and subscriptions',
    label: 'See licences and subscriptions',
    about: 'What customers have, keys masked.',
  },
  'reveal-keys': {
    group: 'Licences and subscriptions',
    label: 'Reveal keys',
    about: 'See a licence key in full. Each time is written down.',
  },
  'manage-assets': {
    group: 'Licences and subscriptions',
    label: 'Look after licences',
    about: 'Send keys again, retry what failed, switch renewals.',
  },
  'decide-cancellations': {
    group: 'Licences and subscriptions',
    label: 'Decide cancellations',
    about: 'Cancel, and answer what customers ask to give back. Credits follow.',
  },
  'see-invoices': {
    group: 'Billing',
    label: 'See invoices',
    about: 'Invoices and credit invoices of every account.',
  },
  'record-payments': {
    group: 'Billing',
    label: 'Record payments',
    about: 'Write down what was paid, and take back what was a mistake.',
  },
  'approve-over-credit': {
    group: 'Billing',
    label: 'Approve over the credit limit',
    about: 'Let an order go ahead although its account owes too much, with a reason.',
  },
  'manage-catalogue': {
    group: 'Catalogue and prices',
    label: 'Change the catalogue',
    about: 'Products, texts and pictures, publishing, catalogue prices, key pools.',
  },
  'manage-prices': {
    group: 'Catalogue and prices',
    label: 'Change prices',
    about: 'Price sheets, price lists, rates, volume discounts, promotions.',
  },
  'manage-setup': {
    group: 'Setup',
    label: 'Change the setup',
    about: 'Connectors and their credentials, notifications, taxes, number series, webhooks.',
  },
  'manage-users': {
    group: 'Setup',
    label: 'Manage our people',
    about: 'Invite and block our own people, what roles allow, and the API keys of everybody.',
  },
  'see-audit': {
    group: 'Setup',
    label: 'See the audit log',
    about:
      'All of it: who changed what, from what to what. The history of a record is for whoever sees the record.',
  },
  'see-jobs': {
    group: 'Setup',
    label: 'See jobs and mails',
    about: 'What runs behind the pages, and every e-mail sent.',
  },
  'manage-jobs': {
    group: 'Setup',
    label: 'Run jobs again',
    about: 'Retry and cancel jobs, send mails again.',
  },
}

/** What one of the seller's people has to be able to do to give a right of an account's role: the same, as their work calls it. */
const asOfSeller: Readonly<Record<(typeof portalRoles)['admin'][number], readonly StaffRight[]>> = {
  buy: ['order-on-behalf', 'execute-orders'],
  'see-orders': ['see-orders'],
  'see-assets': ['see-assets'],
  'reveal-keys': ['reveal-keys'],
  'manage-assets': ['manage-assets'],
  'see-invoices': ['see-invoices'],
  'manage-customers': ['manage-accounts'],
  'manage-users': ['manage-account-users'],
}

/** What roles of accounts allow, in rights of the seller's people. */
export function staffRightsOf(codes: readonly Role[]): StaffRight[] {
  const rights = codes.flatMap((code) => (portalRoles as Record<string, readonly Right[]>)[code] ?? [])
  return [...new Set(rights.flatMap((right) => asOfSeller[right as keyof typeof asOfSeller] ?? []))]
}

const fixed: Readonly<Record<string, readonly Right[]>> = { ...portalRoles, ...firstStaffRoles }

/** Of the roles of accounts, and of the seller's as they are at first; what those became, only their records know. */
export function rightsOf(roles: readonly Role[]): ReadonlySet<Right> {
  return new Set(roles.flatMap((role) => fixed[role] ?? []))
}

/** Rights by their names; names that mean nothing (any more) are left out. */
export function rightsNamed(names: readonly string[]): Right[] {
  const known = new Set<string>(Object.values(fixed).flat())
  return [...new Set(names)].filter((name): name is Right => known.has(name))
}

export function isStaffRight(name: string): name is StaffRight {
  return Object.hasOwn(staffRights, name)
}
