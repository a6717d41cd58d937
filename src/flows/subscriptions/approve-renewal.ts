// A next term that would be below its cost waits for an approval by somebody with the right, with a reason (product.md S7). It may be given
// before the term begins or when it is held up; it holds for one term.
import { Refusal } from '#kernel/failure.ts'
import type { SubscriptionId } from '#kernel/ids.ts'
import { recordAudit } from '#modules/audit'
import {
  insertAmendments,
  lockSubscription,
  type Subscription,
  saveRenewalApproval,
} from '#modules/subscriptions'
import { assertMay, type Staff, scopeOf } from '#modules/users'
import { transaction } from '#platform/db.ts'
import { enqueue } from '#platform/jobs.ts'
import type { App } from '../app.ts'
import { followSubscription } from './follow-subscription.ts'

export async function approveRenewal(
  app: Pick<App, 'db' | 'now'>,
  actor: Staff,
  input: { readonly subscriptionId: SubscriptionId; readonly reason: string },
): Promise<Subscription> {
  assertMay(actor, 'approve-below-cost')
  const reason = input.reason.replace(/\s+/g, ' ').trim().slice(0, 500)
  if (reason === '') throw new Refusal('input/invalid', 'Say why the next term may be below its cost.')
  return transaction(app.db, scopeOf(actor), async (tx) => {
    const subscription = await lockSubscription(tx, input.subscriptionId)
    if (subscription.state !== 'active' || subscription.kind !== 'subscription')
      throw new Refusal(
        'state/illegal-move',
        `It is ${subscription.state}; there is no next term to approve.`,
      )
    const at = app.now()
    await saveRenewalApproval(tx, subscription.id, { by: actor.name, at: at.toString(), reason })
    await insertAmendments(tx, [
      {
        subscriptionId: subscription.id,
        at,
        kind: 'note',
        text: `The next term may be below its cost: ${reason}`,
        actor: actor.name,
      },
    ])
    await enqueue(tx, followSubscription, [{ subscriptionId: subscription.id }])
    await recordAudit(tx, {
      at,
      actor,
      action: 'subscription/renewal-approved',
      subjectType: 'subscription',
      subjectId: subscription.id,
      accountId: subscription.billingToId,
      after: { reason },
    })
    return subscription
  })
}
