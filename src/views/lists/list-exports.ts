// What one person had written into files, newest first.
import { type ListExport, listExports } from '#modules/lists'
import type { Staff } from '#modules/users'
import { type Database, reading, sellerScope, type Tx } from '#platform/db.ts'

export function viewExports(db: Database | Tx, actor: Staff): Promise<ListExport[]> {
  return reading(db, sellerScope, (sql) => listExports(sql, actor.userId, 50))
}
