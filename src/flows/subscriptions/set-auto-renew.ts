// The switch "renew automatically": our record says what the customer wants, a job tells the vendor. Where the vendor refuses, the
// record goes back to what the vendor does, and says why.
import { invariant, Outage, Refusal } from '#kernel/failure.ts'
import type { SubscriptionId } from '#kernel/ids.ts'
import { loadSyncStatuses } from '#modules/accounts'
import { recordAudit } from '#modules/audit'
import {
  beginAttempt,
  type ChangeAnswer,
  endAttempt,
  insertAmendments,
  lockSubscription,
  type Subscription,
  saveSubscription,
} from '#modules/subscriptions'
import { type Actor, assertMay, scopeOf } from '#modules/users'
import { sellerScope, type Tx, transaction } from '#platform/db.ts'
import { enqueue, type JobMeta, job } from '#platform/jobs.ts'
import type { App } from '../app.ts'
import { openSubscriptionVendor } from '../provisioning/open-vendor.ts'

export async function setAutoRenew(
  app: Pick<App, 'db' | 'now'>,
  actor: Actor,
  input: { readonly subscriptionId: SubscriptionId; readonly autoRenew: boolean },
): Promise<Subscription> {
  assertMay(actor, 'manage-assets')
  return transaction(app.db, scopeOf(actor), async (tx) => {
    const before = await lockSubscription(tx, input.subscriptionId)
    if (before.kind !== 'subscription')
      throw new Refusal('subscription/never-renews', 'A perpetual licence does not renew.')
    if (before.state !== 'active')
      throw new Refusal('state/illegal-move', `It is ${before.state}; only an active subscription renews.`)
    if (before.autoRenew === input.autoRenew) return before
    const at = app.now()
    const after = { ...before, autoRenew: input.autoRenew }
    await saveSubscription(tx, after)
    await insertAmendments(tx, [
      {
        subscriptionId: before.id,
        at,
        kind: 'auto-renew',
        text: `Automatic renewal switched ${input.autoRenew ? 'on' : 'off'}.`,
        actor: actor.name,
        before: { autoRenew: before.autoRenew },
        after: { autoRenew: after.autoRenew },
      },
    ])
    await enqueue(tx, tellAutoRenew, [{ subscriptionId: before.id }])
    await recordAudit(tx, {
      at,
      actor,
      action: 'subscription/auto-renew',
      subjectType: 'subscription',
      subjectId: before.id,
      accountId: before.billingToId,
      before: { autoRenew: before.autoRenew },
      after: { autoRenew: after.autoRenew },
    })
    return after
  })
}

export const tellAutoRenew = job<App, { subscriptionId: SubscriptionId }>(
  'tell-auto-renew',
  (app, { subscriptionId }, meta) => tell(app, subscriptionId, meta),
  { retryLimit: 12 },
)

async function tell(app: App, id: SubscriptionId, meta: JobMeta): Promise<void> {
  const begun = await transaction(app.db, sellerScope, async (tx) => {
    const subscription = await lockSubscription(tx, id)
    if (subscription.state !== 'active' || subscription.autoRenew === subscription.vendorAutoRenew)
      return undefined
    const [status] = await loadSyncStatuses(tx, [subscription.vendorCustomerOf], [subscription.instanceId])
    return { subscription, status, ...(await beginAttempt(tx, id, 'auto-renew', app.now())) }
  })
  if (!begun) return
  const { subscription, status, attemptId, callId } = begun
  const { subscriptionId } = subscription.vendor
  invariant(status?.vendorAccountId && subscriptionId, 'the vendor knows an active subscription')
  const wanted = subscription.autoRenew
  let answer: ChangeAnswer
  try {
    const vendor = await openSubscriptionVendor(app, subscription.instanceId)
    answer = await vendor.setAutoRenew({
      callId,
      vendorAccountId: status.vendorAccountId,
      subscriptionId,
      autoRenew: wanted,
    })
  } catch (error) {
    if (!(error instanceof Outage)) throw error
    await transaction(app.db, sellerScope, (tx) =>
      endAttempt(tx, attemptId, 'outage', error.message, app.now()),
    )
    if (!meta.isLastTry) throw error
    answer = { outcome: 'refused', code: 'vendor/away', reason: error.message, isTemporary: true }
  }
  await transaction(app.db, sellerScope, (tx) => saveAnswer(tx, app, id, { attemptId, wanted, answer }))
}

async function saveAnswer(
  tx: Tx,
  app: App,
  id: SubscriptionId,
  { attemptId, wanted, answer }: { attemptId: string; wanted: boolean; answer: ChangeAnswer },
): Promise<void> {
  const at = app.now()
  const subscription = await lockSubscription(tx, id)
  await endAttempt(tx, attemptId, answer.outcome, answer.outcome === 'refused' ? answer.reason : '', at)
  switch (answer.outcome) {
    case 'done':
      await saveSubscription(tx, { ...subscription, vendorAutoRenew: wanted })
      // Switched back meanwhile: the vendor is told again.
      if (subscription.autoRenew !== wanted) await enqueue(tx, tellAutoRenew, [{ subscriptionId: id }])
      return
    case 'pending':
      return enqueue(tx, tellAutoRenew, [{ subscriptionId: id }], {
        startAfter: at.add({ milliseconds: answer.retryAfterMs }),
      })
    case 'refused':
      await saveSubscription(tx, { ...subscription, autoRenew: subscription.vendorAutoRenew ?? !wanted })
      return insertAmendments(tx, [
        {
          subscriptionId: id,
          at,
          kind: 'refused',
          text: `The vendor did not switch the automatic renewal ${wanted ? 'on' : 'off'}.`,
          reason: answer.reason,
          reasonCode: answer.code,
        },
      ])
  }
}
