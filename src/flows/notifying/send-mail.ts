// Sends one queued mail. The record says it is tried before the server is asked and what the server answered after; a second copy
// can leave only where the answer itself was lost, and both copies then carry the same Message-ID.
import { Outage, Refusal } from '#kernel/failure.ts'
import type { InvoiceId, MailId } from '#kernel/ids.ts'
import { languagesFor } from '#kernel/language.ts'
import { findReceivable, loadLegalEntity } from '#modules/invoicing'
import {
  findNotificationText,
  loadNotificationOfMail,
  lockMail,
  type Mail,
  type MailBody,
  type Notification,
  type NotificationText,
  type RenderedMail,
  renderNotification,
  saveMailOutcome,
  saveMailTried,
  saveMailTry,
} from '#modules/notifications'
import { sellerScope, type Tx, transaction } from '#platform/db.ts'
import { enqueue, job } from '#platform/jobs.ts'
import type { Attachment, Message } from '#platform/mail.ts'
import type { App } from '../app.ts'
import { issuedInvoicePdf } from '../invoicing/invoice-paper.ts'
import { mailValues, senderOf } from './mail-values.ts'

/** What a mail's secret is sealed for; queue-mail seals it, this file opens it. */
export const MAIL_SECRET_PURPOSE = 'mail secret'
/** What the whole words of a mail with a key are sealed for. */
export const MAIL_BODY_PURPOSE = 'mail body'

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

/** After so long a run leaves the rest to the next one. */
const RUN_MS = 15_000
const MAILS_EACH = 25

/** Many at once, one after the other: a job for each would wait for its turn longer than it takes. */
export const sendMails = job<App, { mailIds: readonly MailId[] }>(
  'send-mails',
  async (app, { mailIds }) => {
    const until = performance.now() + RUN_MS
    for (const [index, mailId] of mailIds.entries()) {
      if (performance.now() > until) {
        const rest = mailIds.slice(index)
        return transaction(app.db, sellerScope, (tx) => enqueueMails(tx, rest))
      }
      await send(app, mailId)
    }
  },
  { expireInSeconds: 120, concurrency: 4 },
)

export async function enqueueMails(tx: Tx, mailIds: readonly MailId[]): Promise<void> {
  if (mailIds.length <= 1)
    return enqueue(
      tx,
      sendMail,
      mailIds.map((mailId) => ({ mailId })),
    )
  const batches: { mailIds: readonly MailId[] }[] = []
  for (let from = 0; from < mailIds.length; from += MAILS_EACH)
    batches.push({ mailIds: mailIds.slice(from, from + MAILS_EACH) })
  await enqueue(tx, sendMails, batches)
}

async function send(app: App, id: MailId): Promise<void> {
  const prepared = await transaction(app.db, sellerScope, async (tx) => {
    const mail = await lockMail(tx, id)
    if (mail.state !== 'queued') return undefined
    const notification = await loadNotificationOfMail(tx, mail.notificationCode)
    const whyNot = await whyNotNow(tx, notification, mail)
    if (whyNot) {
      await saveMailOutcome(tx, id, { state: 'cancelled', serverAnswer: whyNot })
      return undefined
    }
    const secret = mail.secretCipher ? app.secrets.open(mail.secretCipher, MAIL_SECRET_PURPOSE) : undefined
    try {
      let words: NotificationText = notification
      const { values, masked, look } = await mailValues(tx, app, { ...mail, secret }, async (language) => {
        if (language !== notification.language)
          words = (await findNotificationText(tx, notification.code, language)) ?? notification
        return languagesFor(language).includes(words.language) ? language : words.language
      })
      const rendered = renderNotification(words, values, look)
      const kept = keptOf(app, mail, rendered, renderNotification(words, masked, look))
      await saveMailTried(tx, id, { ...kept, language: look.language }, app.now())
      const from = senderOf(await loadLegalEntity(tx))
      return {
        mail: { ...mail, from },
        rendered,
        brings: bringsInvoice(notification) ? mail.invoiceId : null,
      }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      await saveMailOutcome(tx, id, { state: 'failed', serverAnswer: `Not sent: ${error.message}` })
      return undefined
    }
  })
  if (!prepared) return
  const { mail, rendered, brings } = prepared
  const outcome = await attempt(app, mail, rendered, brings ? [await invoiceOf(app, brings)] : [])
  await transaction(app.db, sellerScope, async (tx) => {
    const said = { sent: 'accepted', rejected: 'refused', away: 'away' } as const
    await saveMailTry(tx, id, { outcome: said[outcome.kind], answer: outcome.answer, at: app.now() })
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

/** What the log keeps of a mail: masked, and whole under seal where it brought a key. A link to choose a password is kept nowhere. */
function keptOf(
  app: Pick<App, 'secrets'>,
  { secretCipher }: Pick<Mail, 'secretCipher'>,
  whole: RenderedMail,
  masked: RenderedMail,
): Pick<MailBody, 'html' | 'text' | 'wholeCipher'> & { readonly subject: string } {
  const isWhole = masked.html === whole.html && masked.subject === whole.subject
  const seals = !isWhole && !secretCipher
  return { ...masked, wholeCipher: seals ? app.secrets.seal(JSON.stringify(whole), MAIL_BODY_PURPOSE) : null }
}

/** Why a queued mail is not true any more. */
async function whyNotNow(
  tx: Tx,
  { code, event }: Pick<Notification, 'code' | 'event'>,
  { invoiceId }: Pick<Mail, 'invoiceId'>,
): Promise<string | undefined> {
  const reminds = code === 'payment-reminder' || event === 'invoice.reminder'
  if (!reminds || !invoiceId) return undefined
  const receivable = await findReceivable(tx, invoiceId)
  return receivable && receivable.open.amountMinor <= 0n
    ? 'Not sent: the invoice was paid meanwhile.'
    : undefined
}

/** Mails that bring the document itself. */
const bringsInvoice = ({ code, event }: Pick<Notification, 'code' | 'event'>) =>
  ['invoice-issued', 'credit-invoice-issued'].includes(code) ||
  event === 'invoice.issued' ||
  event === 'credit-invoice.issued'

async function invoiceOf(app: Pick<App, 'db'>, invoiceId: InvoiceId): Promise<Attachment> {
  const { bytes, filename } = await issuedInvoicePdf(app, sellerScope, invoiceId)
  return { filename, content: bytes, contentType: 'application/pdf' }
}

type Outcome = { kind: 'sent' | 'rejected' | 'away'; answer: string }

async function attempt(
  app: Pick<App, 'mailer' | 'settings'>,
  mail: Pick<Mail, 'id' | 'toAddresses' | 'cc' | 'bcc'> & Required<Pick<Message, 'from'>>,
  rendered: { subject: string; html: string; text: string },
  attachments: readonly Attachment[],
): Promise<Outcome> {
  try {
    const answer = await app.mailer.send({
      messageId: `<${mail.id}@${new URL(app.settings.publicUrl).hostname}>`,
      from: mail.from,
      to: mail.toAddresses,
      cc: mail.cc,
      bcc: mail.bcc,
      ...rendered,
      attachments,
    })
    return { kind: answer.outcome === 'accepted' ? 'sent' : 'rejected', answer: answer.response }
  } catch (error) {
    if (error instanceof Outage) return { kind: 'away', answer: error.message }
    if (error instanceof Refusal) return { kind: 'rejected', answer: error.message }
    throw error
  }
}
