// A file that was uploaded or fetched is kept, packed as it came, and read by a job: whoever sent it waits for nothing, sees the progress,
// and may close the page. The file is kept in the database, because the process that receives it and the one that reads it need not
// share a disk.
import { createReadStream } from 'node:fs'
import { Refusal } from '#kernel/failure.ts'
import type { PriceSheetId } from '#kernel/ids.ts'
import {
  type FileLimits,
  findPart,
  hashSheet,
  loadPriceSheet,
  type PriceSheet,
  saveParts,
  usualLimits,
} from '#modules/price-sheets'
import { type Actor, assertMay, system } from '#modules/users'
import { reading, sellerScope, transaction } from '#platform/db.ts'
import { enqueue, job } from '#platform/jobs.ts'
import { partsFrom, tempFileOf } from '#platform/temp-file.ts'
import type { App } from '../app.ts'
import { insertReceived, readReceived, refuseReceived, type SheetInput } from './import-sheet.ts'

const PART_BYTES = 1024 * 1024
/** A file that breaks what reads it does so every time. */
const TRIES = 5
/** Of a file as it came; unpacked it may be larger. */
export const MOST_SHEET_BYTES = 300_000_000

/** Answers the release at once, `received`; the same file again answers the one it made before. */
export async function receiveSheet(
  app: Pick<App, 'db' | 'now'>,
  actor: Actor,
  input: SheetInput,
  limits: FileLimits = usualLimits,
): Promise<PriceSheet> {
  assertMay(actor, 'manage-prices')
  const hashed = await hashSheet(input.path, limits)
  return transaction(app.db, sellerScope, async (tx) => {
    const sheet = await insertReceived(tx, actor, input, hashed, app.now())
    if (sheet.state !== 'received') return sheet
    const parts = createReadStream(input.path, { highWaterMark: PART_BYTES })
    await saveParts(tx, sheet.id, parts)
    // Again for a file that is kept already: whoever sends it once more may do so because nothing happened. A second reading finds it read.
    await enqueue(tx, readSheet, [{ id: sheet.id, corrects: input.corrects }])
    return sheet
  })
}

export const readSheet = job(
  'read-price-sheet',
  async (
    app: Pick<App, 'db' | 'now' | 'log'>,
    { id, corrects }: { id: PriceSheetId; corrects?: PriceSheetId | undefined },
    { retries, signal },
  ) => {
    const sheet = await reading(app.db, sellerScope, (sql) => loadPriceSheet(sql, id))
    if (sheet.state !== 'received') return
    if (retries >= TRIES) {
      const reason = `Reading it was begun ${TRIES} times and never came to its end. Export the file again and send it.`
      await transaction(app.db, sellerScope, (tx) => refuseReceived(tx, id, reason))
      app.log.error({ sheetId: id }, 'a price sheet could not be read')
      return
    }
    const file = await tempFileOf(keptFile(app, id), MOST_SHEET_BYTES)
    try {
      const isLastTry = retries + 1 === TRIES
      await readReceived(
        app,
        system(sheet.receivedBy),
        sheet,
        { path: file.path, corrects },
        { isLastTry, signal },
      )
    } catch (error) {
      // What is refused is written on the release, where whoever sent it reads it.
      if (!(error instanceof Refusal)) throw error
      app.log.info({ sheetId: id, code: error.code, err: error.cause }, 'a price sheet was refused')
    } finally {
      await file.remove()
    }
  },
  {
    expireInSeconds: 1800,
    concurrency: 2,
    mayBeStopped: true,
    whenStopped: (tx, { id }, by) =>
      refuseReceived(tx, id, `${by} stopped the reading of it. Send the file again to have it read.`),
  },
)

function keptFile(app: Pick<App, 'db'>, id: PriceSheetId): AsyncGenerator<Uint8Array> {
  return partsFrom((part) => reading(app.db, sellerScope, (sql) => findPart(sql, id, part)))
}
