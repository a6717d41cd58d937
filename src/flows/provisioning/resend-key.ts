// Sends a licence's mail once more, to where keys go or to another address; every time it is written down.
import { invalid, Refusal } from '#kernel/failure.ts'
import { type AssetId, type MailId, newId } from '#kernel/ids.ts'
import { isEmailAddress } from '#modules/accounts'
import { type Asset, loadAsset } from '#modules/assets'
import { recordAudit } from '#modules/audit'
import { type Actor, assertMay, scopeOf } from '#modules/users'
import { transaction } from '#platform/db.ts'
import type { App } from '../app.ts'
import { keyDeliveryAddress, queueWelcomeMail } from '../notifying/welcome-mail.ts'

export async function resendKey(
  app: Pick<App, 'db' | 'now' | 'secrets'>,
  actor: Actor,
  input: { assetId: AssetId; to?: string; copyOf?: MailId },
): Promise<{ readonly mailId: MailId; readonly to: string }> {
  assertMay(actor, 'manage-assets')
  const to = input.to?.trim()
  if (to && !isEmailAddress(to))
    throw invalid({
      pointer: '/to',
      code: 'not-an-email',
      message: 'This is not an e-mail address like name@company.example.',
    })
  return transaction(app.db, scopeOf(actor), async (tx) => {
    const asset = await loadAsset(tx, input.assetId)
    assertKeyLeaves(asset)
    const mailId = await queueWelcomeMail(tx, app, asset, {
      cause: `resend:${newId()}`,
      ...(to ? { to } : {}),
      ...(input.copyOf ? { copyOf: input.copyOf } : {}),
    })
    if (!mailId) throw new Refusal('notification/inactive', 'The notification is switched off in the setup.')
    await recordAudit(tx, {
      at: app.now(),
      actor,
      action: 'asset/key-resent',
      subjectType: 'asset',
      subjectId: asset.id,
      accountId: asset.billingToId,
      after: { to: to || 'the key-delivery e-mail' },
    })
    return { mailId, to: to || (await keyDeliveryAddress(tx, asset)) }
  })
}

/** A key is mailed while there is one and its licence stands. */
export function assertKeyLeaves({ state, provisioning }: Pick<Asset, 'state' | 'provisioning'>): void {
  if (provisioning !== 'synchronized') throw new Refusal('asset/no-key', 'This licence has no key yet.')
  if (state === 'cancelled')
    throw new Refusal('asset/cancelled', 'This licence is cancelled; its key is not sent any more.')
}
