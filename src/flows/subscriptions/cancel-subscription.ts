// Cancelling inside the window (product.md S9): the whole subscription, at once, from the Storefront as from the back office. The vendor
// is asked by a job; when it has agreed, what was charged comes back as credit invoices: everything in the first hours, then the whole
// days that remained at the moment of the request.
import { invariant, Outage, Refusal } from '#kernel/failure.ts'
import type { SubscriptionId } from '#kernel/ids.ts'
import { type Money, moneyJson, sum } from '#kernel/money.ts'
import { loadSyncStatuses } from '#modules/accounts'
import { recordAudit } from '#modules/audit'
import { neutral, toldReason } from '#modules/failures'
import { insertEvents, lockOrder } from '#modules/orders'
import {
  assertCancellable,
  beginAttempt,
  type CancellationPolicy,
  type ChangeAnswer,
  type Charge,
  cancellationWindow,
  cancelled,
  endAttempt,
  insertAmendments,
  listCharges,
  loadCancellationPolicies,
  loadSubscription,
  lockSubscription,
  policyAt,
  type Refund,
  referenceOf,
  refundOf,
  type Subscription,
  saveSubscription,
  waiveCharges,
  wasCancellationAsked,
} from '#modules/subscriptions'
import { type Actor, assertMay, type Staff, scopeOf } from '#modules/users'
import { reading, type Sql, sellerScope, type Tx, transaction } from '#platform/db.ts'
import { enqueue, type JobMeta, job } from '#platform/jobs.ts'
import type { App } from '../app.ts'
import { creditCharges } from '../invoicing/credit-charges.ts'
import { openSubscriptionVendor } from '../provisioning/open-vendor.ts'
import { tellOfSubscription } from './tell-of-subscription.ts'

export type RefundPreview = {
  readonly window:
    | { readonly until: Temporal.Instant; readonly fullRefundUntil: Temporal.Instant }
    | undefined
  /** Of everything invoiced for the present term, without tax. */
  readonly refund: Money
  readonly days: Refund['days']
}

export async function policyOf(
  sql: Sql,
  subscription: Pick<Subscription, 'kind' | 'startedAt'>,
): Promise<CancellationPolicy> {
  const { kind, startedAt } = subscription
  const policy = policyAt(await loadCancellationPolicies(sql), kind, startedAt)
  invariant(policy, 'a cancellation policy for every kind')
  return policy
}

function refunds(
  subscription: Subscription,
  charges: readonly Charge[],
  policy: CancellationPolicy,
  at: Temporal.Instant,
): { charge: Charge; refund: Refund }[] {
  const window = cancellationWindow(subscription, policy)
  if (!window) return []
  return charges
    .filter((charge) => charge.termNumber === subscription.termNumber && charge.invoiceId)
    .map((charge) => ({ charge, refund: refundOf(charge, window, at) }))
}

/** What would come back if it were cancelled now; shown before anybody confirms. */
export async function previewRefund(
  app: Pick<App, 'db' | 'now'>,
  actor: Actor,
  input: { readonly subscriptionId: SubscriptionId },
): Promise<RefundPreview> {
  assertMay(actor, 'see-assets')
  return reading(app.db, scopeOf(actor), async (sql) => {
    const subscription = await loadSubscription(sql, input.subscriptionId)
    const policy = await policyOf(sql, subscription)
    const found = refunds(subscription, await listCharges(sql, subscription.id), policy, app.now())
    return {
      window: cancellationWindow(subscription, policy),
      refund: sum(
        found.map(({ refund }) => refund.net),
        subscription.net.currency,
      ),
      days: found.find(({ refund }) => refund.days)?.refund.days,
    }
  })
}

/** A second click finds the first one's request on its way. */
export async function cancelSubscription(
  app: Pick<App, 'db' | 'now'>,
  actor: Actor,
  input: {
    readonly subscriptionId: SubscriptionId
    readonly comment?: string
    /** For the seller: so long the vendor is not asked yet, and the cancellation can be taken back; not where the window ends so soon. */
    readonly undoSeconds?: number
  },
): Promise<Subscription> {
  assertMay(actor, actor.kind === 'portal' ? 'manage-assets' : 'decide-cancellations')
  return transaction(app.db, scopeOf(actor), async (tx) => {
    const before = await lockSubscription(tx, input.subscriptionId)
    if (before.cancelRequestedAt || before.state === 'cancelled') return before
    const at = app.now()
    const policy = await policyOf(tx, before)
    assertCancellable(before, policy, at)
    const after = { ...before, cancelRequestedAt: at }
    await saveSubscription(tx, after)
    const comment = (input.comment ?? '')
      .replace(/\p{Cc}/gu, ' ')
      .trim()
      .slice(0, 500)
    await insertAmendments(tx, [
      {
        subscriptionId: before.id,
        at,
        kind: 'cancellation',
        text: comment ? `Cancellation sent to the vendor: ${comment}` : 'Cancellation sent to the vendor.',
        actor: actor.name,
      },
    ])
    const askAt = actor.kind === 'staff' ? undoneUntil(before, policy, at, input.undoSeconds) : undefined
    await enqueue(tx, cancelAtVendor, [{ subscriptionId: before.id, wishedAtMs: at.epochMilliseconds }], {
      startAfter: askAt,
    })
    await recordAudit(tx, {
      at,
      actor,
      action: 'subscription/cancellation-sent',
      subjectType: 'subscription',
      subjectId: before.id,
      accountId: before.billingToId,
      after: { comment },
    })
    return after
  })
}

/** The vendor has a window too: close to its end nothing waits. */
const CLOSE_TO_THE_END = { minutes: 10 }

function undoneUntil(
  subscription: Subscription,
  policy: CancellationPolicy,
  at: Temporal.Instant,
  seconds = 0,
): Temporal.Instant | undefined {
  const until = cancellationWindow(subscription, policy)?.until
  if (seconds === 0 || !until) return undefined
  const askAt = at.add({ seconds })
  return Temporal.Instant.compare(askAt.add(CLOSE_TO_THE_END), until) > 0 ? undefined : askAt
}

/** Takes a cancellation back that the vendor has not been asked about yet. */
export async function undoSubscriptionCancellation(
  app: Pick<App, 'db' | 'now'>,
  actor: Staff,
  input: { readonly subscriptionId: SubscriptionId },
): Promise<Subscription> {
  assertMay(actor, 'decide-cancellations')
  return transaction(app.db, scopeOf(actor), async (tx) => {
    const before = await lockSubscription(tx, input.subscriptionId)
    const wishedAt = before.state === 'active' ? before.cancelRequestedAt : undefined
    if (!wishedAt || (await wasCancellationAsked(tx, before.id, wishedAt)))
      throw new Refusal(
        'subscription/cancellation-not-undoable',
        wishedAt
          ? `It is too late: the vendor has been asked to cancel ${before.number}.`
          : `No cancellation of ${before.number} is on its way.`,
      )
    const at = app.now()
    const after = { ...before, cancelRequestedAt: undefined }
    await saveSubscription(tx, after)
    await insertAmendments(tx, [
      {
        subscriptionId: before.id,
        at,
        kind: 'note',
        text: 'Cancellation taken back; the vendor was not asked.',
        actor: actor.name,
      },
    ])
    await recordAudit(tx, {
      at,
      actor,
      action: 'subscription/cancellation-undone',
      subjectType: 'subscription',
      subjectId: before.id,
      accountId: before.billingToId,
    })
    return after
  })
}

/** `wishedAtMs`: a wish that was taken back, and perhaps made again since, is not this job's. */
export const cancelAtVendor = job<App, { subscriptionId: SubscriptionId; wishedAtMs?: number }>(
  'cancel-subscription',
  (app, payload, meta) => askVendor(app, payload, meta),
  { retryLimit: 12 },
)

async function askVendor(
  app: App,
  { subscriptionId: id, wishedAtMs }: { subscriptionId: SubscriptionId; wishedAtMs?: number },
  meta: JobMeta,
): Promise<void> {
  const begun = await transaction(app.db, sellerScope, async (tx) => {
    const subscription = await lockSubscription(tx, id)
    if (!subscription.cancelRequestedAt || subscription.state !== 'active') return undefined
    if (wishedAtMs !== undefined && subscription.cancelRequestedAt.epochMilliseconds !== wishedAtMs)
      return undefined
    const [status] = await loadSyncStatuses(tx, [subscription.vendorCustomerOf], [subscription.instanceId])
    return { subscription, status, ...(await beginAttempt(tx, id, 'cancel', app.now())) }
  })
  if (!begun) return
  const { subscription, status, attemptId, callId } = begun
  invariant(status?.vendorAccountId && subscription.vendor.orderId, 'the vendor knows what is cancelled')
  let answer: ChangeAnswer
  try {
    const vendor = await openSubscriptionVendor(app, subscription.instanceId)
    answer = await vendor.cancel({
      callId,
      vendorAccountId: status.vendorAccountId,
      orderId: subscription.vendor.orderId,
      subscriptionId: subscription.vendor.subscriptionId,
      reference: referenceOf(subscription),
    })
  } catch (error) {
    if (!(error instanceof Outage)) throw error
    await transaction(app.db, sellerScope, (tx) =>
      endAttempt(tx, attemptId, 'outage', error.message, app.now()),
    )
    if (!meta.isLastTry) throw error
    answer = {
      outcome: 'refused',
      code: 'vendor/cancellation-unanswered',
      reason: `${error.message} The cancellation was tried many times; please send it again while the window is open.`,
      isTemporary: true,
    }
  }
  await transaction(app.db, sellerScope, (tx) => saveAnswer(tx, app, id, attemptId, answer))
}

async function saveAnswer(
  tx: Tx,
  app: App,
  id: SubscriptionId,
  attemptId: string,
  answer: ChangeAnswer,
): Promise<void> {
  const at = app.now()
  await lockOrder(tx, (await loadSubscription(tx, id)).orderId)
  const subscription = await lockSubscription(tx, id)
  const detail = answer.outcome === 'refused' ? answer.reason : ''
  await endAttempt(tx, attemptId, answer.outcome, detail, at)
  if (!subscription.cancelRequestedAt || subscription.state !== 'active') return
  switch (answer.outcome) {
    case 'pending':
      return enqueue(tx, cancelAtVendor, [{ subscriptionId: id }], {
        startAfter: at.add({ milliseconds: answer.retryAfterMs }),
      })
    case 'refused':
      return refused(tx, app, subscription, answer)
    case 'done':
      return done(tx, app, subscription, subscription.cancelRequestedAt)
  }
}

async function refused(
  tx: Tx,
  app: App,
  subscription: Subscription,
  refusal: Extract<ChangeAnswer, { outcome: 'refused' }>,
): Promise<void> {
  const at = app.now()
  await saveSubscription(tx, { ...subscription, cancelRequestedAt: undefined })
  await insertAmendments(tx, [
    {
      subscriptionId: subscription.id,
      at,
      kind: 'refused',
      text: 'The vendor refused the cancellation.',
      reason: refusal.reason,
      reasonCode: refusal.code,
    },
  ])
  await tellOfSubscription(tx, app, subscription, {
    notificationCode: 'subscription-cancellation-refused',
    cause: `subscription-cancellation-refused:${subscription.id}:${subscription.cancelRequestedAt?.epochMilliseconds}`,
    to: 'customer',
    variables: { reason: toldReason(refusal, neutral.change) },
  })
}

async function done(tx: Tx, app: App, before: Subscription, requestedAt: Temporal.Instant): Promise<void> {
  const at = app.now()
  const policy = await policyOf(tx, before)
  const found = refunds(before, await listCharges(tx, before.id), policy, requestedAt)
  const after = cancelled(before, at)
  await saveSubscription(tx, after)
  await waiveCharges(tx, before.id, at)
  const numbers = await creditCharges(
    tx,
    found.map(({ charge, refund }) => ({ charge, net: refund.net })),
    at,
  )
  const refund = sum(
    found.map(({ refund: each }) => each.net),
    before.net.currency,
  )
  const credited = numbers.length > 0 ? ` Credit invoice ${numbers.join(', ')}.` : ''
  await insertAmendments(tx, [
    { subscriptionId: before.id, at, kind: 'cancelled', text: `Cancelled at the vendor.${credited}` },
  ])
  await insertEvents(tx, [
    { orderId: before.orderId, at, kind: 'cancelled', text: `${before.number}: cancelled.${credited}` },
  ])
  await tellOfSubscription(tx, app, after, {
    notificationCode: 'subscription-cancelled',
    cause: `subscription-cancelled:${before.id}`,
    to: 'customer',
    variables: {
      creditInvoice: {
        numbers: numbers.join(', '),
        amount: numbers.length > 0 ? moneyJson(refund) : '',
      },
    },
  })
}
