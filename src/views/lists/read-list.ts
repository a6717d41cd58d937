// Reads one page of any list. The place to go on from is the row itself, by the keys it is sorted by: rows that arrive in between
// move nothing, and no page has to count the pages before it.
import { isId } from '#kernel/ids.ts'
import { type Actor, assertMay, scopeOf } from '#modules/users'
import { type Database, reading, type Scope, type Sql, sellerScope, type Tx } from '#platform/db.ts'
import { badCursor, canSearchInside, searchWords } from '../accounts/search-text.ts'
import type { Ask, Asked } from './ask.ts'
import { findAccounts, findPeople, findProducts } from './found.ts'
import type { AnyList, Choice, Found, KeyType, ListDefinition, Searched, Sort } from './list.ts'

export type ListPage<Item> = {
  readonly items: Item[]
  readonly next: string | undefined
  readonly previous: string | undefined
}

export async function readList<Item extends { readonly id: string }>(
  db: Database | Sql,
  actor: Actor,
  list: ListDefinition<Item>,
  ask: Ask,
): Promise<ListPage<Item>> {
  if (!(list.isOpenToPortals && actor.kind === 'portal')) assertMay(actor, list.right)
  const scope = scopeOf(actor)
  const from = ask.cursor ? placeOf(ask.cursor, ask.sort) : undefined
  return reading(db, scope, async (sql) => {
    const search = await searchOf(sql, scope, list, ask.q)
    const finding = {
      list,
      sortName: ask.sort,
      where: () => conditionsOf(sql, list, ask, search),
      from,
      most: ask.limit + 1,
    }
    // What may be rare is gathered first, whole, and sorted; only where it turns out to be much, the list is walked in its order.
    const gathered = mayBeRare(list, ask, search) && (await gather(sql, finding))
    const found = Array.isArray(gathered)
      ? gathered
      : await walk(sql, finding, gathered || search ? 'many' : 'values')
    const isMore = found.length > ask.limit
    const places = isMore ? found.slice(0, ask.limit) : found
    if (from?.way === 'before') places.reverse()
    const [first, last] = [places[0], places.at(-1)]
    const goesOn = from?.way === 'before' || isMore
    const goesBack = from?.way === 'before' ? isMore : from !== undefined
    return {
      items: (await readInOrder(sql, list, places)).map((item) => list.readableBy?.(actor, item) ?? item),
      next: goesOn && last ? cursorOf('after', ask.sort, last) : undefined,
      previous: goesBack && first ? cursorOf('before', ask.sort, first) : undefined,
    }
  })
}

/** What is said of a search whose words are too short to be looked for inside names; undefined where nothing has to be said. */
export function hintOf(list: AnyList, ask: Pick<Ask, 'q'>): string | undefined {
  const words = searchWords(ask.q)
  if (words.length === 0 || list.searchesShort === undefined || canSearchInside(words)) return undefined
  return `Type at least 3 characters to search inside names and addresses. Shorter words find ${list.searchesShort}.`
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

/** The same, but not further than `most` and one more: a page can wait for that. */
export async function countUpTo(
  db: Database | Tx,
  actor: Actor,
  list: AnyList,
  ask: Ask,
  most: number,
): Promise<number> {
  if (!(list.isOpenToPortals && actor.kind === 'portal')) assertMay(actor, list.right)
  const scope = scopeOf(actor)
  return reading(db, scope, async (sql) => {
    const where = conditionsOf(sql, list, ask, await searchOf(sql, scope, list, ask.q))
    sql.planFor('values')
    const { count } = await sql.one<{ count: number }>`
      select count(*)::int from (select 1 from ${list.table(sql)} where ${where} limit ${most + 1}) matching`
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
    people: list.looksUp?.includes('people') ? await findPeople(sql, scope, searched) : none,
  }
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
    return filter.isNamedByCode || isId(asked.value)
      ? sql.part`(${filter.where(sql, asked.value)})`
      : sql.part`false`
  if (filter?.kind === 'choice' && asked.kind === 'choice')
    return sql.part`(${filter.where(sql, asked.value)})`
  return sql.part`true`
}

type Finding = {
  readonly list: AnyList
  readonly sortName: string
  /** Made anew for each statement: a part belongs to one. */
  readonly where: () => unknown
  readonly from: Place | undefined
  readonly most: number
}

/** So many rows are gathered and sorted; more than these are met soon by walking. */
const GATHERED_MOST = 12_000

function mayBeRare(list: AnyList, ask: Ask, search: Search | undefined): boolean {
  if (list.isFew) return true
  if (search) return Object.values(search.found).every(({ kind }) => kind === 'few')
  return Object.entries(ask.filters).some(([name, asked]) => {
    if (asked.kind !== 'choice') return true
    const filter = list.filters[name]
    return filter?.kind === 'choice' && filter.isRare?.(asked.value)
  })
}

/**
 * PostgreSQL takes words and days to be spread evenly and hopes to meet the first page soon by walking an index in order; where
 * nothing matches it walks to the end. So the rows are gathered without an order.
 */
async function gather(sql: Sql, { list, sortName, where, from, most }: Finding): Promise<Row[] | 'too many'> {
  const sort = sortOf(list, sortName)
  const keys = sort.keys(sql)
  if (from && from.keys.length !== keys.length) throw badCursor()
  const names = () => [sql.part`k0`, sql.part`k1`, sql.part`k2`].slice(0, keys.length)
  const own = () => commas(sql, [...names(), sql.part`id`])
  const named = keys.map(([, key], at) => sql.part`${key} as ${names()[at]}`)
  sql.planFor('few')
  const asking = sql.many<{ id: string | null; keys: string[]; gathered: number }>`
    with gathered as materialized (
      select ${commas(sql, [sql.part`${list.id(sql)} as id`, ...named])}
      from ${list.table(sql)} ${sort.join?.(sql) ?? sql.part``} where ${where()} limit ${GATHERED_MOST + 1}
    )
    select page.id, page.keys, whole.gathered from (select count(*)::int as gathered from gathered) whole
    left join lateral (
      select id, array[${commas(
        sql,
        names().map((name) => sql.part`(${name})::text`),
      )}]::text[] as keys,
        row_number() over (order by ${ordered(sql, [...names(), sql.part`id`], isDescending(sortName, from))}) as place
      from gathered where ${beyond(
        sql,
        own(),
        keys.map(([type]) => type),
        sortName,
        from,
      )}
      order by place limit ${most}
    ) page on true order by page.place`
  const rows = await (from ? asking.catch(refuseForged) : asking)
  if ((rows[0]?.gathered ?? 0) > GATHERED_MOST) return 'too many'
  return rows.flatMap(({ id, keys: texts }) => (id === null ? [] : [{ id, keys: texts }]))
}

/** In the order of the list, until the page is full. */
async function walk(
  sql: Sql,
  { list, sortName, where, from, most }: Finding,
  planning: 'many' | 'values',
): Promise<Row[]> {
  const sort = sortOf(list, sortName)
  const keys = sort.keys(sql)
  if (from && from.keys.length !== keys.length) throw badCursor()
  const columns = () => [...sort.keys(sql).map(([, key]) => key), list.id(sql)]
  const texts = keys.map(([, key]) => sql.part`(${key})::text`)
  sql.planFor(planning)
  const asking = sql.many<Row>`
    select ${list.id(sql)} as id, array[${commas(sql, texts)}]::text[] as keys
    from ${list.table(sql)} ${sort.join?.(sql) ?? sql.part``}
    where ${where()} and ${beyond(
      sql,
      commas(sql, columns()),
      keys.map(([type]) => type),
      sortName,
      from,
    )}
    order by ${ordered(sql, columns(), isDescending(sortName, from))} limit ${most}`
  return from ? asking.catch(refuseForged) : asking
}

const sortOf = (list: AnyList, name: string) => list.sorts[name.replace(/^-/, '')] as Sort

/** A page before a place is read backwards. */
function isDescending(sortName: string, from: Place | undefined): boolean {
  return sortName.startsWith('-') !== (from?.way === 'before')
}

function ordered(sql: Sql, columns: readonly unknown[], descending: boolean): unknown {
  return commas(
    sql,
    columns.map((column) => (descending ? sql.part`${column} desc` : sql.part`${column} asc`)),
  )
}

/** Behind the place to go on from. */
function beyond(
  sql: Sql,
  columns: unknown,
  types: readonly KeyType[],
  sortName: string,
  from: Place | undefined,
): unknown {
  if (!from) return sql.part`true`
  const there = commas(sql, [
    ...types.map((type, at) => typed(sql, type, from.keys[at])),
    sql.part`${from.id}::uuid`,
  ])
  return isDescending(sortName, from)
    ? sql.part`(${columns}) < (${there})`
    : sql.part`(${columns}) > (${there})`
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
  sql.planFor('keys')
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

/** What the panel of filters offers of records, by filter. */
export async function offersOf(
  db: Database | Tx,
  list: AnyList,
): Promise<Readonly<Record<string, readonly Choice[]>>> {
  const offering = Object.entries(list.filters).flatMap(([name, filter]) =>
    filter.kind === 'record' && filter.offers ? [[name, filter.offers] as const] : [],
  )
  if (offering.length === 0) return {}
  return reading(db, sellerScope, async (sql) => {
    const found: [string, readonly Choice[]][] = []
    for (const [name, offers] of offering) found.push([name, await offers(sql)])
    return Object.fromEntries(found)
  })
}
