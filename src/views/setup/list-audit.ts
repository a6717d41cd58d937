// The audit log, newest first: who changed what, from what to what.
import { Refusal } from '#kernel/failure.ts'
import { type AuditEntry, type AuditEntryId, listAuditEntries } from '#modules/audit'
import { type Actor, assertMay } from '#modules/users'
import { type Database, reading, sellerScope, type Tx } from '#platform/db.ts'
import { idCursor } from '../accounts/search-text.ts'

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
  const before = idCursor(ask.cursor)
  const rows = await reading(db, sellerScope, (sql) =>
    listAuditEntries(sql, {
      ...(ask.subjectType && { subjectType: ask.subjectType }),
      ...(ask.subjectId && { subjectId: ask.subjectId }),
      ...(before && { before: before as AuditEntryId }),
      limit: limit + 1,
    }),
  )
  const items = rows.slice(0, limit)
  return { items, nextCursor: rows.length > limit ? items.at(-1)?.id : undefined }
}

export async function viewAuditEntry(
  db: Database | Tx,
  actor: Actor,
  ask: { id: AuditEntryId },
): Promise<AuditEntry> {
  assertMay(actor, 'see-audit')
  const [entry] = await reading(db, sellerScope, (sql) => listAuditEntries(sql, { id: ask.id, limit: 1 }))
  if (!entry) throw new Refusal('audit-entry/not-found', 'This entry does not exist.', { id: ask.id })
  return entry
}
