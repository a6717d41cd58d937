// What a person can do for a subscription that did not come to be: try again, go on at the vendor's higher cost, or drop it. Another order
// may take the place of what was dropped (ordering/replace-failed.ts).
import { Refusal } from '#kernel/failure.ts'
import type { SubscriptionId } from '#kernel/ids.ts'
import { markSynchronizing } from '#modules/accounts'
import { recordAudit } from '#modules/audit'
import { loadInstance } from '#modules/instances'
import { insertEvents, loadOrder, lockOrder } from '#modules/orders'
import {
  acceptVendorCost,
  drop,
  insertAmendments,
  loadSubscription,
  lockSubscription,
  mayBeOrdered,
  retried,
  type Subscription,
  saveSubscription,
} from '#modules/subscriptions'
import { assertMay, type Staff, scopeOf } from '#modules/users'
import { type Tx, transaction } from '#platform/db.ts'
import { enqueue } from '#platform/jobs.ts'
import type { App } from '../app.ts'
import { settleOrder } from '../invoicing/settle-order.ts'
import { accountsOf } from '../ordering/accounts-of.ts'
import { missingForExecution, missingWords } from '../ordering/execute-order.ts'
import { readReason } from '../provisioning/give-up-licence.ts'
import { prepareOrder } from '../provisioning/prepare-order.ts'
import { PRICE_ABOVE_QUOTE, provisionSubscription } from '../provisioning/provision-subscription.ts'
import { tellOfSubscription } from './tell-of-subscription.ts'

type Needs = Pick<App, 'db' | 'now'>

/**
 * With the same reference, so that at most one order can come of it at the vendor. Where the vendor does not know the accounts, it is told
 * about them first; where that needs something only a person can enter, it is refused and says what.
 */
export async function retrySubscription(
  app: Needs & Pick<App, 'connectors'>,
  actor: Staff,
  input: {
    readonly subscriptionId: SubscriptionId
    /** The decision on a vendor's price above the quoted cost; needed where that is why it stopped. */
    readonly acceptsCost?: boolean
  },
): Promise<Subscription> {
  assertMay(actor, 'execute-orders')
  return transaction(app.db, scopeOf(actor), async (tx) => {
    const before = await lockInOrder(tx, input.subscriptionId)
    if (before.failureCode === PRICE_ABOVE_QUOTE) {
      if (!input.acceptsCost)
        throw new Refusal(
          'subscription/cost-not-accepted',
          'The vendor asks more than the quoted cost. Confirm that the order goes on at this cost, or drop it.',
        )
      assertMay(actor, 'see-costs')
      await acceptVendorCost(tx, before.id)
    }
    const at = app.now()
    const after = retried(before, at)
    await saveSubscription(tx, after)
    await setOff(tx, app, after)
    const text = `${after.number}: tried again.`
    await insertEvents(tx, [{ orderId: after.orderId, at, kind: 'note', text, actor: actor.name }])
    await record(tx, actor, 'subscription/retried', { before, after }, at)
    return after
  })
}

async function setOff(
  tx: Tx,
  app: Needs & Pick<App, 'connectors'>,
  { id, orderId, instanceId }: Subscription,
): Promise<void> {
  const order = await loadOrder(tx, orderId)
  const { connector } = await loadInstance(tx, instanceId)
  const missing = await missingForExecution(tx, app, order, [{ id: instanceId, connector }])
  if (missing.length === 0) return enqueue(tx, provisionSubscription, [{ subscriptionId: id }])
  if (missing.some(({ missingOptions }) => missingOptions.length > 0))
    throw new Refusal(
      'order/not-synchronized',
      `Not tried again. First complete: ${missingWords(missing)}.`,
      {
        missing,
      },
    )
  const pairs = accountsOf(order).map((accountId) => ({ accountId, instanceId }))
  await markSynchronizing(tx, pairs, app.now())
  return enqueue(tx, prepareOrder, [{ orderId }])
}

/** Gives it up for good: nothing is ordered and nothing is charged, and the customer is told. */
export async function dropSubscription(
  app: Needs & Pick<App, 'secrets'>,
  actor: Staff,
  input: { readonly subscriptionId: SubscriptionId; readonly reason: string },
): Promise<Subscription> {
  assertMay(actor, 'execute-orders')
  const reason = readReason(input.reason)
  return transaction(app.db, scopeOf(actor), async (tx) => {
    const after = await closeSubscription(tx, app, actor, await lockInOrder(tx, input.subscriptionId), reason)
    await tellOfDropping(tx, app, after, reason, '')
    return after
  })
}

/** Locks the order first, as everybody does, then its subscription. */
export async function lockInOrder(tx: Tx, id: SubscriptionId): Promise<Subscription> {
  await lockOrder(tx, (await loadSubscription(tx, id)).orderId)
  return lockSubscription(tx, id)
}

/** Refused once the vendor has an order of it, or may have. The caller holds the locks, and tells the customer. */
export async function closeSubscription(
  tx: Tx,
  app: Pick<App, 'now'>,
  actor: Staff,
  before: Subscription,
  reason: string,
): Promise<Subscription> {
  if (before.state !== 'ordered' || before.provisioning !== 'failed')
    throw new Refusal(
      'state/illegal-move',
      before.state === 'dropped'
        ? `${before.number} is dropped already.`
        : 'Only what could not be provisioned is dropped.',
    )
  if (before.vendor.orderId)
    throw new Refusal(
      'subscription/ordered-at-vendor',
      'The vendor has an order of it. Retry until it is active, then cancel it.',
    )
  if (await mayBeOrdered(tx, before))
    throw new Refusal(
      'subscription/outcome-unknown',
      `The vendor's answer about ${before.number} was lost, so it may have an order of it. Retry it first: the order is looked for, and nothing is bought twice.`,
    )
  const at = app.now()
  const after = drop(before, at)
  await saveSubscription(tx, after)
  await insertAmendments(tx, [
    { subscriptionId: after.id, at, kind: 'dropped', text: reason, actor: actor.name },
  ])
  await record(tx, actor, 'subscription/dropped', { before, after, reason }, at)
  await insertEvents(tx, [
    {
      orderId: after.orderId,
      at,
      kind: 'given-up',
      text: `${after.number}: dropped. ${reason}`,
      actor: actor.name,
    },
  ])
  // The others may have waited for it.
  await enqueue(tx, settleOrder, [{ orderId: after.orderId }])
  return after
}

export async function tellOfDropping(
  tx: Tx,
  app: Pick<App, 'now' | 'secrets'>,
  subscription: Subscription,
  reason: string,
  replacementNumber: string,
): Promise<void> {
  await tellOfSubscription(tx, app, subscription, {
    notificationCode: 'subscription-dropped',
    cause: `subscription-dropped:${subscription.id}`,
    to: 'customer',
    variables: { reason, replacement: { number: replacementNumber } },
  })
}

async function record(
  tx: Tx,
  actor: Staff,
  action: string,
  { before, after, reason }: { before: Subscription; after: Subscription; reason?: string },
  at: Temporal.Instant,
): Promise<void> {
  await recordAudit(tx, {
    at,
    actor,
    action,
    subjectType: 'subscription',
    subjectId: after.id,
    accountId: after.billingToId,
    before: {
      state: before.state,
      provisioning: before.provisioning,
      failure: before.failureReason ?? null,
    },
    after: { state: after.state, provisioning: after.provisioning, ...(reason ? { reason } : {}) },
  })
}
