// The mail log, newest first: recipients, state, tries and what the mail server answered. What a mail said is not kept.
import { Refusal } from '#kernel/failure.ts'
import { type AssetId, type MailId, type OrderId } from '#kernel/ids.ts'
import type { MailState } from '#modules/notifications'
import { type Actor, assertMay } from '#modules/users'
import { type Database, reading, type Sql, sellerScope, type Tx } from '#platform/db.ts'
import { idCursor } from '../accounts/search-text.ts'

export type MailRow = {
  readonly id: MailId
  readonly notificationCode: string
  readonly notificationName: string
  readonly toAddresses: readonly string[]
  readonly cc: readonly string[]
  readonly bcc: readonly string[]
  readonly subject: string
  readonly state: MailState
  readonly tries: number
  readonly serverAnswer: string
  readonly queuedAt: Temporal.Instant
  readonly lastTriedAt: Temporal.Instant | null
  readonly sentAt: Temporal.Instant | null
  readonly assetId: AssetId | null
  readonly assetNumber: string | null
  readonly orderId: OrderId | null
}

export async function listMails(
  db: Database | Tx,
  actor: Actor,
  ask: {
    q?: string | undefined
    state?: MailState | undefined
    cursor?: string | undefined
    limit?: number
  } = {},
): Promise<{ items: readonly MailRow[]; nextCursor: string | undefined }> {
  assertMay(actor, 'see-jobs')
  const limit = Math.min(Math.max(ask.limit ?? 50, 1), 200)
  const after = idCursor(ask.cursor)
  const address = ask.q?.trim().toLowerCase().slice(0, 254)
  return reading(db, sellerScope, async (sql) => {
    const rows = await sql.many<MailRow>`
      ${selected(sql)}
      where ${ask.state ? sql.part`mail.state = ${ask.state}` : sql.part`true`}
        and ${address ? sql.part`(lower(array_to_string(mail.to_addresses, ' ')) like ${`%${address.replace(/[\\%_]/g, '\\$&')}%`} or asset.number = upper(${address}))` : sql.part`true`}
        and ${after ? sql.part`mail.id < ${after}::uuid` : sql.part`true`}
      order by mail.id desc limit ${limit + 1}`
    const items = rows.slice(0, limit)
    return { items, nextCursor: rows.length > limit ? items.at(-1)?.id : undefined }
  })
}

export async function viewMail(db: Database | Tx, actor: Actor, ask: { id: MailId }): Promise<MailRow> {
  assertMay(actor, 'see-jobs')
  const mail = await reading(
    db,
    sellerScope,
    (sql) => sql.maybe<MailRow>`${selected(sql)} where mail.id = ${ask.id}`,
  )
  if (!mail) throw new Refusal('mail/not-found', 'This mail does not exist.', { id: ask.id })
  return mail
}

const selected = (sql: Sql) => sql.part`
  select mail.id, mail.notification_code, notification.name as notification_name, mail.to_addresses, mail.cc, mail.bcc,
    mail.subject, mail.state, mail.tries, mail.server_answer, mail.queued_at, mail.last_tried_at, mail.sent_at,
    mail.asset_id, asset.number as asset_number, coalesce(mail.order_id, asset.order_id) as order_id
  from mail join notification on notification.code = mail.notification_code left join asset on asset.id = mail.asset_id`
