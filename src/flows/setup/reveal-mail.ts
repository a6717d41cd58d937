// Shows a mail with the key it brought. Whoever looks is written down before anything is shown, with the licence as when a key is revealed.
import { Refusal } from '#kernel/failure.ts'
import type { MailId } from '#kernel/ids.ts'
import { recordAudit } from '#modules/audit'
import { findMailBody, lockMail, type RenderedMail } from '#modules/notifications'
import { type Actor, assertMay } from '#modules/users'
import { sellerScope, transaction } from '#platform/db.ts'
import type { App } from '../app.ts'
import { MAIL_BODY_PURPOSE } from '../notifying/send-mail.ts'

export async function revealMail(
  app: Pick<App, 'db' | 'now' | 'secrets'>,
  actor: Actor,
  input: { readonly mailId: MailId },
): Promise<RenderedMail> {
  assertMay(actor, 'see-jobs')
  assertMay(actor, 'reveal-keys')
  return transaction(app.db, sellerScope, async (tx) => {
    const mail = await lockMail(tx, input.mailId)
    const body = await findMailBody(tx, mail.id)
    if (!body?.wholeCipher)
      throw new Refusal('mail/no-key', 'This mail brought no key, so there is nothing more to show of it.')
    await recordAudit(tx, {
      at: app.now(),
      actor,
      action: 'asset/key-revealed',
      subjectType: mail.assetId ? 'asset' : 'mail',
      subjectId: mail.assetId ?? mail.id,
      accountId: mail.accountId ?? undefined,
      after: { mail: mail.id },
    })
    return JSON.parse(app.secrets.open(body.wholeCipher, MAIL_BODY_PURPOSE)) as RenderedMail
  })
}
