// Gives a licence back to the vendor. The return has its own id, stored before the call, so that the same return asked twice is one
// return; what the vendor says is saved with everything it causes, the credit invoice included.
import { Outage } from '#kernel/failure.ts'
import { newId, type ReturnRequestId } from '#kernel/ids.ts'
import {
  type Asset,
  closeAttempt,
  insertAttempt,
  loadReturnRequest,
  lockAsset,
  moved,
  type ReturnAnswer,
  type ReturnRequest,
  saveCancelled,
  saveReturnRejected,
  saveReturnRequest,
} from '#modules/assets'
import { neutral, toldReason } from '#modules/failures'
import { insertEvents, lockOrder } from '#modules/orders'
import { sellerScope, type Tx, transaction } from '#platform/db.ts'
import { job } from '#platform/jobs.ts'
import type { App } from '../app.ts'
import { creditLicence } from '../invoicing/credit-licence.ts'
import { queueCustomerMail } from '../notifying/customer-mail.ts'
import { openVendor } from './open-vendor.ts'

type Task = { readonly requestId: ReturnRequestId; readonly decidedAtMs?: number | undefined }

/** `decidedAtMs`: which decision it carries out; one that was taken back, and perhaps made again since, is another job's. */
export const returnLicence = job<App, Task>('return-licence', giveBack)

async function giveBack(app: App, { requestId: id, decidedAtMs }: Task): Promise<void> {
  const attemptId = newId<ReturnRequestId>()
  const begun = await transaction(app.db, sellerScope, async (tx) => {
    // Whoever takes the cancellation back holds the licence's lock: either they were first, or the vendor is asked.
    const asset = await lockAsset(tx, (await loadReturnRequest(tx, id)).assetId)
    const request = await loadReturnRequest(tx, id)
    if (request.state !== 'sent') return undefined
    // The database rounds moments to microseconds.
    const decided = request.decidedAt?.epochMilliseconds ?? 0
    if (decidedAtMs !== undefined && Math.abs(decided - decidedAtMs) > 1) return undefined
    await insertAttempt(tx, {
      id: attemptId,
      assetId: asset.id,
      kind: 'return',
      transactionId: request.transactionId,
      startedAt: app.now(),
    })
    return { request, asset }
  })
  if (!begun) return
  const { request, asset } = begun
  let answer: ReturnAnswer
  try {
    const vendor = await openVendor(app, asset.instanceId)
    answer = await vendor.returnLicence({
      transactionId: asset.transactionId,
      returnTransactionId: request.transactionId,
      requestId: attemptId,
    })
  } catch (error) {
    if (!(error instanceof Outage)) throw error
    await transaction(app.db, sellerScope, (tx) =>
      closeAttempt(tx, attemptId, 'outage', error.message, app.now()),
    )
    throw error // tried again: the return has its own id
  }
  await transaction(app.db, sellerScope, (tx) => saveAnswer(tx, app, request, asset, attemptId, answer))
}

async function saveAnswer(
  tx: Tx,
  app: App,
  asked: ReturnRequest,
  seen: Asset,
  attemptId: string,
  answer: ReturnAnswer,
): Promise<void> {
  const at = app.now()
  await lockOrder(tx, seen.orderId)
  const asset = await lockAsset(tx, seen.id)
  await closeAttempt(tx, attemptId, answer.outcome, answer.outcome === 'refused' ? answer.reason : '', at)
  const event = { orderId: asset.orderId, assetId: asset.id, at }
  if (answer.outcome === 'refused') {
    const refused = moved(asked, 'refuse', { answer: answer.reason, answerCode: answer.code })
    if (!(await saveReturnRequest(tx, refused, 'sent'))) return
    await saveReturnRejected(tx, asset.id, at)
    await insertEvents(tx, [
      {
        ...event,
        kind: 'note',
        text: `${asset.number}: the vendor refused the return.`,
        reason: answer.reason,
        reasonCode: answer.code,
      },
    ])
    await queueCustomerMail(tx, app, asset, {
      notificationCode: 'licence-cancellation-refused',
      cause: `cancellation-refused:${asked.id}`,
      variables: { reason: toldReason(answer, neutral.change) },
    })
    return
  }
  if (
    !(await saveReturnRequest(
      tx,
      moved(asked, 'accept', { answer: 'The vendor took the key back.' }),
      'sent',
    ))
  )
    return
  await saveCancelled(tx, asset.id, at)
  await insertEvents(tx, [
    { ...event, kind: 'cancelled', text: `${asset.number}: returned to the vendor and cancelled.` },
  ])
  const number = await creditLicence(tx, asset.id, at)
  if (number) await insertEvents(tx, [{ ...event, kind: 'credited', text: `Credit invoice ${number}.` }])
  await queueCustomerMail(tx, app, asset, {
    notificationCode: 'licence-cancelled',
    cause: `cancelled:${asset.id}`,
    variables: { creditInvoice: { number: number ?? '' } },
  })
}
