// The shop window: published products and product groups with at least one plan that can be bought: an ESD licence in the buyer's currency,
// software whatever it costs, because that depends on who will use it (flows/ordering/indicative-prices.ts says what). Costs are out of
// reach here: the portal's reading role has no right to that column.
import type { PlanId } from '#kernel/ids.ts'
import { type Currency, type Price, price } from '#kernel/money.ts'
import { isPlanOrderable } from '#modules/catalogue'
import { type Actor, scopeOf } from '#modules/users'
import { type Database, reading, type Sql } from '#platform/db.ts'
import { wordsOf } from './shop-product.ts'

export type ShopProduct = {
  /** Of a product, or of a product group. */
  readonly id: string
  readonly kind: 'esd' | 'subscription' | 'perpetual' | 'group'
  readonly name: string
  /** The seller's words; where there are none, the first of its description. */
  readonly summary: string
  readonly hasPicture: boolean
  /** For the picture's address, so that browsers may keep it. */
  readonly changedAt: Temporal.Instant
  readonly isFeatured: boolean
  /** The lowest price among the plans of an ESD product. */
  readonly from: Price | undefined
  /** Its plans do not all cost the same. */
  readonly hasSeveralPrices: boolean
  /** Of software and groups: the plans a card tells the lowest price of, those for companies where there are any. */
  readonly planIds: readonly PlanId[]
}

export type ShopProducts = { readonly items: readonly ShopProduct[]; readonly nextCursor: string | undefined }

type Row = Omit<ShopProduct, 'from' | 'planIds'> & {
  fromPrice: string | null
  planIds: PlanId[] | null
  position: number
  sortName: string
}

/** A place in the list: position, name and id of the last card seen. */
function readCursor(cursor: string | undefined): [number, string, string] | undefined {
  if (!cursor) return undefined
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (!Array.isArray(parts)) return undefined
    const [position, name, id] = parts as unknown[]
    const isWhole =
      Number.isInteger(position) &&
      typeof name === 'string' &&
      typeof id === 'string' &&
      /^[0-9a-f-]{36}$/.test(id)
    return isWhole ? [position as number, name as string, id as string] : undefined
  } catch {
    return undefined // not one of ours: the list begins again
  }
}

/** `%` and `_` of a search are what people typed, not patterns. */
export function likePattern(search: string): string {
  return `%${search
    .trim()
    .toLowerCase()
    .slice(0, 100)
    .replace(/[\\%_]/g, '\\$&')}%`
}

type Ask = {
  currency: Currency
  /** The reader's; words in it are shown where the seller wrote some. */
  language?: string | undefined
  search?: string | undefined
  featuredOnly?: boolean
  cursor?: string | undefined
  limit?: number
}

export async function shopProducts(db: Database | Sql, actor: Actor, ask: Ask): Promise<ShopProducts> {
  const limit = Math.min(Math.max(ask.limit ?? 24, 1), 100)
  const after = readCursor(ask.cursor)
  return reading(db, scopeOf(actor), async (sql) => {
    const rows = await sql.many<Row>`
      select * from (${products(sql, ask, after, limit)} union all ${groups(sql, ask, after, limit)}) shown
      order by position, sort_name, id limit ${limit + 1}`
    const shown = rows.slice(0, limit)
    const last = rows.length > limit ? shown.at(-1) : undefined
    return {
      items: shown.map(({ fromPrice, planIds, position: _position, sortName: _sortName, ...row }) => ({
        ...row,
        from: fromPrice === null ? undefined : price(fromPrice, ask.currency),
        planIds: planIds ?? [],
      })),
      nextCursor:
        last && Buffer.from(JSON.stringify([last.position, last.sortName, last.id])).toString('base64url'),
    }
  })
}

type Place = ReturnType<typeof readCursor>

/** The cards of one kind in the order of the window, no more than a page needs. */
function page(sql: Sql, after: Place, limit: number, table: unknown): unknown {
  return sql.part`
    ${after ? sql.part`and (${table}.position, lower(${table}.name), ${table}.id) > (${after[0]}::int, ${after[1]}::text, ${after[2]}::uuid)` : sql.part``}
    order by ${table}.position, lower(${table}.name), ${table}.id limit ${limit + 1}`
}

function found(sql: Sql, { search, featuredOnly }: Ask, table: unknown): unknown {
  return sql.part`
    ${search?.trim() ? sql.part`and (${table}.search like ${likePattern(search)} or lower(words.name || ' ' || words.summary) like ${likePattern(search)})` : sql.part``}
    ${featuredOnly ? sql.part`and ${table}.is_featured` : sql.part``}`
}

function shown(sql: Sql, table: unknown): unknown {
  return sql.part`
    coalesce(words.name, ${table}.name) as name,
    coalesce(nullif(words.summary, ''), nullif(${table}.summary, ''), left(coalesce(nullif(words.description, ''), ${table}.description), 200))
      as summary,
    ${table}.picture is not null as has_picture, ${table}.updated_at as changed_at, ${table}.is_featured, ${table}.position,
    lower(${table}.name) as sort_name`
}

function products(sql: Sql, ask: Ask, after: Place, limit: number): unknown {
  const table = sql.part`product`
  return sql.part`(
    select product.id, product.kind, ${shown(sql, table)}, offer.from_price,
      coalesce(offer.has_several_prices, cardinality(software.plan_ids) > 1) as has_several_prices, software.plan_ids
    from product ${wordsOf(sql, ask.language)}
    left join lateral (
      select min(plan_price.unit_price)::text as from_price, min(plan_price.unit_price) < max(plan_price.unit_price) as has_several_prices
      from plan join plan_price on plan_price.plan_id = plan.id and plan_price.currency = ${ask.currency}
      where plan.product_id = product.id and ${isPlanOrderable(sql)}
    ) offer on product.kind = 'esd'
    left join lateral (
      select coalesce(array_agg(plan.id) filter (where split_part(plan.sku, ':', 3) = 'commercial'), array_agg(plan.id)) as plan_ids
      from plan where plan.product_id = product.id and ${isPlanOrderable(sql)}
    ) software on product.kind <> 'esd'
    where product.is_published and (offer.from_price is not null or software.plan_ids is not null)
      ${found(sql, ask, table)} ${page(sql, after, limit, table)})`
}

function groups(sql: Sql, ask: Ask, after: Place, limit: number): unknown {
  const table = sql.part`product_group`
  return sql.part`(
    select product_group.id, 'group' as kind, ${shown(sql, table)}, null as from_price, cardinality(offer.plan_ids) > 1, offer.plan_ids
    from product_group ${wordsOf(sql, ask.language, 'product_group')}
    join lateral (
      select coalesce(array_agg(plan.id order by member.position) filter (where plan.segment is null or plan.segment = 'commercial'),
        array_agg(plan.id order by member.position)) as plan_ids
      from product_group_member member join plan on plan.id = member.plan_id
      left join plan_price on plan_price.plan_id = plan.id and plan_price.currency = ${ask.currency}
      where member.group_id = product_group.id and ${isPlanOrderable(sql)}
        and (plan.product_code is not null or plan_price.unit_price is not null)
    ) offer on offer.plan_ids is not null
    where product_group.is_published ${found(sql, ask, table)} ${page(sql, after, limit, table)})`
}
