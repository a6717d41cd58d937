// Products for the back office: all of them, newest first, with what still keeps one from being sold.
import type { ProductId } from '#kernel/ids.ts'
import { isId } from '#kernel/ids.ts'
import { type Actor, assertMay } from '#modules/users'
import { type Database, reading, sellerScope, type Tx } from '#platform/db.ts'
import { likePattern } from './shop-products.ts'

export type ProductFilter = 'all' | 'published' | 'new' | 'discontinued' | 'unpriced'

export type ListedProduct = {
  readonly id: ProductId
  readonly connector: string
  readonly code: string
  readonly name: string
  readonly isPublished: boolean
  readonly isFeatured: boolean
  readonly position: number
  readonly hasPicture: boolean
  readonly planCount: number
  readonly activePlanCount: number
  /** Currencies in which at least one active plan has a price. */
  readonly currencies: readonly string[]
  readonly isDiscontinued: boolean
  readonly createdAt: Temporal.Instant
}

/** `new`: never published, still sold by the vendor; `discontinued`: no plan is sold by the vendor any more. */
export async function listProducts(
  db: Database | Tx,
  actor: Actor,
  ask: {
    search?: string | undefined
    filter?: ProductFilter
    cursor?: string | undefined
    limit?: number
  } = {},
): Promise<{ items: readonly ListedProduct[]; nextCursor: string | undefined }> {
  assertMay(actor, 'manage-catalogue')
  const limit = Math.min(Math.max(ask.limit ?? 50, 1), 200)
  return reading(db, sellerScope, async (sql) => {
    const filters: Readonly<Record<ProductFilter, unknown>> = {
      all: sql.part``,
      published: sql.part`and product.is_published`,
      new: sql.part`and not product.is_published and plans.active_plan_count > 0`,
      discontinued: sql.part`and plans.active_plan_count = 0`,
      unpriced: sql.part`and plans.active_plan_count > 0 and cardinality(plans.currencies) = 0`,
    }
    const rows = await sql.many<ListedProduct>`
      select product.id, product.connector, product.code, product.name, product.is_published, product.is_featured, product.position,
        product.picture is not null as has_picture, plans.plan_count, plans.active_plan_count, plans.currencies,
        plans.active_plan_count = 0 as is_discontinued, product.created_at
      from product
      join lateral (
        select count(distinct plan.id)::int as plan_count,
          (count(distinct plan.id) filter (where plan.vendor_state = 'active'))::int as active_plan_count,
          coalesce(array_agg(distinct plan_price.currency::text order by plan_price.currency::text)
            filter (where plan_price.currency is not null and plan.vendor_state = 'active'), '{}') as currencies
        from plan left join plan_price on plan_price.plan_id = plan.id where plan.product_id = product.id
      ) plans on true
      where true
        ${ask.search?.trim() ? sql.part`and product.search like ${likePattern(ask.search)}` : sql.part``}
        ${filters[ask.filter ?? 'all']}
        ${ask.cursor && isId(ask.cursor) ? sql.part`and product.id < ${ask.cursor}::uuid` : sql.part``}
      order by product.id desc limit ${limit + 1}`
    const items = rows.slice(0, limit)
    return { items, nextCursor: rows.length > limit ? items.at(-1)?.id : undefined }
  })
}
