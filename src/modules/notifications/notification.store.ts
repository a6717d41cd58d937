// The table notification: what operators wrote.
import { Refusal } from '#kernel/failure.ts'
import type { Sql, Tx } from '#platform/db.ts'
import type { DefaultNotification } from './default-notification.ts'
import type { NotificationConditions, NotificationEvent } from './own.ts'

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
  /** Of one's own: what sends it. */
  readonly event: NotificationEvent | null
  readonly conditions: NotificationConditions
  /** Of its own words, which everybody reads whose language has none. */
  readonly language: string
  readonly version: number
  readonly updatedAt: Temporal.Instant
}

const columns = (sql: Sql) =>
  sql.part`code, name, entity, is_active, subject, body, to_extra, cc, bcc, only_new, days, in_force_since, event, conditions,
    language, version, updated_at`

export async function loadNotification(sql: Sql, code: string): Promise<Notification> {
  const found =
    await sql.maybe<Notification>`select ${columns(sql)} from notification where code = ${code} and deleted_at is null`
  if (!found) throw new Refusal('notification/not-found', 'This notification does not exist.', { code })
  return found
}

/** Also one that was deleted: its mails leave all the same. */
export async function loadNotificationOfMail(sql: Sql, code: string): Promise<Notification> {
  return sql.one<Notification>`select ${columns(sql)} from notification where code = ${code}`
}

/** Until the transaction ends nobody else changes it or its words in other languages. */
export async function lockNotification(tx: Tx, code: string): Promise<Notification> {
  const found = await tx.maybe<Notification>`
    select ${columns(tx)} from notification where code = ${code} and deleted_at is null for update`
  if (!found) throw new Refusal('notification/not-found', 'This notification does not exist.', { code })
  return found
}

export async function listNotifications(sql: Sql, entity?: string): Promise<Notification[]> {
  return sql.many<Notification>`
    select ${columns(sql)} from notification
    where deleted_at is null and (${entity ?? null}::text is null or entity = ${entity ?? null}) order by entity, name`
}

/** Which of these are active. */
export async function listActive(sql: Sql, codes: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await sql.many<{ code: string }>`
    select code from notification where code = any (${[...codes]}::text[]) and is_active`
  return new Set(rows.map(({ code }) => code))
}

/** Those of one's own that hang on one of these events and are active. */
export async function listActiveDated(
  sql: Sql,
  events: readonly NotificationEvent[],
): Promise<Notification[]> {
  return sql.many<Notification>`
    select ${columns(sql)} from notification where event = any (${[...events]}::text[]) and is_active order by code`
}

/** Whether one of one's own is active for this event. */
export async function hasActiveAt(sql: Sql, event: NotificationEvent): Promise<boolean> {
  const { found } = await sql.one<{ found: boolean }>`
    select exists (select 1 from notification where event = ${event} and is_active) as found`
  return found
}

/** Enqueues what hangs on an event the database does not see by itself; what was activated after it is left out. */
export async function tellNotifications(
  tx: Tx,
  event: NotificationEvent,
  { recordId, happenedAt }: { readonly recordId: string; readonly happenedAt: Temporal.Instant },
): Promise<void> {
  await tx.run`select tell_notifications(${event}, ${recordId}::uuid, '', ${happenedAt})`
}

/** One of one's own; refuses a code that was there before. */
export async function insertNotification(tx: Tx, made: Notification, at: Temporal.Instant): Promise<void> {
  await tx.run`
    insert into notification (code, name, entity, event, conditions, language, is_active, subject, body, to_extra, cc, bcc, only_new, days,
      in_force_since, updated_at)
    values (${made.code}, ${made.name}, ${made.entity}, ${made.event}, ${tx.json(made.conditions)}, ${made.language}, false,
      ${made.subject}, ${made.body}, ${[...made.toExtra]}::text[], ${[...made.cc]}::text[], ${[...made.bcc]}::text[], ${made.onlyNew},
      ${[...made.days]}::int[], ${at}, ${at})`
}

/** It is offered and sent no more; the mails it became keep their entries. */
export async function removeNotification(tx: Tx, code: string, at: Temporal.Instant): Promise<void> {
  await tx.run`update notification set deleted_at = ${at}, is_active = false where code = ${code} and event is not null`
}

/**
 * Inserts what is not there yet, and its words in other languages: a seller's wording is never overwritten. A notification whose own
 * words the seller has written gets none.
 */
export async function insertNotifications(
  tx: Tx,
  list: readonly DefaultNotification[],
  at: Temporal.Instant,
): Promise<void> {
  await tx.run`
    insert into notification (code, name, entity, subject, body, is_active, days, in_force_since, updated_at)
    select code, name, entity, subject, body, "isActive", days, ${at}, ${at}
    from jsonb_to_recordset(${tx.json(list.map(({ template }) => template))})
      as given (code text, name text, entity text, subject text, body text, "isActive" boolean, days int[])
    on conflict (code) do nothing`
  const given = tx.json(
    list.flatMap(({ template: { code, subject, body }, texts }) =>
      texts.map((text) => ({ ...text, code, ownSubject: subject, ownBody: body })),
    ),
  )
  await tx.run`
    insert into notification_text (code, language, subject, body, updated_at)
    select given.code, given.language, given.subject, given.body, ${at}
    from jsonb_to_recordset(${given})
        as given (code text, language text, subject text, body text, "ownSubject" text, "ownBody" text)
      join notification on notification.code = given.code and event is null and given.language <> all (came_in)
        and (version = 1 or (notification.subject = "ownSubject" and notification.body = "ownBody"))
    on conflict do nothing`
  await tx.run`
    update notification set came_in = came_in || came.languages
    from (
      select given.code, array_agg(given.language) as languages
      from jsonb_to_recordset(${given}) as given (code text, language text)
        join notification on notification.code = given.code and given.language <> all (came_in)
      group by given.code) came
    where notification.code = came.code`
}

/** Saves an edited notification; refuses when somebody saved another version meanwhile. */
export async function saveNotification(tx: Tx, edited: Notification, at: Temporal.Instant): Promise<void> {
  const touched = await tx.run`
    update notification set name = ${edited.name}, conditions = ${tx.json(edited.conditions)}, language = ${edited.language},
      is_active = ${edited.isActive}, subject = ${edited.subject}, body = ${edited.body}, to_extra = ${[...edited.toExtra]}::text[],
      cc = ${[...edited.cc]}::text[], bcc = ${[...edited.bcc]}::text[], only_new = ${edited.onlyNew}, days = ${[...edited.days]}::int[],
      in_force_since = ${edited.inForceSince}, version = version + 1, updated_at = ${at}
    where code = ${edited.code} and version = ${edited.version}`
  if (touched !== 1)
    throw new Refusal(
      'state/changed-meanwhile',
      'Somebody else has just saved this notification. Open it again to see their version.',
    )
}
