// What stands at the foot of every record's page: its latest notes and the latest of its history, brought by one statement.
// A product's history has what was changed of its plans too.
import { isId, type UserId } from '#kernel/ids.ts'
import type { AuditEntry, Facts } from '#modules/audit'
import { type HistoryKind, isRecordKind, type Note, rightToSee } from '#modules/records'
import { type Actor, assertMay } from '#modules/users'
import { type Database, reading, sellerScope, type Tx } from '#platform/db.ts'
import { type HistoryEntry, readableBy, withNames } from './history.ts'

/** Of each so many; more are on a page of their own. */
export const FOOT_ROWS = 10

export type RecordFoot = {
  readonly notes: readonly Note[]
  readonly hasMoreNotes: boolean
  readonly history: readonly HistoryEntry[]
  readonly hasMoreHistory: boolean
}

type Row = {
  source: 'note' | 'entry'
  id: string
  at: Temporal.Instant
  changedAt: Temporal.Instant | null
  userId: string | null
  actor: string
  /** Of an entry what was done, of a note what it says. */
  text: string
  accountId: string | null
  before: Facts | null
  after: Facts | null
  planId: string | null
  planName: string | null
  planSku: string | null
}

export async function viewRecordFoot(
  db: Database | Tx,
  actor: Actor,
  { kind, id }: { kind: HistoryKind; id: string },
): Promise<RecordFoot> {
  const right = rightToSee(kind)
  if (right) assertMay(actor, right)
  const rows = await reading(db, sellerScope, async (sql) => {
    const found = await sql.many<Row>`
      ${
        isRecordKind(kind) && isId(id)
          ? sql.part`
            (select 'note' as source, id, written_at as at, changed_at, author_id as user_id, author_name as actor, text,
              null::uuid as account_id, null::jsonb as before, null::jsonb as after,
              null::text as plan_id, null::text as plan_name, null::text as plan_sku
            from note where record_type = ${kind} and record_id = ${id} order by id desc limit ${FOOT_ROWS + 1})
            union all`
          : sql.part``
      }
      ${
        kind === 'product' && isId(id)
          ? sql.part`
            (select 'entry' as source, entry.id, at, null::timestamptz as changed_at, user_id, actor, action as text, account_id,
              before, after, plan.id::text as plan_id, plan.vendor_name as plan_name, plan.sku as plan_sku
            from audit_entry entry left join plan on entry.subject_type = 'plan' and plan.id::text = entry.subject_id
            where subject_type in ('product', 'plan')
              and subject_id = any(array(select ${id}::text union all select id::text from plan where product_id = ${id}))
            order by entry.id desc limit ${FOOT_ROWS + 1})`
          : sql.part`
            (select 'entry' as source, id, at, null::timestamptz as changed_at, user_id, actor, action as text, account_id, before,
              after, null::text as plan_id, null::text as plan_name, null::text as plan_sku
            from audit_entry where subject_type = ${kind} and subject_id = ${id} order by id desc limit ${FOOT_ROWS + 1})`
      }`
    return withNames(sql, found)
  })
  const newest = rows.toSorted((one, other) => (one.id < other.id ? 1 : -1))
  const notes = newest.filter(({ source }) => source === 'note')
  const entries = newest.filter(({ source }) => source === 'entry')
  return {
    notes: notes.slice(0, FOOT_ROWS).map((row) => noteOf(row, kind, id)),
    hasMoreNotes: notes.length > FOOT_ROWS,
    history: entries.slice(0, FOOT_ROWS).map((row) => ({
      ...readableBy(actor, entryOf(row, kind, id)),
      part: row.planName === null ? undefined : { name: row.planName, sku: row.planSku ?? '' },
      names: row.names,
    })),
    hasMoreHistory: entries.length > FOOT_ROWS,
  }
}

function noteOf(row: Row, kind: HistoryKind, id: string): Note {
  return {
    id: row.id as Note['id'],
    recordType: kind as Note['recordType'],
    recordId: id,
    authorId: row.userId as UserId,
    authorName: row.actor,
    text: row.text,
    writtenAt: row.at,
    changedAt: row.changedAt ?? undefined,
  }
}

function entryOf(row: Row, kind: HistoryKind, id: string): AuditEntry {
  return {
    id: row.id as AuditEntry['id'],
    at: row.at,
    userId: (row.userId ?? undefined) as UserId | undefined,
    actor: row.actor,
    action: row.text,
    subjectType: row.planId === null ? kind : 'plan',
    subjectId: row.planId ?? id,
    accountId: row.accountId ?? undefined,
    before: row.before ?? undefined,
    after: row.after ?? undefined,
  }
}
