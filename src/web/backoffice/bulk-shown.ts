// A bulk action as its pages show it.
import { type BulkAction, throughCount } from '#modules/lists'
import { momentDisplay, numberDisplay } from '#web/format.ts'

const stateWords: Readonly<Record<BulkAction['state'], string>> = {
  running: 'running',
  done: 'done',
  stopped: 'stopped',
  cancelled: 'cancelled',
}

export function bulkShown(it: BulkAction) {
  const through = throughCount(it)
  return {
    id: it.id as string,
    title: `${it.label}: ${it.title.toLowerCase()}`,
    list: it.title,
    path: `/${it.list}${it.query ? `?${it.query}` : ''}`,
    state: stateWords[it.state],
    isRunning: it.state === 'running',
    problem: it.problem,
    rows: it.rowCount,
    through,
    counts: [
      ['Rows', numberDisplay(it.rowCount)],
      ['Done', numberDisplay(it.doneCount)],
      ['Skipped', numberDisplay(it.skippedCount)],
      ['Failed', numberDisplay(it.failedCount)],
      ['Not done', numberDisplay(it.rowCount - through)],
    ] as const,
    asked: momentDisplay(it.createdAt),
    ended: it.endedAt ? momentDisplay(it.endedAt) : '',
  }
}
