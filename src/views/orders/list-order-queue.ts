// The queue of orders that need a hand, oldest first: why each of them does not go on by itself, and what can be done about it.
import { invariant } from '#kernel/failure.ts'
import type { Staff } from '#modules/users'
import type { Database, Sql } from '#platform/db.ts'
import { pageSize } from '../accounts/search-text.ts'
import { askFor } from '../lists/ask.ts'
import { type Column, type Filter, list } from '../lists/list.ts'
import { readList } from '../lists/read-list.ts'
import { heldForStaff, type OrderRow, orderList, readOrderRows } from './list-orders.ts'

/** Why an order does not go on: `late` is on its way for more than a day; of one that is delivered a customer may ask for a `cancellation`. */
export const handKinds = ['held', 'synchronize', 'execute', 'failed', 'late', 'rate', 'cancellation'] as const
export type HandKind = (typeof handKinds)[number]

/** `text` says why, `next` what somebody can do, `to` where. */
export type Hand = {
  readonly kind: HandKind
  readonly text: string
  readonly next: string
  readonly to: string
}

export type QueuedOrder = OrderRow & { readonly hands: readonly Hand[] }

/** The orders of one kind by their ids: a piece of a statement. An order that is not executed stands under one of the first three. */
function idsOf(sql: Sql, kind: HandKind): unknown {
  const waiting = sql.part`select waiting.id from sales_order waiting where waiting.state = 'submitted'`
  switch (kind) {
    case 'held':
      return sql.part`${waiting} and waiting.held_because is not null`
    case 'synchronize':
      return sql.part`${waiting} and waiting.held_because is null and exists (${unknownToVendor(sql, sql.part`waiting`)})`
    case 'execute':
      return sql.part`${waiting} and waiting.held_because is null and not exists (${unknownToVendor(sql, sql.part`waiting`)})`
    case 'failed':
      return sql.part`
        select asset.order_id from asset where (asset.provisioning = 'failed' or asset.is_awaiting_key) and asset.state = 'active'
        union all
        select subscription.order_id from subscription where subscription.provisioning = 'failed' and subscription.state = 'ordered'`
    case 'late':
      return sql.part`
        select asset.order_id from asset where asset.provisioning = 'unsynchronised' and asset.state = 'active'
          and not asset.is_awaiting_key and asset.purchased_at < now() - interval '1 day'
        union all
        select subscription.order_id from subscription where subscription.state = 'ordered'
          and subscription.provisioning = 'unsynchronised' and subscription.purchased_at < now() - interval '1 day'`
    case 'rate':
      return sql.part`select invoice_wait.order_id from invoice_wait`
    case 'cancellation':
      return sql.part`
        select asset.order_id from return_request join asset on asset.id = return_request.asset_id where return_request.state = 'requested'`
  }
}

/** Names of the accounts of an order that a vendor of its items does not know (product.md E9). */
function unknownToVendor(sql: Sql, order: unknown): unknown {
  return sql.part`
    select account.name from order_item join account on account.id in (${order}.end_customer_id, ${order}.billing_to_id)
    where order_item.order_id = ${order}.id and not exists (
      select from sync_status
      where sync_status.account_id = account.id and sync_status.instance_id = order_item.instance_id and sync_status.state = 'synchronized'
    )`
}

function ofKinds(sql: Sql, kinds: readonly HandKind[]): unknown {
  return kinds.map((kind) => idsOf(sql, kind)).reduce((before, each) => sql.part`${before} union all ${each}`)
}

/** How many orders need a hand: for the dashboard, which leads here. */
export function countQueue(sql: Sql): unknown {
  return sql.part`select count(distinct queued.id)::int from (${ofKinds(sql, handKinds)}) queued`
}

/** A column of the list of orders. */
function column(name: string): Column<QueuedOrder> {
  const known = orderList.columns[name]
  invariant(known, `orders have a column ${name}`)
  return known
}

/** A filter of the list of orders. */
function filter(name: string): Filter {
  const known = orderList.filters[name]
  invariant(known, `orders have a filter ${name}`)
  return known
}

export const orderQueue = list<QueuedOrder>({
  right: orderList.right,
  sorts: orderList.sorts,
  searches: orderList.searches,
  table: orderList.table,
  id: orderList.id,
  looksUp: ['accounts'],
  search: orderList.search,
  name: 'order-queue',
  path: '/order-queue',
  title: 'Orders that need a hand',
  columns: {
    number: column('number'),
    customer: column('customer'),
    payer: column('payer'),
    why: { label: 'Why', kind: 'text', value: ({ hands }) => hands.map(({ text }) => text).join(' ') },
    next: {
      label: 'What can be done',
      kind: 'text',
      value: ({ hands }) => hands[0]?.next,
      to: ({ hands }) => hands[0]?.to,
    },
    total: column('total'),
    placed: column('placed'),
    state: { ...column('state'), isExtra: true },
    reference: column('reference'),
    items: { ...column('items'), isExtra: true },
    net: column('net'),
  },
  defaultSort: 'placed',
  isFew: true,
  always: (sql) => sql.part`sales_order.id in (${ofKinds(sql, handKinds)})`,
  filters: {
    why: {
      kind: 'choice',
      label: 'Why',
      isMain: true,
      choices: [
        { value: 'held', label: 'On hold' },
        { value: 'synchronize', label: 'Not synchronized' },
        { value: 'execute', label: 'To execute' },
        { value: 'failed', label: 'Failed' },
        { value: 'late', label: 'Late' },
        { value: 'rate', label: 'Without a rate' },
        { value: 'cancellation', label: 'Cancellation requested' },
      ] satisfies { value: HandKind; label: string }[],
      where: (sql, value) => sql.part`sales_order.id in (${idsOf(sql, value as HandKind)})`,
    },
    channel: filter('channel'),
    placed: filter('placed'),
    account: filter('account'),
  },
  read: async (sql, ids) => {
    const orders = await readOrderRows(sql, ids)
    const hands = new Map((await readHands(sql, ids)).map((row) => [row.id, handsOf(row)]))
    return orders.map((order) => ({ ...order, hands: hands.get(order.id) ?? [] }))
  },
})

/** For a program: the queue, or one kind of it. */
export async function browseOrderQueue(
  db: Database | Sql,
  actor: Staff,
  asked: {
    readonly q?: string | undefined
    readonly why?: HandKind | undefined
    readonly accountId?: string | undefined
    readonly cursor?: string | undefined
    readonly limit?: number | undefined
  },
): Promise<{ items: QueuedOrder[]; nextCursor: string | undefined }> {
  const ask = askFor(orderQueue, {
    q: asked.q,
    filters: { why: asked.why, account: asked.accountId },
    cursor: asked.cursor,
    limit: pageSize(asked.limit),
  })
  const { items: found, next } = await readList(db, actor, orderQueue, ask)
  return { items: found, nextCursor: next }
}

type HandRow = {
  id: string
  isSubmitted: boolean
  heldBecause: string | null
  blocked: string[]
  unsynchronized: string[]
  failedLicences: number
  licenceReason: string | null
  awaitingKeys: number
  failedSubscriptions: number
  subscriptionReason: string | null
  late: number
  currency: string | null
  transactionCurrency: string | null
  cancellations: { id: string; number: string; comment: string }[]
}

function readHands(sql: Sql, ids: readonly string[]): Promise<HandRow[]> {
  return sql.many<HandRow>`
    select sales_order.id, sales_order.state = 'submitted' as is_submitted, sales_order.held_because,
      array(select account.name from account where account.id in (sales_order.end_customer_id, sales_order.billing_to_id)
        and account.state = 'blocked') as blocked,
      array(select distinct unknown.name from (${unknownToVendor(sql, sql.part`sales_order`)}) unknown
        where sales_order.state = 'submitted') as unsynchronized,
      licences.failed as failed_licences, licences.reason as licence_reason, licences.awaiting as awaiting_keys,
      subscriptions.failed as failed_subscriptions, subscriptions.reason as subscription_reason,
      licences.late + subscriptions.late as late, invoice_wait.currency, invoice_wait.transaction_currency,
      wishes.list as cancellations
    from sales_order
    cross join lateral (
      select count(*) filter (where provisioning = 'failed')::int as failed,
        min(failure_reason) filter (where provisioning = 'failed') as reason,
        count(*) filter (where is_awaiting_key)::int as awaiting,
        count(*) filter (where provisioning = 'unsynchronised' and not is_awaiting_key
          and purchased_at < now() - interval '1 day')::int as late
      from asset where asset.order_id = sales_order.id and asset.state = 'active'
    ) licences
    cross join lateral (
      select count(*) filter (where provisioning = 'failed')::int as failed,
        min(failure_reason) filter (where provisioning = 'failed') as reason,
        count(*) filter (where provisioning = 'unsynchronised' and purchased_at < now() - interval '1 day')::int as late
      from subscription where subscription.order_id = sales_order.id and subscription.state = 'ordered'
    ) subscriptions
    left join invoice_wait on invoice_wait.order_id = sales_order.id
    cross join lateral (
      select coalesce(jsonb_agg(jsonb_build_object('id', asset.id, 'number', asset.number, 'comment', request.comment) order by request.id),
        '[]') as list
      from asset join return_request request on request.asset_id = asset.id and request.state = 'requested'
      where asset.order_id = sales_order.id
    ) wishes
    where sales_order.id = any (${ids}::uuid[])`
}

function handsOf(row: HandRow): Hand[] {
  const hands: Hand[] = []
  const to = `/orders/${row.id}`
  const add = (kind: HandKind, text: string, next: string, where = to) =>
    hands.push({ kind, text, next, to: where })
  if (row.isSubmitted) {
    if (row.heldBecause) add('held', `${heldForStaff(row.heldBecause)}.`, 'Approve or cancel it')
    const kind = row.heldBecause ? 'held' : row.unsynchronized.length > 0 ? 'synchronize' : 'execute'
    if (row.blocked.length > 0)
      add(kind, `${row.blocked.join(' and ')} ${isOrAre(row.blocked)} blocked.`, 'Unblock or cancel')
    if (row.unsynchronized.length > 0)
      add(
        kind,
        `${row.unsynchronized.join(' and ')} ${isOrAre(row.unsynchronized)} not synchronized.`,
        'Synchronize',
      )
    if (hands.length === 0) add('execute', 'It waits to be executed.', 'Execute it')
  }
  if (row.failedLicences > 0)
    add(
      'failed',
      `${counted(row.failedLicences, 'licence')} failed: ${row.licenceReason}`,
      'Retry, skip or replace',
    )
  if (row.failedSubscriptions > 0)
    add(
      'failed',
      `${counted(row.failedSubscriptions, 'subscription')} failed: ${row.subscriptionReason}`,
      'Retry, skip or replace',
    )
  if (row.awaitingKeys > 0)
    add(
      'failed',
      `${counted(row.awaitingKeys, 'licence')} ${row.awaitingKeys === 1 ? 'waits' : 'wait'} for a key.`,
      'Upload keys',
      '/setup/key-pools',
    )
  if (row.late > 0)
    add('late', `${counted(row.late, 'item')} on the way for more than a day.`, 'See what the vendor said')
  if (row.transactionCurrency)
    add(
      'rate',
      `Not invoiced: there is no rate from ${row.currency} to ${row.transactionCurrency}.`,
      'Enter a rate',
      '/setup/conversion/new',
    )
  const [wish, ...more] = row.cancellations
  if (wish && more.length === 0)
    add(
      'cancellation',
      `Cancellation of ${wish.number} requested${wish.comment ? `: “${wish.comment}”` : '.'}`,
      'Decide',
      `/assets/${wish.id}`,
    )
  if (wish && more.length > 0)
    add(
      'cancellation',
      `Cancellation of ${counted(row.cancellations.length, 'licence')} requested.`,
      'Decide',
      `/assets?filter=return-requested&order=${row.id}`,
    )
  return hands
}

const isOrAre = (names: readonly string[]) => (names.length === 1 ? 'is' : 'are')
const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`
