// Every statement that writes files of accounts and their rows.
import { Refusal } from '#kernel/failure.ts'
import type { AccountId } from '#kernel/ids.ts'
import type { Sql, Tx } from '#platform/db.ts'
import type { AccountImport, AccountImportId, ImportAction, ImportRow } from './account-import.ts'
import type { ImportCells } from './import-columns.ts'
import type { ImportLine } from './import-file.ts'
import { type ImportFault, keysOf, rankOf } from './import-row.ts'

type Nullable<Record_> = { [Field in keyof Record_]: Record_[Field] | null }

const columns = (sql: Sql) => sql.part`
  id, file_name, format, separator, state, bytes, columns, ignored_columns, row_count, rows_done, create_count, change_count, same_count,
  wrong_count, warned_count, created_count, changed_count, left_count, refused_because, received_by, received_by_name, received_at,
  checked_at, started_by, started_by_name, started_at, ended_at`

function withoutNulls<Item>(row: object): Item {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value ?? undefined])) as Item
}

const missing = (id: string) => new Refusal('account-import/not-found', 'This import does not exist.', { id })

export async function insertImport(tx: Tx, made: AccountImport): Promise<void> {
  await tx.run`
    insert into account_import (id, file_name, format, separator, state, bytes, received_by, received_by_name, received_at)
    values (${made.id}, ${made.fileName}, ${made.format}, ${made.separator ?? null}, ${made.state}, ${made.bytes}, ${made.receivedBy},
      ${made.receivedByName}, ${made.receivedAt})`
}

async function only(
  sql: Sql,
  id: AccountImportId,
  { forUpdate }: { readonly forUpdate: boolean },
): Promise<AccountImport> {
  const row = await sql.maybe<Nullable<AccountImport>>`
    select ${columns(sql)} from account_import where id = ${id} ${forUpdate ? sql.part`for update` : sql.part``}`
  if (!row) throw missing(id)
  return withoutNulls(row)
}

export function loadImport(sql: Sql, id: AccountImportId): Promise<AccountImport> {
  return only(sql, id, { forUpdate: false })
}

/** Whoever works on its rows takes turns with everybody else who does. */
export function lockImport(tx: Tx, id: AccountImportId): Promise<AccountImport> {
  return only(tx, id, { forUpdate: true })
}

/** Newest first. */
export async function listImports(
  sql: Sql,
  ask: { readonly before?: AccountImportId | undefined; readonly limit: number },
): Promise<AccountImport[]> {
  const rows = await sql.many<Nullable<AccountImport>>`
    select ${columns(sql)} from account_import
    where ${ask.before === undefined ? sql.part`true` : sql.part`id < ${ask.before}`} order by id desc limit ${ask.limit}`
  return rows.map((row) => withoutNulls<AccountImport>(row))
}

/** The caller holds the lock. */
export async function saveImport(tx: Tx, it: AccountImport): Promise<void> {
  await tx.run`
    update account_import set state = ${it.state}, columns = ${[...it.columns]}, ignored_columns = ${[...it.ignoredColumns]},
      row_count = ${it.rowCount}, rows_done = ${it.rowsDone}, create_count = ${it.createCount}, change_count = ${it.changeCount},
      same_count = ${it.sameCount}, wrong_count = ${it.wrongCount}, warned_count = ${it.warnedCount}, created_count = ${it.createdCount},
      changed_count = ${it.changedCount}, left_count = ${it.leftCount}, refused_because = ${it.refusedBecause ?? null},
      checked_at = ${it.checkedAt ?? null}, started_by = ${it.startedBy ?? null}, started_by_name = ${it.startedByName ?? null},
      started_at = ${it.startedAt ?? null}, ended_at = ${it.endedAt ?? null}
    where id = ${it.id}`
}

export async function saveImportParts(
  tx: Tx,
  id: AccountImportId,
  parts: AsyncIterable<Uint8Array>,
): Promise<void> {
  let part = 0
  for await (const content of parts) {
    await tx.run`insert into account_import_part (import_id, part, content) values (${id}, ${part}, ${content})`
    part += 1
  }
}

/** A kept file, part by part; undefined behind its end. */
export async function findImportPart(
  sql: Sql,
  id: AccountImportId,
  part: number,
): Promise<Uint8Array | undefined> {
  const row = await sql.maybe<{ content: Uint8Array }>`
    select content from account_import_part where import_id = ${id} and part = ${part}`
  return row?.content
}

export async function deleteImportParts(tx: Tx, id: AccountImportId): Promise<void> {
  await tx.run`delete from account_import_part where import_id = ${id}`
}

/** With their rows, which hold what others wrote about people. What is being worked on stays. */
export async function deleteImportsBefore(tx: Tx, moment: Temporal.Instant): Promise<void> {
  await tx.run`
    delete from account_import
    where received_at < ${moment} and state not in ('received', 'checking', 'importing')`
}

/** Rows as they were read, to be checked. */
export async function insertImportRows(
  tx: Tx,
  id: AccountImportId,
  rows: readonly { readonly line: ImportLine['line']; readonly cells: ImportCells }[],
): Promise<void> {
  if (rows.length === 0) return
  const given = rows.map(({ line, cells }) => ({ line, cells, rank: rankOf(cells), ...keysOf(cells) }))
  await tx.run`
    insert into account_import_row (import_id, line, rank, cells, number_key, reference_key, vat_key, name_key)
    select ${id}, line, rank, cells, "numberKey", "referenceKey", "vatKey",
      case when account_name_key(name) <> '' then country || ' ' || account_name_key(name) end
    from jsonb_to_recordset(${tx.json(given)}) as given (line int, rank int, cells jsonb, "numberKey" text, "referenceKey" text,
      "vatKey" text, name text, country text)`
}

type StoredRow = Nullable<ImportRow> & { readonly cells: ImportCells; readonly line: number }

const rowColumns = (sql: Sql) =>
  sql.part`row.line, row.cells, row.action, row.account_id, row.seen_at, row.faults, row.warnings, row.outcome`

/** A row, with which other line of its file is the same by one of its keys. */
export type UncheckedRow = ImportRow & {
  readonly sameNumber: number | null
  readonly sameReference: number | null
  readonly sameVat: number | null
  readonly sameName: number | null
}

/** The next rows to check; the caller holds the lock of their import. */
export async function takeUnchecked(tx: Tx, id: AccountImportId, most: number): Promise<UncheckedRow[]> {
  const other = (key: unknown) => tx.part`
    (select other.line from account_import_row other where other.import_id = row.import_id and other.${key} = row.${key}
      and other.line <> row.line order by other.line limit 1)`
  const rows = await tx.many<StoredRow & UncheckedRow>`
    select ${rowColumns(tx)}, ${other(tx.part`number_key`)} as same_number, ${other(tx.part`reference_key`)} as same_reference,
      ${other(tx.part`vat_key`)} as same_vat, ${other(tx.part`name_key`)} as same_name
    from account_import_row row where row.import_id = ${id} and row.action is null order by row.rank, row.line limit ${most}`
  return rows.map((row) => ({
    ...withoutNulls<ImportRow>(row),
    sameNumber: row.sameNumber,
    sameReference: row.sameReference,
    sameVat: row.sameVat,
    sameName: row.sameName,
  }))
}

/** Rows of the same file that are named by external references: what becomes a reseller before its customers. */
export async function findRowsByReference(
  tx: Tx,
  id: AccountImportId,
  references: readonly string[],
): Promise<ReadonlyMap<string, ImportRow>> {
  const wanted = [...new Set(references.map((each) => each.toLowerCase()))]
  if (wanted.length === 0) return new Map()
  const rows = await tx.many<StoredRow & { referenceKey: string }>`
    select distinct on (row.reference_key) ${rowColumns(tx)}, row.reference_key from account_import_row row
    where row.import_id = ${id} and row.reference_key = any (${wanted}::text[]) order by row.reference_key, row.line`
  return new Map(rows.map((row) => [row.referenceKey, withoutNulls<ImportRow>(row)]))
}

/** Which line of the file has an account already. */
export async function findLinesOf(
  tx: Tx,
  id: AccountImportId,
  accountIds: readonly AccountId[],
): Promise<ReadonlyMap<AccountId, number>> {
  if (accountIds.length === 0) return new Map()
  const rows = await tx.many<{ accountId: AccountId; line: number }>`
    select account_id, line from account_import_row
    where import_id = ${id} and account_id = any (${[...accountIds]}::uuid[]) and action in ('create', 'change', 'same')`
  return new Map(rows.map(({ accountId, line }) => [accountId, line]))
}

export type CheckedRow = {
  readonly line: number
  readonly action: ImportAction
  readonly accountId: AccountId | undefined
  readonly seenAt: Temporal.Instant | undefined
  readonly faults: readonly ImportFault[]
  readonly warnings: readonly string[]
}

export async function saveChecked(tx: Tx, id: AccountImportId, rows: readonly CheckedRow[]): Promise<void> {
  const given = rows.map((row) => ({ ...row, seenAt: row.seenAt?.toString() }))
  await tx.run`
    update account_import_row row set action = given.action, account_id = given."accountId", seen_at = given."seenAt",
      faults = given.faults, warnings = given.warnings
    from jsonb_to_recordset(${tx.json(given)}) as given (line int, action text, "accountId" uuid, "seenAt" timestamptz, faults jsonb,
      warnings jsonb)
    where row.import_id = ${id} and row.line = given.line`
}

/** The next rows to import; the caller holds the lock of their import. */
export async function takeWaiting(tx: Tx, id: AccountImportId, most: number): Promise<ImportRow[]> {
  const rows = await tx.many<StoredRow>`
    select ${rowColumns(tx)} from account_import_row row
    where row.import_id = ${id} and row.action in ('create', 'change') and row.outcome is null order by row.rank, row.line limit ${most}`
  return rows.map((row) => withoutNulls<ImportRow>(row))
}

/** What became of rows; one that was left is wrong now, and stands in the error file. */
export async function saveOutcomes(
  tx: Tx,
  id: AccountImportId,
  rows: readonly {
    readonly line: number
    readonly outcome: NonNullable<ImportRow['outcome']>
    readonly faults: readonly ImportFault[]
  }[],
): Promise<void> {
  await tx.run`
    update account_import_row row set outcome = given.outcome,
      action = case when given.outcome = 'left' then 'wrong' else row.action end,
      faults = given.faults
    from jsonb_to_recordset(${tx.json(rows)}) as given (line int, outcome text, faults jsonb)
    where row.import_id = ${id} and row.line = given.line`
}

export type ImportRowShow = ImportAction | 'warned' | 'all'

/** By line; `show` says which. */
export async function listImportRows(
  sql: Sql,
  id: AccountImportId,
  ask: { readonly show: ImportRowShow; readonly afterLine: number; readonly limit: number },
): Promise<ImportRow[]> {
  const wanted =
    ask.show === 'all'
      ? sql.part`true`
      : ask.show === 'warned'
        ? sql.part`row.warnings <> '[]'`
        : sql.part`row.action = ${ask.show}`
  const rows = await sql.many<StoredRow>`
    select ${rowColumns(sql)} from account_import_row row
    where row.import_id = ${id} and ${wanted} and row.line > ${ask.afterLine} order by row.line limit ${ask.limit}`
  return rows.map((row) => withoutNulls<ImportRow>(row))
}

/** An account that looks like another company by its VAT number, or by its name and country. */
export type Likeness = {
  readonly key: string
  readonly by: 'vat' | 'name'
  readonly accountId: AccountId
  readonly number: string
  readonly name: string
}

/** The first account like each of these companies; `key` is whatever the asker knows it by. Two index look-ups a company. */
export async function findLikeAccounts(
  sql: Sql,
  companies: readonly {
    readonly key: string
    readonly name: string
    readonly country: string
    readonly vatNumber: string | null
    readonly not: AccountId | null
  }[],
): Promise<Likeness[]> {
  if (companies.length === 0) return []
  return sql.many<Likeness>`
    select given.key, found.by, found.id as account_id, found.number, found.name
    from jsonb_to_recordset(${sql.json(companies)}) as given (key text, name text, country char(2), "vatNumber" text, "not" uuid)
    cross join lateral (
      (select 'vat' as by, id, number, name from account
        where vat_number = given."vatNumber" and state <> 'merged' and id is distinct from given."not" order by id limit 1)
      union all
      (select 'name', id, number, name from account
        where account.country = given.country and account_name_key(account.name) = account_name_key(given.name)
          and account_name_key(given.name) <> '' and state <> 'merged' and id is distinct from given."not" order by id limit 1)
    ) found`
}
