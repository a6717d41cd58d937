// The seller's own people, who sign in to the back office.
import { type Actor, assertMay, listUsers, type User } from '#modules/users'
import { type Database, reading, sellerScope, type Tx } from '#platform/db.ts'

export async function listStaff(db: Database | Tx, actor: Actor): Promise<User[]> {
  assertMay(actor, 'manage-users')
  // Administrators of resellers have this right as well, for their own people.
  if (actor.kind === 'portal') return []
  return reading(db, sellerScope, (sql) => listUsers(sql, undefined))
}
