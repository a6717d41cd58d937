// The name of the account a list is narrowed to.
import { isId } from '#kernel/ids.ts'
import type { Actor } from '#modules/users'
import type { Database, Tx } from '#platform/db.ts'
import type { Party } from '../orders/list-orders.ts'
import { seeing } from './seeing.ts'

export async function findParty(
  db: Database | Tx,
  actor: Actor,
  id: string | undefined,
): Promise<Party | undefined> {
  if (!id || !isId(id)) return undefined
  return seeing(db, actor, (sql) => sql.maybe<Party>`select id, number, name from account where id = ${id}`)
}
