// Every statement that writes idempotency: what a write of the API was asked and answered. Answers may hold a revealed key, so they
// are encrypted like every other.
import type { UserId } from '#kernel/ids.ts'
import type { Sql, Tx } from '#platform/db.ts'
import type { Secrets } from '#platform/secrets.ts'

export type RequestRecord = { readonly userId: UserId; readonly key: string; readonly hash: Uint8Array }
export type StoredAnswer = { readonly status: number; readonly body: string | undefined }

const purpose = ({ userId, key }: RequestRecord) => `api answer ${userId} ${key}`

/** True for the first; a second at the same moment waits here until the first has committed or given up. */
export async function claimRequest(tx: Tx, record: RequestRecord, at: Temporal.Instant): Promise<boolean> {
  const inserted = await tx.run`
    insert into idempotency (user_id, key, request_hash, created_at)
    values (${record.userId}, ${record.key}, ${record.hash}, ${at}) on conflict do nothing`
  return inserted === 1
}

/** What the same request was answered, if it was yet; undefined where the key stands for another request. */
export async function loadAnswer(
  sql: Sql,
  secrets: Secrets,
  record: RequestRecord,
): Promise<StoredAnswer | 'unanswered' | undefined> {
  const row = await sql.one<{ requestHash: Uint8Array; status: number | null; body: string | null }>`
    select request_hash, status, body from idempotency where user_id = ${record.userId} and key = ${record.key}`
  if (!Buffer.from(row.requestHash).equals(record.hash)) return undefined
  if (row.status === null) return 'unanswered'
  const body = row.body === null ? undefined : secrets.open(Buffer.from(row.body, 'base64'), purpose(record))
  return { status: row.status, body }
}

export async function saveAnswer(
  tx: Tx,
  secrets: Secrets,
  record: RequestRecord,
  answer: StoredAnswer,
): Promise<void> {
  const { status, body } = answer
  const sealed =
    body === undefined ? null : Buffer.from(secrets.seal(body, purpose(record))).toString('base64')
  await tx.run`
    update idempotency set status = ${status}, body = ${sealed} where user_id = ${record.userId} and key = ${record.key}`
}

export async function deleteOldRequests(tx: Tx, before: Temporal.Instant): Promise<void> {
  await tx.run`delete from idempotency where created_at < ${before}`
}

/** Gives a key back whose request came to nothing. */
export async function releaseRequest(tx: Tx, record: RequestRecord): Promise<void> {
  await tx.run`
    delete from idempotency where user_id = ${record.userId} and key = ${record.key} and status is null`
}
