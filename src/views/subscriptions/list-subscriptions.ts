// Subscriptions and perpetual licences, newest first, for both kinds of actor.
import type { AccountId, OrderId, PlanId, ProductId, SubscriptionId } from '#kernel/ids.ts'
import { type Currency, type Money, money, type Price, price } from '#kernel/money.ts'
import type { BillingPlan } from '#kernel/term.ts'
import type { SubscriptionKind, SubscriptionProvisioning, SubscriptionState } from '#modules/subscriptions'
import { type Actor, assertMay, scopeOf } from '#modules/users'
import { type Database, reading, type Sql, type Tx } from '#platform/db.ts'
import { holdsWords, page, pageSize, readCursor, searchWords } from '../accounts/search-text.ts'
import type { Party } from '../orders/list-orders.ts'
import { isOf, isOfAccount } from '../whose.ts'

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

export type SubscriptionSearch = {
  /** A subscription's or an order's number, a SKU or product code, words of the product or of the end customer. */
  readonly q?: string | undefined
  readonly filter?: SubscriptionFilter | undefined
  readonly kind?: SubscriptionKind | undefined
  /** Paid by it, or for it. */
  readonly accountId?: AccountId | undefined
  readonly orderId?: OrderId | undefined
  readonly cursor?: string | undefined
  readonly limit?: number | undefined
}

type Row = Omit<
  SubscriptionRow,
  | 'billingTo'
  | 'endCustomer'
  | 'unitPrice'
  | 'net'
  | 'failureReason'
  | 'renewalProblem'
  | 'startsOn'
  | 'endsOn'
> & {
  currency: Currency
  unitPrice: string
  netMinor: bigint
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

export async function listSubscriptions(
  db: Database | Tx,
  actor: Actor,
  search: SubscriptionSearch = {},
): Promise<{ items: SubscriptionRow[]; nextCursor: string | undefined }> {
  assertMay(actor, 'see-assets')
  const size = pageSize(search.limit)
  const after = readCursor(search.cursor)
  const rows = await reading(
    db,
    scopeOf(actor),
    (sql) =>
      sql.many<Row>`
      select subscription.id, subscription.number, subscription.kind, subscription.name, subscription.sku, subscription.plan_id,
        subscription.product_id, subscription.term, subscription.billing_plan, subscription.quantity, subscription.order_id,
        sales_order.number as order_number, subscription.currency, subscription.unit_price, subscription.net_minor, subscription.state,
        subscription.provisioning, subscription.failure_reason, subscription.renewal_problem, subscription.auto_renew,
        subscription.cancel_requested_at is not null as is_cancelling, subscription.term_number, subscription.purchased_at,
        subscription.starts_on, subscription.ends_on,
        payer.id as billing_to_id, payer.number as billing_to_number, payer.name as billing_to_name,
        customer.id as end_customer_id, customer.number as end_customer_number, customer.name as end_customer_name
      from subscription
      join sales_order on sales_order.id = subscription.order_id
      join account payer on payer.id = subscription.billing_to_id
      join account customer on customer.id = subscription.end_customer_id
      where ${after ? sql.part`subscription.id < ${after.id}::uuid` : sql.part`true`}
        and ${matching(sql, search)}
        and ${filtered(sql, search.filter)}
      order by subscription.id desc limit ${size + 1}`,
  )
  const { items, nextCursor } = page(rows, size, () => '')
  return { items: items.map(subscriptionRowOf), nextCursor }
}

function matching(sql: Sql, { q, kind, accountId, orderId }: SubscriptionSearch): unknown {
  const words = searchWords(q)
  const text = q?.trim().slice(0, 100) ?? ''
  const found =
    words.length === 0
      ? sql.part`true`
      : sql.part`(subscription.number = upper(${text}) or subscription.sku = ${text}
          or subscription.order_id in (select id from sales_order where number = upper(${text}))
          or subscription.product_id in (select id from product where product.search like ${`%${words.join(' ')}%`} or product.code = upper(${text}))
          or subscription.end_customer_id in (select account.id from account where ${holdsWords(sql, words)}))`
  const parties = {
    payer: sql.part`subscription.billing_to_id`,
    endCustomer: sql.part`subscription.end_customer_id`,
  }
  return sql.part`${found} and ${isOfAccount(sql, parties, accountId)}
    and ${isOf(sql, sql.part`subscription.order_id`, orderId)}
    and ${kind ? sql.part`subscription.kind = ${kind}` : sql.part`true`}`
}

function filtered(sql: Sql, filter: SubscriptionFilter | undefined): unknown {
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
    case undefined:
      return sql.part`true`
  }
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
    failureReason: row.failureReason ?? undefined,
    renewalProblem: row.renewalProblem ?? undefined,
    startsOn: row.startsOn ?? undefined,
    endsOn: row.endsOn ?? undefined,
    billingTo: { id: billingToId, number: billingToNumber, name: billingToName },
    endCustomer: { id: endCustomerId, number: endCustomerNumber, name: endCustomerName },
  }
}
