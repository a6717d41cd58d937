// What the lists of price rules have in common: whether a rule holds today, which ones a page shows, and the names of what they are about.
import { dayOf } from '#kernel/time.ts'
import { loadLegalEntity } from '#modules/invoicing'
import { type PriceScope, scopeId, type Validity } from '#modules/pricing'
import type { Sql } from '#platform/db.ts'
import { page, pageSize, readCursor, searchWords } from '../accounts/search-text.ts'

export const ruleStates = ['planned', 'in force', 'ended'] as const
export type RuleState = (typeof ruleStates)[number]

export type RuleSearch = {
  /** Words of the name. */
  readonly q?: string | undefined
  readonly state?: RuleState | undefined
  readonly cursor?: string | undefined
  readonly limit?: number | undefined
}

export type Page<Item> = { readonly items: readonly Item[]; readonly nextCursor: string | undefined }

/** The day it is where the seller is. */
export async function sellersDay(sql: Sql, at: Temporal.Instant): Promise<Temporal.PlainDate> {
  return dayOf(at, (await loadLegalEntity(sql)).timeZone)
}

export function stateOn({ validFrom, validTo }: Validity, day: Temporal.PlainDate): RuleState {
  if (Temporal.PlainDate.compare(validFrom, day) > 0) return 'planned'
  return validTo && Temporal.PlainDate.compare(validTo, day) < 0 ? 'ended' : 'in force'
}

/** A condition on `valid_from` and `valid_to`. */
export function inState(sql: Sql, state: RuleState | undefined, day: Temporal.PlainDate): unknown {
  switch (state) {
    case 'planned':
      return sql.part`valid_from > ${day}`
    case 'in force':
      return sql.part`valid_from <= ${day} and (valid_to is null or valid_to >= ${day})`
    case 'ended':
      return sql.part`valid_to < ${day}`
    case undefined:
      return sql.part`true`
  }
}

const tables = {
  'price list': (sql: Sql) => sql.part`price_list`,
  'volume discount': (sql: Sql) => sql.part`volume_discount`,
  promotion: (sql: Sql) => sql.part`promotion`,
} as const

/** A page of those that have names, in the order of them. */
export async function pageOfNamed(
  sql: Sql,
  noun: keyof typeof tables,
  ask: RuleSearch,
  today: Temporal.PlainDate,
): Promise<Page<string>> {
  const size = pageSize(ask.limit)
  const after = readCursor(ask.cursor)
  const rows = await sql.many<{ id: string; key: string }>`
    select id, lower(name) as key from ${tables[noun](sql)}
    where ${inState(sql, ask.state, today)} and lower(name) like all (${searchWords(ask.q).map((word) => `%${word}%`)}::text[])
      and ${after ? sql.part`(lower(name), id) > (${after.key}, ${after.id}::uuid)` : sql.part`true`}
    order by lower(name), id limit ${size + 1}`
  const { items, nextCursor } = page(rows, size, ({ key }) => key)
  return { items: items.map(({ id }) => id), nextCursor }
}

export type ShownScope = {
  readonly kind: PriceScope['kind']
  readonly id: string | undefined
  /** "Everything", or the name of the product or group. */
  readonly name: string
  /** Of a plan. */
  readonly sku: string | undefined
}

/** Says what rules are about in one statement. */
export async function shownScopes(
  sql: Sql,
  scopes: readonly PriceScope[],
): Promise<(scope: PriceScope) => ShownScope> {
  const ids = scopes.flatMap((scope) => scopeId(scope) ?? [])
  const rows =
    ids.length === 0
      ? []
      : await sql.many<{ kind: PriceScope['kind']; id: string; name: string; sku: string | null }>`
        select 'plan' as kind, plan.id, product.name, plan.sku from plan join product on product.id = plan.product_id where plan.id = any (${ids}::uuid[])
        union all
        select 'product', id, name, null from product where id = any (${ids}::uuid[])
        union all
        select 'group', id, name, null from product_group where id = any (${ids}::uuid[])`
  const found = new Map(rows.map((row) => [`${row.kind} ${row.id}`, row]))
  return (scope) => {
    const id = scopeId(scope)
    const row = found.get(`${scope.kind} ${id}`)
    const name = scope.kind === 'all' ? 'Everything' : (row?.name ?? 'No longer there')
    return { kind: scope.kind, id, name, sku: row?.sku ?? undefined }
  }
}

/** In the order of the ids. */
export function inOrder<Row extends { readonly id: string }>(
  ids: readonly string[],
  rows: readonly Row[],
): Row[] {
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}
