// What the audit log says, in words: what was done, to what, and field by field what it was before and after. How a value is written is
// for whoever shows it.
import { isCurrency } from '#kernel/money.ts'
import type { Facts } from '#modules/audit'
import type { HistoryKind } from '#modules/records'

/** Where noun and verb do not say it well by themselves. */
const actions: Readonly<Record<string, string>> = {
  'account/block-reason-changed': 'Reason of the block changed',
  'account/price-list-given': 'Price list chosen',
  'account/sync-options-changed': 'Sync Options changed',
  'account/synchronize': 'Synchronization begun',
  'sync-options/given': 'Service details given',
  'api-key/created': 'API key created',
  'api-key/revoked': 'API key revoked',
  'asset/cancellation-requested': 'Cancellation requested',
  'asset/cancellation-sent': 'Cancellation sent to the vendor',
  'asset/cancellation-withdrawn': 'Cancellation request withdrawn',
  'asset/cancellation-declined': 'Cancellation request declined',
  'asset/key-resent': 'Key sent again',
  'asset/key-revealed': 'Key revealed',
  'asset/retried': 'Tried again',
  'catalogue/applied': 'Catalogue read',
  'catalogue/started': 'Reading of the catalogue begun',
  'instance/certificate-uploaded': 'Certificate uploaded',
  'invoice/payment-recorded': 'Payment recorded',
  'invoice/payment-withdrawn': 'Payment withdrawn',
  'key-pool/uploaded': 'Keys uploaded to the pool',
  'list/exported': 'List exported',
  'mail/queued-again': 'E-mail queued again',
  'mail/sent-again': 'E-mail sent again as a copy',
  'notification/created': 'Notification created',
  'notification/deleted': 'Notification deleted',
  'notification/text-saved': 'Words in another language saved',
  'notification/text-removed': 'Words in another language removed',
  'notification/test-mail': 'Test mail sent',
  'notification/existing-mailed': 'Activated for what matched already: it is being mailed',
  'order/below-cost-approved': 'Price below cost approved',
  'order/over-credit-approved': 'Approved over the credit limit',
  'order/drafted': 'Saved as draft',
  'order/edited': 'Draft edited',
  'order/reopened': 'Back to draft',
  'order/repriced': 'Priced anew',
  'order/split': 'Split: some items executed as an order of their own',
  'price-sheet/fetch-requested': 'Fetching from the vendor begun',
  'price-sheet/tried-out': 'Tried out',
  'product/picture-changed': 'Picture changed',
  'product/prices-set': 'Prices changed',
  'product/text-saved': 'Words in another language saved',
  'product/text-removed': 'Words in another language removed',
  'product-group/picture-changed': 'Picture changed',
  'product-group/plans-changed': 'Plans changed',
  'product-group/text-saved': 'Words in another language saved',
  'product-group/text-removed': 'Words in another language removed',
  'subscription/auto-renew': 'Automatic renewal switched',
  'subscription/cancellation-sent': 'Cancellation sent to the vendor',
  'subscription/renewal-approved': 'Renewal below cost approved',
  'user/password-changed': 'Password changed',
  'user/invitation-mailed': 'Invitation sent',
  'user/invitation-withdrawn': 'Invitation withdrawn',
  'user/password-link-mailed': 'Link to choose a password sent',
  'user/password-reset': 'Password chosen anew',
  'webhook/secret-rolled': 'Secret rolled',
  'webhook/sent-again': 'Failed deliveries sent again',
  'user/sessions-ended': 'Signed out everywhere',
}

export function actionWords(action: string): string {
  return actions[action] ?? capital(action.split('/').join(' ').replaceAll('-', ' '))
}

/** Field names whose words are not their letters. */
const fields: Readonly<Record<string, string>> = {
  accountId: 'Account',
  addressLine1: 'Address',
  addressLine2: 'Address, second line',
  apiKey: 'API key',
  autoRenew: 'Renews by itself',
  bcc: 'BCC',
  cc: 'CC',
  copyKeyMailsTo: 'Copies of key mails',
  creditLimitMinor: 'Credit limit',
  executesByItself: 'Executed by itself',
  fullRefundHours: 'Full refund, hours',
  hasPicture: 'Has a picture',
  inForce: 'In force',
  isForInvoicesOnly: 'For invoices only',
  instanceId: 'Application',
  isActive: 'Active',
  onlyNew: 'Only new records',
  isDefault: 'Default',
  isFeatured: 'Featured',
  isPublished: 'Published',
  isWithheld: 'Withheld',
  keyDeliveryEmail: 'Key-delivery e-mail',
  lastLoginAt: 'Last sign-in',
  overridesSheet: 'Goes before the sheet',
  parentId: 'Reseller',
  paymentDays: 'Days to pay',
  planId: 'Plan',
  planIds: 'Plans',
  priceListId: 'Price list',
  productId: 'Product',
  restartsYearly: 'Begins anew every year',
  returnWindowDays: 'Return window, days',
  runId: 'Run',
  sku: 'SKU',
  splitFrom: 'Split from order',
  subOrder: 'Sub-order',
  syncOptions: 'Sync Options',
  to: 'To',
  userId: 'Person',
  validFrom: 'From',
  validTo: 'Until',
  vatNumber: 'VAT number',
  windowHours: 'Window, hours',
}

/** `Field` or, of what is inside a field, `Field, part`. */
export function fieldWords(path: string): string {
  const words = path.split('.').map((name) => fields[name] ?? spelt(name))
  return capital([words[0], ...words.slice(1).map(small)].filter(Boolean).join(', '))
}

function spelt(name: string): string {
  const words = name
    .replace(/Minor$|BasisPoints$|At$/, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll('-', ' ')
    .toLowerCase()
  return capital(
    words
      .replace(/\bemail\b/g, 'e-mail')
      .replace(/\b(vat|sku|url|esd|id|pdf)\b/g, (word) => word.toUpperCase()),
  )
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
const small = (text: string) =>
  /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text

export const kindWords: Readonly<Record<HistoryKind, string>> = {
  account: 'Account',
  order: 'Order',
  asset: 'Licence',
  subscription: 'Subscription',
  invoice: 'Invoice',
  product: 'Product',
  'product-group': 'Product group',
  'price-list': 'Price list',
  'price-list-rule': 'Rule of a price list',
  'volume-discount': 'Volume discount',
  promotion: 'Promotion',
  'conversion-rule': 'Conversion rule',
  'price-sheet': 'Price sheet',
  instance: 'Application',
  user: 'User',
  role: 'Role',
  notification: 'Notification',
}

/** Kinds of which the audit log tells besides. */
const otherWords: Readonly<Record<string, string>> = {
  plan: 'Plan',
  job: 'Job',
  mail: 'E-mail',
  list: 'Export of a list',
  'account-import': 'Import of accounts',
  'api-key': 'API key',
  'bulk-action': 'Bulk action',
  'billing-run': 'Billing run',
  webhook: 'Webhook',
  'tax-rate': 'Tax rate',
  'number-series': 'Number series',
  'product-type': 'Product type',
  'legal-entity': 'Company',
}

export const auditKinds: Readonly<Record<string, string>> = { ...kindWords, ...otherWords }

export type FieldChange = { readonly path: string; readonly before: unknown; readonly after: unknown }

/** Of the record itself, not of what somebody changed. */
const beside = new Set(['id', 'version', 'createdAt', 'updatedAt', 'updatedBy'])

/** Field by field; what stayed the same is left out, and of lists what is on both sides. */
export function changesOf(before: Facts | undefined, after: Facts | undefined): FieldChange[] {
  const [was, is] = [flat(before ?? {}), flat(after ?? {})]
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((path) => {
    if (beside.has(path)) return []
    const [one, other] = differing(was.get(path), is.get(path))
    return JSON.stringify(one) === JSON.stringify(other) ? [] : [{ path, before: one, after: other }]
  })
}

/** The changes as one text for a file, values as they are kept. */
export function changesText(before: Facts | undefined, after: Facts | undefined): string {
  return changesOf(before, after)
    .map((change) => `${fieldWords(change.path)}: ${[change.before, change.after].map(plain).join(' → ')}`)
    .join('; ')
}

function plain(value: unknown): string {
  if (value === undefined || value === null || value === '') return '–'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** Objects by their fields (`scope.kind`); amounts stay whole. */
function flat(facts: Facts, prefix = ''): Map<string, unknown> {
  return new Map(
    Object.entries(facts).flatMap(([name, value]): [string, unknown][] =>
      isFacts(value) && !isAmount(value)
        ? [...flat(value, `${prefix}${name}.`)]
        : [[`${prefix}${name}`, value]],
    ),
  )
}

function differing(before: unknown, after: unknown): [unknown, unknown] {
  if (!Array.isArray(before) || !Array.isArray(after)) return [before, after]
  const without = (one: readonly unknown[], other: readonly unknown[]) => {
    const there = new Set(other.map((each) => JSON.stringify(each)))
    return one.filter((each) => !there.has(JSON.stringify(each)))
  }
  const [gone, come] = [without(before, after), without(after, before)]
  // The same in another order.
  return gone.length + come.length === 0 ? [before, after] : [gone, come]
}

export const isFacts = (value: unknown): value is Facts =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export type Amount = { currency: string; amount?: unknown; amountMinor?: unknown; micros?: unknown }

export const isAmount = (value: Facts): value is Facts & Amount =>
  typeof value['currency'] === 'string' &&
  isCurrency(value['currency']) &&
  Object.keys(value).length === 2 &&
  ('amount' in value || 'amountMinor' in value || 'micros' in value)
