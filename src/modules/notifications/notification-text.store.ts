// The table notification_text: a notification's words in other languages than its own.
import { languagesFor } from '#kernel/language.ts'
import type { Sql, Tx } from '#platform/db.ts'

export type NotificationText = {
  readonly language: string
  readonly subject: string
  readonly body: string
}

export async function listNotificationTexts(sql: Sql, code: string): Promise<NotificationText[]> {
  return sql.many<NotificationText>`
    select language, subject, body from notification_text where code = ${code} order by language`
}

/** The words for readers of this language: `de-CH`, else `de`; undefined where there are none, and the notification's own are read. */
export async function findNotificationText(
  sql: Sql,
  code: string,
  language: string,
): Promise<NotificationText | undefined> {
  return sql.maybe<NotificationText>`
    select language, subject, body from notification_text
    where code = ${code} and language = any (${languagesFor(language)}::text[])
    order by char_length(language) desc limit 1`
}

export async function saveNotificationText(
  tx: Tx,
  code: string,
  { language, subject, body }: NotificationText,
  at: Temporal.Instant,
): Promise<void> {
  await tx.run`
    insert into notification_text (code, language, subject, body, updated_at)
    values (${code}, ${language}, ${subject}, ${body}, ${at})
    on conflict (code, language) do update set subject = excluded.subject, body = excluded.body, updated_at = excluded.updated_at`
}

export async function deleteNotificationText(tx: Tx, code: string, language: string): Promise<void> {
  await tx.run`delete from notification_text where code = ${code} and language = ${language}`
}
