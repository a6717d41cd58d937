// Asks the vendor what became of a key: redeemed, or still unused. On demand from the asset's page, and every night for all that
// may have changed.
import { Outage } from '#kernel/failure.ts'
import { type AssetId, newId } from '#kernel/ids.ts'
import { closeAttempt, insertAttempt, listAssetsToCheck, loadAsset, saveTokenState } from '#modules/assets'
import { type Actor, assertMay, scopeOf } from '#modules/users'
import { sellerScope, transaction } from '#platform/db.ts'
import { enqueue, job } from '#platform/jobs.ts'
import type { App } from '../app.ts'
import { openVendor } from './open-vendor.ts'

export const checkToken = job<App, { assetId: AssetId }>(
  'check-token',
  (app, { assetId }) => check(app, assetId),
  { concurrency: 2, retryLimit: 5 },
)

export const checkAllTokens = job<App, object>(
  'check-all-tokens',
  async (app) => {
    await transaction(app.db, sellerScope, async (tx) => {
      const due = await listAssetsToCheck(tx, app.now().subtract({ hours: 20 }), 5_000)
      await enqueue(
        tx,
        checkToken,
        due.map((assetId) => ({ assetId })),
      )
    })
  },
  { concurrency: 1, cron: '20 2 * * *' },
)

/** "Check now": the page shows the answer when it has come. */
export async function requestTokenCheck(
  app: Pick<App, 'db'>,
  actor: Actor,
  input: { assetId: AssetId },
): Promise<void> {
  assertMay(actor, 'see-assets')
  await transaction(app.db, scopeOf(actor), async (tx) => {
    const asset = await loadAsset(tx, input.assetId)
    if (asset.provisioning === 'synchronized' && asset.state === 'active')
      await enqueue(tx, checkToken, [{ assetId: asset.id }])
  })
}

async function check(app: App, assetId: AssetId): Promise<void> {
  const attemptId = newId<AssetId>()
  const asset = await transaction(app.db, sellerScope, async (tx) => {
    const found = await loadAsset(tx, assetId)
    if (found.provisioning !== 'synchronized' || found.state !== 'active') return undefined
    await insertAttempt(tx, {
      id: attemptId,
      assetId,
      kind: 'lookup',
      transactionId: found.transactionId,
      startedAt: app.now(),
    })
    return found
  })
  if (!asset) return
  try {
    const vendor = await openVendor(app, asset.instanceId)
    const answer = await vendor.lookUp(asset.transactionId, attemptId)
    await transaction(app.db, sellerScope, async (tx) => {
      await closeAttempt(tx, attemptId, answer.outcome, 'reason' in answer ? answer.reason : '', app.now())
      if (answer.outcome === 'issued') await saveTokenState(tx, assetId, answer.licence, app.now())
    })
  } catch (error) {
    if (!(error instanceof Outage)) throw error
    await transaction(app.db, sellerScope, (tx) =>
      closeAttempt(tx, attemptId, 'outage', error.message, app.now()),
    )
    throw error
  }
}
