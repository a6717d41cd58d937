// The vendor has begun a new term: the record follows it, at the price of the sheet and the rules valid on its first day (product.md
// S10); its charges are invoiced by the billing run. A price that cannot be calculated, or that nobody approved, is a problem a person
// has to solve: the record says so, the seller is told once, and it is tried again by itself.
import { moneyText } from '#kernel/money.ts'
import type { NotForSale } from '#modules/catalogue'
import { insertEvents } from '#modules/orders'
import {
  chargesOf,
  insertAmendments,
  insertCharges,
  nextTerm,
  renewed,
  type Subscription,
  savePricing,
  saveRenewalApproval,
  saveSubscription,
  type VendorSubscription,
} from '#modules/subscriptions'
import type { Tx } from '#platform/db.ts'
import type { App } from '../app.ts'
import { chargeAmounts } from './activate-subscription.ts'
import { type NextPrice, priceNextTerm } from './price-next-term.ts'
import { tellOfSubscription } from './tell-of-subscription.ts'

/** Answers the record in its next term; undefined where it could not be priced. The caller holds the locks of order and record. */
export async function renewTerm(
  tx: Tx,
  app: App,
  before: Subscription,
  found: VendorSubscription,
): Promise<Subscription | undefined> {
  const at = app.now()
  const term = nextTerm(before)
  const priced = await priceOnFirstDay(tx, app, before, term.startsOn)
  if (priced.problem) {
    await cannotRenew(tx, app, before, found, priced.problem)
    return undefined
  }
  const { unitPrice, net, taxBasisPoints, taxCategory, explanation, pricing } = priced.item
  const price = { unitPrice, net, taxBasisPoints, taxCategory, taxNote: priced.taxNote, explanation }
  const after: Subscription = { ...renewed(before, price, found), checkedAt: at, vendorState: found.state }
  await saveSubscription(tx, after)
  await savePricing(tx, after.id, pricing ?? {})
  await saveRenewalApproval(tx, after.id, undefined)
  await insertCharges(
    tx,
    chargesOf(after, after.anchor ?? term.startsOn, after.termNumber, chargeAmounts(pricing ?? {}, after)),
  )
  await writeDown(tx, before, after, at)
  await tellOfSubscription(tx, app, after, {
    notificationCode: 'subscription-renewed',
    cause: `subscription-renewed:${after.id}:${after.termNumber}`,
    to: 'customer',
    variables: {},
  })
  if (!before.autoRenew)
    await tellOfSubscription(tx, app, after, {
      notificationCode: 'subscription-failed',
      cause: `subscription-renewed-unasked:${after.id}:${after.termNumber}`,
      to: 'seller',
      variables: {
        reason:
          'The vendor has renewed it although its automatic renewal was switched off. Cancel it within its window if the customer does not want it.',
      },
    })
  return after
}

/** With what is valid on the first day; where no sheet in force speaks of that day any more, with what is valid now. */
async function priceOnFirstDay(
  tx: Tx,
  app: Pick<App, 'now'>,
  subscription: Subscription,
  day: Temporal.PlainDate,
): Promise<NextPrice> {
  const midnight = day.toZonedDateTime('UTC').toInstant()
  const price = await priceNextTerm(tx, subscription, midnight)
  return price.problem?.code === 'price/not-calculable' ? priceNextTerm(tx, subscription, app.now()) : price
}

async function writeDown(
  tx: Tx,
  before: Subscription,
  after: Subscription,
  at: Temporal.Instant,
): Promise<void> {
  const amount = ({ net }: Subscription) => `${moneyText(net)} ${net.currency}`
  await insertAmendments(tx, [
    {
      subscriptionId: after.id,
      at,
      kind: 'renewed',
      text: `Renewed until ${after.endsOn} for ${amount(after)}; the term before cost ${amount(before)}.`,
      before: { termNumber: before.termNumber, endsOn: before.endsOn?.toString() ?? '', net: amount(before) },
      after: { termNumber: after.termNumber, endsOn: after.endsOn?.toString() ?? '', net: amount(after) },
    },
  ])
  await insertEvents(tx, [
    { orderId: after.orderId, at, kind: 'note', text: `${after.number}: renewed until ${after.endsOn}.` },
  ])
}

async function cannotRenew(
  tx: Tx,
  app: App,
  before: Subscription,
  found: VendorSubscription,
  { code, message: reason }: NotForSale,
): Promise<void> {
  const at = app.now()
  await saveSubscription(tx, {
    ...before,
    renewalProblem: reason,
    checkedAt: at,
    vendorState: found.state,
    vendorAutoRenew: found.autoRenew,
  })
  if (before.renewalProblem === reason) return
  const text = 'The vendor has begun a new term, but it has no price here.'
  await insertAmendments(tx, [
    { subscriptionId: before.id, at, kind: 'renewal-problem', text, reason, reasonCode: code },
  ])
  await tellOfSubscription(tx, app, before, {
    notificationCode: 'subscription-failed',
    cause: `subscription-renewal-problem:${before.id}:${before.termNumber}:${at.epochMilliseconds}`,
    to: 'seller',
    variables: { reason: `${text} ${reason} It is tried again every hour.` },
  })
}
