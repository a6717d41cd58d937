// What one person had done to whole lists: how far it is, and what became of each row.
import { Refusal } from '#kernel/failure.ts'
import { isId } from '#kernel/ids.ts'
import {
  type BulkAction,
  type BulkActionId,
  type BulkOutcome,
  type BulkRow,
  type BulkRowShow,
  exportFile,
  listBulkActions,
  listBulkRows,
  loadBulkAction,
} from '#modules/lists'
import type { Staff } from '#modules/users'
import { type Database, reading, type Sql, sellerScope, type Tx } from '#platform/db.ts'
import { badCursor, idCursor } from '../accounts/search-text.ts'

type Page<Item> = { readonly items: readonly Item[]; readonly nextCursor: string | undefined }

/** Newest first; one's own. */
export async function browseBulkActions(
  db: Database | Tx,
  actor: Staff,
  ask: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<Page<BulkAction>> {
  const before = idCursor(ask.cursor) as BulkActionId | undefined
  const rows = await reading(db, sellerScope, (sql) =>
    listBulkActions(sql, actor.userId, { before, limit: ask.limit + 1 }),
  )
  const items = rows.slice(0, ask.limit)
  return { items, nextCursor: rows.length > ask.limit ? items.at(-1)?.id : undefined }
}

export function viewBulkAction(
  db: Database | Tx,
  actor: Staff,
  ask: { readonly id: BulkActionId },
): Promise<BulkAction> {
  return reading(db, sellerScope, (sql) => own(sql, actor, ask.id))
}

/** Another's is as if it were not there. */
async function own(sql: Sql, actor: Staff, id: BulkActionId): Promise<BulkAction> {
  const found = isId(id) ? await loadBulkAction(sql, id) : undefined
  if (found?.userId !== actor.userId)
    throw new Refusal('bulk-action/not-found', 'This bulk action does not exist any more.')
  return found
}

/** Its rows in their order. */
export async function browseBulkRows(
  db: Database | Tx,
  actor: Staff,
  ask: {
    readonly id: BulkActionId
    readonly show: BulkRowShow
    readonly cursor?: string | undefined
    readonly limit: number
  },
): Promise<Page<BulkRow>> {
  if (ask.cursor !== undefined && !/^\d{1,8}$/.test(ask.cursor)) throw badCursor()
  const after = Number(ask.cursor ?? 0)
  const rows = await reading(db, sellerScope, async (sql) => {
    await own(sql, actor, ask.id)
    return listBulkRows(sql, ask.id, { show: ask.show, after, limit: ask.limit + 1 })
  })
  const items = rows.slice(0, ask.limit)
  return { items, nextCursor: rows.length > ask.limit ? String(items.at(-1)?.position) : undefined }
}

export const outcomeWords: Readonly<Record<BulkOutcome | 'waiting', string>> = {
  done: 'done',
  skipped: 'skipped',
  failed: 'failed',
  waiting: 'not done',
}

/** All rows with what became of each, as CSV. */
export async function bulkReportFile(
  db: Database | Tx,
  actor: Staff,
  ask: { readonly id: BulkActionId },
): Promise<{ readonly name: string; readonly format: 'csv'; readonly pieces: AsyncIterable<Uint8Array> }> {
  const { list, action, createdAt } = await viewBulkAction(db, actor, ask)
  async function* rows() {
    for (let after = 0; ; ) {
      const some = await reading(db, sellerScope, (sql) =>
        listBulkRows(sql, ask.id, { show: 'all', after, limit: 1000 }),
      )
      if (some.length === 0) return
      after = some.at(-1)?.position ?? after
      yield some.map(({ name, key, outcome, words }) => [
        name,
        outcomeWords[outcome ?? 'waiting'],
        words,
        key,
      ])
    }
  }
  return {
    name: `${list}-${action}-${createdAt.toZonedDateTimeISO('UTC').toPlainDate()}.csv`,
    format: 'csv',
    pieces: exportFile('csv', 'Report', ['Row', 'Outcome', 'Why', 'Id'], rows()),
  }
}
