// The vendor has begun the term: the record becomes active, its charges are written down, the customer is told, and the order may be
// invoiced.
import { invariant } from '#kernel/failure.ts'
import { type Money, parseMoney } from '#kernel/money.ts'
import { termOf } from '#kernel/term.ts'
import { insertEvents } from '#modules/orders'
import type { FullExplanation } from '#modules/pricing'
import {
  chargesOf,
  insertAmendments,
  insertCharges,
  loadPricing,
  type Subscription,
  saveSubscription,
  type VendorSubscription,
} from '#modules/subscriptions'
import type { Tx } from '#platform/db.ts'
import { enqueue } from '#platform/jobs.ts'
import type { App } from '../app.ts'
import { settleOrder } from '../invoicing/settle-order.ts'
import { tellOfSubscription } from './tell-of-subscription.ts'

/** `found`: the vendor's record; a perpetual licence has none and begins when its order is fulfilled. */
export async function activateSubscription(
  tx: Tx,
  app: App,
  subscription: Subscription,
  found: VendorSubscription | undefined,
): Promise<undefined> {
  const at = app.now()
  const startedAt = found?.startedAt ?? at
  const anchor = startedAt.toZonedDateTimeISO('UTC').toPlainDate()
  const { startsOn, endsOn } = termOf(anchor, subscription.term, 1)
  const active: Subscription = {
    ...subscription,
    state: 'active',
    provisioning: 'synchronized',
    failureCode: undefined,
    failureReason: undefined,
    anchor,
    startedAt,
    startsOn,
    // Where the vendor names the last day, that is the day on which it will renew.
    endsOn: found?.endsOn ?? endsOn,
    cancellableUntil: found?.cancellableUntil,
    vendorAutoRenew: found?.autoRenew,
    vendorState: found?.state,
    checkedAt: at,
  }
  await saveSubscription(tx, active)
  await insertCharges(
    tx,
    chargesOf(active, anchor, 1, chargeAmounts(await loadPricing(tx, active.id), active)),
  )
  await insertAmendments(tx, [
    {
      subscriptionId: active.id,
      at,
      kind: 'activated',
      text: `Active from ${startsOn}${active.endsOn ? ` until ${active.endsOn}` : ''}.`,
    },
  ])
  await insertEvents(tx, [
    { orderId: active.orderId, at, kind: 'delivered', text: `${active.number} is active.` },
  ])
  await tellOfSubscription(tx, app, active, {
    notificationCode: 'subscription-active',
    cause: `subscription-active:${active.id}`,
    to: 'customer',
    variables: {},
  })
  await enqueue(tx, settleOrder, [{ orderId: active.orderId }])
  return undefined
}

/** The charges of a term as its price was split when it was quoted; they add up to it. */
export function chargeAmounts(pricing: object, { net }: Pick<Subscription, 'net'>): Money[] {
  const amounts = (pricing as FullExplanation).result.charges.map((text) => parseMoney(text, net.currency))
  invariant(
    amounts.reduce((sum, amount) => sum + amount.amountMinor, 0n) === net.amountMinor,
    'the charges of a term add up to its price',
  )
  return amounts
}
