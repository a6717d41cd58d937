// The audit log, newest first: who changed what, from what to what.
import { isId } from '#kernel/ids.ts'
import { type AuditEntry, type AuditEntryId, listAuditEntries } from '#modules/audit'
import { type Actor, assertMay } from '#modules/users'
import { type Database, reading, sellerScope, type Tx } from '#platform/db.ts'

export async function listAudit(
  db: Database | Tx,
  actor: Actor,
  ask: {
    subjectType?: string | undefined
    subjectId?: string | undefined
    cursor?: string | undefined
    limit?: number
  } = {},
): Promise<{ items: readonly AuditEntry[]; nextCursor: string | undefined }> {
  assertMay(actor, 'see-audit')
  const limit = Math.min(Math.max(ask.limit ?? 50, 1), 200)
  const rows = await reading(db, sellerScope, (sql) =>
    listAuditEntries(sql, {
      ...(ask.subjectType && { subjectType: ask.subjectType }),
      ...(ask.subjectId && { subjectId: ask.subjectId }),
      ...(ask.cursor && isId(ask.cursor) && { before: ask.cursor as AuditEntryId }),
      limit: limit + 1,
    }),
  )
  const items = rows.slice(0, limit)
  return { items, nextCursor: rows.length > limit ? items.at(-1)?.id : undefined }
}
