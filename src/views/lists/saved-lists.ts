// What one person saved of one list, or of all.
import { listSavedLists, type SavedList } from '#modules/lists'
import type { Staff } from '#modules/users'
import { type Database, reading, sellerScope, type Tx } from '#platform/db.ts'

export function viewSavedLists(
  db: Database | Tx,
  actor: Staff,
  ask: { list: string | undefined },
): Promise<SavedList[]> {
  return reading(db, sellerScope, (sql) => listSavedLists(sql, actor.userId, ask.list))
}
