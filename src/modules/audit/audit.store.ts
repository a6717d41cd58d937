// The audit log grows and is read; nothing in it is ever changed.
import type { Sql, Tx } from '#platform/db.ts'
import { type AuditEntry, type AuditEntryId, type AuditInput, auditEntry } from './audit-entry.ts'

/** Writes an entry inside the transaction that makes the change: both are kept, or neither. */
export async function recordAudit(tx: Tx, input: AuditInput): Promise<void> {
  const entry = auditEntry(input)
  await tx.run`
    insert into audit_entry (id, at, user_id, actor, action, subject_type, subject_id, account_id, before, after)
    values (${entry.id}, ${entry.at}, ${entry.userId ?? null}, ${entry.actor}, ${entry.action}, ${entry.subjectType},
      ${entry.subjectId}, ${entry.accountId ?? null}, ${entry.before ?? null}::jsonb, ${entry.after ?? null}::jsonb)`
}

export type AuditFilter = {
  readonly id?: AuditEntryId
  readonly subjectType?: string
  readonly subjectId?: string
  readonly accountId?: string
  /** Older than this entry: where the page before ended. */
  readonly before?: AuditEntryId
  readonly limit: number
}

/** The newest first. */
export async function listAuditEntries(sql: Sql, filter: AuditFilter): Promise<AuditEntry[]> {
  const { id, subjectType, subjectId, accountId, before } = filter
  const rows = await sql.many<{ [Field in keyof AuditEntry]: AuditEntry[Field] | null }>`
    select id, at, user_id, actor, action, subject_type, subject_id, account_id, before, after from audit_entry
    where ${id === undefined ? sql.part`true` : sql.part`id = ${id}`}
      and ${subjectType === undefined ? sql.part`true` : sql.part`subject_type = ${subjectType}`}
      and ${subjectId === undefined ? sql.part`true` : sql.part`subject_id = ${subjectId}`}
      and ${accountId === undefined ? sql.part`true` : sql.part`account_id = ${accountId}`}
      and ${before === undefined ? sql.part`true` : sql.part`id < ${before}`}
    order by id desc limit ${filter.limit}`
  return rows.map((row) => {
    const some = Object.entries(row).map(([name, value]) => [name, value ?? undefined])
    return Object.fromEntries(some) as AuditEntry
  })
}
