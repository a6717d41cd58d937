// The shop window: published products with at least one plan that can be bought: an ESD licence in the buyer's currency, software
// whatever it costs, because that depends on who will use it (flows/ordering/indicative-prices.ts says what). Costs are out of reach
// here: the portal's reading role has no right to that column.

import type { PlanId, ProductId } from '#kernel/ids.ts'
import { type Currency, type Price, price } from '#kernel/money.ts'
import { type Actor, scopeOf } from '#modules/users'
import { type Database, reading, type Sql } from '#platform/db.ts'
import { wordsOf } from './shop-product.ts'

export type ShopProduct = {
  readonly id: ProductId
  readonly kind: 'esd' | 'subscription' | 'perpetual'
  readonly name: string
  /** The seller's words; where there are none, the first of its description. */
  readonly summary: string
  readonly hasPicture: boolean
  /** For the picture's address, so that browsers may keep it. */
  readonly changedAt: Temporal.Instant
  readonly isFeatured: boolean
  /** The lowest price among its plans; undefined for software. */
  readonly from: Price | undefined
  /** Its plans do not all cost the same. */
  readonly hasSeveralPrices: boolean
  /** Of software: the plans a card tells the lowest price of, those for companies where there are any. */
  readonly planIds: readonly PlanId[]
}

export type ShopProducts = { readonly items: readonly ShopProduct[]; readonly nextCursor: string | undefined }

type Row = Omit<ShopProduct, 'from' | 'planIds'> & {
  fromPrice: string | null
  planIds: PlanId[] | null
  position: number
  sortName: string
}

/** A place in the list: position, name and id of the last product seen. */
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

export async function shopProducts(
  db: Database | Sql,
  actor: Actor,
  ask: {
    currency: Currency
    /** The reader's; words in it are shown where the seller wrote some. */
    language?: string | undefined
    search?: string | undefined
    featuredOnly?: boolean
    cursor?: string | undefined
    limit?: number
  },
): Promise<ShopProducts> {
  const limit = Math.min(Math.max(ask.limit ?? 24, 1), 100)
  const after = readCursor(ask.cursor)
  return reading(db, scopeOf(actor), async (sql) => {
    const rows = await sql.many<Row>`
      select product.id, product.kind, coalesce(words.name, product.name) as name,
        coalesce(nullif(words.summary, ''), nullif(product.summary, ''), left(coalesce(nullif(words.description, ''), product.description), 200))
          as summary,
        product.picture is not null as has_picture,
        product.updated_at as changed_at, product.is_featured, product.position, lower(product.name) as sort_name,
        offer.from_price, coalesce(offer.has_several_prices, cardinality(software.plan_ids) > 1) as has_several_prices, software.plan_ids
      from product ${wordsOf(sql, ask.language)}
      left join lateral (
        select min(plan_price.unit_price)::text as from_price,
          min(plan_price.unit_price) < max(plan_price.unit_price) as has_several_prices
        from plan
        join connector_instance on connector_instance.id = plan.instance_id and connector_instance.state = 'active'
        join plan_price on plan_price.plan_id = plan.id and plan_price.currency = ${ask.currency}
        where plan.product_id = product.id and plan.vendor_state = 'active' and not plan.is_withheld
      ) offer on product.kind = 'esd'
      left join lateral (
        select coalesce(array_agg(plan.id) filter (where split_part(plan.sku, ':', 3) = 'commercial'), array_agg(plan.id)) as plan_ids
        from plan
        join connector_instance on connector_instance.id = plan.instance_id and connector_instance.state = 'active'
        where plan.product_id = product.id and plan.vendor_state = 'active' and not plan.is_withheld
      ) software on product.kind <> 'esd'
      where product.is_published and (offer.from_price is not null or software.plan_ids is not null)
        ${ask.search?.trim() ? sql.part`and (product.search like ${likePattern(ask.search)} or lower(words.name || ' ' || words.summary) like ${likePattern(ask.search)})` : sql.part``}
        ${ask.featuredOnly ? sql.part`and product.is_featured` : sql.part``}
        ${after ? sql.part`and (product.position, lower(product.name), product.id) > (${after[0]}::int, ${after[1]}::text, ${after[2]}::uuid)` : sql.part``}
      order by product.position, lower(product.name), product.id
      limit ${limit + 1}`
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
