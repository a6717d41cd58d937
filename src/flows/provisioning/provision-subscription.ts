// One subscription's way to the vendor: cart, checkout, order, subscription. It goes by steps, each of which is one call: written down
// and committed before it is made, made outside any transaction, its answer saved with everything it causes. What was learnt is
// stored at once, so that whoever comes after a kill goes on where it stopped; a call whose fate is unknown is made again with the
// same id, and an order that may exist is looked for before another could be made (partner-center.md 2.6 and 7.4).
import { invariant, Outage, Refusal } from '#kernel/failure.ts'
import type { SubscriptionId } from '#kernel/ids.ts'
import { findSyncOptions, loadAccount, loadSyncStatuses } from '#modules/accounts'
import { loadInstance } from '#modules/instances'
import { insertEvents, loadOrder } from '#modules/orders'
import {
  beginAttempt,
  endAttempt,
  failed,
  findVendorCost,
  listAttempts,
  loadPricing,
  lockSubscription,
  readSoftwareSku,
  referenceOf,
  type SoftwareLine,
  type Subscription,
  type SubscriptionVendor,
  saveSubscription,
  saveVendorCost,
  type VendorOrder,
  type VendorRefusal,
} from '#modules/subscriptions'
import { sellerScope, type Tx, transaction } from '#platform/db.ts'
import { enqueue, job } from '#platform/jobs.ts'
import type { App } from '../app.ts'
import { settleOrder } from '../invoicing/settle-order.ts'
import { activateSubscription } from '../subscriptions/activate-subscription.ts'
import { tellOfSubscription } from '../subscriptions/tell-of-subscription.ts'
import { isCostAbove, quotedCost } from './cost-tolerance.ts'
import { openSubscriptionVendor } from './open-vendor.ts'
import { unknownAccountCode } from './unknown-account.ts'

const TRIES = 5
/** An order may take so long to show in the vendor's list; before, its absence proves nothing. */
const ORDER_MAY_HIDE_MS = 15 * 60_000
const POLL_MS = 5_000
const SLOW_POLL_MS = 60_000

export const PRICE_ABOVE_QUOTE = 'price/vendor-above-quote'

export const provisionSubscription = job<App, { subscriptionId: SubscriptionId }>(
  'provision-subscription',
  (app, { subscriptionId }) => provision(app, subscriptionId),
  { concurrency: 6 },
)

type Facts = {
  readonly subscription: Subscription
  readonly vendorAccountId: string
  readonly resellerPartnerId: string | undefined
  readonly line: SoftwareLine
}

/** What the next step is, decided on what is stored. */
type Step = 'cart' | 'checkout' | 'find-order' | 'read-order' | 'read-subscription'

type Begun = Facts & {
  readonly step: Step
  readonly attemptId: string
  readonly callId: string
}

/** What a step's answer asks for next: another step now, later, or nothing more. */
type Next = 'now' | { readonly afterMs: number } | undefined

async function provision(app: App, id: SubscriptionId): Promise<void> {
  // A few steps follow each other at once; whatever takes longer comes back as a job of its own.
  for (let steps = 0; steps < 6; steps += 1) {
    const begun = await begin(app, id)
    if (!begun) return
    const next = await take(app, begun)
    if (next !== 'now') return
  }
  await transaction(app.db, sellerScope, (tx) => again(tx, app, id, POLL_MS))
}

async function begin(app: App, id: SubscriptionId): Promise<Begun | undefined> {
  return transaction(app.db, sellerScope, async (tx) => {
    const subscription = await lockSubscription(tx, id)
    if (subscription.state !== 'ordered' || subscription.provisioning !== 'unsynchronised') return undefined
    const facts = await factsOf(tx, subscription)
    if ('lacking' in facts) return giveUp(tx, app, subscription, facts.code, facts.lacking)
    const step = await nextStep(tx, app, subscription)
    return { ...facts, step, ...(await beginAttempt(tx, id, step, app.now())) }
  })
}

async function nextStep(tx: Tx, app: App, { id, vendor, kind }: Subscription): Promise<Step> {
  if (vendor.orderId)
    return vendor.subscriptionId && kind === 'subscription' ? 'read-subscription' : 'read-order'
  if (!vendor.cartId) return 'cart'
  // After a checkout that was answered "busy" or "gone" the order may exist already.
  const last = (await listAttempts(tx, id, 'checkout')).at(-1)
  const looked = (await listAttempts(tx, id, 'find-order')).at(-1)
  const mustLook = last?.outcome === 'busy' || last?.outcome === 'rebuild'
  const hasLooked =
    looked !== undefined &&
    last !== undefined &&
    Temporal.Instant.compare(looked.startedAt, last.startedAt) > 0
  return mustLook && !(hasLooked && looked.outcome === 'not-found') ? 'find-order' : 'checkout'
}

/** What the vendor is asked with; where it does not know the end customer, what a person has to do first. */
async function factsOf(
  tx: Tx,
  subscription: Subscription,
): Promise<Facts | { readonly lacking: string; readonly code: string }> {
  const { endCustomerId, billingToId, instanceId } = subscription
  const [status] = await loadSyncStatuses(tx, [endCustomerId], [instanceId])
  const { connector, systemName } = await loadInstance(tx, instanceId)
  if (!status?.vendorAccountId) {
    const { name } = await loadAccount(tx, endCustomerId)
    const why = status?.state === 'failed' && status.reason ? `: ${status.reason}` : '.'
    return {
      code: unknownAccountCode(status),
      lacking: `${systemName} does not know ${name}${why} Nothing has been ordered. Synchronize the account (Provisioning Sync Status), then retry.`,
    }
  }
  const payer = await loadAccount(tx, billingToId)
  const options = payer.kind === 'reseller' ? await findSyncOptions(tx, billingToId, connector) : {}
  const quoted = quotedCost(await loadPricing(tx, subscription.id))
  return {
    subscription,
    vendorAccountId: status.vendorAccountId,
    resellerPartnerId: options['partnerId'] || undefined,
    line: {
      ...readSoftwareSku(subscription.sku),
      reference: referenceOf(subscription),
      quantity: subscription.quantity,
      currency: quoted?.currency ?? subscription.net.currency,
      promotionId: undefined,
    },
  }
}

async function take(app: App, begun: Begun): Promise<Next> {
  try {
    const vendor = await openSubscriptionVendor(app, begun.subscription.instanceId)
    return await steps[begun.step](app, vendor, begun)
  } catch (error) {
    if (error instanceof Outage) return outage(app, begun, error)
    // A refused sign-in: somebody must repair the instance.
    if (error instanceof Refusal)
      return refuse(app, begun, {
        outcome: 'refused',
        code: error.code,
        reason: error.message,
        isTemporary: false,
      })
    throw error
  }
}

type TakeStep = (app: App, vendor: SubscriptionVendor, begun: Begun) => Promise<Next>

const steps: Readonly<Record<Step, TakeStep>> = {
  async cart(app, vendor, begun) {
    const answer = await vendor.makeCart({
      callId: begun.callId,
      vendorAccountId: begun.vendorAccountId,
      resellerPartnerId: begun.resellerPartnerId,
      line: begun.line,
    })
    if (answer.outcome === 'refused') return refuse(app, begun, answer)
    return save(
      app,
      begun,
      'priced',
      `${answer.unitCost} ${answer.currency} for one`,
      async (tx, subscription) => {
        await saveVendorCost(tx, subscription.id, answer)
        const known = await findVendorCost(tx, subscription.id)
        const { more } = await loadInstance(tx, subscription.instanceId)
        const isTooDear = isCostAbove({
          quoted: quotedCost(await loadPricing(tx, subscription.id)),
          asked: answer,
          accepted: known?.acceptedUnitCost,
          tolerancePercent: more['costTolerancePercent'] ?? '0',
        })
        if (isTooDear)
          return giveUp(
            tx,
            app,
            subscription,
            PRICE_ABOVE_QUOTE,
            // The buyer reads it too: costs are for the record in the back office.
            'The vendor’s price has changed since it was ordered. Nothing has been ordered there: it waits for a decision of the seller.',
          )
        await saveSubscription(tx, {
          ...subscription,
          vendor: { ...subscription.vendor, cartId: answer.cartId },
        })
        return 'now'
      },
    )
  },

  async checkout(app, vendor, begun) {
    const { cartId } = begun.subscription.vendor
    invariant(cartId, 'a cart to check out')
    const answer = await vendor.checkOut({
      callId: begun.callId,
      vendorAccountId: begun.vendorAccountId,
      cartId,
      reference: begun.line.reference,
    })
    switch (answer.outcome) {
      case 'ordered':
        return ordered(app, begun, answer.order)
      case 'busy':
        return save(app, begun, 'busy', 'The vendor is still working on this cart.', (tx, subscription) =>
          again(tx, app, subscription.id, answer.retryAfterMs),
        )
      case 'rebuild':
        // The next step looks for the order first; only when there is none, a new cart is made.
        return save(app, begun, 'rebuild', answer.reason, async () => 'now')
      case 'refused':
        return refuse(app, begun, answer, { forgetCart: true })
    }
  },

  async 'find-order'(app, vendor, begun) {
    const order = await vendor.findOrder({
      callId: begun.callId,
      vendorAccountId: begun.vendorAccountId,
      line: begun.line,
    })
    if (order) return ordered(app, begun, order)
    return save(app, begun, 'not-found', 'The vendor shows no such order.', async (tx, subscription) => {
      const checkouts = await listAttempts(tx, subscription.id, 'checkout')
      const last = checkouts.at(-1)
      if (last?.outcome === 'busy') return again(tx, app, subscription.id, POLL_MS)
      const lost = checkouts.findLast((each) => each.outcome === undefined || each.outcome === 'outage')
      const waitedMs = lost
        ? app.now().epochMilliseconds - lost.startedAt.epochMilliseconds
        : ORDER_MAY_HIDE_MS
      if (waitedMs < ORDER_MAY_HIDE_MS) return again(tx, app, subscription.id, SLOW_POLL_MS)
      await saveSubscription(tx, { ...subscription, vendor: { ...subscription.vendor, cartId: undefined } })
      return 'now'
    })
  },

  async 'read-order'(app, vendor, begun) {
    const { orderId } = begun.subscription.vendor
    invariant(orderId, 'an order to read')
    const order = await vendor.readOrder({
      callId: begun.callId,
      vendorAccountId: begun.vendorAccountId,
      orderId,
      reference: begun.line.reference,
    })
    return ordered(app, begun, order)
  },

  async 'read-subscription'(app, vendor, begun) {
    const { subscriptionId } = begun.subscription.vendor
    invariant(subscriptionId, 'a subscription to read')
    const found = await vendor.readSubscription({
      callId: begun.callId,
      vendorAccountId: begun.vendorAccountId,
      subscriptionId,
    })
    return save(app, begun, found.state, '', async (tx, subscription) => {
      if (found.state === 'active') return activateSubscription(tx, app, subscription, found)
      if (found.state === 'pending') return waitOr(tx, app, subscription, POLL_MS)
      return giveUp(
        tx,
        app,
        subscription,
        'vendor/subscription-ended',
        `At the vendor the subscription is ${found.state}.`,
      )
    })
  },
}

/** Saves what the vendor says of our order and goes on from there. */
async function ordered(app: App, begun: Begun, order: VendorOrder): Promise<Next> {
  return save(app, begun, order.state, order.detail, async (tx, before) => {
    const subscription = {
      ...before,
      tries: 0,
      vendor: {
        ...before.vendor,
        orderId: order.orderId,
        subscriptionId: order.subscriptionId ?? before.vendor.subscriptionId,
      },
    }
    await saveSubscription(tx, subscription)
    switch (order.state) {
      case 'fulfilled':
        if (subscription.kind === 'perpetual') return activateSubscription(tx, app, subscription, undefined)
        return order.subscriptionId ? 'now' : waitOr(tx, app, subscription, POLL_MS)
      case 'in progress':
        return waitOr(tx, app, subscription, POLL_MS)
      case 'on hold':
        return again(tx, app, subscription.id, SLOW_POLL_MS)
      case 'action needed':
        return giveUp(
          tx,
          app,
          subscription,
          'vendor/purchase-order-needed',
          'Microsoft holds the order until the customer’s purchase order is uploaded in Partner Center. Upload it there, then retry.',
        )
      case 'failed':
      case 'cancelled':
        return giveUp(
          tx,
          app,
          {
            ...subscription,
            vendor: {
              orderTry: subscription.vendor.orderTry + 1,
              cartId: undefined,
              orderId: undefined,
              subscriptionId: undefined,
            },
          },
          'vendor/order-failed',
          `Microsoft ended the order without delivering it (${order.detail}). Retry orders it anew.`,
        )
    }
  })
}

/** Ends the attempt and, if nobody was quicker, does `work` with the locked record, in one transaction. */
async function save(
  app: App,
  begun: Begun,
  outcome: string,
  detail: string,
  work: (tx: Tx, subscription: Subscription) => Promise<Next>,
): Promise<Next> {
  return transaction(app.db, sellerScope, async (tx) => {
    const subscription = await lockSubscription(tx, begun.subscription.id)
    await endAttempt(tx, begun.attemptId, outcome, detail, app.now())
    if (subscription.state !== 'ordered' || subscription.provisioning !== 'unsynchronised') return undefined
    return work(tx, subscription)
  })
}

async function outage(app: App, begun: Begun, error: Outage): Promise<Next> {
  return save(app, begun, 'outage', error.message, async (tx, subscription) => {
    // Being asked to wait is no failure: a throttled call counts against the clock, not against the tries.
    if (error.retryAfterMs !== undefined) return waitOr(tx, app, subscription, error.retryAfterMs)
    const tries = subscription.tries + 1
    if (tries >= TRIES)
      return giveUp(
        tx,
        app,
        { ...subscription, tries },
        'vendor/away',
        `${error.message} It was tried ${TRIES} times.`,
      )
    await saveSubscription(tx, { ...subscription, tries })
    const pauses = app.settings.vendorBackoffMs
    return again(tx, app, subscription.id, pauses[Math.min(tries - 1, pauses.length - 1)] ?? 1_000)
  })
}

async function refuse(
  app: App,
  begun: Begun,
  refusal: VendorRefusal,
  options: { readonly forgetCart?: boolean } = {},
): Promise<Next> {
  return save(app, begun, 'refused', refusal.reason, (tx, subscription) =>
    giveUp(
      tx,
      app,
      options.forgetCart
        ? { ...subscription, vendor: { ...subscription.vendor, cartId: undefined } }
        : subscription,
      refusal.code,
      refusal.reason,
    ),
  )
}

async function giveUp(
  tx: Tx,
  app: App,
  subscription: Subscription,
  code: string,
  reason: string,
): Promise<undefined> {
  const at = app.now()
  await saveSubscription(tx, failed(subscription, code, reason))
  await insertEvents(tx, [
    { orderId: subscription.orderId, at, kind: 'failed', text: `${subscription.number}: ${reason}` },
  ])
  await tellOfSubscription(tx, app, subscription, {
    notificationCode: 'subscription-failed',
    cause: `subscription-failed:${subscription.id}:${at.epochMilliseconds}`,
    to: 'seller',
    variables: { reason },
  })
  await enqueue(tx, settleOrder, [{ orderId: subscription.orderId }])
  return undefined
}

async function again(tx: Tx, app: App, subscriptionId: SubscriptionId, afterMs: number): Promise<undefined> {
  await enqueue(tx, provisionSubscription, [{ subscriptionId }], {
    startAfter: app.now().add({ milliseconds: Math.round(afterMs) }),
  })
  return undefined
}

/** Waits as long as the order is given to settle, then gives up with a reason; Retry goes on where it stopped. */
async function waitOr(tx: Tx, app: App, subscription: Subscription, afterMs: number): Promise<undefined> {
  const order = await loadOrder(tx, subscription.orderId)
  const since = subscription.retriedAt ?? order.executedAt ?? subscription.purchasedAt
  if (app.now().epochMilliseconds - since.epochMilliseconds > app.settings.settleWithinMinutes * 60_000)
    return giveUp(
      tx,
      app,
      subscription,
      'vendor/too-slow',
      'The vendor has been working on it for too long. Retry looks again.',
    )
  return again(tx, app, subscription.id, afterMs)
}
