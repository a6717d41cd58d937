// A list written into a file by a job, for the person who asked for it.
import { Refusal } from '#kernel/failure.ts'
import { type Id, newId, type UserId } from '#kernel/ids.ts'
import { type Moves, move } from '#kernel/moves.ts'

export type ListExportId = Id<'list export'>
export type ExportFormat = 'csv' | 'xlsx'
export type ExportState = 'waiting' | 'running' | 'ready' | 'failed' | 'cancelled'

export type ListExport = {
  readonly id: ListExportId
  readonly userId: UserId
  readonly list: string
  readonly title: string
  /** The list's address after its question mark. */
  readonly query: string
  readonly format: ExportFormat
  readonly state: ExportState
  /** How many there will be, once they are counted. */
  readonly rowsExpected: number | undefined
  readonly rowsWritten: number
  readonly bytes: bigint
  /** Why it failed, in plain words. */
  readonly problem: string
  readonly createdAt: Temporal.Instant
  readonly endedAt: Temporal.Instant | undefined
}

/** A run that a kill ended begins again from the first row. */
const exportMoves = {
  begin: { from: ['waiting', 'running'], to: 'running' },
  finish: { from: ['running'], to: 'ready' },
  fail: { from: ['waiting', 'running'], to: 'failed' },
  cancel: { from: ['waiting', 'running'], to: 'cancelled' },
} as const satisfies Moves<ExportState, string>

/** So long a file can be downloaded. */
export const EXPORT_LIFE_DAYS = 7
/** Excel's own limit, less the heads. */
export const XLSX_ROWS_MOST = 1_048_575

export function requestExport(
  asked: Pick<ListExport, 'userId' | 'list' | 'title' | 'query' | 'format'>,
  createdAt: Temporal.Instant,
): ListExport {
  return {
    ...asked,
    id: newId<ListExportId>(),
    state: 'waiting',
    rowsExpected: undefined,
    rowsWritten: 0,
    bytes: 0n,
    problem: '',
    createdAt,
    endedAt: undefined,
  }
}

export function begun(given: ListExport, rowsExpected: number): ListExport {
  if (given.format === 'xlsx' && rowsExpected > XLSX_ROWS_MOST)
    throw new Refusal(
      'export/too-many-rows',
      `A sheet holds ${XLSX_ROWS_MOST.toLocaleString('en')} rows, and these are ${rowsExpected.toLocaleString('en')}. Choose CSV or narrow the list.`,
    )
  const state = move(exportMoves, given.state, 'begin')
  return { ...given, state, rowsExpected, rowsWritten: 0, bytes: 0n }
}

export function finished(given: ListExport, endedAt: Temporal.Instant): ListExport {
  return { ...given, state: move(exportMoves, given.state, 'finish'), endedAt }
}

export function failedExport(given: ListExport, problem: string, endedAt: Temporal.Instant): ListExport {
  return { ...given, state: move(exportMoves, given.state, 'fail'), problem, endedAt }
}

export function cancelledExport(given: ListExport, endedAt: Temporal.Instant): ListExport {
  return { ...given, state: move(exportMoves, given.state, 'cancel'), endedAt }
}

export function isEnded({ state }: Pick<ListExport, 'state'>): boolean {
  return state === 'ready' || state === 'failed' || state === 'cancelled'
}

/** `orders-2026-11-25.csv` */
export function exportFileName({ list, format, createdAt }: ListExport): string {
  return `${list}-${createdAt.toZonedDateTimeISO('UTC').toPlainDate()}.${format}`
}
