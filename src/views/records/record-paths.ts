// Where the page of a record is, and what its kind is called on screens.
import type { RecordKind } from '#modules/records'

const places: Readonly<Record<RecordKind, string>> = {
  account: '/accounts',
  order: '/orders',
  asset: '/assets',
  subscription: '/subscriptions',
  invoice: '/invoices',
  product: '/products',
  'product-group': '/product-groups',
  'price-list': '/setup/price-lists',
  'volume-discount': '/setup/volume-discounts',
  promotion: '/setup/promotions',
  'conversion-rule': '/setup/conversion',
  'price-sheet': '/setup/price-sheets',
  instance: '/setup/applications',
  user: '/users',
}

export function recordPath({ recordType, recordId }: { recordType: RecordKind; recordId: string }): string {
  return `${places[recordType]}/${recordId}`
}
