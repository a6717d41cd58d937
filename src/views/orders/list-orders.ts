// Orders, newest first, for both kinds of actor: the seller's people see all, a portal what it pays for.
import type { AccountId, BasketId, OrderId } from '#kernel/ids.ts'
import { type Currency, type Money, money } from '#kernel/money.ts'
import {
  type Channel,
  type DeliveryCounts,
  type OrderState,
  type Progress,
  progressOf,
} from '#modules/orders'
import { type Actor, assertMay, scopeOf } from '#modules/users'
import { type Database, reading, type Sql, type Tx } from '#platform/db.ts'
import { holdsWords, page, pageSize, readCursor, searchWords } from '../accounts/search-text.ts'
import { isOf, isOfAccount } from '../whose.ts'

export type Party = { readonly id: AccountId; readonly number: string; readonly name: string }

export type OrderRow = {
  readonly id: OrderId
  readonly number: string
  readonly state: OrderState
  readonly channel: Channel
  readonly reference: string
  readonly billingTo: Party
  readonly endCustomer: Party
  readonly net: Money
  readonly total: Money
  readonly heldBecause: string | undefined
  readonly createdAt: Temporal.Instant
  readonly itemCount: number
  readonly licences: DeliveryCounts
  readonly subscriptions: DeliveryCounts
  readonly progress: Progress
}

/** `waiting`: submitted and not executed; `open`: being delivered; `trouble`: a licence or a subscription failed. */
export const orderFilters = ['waiting', 'open', 'trouble', 'cancelled'] as const
export type OrderFilter = (typeof orderFilters)[number]

export type OrderSearch = {
  /** A number, a reference, or words of the end customer's name. */
  readonly q?: string | undefined
  readonly filter?: OrderFilter | undefined
  /** Orders an account pays for or is the end customer of. */
  readonly accountId?: AccountId | undefined
  /** What one basket became. */
  readonly basketId?: BasketId | undefined
  readonly cursor?: string | undefined
  readonly limit?: number | undefined
}

type Row = {
  id: OrderId
  number: string
  state: OrderState
  channel: Channel
  reference: string
  currency: Currency
  netMinor: bigint
  totalMinor: bigint
  heldBecause: string | null
  createdAt: Temporal.Instant
  billingToId: AccountId
  billingToNumber: string
  billingToName: string
  endCustomerId: AccountId
  endCustomerNumber: string
  endCustomerName: string
  itemCount: number
  licences: DeliveryCounts
  subscriptions: DeliveryCounts
}

export async function listOrders(
  db: Database | Tx,
  actor: Actor,
  search: OrderSearch = {},
): Promise<{ items: OrderRow[]; nextCursor: string | undefined }> {
  assertMay(actor, 'see-orders')
  const size = pageSize(search.limit)
  const after = readCursor(search.cursor)
  const rows = await reading(
    db,
    scopeOf(actor),
    (sql) =>
      sql.many<Row>`
      select placed.*, items.item_count, licences.counts as licences, subscriptions.counts as subscriptions
      from (
        select sales_order.id, sales_order.number, sales_order.state, sales_order.channel, sales_order.reference, sales_order.currency,
          sales_order.net_minor, sales_order.total_minor, sales_order.held_because, sales_order.created_at,
          payer.id as billing_to_id, payer.number as billing_to_number, payer.name as billing_to_name,
          customer.id as end_customer_id, customer.number as end_customer_number, customer.name as end_customer_name
        from sales_order
        join account payer on payer.id = sales_order.billing_to_id
        join account customer on customer.id = sales_order.end_customer_id
        where ${after ? sql.part`sales_order.id < ${after.id}::uuid` : sql.part`true`}
          and ${matching(sql, search)}
          and ${filtered(sql, search.filter)}
        order by sales_order.id desc limit ${size + 1}
      ) placed
      cross join lateral (select count(*)::int as item_count from order_item where order_item.order_id = placed.id) items
      cross join lateral (${licenceCounts(sql, sql.part`placed.id`)}) licences
      cross join lateral (${subscriptionCounts(sql, sql.part`placed.id`)}) subscriptions
      order by placed.id desc`,
  )
  const { items, nextCursor } = page(rows, size, () => '')
  const found = items.map(orderRowOf)
  // Orders placed together share a moment; their numbers tell which came first.
  if (search.basketId) found.sort((a, b) => a.number.localeCompare(b.number, 'en', { numeric: true }))
  return { items: found, nextCursor }
}

/** Counts of an order's licences; cancelled ones were delivered before. */
export function licenceCounts(sql: Sql, orderId: unknown): unknown {
  return sql.part`
    select jsonb_build_object('total', count(*), 'delivered', count(*) filter (where asset.provisioning = 'synchronized'),
      'failed', count(*) filter (where asset.provisioning = 'failed'), 'cancelled', count(*) filter (where asset.state = 'cancelled')) as counts
    from asset where asset.order_id = ${orderId}`
}

/** Of its subscriptions: cancelled ones were delivered before, dropped ones failed. */
export function subscriptionCounts(sql: Sql, orderId: unknown): unknown {
  return sql.part`
    select jsonb_build_object('total', count(*), 'delivered', count(*) filter (where subscription.provisioning = 'synchronized'),
      'failed', count(*) filter (where subscription.provisioning = 'failed'),
      'cancelled', count(*) filter (where subscription.state in ('cancelled', 'dropped'))) as counts
    from subscription where subscription.order_id = ${orderId}`
}

function matching(sql: Sql, { q, accountId, basketId }: OrderSearch): unknown {
  const words = searchWords(q)
  const text = q?.trim().slice(0, 100) ?? ''
  const found =
    words.length === 0
      ? sql.part`true`
      : sql.part`(sales_order.number = upper(${text}) or lower(sales_order.reference) = lower(${text})
          or sales_order.end_customer_id in (select account.id from account where ${holdsWords(sql, words)}))`
  const parties = {
    payer: sql.part`sales_order.billing_to_id`,
    endCustomer: sql.part`sales_order.end_customer_id`,
  }
  return sql.part`${found} and ${isOfAccount(sql, parties, accountId)}
    and ${isOf(sql, sql.part`sales_order.basket_id`, basketId)}`
}

function filtered(sql: Sql, filter: OrderFilter | undefined): unknown {
  switch (filter) {
    case 'waiting':
      return sql.part`sales_order.state in ('draft', 'submitted')`
    case 'open':
      return sql.part`sales_order.state = 'executed' and (exists (
        select 1 from asset where asset.order_id = sales_order.id and asset.provisioning = 'unsynchronised' and asset.state = 'active')
        or exists (select 1 from subscription where subscription.order_id = sales_order.id and subscription.state = 'ordered'
          and subscription.provisioning = 'unsynchronised'))`
    case 'trouble':
      return sql.part`(exists (
        select 1 from asset where asset.order_id = sales_order.id and asset.provisioning = 'failed' and asset.state = 'active')
        or exists (select 1 from subscription where subscription.order_id = sales_order.id and subscription.state = 'ordered'
          and subscription.provisioning = 'failed'))`
    case 'cancelled':
      return sql.part`sales_order.state = 'cancelled'`
    case undefined:
      return sql.part`true`
  }
}

function orderRowOf(row: Row): OrderRow {
  const { licences, subscriptions } = row
  return {
    id: row.id,
    number: row.number,
    state: row.state,
    channel: row.channel,
    reference: row.reference,
    billingTo: { id: row.billingToId, number: row.billingToNumber, name: row.billingToName },
    endCustomer: { id: row.endCustomerId, number: row.endCustomerNumber, name: row.endCustomerName },
    net: money(row.netMinor, row.currency),
    total: money(row.totalMinor, row.currency),
    heldBecause: row.heldBecause ?? undefined,
    createdAt: row.createdAt,
    itemCount: row.itemCount,
    licences,
    subscriptions,
    progress: progressOf(row, licences, subscriptions),
  }
}
