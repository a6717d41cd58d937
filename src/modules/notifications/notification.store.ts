// Every statement that writes notification and mail.
import { Refusal } from '#kernel/failure.ts'
import {
  type AccountId,
  type AssetId,
  type InvoiceId,
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
  /** Activating it mails nobody about what is there already. */
  readonly onlyNew: boolean
  /** Of a reminder: how many days after the due day, below zero before it; empty for the others. */
  readonly days: readonly number[]
  /** Since when it is active with these days. */
  readonly inForceSince: Temporal.Instant
  readonly version: number
  readonly updatedAt: Temporal.Instant
}

const columns = (sql: Sql) =>
  sql.part`code, name, entity, is_active, subject, body, to_extra, cc, bcc, only_new, days, in_force_since, version, updated_at`

export async function loadNotification(sql: Sql, code: string): Promise<Notification> {
  const found = await sql.maybe<Notification>`select ${columns(sql)} from notification where code = ${code}`
  if (!found) throw new Refusal('notification/not-found', 'This notification does not exist.', { code })
  return found
}

/** Until the transaction ends nobody else changes it or its words in other languages. */
export async function lockNotification(tx: Tx, code: string): Promise<Notification> {
  const found = await tx.maybe<Notification>`
    select ${columns(tx)} from notification where code = ${code} for update`
  if (!found) throw new Refusal('notification/not-found', 'This notification does not exist.', { code })
  return found
}

export async function listNotifications(sql: Sql, entity?: string): Promise<Notification[]> {
  return sql.many<Notification>`
    select ${columns(sql)} from notification where ${entity ?? null}::text is null or entity = ${entity ?? null} order by entity, name`
}

/** Which of these are active. */
export async function listActive(sql: Sql, codes: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await sql.many<{ code: string }>`
    select code from notification where code = any (${[...codes]}::text[]) and is_active`
  return new Set(rows.map(({ code }) => code))
}

/** Inserts what is not there yet: a seller's wording is never overwritten. */
export async function insertNotifications(
  tx: Tx,
  list: readonly Pick<Notification, 'code' | 'name' | 'entity' | 'subject' | 'body' | 'isActive' | 'days'>[],
  at: Temporal.Instant,
): Promise<void> {
  await tx.run`
    insert into notification (code, name, entity, subject, body, is_active, days, in_force_since, updated_at)
    select code, name, entity, subject, body, "isActive", days, ${at}, ${at}
    from jsonb_to_recordset(${tx.json(list)})
      as given (code text, name text, entity text, subject text, body text, "isActive" boolean, days int[])
    on conflict (code) do nothing`
}

/** Saves an edited notification; refuses when somebody saved another version meanwhile. */
export async function saveNotification(tx: Tx, edited: Notification, at: Temporal.Instant): Promise<void> {
  const touched = await tx.run`
    update notification set is_active = ${edited.isActive}, subject = ${edited.subject}, body = ${edited.body}, to_extra = ${[...edited.toExtra]}::text[],
      cc = ${[...edited.cc]}::text[], bcc = ${[...edited.bcc]}::text[], only_new = ${edited.onlyNew}, days = ${[...edited.days]}::int[],
      in_force_since = ${edited.inForceSince}, version = version + 1, updated_at = ${at}
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
  readonly invoiceId: InvoiceId | null
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
      | 'invoiceId'
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
  const [id] = await insertMails(tx, [mail], at)
  return id
}

/** Answers the ids of those whose cause has not made a mail yet. */
export async function insertMails(
  tx: Tx,
  mails: readonly NewMail[],
  at: Temporal.Instant,
): Promise<MailId[]> {
  const given = mails.map(({ secretCipher, ...mail }) => ({
    variables: {},
    cc: [],
    bcc: [],
    subject: '',
    ...mail,
    id: newId<MailId>(),
    secret: secretCipher ? Buffer.from(secretCipher).toString('base64') : null,
  }))
  const rows = await tx.many<{ id: MailId }>`
    insert into mail (id, cause, notification_code, asset_id, subscription_id, order_id, invoice_id, account_id, user_id, variables,
      secret_cipher, to_addresses, cc, bcc, subject, queued_at)
    select id, cause, "notificationCode", "assetId", "subscriptionId", "orderId", "invoiceId", "accountId", "userId", variables,
      decode(secret, 'base64'), "toAddresses", cc, bcc, subject, ${at}
    from jsonb_to_recordset(${tx.json(given)}) as given (id uuid, cause text, "notificationCode" text, "assetId" uuid, "subscriptionId" uuid,
      "orderId" uuid, "invoiceId" uuid, "accountId" uuid, "userId" uuid, variables jsonb, secret text, "toAddresses" text[], cc text[],
      bcc text[], subject text)
    on conflict (cause) do nothing
    returning id`
  return rows.map(({ id }) => id)
}

export async function lockMail(tx: Tx, id: MailId): Promise<Mail> {
  const mail = await tx.maybe<Mail>`
    select id, cause, notification_code, asset_id, subscription_id, order_id, invoice_id, account_id, user_id, variables, secret_cipher, to_addresses, cc, bcc, subject,
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

/** Mails to somebody, of these notifications, that have not left: their links are void, so they do not leave any more. */
export async function cancelMailsTo(
  tx: Tx,
  userId: UserId,
  codes: readonly string[],
  why: string,
): Promise<void> {
  await tx.run`
    update mail set state = 'cancelled', server_answer = ${why}
    where user_id = ${userId} and notification_code = any (${[...codes]}::text[]) and state in ('queued', 'failed')`
}

/** Mails about an account that was merged are read where it is now. */
export async function moveMails(tx: Tx, from: AccountId, into: AccountId): Promise<void> {
  await tx.run`update mail set account_id = ${into} where account_id = ${from}`
}
