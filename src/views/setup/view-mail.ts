// One mail of the log: what it said, each try to send it, the first it is a copy of, and what may be done with it.
import type { MailId } from '#kernel/ids.ts'
import { findMailBody, listMailTries, type MailBody, type MailTry } from '#modules/notifications'
import { type Actor, mayDo } from '#modules/users'
import { type Database, reading, sellerScope, type Tx } from '#platform/db.ts'
import { type MailRow, viewMail } from './list-mails.ts'

export type MailView = {
  readonly mail: MailRow
  /** As it was sent, with keys and links that open something masked; undefined before its first try, and of mails older than this log. */
  readonly body: Pick<MailBody, 'language' | 'html' | 'text'> | undefined
  readonly tries: readonly MailTry[]
  /** Newest first. */
  readonly copies: readonly Pick<MailRow, 'id' | 'toAddresses' | 'state' | 'queuedAt'>[]
  readonly may: {
    readonly resend: boolean
    /** It brought a key, and this person may see keys. */
    readonly reveal: boolean
  }
}

export async function openMail(db: Database | Tx, actor: Actor, ask: { id: MailId }): Promise<MailView> {
  const mail = await viewMail(db, actor, ask)
  return reading(db, sellerScope, async (sql) => {
    const kept = await findMailBody(sql, mail.id)
    return {
      mail,
      body: kept && { language: kept.language, html: kept.html, text: kept.text },
      tries: await listMailTries(sql, mail.id),
      copies: await sql.many<MailView['copies'][number]>`
        select id, to_addresses, state, queued_at from mail where copy_of = ${mail.id} order by id desc limit 50`,
      may: {
        resend: mail.whyNotAgain === undefined && mayDo(actor, 'manage-jobs'),
        reveal: kept !== undefined && kept.wholeCipher !== null && mayDo(actor, 'reveal-keys'),
      },
    }
  })
}
