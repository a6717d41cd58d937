// What one person had written into files.
import { Refusal } from '#kernel/failure.ts'
import { type ListExport, type ListExportId, listExports, loadExport } from '#modules/lists'
import type { Staff } from '#modules/users'
import { type Database, reading, sellerScope, type Tx } from '#platform/db.ts'
import { idCursor } from '../accounts/search-text.ts'

/** Newest first. */
export async function viewExports(
  db: Database | Tx,
  actor: Staff,
  { cursor, limit = 50 }: { readonly cursor?: string | undefined; readonly limit?: number } = {},
): Promise<{ readonly items: readonly ListExport[]; readonly nextCursor: string | undefined }> {
  const before = idCursor(cursor) as ListExportId | undefined
  const rows = await reading(db, sellerScope, (sql) =>
    listExports(sql, actor.userId, { before, limit: limit + 1 }),
  )
  const items = rows.slice(0, limit)
  return { items, nextCursor: rows.length > limit ? items.at(-1)?.id : undefined }
}

/** Another's is as if it were not there. */
export async function viewExport(
  db: Database | Tx,
  actor: Staff,
  ask: { readonly id: ListExportId },
): Promise<ListExport> {
  const found = await reading(db, sellerScope, (sql) => loadExport(sql, ask.id))
  if (found.userId !== actor.userId)
    throw new Refusal('export/not-found', 'This export does not exist any more.')
  return found
}
