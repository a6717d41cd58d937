// What one person saved of one list.
import { listSavedLists, type SavedList } from '#modules/lists'
import type { Staff } from '#modules/users'
import { type Database, reading, sellerScope, type Tx } from '#platform/db.ts'

export function viewSavedLists(db: Database | Tx, actor: Staff, ask: { list: string }): Promise<SavedList[]> {
  return reading(db, sellerScope, (sql) => listSavedLists(sql, actor.userId, ask.list))
}
