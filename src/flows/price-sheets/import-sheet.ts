// A file becomes a release: hashed, told apart from what is there, read row by row and copied in, compared with what is in force. The rows
// come in one transaction with the release's next state, so that a kill in the middle leaves nothing but a received file; the same
// import can be repeated. Whoever watches sees the progress, which is written outside that transaction.
import { Outage, Refusal } from '#kernel/failure.ts'
import { newId, type PriceSheetId } from '#kernel/ids.ts'
import { recordAudit } from '#modules/audit'
import {
  compareSheets,
  copyRows,
  copyRowsOf,
  countAmbiguous,
  deleteParts,
  type FileLimits,
  hashSheet,
  insertFaults,
  insertPriceSheet,
  loadPriceSheet,
  lockActiveSheet,
  lockMarketOf,
  lockPriceSheet,
  lookedAtFor,
  openSheet,
  type PriceSheet,
  type RowFault,
  readHeader,
  readRow,
  readSheetRecords,
  type SheetPlace,
  type SheetRow,
  saveCurrencies,
  saveHeader,
  saveImportProgress,
  savePriceSheet,
  usualLimits,
} from '#modules/price-sheets'
import { type Actor, assertMay } from '#modules/users'
import { sellerScope, type Tx, transaction } from '#platform/db.ts'
import type { App } from '../app.ts'
import { enqueueSimulation } from './simulate-sheet.ts'

type Needs = Pick<App, 'db' | 'now'>

/** More wrong rows than this are a wrong file, not a file with wrong rows. */
const MOST_FAULTS = 10_000
const PROGRESS_EVERY = 20_000

export type SheetInput = SheetPlace & {
  /** Where the file lies, CSV or ZIP. */
  readonly path: string
  readonly fileName: string
  readonly source: PriceSheet['source']
  /** The release whose wrong rows this file holds, corrected: the new release has the good rows of that one as well. */
  readonly corrects?: PriceSheetId | undefined
}

/** Answers the release; the same file again answers the one it made before. A file that is refused whole throws its reason. */
export async function importSheet(
  app: Needs,
  actor: Actor,
  input: SheetInput,
  limits: FileLimits = usualLimits,
): Promise<PriceSheet> {
  assertMay(actor, 'manage-prices')
  const hashed = await hashSheet(input.path, limits)
  const received = await transaction(app.db, sellerScope, (tx) =>
    insertReceived(tx, actor, input, hashed, app.now()),
  )
  return received.state === 'received' ? readReceived(app, actor, received, input, { limits }) : received
}

/** Writes down that a file came, before anything of it is read; answers the release the same file made before, where it did. */
export async function insertReceived(
  tx: Tx,
  actor: Actor,
  input: SheetInput,
  { sha256, bytes }: { readonly sha256: Uint8Array; readonly bytes: number },
  at: Temporal.Instant,
): Promise<PriceSheet> {
  const corrected = input.corrects && (await loadCorrectable(tx, input.corrects, input))
  return insertPriceSheet(tx, {
    id: newId<PriceSheetId>(),
    market: input.market,
    view: input.view,
    month: input.month,
    fileName: (corrected
      ? `${corrected.fileName.replace(/, corrected$/, '')}, corrected`
      : input.fileName
    ).slice(0, 200),
    source: input.source,
    state: 'received',
    sha256,
    bytes,
    rowCount: 0,
    faultCount: 0,
    ambiguousCount: 0,
    progress: 0,
    bytesRead: 0,
    refusedBecause: undefined,
    comparison: undefined,
    receivedBy: actor.name,
    receivedAt: at,
    checkedAt: undefined,
    activatedAt: undefined,
    supersededAt: undefined,
    replacedId: undefined,
  })
}

/** A release some rows of which are wrong, of the same market, view and month. */
async function loadCorrectable(tx: Tx, id: PriceSheetId, place: SheetPlace): Promise<PriceSheet> {
  const sheet = await loadPriceSheet(tx, id)
  if (sheet.market !== place.market || sheet.view !== place.view || sheet.month !== place.month)
    throw new Refusal(
      'price-sheet/other-place',
      `The sheet to correct is ${sheet.view} of ${sheet.market}, ${sheet.month}.`,
    )
  if (sheet.state === 'received' || sheet.state === 'refused' || sheet.faultCount === 0)
    throw new Refusal('price-sheet/nothing-to-correct', 'No row of this sheet waits for a correction.')
  return sheet
}

type Reading = {
  readonly limits?: FileLimits | undefined
  /** What fails is tried no more: the release is refused, whatever the reason. */
  readonly isLastTry?: boolean
  readonly signal?: AbortSignal | undefined
}

/** Reads a received file in. What is refused whole is marked so, and thrown; so is, at the last try, a file that nobody can read. */
export async function readReceived(
  app: Needs,
  actor: Actor,
  received: PriceSheet,
  file: Pick<SheetInput, 'path' | 'corrects'>,
  { limits = usualLimits, isLastTry = true, signal }: Reading = {},
): Promise<PriceSheet> {
  try {
    return await readIn(app, actor, received, file, { limits, signal })
  } catch (error) {
    const refusal = refusalOf(error, isLastTry)
    if (!refusal) throw error
    await transaction(app.db, sellerScope, (tx) => refuseReceived(tx, received.id, refusal.message))
    throw refusal
  }
}

/** Undefined: it is worth another try. */
function refusalOf(error: unknown, isLastTry: boolean): Refusal | undefined {
  if (error instanceof Refusal) return error
  if (error instanceof Outage || !isLastTry) return undefined
  const why = error instanceof Error ? error.message : String(error)
  const refusal = new Refusal(
    'price-sheet/unreadable',
    `This file could not be read, and nothing of it was kept (${why}). Export it again and send it.`,
  )
  refusal.cause = error
  return refusal
}

async function readIn(
  app: Needs,
  actor: Actor,
  { id, market, view }: PriceSheet,
  { path, corrects }: Pick<SheetInput, 'path' | 'corrects'>,
  reading: { readonly limits: FileLimits; readonly signal: AbortSignal | undefined },
): Promise<PriceSheet> {
  return transaction(app.db, sellerScope, async (tx) => {
    const found: Found = { faults: [], header: '' }
    const own = await copyRows(
      tx,
      id,
      rowsOf(app, id, market, { path, ...reading, found, isCorrection: corrects !== undefined }),
    )
    const rowCount = own + (corrects ? await copyRowsOf(tx, corrects, id) : 0)
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
    await saveCurrencies(tx, id)
    await lockMarketOf(tx, id)
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
      ambiguousCount: await countAmbiguous(tx, id),
      progress: rowCount,
      bytesRead: sheet.bytes,
      checkedAt: app.now(),
      comparison: await compareSheets(tx, id, active?.id, lookedAtFor(sheet, app.now())),
    }
    await savePriceSheet(tx, checked)
    await deleteParts(tx, id)
    if (active) await enqueueSimulation(tx, app, actor, { id, against: active.id })
    await recordAudit(tx, {
      at: app.now(),
      actor,
      action: 'price-sheet/imported',
      subjectType: 'price-sheet',
      subjectId: id,
      after: {
        market,
        view,
        month: sheet.month,
        rows: rowCount,
        faults: faults.length,
        corrects: corrects ?? null,
      },
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
    readonly signal: AbortSignal | undefined
    readonly found: Found
    readonly isCorrection: boolean
  },
): AsyncGenerator<readonly SheetRow[]> {
  let columns: ReturnType<typeof readHeader> | undefined
  let count = 0
  let told = 0
  let bytes = 0
  async function* counted() {
    for await (const chunk of openSheet(given.path, given.limits)) {
      bytes += chunk.length
      yield chunk
    }
  }
  let cutLine: number | undefined
  for await (const records of readSheetRecords(counted())) {
    given.signal?.throwIfAborted()
    const rows: SheetRow[] = []
    for (const record of records) {
      if (!columns) {
        columns = readHeader(record)
        given.found.header = columns.header
        continue
      }
      const read = readRow(record, columns, market, given.isCorrection)
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
      await tellProgress(app, id, { rows: count, bytes })
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

async function tellProgress(
  app: Needs,
  id: PriceSheetId,
  done: { readonly rows: number; readonly bytes: number },
): Promise<void> {
  if (app.db.isTransaction) return
  await transaction(app.db, sellerScope, (tx) => saveImportProgress(tx, id, done))
}

/** One that was read meanwhile stays as it is. */
export async function refuseReceived(tx: Tx, id: PriceSheetId, reason: string): Promise<void> {
  const sheet = await lockPriceSheet(tx, id)
  if (sheet.state === 'received')
    await savePriceSheet(tx, { ...sheet, state: 'refused', refusedBecause: reason })
  await deleteParts(tx, id)
}
