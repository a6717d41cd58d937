// The list of licences, for both kinds of actor.
import type { AccountId, AssetId, OrderId } from '#kernel/ids.ts'
import { type Currency, type Money, money } from '#kernel/money.ts'
import type { AssetState, Provisioning } from '#modules/assets'
import type { Actor } from '#modules/users'
import type { Database, Sql, Tx } from '#platform/db.ts'
import { pageSize } from '../accounts/search-text.ts'
import { askFor } from '../lists/ask.ts'
import { bothWays, endsWith, startsWith, withinDays } from '../lists/conditions.ts'
import { isOneOf, isProduct } from '../lists/found.ts'
import { list } from '../lists/list.ts'
import { readList } from '../lists/read-list.ts'
import type { Party } from '../orders/list-orders.ts'
import { readableFailure } from '../readable.ts'
import { isOfAccount } from '../whose.ts'

export type AssetRow = {
  readonly id: AssetId
  readonly number: string
  readonly name: string
  readonly sku: string
  readonly orderId: OrderId
  readonly orderNumber: string
  readonly billingTo: Party
  readonly endCustomer: Party
  /** Net, what was charged for it. */
  readonly price: Money
  readonly purchasedAt: Temporal.Instant
  readonly state: AssetState
  readonly provisioning: Provisioning
  readonly isAwaitingKey: boolean
  readonly failureCode: string | undefined
  readonly failureReason: string | undefined
  readonly keyMask: string | undefined
  readonly tokenStatus: 'Activated' | 'Redeemed' | 'ReturnAccepted' | undefined
  readonly hasReturnRequest: boolean
}

/** `trouble`: failed or waiting for a key; `return-requested`: somebody has to decide, as the dashboard counts. */
export const assetFilters = ['active', 'pending', 'trouble', 'return-requested', 'cancelled'] as const
export type AssetFilter = (typeof assetFilters)[number]

export const assetSorts = bothWays('bought', 'product', 'customer', 'price')

export const assetList = list<AssetRow>({
  name: 'assets',
  path: '/assets',
  title: 'Licences',
  columns: {
    number: { label: 'Licence', kind: 'text', value: (row) => row.number, to: (row) => `/assets/${row.id}` },
    product: { label: 'Product', kind: 'text', value: (row) => row.name, sort: 'product' },
    sku: { label: 'SKU', kind: 'text', value: (row) => row.sku, isExtra: true },
    customer: {
      label: 'Customer',
      kind: 'text',
      value: (row) => row.endCustomer.name,
      to: (row) => `/accounts/${row.endCustomer.id}`,
      sort: 'customer',
    },
    payer: {
      label: 'Billing to',
      kind: 'text',
      value: (row) => row.billingTo.name,
      to: (row) => `/accounts/${row.billingTo.id}`,
      isExtra: true,
    },
    order: {
      label: 'Order',
      kind: 'text',
      value: (row) => row.orderNumber,
      to: (row) => `/orders/${row.orderId}`,
    },
    state: { label: 'Status', kind: 'state', value: (row) => row.state },
    provisioning: {
      label: 'Provisioning',
      kind: 'state',
      value: (row) => (row.isAwaitingKey ? 'awaiting key' : row.provisioning),
      note: (row) => row.failureReason,
    },
    // As it is searched for: the whole mask would take the room of the names.
    key: { label: 'Key', kind: 'code', value: (row) => row.keyMask && `…${row.keyMask.slice(-5)}` },
    token: { label: 'Token status', kind: 'text', value: (row) => row.tokenStatus, isExtra: true },
    price: { label: 'Price', kind: 'money', value: (row) => row.price, sort: 'price' },
    bought: { label: 'Bought', kind: 'moment', value: (row) => row.purchasedAt, sort: 'bought' },
  },
  sorts: {
    bought: { keys: (sql) => [['timestamptz', sql.part`asset.purchased_at`]] },
    product: { keys: (sql) => [['text', sql.part`asset.name`]] },
    customer: {
      keys: (sql) => [['text', sql.part`customer.name collate "und-x-icu"`]],
      join: (sql) => sql.part`join account customer on customer.id = asset.end_customer_id`,
    },
    price: {
      keys: (sql) => [
        ['text', sql.part`asset.currency`],
        ['bigint', sql.part`asset.price_minor`],
      ],
    },
  },
  defaultSort: '-bought',
  filters: {
    filter: {
      kind: 'choice',
      label: 'How they stand',
      isMain: true,
      choices: [
        { value: 'active', label: 'Active' },
        { value: 'pending', label: 'Being delivered' },
        { value: 'trouble', label: 'In trouble' },
        { value: 'return-requested', label: 'Cancellation requested' },
        { value: 'cancelled', label: 'Cancelled' },
      ] satisfies { value: AssetFilter; label: string }[],
      where: (sql, value) => standing(sql, value as AssetFilter),
    },
    bought: {
      kind: 'days',
      sort: 'bought',
      label: 'Bought',
      where: (sql, from, to) => withinDays(sql, sql.part`asset.purchased_at`, from, to),
    },
    account: {
      kind: 'record',
      label: 'Account',
      searches: 'accounts',
      where: (sql, id) =>
        isOfAccount(
          sql,
          { payer: sql.part`asset.billing_to_id`, endCustomer: sql.part`asset.end_customer_id` },
          id,
        ),
    },
    order: { kind: 'record', label: 'One order', where: (sql, id) => sql.part`asset.order_id = ${id}` },
    product: { kind: 'record', label: 'One product', where: (sql, id) => sql.part`asset.product_id = ${id}` },
  },
  searchesShort: 'numbers and SKUs that begin with them, and a company of exactly that name',
  searches: 'Number, customer, product or end of a key',
  right: 'see-assets',
  table: (sql) => sql.part`asset`,
  id: (sql) => sql.part`asset.id`,
  looksUp: ['accounts', 'products'],
  search: (sql, { text }, { accounts, products }) => sql.part`
    ${startsWith(sql, sql.part`asset.number`, text.toUpperCase())}
    or ${startsWith(sql, sql.part`asset.sku`, text.toUpperCase())}
    or ${endsWith(sql, sql.part`asset.key_mask`, text.toUpperCase())}
    or asset.order_id = (select sales_order.id from sales_order where sales_order.number = ${text.toUpperCase()})
    or ${isProduct(sql, sql.part`asset.product_id`, products)}
    or ${isOneOf(sql, sql.part`asset.end_customer_id`, accounts)}
    or ${isOneOf(sql, sql.part`asset.billing_to_id`, accounts)}`,
  read: async (sql, ids) => (await readRows(sql, ids)).map(assetRowOf),
  readableBy: readableFailure,
})

export type AssetSearch = {
  /** The start of a licence's number or SKU, an order's number, the end of a key, words of the product or of a company. */
  readonly q?: string | undefined
  readonly filter?: AssetFilter | undefined
  readonly accountId?: AccountId | undefined
  readonly orderId?: OrderId | undefined
  readonly sort?: (typeof assetSorts)[number] | undefined
  readonly cursor?: string | undefined
  readonly limit?: number | undefined
}

export async function listAssets(
  db: Database | Sql,
  actor: Actor,
  { q, filter, accountId, orderId, sort, cursor, limit }: AssetSearch = {},
): Promise<{ items: AssetRow[]; nextCursor: string | undefined }> {
  const filters = { filter, account: accountId, order: orderId }
  const ask = askFor(assetList, { q, filters, sort, cursor, limit: pageSize(limit) })
  const { items, next } = await readList(db, actor, assetList, ask)
  return { items, nextCursor: next }
}

function standing(sql: Sql, filter: AssetFilter): unknown {
  switch (filter) {
    case 'active':
      return sql.part`asset.state = 'active' and asset.provisioning = 'synchronized'`
    case 'pending':
      return sql.part`asset.state = 'active' and asset.provisioning = 'unsynchronised'`
    case 'trouble':
      return sql.part`(asset.provisioning = 'failed' or asset.is_awaiting_key) and asset.state = 'active'`
    case 'return-requested':
      return sql.part`asset.id in (select return_request.asset_id from return_request where return_request.state = 'requested')`
    case 'cancelled':
      return sql.part`asset.state = 'cancelled'`
  }
}

type Row = Omit<
  AssetRow,
  'billingTo' | 'endCustomer' | 'price' | 'failureCode' | 'failureReason' | 'keyMask' | 'tokenStatus'
> & {
  currency: Currency
  priceMinor: bigint
  failureCode: string | null
  failureReason: string | null
  keyMask: string | null
  tokenStatus: AssetRow['tokenStatus'] | null
  billingToId: AccountId
  billingToNumber: string
  billingToName: string
  endCustomerId: AccountId
  endCustomerNumber: string
  endCustomerName: string
}

function readRows(sql: Sql, ids: readonly string[]): Promise<Row[]> {
  return sql.many<Row>`
    select asset.id, asset.number, asset.name, asset.sku, asset.order_id, sales_order.number as order_number, asset.currency,
      asset.price_minor, asset.purchased_at, asset.state, asset.provisioning, asset.is_awaiting_key, asset.failure_code,
      asset.failure_reason, asset.key_mask, asset.token_status, payer.id as billing_to_id, payer.number as billing_to_number, payer.name as billing_to_name,
      customer.id as end_customer_id, customer.number as end_customer_number, customer.name as end_customer_name,
      exists (select 1 from return_request where return_request.asset_id = asset.id and return_request.state in ('requested', 'sent'))
        as has_return_request
    from asset
    join sales_order on sales_order.id = asset.order_id
    join account payer on payer.id = asset.billing_to_id
    join account customer on customer.id = asset.end_customer_id
    where asset.id = any (${ids}::uuid[])`
}

function assetRowOf(row: Row): AssetRow {
  return {
    id: row.id,
    number: row.number,
    name: row.name,
    sku: row.sku,
    orderId: row.orderId,
    orderNumber: row.orderNumber,
    billingTo: { id: row.billingToId, number: row.billingToNumber, name: row.billingToName },
    endCustomer: { id: row.endCustomerId, number: row.endCustomerNumber, name: row.endCustomerName },
    price: money(row.priceMinor, row.currency),
    purchasedAt: row.purchasedAt,
    state: row.state,
    provisioning: row.provisioning,
    isAwaitingKey: row.isAwaitingKey,
    failureCode: row.failureCode ?? undefined,
    failureReason: row.failureReason ?? undefined,
    keyMask: row.keyMask ?? undefined,
    tokenStatus: row.tokenStatus ?? undefined,
    hasReturnRequest: row.hasReturnRequest,
  }
}
