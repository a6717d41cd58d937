// Sends one queued mail. The record says it is tried before the server is asked and what the server answered after; a second copy
// can leave only where the answer itself was lost, and both copies then carry the same Message-ID.
import { Outage, Refusal } from '#kernel/failure.ts'
import type { MailId } from '#kernel/ids.ts'
import {
  loadNotification,
  lockMail,
  renderNotification,
  saveMailOutcome,
  saveMailTried,
} from '#modules/notifications'
import { sellerScope, transaction } from '#platform/db.ts'
import { enqueue, job } from '#platform/jobs.ts'
import type { App } from '../app.ts'
import { mailValues } from './mail-values.ts'

/** What a mail's secret is sealed for; queue-mail seals it, this file opens it. */
export const MAIL_SECRET_PURPOSE = 'mail secret'

/** Pauses between tries while the mail server is away; after the last the mail waits for a person. */
const pausesMs = [
  1_000,
  5_000,
  15_000,
  60_000,
  300_000,
  900_000,
  1_800_000,
  3_600_000,
  3 * 3_600_000,
  6 * 3_600_000,
  12 * 3_600_000,
]

export const sendMail = job<App, { mailId: MailId }>('send-mail', (app, { mailId }) => send(app, mailId), {
  expireInSeconds: 90,
  concurrency: 4,
})

async function send(app: App, id: MailId): Promise<void> {
  const prepared = await transaction(app.db, sellerScope, async (tx) => {
    const mail = await lockMail(tx, id)
    if (mail.state !== 'queued') return undefined
    const notification = await loadNotification(tx, mail.notificationCode)
    const secret = mail.secretCipher ? app.secrets.open(mail.secretCipher, MAIL_SECRET_PURPOSE) : undefined
    try {
      const { values, look } = await mailValues(tx, app, { ...mail, secret }, { showKey: true })
      const rendered = renderNotification(notification, values, look)
      await saveMailTried(tx, id, rendered.subject, app.now())
      return { mail, rendered }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      await saveMailOutcome(tx, id, { state: 'failed', serverAnswer: `Not sent: ${error.message}` })
      return undefined
    }
  })
  if (!prepared) return
  const { mail, rendered } = prepared
  const outcome = await attempt(app, mail, rendered)
  await transaction(app.db, sellerScope, async (tx) => {
    if (outcome.kind === 'sent') {
      await saveMailOutcome(tx, id, { state: 'sent', serverAnswer: outcome.answer, sentAt: app.now() })
      return
    }
    const pause = outcome.kind === 'away' ? pausesMs[mail.tries] : undefined
    await saveMailOutcome(tx, id, {
      state: pause === undefined ? 'failed' : 'queued',
      serverAnswer: outcome.answer,
    })
    if (pause !== undefined)
      await enqueue(tx, sendMail, [{ mailId: id }], { startAfter: app.now().add({ milliseconds: pause }) })
  })
}

type Outcome = { kind: 'sent' | 'rejected' | 'away'; answer: string }

async function attempt(
  app: Pick<App, 'mailer' | 'settings'>,
  mail: { id: MailId; toAddresses: readonly string[]; cc: readonly string[]; bcc: readonly string[] },
  rendered: { subject: string; html: string; text: string },
): Promise<Outcome> {
  try {
    const answer = await app.mailer.send({
      messageId: `<${mail.id}@${new URL(app.settings.publicUrl).hostname}>`,
      to: mail.toAddresses,
      cc: mail.cc,
      bcc: mail.bcc,
      ...rendered,
    })
    return { kind: answer.outcome === 'accepted' ? 'sent' : 'rejected', answer: answer.response }
  } catch (error) {
    if (error instanceof Outage) return { kind: 'away', answer: error.message }
    if (error instanceof Refusal) return { kind: 'rejected', answer: error.message }
    throw error
  }
}
