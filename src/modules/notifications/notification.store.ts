// Every statement that writes notification and mail.
import { Refusal } from '#kernel/failure.ts'
import {
  type AccountId,
  type AssetId,
  type MailId,
  newId,
  type OrderId,
  type SubscriptionId,
  type UserId,
} from '#kernel/ids.ts'
import type { Sql, Tx } from '#platform/db.ts'

export type Notification = {
  readonly code: string
  readonly name: string
  readonly entity: 'asset' | 'order' | 'subscription' | 'invoice' | 'account'
  readonly isActive: boolean
  readonly subject: string
  readonly body: string
  readonly toExtra: readonly string[]
  readonly cc: readonly string[]
  readonly bcc: readonly string[]
  readonly version: number
  readonly updatedAt: Temporal.Instant
}

const columns = (sql: Sql) =>
  sql.part`code, name, entity, is_active, subject, body, to_extra, cc, bcc, version, updated_at`

export async function loadNotification(sql: Sql, code: string): Promise<Notification> {
  const found = await sql.maybe<Notification>`select ${columns(sql)} from notification where code = ${code}`
  if (!found) throw new Refusal('notification/not-found', 'This notification does not exist.', { code })
  return found
}

export async function listNotifications(sql: Sql, entity?: string): Promise<Notification[]> {
  return sql.many<Notification>`
    select ${columns(sql)} from notification where ${entity ?? null}::text is null or entity = ${entity ?? null} order by entity, name`
}

/** Inserts what is not there yet: a seller's wording is never overwritten. */
export async function insertNotifications(
  tx: Tx,
  list: readonly Pick<Notification, 'code' | 'name' | 'entity' | 'subject' | 'body'>[],
  at: Temporal.Instant,
): Promise<void> {
  await tx.run`
    insert into notification (code, name, entity, subject, body, updated_at)
    select code, name, entity, subject, body, ${at}
    from jsonb_to_recordset(${tx.json(list)}) as given (code text, name text, entity text, subject text, body text)
    on conflict (code) do nothing`
}

/** Saves an edited notification; refuses when somebody saved another version meanwhile. */
export async function saveNotification(tx: Tx, edited: Notification, at: Temporal.Instant): Promise<void> {
  const touched = await tx.run`
    update notification set is_active = ${edited.isActive}, subject = ${edited.subject}, body = ${edited.body}, to_extra = ${[...edited.toExtra]}::text[],
      cc = ${[...edited.cc]}::text[], bcc = ${[...edited.bcc]}::text[], version = version + 1, updated_at = ${at}
    where code = ${edited.code} and version = ${edited.version}`
  if (touched !== 1)
    throw new Refusal(
      'state/changed-meanwhile',
      'Somebody else has just saved this notification. Open it again to see their version.',
    )
}

export type MailState = 'queued' | 'sent' | 'failed' | 'cancelled'

export type Mail = {
  readonly id: MailId
  readonly cause: string
  readonly notificationCode: string
  readonly assetId: AssetId | null
  readonly subscriptionId: SubscriptionId | null
  readonly orderId: OrderId | null
  readonly accountId: AccountId | null
  readonly userId: UserId | null
  readonly variables: Readonly<Record<string, unknown>>
  readonly secretCipher: Uint8Array | null
  readonly toAddresses: readonly string[]
  readonly cc: readonly string[]
  readonly bcc: readonly string[]
  readonly subject: string
  readonly state: MailState
  readonly tries: number
  readonly serverAnswer: string
  readonly queuedAt: Temporal.Instant
  readonly sentAt: Temporal.Instant | null
}

export type NewMail = Pick<Mail, 'cause' | 'notificationCode' | 'toAddresses'> &
  Partial<
    Pick<
      Mail,
      | 'assetId'
      | 'subscriptionId'
      | 'orderId'
      | 'accountId'
      | 'userId'
      | 'variables'
      | 'secretCipher'
      | 'cc'
      | 'bcc'
      | 'subject'
    >
  >

/** Answers the new mail's id, or undefined when its cause has made one already. */
export async function insertMail(tx: Tx, mail: NewMail, at: Temporal.Instant): Promise<MailId | undefined> {
  const id = newId<MailId>()
  const inserted = await tx.run`
    insert into mail (id, cause, notification_code, asset_id, subscription_id, order_id, account_id, user_id, variables, secret_cipher,
      to_addresses, cc, bcc, subject, queued_at)
    values (${id}, ${mail.cause}, ${mail.notificationCode}, ${mail.assetId ?? null}, ${mail.subscriptionId ?? null}, ${mail.orderId ?? null}, ${mail.accountId ?? null},
      ${mail.userId ?? null}, ${tx.json(mail.variables ?? {})}, ${mail.secretCipher ?? null}, ${[...mail.toAddresses]}::text[],
      ${[...(mail.cc ?? [])]}::text[], ${[...(mail.bcc ?? [])]}::text[], ${mail.subject ?? ''}, ${at})
    on conflict (cause) do nothing`
  return inserted === 1 ? id : undefined
}

export async function lockMail(tx: Tx, id: MailId): Promise<Mail> {
  const mail = await tx.maybe<Mail>`
    select id, cause, notification_code, asset_id, subscription_id, order_id, account_id, user_id, variables, secret_cipher, to_addresses, cc, bcc, subject,
      state, tries, server_answer, queued_at, sent_at
    from mail where id = ${id} for update`
  if (!mail) throw new Refusal('mail/not-found', 'This mail does not exist.', { id })
  return mail
}

export async function saveMailTried(
  tx: Tx,
  id: MailId,
  subject: string,
  at: Temporal.Instant,
): Promise<void> {
  await tx.run`update mail set tries = tries + 1, last_tried_at = ${at}, subject = ${subject} where id = ${id}`
}

export async function saveMailOutcome(
  tx: Tx,
  id: MailId,
  outcome: { state: MailState; serverAnswer: string; sentAt?: Temporal.Instant },
): Promise<void> {
  await tx.run`
    update mail set state = ${outcome.state}, server_answer = ${outcome.serverAnswer}, sent_at = ${outcome.sentAt ?? null},
      secret_cipher = case when ${outcome.state} = 'sent' then null else secret_cipher end
    where id = ${id} and state <> 'sent'`
}
