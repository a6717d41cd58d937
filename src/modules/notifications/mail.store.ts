// The tables mail, mail_body and mail_try: the log of every mail, what it said, and each try to send it.
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
  /** The first of those it is a copy of. */
  readonly copyOf: MailId | null
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
      | 'copyOf'
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
      secret_cipher, to_addresses, cc, bcc, subject, copy_of, queued_at)
    select id, cause, "notificationCode", "assetId", "subscriptionId", "orderId", "invoiceId", "accountId", "userId", variables,
      decode(secret, 'base64'), "toAddresses", cc, bcc, subject, "copyOf", ${at}
    from jsonb_to_recordset(${tx.json(given)}) as given (id uuid, cause text, "notificationCode" text, "assetId" uuid, "subscriptionId" uuid,
      "orderId" uuid, "invoiceId" uuid, "accountId" uuid, "userId" uuid, variables jsonb, secret text, "toAddresses" text[], cc text[],
      bcc text[], subject text, "copyOf" uuid)
    on conflict (cause) do nothing
    returning id`
  return rows.map(({ id }) => id)
}

export async function lockMail(tx: Tx, id: MailId): Promise<Mail> {
  const mail = await tx.maybe<Mail>`
    select id, cause, notification_code, asset_id, subscription_id, order_id, invoice_id, account_id, user_id, variables, secret_cipher, to_addresses, cc, bcc, subject,
      state, tries, server_answer, queued_at, sent_at, copy_of
    from mail where id = ${id} for update`
  if (!mail) throw new Refusal('mail/not-found', 'This mail does not exist.', { id })
  return mail
}

/** What a mail says, in its log. */
export type MailBody = {
  readonly language: string
  /** Keys and links that open something are masked. */
  readonly html: string
  readonly text: string
  /** Html and text as they left, where something is masked above; sealed. */
  readonly wholeCipher: Uint8Array | null
}

/** Written before the server is asked: that it is tried, and what it says. */
export async function saveMailTried(
  tx: Tx,
  id: MailId,
  { subject, language, html, text, wholeCipher }: MailBody & { readonly subject: string },
  at: Temporal.Instant,
): Promise<void> {
  await tx.run`
    with tried as (
      update mail set tries = tries + 1, last_tried_at = ${at}, subject = ${subject} where id = ${id} returning id, tries
    ), body as (
      insert into mail_body (mail_id, language, html, text, whole_cipher)
      select id, ${language}, ${html}, ${text}, ${wholeCipher}::bytea from tried
      on conflict (mail_id) do update set language = excluded.language, html = excluded.html, text = excluded.text,
        whole_cipher = excluded.whole_cipher
    )
    insert into mail_try (mail_id, number, at) select id, tries, ${at} from tried`
}

export async function findMailBody(sql: Sql, id: MailId): Promise<MailBody | undefined> {
  return sql.maybe<MailBody>`
    select language, html, text, whole_cipher from mail_body where mail_id = ${id}`
}

export type MailTry = {
  readonly number: number
  readonly at: Temporal.Instant
  /** Undefined while it is under way, or where nobody was left to write it down. */
  readonly outcome: 'accepted' | 'refused' | 'away' | undefined
  readonly answer: string
}

export async function listMailTries(sql: Sql, id: MailId): Promise<MailTry[]> {
  const rows = await sql.many<Omit<MailTry, 'outcome'> & { outcome: MailTry['outcome'] | null }>`
    select number, at, outcome, answer from mail_try where mail_id = ${id} order by number`
  return rows.map((row) => ({ ...row, outcome: row.outcome ?? undefined }))
}

/** The server's answer to a mail's latest try. */
export async function saveMailTry(
  tx: Tx,
  id: MailId,
  { outcome, answer, at }: { outcome: MailTry['outcome'] & string; answer: string; at: Temporal.Instant },
): Promise<void> {
  await tx.run`
    update mail_try set outcome = ${outcome}, answer = ${answer}, ended_at = ${at}
    where mail_id = ${id} and number = (select tries from mail where id = ${id})`
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
