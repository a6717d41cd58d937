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
  readonly ids?: readonly string[]
  readonly subjectType?: string
  readonly subjectId?: string
  /** What belongs to that subject: its entries are found too. */
  readonly parts?: { readonly subjectType: string; readonly ids: readonly string[] }
  readonly accountId?: string
  /** Older than this entry: where the page before ended. */
  readonly before?: AuditEntryId
  readonly limit: number
}

/** The newest first. */
export async function listAuditEntries(sql: Sql, filter: AuditFilter): Promise<AuditEntry[]> {
  const { id, ids, subjectType, subjectId, parts, accountId, before } = filter
  const subject = parts
    ? sql.part`subject_type = any(${[subjectType, parts.subjectType]}) and subject_id = any(${[subjectId, ...parts.ids]})`
    : sql.part`${subjectType === undefined ? sql.part`true` : sql.part`subject_type = ${subjectType}`}
        and ${subjectId === undefined ? sql.part`true` : sql.part`subject_id = ${subjectId}`}`
  const rows = await sql.many<{ [Field in keyof AuditEntry]: AuditEntry[Field] | null }>`
    select id, at, user_id, actor, action, subject_type, subject_id, account_id, before, after from audit_entry
    where ${id === undefined ? sql.part`true` : sql.part`id = ${id}`}
      and ${ids === undefined ? sql.part`true` : sql.part`id = any(${ids}::uuid[])`}
      and ${subject}
      and ${accountId === undefined ? sql.part`true` : sql.part`account_id = ${accountId}`}
      and ${before === undefined ? sql.part`true` : sql.part`id < ${before}`}
    order by id desc limit ${filter.limit}`
  return rows.map((row) => {
    const some = Object.entries(row).map(([name, value]) => [name, value ?? undefined])
    return Object.fromEntries(some) as AuditEntry
  })
}
