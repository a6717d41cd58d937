// A file of accounts comes in: kept as it is, and read by a job into rows that are checked by another. Whoever sent it waits for
// nothing and may leave. Nothing of an account is touched before somebody says "import".
import { createReadStream } from 'node:fs'
import { Refusal } from '#kernel/failure.ts'
import { move } from '#kernel/moves.ts'
import {
  type AccountImport,
  type AccountImportId,
  accountImportMoves,
  cancelImport as cancelled,
  cellsByField,
  deleteImportParts,
  deleteImportsBefore,
  findImportPart,
  formOf,
  IMPORT_LIFE_DAYS,
  type ImportCells,
  type ImportHead,
  importLimits,
  insertImport,
  insertImportRows,
  loadImport,
  lockImport,
  readImportFile,
  readImportHead,
  receiveImport,
  refuseImport,
  saveImport,
  saveImportParts,
} from '#modules/accounts'
import { recordAudit } from '#modules/audit'
import { assertMay, type Staff } from '#modules/users'
import { reading, sellerScope, type Tx, transaction } from '#platform/db.ts'
import { enqueue, job } from '#platform/jobs.ts'
import { partsFrom, tempFileOf } from '#platform/temp-file.ts'
import type { App } from '../app.ts'
import { checkAccountImport } from './check-import.ts'

const PART_BYTES = 1024 * 1024
export const MOST_IMPORT_BYTES = importLimits.mostBytes

export async function receiveAccountImport(
  app: Pick<App, 'db' | 'now'>,
  actor: Staff,
  input: { readonly path: string; readonly bytes: number; readonly fileName: string },
): Promise<AccountImport> {
  assertMay(actor, 'manage-accounts')
  const form = await formOf(input.path)
  const made = receiveImport({ ...input, ...form, by: actor }, app.now())
  return transaction(app.db, sellerScope, async (tx) => {
    await insertImport(tx, made)
    await saveImportParts(tx, made.id, createReadStream(input.path, { highWaterMark: PART_BYTES }))
    await enqueue(tx, readAccountImport, [{ importId: made.id }])
    await recordAudit(tx, {
      at: app.now(),
      actor,
      action: 'account-import/received',
      subjectType: 'account-import',
      subjectId: made.id,
      after: { fileName: made.fileName, bytes: made.bytes },
    })
    return made
  })
}

/** All rows or none: a reading that was killed begins again. */
export const readAccountImport = job<Pick<App, 'db' | 'now' | 'log'>, { importId: AccountImportId }>(
  'read-account-import',
  async (app, { importId }) => {
    const found = await reading(app.db, sellerScope, (sql) => loadImport(sql, importId))
    if (found.state !== 'received') return
    const file = await tempFileOf(keptFile(app, importId), MOST_IMPORT_BYTES)
    try {
      await transaction(app.db, sellerScope, (tx) => readIn(app, tx, importId, file.path))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      app.log.info({ importId, code: error.code }, 'a file of accounts was refused')
      await refuse(app, importId, error.message)
    } finally {
      await file.remove()
    }
  },
  { expireInSeconds: 300, concurrency: 1 },
)

function keptFile(app: Pick<App, 'db'>, id: AccountImportId): AsyncGenerator<Uint8Array> {
  return partsFrom((part) => reading(app.db, sellerScope, (sql) => findImportPart(sql, id, part)))
}

async function readIn(app: Pick<App, 'now'>, tx: Tx, id: AccountImportId, path: string): Promise<void> {
  const found = await lockImport(tx, id)
  if (found.state !== 'received') return
  let head: ImportHead | undefined
  let rowCount = 0
  for await (const lines of readImportFile(path)) {
    const rows: { line: number; cells: ImportCells }[] = []
    for (const { line, cells } of lines) {
      if (!head) {
        head = readImportHead(cells)
        continue
      }
      const byField = cellsByField(head, cells)
      if (byField) rows.push({ line, cells: byField })
    }
    rowCount += rows.length
    for (let from = 0; from < rows.length; from += 500)
      await insertImportRows(tx, id, rows.slice(from, from + 500))
  }
  if (!head || rowCount === 0)
    throw new Refusal(
      'account-import/no-rows',
      'The file has no row below its heads. Fill in at least one account.',
    )
  await saveImport(tx, {
    ...found,
    state: move(accountImportMoves, found.state, 'read'),
    columns: head.fields.filter((field) => field !== undefined),
    ignoredColumns: head.ignored,
    rowCount,
  })
  await deleteImportParts(tx, id)
  await enqueue(tx, checkAccountImport, [{ importId: id }])
}

async function refuse(app: Pick<App, 'db' | 'now'>, id: AccountImportId, because: string): Promise<void> {
  await transaction(app.db, sellerScope, async (tx) => {
    const found = await lockImport(tx, id)
    if (found.state === 'received') await saveImport(tx, refuseImport(found, because, app.now()))
    await deleteImportParts(tx, id)
  })
}

/** Of one that has not begun to change anything. */
export async function cancelAccountImport(
  app: Pick<App, 'db' | 'now'>,
  actor: Staff,
  input: { readonly importId: AccountImportId },
): Promise<AccountImport> {
  assertMay(actor, 'manage-accounts')
  return transaction(app.db, sellerScope, async (tx) => {
    const found = await lockImport(tx, input.importId)
    if (found.state === 'cancelled') return found
    const ended = cancelled(found, app.now())
    await saveImport(tx, ended)
    await deleteImportParts(tx, found.id)
    await recordAudit(tx, {
      at: app.now(),
      actor,
      action: 'account-import/cancelled',
      subjectType: 'account-import',
      subjectId: found.id,
    })
    return ended
  })
}

export const tidyImports = job<App, object>(
  'tidy-account-imports',
  async (app) =>
    transaction(app.db, sellerScope, (tx) =>
      deleteImportsBefore(tx, app.now().subtract({ hours: 24 * IMPORT_LIFE_DAYS })),
    ),
  { cron: '27 3 * * *', concurrency: 1, retryLimit: 2 },
)
