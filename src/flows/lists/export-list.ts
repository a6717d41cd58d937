// Writes a list into a file: asked for at the list, done by a job that can be left and found again, downloaded when it is ready.
import type { App } from '#flows/app.ts'
import { Outage, Refusal } from '#kernel/failure.ts'
import { recordAudit } from '#modules/audit'
import {
  appendExportPart,
  begun,
  cancelledExport,
  deleteExportParts,
  deleteExportsBefore,
  EXPORT_LIFE_DAYS,
  type ExportFormat,
  exportFile,
  exportFileName,
  failedExport,
  findExportPart,
  finished,
  insertExport,
  isEnded,
  type ListExport,
  type ListExportId,
  loadExport,
  lockExport,
  requestExport,
  saveExport,
} from '#modules/lists'
import { actorOf, findBearer, type Staff } from '#modules/users'
import { reading, sellerScope, transaction } from '#platform/db.ts'
import { enqueue, job } from '#platform/jobs.ts'
import { partsFrom } from '#platform/temp-file.ts'

export async function requestListExport(
  app: Pick<App, 'db' | 'now' | 'exportSource'>,
  actor: Staff,
  input: { list: string; query: string; format: ExportFormat },
): Promise<ListExport> {
  // Refuses a list that does not exist or that this person may not see, before anything is kept.
  const { title, query } = app.exportSource(app.db, actor, input)
  const made = requestExport({ ...input, title, query, userId: actor.userId }, app.now())
  await transaction(app.db, sellerScope, async (tx) => {
    await insertExport(tx, made)
    await enqueue(tx, writeExport, [{ exportId: made.id }])
    await recordAudit(tx, {
      at: app.now(),
      actor,
      action: 'list/exported',
      subjectType: 'list',
      subjectId: made.list,
      after: { query: made.query, format: made.format },
    })
  })
  return made
}

/** Pieces are gathered up to this size: a row of the database each. */
const PIECE_BYTES = 512 * 1024

export const writeExport = job<App, { exportId: ListExportId }>(
  'write-export',
  async (app, { exportId }, { isLastTry }) => {
    try {
      await write(app, exportId)
    } catch (error) {
      if (!(error instanceof Refusal) && !isLastTry) throw error
      const isKnown = error instanceof Refusal || error instanceof Outage
      await transaction(app.db, sellerScope, async (tx) => {
        const now = await lockExport(tx, exportId)
        if (isEnded(now)) return
        const problem = isKnown ? error.message : 'Something failed on our side. Please try again.'
        await deleteExportParts(tx, exportId)
        await saveExport(tx, failedExport(now, problem, app.now()))
      })
      if (!isKnown) throw error
    }
  },
  // A million rows take minutes; two at once are enough for everybody.
  { expireInSeconds: 1800, concurrency: 2, retryLimit: 3 },
)

async function write(app: App, exportId: ListExportId): Promise<void> {
  const wanted = await reading(app.db, sellerScope, (sql) => loadExport(sql, exportId))
  if (isEnded(wanted)) return
  // With the eyes of who asked, as they are now.
  const bearer = await reading(app.db, sellerScope, (sql) => findBearer(sql, wanted.userId))
  const actor = bearer && actorOf(bearer.user, bearer.account?.kind ?? null)
  if (actor?.kind !== 'staff')
    throw new Refusal('right/missing', 'Who asked for it may not see this list any more.')
  const source = app.exportSource(app.db, actor, wanted)
  const expected = await source.count()
  await transaction(app.db, sellerScope, async (tx) => {
    await deleteExportParts(tx, exportId)
    await saveExport(tx, begun(await lockExport(tx, exportId), expected))
  })
  const moments = { columns: source.moments, timeZone: await source.timeZone() }
  let rowsWritten = 0
  const rows = async function* () {
    for await (const some of source.rows()) {
      rowsWritten += some.length
      yield some
    }
  }
  let position = 0
  for await (const content of gathered(
    exportFile(wanted.format, wanted.title, source.heads, rows(), { moments }),
    PIECE_BYTES,
  )) {
    const at = position
    position += 1
    const goesOn = await transaction(app.db, sellerScope, (tx) =>
      appendExportPart(tx, { id: exportId, position: at, content, rowsWritten }),
    )
    // Cancelled, or gone.
    if (!goesOn) return
  }
  await transaction(app.db, sellerScope, async (tx) => {
    const now = await lockExport(tx, exportId)
    if (!isEnded(now)) await saveExport(tx, finished({ ...now, rowsWritten }, app.now()))
  })
}

async function* gathered(pieces: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = []
  let bytes = 0
  for await (const piece of pieces) {
    held.push(piece)
    bytes += piece.length
    if (bytes < size) continue
    yield Buffer.concat(held)
    held = []
    bytes = 0
  }
  if (bytes > 0) yield Buffer.concat(held)
}

export async function cancelListExport(
  app: Pick<App, 'db' | 'now'>,
  actor: Staff,
  input: { exportId: ListExportId },
): Promise<ListExport> {
  return transaction(app.db, sellerScope, async (tx) => {
    const now = ownOf(actor, await lockExport(tx, input.exportId))
    if (isEnded(now)) return now
    const cancelled = cancelledExport(now, app.now())
    await deleteExportParts(tx, now.id)
    await saveExport(tx, cancelled)
    return cancelled
  })
}

/** The file of a ready export, piece by piece as it is read. */
export async function openExportFile(
  app: Pick<App, 'db'>,
  actor: Staff,
  input: { exportId: ListExportId },
): Promise<{ name: string; bytes: bigint; format: ExportFormat; pieces: AsyncGenerator<Uint8Array> }> {
  const made = await reading(app.db, sellerScope, async (sql) =>
    ownOf(actor, await loadExport(sql, input.exportId)),
  )
  if (made.state !== 'ready')
    throw new Refusal('export/not-ready', 'This export is not ready yet. Its page shows how far it is.')
  const pieces = partsFrom((position) =>
    reading(app.db, sellerScope, (sql) => findExportPart(sql, made.id, position)),
  )
  return { name: exportFileName(made), bytes: made.bytes, format: made.format, pieces }
}

/** Another's export is as if it were not there. */
function ownOf(actor: Staff, made: ListExport): ListExport {
  if (made.userId !== actor.userId)
    throw new Refusal('export/not-found', 'This export does not exist any more.')
  return made
}

export const tidyExports = job<App, object>(
  'tidy-exports',
  async (app) =>
    transaction(app.db, sellerScope, (tx) =>
      deleteExportsBefore(tx, app.now().subtract({ hours: 24 * EXPORT_LIFE_DAYS })),
    ),
  { cron: '17 3 * * *', concurrency: 1, retryLimit: 2 },
)
