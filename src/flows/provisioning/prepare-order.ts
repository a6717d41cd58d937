// Makes the vendor know the accounts of an order, then sets its licences on their way. In the Storefront this happens by itself
// from the Service details (E9). Registering an account twice is harmless: it has one external id for ever.
import type { OrderId } from '#kernel/ids.ts'
import { loadSyncStatuses, syncState } from '#modules/accounts'
import { failed, listAssetsOfOrder, lockAsset, saveProvisioning } from '#modules/assets'
import { insertEvents, loadOrder } from '#modules/orders'
import { sellerScope, transaction } from '#platform/db.ts'
import { enqueue, type JobMeta, job } from '#platform/jobs.ts'
import { synchronizeAccount } from '../accounts/synchronize-account.ts'
import type { App } from '../app.ts'
import { settleOrder } from '../invoicing/settle-order.ts'
import { accountsOf } from '../ordering/accounts-of.ts'
import { provisionLicence } from './provision-licence.ts'

const TRIES = 5

export const prepareOrder = job<App, { orderId: OrderId }>(
  'prepare-order',
  (app, { orderId }, meta) => prepare(app, orderId, meta),
  {
    expireInSeconds: 120,
    retryLimit: TRIES,
  },
)

async function prepare(app: App, orderId: OrderId, meta: JobMeta): Promise<void> {
  const { pairs, instanceIds } = await transaction(app.db, sellerScope, async (tx) => {
    const order = await loadOrder(tx, orderId)
    const assets = await listAssetsOfOrder(tx, orderId)
    const instanceIds = [...new Set(assets.map((asset) => asset.instanceId))]
    return {
      instanceIds,
      pairs: accountsOf(order).flatMap((accountId) =>
        instanceIds.map((instanceId) => ({ accountId, instanceId })),
      ),
    }
  })
  // An outage is thrown from here, for another try; after the last the account is said to have failed.
  const isLastTry = meta.retries + 1 >= TRIES
  for (const pair of pairs) await synchronizeAccount.run(app, pair, { ...meta, isLastTry })

  await transaction(app.db, sellerScope, async (tx) => {
    const statuses = await loadSyncStatuses(
      tx,
      pairs.map((pair) => pair.accountId),
      instanceIds,
    )
    const waiting = (await listAssetsOfOrder(tx, orderId)).filter(
      (asset) => asset.state === 'active' && asset.provisioning === 'unsynchronised',
    )
    const at = app.now()
    if (syncState(statuses) === 'synchronized') {
      await insertEvents(tx, [
        { orderId, at, kind: 'synchronized', text: 'The vendor knows the end customer.' },
      ])
      await enqueue(
        tx,
        provisionLicence,
        waiting.map((asset) => ({ assetId: asset.id })),
      )
      return
    }
    const reason = statuses.find((status) => status.state === 'failed')?.reason ?? 'it was not told about it.'
    const problem = `The vendor does not know the end customer or the reseller: ${reason}`
    for (const { id } of waiting)
      await saveProvisioning(tx, failed(await lockAsset(tx, id), 'account/not-synchronized', problem))
    await insertEvents(tx, [{ orderId, at, kind: 'failed', text: problem }])
    await enqueue(tx, settleOrder, [{ orderId }])
  })
}
