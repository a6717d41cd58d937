// A licence that could not be delivered is replaced by another product: it is given up, and an order of one line takes its place, priced
// now and executed at once. An order of its own, because the prices of an order never move again, and because what is delivered is
// invoiced when it is delivered: the invoice of the first order holds what that one delivered. All of it is one transaction, or nothing.
import { invariant, Refusal } from '#kernel/failure.ts'
import type { AssetId, PlanId } from '#kernel/ids.ts'
import { add, type Money, moneyText, negate } from '#kernel/money.ts'
import { saveReplacement } from '#modules/assets'
import { recordAudit } from '#modules/audit'
import { listOffers } from '#modules/catalogue'
import { insertEvents, listItemsOfOrder, loadOrder, type Order, type OrderItem } from '#modules/orders'
import { assertMay, type Staff, scopeOf } from '#modules/users'
import { type Tx, transaction } from '#platform/db.ts'
import type { App } from '../app.ts'
import { closeLicence, lockInOrder, readReason, tellCustomer } from '../provisioning/give-up-licence.ts'
import { executeOrder } from './execute-order.ts'
import { placeOnBehalf } from './place-on-behalf.ts'

/** Refuses with `order/replacement-price` where the new price is not the one that was agreed to; says both. */
export async function replaceLicence(
  app: Pick<App, 'db' | 'now' | 'secrets' | 'connectors' | 'settings'>,
  actor: Staff,
  input: {
    readonly assetId: AssetId
    readonly planId: PlanId
    readonly reason: string
    /** What the new one costs, without VAT, as whoever agrees to the difference has seen it: `629.00`. */
    readonly agreedNet?: string | undefined
    readonly belowCostReason?: string | undefined
    readonly overCreditReason?: string | undefined
  },
): Promise<Order> {
  assertMay(actor, 'order-on-behalf')
  assertMay(actor, 'execute-orders')
  const reason = readReason(input.reason)
  return transaction(app.db, scopeOf(actor), async (tx) => {
    const inside = { ...app, db: tx }
    const before = await lockInOrder(tx, input.assetId)
    // A second click: there is one replacement.
    if (before.replacedByOrderId) return loadOrder(tx, before.replacedByOrderId)
    const order = await loadOrder(tx, before.orderId)
    const item = (await listItemsOfOrder(tx, order)).find(({ id }) => id === before.orderItemId)
    invariant(item, 'a licence has its order item')
    await assertLicence(tx, input.planId, order)
    // Given up first: its credit is free for what takes its place.
    const closed = await closeLicence(tx, app, actor, before, reason)
    const placed = await placeOnBehalf(inside, actor, {
      endCustomerId: order.endCustomerId,
      lines: [{ planId: input.planId, quantity: 1 }],
      reference: order.reference,
      belowCostReason: input.belowCostReason,
    })
    assertAgreed(item, placed.net, input.agreedNet)
    const executed = await executeOrder(inside, actor, {
      orderId: placed.id,
      belowCostReason: input.belowCostReason,
      overCreditReason: input.overCreditReason,
    })
    await saveReplacement(tx, closed.id, executed.id)
    await tellCustomer(tx, app, closed, reason, executed.number)
    const at = app.now()
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
      action: 'asset/replaced',
      subjectType: 'asset',
      subjectId: closed.id,
      accountId: closed.billingToId,
      before: { order: order.number, net: moneyText(item.net) },
      after: { order: executed.number, net: moneyText(executed.net), currency: executed.currency },
    })
    return executed
  })
}

/** Another product, of the same kind. */
async function assertLicence(tx: Tx, planId: PlanId, { currency }: Pick<Order, 'currency'>): Promise<void> {
  const offer = (await listOffers(tx, [planId], currency)).get(planId)
  if (!offer) throw new Refusal('plan/not-found', 'This product does not exist.')
  if (offer.kind !== 'esd')
    throw new Refusal(
      'order/replacement-kind',
      `${offer.name} is a subscription. A licence is replaced by another licence.`,
    )
}

function assertAgreed({ net }: Pick<OrderItem, 'net'>, now: Money, agreed: string | undefined): void {
  if (agreed?.trim() === moneyText(now)) return
  const said = (amount: Money) => `${moneyText(amount)} ${amount.currency}`
  const isSameCurrency = net.currency === now.currency
  const difference = isSameCurrency ? add(now, negate(net)) : undefined
  throw new Refusal(
    'order/replacement-price',
    `Without VAT the new licence costs ${said(now)}, the failed one was ${said(net)}${difference ? `: a difference of ${said(difference)}` : ''}. Agree to the new price, or choose another product.`,
    { before: said(net), now: said(now), agreedNet: moneyText(now) },
  )
}
