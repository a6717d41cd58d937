// A licence that could not be delivered is given up, with a reason: its order is complete without it, its credit is free again, and it is
// never invoiced. The customer is told. Another order may take its place (ordering/replace-failed.ts).
import { invalid } from '#kernel/failure.ts'
import type { AssetId } from '#kernel/ids.ts'
import { type Asset, giveUp, hasUnknownOutcome, loadAsset, lockAsset, saveGivenUp } from '#modules/assets'
import { recordAudit } from '#modules/audit'
import { insertEvents, lockOrder } from '#modules/orders'
import { assertMay, type Staff, scopeOf } from '#modules/users'
import { type Tx, transaction } from '#platform/db.ts'
import { enqueue } from '#platform/jobs.ts'
import type { App } from '../app.ts'
import { settleOrder } from '../invoicing/settle-order.ts'
import { queueCustomerMail } from '../notifying/customer-mail.ts'

const MAX_REASON = 500

export function readReason(text: string): string {
  const reason = text.replace(/\s+/g, ' ').trim()
  if (reason === '')
    throw invalid({ pointer: '/reason', code: 'required', message: 'Say why: the customer reads it too.' })
  if (reason.length > MAX_REASON)
    throw invalid({
      pointer: '/reason',
      code: 'too-long',
      message: `The reason has up to ${MAX_REASON} characters.`,
    })
  return reason
}

export async function skipLicence(
  app: Pick<App, 'db' | 'now' | 'secrets'>,
  actor: Staff,
  input: { readonly assetId: AssetId; readonly reason: string },
): Promise<Asset> {
  assertMay(actor, 'execute-orders')
  const reason = readReason(input.reason)
  return transaction(app.db, scopeOf(actor), async (tx) => {
    const before = await lockInOrder(tx, input.assetId)
    // The same person's second click.
    if (before.givenUpBecause === reason && before.givenUpBy === actor.name) return before
    const after = await closeLicence(tx, app, actor, before, reason)
    await tellCustomer(tx, app, after, reason, '')
    return after
  })
}

/** Locks the order first, as everybody does, then its licence. */
export async function lockInOrder(tx: Tx, id: AssetId): Promise<Asset> {
  await lockOrder(tx, (await loadAsset(tx, id)).orderId)
  return lockAsset(tx, id)
}

/** The caller holds the locks, and tells the customer. */
export async function closeLicence(
  tx: Tx,
  app: Pick<App, 'now'>,
  actor: Staff,
  before: Asset,
  reason: string,
): Promise<Asset> {
  const at = app.now()
  const isOutcomeUnknown = await hasUnknownOutcome(tx, before.id, before.transactionId)
  const after = giveUp(before, { because: reason, by: actor.name, isOutcomeUnknown }, at)
  await saveGivenUp(tx, after)
  await insertEvents(tx, [
    {
      orderId: after.orderId,
      assetId: after.id,
      at,
      kind: 'given-up',
      text: `${after.number}: given up. ${reason}`,
      actor: actor.name,
    },
  ])
  await recordAudit(tx, {
    at,
    actor,
    action: 'asset/given-up',
    subjectType: 'asset',
    subjectId: after.id,
    accountId: after.billingToId,
    before: { state: before.state, failure: before.failureReason },
    after: { state: after.state, reason },
  })
  // The others may have waited for it.
  await enqueue(tx, settleOrder, [{ orderId: after.orderId }])
  return after
}

export async function tellCustomer(
  tx: Tx,
  app: Pick<App, 'now' | 'secrets'>,
  asset: Asset,
  reason: string,
  replacementNumber: string,
): Promise<void> {
  await queueCustomerMail(tx, app, asset, {
    notificationCode: 'licence-given-up',
    cause: `given-up:${asset.id}`,
    variables: { reason, replacement: { number: replacementNumber } },
  })
}
