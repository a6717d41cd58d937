// The list of subscriptions and perpetual licences, for both kinds of actor.
import type { AccountId, OrderId, PlanId, ProductId, SubscriptionId } from '#kernel/ids.ts'
import { type Currency, type Money, money, type Price, price } from '#kernel/money.ts'
import type { BillingPlan } from '#kernel/term.ts'
import type { SubscriptionKind, SubscriptionProvisioning, SubscriptionState } from '#modules/subscriptions'
import type { Actor } from '#modules/users'
import type { Database, Sql, Tx } from '#platform/db.ts'
import { pageSize } from '../accounts/search-text.ts'
import { askFor } from '../lists/ask.ts'
import { betweenDays, bothWays, startsWith, withinDays } from '../lists/conditions.ts'
import { isOneOf, isProduct } from '../lists/found.ts'
import { list } from '../lists/list.ts'
import { readList } from '../lists/read-list.ts'
import type { Party } from '../orders/list-orders.ts'
import { readableFailure } from '../readable.ts'
import { isOfAccount } from '../whose.ts'

export type SubscriptionRow = {
  readonly id: SubscriptionId
  readonly number: string
  readonly kind: SubscriptionKind
  readonly name: string
  readonly sku: string
  readonly planId: PlanId
  readonly productId: ProductId
  readonly term: string
  readonly billingPlan: BillingPlan
  readonly quantity: number
  readonly orderId: OrderId
  readonly orderNumber: string
  readonly billingTo: Party
  readonly endCustomer: Party
  /** Of one licence for the present term, without tax. */
  readonly unitPrice: Price
  /** Of the present term, without tax. */
  readonly net: Money
  readonly state: SubscriptionState
  readonly provisioning: SubscriptionProvisioning
  readonly failureCode: string | undefined
  readonly failureReason: string | undefined
  readonly renewalProblem: string | undefined
  readonly autoRenew: boolean
  /** A cancellation is on its way to the vendor. */
  readonly isCancelling: boolean
  readonly termNumber: number
  readonly purchasedAt: Temporal.Instant
  /** Of the present term; undefined until the vendor began it. */
  readonly startsOn: Temporal.PlainDate | undefined
  /** Inclusive; undefined for a perpetual licence. */
  readonly endsOn: Temporal.PlainDate | undefined
}

/** `trouble`: could not be provisioned or renewed; `ending`: active and not renewing; `ended`: cancelled, expired or dropped. */
export const subscriptionFilters = ['active', 'pending', 'trouble', 'ending', 'ended'] as const
export type SubscriptionFilter = (typeof subscriptionFilters)[number]

export const subscriptionSorts = bothWays('bought', 'product', 'customer', 'ends', 'net')

const termWords: Readonly<Record<string, string>> = {
  OneTime: 'For ever',
  P1M: '1 month',
  P1Y: '1 year',
  P3Y: '3 years',
}

/** What comes after the present term. */
function afterwards(row: SubscriptionRow): string | undefined {
  if (row.state === 'ordered') return 'Not begun'
  if (row.state !== 'active') return undefined
  if (row.kind === 'perpetual') return 'Never ends'
  return row.autoRenew ? 'then renews' : 'then ends'
}

export const subscriptionList = list<SubscriptionRow>({
  name: 'subscriptions',
  path: '/subscriptions',
  title: 'Subscriptions',
  columns: {
    number: {
      label: 'Subscription',
      kind: 'text',
      value: (row) => row.number,
      to: (row) => `/subscriptions/${row.id}`,
    },
    product: {
      label: 'Product',
      kind: 'text',
      value: (row) => row.name,
      note: (row) => termWords[row.term] ?? row.term,
      sort: 'product',
    },
    sku: { label: 'SKU', kind: 'code', value: (row) => row.sku, isExtra: true },
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
    term: { label: 'Term', kind: 'text', value: (row) => termWords[row.term] ?? row.term, isExtra: true },
    state: {
      label: 'Status',
      kind: 'state',
      // Once the vendor has begun it, its provisioning tells nothing more.
      value: (row) =>
        row.isCancelling ? 'being cancelled' : row.state === 'ordered' ? row.provisioning : row.state,
      note: (row) => (row.state === 'ordered' ? row.failureReason : undefined) ?? row.renewalProblem,
    },
    ends: { label: 'Term ends', kind: 'day', value: (row) => row.endsOn, note: afterwards, sort: 'ends' },
    quantity: { label: 'Licences', kind: 'number', value: (row) => row.quantity },
    net: { label: 'Price', kind: 'money', value: (row) => row.net, sort: 'net' },
    bought: {
      label: 'Bought',
      kind: 'moment',
      value: (row) => row.purchasedAt,
      sort: 'bought',
      isExtra: true,
    },
  },
  sorts: {
    bought: { keys: (sql) => [['timestamptz', sql.part`subscription.purchased_at`]] },
    product: { keys: (sql) => [['text', sql.part`subscription.name`]] },
    customer: {
      keys: (sql) => [['text', sql.part`customer.name collate "und-x-icu"`]],
      join: (sql) => sql.part`join account customer on customer.id = subscription.end_customer_id`,
    },
    // What never ends stands after all days.
    ends: { keys: (sql) => [['date', sql.part`coalesce(subscription.ends_on, 'infinity')`]] },
    net: {
      keys: (sql) => [
        ['text', sql.part`subscription.currency`],
        ['bigint', sql.part`subscription.net_minor`],
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
        { value: 'pending', label: 'Being set up' },
        { value: 'trouble', label: 'In trouble' },
        { value: 'ending', label: 'Not renewing' },
        { value: 'ended', label: 'Ended' },
      ] satisfies { value: SubscriptionFilter; label: string }[],
      where: (sql, value) => standing(sql, value as SubscriptionFilter),
    },
    kind: {
      kind: 'choice',
      label: 'Kind',
      choices: [
        { value: 'subscription', label: 'Subscriptions' },
        { value: 'perpetual', label: 'Perpetual licences' },
      ] satisfies { value: SubscriptionKind; label: string }[],
      where: (sql, value) => sql.part`subscription.kind = ${value}`,
    },
    ends: {
      kind: 'days',
      sort: 'ends',
      label: 'Ends',
      where: (sql, from, to) =>
        betweenDays(sql, sql.part`coalesce(subscription.ends_on, 'infinity')`, from, to),
    },
    bought: {
      kind: 'days',
      sort: 'bought',
      label: 'Bought',
      where: (sql, from, to) => withinDays(sql, sql.part`subscription.purchased_at`, from, to),
    },
    account: {
      kind: 'record',
      label: 'Account',
      searches: 'accounts',
      where: (sql, id) =>
        isOfAccount(
          sql,
          {
            payer: sql.part`subscription.billing_to_id`,
            endCustomer: sql.part`subscription.end_customer_id`,
          },
          id,
        ),
    },
    order: {
      kind: 'record',
      label: 'One order',
      where: (sql, id) => sql.part`subscription.order_id = ${id}`,
    },
    product: {
      kind: 'record',
      label: 'One product',
      where: (sql, id) => sql.part`subscription.product_id = ${id}`,
    },
  },
  searchesShort: 'numbers and SKUs that begin with them, and a company of exactly that name',
  searches: 'Number, order, customer or product',
  right: 'see-assets',
  table: (sql) => sql.part`subscription`,
  id: (sql) => sql.part`subscription.id`,
  looksUp: ['accounts', 'products'],
  search: (sql, { text }, { accounts, products }) => sql.part`
    ${startsWith(sql, sql.part`subscription.number`, text.toUpperCase())}
    or ${startsWith(sql, sql.part`subscription.sku`, text)}
    or subscription.order_id = (select sales_order.id from sales_order where sales_order.number = ${text.toUpperCase()})
    or ${isProduct(sql, sql.part`subscription.product_id`, products)}
    or ${isOneOf(sql, sql.part`subscription.end_customer_id`, accounts)}
    or ${isOneOf(sql, sql.part`subscription.billing_to_id`, accounts)}`,
  read: async (sql, ids) => (await readRows(sql, ids)).map(subscriptionRowOf),
  readableBy: readableFailure,
})

export type SubscriptionSearch = {
  /** The start of a subscription's number or SKU, an order's number, words of the product or of a company. */
  readonly q?: string | undefined
  readonly filter?: SubscriptionFilter | undefined
  readonly kind?: SubscriptionKind | undefined
  /** Paid by it, or for it. */
  readonly accountId?: AccountId | undefined
  readonly orderId?: OrderId | undefined
  readonly sort?: (typeof subscriptionSorts)[number] | undefined
  readonly cursor?: string | undefined
  readonly limit?: number | undefined
}

export async function listSubscriptions(
  db: Database | Sql,
  actor: Actor,
  { q, filter, kind, accountId, orderId, sort, cursor, limit }: SubscriptionSearch = {},
): Promise<{ items: SubscriptionRow[]; nextCursor: string | undefined }> {
  const filters = { filter, kind, account: accountId, order: orderId }
  const ask = askFor(subscriptionList, { q, filters, sort, cursor, limit: pageSize(limit) })
  const { items, next } = await readList(db, actor, subscriptionList, ask)
  return { items, nextCursor: next }
}

function standing(sql: Sql, filter: SubscriptionFilter): unknown {
  switch (filter) {
    case 'active':
      return sql.part`subscription.state = 'active'`
    case 'pending':
      return sql.part`subscription.state = 'ordered' and subscription.provisioning = 'unsynchronised'`
    case 'trouble':
      return sql.part`((subscription.state = 'ordered' and subscription.provisioning = 'failed')
        or (subscription.state = 'active' and subscription.renewal_problem is not null))`
    case 'ending':
      return sql.part`subscription.state = 'active' and subscription.kind = 'subscription' and not subscription.auto_renew`
    case 'ended':
      return sql.part`subscription.state in ('cancelled', 'expired', 'dropped')`
  }
}

type Row = Omit<
  SubscriptionRow,
  | 'billingTo'
  | 'endCustomer'
  | 'unitPrice'
  | 'net'
  | 'failureCode'
  | 'failureReason'
  | 'renewalProblem'
  | 'startsOn'
  | 'endsOn'
> & {
  currency: Currency
  unitPrice: string
  netMinor: bigint
  failureCode: string | null
  failureReason: string | null
  renewalProblem: string | null
  startsOn: Temporal.PlainDate | null
  endsOn: Temporal.PlainDate | null
  billingToId: AccountId
  billingToNumber: string
  billingToName: string
  endCustomerId: AccountId
  endCustomerNumber: string
  endCustomerName: string
}

function readRows(sql: Sql, ids: readonly string[]): Promise<Row[]> {
  return sql.many<Row>`
    select subscription.id, subscription.number, subscription.kind, subscription.name, subscription.sku, subscription.plan_id,
      subscription.product_id, subscription.term, subscription.billing_plan, subscription.quantity, subscription.order_id,
      sales_order.number as order_number, subscription.currency, subscription.unit_price, subscription.net_minor, subscription.state,
      subscription.provisioning, subscription.failure_code, subscription.failure_reason, subscription.renewal_problem, subscription.auto_renew,
      subscription.cancel_requested_at is not null as is_cancelling, subscription.term_number, subscription.purchased_at,
      subscription.starts_on, subscription.ends_on,
      payer.id as billing_to_id, payer.number as billing_to_number, payer.name as billing_to_name,
      customer.id as end_customer_id, customer.number as end_customer_number, customer.name as end_customer_name
    from subscription
    join sales_order on sales_order.id = subscription.order_id
    join account payer on payer.id = subscription.billing_to_id
    join account customer on customer.id = subscription.end_customer_id
    where subscription.id = any (${ids}::uuid[])`
}

function subscriptionRowOf(row: Row): SubscriptionRow {
  const {
    currency,
    netMinor,
    billingToId,
    billingToNumber,
    billingToName,
    endCustomerId,
    endCustomerNumber,
    endCustomerName,
    ...rest
  } = row
  return {
    ...rest,
    unitPrice: price(row.unitPrice, currency),
    net: money(netMinor, currency),
    failureCode: row.failureCode ?? undefined,
    failureReason: row.failureReason ?? undefined,
    renewalProblem: row.renewalProblem ?? undefined,
    startsOn: row.startsOn ?? undefined,
    endsOn: row.endsOn ?? undefined,
    billingTo: { id: billingToId, number: billingToNumber, name: billingToName },
    endCustomer: { id: endCustomerId, number: endCustomerNumber, name: endCustomerName },
  }
}
