// A file becomes a release: hashed, told apart from what is there, read row by row and copied in, compared with what is in force. The rows
// come in one transaction with the release's next state, so that a kill in the middle leaves nothing but a received file; the same
// import can be repeated. Whoever watches sees the progress, which is written outside that transaction.
import { Refusal } from '#kernel/failure.ts'
import { newId, type PriceSheetId } from '#kernel/ids.ts'
import { recordAudit } from '#modules/audit'
import {
  compareSheets,
  copyRows,
  type FileLimits,
  hashSheet,
  insertFaults,
  insertPriceSheet,
  lockActiveSheet,
  lockPriceSheet,
  openSheet,
  type PriceSheet,
  type RowFault,
  readCsv,
  readHeader,
  readRow,
  type SheetPlace,
  type SheetRow,
  saveHeader,
  saveImportProgress,
  savePriceSheet,
  usualLimits,
} from '#modules/price-sheets'
import { type Actor, assertMay } from '#modules/users'
import { sellerScope, transaction } from '#platform/db.ts'
import type { App } from '../app.ts'

type Needs = Pick<App, 'db' | 'now'>

/** More wrong rows than this are a wrong file, not a file with wrong rows. */
const MOST_FAULTS = 10_000
const PROGRESS_EVERY = 20_000

export type SheetInput = SheetPlace & {
  /** Where the file lies, CSV or ZIP. */
  readonly path: string
  readonly fileName: string
  readonly source: PriceSheet['source']
}

/** Answers the release; the same file again answers the one it made before. A file that is refused whole throws its reason. */
export async function importSheet(
  app: Needs,
  actor: Actor,
  input: SheetInput,
  limits: FileLimits = usualLimits,
): Promise<PriceSheet> {
  assertMay(actor, 'manage-prices')
  const { sha256, bytes } = await hashSheet(input.path, limits)
  const at = app.now()
  const received = await transaction(app.db, sellerScope, (tx) =>
    insertPriceSheet(tx, {
      id: newId<PriceSheetId>(),
      market: input.market,
      view: input.view,
      month: input.month,
      fileName: input.fileName.slice(0, 200),
      source: input.source,
      state: 'received',
      sha256,
      bytes,
      rowCount: 0,
      faultCount: 0,
      progress: 0,
      refusedBecause: undefined,
      comparison: undefined,
      receivedBy: actor.name,
      receivedAt: at,
      checkedAt: undefined,
      activatedAt: undefined,
      supersededAt: undefined,
      replacedId: undefined,
    }),
  )
  if (received.state !== 'received') return received
  try {
    return await readIn(app, actor, received, input.path, limits)
  } catch (error) {
    if (error instanceof Refusal) await refuse(app, received.id, error.message)
    throw error
  }
}

async function readIn(
  app: Needs,
  actor: Actor,
  { id, market, view }: PriceSheet,
  path: string,
  limits: FileLimits,
): Promise<PriceSheet> {
  return transaction(app.db, sellerScope, async (tx) => {
    const found: Found = { faults: [], header: '' }
    const rowCount = await copyRows(tx, id, rowsOf(app, id, market, { path, limits, found }))
    const { faults } = found
    if (rowCount === 0 && faults.length > 0)
      throw new Refusal(
        'price-sheet/no-row',
        `No row of this file can be used. The first: line ${faults[0]?.line}, ${faults[0]?.column} ${faults[0]?.reason}`,
      )
    for (let from = 0; from < faults.length; from += 1000)
      await insertFaults(tx, id, faults.slice(from, from + 1000))
    // Only now: while rows are copied, others write the progress into this record.
    await saveHeader(tx, id, found.header)
    const sheet = await lockPriceSheet(tx, id)
    // Somebody else imported the same file at the same moment: theirs stands.
    if (sheet.state !== 'received')
      throw new Refusal('price-sheet/imported-meanwhile', 'This file was imported meanwhile.')
    const active = await lockActiveSheet(tx, { market, view })
    const checked: PriceSheet = {
      ...sheet,
      state: 'checked',
      rowCount,
      faultCount: faults.length,
      progress: rowCount,
      checkedAt: app.now(),
      comparison: await compareSheets(tx, id, active?.id),
    }
    await savePriceSheet(tx, checked)
    await recordAudit(tx, {
      at: app.now(),
      actor,
      action: 'price-sheet/imported',
      subjectType: 'price-sheet',
      subjectId: id,
      after: { market, view, month: sheet.month, rows: rowCount, faults: faults.length },
    })
    return checked
  })
}

/** What a reading collects beside the rows. */
type Found = { readonly faults: RowFault[]; header: string }

/** Batches of good rows; wrong ones are collected beside. */
async function* rowsOf(
  app: Needs,
  id: PriceSheetId,
  market: string,
  given: {
    readonly path: string
    readonly limits: FileLimits
    readonly found: Found
  },
): AsyncGenerator<readonly SheetRow[]> {
  let columns: ReturnType<typeof readHeader> | undefined
  let count = 0
  let told = 0
  let cutLine: number | undefined
  for await (const records of readCsv(openSheet(given.path, given.limits))) {
    const rows: SheetRow[] = []
    for (const record of records) {
      if (!columns) {
        columns = readHeader(record)
        given.found.header = columns.header
        continue
      }
      const read = readRow(record, columns, market)
      cutLine = record.cells.length < columns.count ? record.line : undefined
      if ('otherMarket' in read)
        throw new Refusal(
          'price-sheet/other-market',
          `Line ${record.line} belongs to the market ${read.otherMarket || '(none)'}, and this is the sheet of ${market}. Choose the right market or file.`,
        )
      if ('row' in read) rows.push(read.row)
      else {
        given.found.faults.push(read.fault)
        if (given.found.faults.length > MOST_FAULTS)
          throw new Refusal(
            'price-sheet/too-many-faults',
            `More than ${MOST_FAULTS} rows are wrong: this is hardly a price sheet.`,
          )
      }
    }
    count += rows.length
    if (count - told >= PROGRESS_EVERY) {
      told = count
      await tellProgress(app, id, count)
    }
    if (rows.length > 0) yield rows
  }
  if (!columns) throw new Refusal('price-sheet/empty', 'The file is empty.')
  // A last line with too few fields is no wrong row but a file that was cut.
  if (cutLine !== undefined)
    throw new Refusal(
      'price-sheet/cut',
      `The file ends in the middle of line ${cutLine}: it was cut. Fetch or export it again.`,
    )
}

async function tellProgress(app: Needs, id: PriceSheetId, rows: number): Promise<void> {
  if (app.db.isTransaction) return
  await transaction(app.db, sellerScope, (tx) => saveImportProgress(tx, id, rows))
}

async function refuse(app: Needs, id: PriceSheetId, reason: string): Promise<void> {
  await transaction(app.db, sellerScope, async (tx) => {
    const sheet = await lockPriceSheet(tx, id)
    if (sheet.state === 'received')
      await savePriceSheet(tx, { ...sheet, state: 'refused', refusedBecause: reason })
  })
}
