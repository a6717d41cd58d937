import { Refusal } from '#kernel/failure.ts'
import type { UserId } from '#kernel/ids.ts'
import type { Sql, Tx } from '#platform/db.ts'
import type { BulkAction, BulkActionId, BulkOutcome, BulkRow } from './bulk-action.ts'

type Row = Omit<BulkAction, 'endedAt'> & { endedAt: Temporal.Instant | null }

const columns = (sql: Sql) =>
  sql.part`id, user_id, list, title, query, action, label, reason, state, row_count, done_count, skipped_count, failed_count, problem,
    created_at, ended_at`

const bulkActionOf = (row: Row): BulkAction => ({ ...row, endedAt: row.endedAt ?? undefined })

const gone = () => new Refusal('bulk-action/not-found', 'This bulk action does not exist any more.')

/** With its rows, in one statement. */
export async function insertBulkAction(
  tx: Tx,
  made: BulkAction,
  rows: readonly Pick<BulkRow, 'key' | 'name' | 'path'>[],
): Promise<void> {
  await tx.run`
    with made as (
      insert into bulk_action (id, user_id, list, title, query, action, label, reason, state, row_count, created_at)
      values (${made.id}, ${made.userId}, ${made.list}, ${made.title}, ${made.query}, ${made.action}, ${made.label}, ${made.reason}, ${made.state},
        ${made.rowCount}, ${made.createdAt})
    )
    insert into bulk_action_row (bulk_action_id, position, key, name, path)
    select ${made.id}, given.position::int, given.key, given.name, given.path
    from unnest(${rows.map(({ key }) => key)}::text[], ${rows.map(({ name }) => name)}::text[], ${rows.map(({ path }) => path)}::text[])
      with ordinality as given (key, name, path, position)`
}

export async function loadBulkAction(sql: Sql, id: BulkActionId): Promise<BulkAction> {
  const row = await sql.maybe<Row>`select ${columns(sql)} from bulk_action where id = ${id}`
  if (!row) throw gone()
  return bulkActionOf(row)
}

export async function lockBulkAction(tx: Tx, id: BulkActionId): Promise<BulkAction> {
  const row = await tx.maybe<Row>`select ${columns(tx)} from bulk_action where id = ${id} for update`
  if (!row) throw gone()
  return bulkActionOf(row)
}

export async function saveBulkAction(tx: Tx, made: BulkAction): Promise<void> {
  await tx.run`
    update bulk_action set state = ${made.state}, done_count = ${made.doneCount}, skipped_count = ${made.skippedCount},
      failed_count = ${made.failedCount}, problem = ${made.problem}, ended_at = ${made.endedAt ?? null} where id = ${made.id}`
}

/** Of one person, newest first. */
export async function listBulkActions(
  sql: Sql,
  userId: UserId,
  { before, limit }: { readonly before: BulkActionId | undefined; readonly limit: number },
): Promise<BulkAction[]> {
  const rows = await sql.many<Row>`
    select ${columns(sql)} from bulk_action
    where user_id = ${userId} and ${before ? sql.part`id < ${before}` : sql.part`true`}
    order by id desc limit ${limit}`
  return rows.map(bulkActionOf)
}

/** The next row that is not done yet. */
export async function findWaitingRow(
  sql: Sql,
  id: BulkActionId,
): Promise<Pick<BulkRow, 'position' | 'key'> | undefined> {
  return sql.maybe<Pick<BulkRow, 'position' | 'key'>>`
    select position, key from bulk_action_row where bulk_action_id = ${id} and outcome is null order by position limit 1`
}

/** Once; false where the row has its outcome already. */
export async function saveRowOutcome(
  tx: Tx,
  id: BulkActionId,
  { position, outcome, words }: { position: number; outcome: BulkOutcome; words: string },
): Promise<boolean> {
  const touched = await tx.run`
    update bulk_action_row set outcome = ${outcome}, words = ${words}
    where bulk_action_id = ${id} and position = ${position} and outcome is null`
  return touched === 1
}

export type BulkRowShow = 'all' | 'waiting' | BulkOutcome

/** In their order. */
export async function listBulkRows(
  sql: Sql,
  id: BulkActionId,
  { show, after, limit }: { readonly show: BulkRowShow; readonly after: number; readonly limit: number },
): Promise<BulkRow[]> {
  const shown =
    show === 'all'
      ? sql.part`true`
      : show === 'waiting'
        ? sql.part`outcome is null`
        : sql.part`outcome = ${show}`
  const rows = await sql.many<Omit<BulkRow, 'outcome'> & { outcome: BulkOutcome | null }>`
    select position, key, name, path, outcome, words from bulk_action_row
    where bulk_action_id = ${id} and ${shown} and position > ${after} order by position limit ${limit}`
  return rows.map((row) => ({ ...row, outcome: row.outcome ?? undefined }))
}

/** With their rows; of those that have ended. */
export async function deleteBulkActionsBefore(tx: Tx, moment: Temporal.Instant): Promise<void> {
  await tx.run`delete from bulk_action where created_at < ${moment} and state <> 'running'`
}
