// A licence or a subscription that could not be delivered is replaced: it is given up, and an order of one line takes its place, of
// whatever plan, priced now and executed at once. An order of its own, because the prices of an order never move again, and because what
// is delivered is invoiced when it is delivered: the invoice of the first order holds what that one delivered. All of it is one
// transaction, or nothing.
import { invariant, Refusal } from '#kernel/failure.ts'
import type { AccountId, AssetId, OrderId, OrderItemId, PlanId, SubscriptionId } from '#kernel/ids.ts'
import { add, type Money, moneyText, negate } from '#kernel/money.ts'
import { type Asset, saveReplacement as saveOfLicence } from '#modules/assets'
import { recordAudit } from '#modules/audit'
import {
  type Channel,
  insertEvents,
  listItemsOfOrder,
  loadOrder,
  type Order,
  type OrderItem,
} from '#modules/orders'
import {
  insertAmendments,
  type Subscription,
  saveReplacement as saveOfSubscription,
} from '#modules/subscriptions'
import { assertMay, mayDo, type Staff, scopeOf } from '#modules/users'
import { type Tx, transaction } from '#platform/db.ts'
import type { App } from '../app.ts'
import { closeLicence, lockInOrder, readReason, tellCustomer } from '../provisioning/give-up-licence.ts'
import {
  closeSubscription,
  lockInOrder as lockSubscriptionInOrder,
  tellOfDropping,
} from '../subscriptions/repair-subscription.ts'
import { executeOrder } from './execute-order.ts'
import { placeOnBehalf } from './place-on-behalf.ts'

type Needs = Pick<App, 'db' | 'now' | 'secrets' | 'connectors' | 'settings'>

/** What takes the place of what failed. */
export type Replacement = {
  readonly planId: PlanId
  /** As many as failed, where it is not said. */
  readonly quantity?: unknown
  readonly reason: string
  /** What it costs, without VAT, as whoever agrees to the difference has seen it: `629.00`. */
  readonly agreedNet?: string | undefined
  readonly belowCostReason?: string | undefined
  readonly overCreditReason?: string | undefined
  readonly channel?: Channel
}

/** Refuses with `order/replacement-price` where the new price is not the one that was agreed to; says both. */
export function replaceLicence(
  app: Needs,
  actor: Staff,
  { assetId, ...replacement }: Replacement & { readonly assetId: AssetId },
): Promise<Order> {
  return replace(app, actor, licences, assetId, replacement)
}

/** The same; refused like dropping once the vendor has an order of it, or may have. */
export function replaceSubscription(
  app: Needs,
  actor: Staff,
  { subscriptionId, ...replacement }: Replacement & { readonly subscriptionId: SubscriptionId },
): Promise<Order> {
  return replace(app, actor, subscriptions, subscriptionId, replacement)
}

type Failed = {
  readonly number: string
  readonly orderId: OrderId
  readonly orderItemId: OrderItemId
  readonly billingToId: AccountId
  readonly replacedByOrderId: OrderId | undefined
}

/** What each kind of record does in its own way. */
type Kind<Id, Record extends Failed> = {
  readonly type: 'asset' | 'subscription'
  lock(tx: Tx, id: Id): Promise<Record>
  close(tx: Tx, app: Needs, actor: Staff, before: Record, reason: string): Promise<Record>
  save(tx: Tx, record: Record, by: Order, note: { at: Temporal.Instant; actor: string }): Promise<void>
  tell(tx: Tx, app: Needs, record: Record, reason: string, replacementNumber: string): Promise<void>
}

const licences: Kind<AssetId, Asset> = {
  type: 'asset',
  lock: lockInOrder,
  close: closeLicence,
  save: (tx, { id }, by) => saveOfLicence(tx, id, by.id),
  tell: tellCustomer,
}

const subscriptions: Kind<SubscriptionId, Subscription> = {
  type: 'subscription',
  lock: lockSubscriptionInOrder,
  close: closeSubscription,
  async save(tx, { id }, by, note) {
    await saveOfSubscription(tx, id, by.id)
    await insertAmendments(tx, [
      { ...note, subscriptionId: id, kind: 'note', text: `Order ${by.number} takes its place.` },
    ])
  },
  tell: tellOfDropping,
}

async function replace<Id extends AssetId | SubscriptionId, Record extends Failed>(
  app: Needs,
  actor: Staff,
  kind: Kind<Id, Record>,
  id: Id,
  { planId, quantity, agreedNet, belowCostReason, overCreditReason, ...input }: Replacement,
): Promise<Order> {
  assertMay(actor, 'order-on-behalf')
  assertMay(actor, 'execute-orders')
  const reason = readReason(input.reason)
  return transaction(app.db, scopeOf(actor), async (tx) => {
    const inside = { ...app, db: tx }
    const before = await kind.lock(tx, id)
    // A second click: there is one replacement.
    if (before.replacedByOrderId) return loadOrder(tx, before.replacedByOrderId)
    const order = await loadOrder(tx, before.orderId)
    const item = (await listItemsOfOrder(tx, order)).find((each) => each.id === before.orderItemId)
    invariant(item, 'what failed has its order item')
    // Given up first: its credit is free for what takes its place.
    const closed = await kind.close(tx, app, actor, before, reason)
    const placed = await namingFields(actor, () =>
      placeOnBehalf(inside, actor, {
        endCustomerId: order.endCustomerId,
        lines: [{ planId, quantity: quantity ?? item.quantity }],
        reference: order.reference,
        belowCostReason,
        ...(input.channel ? { channel: input.channel } : {}),
      }),
    )
    assertAgreed(item, placed.net, agreedNet)
    const executed = await executeOrder(inside, actor, {
      orderId: placed.id,
      belowCostReason,
      overCreditReason,
    })
    const at = app.now()
    await kind.save(tx, closed, executed, { at, actor: actor.name })
    await kind.tell(tx, app, closed, reason, executed.number)
    const note = { at, kind: 'note' as const, actor: actor.name }
    await insertEvents(tx, [
      { ...note, orderId: order.id, text: `${closed.number}: order ${executed.number} takes its place.` },
      {
        ...note,
        orderId: executed.id,
        text: `Takes the place of ${closed.number} of order ${order.number}.`,
      },
    ])
    await recordAudit(tx, {
      at,
      actor,
      action: `${kind.type}/replaced`,
      subjectType: kind.type,
      subjectId: id,
      accountId: closed.billingToId,
      before: { order: order.number, net: moneyText(item.net) },
      after: { order: executed.number, net: moneyText(executed.net), currency: executed.currency },
    })
    return executed
  })
}

/** What is wrong with the one line is said of the fields that were given; below cost of the approval, to those who may give it. */
async function namingFields<Result>(actor: Staff, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const whole = mayDo(actor, 'approve-below-cost') ? '/belowCostReason' : '/planId'
    const faults = error.errors.map((fault) => ({
      ...fault,
      pointer: fault.pointer.replace(/^\/lines\/0(\/\w+)?$/, (_, field) => field ?? whole),
    }))
    throw new Refusal(error.code, error.message, error.details, faults)
  }
}

function assertAgreed({ net }: Pick<OrderItem, 'net'>, now: Money, agreed: string | undefined): void {
  if (agreed?.trim() === moneyText(now)) return
  const said = (amount: Money) => `${moneyText(amount)} ${amount.currency}`
  const isSameCurrency = net.currency === now.currency
  const difference = isSameCurrency ? add(now, negate(net)) : undefined
  throw new Refusal(
    'order/replacement-price',
    `Without VAT the new order costs ${said(now)}, what failed was ${said(net)}${difference ? `: a difference of ${said(difference)}` : ''}. Agree to the new price, or choose something else.`,
    { before: said(net), now: said(now), agreedNet: moneyText(now) },
  )
}
