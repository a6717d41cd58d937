// The name of the account a list is narrowed to.
import { isId } from '#kernel/ids.ts'
import { type Actor, assertMay, scopeOf } from '#modules/users'
import { type Database, reading, type Tx } from '#platform/db.ts'
import type { Party } from '../orders/list-orders.ts'

export async function findParty(
  db: Database | Tx,
  actor: Actor,
  id: string | undefined,
): Promise<Party | undefined> {
  if (!id || !isId(id)) return undefined
  if (actor.kind !== 'portal') assertMay(actor, 'see-accounts')
  return reading(
    db,
    scopeOf(actor),
    (sql) => sql.maybe<Party>`select id, number, name from account where id = ${id}`,
  )
}
