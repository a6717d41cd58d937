// With whose eyes what belongs to an account is read.
import { type Actor, assertMay, scopeOf } from '#modules/users'
import { type Database, reading, type Sql, type Tx } from '#platform/db.ts'

/** The seller's people need the right to see accounts; a portal sees its own and that of its customers by row-level security. */
export async function seeing<Result>(
  db: Database | Tx,
  actor: Actor,
  work: (sql: Sql) => Promise<Result>,
): Promise<Result> {
  if (actor.kind !== 'portal') assertMay(actor, 'see-accounts')
  return reading(db, scopeOf(actor), work)
}
