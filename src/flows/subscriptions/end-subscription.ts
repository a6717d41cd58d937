// A subscription that ends without anybody having asked us: its term is over and was not renewed, or it was cancelled directly at the
// vendor. The caller holds the locks of order and record.
import { insertEvents } from '#modules/orders'
import {
  cancelled,
  expired,
  insertAmendments,
  type Subscription,
  saveSubscription,
  type VendorSubscription,
  waiveCharges,
} from '#modules/subscriptions'
import type { Tx } from '#platform/db.ts'
import type { App } from '../app.ts'
import { tellOfSubscription } from './tell-of-subscription.ts'

export async function expireSubscription(
  tx: Tx,
  app: App,
  before: Subscription,
  found: VendorSubscription,
): Promise<Subscription> {
  const at = app.now()
  const after: Subscription = {
    ...expired(before),
    renewalProblem: undefined,
    checkedAt: at,
    vendorState: found.state,
    vendorAutoRenew: found.autoRenew,
  }
  await saveSubscription(tx, after)
  const text = before.autoRenew
    ? `Ended on ${before.endsOn}. The vendor did not renew it, although its automatic renewal was on.`
    : `Ended on ${before.endsOn}. Its automatic renewal was off.`
  await insertAmendments(tx, [{ subscriptionId: before.id, at, kind: 'expired', text }])
  await insertEvents(tx, [
    { orderId: before.orderId, at, kind: 'note', text: `${before.number}: ended on ${before.endsOn}.` },
  ])
  await tellOfSubscription(tx, app, after, {
    notificationCode: 'subscription-expired',
    cause: `subscription-expired:${before.id}`,
    to: 'customer',
    variables: {},
  })
  if (before.autoRenew) await tellSeller(tx, app, after, 'expired-unasked', text)
  return after
}

/** Nobody asked us: what was charged is not credited by itself, a person decides. Later charges are never asked for. */
export async function cancelledAtVendor(
  tx: Tx,
  app: App,
  before: Subscription,
  found: VendorSubscription,
): Promise<Subscription> {
  const at = app.now()
  const after: Subscription = { ...cancelled(before, at), checkedAt: at, vendorState: found.state }
  await saveSubscription(tx, after)
  const waived = await waiveCharges(tx, before.id, at)
  const text = `Cancelled at the vendor, not from here.${waived > 0 ? ' Charges that were not invoiced yet are waived.' : ''}`
  await insertAmendments(tx, [{ subscriptionId: before.id, at, kind: 'cancelled', text }])
  await insertEvents(tx, [
    { orderId: before.orderId, at, kind: 'cancelled', text: `${before.number}: cancelled at the vendor.` },
  ])
  await tellSeller(
    tx,
    app,
    after,
    'cancelled-elsewhere',
    `${text} What was invoiced stands: look whether the vendor gave something back, and credit it.`,
  )
  return after
}

function tellSeller(
  tx: Tx,
  app: App,
  subscription: Subscription,
  what: string,
  reason: string,
): Promise<void> {
  return tellOfSubscription(tx, app, subscription, {
    notificationCode: 'subscription-failed',
    cause: `subscription-${what}:${subscription.id}:${subscription.termNumber}`,
    to: 'seller',
    variables: { reason },
  })
}
