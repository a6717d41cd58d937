// An action on every row that matches: asked for at the list, done by a job row by row, found again with what became of each. The rows are
// those that matched at the click. Each is done in one transaction with its outcome, so that it happens once whatever dies in between.
import type { App, RowAction } from '#flows/app.ts'
import { invalid, Outage, Refusal } from '#kernel/failure.ts'
import { recordAudit } from '#modules/audit'
import {
  BULK_LIFE_DAYS,
  BULK_ROWS_MOST,
  type BulkAction,
  type BulkActionId,
  type BulkOutcome,
  cancelBulkAction as cancel,
  counted,
  deleteBulkActionsBefore,
  findWaitingRow,
  finishBulkAction,
  insertBulkAction,
  lockBulkAction,
  requestBulkAction,
  saveBulkAction,
  saveRowOutcome,
  stopBulkAction,
} from '#modules/lists'
import { type Actor, actorOf, assertMay, findBearer, mayDo, type Staff } from '#modules/users'
import { sellerScope, type Tx, transaction } from '#platform/db.ts'
import { enqueue, job } from '#platform/jobs.ts'

export async function startBulkAction(
  app: Pick<App, 'db' | 'now' | 'bulkSource' | 'rowActions'>,
  actor: Staff,
  input: {
    readonly list: string
    readonly query: string
    readonly action: string
    readonly reason?: string | undefined
  },
): Promise<BulkAction> {
  const action = findRowAction(app, input)
  if (!action)
    throw new Refusal(
      'bulk-action/unknown',
      `There is no action “${input.action}” on the list “${input.list}”.`,
    )
  assertMay(actor, action.right)
  const reason = action.asksReason ? reasonIn(input.reason) : ''
  return transaction(app.db, sellerScope, async (tx) => {
    const source = app.bulkSource(tx, actor, input)
    const found = await source.rows(BULK_ROWS_MOST)
    const made = requestBulkAction(
      {
        userId: actor.userId,
        list: action.list,
        title: source.title,
        query: source.query,
        action: action.intent,
        label: action.label,
        reason,
      },
      found,
      app.now(),
    )
    await insertBulkAction(tx, made, found.rows)
    await enqueue(tx, runBulkAction, [{ bulkActionId: made.id }])
    await audit(tx, app, actor, made, 'started')
    return made
  })
}

const MAX_REASON = 500

/** One for all rows; without it none of them could be done. */
function reasonIn(given: string | undefined): string {
  const reason = given?.trim() ?? ''
  if (reason !== '' && reason.length <= MAX_REASON) return reason
  throw invalid({
    pointer: '/reason',
    code: reason === '' ? 'required' : 'too-long',
    message: `Say why in up to ${MAX_REASON} characters: it is kept with every row.`,
  })
}

function findRowAction(
  { rowActions }: Pick<App, 'rowActions'>,
  { list, action }: { readonly list: string; readonly action: string },
): RowAction | undefined {
  return rowActions.find((each) => each.list === list && each.intent === action)
}

/** How many rows match now; one more than the limit where there are more. */
export async function countForBulkAction(
  app: Pick<App, 'db' | 'bulkSource'>,
  actor: Staff,
  input: { readonly list: string; readonly query: string },
): Promise<{ readonly count: number; readonly isMore: boolean }> {
  const count = await app.bulkSource(app.db, actor, input).count(BULK_ROWS_MOST)
  return count > BULK_ROWS_MOST ? { count: BULK_ROWS_MOST, isMore: true } : { count, isMore: false }
}

/** After so long a run leaves the rest to the next one. */
const RUN_MS = 10_000

export const runBulkAction = job<App, { bulkActionId: BulkActionId }>(
  'bulk-action',
  async (app, { bulkActionId: id }, { isLastTry }) => {
    const until = performance.now() + RUN_MS
    try {
      for (;;) {
        const isTime = performance.now() > until
        if (!(await doNext(app, id, isTime)) || isTime) return
      }
    } catch (error) {
      if (!isLastTry) throw error
      await transaction(app.db, sellerScope, async (tx) => {
        const now = await lockBulkAction(tx, id)
        if (now.state !== 'running') return
        const problem = 'Something failed on our side again and again. What was done until then stays.'
        await saveBulkAction(tx, stopBulkAction(now, problem, app.now()))
      })
      throw error
    }
  },
  { expireInSeconds: 60, concurrency: 2 },
)

/** A row that was refused: its transaction is gone, and what is to be said of it is written in another. */
class RowEnded extends Error {
  readonly position: number
  constructor(position: number, cause: unknown) {
    super('a row could not be done', { cause })
    this.position = position
  }
}

/** Does the next row; answers whether there may be more. `isTime`: leaves what comes after it to another run. */
async function doNext(app: App, id: BulkActionId, isTime: boolean): Promise<boolean> {
  try {
    return await transaction(app.db, sellerScope, async (tx) => {
      const now = await lockBulkAction(tx, id)
      if (now.state !== 'running') return false
      const row = await findWaitingRow(tx, id)
      if (!row) {
        const done = finishBulkAction(now, app.now())
        await saveBulkAction(tx, done)
        await audit(tx, app, await whoAsked(tx, now), done, 'done')
        return false
      }
      const action = findRowAction(app, now)
      const actor = await whoAsked(tx, now)
      if (!action || !actor || !mayDo(actor, action.right)) {
        const problem = 'Who asked for it may not do this any more. What was done until then stays.'
        await saveBulkAction(tx, stopBulkAction(now, problem, app.now()))
        return false
      }
      let outcome: BulkOutcome = 'skipped'
      let words: string | undefined
      try {
        words = await action.skips?.(tx, row.key)
        if (words === undefined) {
          await action.run({ ...app, db: tx }, actor, row.key, now.reason)
          outcome = 'done'
          words = action.done
        }
      } catch (error) {
        throw error instanceof Outage ? error : new RowEnded(row.position, error)
      }
      await saveRowOutcome(tx, id, { position: row.position, outcome, words })
      await saveBulkAction(tx, counted(now, outcome))
      if (isTime) await enqueue(tx, runBulkAction, [{ bulkActionId: id }])
      return true
    })
  } catch (error) {
    // Inside a transaction nothing is away but the database: that is for another try.
    if (!(error instanceof RowEnded)) throw error
    return writeDown(app, id, error, isTime)
  }
}

async function writeDown(
  app: App,
  id: BulkActionId,
  { position, cause }: RowEnded,
  isTime: boolean,
): Promise<boolean> {
  const isRefused = cause instanceof Refusal
  if (!isRefused) app.log.error({ err: cause, bulkActionId: id, position }, 'a row of a bulk action failed')
  const outcome = isRefused ? 'skipped' : 'failed'
  const words = isRefused
    ? cause.message
    : 'Something failed on our side; nothing of it was done. Try this row again by itself.'
  return transaction(app.db, sellerScope, async (tx) => {
    const now = await lockBulkAction(tx, id)
    if (now.state !== 'running') return false
    // False where another run of this job has come to it meanwhile.
    if (await saveRowOutcome(tx, id, { position, outcome, words }))
      await saveBulkAction(tx, counted(now, outcome))
    if (isTime) await enqueue(tx, runBulkAction, [{ bulkActionId: id }])
    return true
  })
}

/** Who asked, with their rights as they are now; nobody where they are blocked or gone. */
async function whoAsked(tx: Tx, { userId }: BulkAction): Promise<Staff | undefined> {
  const bearer = await findBearer(tx, userId)
  const actor = bearer && actorOf(bearer.user, bearer.account?.kind ?? null)
  return actor?.kind === 'staff' ? actor : undefined
}

/** Leaves out the rows that are not done yet. */
export async function cancelBulkAction(
  app: Pick<App, 'db' | 'now'>,
  actor: Staff,
  input: { readonly bulkActionId: BulkActionId },
): Promise<BulkAction> {
  return transaction(app.db, sellerScope, async (tx) => {
    const now = await lockBulkAction(tx, input.bulkActionId)
    // Another's is as if it were not there.
    if (now.userId !== actor.userId)
      throw new Refusal('bulk-action/not-found', 'This bulk action does not exist any more.')
    if (now.state !== 'running') return now
    const cancelled = cancel(now, app.now())
    await saveBulkAction(tx, cancelled)
    await audit(tx, app, actor, cancelled, 'cancelled')
    return cancelled
  })
}

async function audit(
  tx: Tx,
  app: Pick<App, 'now'>,
  actor: Actor | undefined,
  { id, list, query, action, reason, rowCount, doneCount, skippedCount, failedCount }: BulkAction,
  what: 'started' | 'done' | 'cancelled',
): Promise<void> {
  await recordAudit(tx, {
    at: app.now(),
    actor: actor ?? { kind: 'system', name: 'bulk action' },
    action: `bulk-action/${what}`,
    subjectType: 'bulk-action',
    subjectId: id,
    after:
      what === 'started'
        ? { list, query, action, rows: rowCount, ...(reason && { reason }) }
        : { list, action, done: doneCount, skipped: skippedCount, failed: failedCount },
  })
}

export const tidyBulkActions = job<App, object>(
  'tidy-bulk-actions',
  async (app) =>
    transaction(app.db, sellerScope, (tx) =>
      deleteBulkActionsBefore(tx, app.now().subtract({ hours: 24 * BULK_LIFE_DAYS })),
    ),
  { cron: '27 3 * * *', concurrency: 1, retryLimit: 2 },
)
