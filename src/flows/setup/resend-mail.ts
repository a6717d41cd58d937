// A mail that failed is sent again: the same mail with its own cause, so it can still leave only once.
import { Refusal } from '#kernel/failure.ts'
import type { MailId } from '#kernel/ids.ts'
import { recordAudit } from '#modules/audit'
import { lockMail, saveMailOutcome } from '#modules/notifications'
import { type Actor, assertMay } from '#modules/users'
import { sellerScope, transaction } from '#platform/db.ts'
import { enqueue } from '#platform/jobs.ts'
import type { App } from '../app.ts'
import { sendMail } from '../notifying/send-mail.ts'

export async function resendMail(
  app: Pick<App, 'db' | 'now'>,
  actor: Actor,
  input: { readonly mailId: MailId },
): Promise<void> {
  assertMay(actor, 'manage-jobs')
  await transaction(app.db, sellerScope, async (tx) => {
    const mail = await lockMail(tx, input.mailId)
    // Under way already: a second click asks for nothing more.
    if (mail.state === 'queued') return
    if (mail.state !== 'failed')
      throw new Refusal(
        'mail/not-failed',
        'Only a mail that failed is sent again from here. Resend a key from its licence.',
      )
    await saveMailOutcome(tx, mail.id, { state: 'queued', serverAnswer: `Queued again by ${actor.name}.` })
    await enqueue(tx, sendMail, [{ mailId: mail.id }])
    await recordAudit(tx, {
      at: app.now(),
      actor,
      action: 'mail/queued-again',
      subjectType: 'mail',
      subjectId: mail.id,
      accountId: mail.accountId ?? undefined,
      before: { state: mail.state, serverAnswer: mail.serverAnswer },
      after: { state: 'queued' },
    })
  })
}
