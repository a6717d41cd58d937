// Reads one page of any list. The place to go on from is the row itself, by the keys it is sorted by: rows that arrive in between
// move nothing, and no page has to count the pages before it.
import { isId } from '#kernel/ids.ts'
import { type Actor, assertMay, scopeOf } from '#modules/users'
import { type Database, reading, type Scope, type Sql, type Tx } from '#platform/db.ts'
import { badCursor, searchWords } from '../accounts/search-text.ts'
import type { Ask, Asked } from './ask.ts'
import { findAccounts, findProducts } from './found.ts'
import type { AnyList, Found, KeyType, ListDefinition, Searched, Sort } from './list.ts'

export type ListPage<Item> = {
  readonly items: Item[]
  readonly next: string | undefined
  readonly previous: string | undefined
}

export async function readList<Item extends { readonly id: string }>(
  db: Database | Tx,
  actor: Actor,
  list: ListDefinition<Item>,
  ask: Ask,
): Promise<ListPage<Item>> {
  if (!(list.isOpenToPortals && actor.kind === 'portal')) assertMay(actor, list.right)
  const scope = scopeOf(actor)
  const from = ask.cursor ? placeOf(ask.cursor, ask.sort) : undefined
  return reading(db, scope, async (sql) => {
    const where = conditionsOf(sql, list, ask, await searchOf(sql, scope, list, ask.q))
    const found = await findPlaces(sql, list, ask.sort, where, from, ask.limit + 1)
    const isMore = found.length > ask.limit
    const places = isMore ? found.slice(0, ask.limit) : found
    if (from?.way === 'before') places.reverse()
    const [first, last] = [places[0], places.at(-1)]
    const goesOn = from?.way === 'before' || isMore
    const goesBack = from?.way === 'before' ? isMore : from !== undefined
    return {
      items: await readInOrder(sql, list, places),
      next: goesOn && last ? cursorOf('after', ask.sort, last) : undefined,
      previous: goesBack && first ? cursorOf('before', ask.sort, first) : undefined,
    }
  })
}

/** Every row that is asked for, some at a time, each once and in the order of the list: what exports walk. */
export async function* walkList<Item extends { readonly id: string }>(
  db: Database | Tx,
  actor: Actor,
  list: ListDefinition<Item>,
  ask: Ask,
): AsyncGenerator<Item[]> {
  let cursor: string | undefined
  do {
    const page: ListPage<Item> = await readList(db, actor, list, { ...ask, cursor })
    if (page.items.length > 0) yield page.items
    cursor = page.next
  } while (cursor)
}

/** How many rows are asked for; at a distributor's size this takes seconds, so only exports count. */
export async function countList(db: Database | Tx, actor: Actor, list: AnyList, ask: Ask): Promise<number> {
  if (!(list.isOpenToPortals && actor.kind === 'portal')) assertMay(actor, list.right)
  const scope = scopeOf(actor)
  return reading(db, scope, async (sql) => {
    const where = conditionsOf(sql, list, ask, await searchOf(sql, scope, list, ask.q))
    const { count } = await sql.one<{
      count: number
    }>`select count(*)::int from ${list.table(sql)} where ${where}`
    return count
  })
}

type Row = { readonly id: string; readonly keys: readonly string[] }
type Place = Row & { readonly way: 'after' | 'before' }

/** What a search means: its words, and the companies they name. A part of a statement cannot be awaited, so this comes first. */
type Search = { readonly searched: Searched; readonly found: Found }

async function searchOf(
  sql: Sql,
  scope: Scope,
  list: AnyList,
  q: string | undefined,
): Promise<Search | undefined> {
  const words = searchWords(q)
  if (!q || words.length === 0) return undefined
  const searched: Searched = { text: q.trim().slice(0, 100), words }
  const none = { kind: 'few', ids: [] } as const
  const found: Found = {
    accounts: list.looksUp?.includes('accounts') ? await findAccounts(sql, scope, searched) : none,
    products: list.looksUp?.includes('products') ? await findProducts(sql, searched) : none,
  }
  // Planned for these very words: what is right for three companies is wrong for a thousand.
  await sql.plain('set local plan_cache_mode = force_custom_plan', [])
  return { searched, found }
}

function conditionsOf(sql: Sql, list: AnyList, ask: Ask, search: Search | undefined): unknown {
  const all = [
    ...(list.always ? [list.always(sql)] : []),
    ...Object.entries(ask.filters).map(([name, asked]) => filterOf(sql, list, name, asked)),
    ...(search ? [sql.part`(${list.search(sql, search.searched, search.found)})`] : []),
  ]
  return all.reduce((before, each) => sql.part`${before} and ${each}`, sql.part`true`)
}

function filterOf(sql: Sql, list: AnyList, name: string, asked: Asked): unknown {
  const filter = list.filters[name]
  if (filter?.kind === 'days' && asked.kind === 'days')
    return sql.part`(${filter.where(sql, asked.from, asked.to)})`
  if (filter?.kind === 'record' && asked.kind === 'record')
    return isId(asked.value) ? sql.part`(${filter.where(sql, asked.value)})` : sql.part`false`
  if (filter?.kind === 'choice' && asked.kind === 'choice')
    return sql.part`(${filter.where(sql, asked.value)})`
  return sql.part`true`
}

async function findPlaces(
  sql: Sql,
  list: AnyList,
  sortName: string,
  where: unknown,
  from: Place | undefined,
  most: number,
): Promise<Row[]> {
  const sort = list.sorts[sortName.replace(/^-/, '')] as Sort
  const keys = sort.keys(sql)
  const id = list.id(sql)
  if (from && from.keys.length !== keys.length) throw badCursor()
  const isDescending = sortName.startsWith('-') !== (from?.way === 'before')
  const order = [...keys.map(([, key]) => key), id].map((key) =>
    isDescending ? sql.part`${key} desc` : sql.part`${key} asc`,
  )
  const own = commas(sql, [...keys.map(([, key]) => key), id])
  const there =
    from &&
    commas(sql, [...keys.map(([type], at) => typed(sql, type, from.keys[at])), sql.part`${from.id}::uuid`])
  const beyond = !there
    ? sql.part`true`
    : isDescending
      ? sql.part`(${own}) < (${there})`
      : sql.part`(${own}) > (${there})`
  const texts = keys.map(([, key]) => sql.part`(${key})::text`)
  const asking = sql.many<Row>`
    select ${id} as id, array[${texts.length > 0 ? commas(sql, texts) : sql.part``}]::text[] as keys
    from ${list.table(sql)} ${sort.join?.(sql) ?? sql.part``}
    where ${where} and ${beyond}
    order by ${commas(sql, order)} limit ${most}`
  return from ? asking.catch(refuseForged) : asking
}

/** A key of a cursor that is no value of its type: somebody made it up. */
function refuseForged(error: unknown): never {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  throw /^22/.test(code) ? badCursor() : error
}

async function readInOrder<Item extends { readonly id: string }>(
  sql: Sql,
  list: ListDefinition<Item>,
  places: readonly Row[],
): Promise<Item[]> {
  if (places.length === 0) return []
  const rows = await list.read(
    sql,
    places.map(({ id }) => id),
    places.map(({ keys }) => keys),
  )
  const byId = new Map(rows.map((row) => [row.id, row]))
  return places.flatMap(({ id }) => byId.get(id) ?? [])
}

function commas(sql: Sql, parts: readonly unknown[]): unknown {
  return parts.reduce((before, each) => sql.part`${before}, ${each}`)
}

function typed(sql: Sql, type: KeyType, value: string | undefined): unknown {
  switch (type) {
    case 'text':
      return sql.part`${value ?? ''}::text`
    case 'timestamptz':
      return sql.part`${value ?? ''}::text::timestamptz`
    case 'date':
      return sql.part`${value ?? ''}::text::date`
    case 'bigint':
      return sql.part`${value ?? ''}::text::bigint`
    case 'int':
      return sql.part`${value ?? ''}::text::int`
  }
}

/** Opaque to everybody else: the way, the sort it belongs to, and the row it stands at. */
function cursorOf(way: Place['way'], sort: string, { id, keys }: Row): string {
  return Buffer.from(JSON.stringify([way, sort, id, ...keys])).toString('base64url')
}

function placeOf(cursor: string, wantedSort: string): Place {
  try {
    const [way, sort, id, ...keys] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[]
    if (
      (way === 'after' || way === 'before') &&
      sort === wantedSort &&
      typeof id === 'string' &&
      isId(id) &&
      keys.every((key) => typeof key === 'string')
    )
      return { way, id, keys }
  } catch {
    // Not one of ours: refused below.
  }
  throw badCursor()
}
