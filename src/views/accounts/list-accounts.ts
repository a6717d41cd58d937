// All accounts, as the back office lists them: search, kind, sorted by name or number, paged stably under inserts.
import type { AccountId } from '#kernel/ids.ts'
import { type Actor, assertMay, scopeOf } from '#modules/users'
import { type Database, reading, type Sql, type Tx } from '#platform/db.ts'
import { holdsWords, page, pageSize, readCursor, searchWords } from './search-text.ts'

export type AccountRow = {
  readonly id: AccountId
  readonly number: string
  readonly name: string
  readonly kind: 'reseller' | 'customer'
  readonly state: 'active' | 'blocked'
  readonly parentId: AccountId | null
  readonly parentName: string | null
  readonly email: string
  readonly city: string
  readonly country: string
  readonly currency: string
  readonly createdAt: Temporal.Instant
}

export type AccountSearch = {
  readonly q?: string | undefined
  /** `direct`: customers without a reseller. */
  readonly kind?: 'reseller' | 'customer' | 'direct' | undefined
  /** The customers of one reseller. */
  readonly parentId?: AccountId | undefined
  /** With a minus: from the end. */
  readonly sort?: 'name' | '-name' | 'number' | '-number' | undefined
  readonly cursor?: string | undefined
  readonly limit?: number | undefined
}

/** A portal asking sees itself and its customers: row-level security bounds the list. */
export async function listAccounts(
  db: Database | Tx,
  actor: Actor,
  search: AccountSearch = {},
): Promise<{ items: AccountRow[]; nextCursor: string | undefined }> {
  if (actor.kind !== 'portal') assertMay(actor, 'see-accounts')
  const size = pageSize(search.limit)
  const byNumber = search.sort === 'number' || search.sort === '-number'
  const isBackwards = search.sort?.startsWith('-') ?? false
  const after = readCursor(search.cursor)
  const words = searchWords(search.q)
  const rows = await reading(db, scopeOf(actor), (sql) => {
    const beyond = isBackwards ? sql.part`<` : sql.part`>`
    const direction = isBackwards ? sql.part`desc` : sql.part`asc`
    const place = byNumber
      ? sql.part`account.number ${beyond} ${after?.key ?? ''}`
      : sql.part`(lower(account.name), account.id) ${beyond} (${after?.key ?? ''}, ${after?.id ?? ''}::uuid)`
    const order = byNumber
      ? sql.part`account.number ${direction}`
      : sql.part`lower(account.name) ${direction}, account.id ${direction}`
    return sql.many<AccountRow & { sortName: string }>`
      select account.id, account.number, account.name, account.kind, account.state, account.parent_id, parent.name as parent_name,
        account.email, account.city, account.country, account.currency, account.created_at, lower(account.name) as sort_name
      from account left join account parent on parent.id = account.parent_id
      where ${ofKind(sql, search.kind)}
        and ${holdsWords(sql, words)}
        and ${search.parentId ? sql.part`account.parent_id = ${search.parentId}` : sql.part`true`}
        and ${after ? place : sql.part`true`}
      order by ${order} limit ${size + 1}`
  })
  const { items, nextCursor } = page(rows, size, (row) => (byNumber ? row.number : row.sortName))
  return { items: items.map(({ sortName: _, ...row }) => row), nextCursor }
}

function ofKind(sql: Sql, kind: AccountSearch['kind']): unknown {
  if (kind === 'customer') return sql.part`account.kind = 'customer'`
  // Both are accounts without a parent, which the index by parent and name finds.
  if (kind === 'reseller') return sql.part`account.parent_id is null and account.kind = 'reseller'`
  if (kind === 'direct') return sql.part`account.parent_id is null and account.kind = 'customer'`
  return sql.part`true`
}
