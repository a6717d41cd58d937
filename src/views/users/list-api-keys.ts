// The API keys of whoever asks, the newest first; never the keys themselves.
import { Refusal } from '#kernel/failure.ts'
import type { ApiKey, ApiKeyId, Portal, Staff } from '#modules/users'
import { type Database, reading, type Sql, sellerScope, type Tx } from '#platform/db.ts'
import { idCursor } from '../accounts/search-text.ts'

export type ListedApiKey = Omit<ApiKey, 'lastUsedAt' | 'revokedAt'> & {
  readonly lastUsedAt: Temporal.Instant | null
  readonly revokedAt: Temporal.Instant | null
}

const selected = (sql: Sql) =>
  sql.part`select id, user_id, name, hint, created_at, last_used_at, revoked_at from api_key`

export async function listOwnApiKeys(
  db: Database | Tx,
  actor: Staff | Portal,
  ask: { cursor?: string | undefined; limit: number },
): Promise<{ items: readonly ListedApiKey[]; nextCursor: string | undefined }> {
  const before = idCursor(ask.cursor)
  const rows = await reading(
    db,
    sellerScope,
    (sql) => sql.many<ListedApiKey>`
      ${selected(sql)} where user_id = ${actor.userId}
        and ${before ? sql.part`id < ${before}::uuid` : sql.part`true`}
      order by id desc limit ${ask.limit + 1}`,
  )
  const items = rows.slice(0, ask.limit)
  return { items, nextCursor: rows.length > ask.limit ? items.at(-1)?.id : undefined }
}

export async function viewOwnApiKey(
  db: Database | Tx,
  actor: Staff | Portal,
  ask: { id: ApiKeyId },
): Promise<ListedApiKey> {
  const key = await reading(
    db,
    sellerScope,
    (sql) => sql.maybe<ListedApiKey>`${selected(sql)} where id = ${ask.id} and user_id = ${actor.userId}`,
  )
  if (!key) throw new Refusal('api-key/not-found', 'You have no such key.', { id: ask.id })
  return key
}
