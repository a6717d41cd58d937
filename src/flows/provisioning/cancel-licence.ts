// Cancelling a licence (E12). From the Storefront it is a request that can be withdrawn until the seller decides; from the back
// office it is sent at once. The vendor's answer decides: returned means cancelled and credited in full, refused means that
// nothing changes and the reason is shown.
import { invalid, Refusal } from '#kernel/failure.ts'
import type { AssetId, ReturnRequestId } from '#kernel/ids.ts'
import {
  type Asset,
  assertReturnable,
  findOpenReturnRequest,
  insertReturnRequest,
  loadReturnRequest,
  lockAsset,
  moved,
  type ReturnRequest,
  requestReturn,
  returnRequestMoves,
  saveReturnRequest,
  wasReturnAsked,
} from '#modules/assets'
import { recordAudit } from '#modules/audit'
import { loadCancellationPolicies, policyAt } from '#modules/subscriptions'
import { type Actor, assertMay, type Portal, type Staff, scopeOf } from '#modules/users'
import { type Tx, transaction } from '#platform/db.ts'
import { enqueue } from '#platform/jobs.ts'
import type { App } from '../app.ts'
import { queueCustomerMail } from '../notifying/customer-mail.ts'
import { returnLicence } from './return-licence.ts'

const MAX_ANSWER = 500

const comment = (text: string | undefined) =>
  (text ?? '')
    .replace(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, 500)

export async function requestCancellation(
  app: Pick<App, 'db' | 'now' | 'secrets'>,
  actor: Portal,
  input: { assetId: AssetId; comment?: string },
): Promise<ReturnRequest> {
  assertMay(actor, 'manage-assets')
  return transaction(app.db, scopeOf(actor), async (tx) => {
    const asset = await lockAsset(tx, input.assetId)
    const open = await findOpenReturnRequest(tx, asset.id)
    if (open) return open
    const at = app.now()
    assertReturnable(asset, at)
    const wish = requestReturn(asset.id, actor.userId, comment(input.comment), at)
    // Setup > Billing > Product types may let the vendor's answer decide alone.
    const isSent = policyAt(await loadCancellationPolicies(tx), 'esd', at)?.executesByItself === true
    const request = isSent ? moved(wish, 'send', { decidedAt: at }) : wish
    await insertReturnRequest(tx, request)
    if (isSent) await askVendor(tx, request)
    else
      await queueCustomerMail(tx, app, asset, {
        notificationCode: 'licence-cancellation-requested',
        cause: `cancellation-requested:${request.id}`,
        variables: { request: { comment: request.comment } },
      })
    await recordAudit(tx, {
      at,
      actor,
      action: isSent ? 'asset/cancellation-sent' : 'asset/cancellation-requested',
      subjectType: 'asset',
      subjectId: asset.id,
      accountId: asset.billingToId,
      after: { comment: request.comment },
    })
    return request
  })
}

export async function withdrawCancellation(
  app: Pick<App, 'db' | 'now'>,
  actor: Portal,
  input: { requestId: ReturnRequestId },
): Promise<ReturnRequest> {
  assertMay(actor, 'manage-assets')
  return decide(app, actor, input.requestId, 'withdraw', '')
}

/** The seller's decision on a request: `send` lets the vendor decide, `decline` ends it with an answer. */
export async function decideCancellation(
  app: Pick<App, 'db' | 'now' | 'secrets'>,
  actor: Staff,
  input: {
    requestId: ReturnRequestId
    decision: 'send' | 'decline'
    /** Why it is declined: the customer reads it. */
    answer?: string
    /** So long the vendor is not asked yet, and the decision can be taken back. */
    undoSeconds?: number
  },
): Promise<ReturnRequest> {
  assertMay(actor, 'decide-cancellations')
  if (input.decision === 'send')
    return decide(app, actor, input.requestId, 'send', '', async (tx, request) => {
      await askVendor(tx, request, input.undoSeconds)
    })
  const reason = readAnswer(input.answer ?? '')
  return decide(app, actor, input.requestId, 'decline', reason, async (tx, request, asset) => {
    await queueCustomerMail(tx, app, asset, {
      notificationCode: 'licence-cancellation-refused',
      cause: `cancellation-declined:${request.id}`,
      variables: { reason },
    })
  })
}

function readAnswer(text: string): string {
  const answer = text.replace(/[\s\p{Cc}]+/gu, ' ').trim()
  if (answer === '')
    throw invalid({ pointer: '/answer', code: 'required', message: 'Say why: the customer reads it.' })
  if (answer.length > MAX_ANSWER)
    throw invalid({
      pointer: '/answer',
      code: 'too-long',
      message: `The reason has up to ${MAX_ANSWER} characters.`,
    })
  return answer
}

/** A decision that was taken back, and perhaps made again since, is not this job's. */
async function askVendor(tx: Tx, { id, decidedAt }: ReturnRequest, undoSeconds = 0): Promise<void> {
  await enqueue(tx, returnLicence, [{ requestId: id, decidedAtMs: decidedAt?.epochMilliseconds }], {
    startAfter: undoSeconds > 0 ? decidedAt?.add({ seconds: undoSeconds }) : undefined,
  })
}

async function decide(
  app: Pick<App, 'db' | 'now'>,
  actor: Actor & { kind: 'staff' | 'portal' },
  id: ReturnRequestId,
  name: 'withdraw' | 'decline' | 'send',
  answer: string,
  andThen?: (tx: Tx, request: ReturnRequest, asset: Asset) => Promise<void>,
): Promise<ReturnRequest> {
  return transaction(app.db, scopeOf(actor), async (tx) => {
    const asset = await lockAsset(tx, (await loadReturnRequest(tx, id)).assetId)
    const request = await loadReturnRequest(tx, id)
    const at = app.now()
    // The same person's second click.
    if (request.state === returnRequestMoves[name].to && request.decidedBy === actor.userId) return request
    if (name === 'send') assertReturnable(asset, at)
    const decided = moved(request, name, { decidedBy: actor.userId, decidedAt: at, answer })
    if (!(await saveReturnRequest(tx, decided, request.state)))
      throw new Refusal('state/changed-meanwhile', 'Somebody else has just decided this request.')
    await andThen?.(tx, decided, asset)
    await recordAudit(tx, {
      at,
      actor,
      action: `asset/cancellation-${name}`,
      subjectType: 'asset',
      subjectId: asset.id,
      accountId: asset.billingToId,
      before: { state: request.state },
      after: { state: decided.state, answer },
    })
    return decided
  })
}

/** Takes a cancellation back that the vendor has not been asked about yet. */
export async function undoCancellation(
  app: Pick<App, 'db' | 'now'>,
  actor: Staff,
  input: { assetId: AssetId },
): Promise<void> {
  assertMay(actor, 'decide-cancellations')
  await transaction(app.db, scopeOf(actor), async (tx) => {
    const asset = await lockAsset(tx, input.assetId)
    const request = await findOpenReturnRequest(tx, asset.id)
    if (request?.state !== 'sent' || (await wasReturnAsked(tx, request)))
      throw new Refusal(
        'asset/cancellation-not-undoable',
        request?.state === 'sent'
          ? `It is too late: the vendor has been asked to take licence ${asset.number} back.`
          : `No cancellation of licence ${asset.number} is on its way.`,
      )
    const at = app.now()
    const undone: ReturnRequest =
      request.requestedBy === request.decidedBy
        ? moved(request, 'undo', { decidedBy: actor.userId, decidedAt: at, answer: 'Taken back.' })
        : { ...moved(request, 'reopen'), decidedBy: undefined, decidedAt: undefined }
    await saveReturnRequest(tx, undone, 'sent')
    await recordAudit(tx, {
      at,
      actor,
      action: 'asset/cancellation-undone',
      subjectType: 'asset',
      subjectId: asset.id,
      accountId: asset.billingToId,
      before: { state: request.state },
      after: { state: undone.state },
    })
  })
}

/** The back office cancels at once: the request is made and sent in one step. */
export async function cancelLicence(
  app: Pick<App, 'db' | 'now'>,
  actor: Staff,
  input: {
    assetId: AssetId
    comment?: string
    /** So long the vendor is not asked yet, and the cancellation can be taken back. */
    undoSeconds?: number
  },
): Promise<ReturnRequest> {
  assertMay(actor, 'decide-cancellations')
  return transaction(app.db, scopeOf(actor), async (tx) => {
    const asset = await lockAsset(tx, input.assetId)
    const open = await findOpenReturnRequest(tx, asset.id)
    if (open?.state === 'sent') return open
    const at = app.now()
    assertReturnable(asset, at)
    const facts = { decidedBy: actor.userId, decidedAt: at }
    const request = moved(
      open ?? requestReturn(asset.id, actor.userId, comment(input.comment), at),
      'send',
      facts,
    )
    if (open) await saveReturnRequest(tx, request, 'requested')
    else await insertReturnRequest(tx, request)
    await askVendor(tx, request, input.undoSeconds)
    await recordAudit(tx, {
      at,
      actor,
      action: 'asset/cancellation-sent',
      subjectType: 'asset',
      subjectId: asset.id,
      accountId: asset.billingToId,
      after: { comment: request.comment },
    })
    return request
  })
}
