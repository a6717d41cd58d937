import { Refusal } from '#kernel/failure.ts'
import type { UserId } from '#kernel/ids.ts'
import type { Sql, Tx } from '#platform/db.ts'
import type { ListExport, ListExportId } from './list-export.ts'

type Row = Omit<ListExport, 'rowsExpected' | 'endedAt'> & {
  rowsExpected: number | null
  endedAt: Temporal.Instant | null
}

const columns = (sql: Sql) =>
  sql.part`id, user_id, list, title, query, format, state, rows_expected, rows_written, bytes, problem, created_at, ended_at`

const exportOf = (row: Row): ListExport => ({
  ...row,
  rowsExpected: row.rowsExpected ?? undefined,
  endedAt: row.endedAt ?? undefined,
})

const gone = () => new Refusal('export/not-found', 'This export does not exist any more.')

export async function insertExport(tx: Tx, made: ListExport): Promise<void> {
  await tx.run`
    insert into list_export (id, user_id, list, title, query, format, state, created_at)
    values (${made.id}, ${made.userId}, ${made.list}, ${made.title}, ${made.query}, ${made.format}, ${made.state}, ${made.createdAt})`
}

/** Newest first; of one person. */
export async function listExports(
  sql: Sql,
  userId: UserId,
  { before, limit }: { readonly before: ListExportId | undefined; readonly limit: number },
): Promise<ListExport[]> {
  const rows = await sql.many<Row>`
    select ${columns(sql)} from list_export
    where user_id = ${userId} and ${before ? sql.part`id < ${before}` : sql.part`true`}
    order by id desc limit ${limit}`
  return rows.map(exportOf)
}

export async function loadExport(sql: Sql, id: ListExportId): Promise<ListExport> {
  const row = await sql.maybe<Row>`select ${columns(sql)} from list_export where id = ${id}`
  if (!row) throw gone()
  return exportOf(row)
}

export async function lockExport(tx: Tx, id: ListExportId): Promise<ListExport> {
  const row = await tx.maybe<Row>`select ${columns(tx)} from list_export where id = ${id} for update`
  if (!row) throw gone()
  return exportOf(row)
}

export async function saveExport(tx: Tx, made: ListExport): Promise<void> {
  await tx.run`
    update list_export set state = ${made.state}, rows_expected = ${made.rowsExpected ?? null}, rows_written = ${made.rowsWritten},
      bytes = ${made.bytes}, problem = ${made.problem}, ended_at = ${made.endedAt ?? null} where id = ${made.id}`
}

/** The next piece of a file, with how far it is then; false where the export is not being written any more. */
export async function appendExportPart(
  tx: Tx,
  part: { id: ListExportId; position: number; content: Uint8Array; rowsWritten: number },
): Promise<boolean> {
  const touched = await tx.run`
    update list_export set rows_written = ${part.rowsWritten}, bytes = bytes + ${part.content.length}
    where id = ${part.id} and state = 'running'`
  if (touched === 0) return false
  await tx.run`
    insert into list_export_part (export_id, position, content) values (${part.id}, ${part.position}, ${part.content})`
  return true
}

export async function findExportPart(
  sql: Sql,
  id: ListExportId,
  position: number,
): Promise<Uint8Array | undefined> {
  const row = await sql.maybe<{ content: Uint8Array }>`
    select content from list_export_part where export_id = ${id} and position = ${position}`
  return row?.content
}

export async function deleteExportParts(tx: Tx, id: ListExportId): Promise<void> {
  await tx.run`delete from list_export_part where export_id = ${id}`
}

/** With its pieces. */
export async function deleteExportsBefore(tx: Tx, moment: Temporal.Instant): Promise<void> {
  await tx.run`delete from list_export where created_at < ${moment}`
}
