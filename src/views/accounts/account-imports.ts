// Files of accounts: those that came, what the check found in one row by row, and what of it is to be corrected and sent again.
import { Refusal } from '#kernel/failure.ts'
import { isId } from '#kernel/ids.ts'
import {
  type AccountImport,
  type AccountImportId,
  type ImportDifference,
  type ImportRow,
  type ImportRowShow,
  importColumn,
  importDifferences,
  importTemplate,
  listImportRows,
  listImports,
  loadAccounts,
  loadImport,
  REASON_COLUMN,
} from '#modules/accounts'
import { type ExportFormat, exportFile } from '#modules/lists'
import { type Actor, assertMay } from '#modules/users'
import { type Database, reading, sellerScope, type Tx } from '#platform/db.ts'
import { badCursor, idCursor } from './search-text.ts'

type Page<Item> = { readonly items: readonly Item[]; readonly nextCursor: string | undefined }

/** Newest first. */
export async function browseAccountImports(
  db: Database | Tx,
  actor: Actor,
  ask: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<Page<AccountImport>> {
  assertMay(actor, 'manage-accounts')
  const before = idCursor(ask.cursor) as AccountImportId | undefined
  const rows = await reading(db, sellerScope, (sql) => listImports(sql, { before, limit: ask.limit + 1 }))
  const items = rows.slice(0, ask.limit)
  return { items, nextCursor: rows.length > ask.limit ? items.at(-1)?.id : undefined }
}

function known(id: AccountImportId): AccountImportId {
  if (!isId(id)) throw new Refusal('account-import/not-found', 'This import does not exist.')
  return id
}

export async function viewAccountImport(
  db: Database | Tx,
  actor: Actor,
  ask: { readonly id: AccountImportId },
): Promise<AccountImport> {
  assertMay(actor, 'manage-accounts')
  return reading(db, sellerScope, (sql) => loadImport(sql, known(ask.id)))
}

/** A row with what it would change, as long as that is not done. */
export type ImportRowView = ImportRow & { readonly changes: readonly ImportDifference[] }

/** Its rows by line. */
export async function browseImportRows(
  db: Database | Tx,
  actor: Actor,
  ask: {
    readonly id: AccountImportId
    readonly show: ImportRowShow
    readonly cursor?: string | undefined
    readonly limit: number
  },
): Promise<Page<ImportRowView>> {
  assertMay(actor, 'manage-accounts')
  if (ask.cursor !== undefined && !/^\d{1,8}$/.test(ask.cursor)) throw badCursor()
  const afterLine = Number(ask.cursor ?? 0)
  const { rows, accounts } = await reading(db, sellerScope, async (sql) => {
    await loadImport(sql, known(ask.id))
    const rows = await listImportRows(sql, ask.id, { show: ask.show, afterLine, limit: ask.limit + 1 })
    const changing = rows.flatMap((row) => (willChange(row) && row.accountId ? [row.accountId] : []))
    return { rows, accounts: new Map((await loadAccounts(sql, changing)).map((each) => [each.id, each])) }
  })
  const items = rows.slice(0, ask.limit).map((row): ImportRowView => {
    const account = willChange(row) && row.accountId ? accounts.get(row.accountId) : undefined
    return {
      ...row,
      changes: account && account.state !== 'merged' ? importDifferences(row.cells, account) : [],
    }
  })
  return { items, nextCursor: rows.length > ask.limit ? String(items.at(-1)?.line) : undefined }
}

const willChange = ({ action, outcome }: ImportRow) => action === 'change' && outcome === undefined

export type AccountFile = {
  readonly name: string
  readonly format: ExportFormat
  readonly pieces: AsyncIterable<Uint8Array>
}

/** The wrong rows in the form of the file, with what is wrong behind each: to be corrected and sent again as it is. */
export async function importErrorFile(
  db: Database | Tx,
  actor: Actor,
  ask: { readonly id: AccountImportId },
): Promise<AccountFile> {
  const { fileName, format, separator, columns } = await viewAccountImport(db, actor, ask)
  async function* rows() {
    for (let afterLine = 0; ; ) {
      const some = await reading(db, sellerScope, (sql) =>
        listImportRows(sql, ask.id, { show: 'wrong', afterLine, limit: 1000 }),
      )
      if (some.length === 0) return
      afterLine = some.at(-1)?.line ?? afterLine
      yield some.map((row) => [...columns.map((field) => row.cells[field] ?? ''), reasonOf(row)])
    }
  }
  const heads = [...columns.map((field) => importColumn(field).name), REASON_COLUMN]
  const base =
    fileName
      .replace(/\.[^.]{1,8}$/, '')
      .replace(/[^\w.-]+/g, '-')
      .slice(0, 80) || 'accounts'
  return {
    name: `${base}-errors.${format}`,
    format,
    pieces: exportFile(format, 'Wrong rows', heads, rows(), { separator }),
  }
}

/** What is wrong with a row, in one line. */
export function reasonOf({ line, faults }: Pick<ImportRow, 'line' | 'faults'>): string {
  const said = faults.map(({ column, reason }) =>
    column && !reason.startsWith(column) ? `${column}: ${reason}` : reason,
  )
  return `Line ${line}: ${said.join(' ')}`
}

/** An empty file with all columns, and two rows that show how they are meant. */
export function importTemplateFile(actor: Actor, format: ExportFormat): AccountFile {
  assertMay(actor, 'manage-accounts')
  async function* rows() {
    yield importTemplate.examples
  }
  return {
    name: `accounts-template.${format}`,
    format,
    pieces: exportFile(format, 'Accounts', importTemplate.heads, rows()),
  }
}
