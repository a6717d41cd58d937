// An action on every row a list was narrowed to, done by a job for the person who asked for it.
import { Refusal } from '#kernel/failure.ts'
import { type Id, newId, type UserId } from '#kernel/ids.ts'
import { type Moves, move } from '#kernel/moves.ts'

export type BulkActionId = Id<'bulk action'>
/** `stopped`: by us, with a reason; `cancelled`: by who asked. What was done until then stays. */
export type BulkActionState = 'running' | 'done' | 'stopped' | 'cancelled'
/** `skipped`: the rules say no, or there was nothing to do; `failed`: something went wrong on our side. */
export type BulkOutcome = 'done' | 'skipped' | 'failed'

export type BulkAction = {
  readonly id: BulkActionId
  readonly userId: UserId
  readonly list: string
  readonly title: string
  /** The list's address after its question mark, as it was when this was asked for. */
  readonly query: string
  readonly action: string
  readonly label: string
  /** For an action that asks why; empty for the others. */
  readonly reason: string
  readonly state: BulkActionState
  readonly rowCount: number
  readonly doneCount: number
  readonly skippedCount: number
  readonly failedCount: number
  /** Why it was stopped, in plain words. */
  readonly problem: string
  readonly createdAt: Temporal.Instant
  readonly endedAt: Temporal.Instant | undefined
}

export type BulkRow = {
  readonly position: number
  readonly key: string
  readonly name: string
  /** Where its record is; empty where it has no page. */
  readonly path: string
  /** Undefined: not done yet. */
  readonly outcome: BulkOutcome | undefined
  /** What became of it, in plain words. */
  readonly words: string
}

/** Which rows: the whole list as it is asked for. Implemented among the views, which know the lists; handed to the flow by main. */
export type BulkSource = {
  readonly title: string
  /** The address as it is understood, without columns and pages. */
  readonly query: string
  /** Of one moment, in the order of the list; at most so many. */
  readonly rows: (most: number) => Promise<{
    readonly rows: readonly Pick<BulkRow, 'key' | 'name' | 'path'>[]
    readonly isMore: boolean
  }>
  /** So many, but not counted further than `most` and one more. */
  readonly count: (most: number) => Promise<number>
}

/** One action is about no more rows. */
export const BULK_ROWS_MOST = 10_000
/** So long a report can be read. */
export const BULK_LIFE_DAYS = 90

const bulkMoves = {
  finish: { from: ['running'], to: 'done' },
  stop: { from: ['running'], to: 'stopped' },
  cancel: { from: ['running'], to: 'cancelled' },
} as const satisfies Moves<BulkActionState, string>

export function requestBulkAction(
  asked: Pick<BulkAction, 'userId' | 'list' | 'title' | 'query' | 'action' | 'label' | 'reason'>,
  { rows, isMore }: { readonly rows: readonly unknown[]; readonly isMore: boolean },
  createdAt: Temporal.Instant,
): BulkAction {
  if (rows.length === 0)
    throw new Refusal('bulk-action/no-rows', 'Nothing matches any more: there is no row to do this to.')
  if (isMore)
    throw new Refusal(
      'bulk-action/too-many-rows',
      `More than ${BULK_ROWS_MOST.toLocaleString('en')} rows match. Narrow the list by a filter or a search, and do it in parts.`,
    )
  return {
    ...asked,
    id: newId<BulkActionId>(),
    state: 'running',
    rowCount: rows.length,
    doneCount: 0,
    skippedCount: 0,
    failedCount: 0,
    problem: '',
    createdAt,
    endedAt: undefined,
  }
}

/** One row more is through. */
export function counted(given: BulkAction, outcome: BulkOutcome): BulkAction {
  return {
    ...given,
    doneCount: given.doneCount + (outcome === 'done' ? 1 : 0),
    skippedCount: given.skippedCount + (outcome === 'skipped' ? 1 : 0),
    failedCount: given.failedCount + (outcome === 'failed' ? 1 : 0),
  }
}

export function finishBulkAction(given: BulkAction, endedAt: Temporal.Instant): BulkAction {
  return { ...given, state: move(bulkMoves, given.state, 'finish'), endedAt }
}

export function stopBulkAction(given: BulkAction, problem: string, endedAt: Temporal.Instant): BulkAction {
  return { ...given, state: move(bulkMoves, given.state, 'stop'), problem, endedAt }
}

export function cancelBulkAction(given: BulkAction, endedAt: Temporal.Instant): BulkAction {
  return { ...given, state: move(bulkMoves, given.state, 'cancel'), endedAt }
}

/** How many rows it has been through. */
export function throughCount({
  doneCount,
  skippedCount,
  failedCount,
}: Pick<BulkAction, 'doneCount' | 'skippedCount' | 'failedCount'>): number {
  return doneCount + skippedCount + failedCount
}
