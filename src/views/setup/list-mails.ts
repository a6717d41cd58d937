// The mail log, newest first: recipients, state, tries and what the mail server answered. What a mail said is not kept.
import { Refusal } from '#kernel/failure.ts'
import { type AssetId, type MailId, type OrderId } from '#kernel/ids.ts'
import type { MailState } from '#modules/notifications'
import { type Actor, assertMay } from '#modules/users'
import { type Database, reading, type Sql, sellerScope, type Tx } from '#platform/db.ts'
import { canSearchInside, pageSize } from '../accounts/search-text.ts'
import { askFor } from '../lists/ask.ts'
import { withinDays } from '../lists/conditions.ts'
import { list } from '../lists/list.ts'
import { readList } from '../lists/read-list.ts'

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

export const mailList = list<MailRow>({
  name: 'mails',
  path: '/mails',
  title: 'E-mails',
  columns: {
    queued: { label: 'When', kind: 'moment', value: (row) => row.sentAt ?? row.queuedAt, sort: 'queued' },
    notification: { label: 'Notification', kind: 'text', value: (row) => row.notificationName },
    recipients: {
      label: 'Recipients',
      kind: 'text',
      value: (row) => [...row.toAddresses, ...row.cc, ...row.bcc].join(', '),
    },
    subject: { label: 'Subject', kind: 'text', value: (row) => row.subject },
    asset: {
      label: 'Licence',
      kind: 'text',
      value: (row) => row.assetNumber ?? '',
      to: (row) => (row.assetId ? `/assets/${row.assetId}` : undefined),
    },
    state: { label: 'State', kind: 'state', value: (row) => row.state },
    tries: { label: 'Tries', kind: 'number', value: (row) => row.tries },
    answer: { label: 'Server’s answer', kind: 'text', value: (row) => row.serverAnswer },
  },
  naming: 'recipients',
  sorts: { queued: { keys: (sql) => [['timestamptz', sql.part`mail.queued_at`]] } },
  defaultSort: '-queued',
  filters: {
    state: {
      kind: 'choice',
      label: 'State',
      isMain: true,
      choices: [
        { value: 'queued', label: 'Queued' },
        { value: 'sent', label: 'Sent' },
        { value: 'failed', label: 'Failed' },
        { value: 'cancelled', label: 'Cancelled' },
      ] satisfies { value: MailState; label: string }[],
      where: (sql, value) => inState(sql, value as MailState),
    },
    queued: {
      kind: 'days',
      sort: 'queued',
      label: 'Queued',
      where: (sql, from, to) => withinDays(sql, sql.part`mail.queued_at`, from, to),
    },
    account: { kind: 'record', label: 'Account', where: (sql, id) => sql.part`mail.account_id = ${id}` },
    order: { kind: 'record', label: 'One order', where: (sql, id) => sql.part`mail.order_id = ${id}` },
  },
  searches: 'Recipient or licence number',
  right: 'see-jobs',
  table: (sql) => sql.part`mail`,
  id: (sql) => sql.part`mail.id`,
  searchesShort: 'nothing',
  search: (sql, { words, text }) => sql.part`
    ${canSearchInside(words) ? words.reduce((all: unknown, word) => sql.part`${all} and mail.addresses like ${`%${word}%`}`, sql.part`true`) : sql.part`false`}
    or mail.asset_id = (select asset.id from asset where asset.number = ${text.toUpperCase()})`,
  read: (sql, ids) => sql.many<MailRow>`${selected(sql)} where mail.id = any (${ids}::uuid[])`,
})

/** Written out, so that the small index of those that did not leave serves. */
function inState(sql: Sql, state: MailState): unknown {
  if (state === 'failed') return sql.part`mail.state = 'failed'`
  if (state === 'queued') return sql.part`mail.state = 'queued'`
  return sql.part`mail.state = ${state}`
}

export async function listMails(
  db: Database | Tx,
  actor: Actor,
  {
    q,
    state,
    cursor,
    limit = 50,
  }: {
    q?: string | undefined
    state?: MailState | undefined
    cursor?: string | undefined
    limit?: number
  } = {},
): Promise<{ items: readonly MailRow[]; nextCursor: string | undefined }> {
  const ask = askFor(mailList, { q, filters: { state }, cursor, limit: pageSize(limit) })
  const { items, next } = await readList(db, actor, mailList, ask)
  return { items, nextCursor: next }
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
