// A reseller's customers, by search: what the drop-down of the checkout and the customers page ask. One statement, and quick
// at 100,000 customers (migrations/0009). The seller's people ask the same for a reseller they name.
import { Refusal } from '#kernel/failure.ts'
import type { AccountId } from '#kernel/ids.ts'
import { type Actor, assertMay, scopeOf } from '#modules/users'
import { type Database, reading, type Sql, type Tx } from '#platform/db.ts'
import { holdsWords, page, pageSize, readCursor, searchWords } from './search-text.ts'

export type CustomerRow = {
  readonly id: AccountId
  readonly number: string
  readonly name: string
  readonly city: string
  readonly country: string
  readonly email: string
}

export type CustomerSearch = {
  readonly q?: string | undefined
  readonly cursor?: string | undefined
  readonly limit?: number | undefined
  /** Whose customers; for the seller's people only, a portal always sees its own. */
  readonly resellerId?: AccountId | undefined
}

export async function searchCustomers(
  db: Database | Tx,
  actor: Actor,
  search: CustomerSearch = {},
): Promise<{ items: CustomerRow[]; nextCursor: string | undefined }> {
  const size = pageSize(search.limit)
  const ask = { words: searchWords(search.q), after: readCursor(search.cursor), most: size + 1 }
  const rows = await reading(db, scopeOf(actor), (sql) => {
    if (actor.kind === 'portal') return ownCustomers(sql, ask)
    assertMay(actor, 'see-accounts')
    if (!search.resellerId) throw new Refusal('account/reseller-missing', 'Say whose customers are wanted.')
    return customersOf(sql, search.resellerId, ask)
  })
  const { items, nextCursor } = page(rows, size, (row) => row.sortName)
  return { items: items.map(({ sortName: _, ...row }) => row), nextCursor }
}

type Ask = { words: string[]; after: { key: string; id: string } | undefined; most: number }
type Row = CustomerRow & { readonly sortName: string }

function ownCustomers(sql: Sql, { words, after, most }: Ask): Promise<Row[]> {
  return sql.many<Row>`
    select id, number, name, city, country, email, lower(name) as sort_name
    from customers_matching(${words}::text[], ${after?.key ?? null}::text, ${after?.id ?? null}::uuid, ${most}::int)`
}

function customersOf(sql: Sql, resellerId: AccountId, { words, after, most }: Ask): Promise<Row[]> {
  return sql.many<Row>`
    select id, number, name, city, country, email, lower(name) as sort_name from account
    where parent_id = ${resellerId} and state <> 'merged'
      and ${holdsWords(sql, words)}
      and ${after ? sql.part`(lower(name), id) > (${after.key}, ${after.id}::uuid)` : sql.part`true`}
    order by lower(name), id limit ${most}`
}
