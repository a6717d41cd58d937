// The companies and products a search means. They are found first and named to the list's own statement, which then looks rows up
// by an index; where words fit so many that naming them would cost more, the rows themselves are walked in the order of the list
// and each is asked: what fits many is met soon. Words too short for an index find a company of exactly that name only.
import type { Scope, Sql } from '#platform/db.ts'
import { canSearchInside, holdsWords } from '../accounts/search-text.ts'
import type { FoundRecords, Searched } from './list.ts'

const FEW = 999

const NONE: FoundRecords = { kind: 'few', ids: [] }

export async function findAccounts(sql: Sql, scope: Scope, { text, words }: Searched): Promise<FoundRecords> {
  sql.planFor('values')
  // Under a portal's row-level security the trigram index is closed; the function of 0009 bounds the rows itself.
  const rows =
    scope.role === 'portal'
      ? await sql.many<{ id: string }>`
          select id from customers_matching(${words}, null, null, ${FEW + 1})
          union select id from account where account.id = scope_account() and ${holdsWords(sql, words)}`
      : canSearchInside(words)
        ? await sql.many<{ id: string }>`
          select id from account where ${holdsWords(sql, words)} limit ${FEW + 1}`
        : await sql.many<{ id: string }>`
          select id from account where lower(account.name) = ${text.toLowerCase()} limit ${FEW}`
  return foundOf(rows, words)
}

export async function findProducts(sql: Sql, { words }: Searched): Promise<FoundRecords> {
  if (!canSearchInside(words)) return NONE
  const holds = words.reduce(
    (all: unknown, word) => sql.part`${all} and product.search like ${`%${word}%`}`,
    sql.part`true`,
  )
  sql.planFor('values')
  const rows = await sql.many<{ id: string }>`select id from product where ${holds} limit ${FEW + 1}`
  return foundOf(rows, words)
}

function foundOf(rows: readonly { id: string }[], words: readonly string[]): FoundRecords {
  return rows.length > FEW ? { kind: 'many', words } : { kind: 'few', ids: rows.map(({ id }) => id) }
}

/** That the company in `column` is one of the found. */
export function isOneOf(sql: Sql, column: unknown, found: FoundRecords): unknown {
  return isFound(
    sql,
    column,
    found,
    sql.part`(select account.search from account where account.id = ${column})`,
  )
}

/** That the product in `column` is one of the found. */
export function isProduct(sql: Sql, column: unknown, found: FoundRecords): unknown {
  return isFound(
    sql,
    column,
    found,
    sql.part`(select product.search from product where product.id = ${column})`,
  )
}

/** `text` is a subquery of one value, asked row by row: anything else could be turned into reading all companies first. */
function isFound(sql: Sql, column: unknown, found: FoundRecords, text: unknown): unknown {
  if (found.kind === 'few')
    return found.ids.length === 0 ? sql.part`false` : sql.part`${column} = any (${found.ids}::uuid[])`
  const all = found.words.reduce(
    (before: unknown, word) => sql.part`${before} and ${text} like ${`%${word}%`}`,
    sql.part`true`,
  )
  return sql.part`(${all})`
}
