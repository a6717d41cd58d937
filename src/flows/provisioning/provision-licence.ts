// One licence's way to its key. Each attempt is written down and committed before the vendor is called, the call happens outside
// any transaction, and the answer is saved with everything it causes. A lost answer is looked up before anything is asked again,
// and the vendor is always asked with the asset's own transaction id: at most one key can come of it.
import { invariant, Outage } from '#kernel/failure.ts'
import { type AssetId, newId } from '#kernel/ids.ts'
import { loadSyncStatuses } from '#modules/accounts'
import {
  type Asset,
  closeAttempt,
  DEAD_TRANSACTION,
  failed,
  hasUnknownOutcome,
  insertAttempt,
  type Licence,
  type LicenceOrder,
  type LookupAnswer,
  lockAsset,
  saveDelivery,
  saveProvisioning,
  sealKey,
} from '#modules/assets'
import { loadPlan, loadProduct } from '#modules/catalogue'
import { insertEvents, loadItemPosition, loadOrder } from '#modules/orders'
import { sellerScope, type Tx, transaction, violatedConstraint } from '#platform/db.ts'
import { enqueue, job } from '#platform/jobs.ts'
import type { App } from '../app.ts'
import { settleOrder } from '../invoicing/settle-order.ts'
import { tellSeller } from '../notifying/tell-seller.ts'
import { queueWelcomeMail } from '../notifying/welcome-mail.ts'
import { openVendor } from './open-vendor.ts'
import { tellLowStock } from './tell-low-stock.ts'

const TRIES = 5

export const provisionLicence = job<App, { assetId: AssetId }>(
  'provision-licence',
  (app, { assetId }) => provision(app, assetId),
  {
    concurrency: 6,
  },
)

type Call = { readonly asset: Asset; readonly order: LicenceOrder; readonly kind: 'purchase' | 'lookup' }

type Answer =
  | LookupAnswer
  | { readonly outcome: 'outage'; readonly reason: string; readonly retryAfterMs: number | undefined }

async function provision(app: App, assetId: AssetId): Promise<void> {
  let call = await begin(app, assetId, 'lookup-if-unknown')
  if (!call) return
  let answer = await ask(app, call)
  if (answer.outcome === 'unknown') {
    // The vendor never heard of this id, so the call before was lost on its way: now it is asked, with the same id.
    await transaction(app.db, sellerScope, (tx) =>
      closeAttempt(
        tx,
        requestId(call),
        'not-found',
        'The vendor does not know this purchase yet.',
        app.now(),
      ),
    )
    call = await begin(app, assetId, 'purchase')
    if (!call) return
    answer = await ask(app, call)
  }
  await save(app, call, answer)
}

const requestId = (call: Call | undefined) => call?.order.requestId ?? ''

/** Writes the attempt down; undefined when there is nothing left to do. */
async function begin(
  app: App,
  assetId: AssetId,
  wanted: 'lookup-if-unknown' | 'purchase',
): Promise<Call | undefined> {
  return transaction(app.db, sellerScope, async (tx) => {
    const asset = await lockAsset(tx, assetId)
    if (asset.state !== 'active' || asset.provisioning !== 'unsynchronised') return undefined
    const kind =
      wanted === 'lookup-if-unknown' && (await hasUnknownOutcome(tx, asset.id, asset.transactionId))
        ? 'lookup'
        : 'purchase'
    const licenceOrder = await licenceOrderOf(tx, asset)
    await insertAttempt(tx, {
      id: licenceOrder.requestId,
      assetId,
      kind,
      transactionId: asset.transactionId,
      startedAt: app.now(),
    })
    return { asset, order: licenceOrder, kind }
  })
}

async function licenceOrderOf(tx: Tx, asset: Asset): Promise<LicenceOrder> {
  const order = await loadOrder(tx, asset.orderId)
  const plan = await loadPlan(tx, asset.planId)
  invariant(plan.language, 'a plan of ESD licences has a language')
  const statuses = await loadSyncStatuses(tx, [asset.endCustomerId, asset.billingToId], [asset.instanceId])
  const externalId = (accountId: string) =>
    statuses.find((status) => status.accountId === accountId)?.externalId
  return {
    transactionId: asset.transactionId,
    requestId: newId<AssetId>(),
    sku: asset.sku,
    language: plan.language,
    orderNumber: order.number,
    orderPosition: await loadItemPosition(tx, asset.orderItemId),
    customerExternalId: externalId(asset.endCustomerId) ?? asset.endCustomerId,
    resellerExternalId: asset.billingToId === asset.endCustomerId ? undefined : externalId(asset.billingToId),
  }
}

async function ask(app: App, call: Call): Promise<Answer> {
  try {
    const vendor = await openVendor(app, call.asset.instanceId)
    return call.kind === 'lookup'
      ? await vendor.lookUp(call.order.transactionId, call.order.requestId)
      : await vendor.issue(call.order)
  } catch (error) {
    if (error instanceof Outage)
      return { outcome: 'outage', reason: error.message, retryAfterMs: error.retryAfterMs }
    throw error
  }
}

async function save(app: App, call: Call, answer: Answer): Promise<void> {
  try {
    await transaction(app.db, sellerScope, (tx) => saveAnswer(tx, app, call, answer))
  } catch (error) {
    if (violatedConstraint(error) !== 'asset_key_print_key') throw error
    // The vendor gave out a key that another licence holds: nobody gets it twice.
    const reason =
      'The vendor delivered a key that another licence already holds. Ask the vendor for a replacement.'
    await transaction(app.db, sellerScope, (tx) =>
      saveAnswer(tx, app, call, {
        outcome: 'refused',
        code: 'vendor/duplicate-key',
        reason,
        transactionIsDead: true,
      }),
    )
  }
}

async function saveAnswer(tx: Tx, app: App, call: Call, answer: Answer): Promise<void> {
  const at = app.now()
  const asset = await lockAsset(tx, call.asset.id)
  await closeAttempt(tx, call.order.requestId, answer.outcome, 'reason' in answer ? answer.reason : '', at)
  // Somebody else's answer was quicker, or the licence was given a new id meanwhile.
  if (asset.provisioning !== 'unsynchronised' || asset.transactionId !== call.order.transactionId) return
  switch (answer.outcome) {
    case 'issued':
      return deliver(tx, app, asset, answer.licence)
    case 'refused':
      return giveUp(tx, app, asset, answer.transactionIsDead ? DEAD_TRANSACTION : answer.code, answer.reason)
    case 'out-of-keys':
      await saveProvisioning(tx, { ...asset, isAwaitingKey: true })
      await tellLowStock(tx, app, asset)
      return again(tx, app, asset, answer.retryAfterMs)
    case 'pending':
      return waitOr(tx, app, asset, answer.retryAfterMs, 'The vendor has been working on it for too long.')
    case 'unknown':
      return waitOr(tx, app, asset, 1_000, 'The vendor does not know this purchase.')
    case 'outage': {
      // Being asked to wait is no failure: a throttled call counts against the clock, not against the tries.
      if (answer.retryAfterMs !== undefined) return waitOr(tx, app, asset, answer.retryAfterMs, answer.reason)
      const tries = asset.tries + 1
      if (tries >= TRIES)
        return giveUp(
          tx,
          app,
          { ...asset, tries },
          'vendor/away',
          `${answer.reason} It was tried ${TRIES} times.`,
        )
      await saveProvisioning(tx, { ...asset, tries })
      const pauses = app.settings.vendorBackoffMs
      return again(tx, app, asset, pauses[Math.min(tries - 1, pauses.length - 1)] ?? 1_000)
    }
  }
}

async function deliver(tx: Tx, app: App, asset: Asset, licence: Licence): Promise<void> {
  const at = app.now()
  // A pool says nothing of a return window: then it is the product's own (E12).
  const returnableUntil =
    licence.returnableUntil ??
    at.add({ hours: 24 * (await loadProduct(tx, asset.productId)).returnWindowDays })
  const isOurs = await saveDelivery(
    tx,
    asset.id,
    { ...licence, returnableUntil, ...sealKey(app.secrets, licence) },
    at,
  )
  if (!isOurs) return
  await insertEvents(tx, [
    {
      orderId: asset.orderId,
      assetId: asset.id,
      at,
      kind: 'delivered',
      text: `${asset.number} has its key.`,
    },
  ])
  await queueWelcomeMail(tx, app, asset, { cause: `welcome:${asset.id}` })
  await tellLowStock(tx, app, asset)
  await enqueue(tx, settleOrder, [{ orderId: asset.orderId }])
}

async function giveUp(tx: Tx, app: App, asset: Asset, code: string, reason: string): Promise<void> {
  const at = app.now()
  await saveProvisioning(tx, failed(asset, code, reason))
  await insertEvents(tx, [
    { orderId: asset.orderId, assetId: asset.id, at, kind: 'failed', text: `${asset.number}: ${reason}` },
  ])
  await tellSeller(tx, app, {
    notificationCode: 'provisioning-failed',
    cause: `provisioning-failed:${asset.id}:${at.epochMilliseconds}`,
    assetId: asset.id,
    orderId: asset.orderId,
    variables: { reason },
  })
  await enqueue(tx, settleOrder, [{ orderId: asset.orderId }])
}

async function again(tx: Tx, app: App, asset: Asset, afterMs: number): Promise<void> {
  await enqueue(tx, provisionLicence, [{ assetId: asset.id }], {
    startAfter: app.now().add({ milliseconds: Math.round(afterMs) }),
  })
}

/** Waits as long as the order is given to settle, then gives up with a reason; a person can retry with the same id. */
async function waitOr(tx: Tx, app: App, asset: Asset, afterMs: number, reason: string): Promise<void> {
  const since = await waitingSince(tx, asset)
  const patience = app.settings.settleWithinMinutes * 60_000
  if (app.now().epochMilliseconds - since.epochMilliseconds > patience)
    return giveUp(tx, app, asset, 'vendor/too-slow', reason)
  return again(tx, app, asset, afterMs)
}

async function waitingSince(tx: Tx, asset: Asset): Promise<Temporal.Instant> {
  const order = await loadOrder(tx, asset.orderId)
  return asset.retriedAt ?? order.executedAt ?? asset.purchasedAt
}
