// The companies a search means. They are found first and named to the list's own statement, which then looks rows up by an index;
// where words fit so many companies that naming them would cost more, the rows themselves are walked in the order of the list and
// each is asked: what fits many is met soon.
import type { Scope, Sql } from '#platform/db.ts'
import { holdsWords } from '../accounts/search-text.ts'
import type { FoundAccounts, Searched } from './list.ts'

const FEW = 999

export async function findAccounts(sql: Sql, scope: Scope, { words }: Searched): Promise<FoundAccounts> {
  // Under a portal's row-level security the trigram index is closed; the function of 0009 bounds the rows itself.
  const rows =
    scope.role === 'portal'
      ? await sql.many<{ id: string }>`
          select id from customers_matching(${words}, null, null, ${FEW + 1})
          union select id from account where account.id = scope_account() and ${holdsWords(sql, words)}`
      : await sql.many<{ id: string }>`
          select id from account where ${holdsWords(sql, words)} limit ${FEW + 1}`
  return rows.length > FEW ? { kind: 'many', words } : { kind: 'few', ids: rows.map(({ id }) => id) }
}

/** That the company in `column` is one of the found. */
export function isOneOf(sql: Sql, column: unknown, found: FoundAccounts): unknown {
  if (found.kind === 'few')
    return found.ids.length === 0 ? sql.part`false` : sql.part`${column} = any (${found.ids}::uuid[])`
  // A subquery of one value is asked row by row; anything else could be turned into reading all companies first.
  const text = sql.part`(select account.search from account where account.id = ${column})`
  const all = found.words.reduce(
    (before: unknown, word) => sql.part`${before} and ${text} like ${`%${word}%`}`,
    sql.part`true`,
  )
  return sql.part`(${all})`
}
