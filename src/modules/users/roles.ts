// Roles are named sets of rights. Portal roles are those of product.md section 5, staff roles those of the back office.

export type Right =
  // of a reseller or customer
  | 'buy'
  | 'see-orders'
  | 'see-assets'
  | 'reveal-keys'
  | 'manage-assets' // resend, request a cancellation
  | 'see-invoices'
  | 'manage-customers'
  | 'manage-users'
  // of the seller
  | 'see-accounts'
  | 'manage-accounts'
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

export const staffRoles = {
  administrator: [
    'see-accounts',
    'manage-accounts',
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

export type PortalRole = keyof typeof portalRoles
export type StaffRole = keyof typeof staffRoles
export type Role = PortalRole | StaffRole

const all: Readonly<Record<string, readonly Right[]>> = { ...portalRoles, ...staffRoles }

export function rightsOf(roles: readonly Role[]): ReadonlySet<Right> {
  return new Set(roles.flatMap((role) => all[role] ?? []))
}

export function isRole(name: string): name is Role {
  return name in all
}
