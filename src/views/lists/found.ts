// The companies and products a search means. They are found first and named to the list's own statement, which then looks rows up
// by an index; where words fit so many that naming them would cost more, the rows themselves are walked in the order of the list
// and each is asked: what fits many is met soon. Words too short for an index find a company of exactly that name only.
import type { Scope, Sql } from '#platform/db.ts'
import { canSearchInside, holdsWords } from '../accounts/search-text.ts'
import type { FoundRecords, Searched } from './list.ts'

const FEW = 999

/** Of companies found by their people, all that a list gathers: walked, they would be met late, because nothing of their own holds the words. */
const FEW_BY_PEOPLE = 12_000

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

/** Companies by who signs in for them, by their contacts and by where their keys go: for the seller, because people are not everybody's to see. */
export async function findPeople(sql: Sql, scope: Scope, { words }: Searched): Promise<FoundRecords> {
  if (scope.role === 'portal' || !canSearchInside(words)) return NONE
  sql.planFor('values')
  const rows = await sql.many<{ id: string }>`
    select account_id as id from (
      (select account_id from app_user
        where account_id is not null and ${holdAll(sql, sql.part`app_user.search`, words)} limit ${FEW_BY_PEOPLE + 1})
      union
      (select account_id from account_contact
        where ${holdAll(sql, sql.part`account_contact.search`, words)} limit ${FEW_BY_PEOPLE + 1})
      union
      (select account_id from sync_options
        where ${holdAll(sql, sql.part`sync_options.key_email`, words)} limit ${FEW_BY_PEOPLE + 1})
    ) found limit ${FEW_BY_PEOPLE + 1}`
  return foundOf(rows, words, FEW_BY_PEOPLE)
}

const holdAll = (sql: Sql, column: unknown, words: readonly string[]) =>
  words.reduce((all: unknown, word) => sql.part`${all} and ${column} like ${`%${word}%`}`, sql.part`true`)

/** That one of the found people, or a key-delivery address, is of the company in `column`. */
export function isOfPeople(sql: Sql, column: unknown, found: FoundRecords): unknown {
  if (found.kind === 'few') return isOneOf(sql, column, found)
  const { words } = found
  // A number, so that it stays asked row by row.
  return sql.part`(
    (select count(*) from app_user where app_user.account_id = ${column} and ${holdAll(sql, sql.part`app_user.search`, words)})
    + (select count(*) from account_contact where account_contact.account_id = ${column} and ${holdAll(sql, sql.part`account_contact.search`, words)})
    + (select count(*) from sync_options where sync_options.account_id = ${column} and ${holdAll(sql, sql.part`sync_options.key_email`, words)})
  ) > 0`
}

function foundOf(rows: readonly { id: string }[], words: readonly string[], few = FEW): FoundRecords {
  return rows.length > few ? { kind: 'many', words } : { kind: 'few', ids: rows.map(({ id }) => id) }
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
