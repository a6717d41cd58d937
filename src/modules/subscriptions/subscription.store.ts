// Every statement that writes subscription, subscription_amendment and subscription_attempt.

import { Refusal } from '#kernel/failure.ts'
import { type AccountId, type InstanceId, newId, type OrderId, type SubscriptionId } from '#kernel/ids.ts'
import { currency as currencyOf, money, price, priceText } from '#kernel/money.ts'
import type { Sql, Tx } from '#platform/db.ts'
import type { CancellationPolicy } from './cancellation.ts'
import type { Subscription } from './subscription.ts'

type Nullable<Fields extends keyof Subscription> = {
  [Field in Fields]: NonNullable<Subscription[Field]> | null
}

type Row = Omit<Subscription, 'unitPrice' | 'net' | 'vendor' | keyof NullableFields> &
  NullableFields & {
    readonly currency: string
    readonly unitPrice: string
    readonly netMinor: bigint
    readonly vendorOrderTry: number
    readonly vendorCartId: string | null
    readonly vendorOrderId: string | null
    readonly vendorSubscriptionId: string | null
  }
type NullableFields = Nullable<
  | 'failureCode'
  | 'failureReason'
  | 'retriedAt'
  | 'anchor'
  | 'startedAt'
  | 'startsOn'
  | 'endsOn'
  | 'cancellableUntil'
  | 'vendorAutoRenew'
  | 'vendorState'
  | 'renewalProblem'
  | 'cancelRequestedAt'
  | 'cancelledAt'
  | 'replacedByOrderId'
  | 'checkedAt'
>

function subscriptionOf(row: Row): Subscription {
  const {
    currency,
    unitPrice,
    netMinor,
    vendorOrderTry,
    vendorCartId,
    vendorOrderId,
    vendorSubscriptionId,
    ...rest
  } = row
  const code = currencyOf(currency)
  return {
    ...rest,
    unitPrice: price(unitPrice, code),
    net: money(netMinor, code),
    failureCode: row.failureCode ?? undefined,
    failureReason: row.failureReason ?? undefined,
    retriedAt: row.retriedAt ?? undefined,
    anchor: row.anchor ?? undefined,
    startedAt: row.startedAt ?? undefined,
    startsOn: row.startsOn ?? undefined,
    endsOn: row.endsOn ?? undefined,
    cancellableUntil: row.cancellableUntil ?? undefined,
    vendorAutoRenew: row.vendorAutoRenew ?? undefined,
    vendorState: row.vendorState ?? undefined,
    cancelRequestedAt: row.cancelRequestedAt ?? undefined,
    renewalProblem: row.renewalProblem ?? undefined,
    cancelledAt: row.cancelledAt ?? undefined,
    replacedByOrderId: row.replacedByOrderId ?? undefined,
    checkedAt: row.checkedAt ?? undefined,
    vendor: {
      orderTry: vendorOrderTry,
      cartId: vendorCartId ?? undefined,
      orderId: vendorOrderId ?? undefined,
      subscriptionId: vendorSubscriptionId ?? undefined,
    },
  }
}

/** Every column but `pricing`, which holds costs and which a portal's views may not read. */
const columns = (sql: Sql) => sql.part`
  id, number, order_id, order_item_id, billing_to_id, end_customer_id, product_id, plan_id, instance_id, kind, name, sku, term,
  billing_plan, quantity, currency, unit_price, net_minor, tax_basis_points, tax_category, tax_note, explanation, state, provisioning,
  failure_code, failure_reason, tries, retried_at, term_number, purchased_at, anchor, started_at, starts_on, ends_on, cancellable_until,
  auto_renew, vendor_auto_renew, cancel_requested_at, vendor_order_try, vendor_cart_id, vendor_order_id, vendor_subscription_id, vendor_state, renewal_problem, cancelled_at,
  replaced_by_order_id, checked_at, coalesce(vendor_customer_of, end_customer_id) as vendor_customer_of`

function found(row: Row | undefined, id: SubscriptionId): Subscription {
  if (!row) throw new Refusal('subscription/not-found', 'This subscription does not exist.', { id })
  return subscriptionOf(row)
}

export async function loadSubscription(sql: Sql, id: SubscriptionId): Promise<Subscription> {
  return found(await sql.maybe<Row>`select ${columns(sql)} from subscription where id = ${id}`, id)
}

/** Loads and locks: what follows is decided on what stands here. */
export async function lockSubscription(tx: Tx, id: SubscriptionId): Promise<Subscription> {
  return found(await tx.maybe<Row>`select ${columns(tx)} from subscription where id = ${id} for update`, id)
}

export async function listSubscriptionsOfOrder(sql: Sql, orderId: OrderId): Promise<Subscription[]> {
  const rows = await sql.many<Row>`
    select ${columns(sql)} from subscription where order_id = ${orderId} order by number`
  return rows.map(subscriptionOf)
}

/** The full explanation of the present term's price, costs included: for the seller and for flows. */
export async function loadPricing(tx: Tx, id: SubscriptionId): Promise<object> {
  return (await tx.one<{ pricing: object }>`select pricing from subscription where id = ${id}`).pricing
}

export type NewSubscription = Pick<
  Subscription,
  | 'id'
  | 'orderId'
  | 'orderItemId'
  | 'billingToId'
  | 'endCustomerId'
  | 'productId'
  | 'planId'
  | 'instanceId'
  | 'kind'
  | 'name'
  | 'sku'
  | 'term'
  | 'billingPlan'
  | 'quantity'
  | 'unitPrice'
  | 'net'
  | 'taxBasisPoints'
  | 'taxCategory'
  | 'taxNote'
  | 'explanation'
  | 'purchasedAt'
> & { readonly pricing: object }

/** All subscriptions of an order in one statement; numbers come from the sequence. Auto-renew is on where there is a next term. */
export async function insertSubscriptions(tx: Tx, subscriptions: readonly NewSubscription[]): Promise<void> {
  if (subscriptions.length === 0) return
  const rows = subscriptions.map(({ unitPrice, net, purchasedAt, ...rest }) => ({
    ...rest,
    currency: net.currency,
    unitPrice: priceText(unitPrice),
    netMinor: net.amountMinor.toString(),
    purchasedAt: purchasedAt.toString(),
  }))
  await tx.run`
    insert into subscription (id, number, order_id, order_item_id, billing_to_id, end_customer_id, product_id, plan_id, instance_id, kind,
      name, sku, term, billing_plan, quantity, currency, unit_price, net_minor, tax_basis_points, tax_category, tax_note, explanation,
      pricing, auto_renew, purchased_at)
    select id, 'SUB-' || (100000 + nextval('subscription_number')), "orderId", "orderItemId", "billingToId", "endCustomerId", "productId",
      "planId", "instanceId", kind, name, sku, term, "billingPlan", quantity, currency, "unitPrice", "netMinor", "taxBasisPoints",
      "taxCategory", "taxNote", explanation, pricing, kind = 'subscription', "purchasedAt"
    from jsonb_to_recordset(${tx.json(rows)}) as given (id uuid, "orderId" uuid, "orderItemId" uuid, "billingToId" uuid,
      "endCustomerId" uuid, "productId" uuid, "planId" uuid, "instanceId" uuid, kind text, name text, sku text, term text,
      "billingPlan" text, quantity int, currency text, "unitPrice" numeric, "netMinor" bigint, "taxBasisPoints" int, "taxCategory" text,
      "taxNote" text, explanation jsonb, pricing jsonb, "purchasedAt" timestamptz)`
}

/** Saves everything that moves; the caller holds the lock. What was bought and from whom never moves. */
export async function saveSubscription(tx: Tx, subscription: Subscription): Promise<void> {
  const s = subscription
  await tx.run`
    update subscription set unit_price = ${priceText(s.unitPrice)}, net_minor = ${s.net.amountMinor}, tax_basis_points = ${s.taxBasisPoints},
      tax_category = ${s.taxCategory}, tax_note = ${s.taxNote}, explanation = ${tx.json(s.explanation)}, state = ${s.state},
      provisioning = ${s.provisioning}, failure_code = ${s.failureCode ?? null}, failure_reason = ${s.failureReason ?? null},
      tries = ${s.tries}, retried_at = ${s.retriedAt ?? null}, term_number = ${s.termNumber}, anchor = ${s.anchor ?? null},
      started_at = ${s.startedAt ?? null}, starts_on = ${s.startsOn ?? null}, ends_on = ${s.endsOn ?? null},
      cancellable_until = ${s.cancellableUntil ?? null}, auto_renew = ${s.autoRenew}, vendor_auto_renew = ${s.vendorAutoRenew ?? null},
      cancel_requested_at = ${s.cancelRequestedAt ?? null}, vendor_order_try = ${s.vendor.orderTry}, vendor_cart_id = ${s.vendor.cartId ?? null}, vendor_order_id = ${s.vendor.orderId ?? null},
      vendor_subscription_id = ${s.vendor.subscriptionId ?? null}, vendor_state = ${s.vendorState ?? null}, renewal_problem = ${s.renewalProblem ?? null},
      cancelled_at = ${s.cancelledAt ?? null}, checked_at = ${s.checkedAt ?? null}
    where id = ${s.id}`
}

/** Which order took the place of a subscription that was dropped. */
export async function saveReplacement(tx: Tx, id: SubscriptionId, orderId: OrderId): Promise<void> {
  await tx.run`update subscription set replaced_by_order_id = ${orderId} where id = ${id}`
}

export type VendorCost = {
  /** Of one licence for the term, exact decimal, as the vendor's cart said. */
  readonly unitCost: string
  readonly currency: string
  /** Up to here somebody decided to go on, although it is above tolerance. */
  readonly acceptedUnitCost: string | undefined
}

export async function findVendorCost(tx: Tx, id: SubscriptionId): Promise<VendorCost | undefined> {
  const row = await tx.maybe<{ unitCost: string | null; currency: string; acceptedUnitCost: string | null }>`
    select vendor_unit_cost::text as unit_cost, vendor_cost_currency as currency, accepted_unit_cost::text as accepted_unit_cost
    from subscription where id = ${id}`
  return row?.unitCost
    ? { unitCost: row.unitCost, currency: row.currency, acceptedUnitCost: row.acceptedUnitCost ?? undefined }
    : undefined
}

export async function saveVendorCost(
  tx: Tx,
  id: SubscriptionId,
  cost: { readonly unitCost: string; readonly currency: string },
): Promise<void> {
  await tx.run`
    update subscription set vendor_unit_cost = ${cost.unitCost}, vendor_cost_currency = ${cost.currency} where id = ${id}`
}

/** The decision to go on at the cost the vendor named last. */
export async function acceptVendorCost(tx: Tx, id: SubscriptionId): Promise<void> {
  await tx.run`update subscription set accepted_unit_cost = vendor_unit_cost where id = ${id}`
}

/** Calls of one kind since a moment whose fate is unknown, or that were answered busy: what must be looked up first. */
export async function listAttempts(
  sql: Sql,
  subscriptionId: SubscriptionId,
  kind: AttemptKind,
): Promise<{ outcome: string | undefined; startedAt: Temporal.Instant }[]> {
  const rows = await sql.many<{ outcome: string | null; startedAt: Temporal.Instant }>`
    select outcome, started_at from subscription_attempt where subscription_id = ${subscriptionId} and kind = ${kind} order by id`
  return rows.map((row) => ({ ...row, outcome: row.outcome ?? undefined }))
}

/**
 * True when the present cart may have become an order of which nobody knows yet. A cart the vendor refused, or whose order was looked for
 * long enough, is forgotten.
 */
export async function mayBeOrdered(
  sql: Sql,
  { id, vendor }: Pick<Subscription, 'id' | 'vendor'>,
): Promise<boolean> {
  if (vendor.orderId) return true
  if (!vendor.cartId) return false
  const lost = await sql.maybe`
    select 1 from subscription_attempt checkout where subscription_id = ${id} and kind = 'checkout'
      and (outcome is null or outcome in ('outage', 'busy', 'rebuild'))
      and not exists (select 1 from subscription_attempt cart where cart.subscription_id = ${id} and cart.kind = 'cart'
        and cart.outcome = 'priced' and cart.id > checkout.id)
    limit 1`
  return lost !== undefined
}

/** True once the vendor has been asked to cancel it as it was wished at that moment. */
export async function wasCancellationAsked(
  sql: Sql,
  id: SubscriptionId,
  requestedAt: Temporal.Instant,
): Promise<boolean> {
  const asked = await sql.maybe`
    select 1 from subscription_attempt where subscription_id = ${id} and kind = 'cancel' and started_at >= ${requestedAt} limit 1`
  return asked !== undefined
}

/** The full explanation of a new term's price takes the place of the last one's, which stays with its invoice lines. */
export async function savePricing(tx: Tx, id: SubscriptionId, pricing: object): Promise<void> {
  await tx.run`update subscription set pricing = ${tx.json(pricing)} where id = ${id}`
}

export type Amendment = {
  readonly subscriptionId: SubscriptionId
  readonly at: Temporal.Instant
  readonly kind:
    | 'ordered'
    | 'activated'
    | 'auto-renew'
    | 'cancellation'
    | 'cancelled'
    | 'refused'
    | 'renewed'
    | 'renewal-problem'
    | 'expired'
    | 'dropped'
    | 'note'
  readonly text: string
  /** Why, where a vendor or our own rules refused: for the seller's people, and for a buyer where its code says so. */
  readonly reason?: string
  readonly reasonCode?: string
  readonly actor?: string
  readonly before?: object
  readonly after?: object
}

export async function insertAmendments(tx: Tx, amendments: readonly Amendment[]): Promise<void> {
  if (amendments.length === 0) return
  const rows = amendments.map((each) => ({ ...each, id: newId<SubscriptionId>(), at: each.at.toString() }))
  await tx.run`
    insert into subscription_amendment (id, subscription_id, at, kind, text, reason, reason_code, actor, before, after)
    select id, "subscriptionId", at, kind, text, reason, "reasonCode", coalesce(actor, ''), before, after
    from jsonb_to_recordset(${tx.json(rows)}) as given (id uuid, "subscriptionId" uuid, at timestamptz, kind text, text text,
      reason text, "reasonCode" text, actor text, before jsonb, after jsonb)`
}

/** The record's history, oldest first. */
export async function listAmendments(sql: Sql, subscriptionId: SubscriptionId): Promise<Amendment[]> {
  const rows = await sql.many<
    Omit<Amendment, 'reason' | 'reasonCode' | 'before' | 'after'> & {
      reason: string | null
      reasonCode: string | null
      before: object | null
      after: object | null
    }
  >`
    select subscription_id, at, kind, text, reason, reason_code, actor, before, after from subscription_amendment
    where subscription_id = ${subscriptionId} order by id`
  return rows.map(({ reason, reasonCode, before, after, ...row }) => ({
    ...row,
    ...(reason ? { reason } : {}),
    ...(reasonCode ? { reasonCode } : {}),
    ...(before ? { before } : {}),
    ...(after ? { after } : {}),
  }))
}

export type AttemptKind =
  | 'cart'
  | 'read-cart'
  | 'checkout'
  | 'find-order'
  | 'read-order'
  | 'read-subscription'
  | 'cancel'
  | 'auto-renew'

/**
 * Writes a call down before it is made and answers the id it carries: the same as the last call of its kind while that one's fate is
 * unknown, a new one once any answer was received.
 */
export async function beginAttempt(
  tx: Tx,
  subscriptionId: SubscriptionId,
  kind: AttemptKind,
  at: Temporal.Instant,
): Promise<{ attemptId: string; callId: string }> {
  const last = await tx.maybe<{ callId: string; isUnknown: boolean }>`
    select call_id, outcome is null or outcome = 'outage' as is_unknown from subscription_attempt
    where subscription_id = ${subscriptionId} and kind = ${kind} order by id desc limit 1`
  const attemptId: string = newId<SubscriptionId>()
  const callId = last?.isUnknown ? last.callId : attemptId
  await tx.run`
    insert into subscription_attempt (id, subscription_id, kind, call_id, started_at)
    values (${attemptId}, ${subscriptionId}, ${kind}, ${callId}, ${at})`
  return { attemptId, callId }
}

/** `outcome`: `outage` where nobody knows whether it happened; anything else is an answer. */
export async function endAttempt(
  tx: Tx,
  attemptId: string,
  outcome: string,
  detail: string,
  at: Temporal.Instant,
): Promise<void> {
  await tx.run`
    update subscription_attempt set ended_at = ${at}, outcome = ${outcome}, detail = ${detail.slice(0, 1000)} where id = ${attemptId}`
}

/** Every one there ever was, the earliest of each kind first. */
export async function loadCancellationPolicies(sql: Sql): Promise<CancellationPolicy[]> {
  const rows = await sql.many<
    Omit<CancellationPolicy, 'validFrom'> & { readonly validFrom: Temporal.Instant | null }
  >`
    select kind, window_hours, full_refund_hours, executes_by_itself, nullif(valid_from, '-infinity') as valid_from
    from cancellation_policy order by kind, cancellation_policy.valid_from`
  return rows.map((row) => ({ ...row, validFrom: row.validFrom ?? undefined }))
}

/** What held before stays for the terms that began with it. */
export async function insertCancellationPolicy(
  tx: Tx,
  policy: CancellationPolicy & { readonly validFrom: Temporal.Instant },
  changedBy: string,
): Promise<void> {
  await tx.run`
    insert into cancellation_policy (kind, valid_from, window_hours, full_refund_hours, executes_by_itself, changed_by)
    values (${policy.kind}, ${policy.validFrom}, ${policy.windowHours}, ${policy.fullRefundHours}, ${policy.executesByItself},
      ${changedBy})`
}

/** Locks every subscription an account is part of, in the order of their ids. */
export async function lockSubscriptionsOf(tx: Tx, accountId: AccountId): Promise<void> {
  await tx.run`
    select 1 from subscription where billing_to_id = ${accountId} or end_customer_id = ${accountId} order by id for no key update`
}

/** Orders of subscriptions that are not there yet, or that are being cancelled. */
export async function listOrdersOfOpenSubscriptions(sql: Sql, accountId: AccountId): Promise<OrderId[]> {
  const rows = await sql.many<{ orderId: OrderId }>`
    select distinct order_id from subscription
    where (billing_to_id = ${accountId} or end_customer_id = ${accountId})
      and (state = 'ordered' or (state = 'active' and cancel_requested_at is not null))
    order by order_id limit 20`
  return rows.map(({ orderId }) => orderId)
}

/** `identityMovedAt`: where the vendor's customer is the other account's now; elsewhere they stay with the customer they live under. */
export async function moveSubscriptions(
  tx: Tx,
  from: AccountId,
  into: AccountId,
  identityMovedAt: readonly InstanceId[],
): Promise<void> {
  await tx.run`
    update subscription set vendor_customer_of = case
        when coalesce(vendor_customer_of, ${from}::uuid) <> ${from}::uuid then vendor_customer_of
        when instance_id = any (${[...identityMovedAt]}::uuid[]) then null
        else ${from}::uuid end,
      end_customer_id = ${into}
    where end_customer_id = ${from}`
  await tx.run`update subscription set billing_to_id = ${into} where billing_to_id = ${from}`
}
