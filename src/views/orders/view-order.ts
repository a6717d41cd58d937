// One order: its items with the licence of each, the timeline of every step, attempt and mail, and its invoices. Costs only for
// the seller's people who may see them; a portal's statement does not even name that column.
import { Refusal } from '#kernel/failure.ts'
import {
  type AssetId,
  type InvoiceId,
  isId,
  type OrderId,
  type OrderItemId,
  type PlanId,
  type ProductId,
  type SubscriptionId,
} from '#kernel/ids.ts'
import { type Currency, type Money, money, type Price, price } from '#kernel/money.ts'
import type { AssetState, Provisioning } from '#modules/assets'
import { findWait, type InvoiceWait } from '#modules/invoicing'
import {
  type DeliveryCounts,
  loadOrder,
  type Order,
  type OrderState,
  type Progress,
  progressOf,
} from '#modules/orders'
import type { SubscriptionProvisioning, SubscriptionState } from '#modules/subscriptions'
import { type Actor, assertMay, mayDo, scopeOf } from '#modules/users'
import { type Database, reading, type Sql, type Tx } from '#platform/db.ts'
import { readableFailure } from '../readable.ts'
import { type NumberedOrder, numberedOrder, type Party } from './list-orders.ts'
import { listSteps, type Step } from './order-steps.ts'

export type OrderLicence = {
  readonly id: AssetId
  readonly number: string
  readonly state: AssetState
  readonly provisioning: Provisioning
  readonly isAwaitingKey: boolean
  readonly failureCode: string | undefined
  readonly failureReason: string | undefined
  readonly givenUpBecause: string | undefined
  readonly givenUpBy: string | undefined
  readonly replacedBy: NumberedOrder | undefined
  readonly tries: number
  readonly keyMask: string | undefined
}

export type OrderSubscription = {
  readonly id: SubscriptionId
  readonly number: string
  readonly state: SubscriptionState
  readonly provisioning: SubscriptionProvisioning
  readonly failureCode: string | undefined
  readonly failureReason: string | undefined
  readonly droppedBecause: string | undefined
  readonly droppedBy: string | undefined
  readonly replacedBy: NumberedOrder | undefined
  readonly tries: number
}

export type OrderItemView = {
  readonly id: OrderItemId
  readonly position: number
  readonly planId: PlanId
  readonly productId: ProductId
  readonly name: string
  readonly sku: string
  readonly quantity: number
  readonly unitPrice: Price
  /** Undefined for everybody who may not see costs. */
  readonly unitCost: Price | undefined
  readonly net: Money
  readonly tax: Money
  readonly taxBasisPoints: number
  readonly isForResale: boolean
  readonly explanation: object
  /** The full explanation; undefined for everybody who may not see costs, and for orders from before there was one. */
  readonly pricing: object | undefined
  /** Of an ESD licence; undefined until the order is executed. */
  readonly licence: OrderLicence | undefined
  /** Of software; undefined until the order is executed. */
  readonly subscription: OrderSubscription | undefined
}

export type OrderInvoice = {
  readonly id: InvoiceId
  readonly kind: 'invoice' | 'credit'
  readonly number: string
  readonly total: Money
  readonly issueDate: Temporal.PlainDate
}

export type SubOrder = NumberedOrder & { readonly state: OrderState; readonly total: Money }

export type OrderView = {
  readonly order: Order
  readonly billingTo: Party
  readonly endCustomer: Party
  /** Those of the two that are blocked: for them nothing is executed. */
  readonly blocked: readonly Party[]
  /** Empty where the asker cannot see that person. */
  readonly placedByName: string
  readonly items: readonly OrderItemView[]
  readonly licences: DeliveryCounts
  readonly subscriptions: DeliveryCounts
  readonly progress: Progress
  /** Oldest first. */
  readonly timeline: readonly Step[]
  readonly invoices: readonly OrderInvoice[]
  /** Of a sub-order: the order its items were agreed in. */
  readonly splitFrom: NumberedOrder | undefined
  /** Orders some of its items were executed in before the others, oldest first. */
  readonly subOrders: readonly SubOrder[]
  /** Why it is not invoiced yet; for the seller. */
  readonly invoiceWait: InvoiceWait | undefined
  readonly seesCosts: boolean
}

export async function viewOrder(db: Database | Tx, actor: Actor, ask: { id: OrderId }): Promise<OrderView> {
  assertMay(actor, 'see-orders')
  if (!isId(ask.id)) throw new Refusal('order/not-found', 'This order does not exist.')
  const seesCosts = actor.kind !== 'portal' && mayDo(actor, 'see-costs')
  return reading(db, scopeOf(actor), async (sql) => {
    const order = await loadOrder(sql, ask.id)
    const [parties, items, timeline, invoices, parts, invoiceWait] = await Promise.all([
      loadParties(sql, order),
      listItems(sql, order, actor, seesCosts),
      listSteps(sql, actor, order.id),
      listInvoices(sql, order),
      listParts(sql, order),
      actor.kind === 'portal' ? undefined : findWait(sql, order.id),
    ])
    const licences = countsOf(items.flatMap((item) => item.licence ?? []))
    const subscriptions = countsOf(items.flatMap((item) => item.subscription ?? []))
    return {
      order,
      ...parties,
      items,
      licences,
      subscriptions,
      progress: progressOf(order, licences, subscriptions),
      timeline,
      invoices,
      ...parts,
      invoiceWait,
      seesCosts,
    }
  })
}

function countsOf(
  made: readonly { readonly provisioning: string; readonly state: string }[],
): DeliveryCounts {
  const count = (isSo: (each: { provisioning: string; state: string }) => boolean) => made.filter(isSo).length
  return {
    total: made.length,
    delivered: count(({ provisioning }) => provisioning === 'synchronized'),
    failed: count(
      ({ provisioning, state }) => provisioning === 'failed' && (state === 'active' || state === 'ordered'),
    ),
    cancelled: count(({ state }) => state === 'cancelled' || state === 'dropped'),
    givenUp: count(
      ({ provisioning, state }) =>
        state === 'dropped' || (state === 'cancelled' && provisioning === 'failed'),
    ),
  }
}

async function loadParties(
  sql: Sql,
  order: Order,
): Promise<Pick<OrderView, 'billingTo' | 'endCustomer' | 'placedByName' | 'blocked'>> {
  const row = await sql.one<{
    payerNumber: string
    payerName: string
    number: string
    name: string
    isPayerBlocked: boolean
    isCustomerBlocked: boolean
    placedBy: string | null
  }>`
    select payer.number as payer_number, payer.name as payer_name, customer.number, customer.name,
      payer.state = 'blocked' as is_payer_blocked, customer.state = 'blocked' as is_customer_blocked,
      (select app_user.name from app_user where app_user.id = ${order.placedBy}) as placed_by
    from account payer, account customer where payer.id = ${order.billingToId} and customer.id = ${order.endCustomerId}`
  const billingTo = { id: order.billingToId, number: row.payerNumber, name: row.payerName }
  const endCustomer = { id: order.endCustomerId, number: row.number, name: row.name }
  const isOwn = billingTo.id === endCustomer.id
  return {
    billingTo,
    endCustomer,
    blocked: [
      ...(row.isCustomerBlocked ? [endCustomer] : []),
      ...(row.isPayerBlocked && !isOwn ? [billingTo] : []),
    ],
    placedByName: row.placedBy ?? '',
  }
}

type ItemRow = {
  id: OrderItemId
  position: number
  planId: PlanId
  productId: ProductId
  name: string
  sku: string
  quantity: number
  unitPrice: string
  unitCost: string | null
  netMinor: bigint
  taxMinor: bigint
  taxBasisPoints: number
  isForResale: boolean
  explanation: object
  pricing: object | null
  assetId: AssetId | null
  assetNumber: string
  assetState: AssetState
  provisioning: Provisioning
  isAwaitingKey: boolean
  failureCode: string | null
  failureReason: string | null
  givenUpBecause: string | null
  givenUpBy: string | null
  replacedByOrderId: OrderId | null
  replacedByNumber: string | null
  tries: number
  keyMask: string | null
  subscriptionId: SubscriptionId | null
  subscriptionNumber: string
  subscriptionState: SubscriptionState
  subscriptionProvisioning: SubscriptionProvisioning
  subscriptionFailureCode: string | null
  subscriptionFailure: string | null
  droppedBecause: string | null
  droppedBy: string | null
  subscriptionTries: number
}

async function listItems(
  sql: Sql,
  order: { id: OrderId; currency: Currency },
  actor: Actor,
  seesCosts: boolean,
): Promise<OrderItemView[]> {
  const rows = await sql.many<ItemRow>`
    select item.id, item.position, item.plan_id, item.product_id, item.name, item.sku, item.quantity, item.unit_price,
      ${seesCosts ? sql.part`item.unit_cost` : sql.part`null::numeric as unit_cost`}, item.net_minor, item.tax_minor,
      item.tax_basis_points, item.is_for_resale, item.explanation,
      ${seesCosts ? sql.part`item.pricing` : sql.part`null::jsonb as pricing`}, asset.id as asset_id, asset.number as asset_number,
      asset.state as asset_state, asset.provisioning, asset.is_awaiting_key, asset.failure_code, asset.failure_reason,
      asset.given_up_because, asset.given_up_by, asset.tries, asset.key_mask,
      replacement.id as replaced_by_order_id, replacement.number as replaced_by_number,
      subscription.id as subscription_id, subscription.number as subscription_number, subscription.state as subscription_state,
      subscription.provisioning as subscription_provisioning, subscription.failure_code as subscription_failure_code,
      subscription.failure_reason as subscription_failure, subscription.tries as subscription_tries,
      dropped.text as dropped_because, dropped.actor as dropped_by
    from order_item item
    left join asset on asset.order_item_id = item.id
    left join subscription on subscription.order_item_id = item.id
    left join lateral (
      select text, actor from subscription_amendment amendment
      where subscription.state = 'dropped' and amendment.subscription_id = subscription.id and amendment.kind = 'dropped' limit 1
    ) dropped on true
    left join sales_order replacement
      on replacement.id = coalesce(asset.replaced_by_order_id, subscription.replaced_by_order_id)
    where item.order_id = ${order.id} order by item.position`
  return rows.map((row) => ({
    id: row.id,
    position: row.position,
    planId: row.planId,
    productId: row.productId,
    name: row.name,
    sku: row.sku,
    quantity: row.quantity,
    unitPrice: price(row.unitPrice, order.currency),
    unitCost: row.unitCost === null ? undefined : price(row.unitCost, order.currency),
    net: money(row.netMinor, order.currency),
    tax: money(row.taxMinor, order.currency),
    taxBasisPoints: row.taxBasisPoints,
    isForResale: row.isForResale,
    explanation: row.explanation,
    pricing: row.pricing ?? undefined,
    licence: row.assetId
      ? readableFailure(actor, {
          id: row.assetId,
          number: row.assetNumber,
          state: row.assetState,
          provisioning: row.provisioning,
          isAwaitingKey: row.isAwaitingKey,
          failureCode: row.failureCode ?? undefined,
          failureReason: row.failureReason ?? undefined,
          givenUpBecause: row.givenUpBecause ?? undefined,
          givenUpBy: row.givenUpBy ?? undefined,
          replacedBy: numberedOrder(row.replacedByOrderId, row.replacedByNumber),
          tries: row.tries,
          keyMask: row.keyMask ?? undefined,
        })
      : undefined,
    subscription: row.subscriptionId
      ? readableFailure(actor, {
          id: row.subscriptionId,
          number: row.subscriptionNumber,
          state: row.subscriptionState,
          provisioning: row.subscriptionProvisioning,
          failureCode: row.subscriptionFailureCode ?? undefined,
          failureReason: row.subscriptionFailure ?? undefined,
          droppedBecause: row.droppedBecause ?? undefined,
          droppedBy: row.droppedBy ?? undefined,
          replacedBy: numberedOrder(row.replacedByOrderId, row.replacedByNumber),
          tries: row.subscriptionTries,
        })
      : undefined,
  }))
}

/** Both have the parties of the order, so who sees one sees the others. */
async function listParts(sql: Sql, order: Order): Promise<Pick<OrderView, 'splitFrom' | 'subOrders'>> {
  const rows = await sql.many<NumberedOrder & { state: OrderState; totalMinor: bigint; isOrigin: boolean }>`
    select id, number, state, total_minor, id = ${order.splitFromId ?? null}::uuid as is_origin from sales_order
    where id = ${order.splitFromId ?? null}::uuid or split_from_id = ${order.id} order by id`
  const origin = rows.find(({ isOrigin }) => isOrigin)
  return {
    splitFrom: origin && { id: origin.id, number: origin.number },
    subOrders: rows
      .filter(({ isOrigin }) => !isOrigin)
      .map(({ id, number, state, totalMinor }) => ({
        id,
        number,
        state,
        total: money(totalMinor, order.currency),
      })),
  }
}

async function listInvoices(sql: Sql, order: { id: OrderId; currency: Currency }): Promise<OrderInvoice[]> {
  const rows = await sql.many<Omit<OrderInvoice, 'total'> & { totalMinor: bigint }>`
    select id, kind, number, total_minor, issue_date from invoice
    where order_id = ${order.id} and state = 'issued' order by issued_at, id`
  return rows.map(({ totalMinor, ...row }) => ({ ...row, total: money(totalMinor, order.currency) }))
}
