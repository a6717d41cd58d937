// Licences, newest first, for both kinds of actor.
import type { AccountId, AssetId, OrderId } from '#kernel/ids.ts'
import { type Currency, type Money, money } from '#kernel/money.ts'
import type { AssetState, Provisioning } from '#modules/assets'
import { type Actor, assertMay, scopeOf } from '#modules/users'
import { type Database, reading, type Sql, type Tx } from '#platform/db.ts'
import { holdsWords, page, pageSize, readCursor, searchWords } from '../accounts/search-text.ts'
import type { Party } from '../orders/list-orders.ts'
import { isOf, isOfAccount } from '../whose.ts'

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
  readonly failureReason: string | undefined
  readonly keyMask: string | undefined
  readonly tokenStatus: 'Activated' | 'Redeemed' | 'ReturnAccepted' | undefined
  readonly hasReturnRequest: boolean
}

/** `trouble`: failed or waiting for a key; `return-requested`: somebody has to decide. */
export const assetFilters = ['active', 'pending', 'trouble', 'return-requested', 'cancelled'] as const
export type AssetFilter = (typeof assetFilters)[number]

export type AssetSearch = {
  /** A licence's or an order's number, a SKU, words of the product or of the end customer. */
  readonly q?: string | undefined
  readonly filter?: AssetFilter | undefined
  readonly accountId?: AccountId | undefined
  readonly orderId?: OrderId | undefined
  readonly cursor?: string | undefined
  readonly limit?: number | undefined
}

type Row = Omit<
  AssetRow,
  'billingTo' | 'endCustomer' | 'price' | 'failureReason' | 'keyMask' | 'tokenStatus'
> & {
  currency: Currency
  priceMinor: bigint
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

export async function listAssets(
  db: Database | Tx,
  actor: Actor,
  search: AssetSearch = {},
): Promise<{ items: AssetRow[]; nextCursor: string | undefined }> {
  assertMay(actor, 'see-assets')
  const size = pageSize(search.limit)
  const after = readCursor(search.cursor)
  const rows = await reading(
    db,
    scopeOf(actor),
    (sql) =>
      sql.many<Row>`
      select asset.id, asset.number, asset.name, asset.sku, asset.order_id, sales_order.number as order_number, asset.currency,
        asset.price_minor, asset.purchased_at, asset.state, asset.provisioning, asset.is_awaiting_key, asset.failure_reason,
        asset.key_mask, asset.token_status, payer.id as billing_to_id, payer.number as billing_to_number, payer.name as billing_to_name,
        customer.id as end_customer_id, customer.number as end_customer_number, customer.name as end_customer_name,
        exists (select 1 from return_request where return_request.asset_id = asset.id and return_request.state in ('requested', 'sent'))
          as has_return_request
      from asset
      join sales_order on sales_order.id = asset.order_id
      join account payer on payer.id = asset.billing_to_id
      join account customer on customer.id = asset.end_customer_id
      where ${after ? sql.part`asset.id < ${after.id}::uuid` : sql.part`true`}
        and ${matching(sql, search)}
        and ${filtered(sql, search.filter)}
      order by asset.id desc limit ${size + 1}`,
  )
  const { items, nextCursor } = page(rows, size, () => '')
  return { items: items.map(assetRowOf), nextCursor }
}

function matching(sql: Sql, { q, accountId, orderId }: AssetSearch): unknown {
  const words = searchWords(q)
  const text = q?.trim().slice(0, 100) ?? ''
  const found =
    words.length === 0
      ? sql.part`true`
      : sql.part`(asset.number = upper(${text}) or asset.sku = upper(${text}) or upper(asset.key_mask) = upper(${text})
          or asset.order_id in (select id from sales_order where number = upper(${text}))
          or asset.product_id in (select id from product where product.search like ${`%${words.join(' ')}%`})
          or asset.end_customer_id in (select account.id from account where ${holdsWords(sql, words)}))`
  const parties = { payer: sql.part`asset.billing_to_id`, endCustomer: sql.part`asset.end_customer_id` }
  return sql.part`${found} and ${isOfAccount(sql, parties, accountId)}
    and ${isOf(sql, sql.part`asset.order_id`, orderId)}`
}

function filtered(sql: Sql, filter: AssetFilter | undefined): unknown {
  switch (filter) {
    case 'active':
      return sql.part`asset.state = 'active' and asset.provisioning = 'synchronized'`
    case 'pending':
      return sql.part`asset.state = 'active' and asset.provisioning = 'unsynchronised'`
    case 'trouble':
      return sql.part`(asset.provisioning = 'failed' or asset.is_awaiting_key) and asset.state = 'active'`
    case 'return-requested':
      return sql.part`asset.id in (select return_request.asset_id from return_request where return_request.state in ('requested', 'sent'))`
    case 'cancelled':
      return sql.part`asset.state = 'cancelled'`
    case undefined:
      return sql.part`true`
  }
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
    failureReason: row.failureReason ?? undefined,
    keyMask: row.keyMask ?? undefined,
    tokenStatus: row.tokenStatus ?? undefined,
    hasReturnRequest: row.hasReturnRequest,
  }
}
