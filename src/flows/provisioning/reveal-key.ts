// Shows a key in full. Whoever looks is written down before anything is shown.
import { Refusal } from '#kernel/failure.ts'
import type { AssetId } from '#kernel/ids.ts'
import { findSealedKey, loadAsset, openKey } from '#modules/assets'
import { recordAudit } from '#modules/audit'
import { type Actor, assertMay, scopeOf } from '#modules/users'
import { transaction } from '#platform/db.ts'
import type { App } from '../app.ts'

export async function revealKey(
  app: Pick<App, 'db' | 'now' | 'secrets'>,
  actor: Actor,
  input: { assetId: AssetId },
): Promise<{ key: string; activationLink: string | undefined }> {
  assertMay(actor, 'reveal-keys')
  return transaction(app.db, scopeOf(actor), async (tx) => {
    const asset = await loadAsset(tx, input.assetId)
    if (asset.state === 'cancelled' && actor.kind === 'portal')
      throw new Refusal(
        'asset/cancelled',
        'This licence is cancelled: its key was given back and activates nothing.',
      )
    const sealed = await findSealedKey(tx, asset.id)
    if (!sealed) throw new Refusal('asset/no-key', 'This licence has no key yet.')
    await recordAudit(tx, {
      at: app.now(),
      actor,
      action: 'asset/key-revealed',
      subjectType: 'asset',
      subjectId: asset.id,
      accountId: asset.billingToId,
      after: { number: asset.number },
    })
    return openKey(app.secrets, sealed)
  })
}
