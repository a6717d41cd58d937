// The records of the back office that have a page of their own, and the right that opens it. Whoever may open a record sees its
// notes and its history.

export const recordKinds = {
  account: 'see-accounts',
  order: 'see-orders',
  asset: 'see-assets',
  subscription: 'see-assets',
  invoice: 'see-invoices',
  product: 'manage-catalogue',
  'product-group': 'manage-catalogue',
  'price-list': 'manage-prices',
  'volume-discount': 'manage-prices',
  promotion: 'manage-prices',
  'conversion-rule': 'manage-prices',
  'price-sheet': 'manage-prices',
  instance: 'manage-setup',
  user: 'manage-users',
} as const

/** As the audit log calls it. */
export type RecordKind = keyof typeof recordKinds

/** Records that are named by a code, or are part of another: they have a history, no notes. */
export const otherKinds = {
  'price-list-rule': 'manage-prices',
  role: 'manage-users',
  notification: 'manage-setup',
} as const

export type HistoryKind = RecordKind | keyof typeof otherKinds

export type RecordRef = { readonly recordType: RecordKind; readonly recordId: string }

export const recordKindNames = Object.keys(recordKinds) as RecordKind[]

export function isRecordKind(text: string | undefined): text is RecordKind {
  return text !== undefined && Object.hasOwn(recordKinds, text)
}

/** The right that opens a record of this kind; undefined where it has no page. */
export function rightToSee(
  kind: string,
): (typeof recordKinds)[RecordKind] | (typeof otherKinds)[keyof typeof otherKinds] | undefined {
  if (isRecordKind(kind)) return recordKinds[kind]
  return Object.hasOwn(otherKinds, kind) ? otherKinds[kind as keyof typeof otherKinds] : undefined
}
