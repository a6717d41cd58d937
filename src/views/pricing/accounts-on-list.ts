// Which accounts were given a price list.
import type { AccountId } from '#kernel/ids.ts'
import { type Actor, assertMay } from '#modules/users'
import { type Database, reading, sellerScope, type Tx } from '#platform/db.ts'

export type AccountOnList = {
  readonly id: AccountId
  readonly number: string
  readonly name: string
  readonly kind: string
}

/** By name, the first of them. */
export async function listAccountsOnList(
  db: Database | Tx,
  actor: Actor,
  ask: { readonly priceListId: string; readonly limit: number },
): Promise<AccountOnList[]> {
  assertMay(actor, 'manage-prices')
  return reading(
    db,
    sellerScope,
    (sql) => sql.many<AccountOnList>`
      select id, number, name, kind from account where price_list_id = ${ask.priceListId} order by lower(name), id limit ${ask.limit}`,
  )
}
