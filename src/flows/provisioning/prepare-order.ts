// Makes the vendors know the accounts of an order, then sets its licences and subscriptions on their way. In the Storefront this
// happens by itself from the Service details (E9). What one vendor sells does not wait for another vendor that does not know the account. Registering an account twice is harmless: it has one external id for ever.
import type { AccountId, InstanceId, OrderId } from '#kernel/ids.ts'
import { loadSyncStatuses, type SyncStatus } from '#modules/accounts'
import { type Asset, failed, listAssetsOfOrder, lockAsset, saveProvisioning } from '#modules/assets'
import { insertEvents, loadOrder } from '#modules/orders'
import {
  listSubscriptionsOfOrder,
  lockSubscription,
  type Subscription,
  saveSubscription,
  failed as subscriptionFailed,
} from '#modules/subscriptions'
import { sellerScope, type Tx, transaction } from '#platform/db.ts'
import { enqueueRuns, type JobMeta, job, runsOf } from '#platform/jobs.ts'
import { synchronizeAccount } from '../accounts/synchronize-account.ts'
import type { App } from '../app.ts'
import { settleOrder } from '../invoicing/settle-order.ts'
import { accountsOf } from '../ordering/accounts-of.ts'
import { provisionLicence } from './provision-licence.ts'
import { provisionSubscription } from './provision-subscription.ts'
import { unknownAccountCode } from './unknown-account.ts'

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
  const pairs = await transaction(app.db, sellerScope, async (tx) => {
    const order = await loadOrder(tx, orderId)
    const { instanceIds } = await waitingIn(tx, orderId)
    return accountsOf(order).flatMap((accountId) =>
      instanceIds.map((instanceId) => ({ accountId, instanceId })),
    )
  })
  // An outage is thrown from here, for another try; after the last the account is said to have failed.
  const isLastTry = meta.retries + 1 >= TRIES
  for (const pair of pairs) await synchronizeAccount.run(app, pair, { ...meta, isLastTry })

  await transaction(app.db, sellerScope, async (tx) => {
    const { assets, subscriptions, instanceIds } = await waitingIn(tx, orderId)
    if (instanceIds.length === 0) return
    const accountIds = [...new Set(pairs.map((pair) => pair.accountId))]
    const statuses = await loadSyncStatuses(tx, accountIds, instanceIds)
    const isKnown = ({ instanceId }: { instanceId: InstanceId }) =>
      accountIds.every((accountId) => stateAt(statuses, accountId, instanceId) === 'synchronized')
    const readyAssets = assets.filter(isKnown)
    const readySubscriptions = subscriptions.filter(isKnown)
    if (readyAssets.length + readySubscriptions.length > 0)
      await insertEvents(tx, [
        { orderId, at: app.now(), kind: 'synchronized', text: 'The vendor knows the end customer.' },
      ])
    await enqueueRuns(tx, [
      ...runsOf(
        provisionLicence,
        readyAssets.map(({ id }) => ({ assetId: id })),
      ),
      ...runsOf(
        provisionSubscription,
        readySubscriptions.map(({ id }) => ({ subscriptionId: id })),
      ),
    ])
    await failWhatWaits(tx, app, orderId, statuses, {
      assets: assets.filter((asset) => !isKnown(asset)),
      subscriptions: subscriptions.filter((subscription) => !isKnown(subscription)),
    })
  })
}

type Waiting = { readonly assets: readonly Asset[]; readonly subscriptions: readonly Subscription[] }

/** What of an order has not been asked of its vendor yet, and the instances it will be asked of. */
async function waitingIn(tx: Tx, orderId: OrderId): Promise<Waiting & { instanceIds: InstanceId[] }> {
  const assets = (await listAssetsOfOrder(tx, orderId)).filter(
    (asset) => asset.state === 'active' && asset.provisioning === 'unsynchronised',
  )
  const subscriptions = (await listSubscriptionsOfOrder(tx, orderId)).filter(
    (subscription) => subscription.state === 'ordered' && subscription.provisioning === 'unsynchronised',
  )
  const instanceIds = [...new Set([...assets, ...subscriptions].map(({ instanceId }) => instanceId))]
  return { assets, subscriptions, instanceIds }
}

function stateAt(
  statuses: readonly SyncStatus[],
  accountId: AccountId,
  instanceId: InstanceId,
): SyncStatus['state'] | undefined {
  return statuses.find((status) => status.accountId === accountId && status.instanceId === instanceId)?.state
}

/** They need a hand: the reason is kept with each, and the order may settle without them. */
async function failWhatWaits(
  tx: Tx,
  app: Pick<App, 'now'>,
  orderId: OrderId,
  statuses: readonly SyncStatus[],
  { assets, subscriptions }: Waiting,
): Promise<void> {
  if (assets.length + subscriptions.length === 0) return
  const instanceIds = new Set([...assets, ...subscriptions].map(({ instanceId }) => instanceId))
  const status = statuses.find((each) => instanceIds.has(each.instanceId) && each.state === 'failed')
  const reason = status?.reason ?? 'it was not told about it.'
  const code = unknownAccountCode(status)
  const problem = `The vendor does not know the end customer or the reseller: ${reason}`
  for (const { id } of assets) await saveProvisioning(tx, failed(await lockAsset(tx, id), code, problem))
  for (const { id } of subscriptions)
    await saveSubscription(tx, subscriptionFailed(await lockSubscription(tx, id), code, problem))
  await insertEvents(tx, [{ orderId, at: app.now(), kind: 'failed', text: problem }])
  await enqueueRuns(tx, runsOf(settleOrder, [{ orderId }]))
}
