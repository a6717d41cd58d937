// Retry: a person tries a failed licence again, with the same id; only a purchase the vendor declared dead gets a new one.
import { Refusal } from '#kernel/failure.ts'
import { type AssetId, newId, type OrderId } from '#kernel/ids.ts'
import { loadSyncStatuses, markSynchronizing, syncState } from '#modules/accounts'
import { type Asset, lockAsset, retried, saveProvisioning } from '#modules/assets'
import { recordAudit } from '#modules/audit'
import { insertEvents, loadOrder } from '#modules/orders'
import { type Actor, assertMay, scopeOf } from '#modules/users'
import { transaction } from '#platform/db.ts'
import { enqueue } from '#platform/jobs.ts'
import type { App } from '../app.ts'
import { accountsOf } from '../ordering/accounts-of.ts'
import { prepareOrder } from './prepare-order.ts'
import { provisionLicence } from './provision-licence.ts'

export async function retryLicence(
  app: Pick<App, 'db' | 'now'>,
  actor: Actor,
  /** `orderId`: of which it is asked for. */
  input: { readonly assetId: AssetId; readonly orderId?: OrderId },
): Promise<Asset> {
  assertMay(actor, 'manage-assets')
  return transaction(app.db, scopeOf(actor), async (tx) => {
    const asset = await lockAsset(tx, input.assetId)
    if (input.orderId && asset.orderId !== input.orderId)
      throw new Refusal('asset/not-found', 'This licence does not exist.')
    // Under way already: the second click asks for nothing more.
    if (asset.state === 'active' && asset.provisioning === 'unsynchronised') return asset
    const at = app.now()
    const again = retried(asset, () => newId(), at)
    await saveProvisioning(tx, again)
    const order = await loadOrder(tx, asset.orderId)
    const pairs = accountsOf(order).map((accountId) => ({ accountId, instanceId: asset.instanceId }))
    const statuses = await loadSyncStatuses(
      tx,
      pairs.map((pair) => pair.accountId),
      [asset.instanceId],
    )
    const isKnown = statuses.length === pairs.length && syncState(statuses) === 'synchronized'
    if (isKnown) await enqueue(tx, provisionLicence, [{ assetId: asset.id }])
    else {
      await markSynchronizing(tx, pairs, at)
      await enqueue(tx, prepareOrder, [{ orderId: order.id }])
    }
    await insertEvents(tx, [
      {
        orderId: order.id,
        assetId: asset.id,
        at,
        kind: 'retried',
        text: `${asset.number}: trying again.`,
        actor: actor.name,
      },
    ])
    await recordAudit(tx, {
      at,
      actor,
      action: 'asset/retried',
      subjectType: 'asset',
      subjectId: asset.id,
      accountId: asset.billingToId,
      before: { failure: asset.failureReason },
    })
    return again
  })
}
