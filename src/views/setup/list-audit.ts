// The audit log, newest first: who changed what, from what to what. The whole of it needs a right of its own; the entries of one
// record are its history, and whoever may see the record may read them.
import { Refusal } from '#kernel/failure.ts'
import { isId } from '#kernel/ids.ts'
import { type AuditEntry, type AuditEntryId, listAuditEntries } from '#modules/audit'
import {
  findRecord,
  isRecordKind,
  type NamedRecord,
  nameRecords,
  type RecordRef,
  rightToSee,
} from '#modules/records'
import { type Actor, assertMay, mayDo } from '#modules/users'
import { type Database, reading, type Sql, sellerScope, type Tx } from '#platform/db.ts'
import { idCursor, pageSize } from '../accounts/search-text.ts'
import { askFor } from '../lists/ask.ts'
import { withinDays } from '../lists/conditions.ts'
import { isOneOf } from '../lists/found.ts'
import { list } from '../lists/list.ts'
import { readList } from '../lists/read-list.ts'
import { type HistoryEntry, listParts, readableBy, withNames, withPart } from '../records/history.ts'
import { actionWords, auditKinds, changesText } from '../records/history-words.ts'
import { recordPath } from '../records/record-paths.ts'

/** `record` is what was changed, where that is a record that is there still. */
export type AuditRow = HistoryEntry & { readonly record: NamedRecord | undefined }

export const auditList = list<AuditRow>({
  name: 'audit',
  path: '/audit',
  title: 'Audit log',
  right: 'see-audit',
  columns: {
    at: { label: 'When', kind: 'moment', value: (row) => row.at, sort: 'at' },
    actor: { label: 'Who', kind: 'text', value: (row) => row.actor },
    action: { label: 'What', kind: 'text', value: (row) => actionWords(row.action) },
    record: {
      label: 'Of',
      kind: 'text',
      value: (row) =>
        row.record?.title ?? (isId(row.subjectId) ? `…${row.subjectId.slice(-8)}` : row.subjectId),
      to: (row) => row.record && recordPath(row.record),
      note: (row) => auditKinds[row.subjectType] ?? row.subjectType,
    },
    changes: {
      label: 'Changes',
      kind: 'text',
      value: (row) => changesText(row.before, row.after),
      changes: ({ before, after, names }) => ({ before, after, names }),
    },
    kind: {
      label: 'Kind',
      kind: 'text',
      value: (row) => auditKinds[row.subjectType] ?? row.subjectType,
      isExtra: true,
    },
    code: { label: 'Code', kind: 'code', value: (row) => row.action, isExtra: true },
    subject: { label: 'Id', kind: 'code', value: (row) => row.subjectId, isExtra: true },
  },
  naming: 'record',
  sorts: { at: { keys: (sql) => [['timestamptz', sql.part`audit_entry.at`]] } },
  defaultSort: '-at',
  filters: {
    kind: {
      kind: 'choice',
      label: 'Of',
      choices: Object.entries(auditKinds)
        .map(([value, label]) => ({ value, label }))
        .sort((one, other) => one.label.localeCompare(other.label, 'en')),
      isRare: () => true,
      where: (sql, value) => sql.part`audit_entry.subject_type = ${value}`,
    },
    person: {
      kind: 'record',
      label: 'Person',
      offers: (sql) => sql.many`
        select id as value, name as label from app_user where account_id is null order by name collate "und-x-icu", id limit 500`,
      where: (sql, id) => sql.part`audit_entry.user_id = ${id}`,
    },
    at: {
      kind: 'days',
      sort: 'at',
      label: 'When',
      where: (sql, from, to) => withinDays(sql, sql.part`audit_entry.at`, from, to),
    },
  },
  searches: 'Number of a record, or a company',
  searchesShort: 'records with exactly that number, and a company of exactly that name',
  table: (sql) => sql.part`audit_entry`,
  id: (sql) => sql.part`audit_entry.id`,
  looksUp: ['accounts'],
  search: (sql, { text }, { accounts }) => {
    const number = text.toUpperCase()
    return sql.part`
      audit_entry.subject_id = any(array(
        select id::text from sales_order where number = ${number}
        union all select id::text from asset where number = ${number}
        union all select id::text from subscription where number = ${number}
        union all select id::text from invoice where number = ${number}
        union all select id::text from account where number = ${number}
      ))
      or ${isOneOf(sql, sql.part`audit_entry.account_id`, accounts)}`
  },
  read: async (sql, ids) => {
    const entries = await listAuditEntries(sql, { ids, limit: ids.length })
    const refs = entries.flatMap(refOf)
    const named = new Map(
      (await nameRecords(sql, refs)).map((each) => [`${each.recordType} ${each.recordId}`, each]),
    )
    return (await withNames(sql, entries)).map((entry) => ({
      ...entry,
      record: named.get(`${entry.subjectType} ${entry.subjectId}`),
    }))
  },
  readableBy: (actor, row) => ({ ...row, ...readableBy(actor, row) }),
})

function refOf({ subjectType, subjectId }: AuditEntry): RecordRef[] {
  return isRecordKind(subjectType) && isId(subjectId)
    ? [{ recordType: subjectType, recordId: subjectId }]
    : []
}

export type AuditAsk = {
  readonly subjectType?: string | undefined
  readonly subjectId?: string | undefined
  readonly cursor?: string | undefined
  readonly limit?: number | undefined
}

export type AuditPage = { readonly items: readonly AuditEntry[]; readonly nextCursor: string | undefined }

/** The whole log, or what is asked of it. */
export async function browseAudit(
  db: Database | Sql,
  actor: Actor,
  asked: {
    readonly q?: string | undefined
    readonly subjectType?: string | undefined
    readonly userId?: string | undefined
    readonly from?: Temporal.PlainDate | undefined
    readonly to?: Temporal.PlainDate | undefined
    readonly cursor?: string | undefined
    readonly limit?: number | undefined
  },
): Promise<AuditPage> {
  const ask = askFor(auditList, {
    q: asked.q,
    filters: { kind: asked.subjectType, person: asked.userId },
    days: { at: asked },
    cursor: asked.cursor,
    limit: pageSize(asked.limit),
  })
  const { items, next } = await readList(db, actor, auditList, ask)
  return { items, nextCursor: next }
}

/** The history of one record, its parts' included, or of all of one kind. */
export async function listAudit(
  db: Database | Sql,
  actor: Actor,
  ask: AuditAsk = {},
): Promise<AuditPage & { readonly items: readonly HistoryEntry[] }> {
  assertMayRead(actor, ask)
  const limit = pageSize(ask.limit)
  const before = idCursor(ask.cursor)
  const { subjectType, subjectId } = ask
  const { rows, parts } = await reading(db, sellerScope, async (sql) => {
    const parts = await listParts(sql, subjectType ?? '', subjectId ?? '')
    const rows = await listAuditEntries(sql, {
      ...(subjectType && { subjectType }),
      ...(subjectId && { subjectId }),
      ...(parts.length > 0 && { parts: { subjectType: 'plan', ids: parts.map(({ id }) => id) } }),
      ...(before && { before: before as AuditEntryId }),
      limit: limit + 1,
    })
    return { rows, parts }
  })
  const items = rows.slice(0, limit).map((entry) => withPart(readableBy(actor, entry), parts))
  return { items, nextCursor: rows.length > limit ? items.at(-1)?.id : undefined }
}

/** The same with what the record is called, where it is there still. */
export async function viewHistory(
  db: Database | Tx,
  actor: Actor,
  ask: AuditAsk & { readonly subjectType: string; readonly subjectId: string },
): Promise<
  AuditPage & { readonly items: readonly HistoryEntry[]; readonly record: NamedRecord | undefined }
> {
  const { subjectType, subjectId } = ask
  return reading(db, sellerScope, async (sql) => {
    const [page, record] = await Promise.all([
      listAudit(sql, actor, ask),
      isRecordKind(subjectType) && isId(subjectId)
        ? findRecord(sql, { recordType: subjectType, recordId: subjectId })
        : undefined,
    ])
    return { ...page, items: await withNames(sql, page.items), record }
  })
}

function assertMayRead(actor: Actor, { subjectType, subjectId }: AuditAsk): void {
  const right = subjectType && subjectId ? rightToSee(subjectType) : undefined
  if (right && mayDo(actor, right)) return
  assertMay(actor, 'see-audit')
}

export async function viewAuditEntry(
  db: Database | Tx,
  actor: Actor,
  ask: { id: AuditEntryId },
): Promise<AuditEntry> {
  assertMay(actor, 'see-audit')
  const [entry] = await reading(db, sellerScope, (sql) => listAuditEntries(sql, { id: ask.id, limit: 1 }))
  if (!entry) throw new Refusal('audit-entry/not-found', 'This entry does not exist.', { id: ask.id })
  return readableBy(actor, entry)
}
