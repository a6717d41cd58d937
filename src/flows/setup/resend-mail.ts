// A mail is sent again. One that failed goes out itself, so it can still leave only once; of any other, or to another address, a copy
// goes out that names the first and is written anew from the record. A key's mail goes the way of keys, with its rules.
import { invalid, Refusal } from '#kernel/failure.ts'
import { type MailId, newId } from '#kernel/ids.ts'
import { isEmailAddress } from '#modules/accounts'
import { loadAsset } from '#modules/assets'
import { recordAudit } from '#modules/audit'
import {
  findMailBody,
  insertMail,
  lockMail,
  type Mail,
  saveMailOutcome,
  WELCOME,
  whyNotAgain,
} from '#modules/notifications'
import { type Actor, assertMay } from '#modules/users'
import { sellerScope, type Tx, transaction } from '#platform/db.ts'
import { enqueue } from '#platform/jobs.ts'
import type { App } from '../app.ts'
import { sendMail } from '../notifying/send-mail.ts'
import { assertKeyLeaves, resendKey } from '../provisioning/resend-key.ts'

/** Answers the mail that goes out. `to`: instead of everybody who got the first. */
export async function resendMail(
  app: Pick<App, 'db' | 'now' | 'secrets'>,
  actor: Actor,
  input: { readonly mailId: MailId; readonly to?: string | undefined },
): Promise<MailId> {
  assertMay(actor, 'manage-jobs')
  const to = input.to?.trim()
  if (to && !isEmailAddress(to))
    throw invalid({
      pointer: '/to',
      code: 'not-an-email',
      message: 'This is not an e-mail address like name@company.example.',
    })
  return transaction(app.db, sellerScope, async (tx) => {
    const mail = await lockMail(tx, input.mailId)
    const why = whyNotAgain(mail)
    if (why) throw new Refusal('mail/not-again', why)
    // Under way already: a second click asks for nothing more.
    if (mail.state === 'queued' && !to) return mail.id
    const isKey = mail.notificationCode === WELCOME && mail.assetId !== null
    if (mail.state === 'failed' && !to) {
      if (isKey && mail.assetId) assertKeyLeaves(await loadAsset(tx, mail.assetId))
      await queueAgain(tx, app, actor, mail)
      return mail.id
    }
    // Whatever else brought a key is sent again under the same rules.
    if (mail.assetId && !isKey && (await findMailBody(tx, mail.id))?.wholeCipher) {
      assertMay(actor, 'manage-assets')
      assertKeyLeaves(await loadAsset(tx, mail.assetId))
    }
    const copyOf = mail.copyOf ?? mail.id
    const id =
      isKey && mail.assetId
        ? (
            await resendKey({ ...app, db: tx }, actor, {
              assetId: mail.assetId,
              copyOf,
              ...(to ? { to } : {}),
            })
          ).mailId
        : await queueCopy(tx, app, { ...mail, copyOf }, to)
    await recordAudit(tx, {
      at: app.now(),
      actor,
      action: 'mail/sent-again',
      subjectType: 'mail',
      subjectId: mail.id,
      accountId: mail.accountId ?? undefined,
      after: { copy: id, ...(to ? { to } : {}) },
    })
    return id
  })
}

async function queueAgain(tx: Tx, app: Pick<App, 'now'>, actor: Actor, mail: Mail): Promise<void> {
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
}

async function queueCopy(
  tx: Tx,
  app: Pick<App, 'now'>,
  first: Mail,
  to: string | undefined,
): Promise<MailId> {
  const { notificationCode, accountId, assetId, subscriptionId, orderId, invoiceId, userId } = first
  const about = { accountId, assetId, subscriptionId, orderId, invoiceId, userId }
  const { variables, copyOf, toAddresses, cc, bcc } = first
  const id = await insertMail(
    tx,
    {
      cause: `resend:${newId()}`,
      notificationCode,
      ...about,
      variables,
      copyOf,
      ...(to ? { toAddresses: [to] } : { toAddresses, cc, bcc }),
    },
    app.now(),
  )
  if (!id) throw new Refusal('mail/not-again', 'This mail could not be queued again.')
  await enqueue(tx, sendMail, [{ mailId: id }])
  return id
}
