// The list of orders, for both kinds of actor: the seller's people see all, a portal what it pays for.
import type { AccountId, BasketId, OrderId } from '#kernel/ids.ts'
import { type Currency, type Money, money } from '#kernel/money.ts'
import {
  type Channel,
  type DeliveryCounts,
  type OrderState,
  type Progress,
  progressOf,
} from '#modules/orders'
import type { Actor } from '#modules/users'
import type { Database, Sql, Tx } from '#platform/db.ts'
import { pageSize } from '../accounts/search-text.ts'
import { askFor } from '../lists/ask.ts'
import { bothWays, startsWith, withinDays } from '../lists/conditions.ts'
import { isOneOf } from '../lists/found.ts'
import { type Choice, list } from '../lists/list.ts'
import { readList } from '../lists/read-list.ts'
import { isOfAccount } from '../whose.ts'

export type Party = { readonly id: AccountId; readonly number: string; readonly name: string }

/** Another order, as a record refers to it. */
export type NumberedOrder = { readonly id: OrderId; readonly number: string }

/** Without a number it is one the asker cannot see. */
export function numberedOrder(
  id: OrderId | null | undefined,
  number: string | null,
): NumberedOrder | undefined {
  return id && number ? { id, number } : undefined
}

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

/** `draft`: not submitted yet; `waiting`: submitted and not executed; `open`: being delivered; `trouble`: a licence or a subscription failed. */
export const orderFilters = ['draft', 'waiting', 'open', 'trouble', 'cancelled'] as const
export type OrderFilter = (typeof orderFilters)[number]

export const orderSorts = bothWays('placed', 'customer', 'payer', 'total')

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

const channelWords = { storefront: 'Storefront', backoffice: 'Back office', api: 'API' } as const

/** Why an order is on hold, without what is said to whoever ordered. */
export const heldForStaff = <Because extends string | undefined>(because: Because) =>
  because?.replace('; your account manager will look at it.', '') as Because

export const orderList = list<OrderRow>({
  name: 'orders',
  path: '/orders',
  title: 'Orders',
  right: 'see-orders',
  columns: {
    number: { label: 'Order', kind: 'text', value: (row) => row.number, to: (row) => `/orders/${row.id}` },
    customer: {
      label: 'Customer',
      kind: 'text',
      value: (row) => row.endCustomer.name,
      to: (row) => `/accounts/${row.endCustomer.id}`,
      sort: 'customer',
    },
    customerNumber: {
      label: 'Customer number',
      kind: 'text',
      value: (row) => row.endCustomer.number,
      isExtra: true,
    },
    payer: {
      label: 'Billing to',
      kind: 'text',
      value: (row) => row.billingTo.name,
      to: (row) => `/accounts/${row.billingTo.id}`,
      sort: 'payer',
    },
    reference: { label: 'Reference', kind: 'text', value: (row) => row.reference, isExtra: true },
    state: {
      label: 'State',
      kind: 'state',
      value: (row) => (row.heldBecause ? 'on hold' : row.state),
      note: (row) => heldForStaff(row.heldBecause),
    },
    progress: {
      label: 'Progress',
      kind: 'text',
      value: (row) => (row.state === 'draft' ? '' : capital(row.progress)),
    },
    channel: { label: 'Placed in', kind: 'text', value: (row) => channelWords[row.channel], isExtra: true },
    items: { label: 'Items', kind: 'number', value: (row) => row.itemCount },
    net: { label: 'Net', kind: 'money', value: (row) => row.net, isExtra: true },
    total: { label: 'Total', kind: 'money', value: (row) => row.total, sort: 'total' },
    placed: { label: 'Placed', kind: 'moment', value: (row) => row.createdAt, sort: 'placed' },
  },
  sorts: {
    placed: { keys: (sql) => [['timestamptz', sql.part`sales_order.created_at`]] },
    customer: {
      keys: (sql) => [['text', sql.part`customer.name collate "und-x-icu"`]],
      join: (sql) => sql.part`join account customer on customer.id = sales_order.end_customer_id`,
    },
    payer: {
      keys: (sql) => [['text', sql.part`payer.name collate "und-x-icu"`]],
      join: (sql) => sql.part`join account payer on payer.id = sales_order.billing_to_id`,
    },
    // Amounts compare within their currency.
    total: {
      keys: (sql) => [
        ['text', sql.part`sales_order.currency`],
        ['bigint', sql.part`sales_order.total_minor`],
      ],
    },
  },
  defaultSort: '-placed',
  filters: {
    filter: {
      kind: 'choice',
      label: 'What is to be done',
      isMain: true,
      choices: [
        { value: 'draft', label: 'Drafts' },
        { value: 'waiting', label: 'Waiting' },
        { value: 'held', label: 'On hold' },
        { value: 'open', label: 'In progress' },
        { value: 'trouble', label: 'In trouble' },
        { value: 'cancelled', label: 'Cancelled' },
      ] satisfies { value: Standing; label: string }[],
      where: (sql, value) => standing(sql, value as Standing),
    },
    channel: {
      kind: 'choice',
      label: 'Placed in',
      choices: Object.entries(channelWords).map(([value, label]) => ({ value, label })),
      where: (sql, value) => sql.part`sales_order.channel = ${value}`,
    },
    placed: {
      kind: 'days',
      sort: 'placed',
      label: 'Placed',
      where: (sql, from, to) => withinDays(sql, sql.part`sales_order.created_at`, from, to),
    },
    account: {
      kind: 'record',
      label: 'Account',
      searches: 'accounts',
      where: (sql, id) =>
        isOfAccount(
          sql,
          { payer: sql.part`sales_order.billing_to_id`, endCustomer: sql.part`sales_order.end_customer_id` },
          id,
        ),
    },
    placedBy: {
      kind: 'record',
      label: 'Placed by',
      // Of the seller; buyers are found by their company.
      offers: (sql) =>
        sql.many<Choice>`
          select id as value, name as label from app_user where account_id is null order by lower(name), id`,
      where: (sql, id) => sql.part`sales_order.placed_by = ${id}`,
    },
    basket: {
      kind: 'record',
      label: 'Basket',
      where: (sql, id) => sql.part`sales_order.basket_id = ${id}`,
    },
  },
  searchesShort: 'numbers and references that begin with them, and a company of exactly that name',
  searches: 'Number, reference or customer',
  looksUp: ['accounts'],
  table: (sql) => sql.part`sales_order`,
  id: (sql) => sql.part`sales_order.id`,
  search: (sql, { text }, { accounts }) => sql.part`
    ${startsWith(sql, sql.part`sales_order.number`, text.toUpperCase())}
    or (sales_order.reference <> '' and ${startsWith(sql, sql.part`lower(sales_order.reference)`, text.toLowerCase())})
    or ${isOneOf(sql, sql.part`sales_order.end_customer_id`, accounts)}
    or ${isOneOf(sql, sql.part`sales_order.billing_to_id`, accounts)}`,
  read: readOrderRows,
})

export type OrderSearch = {
  /** The start of a number or a reference, or words of a company. */
  readonly q?: string | undefined
  readonly filter?: OrderFilter | undefined
  /** Orders an account pays for or is the end customer of. */
  readonly accountId?: AccountId | undefined
  /** What one basket became. */
  readonly basketId?: BasketId | undefined
  readonly sort?: (typeof orderSorts)[number] | undefined
  readonly cursor?: string | undefined
  readonly limit?: number | undefined
}

export async function listOrders(
  db: Database | Sql,
  actor: Actor,
  { q, filter, accountId, basketId, sort, cursor, limit }: OrderSearch = {},
): Promise<{ items: OrderRow[]; nextCursor: string | undefined }> {
  const filters = { filter, account: accountId, basket: basketId }
  const ask = askFor(orderList, { q, filters, sort, cursor, limit: pageSize(limit) })
  const { items, next } = await readList(db, actor, orderList, ask)
  // Orders placed together share a moment; their numbers tell which came first.
  if (basketId) items.sort((a, b) => a.number.localeCompare(b.number, 'en', { numeric: true }))
  return { items, nextCursor: next }
}

/** Counts of an order's licences; cancelled ones were delivered before. */
export function licenceCounts(sql: Sql, orderId: unknown): unknown {
  return sql.part`
    select jsonb_build_object('total', count(*), 'delivered', count(*) filter (where asset.provisioning = 'synchronized'),
      'failed', count(*) filter (where asset.provisioning = 'failed' and asset.state = 'active'),
      'cancelled', count(*) filter (where asset.state = 'cancelled'),
      'givenUp', count(*) filter (where asset.given_up_because is not null)) as counts
    from asset where asset.order_id = ${orderId}`
}

/** Of its subscriptions: cancelled ones were delivered before, dropped ones are given up. */
export function subscriptionCounts(sql: Sql, orderId: unknown): unknown {
  return sql.part`
    select jsonb_build_object('total', count(*), 'delivered', count(*) filter (where subscription.provisioning = 'synchronized'),
      'failed', count(*) filter (where subscription.provisioning = 'failed' and subscription.state = 'ordered'),
      'cancelled', count(*) filter (where subscription.state in ('cancelled', 'dropped')),
      'givenUp', count(*) filter (where subscription.state = 'dropped')) as counts
    from subscription where subscription.order_id = ${orderId}`
}

type Standing = OrderFilter | 'held'

function standing(sql: Sql, filter: Standing): unknown {
  switch (filter) {
    case 'draft':
      return sql.part`sales_order.state = 'draft'`
    case 'waiting':
      return sql.part`sales_order.state = 'submitted'`
    case 'held':
      return sql.part`sales_order.state = 'submitted' and sales_order.held_because is not null`
    case 'open':
      return sql.part`sales_order.state = 'executed' and sales_order.id in (
        select asset.order_id from asset where asset.provisioning = 'unsynchronised' and asset.state = 'active'
        union all
        select subscription.order_id from subscription where subscription.provisioning = 'unsynchronised' and subscription.state = 'ordered')`
    case 'trouble':
      return sql.part`sales_order.id in (
        select asset.order_id from asset where asset.provisioning = 'failed' and asset.state = 'active'
        union all
        select subscription.order_id from subscription where subscription.provisioning = 'failed' and subscription.state = 'ordered')`
    case 'cancelled':
      return sql.part`sales_order.state = 'cancelled'`
  }
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

export async function readOrderRows(sql: Sql, ids: readonly string[]): Promise<OrderRow[]> {
  return (await readRows(sql, ids)).map(orderRowOf)
}

function readRows(sql: Sql, ids: readonly string[]): Promise<Row[]> {
  return sql.many<Row>`
    select sales_order.id, sales_order.number, sales_order.state, sales_order.channel, sales_order.reference, sales_order.currency,
      sales_order.net_minor, sales_order.total_minor, sales_order.held_because, sales_order.created_at,
      payer.id as billing_to_id, payer.number as billing_to_number, payer.name as billing_to_name,
      customer.id as end_customer_id, customer.number as end_customer_number, customer.name as end_customer_name,
      items.item_count, licences.counts as licences, subscriptions.counts as subscriptions
    from sales_order
    join account payer on payer.id = sales_order.billing_to_id
    join account customer on customer.id = sales_order.end_customer_id
    cross join lateral (select count(*)::int as item_count from order_item where order_item.order_id = sales_order.id) items
    cross join lateral (${licenceCounts(sql, sql.part`sales_order.id`)}) licences
    cross join lateral (${subscriptionCounts(sql, sql.part`sales_order.id`)}) subscriptions
    where sales_order.id = any (${ids}::uuid[])`
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
