// Our record follows the vendor's: renewed, ended, cancelled there, suspended. Asked when a term is over and otherwise once a day. What
// the old term still owes is invoiced before anything else, so that an invoice line is always explained by the term it is for.
import { invariant, Outage, Refusal } from '#kernel/failure.ts'
import type { SubscriptionId } from '#kernel/ids.ts'
import { loadSyncStatuses } from '#modules/accounts'
import { lockOrder } from '#modules/orders'
import {
  beginAttempt,
  endAttempt,
  insertAmendments,
  isAhead,
  listDueCharges,
  listToFollow,
  loadSubscription,
  lockSubscription,
  type Subscription,
  saveSubscription,
  type VendorSubscription,
} from '#modules/subscriptions'
import { sellerScope, type Tx, transaction } from '#platform/db.ts'
import { enqueue, type JobMeta, job } from '#platform/jobs.ts'
import type { App } from '../app.ts'
import { settleOrder } from '../invoicing/settle-order.ts'
import { openSubscriptionVendor } from '../provisioning/open-vendor.ts'
import { cancelledAtVendor, expireSubscription } from './end-subscription.ts'
import { renewTerm } from './renew-term.ts'
import { tellAutoRenew } from './set-auto-renew.ts'
import { tellOfSubscription } from './tell-of-subscription.ts'

const PAGE = 500
const ASK_EVERY_HOURS = 24

/** Vendors count days in UTC. */
const todayOf = (app: Pick<App, 'now'>) => app.now().toZonedDateTimeISO('UTC').toPlainDate()

/** Every hour: terms that are over, and those the vendor was not asked about for a day. */
export const followSubscriptions = job<App, Record<string, never>>(
  'follow-subscriptions',
  async (app) => {
    const today = todayOf(app)
    const askedBefore = app.now().subtract({ hours: ASK_EVERY_HOURS })
    let after: SubscriptionId | undefined
    do {
      const ids: SubscriptionId[] = await transaction(app.db, sellerScope, async (tx) => {
        const page = await listToFollow(tx, { today, askedBefore, after, most: PAGE })
        await enqueue(
          tx,
          followSubscription,
          page.map((subscriptionId) => ({ subscriptionId })),
        )
        return page
      })
      after = ids.length === PAGE ? ids.at(-1) : undefined
    } while (after)
  },
  { cron: '5 * * * *' },
)

export const followSubscription = job<App, { subscriptionId: SubscriptionId }>(
  'follow-subscription',
  (app, { subscriptionId }, meta) => follow(app, subscriptionId, meta),
  { retryLimit: 5, concurrency: 4 },
)

async function follow(app: App, id: SubscriptionId, meta: JobMeta): Promise<void> {
  const begun = await transaction(app.db, sellerScope, (tx) => begin(tx, app, id))
  if (!begun) return
  const { subscription, vendorAccountId, attemptId, callId } = begun
  const { subscriptionId } = subscription.vendor
  invariant(subscriptionId, 'the vendor knows an active subscription')
  let found: VendorSubscription
  try {
    const vendor = await openSubscriptionVendor(app, subscription.instanceId)
    found = await vendor.readSubscription({ callId, vendorAccountId, subscriptionId })
  } catch (error) {
    if (!(error instanceof Outage || error instanceof Refusal)) throw error
    await transaction(app.db, sellerScope, (tx) =>
      endAttempt(tx, attemptId, 'outage', error.message, app.now()),
    )
    // The next hour asks again.
    if (meta.isLastTry || error instanceof Refusal) return
    throw error
  }
  await transaction(app.db, sellerScope, async (tx) => {
    await lockOrder(tx, subscription.orderId)
    const now = await lockSubscription(tx, id)
    await endAttempt(tx, attemptId, found.state, found.endsOn ? `until ${found.endsOn}` : '', app.now())
    if (now.state === 'active' && !now.cancelRequestedAt) await take(tx, app, now, found)
  })
}

type Begun = {
  readonly subscription: Subscription
  readonly vendorAccountId: string
  readonly attemptId: string
  readonly callId: string
}

async function begin(tx: Tx, app: App, id: SubscriptionId): Promise<Begun | undefined> {
  const { orderId } = await loadSubscription(tx, id)
  await lockOrder(tx, orderId)
  const subscription = await lockSubscription(tx, id)
  const { state, cancelRequestedAt, kind } = subscription
  if (state !== 'active' || kind !== 'subscription' || cancelRequestedAt) return undefined
  if (isOver(subscription, app)) {
    const due = await listDueCharges(tx, orderId, todayOf(app))
    if (due.some((charge) => charge.subscriptionId === id)) {
      await enqueue(tx, settleOrder, [{ orderId }])
      await again(tx, app, id)
      return undefined
    }
  }
  const [status] = await loadSyncStatuses(tx, [subscription.vendorCustomerOf], [subscription.instanceId])
  invariant(status?.vendorAccountId, 'the vendor knows whose subscription it is')
  return {
    subscription,
    vendorAccountId: status.vendorAccountId,
    ...(await beginAttempt(tx, id, 'read-subscription', app.now())),
  }
}

const isOver = ({ endsOn }: Pick<Subscription, 'endsOn'>, app: Pick<App, 'now'>) =>
  endsOn !== undefined && Temporal.PlainDate.compare(endsOn, todayOf(app)) < 0

function again(tx: Tx, app: Pick<App, 'now'>, subscriptionId: SubscriptionId): Promise<void> {
  return enqueue(tx, followSubscription, [{ subscriptionId }], { startAfter: app.now().add({ seconds: 10 }) })
}

async function take(tx: Tx, app: App, subscription: Subscription, found: VendorSubscription): Promise<void> {
  if (isOver(subscription, app)) {
    if (isAhead(found, subscription)) {
      const after = await renewTerm(tx, app, subscription, found)
      // It slept through more than one term: the next follows.
      if (after && isOver(after, app)) await again(tx, app, after.id)
      return
    }
    // Long after its end the vendor calls it suspended, then cancelled.
    if (found.state !== 'active' && found.state !== 'pending')
      return void (await expireSubscription(tx, app, subscription, found))
    return saveSubscription(tx, seen(subscription, found, app))
  }
  if (found.state === 'cancelled') return void (await cancelledAtVendor(tx, app, subscription, found))
  await saveSubscription(tx, seen(subscription, found, app))
  await noteSuspension(tx, app, subscription, found)
  // Somebody switched it at the vendor: what the customer wants stands here, and the vendor is told.
  if (found.autoRenew !== subscription.autoRenew)
    await enqueue(tx, tellAutoRenew, [{ subscriptionId: subscription.id }])
}

function seen(subscription: Subscription, found: VendorSubscription, app: Pick<App, 'now'>): Subscription {
  return {
    ...subscription,
    vendorAutoRenew: found.autoRenew,
    vendorState: found.state,
    cancellableUntil: found.cancellableUntil ?? subscription.cancellableUntil,
    checkedAt: app.now(),
  }
}

async function noteSuspension(
  tx: Tx,
  app: App,
  before: Subscription,
  found: VendorSubscription,
): Promise<void> {
  const [was, is] = [before.vendorState === 'suspended', found.state === 'suspended']
  if (was === is) return
  const at = app.now()
  const text = is
    ? 'The vendor has suspended it: it cannot be used until the vendor lets it go on.'
    : 'The vendor lets it go on; it is no longer suspended.'
  await insertAmendments(tx, [{ subscriptionId: before.id, at, kind: 'note', text }])
  if (is)
    await tellOfSubscription(tx, app, before, {
      notificationCode: 'subscription-failed',
      cause: `subscription-suspended:${before.id}:${at.epochMilliseconds}`,
      to: 'seller',
      variables: { reason: text },
    })
}
