// A product group as a buyer sees it: the seller's words and picture, and those of its plans that can be bought, in the seller's order.
import { Refusal } from '#kernel/failure.ts'
import { isId, type ProductGroupId } from '#kernel/ids.ts'
import type { Currency } from '#kernel/money.ts'
import { findGroupPicture } from '#modules/catalogue'
import { type Actor, scopeOf } from '#modules/users'
import { type Database, reading, type Tx } from '#platform/db.ts'
import { listShopPlans, type ShopPlan, wordsIn, wordsOf } from './shop-product.ts'

export type GroupedPlan = ShopPlan & {
  readonly kind: 'esd' | 'subscription' | 'perpetual'
  /** The seller's words for its product. */
  readonly productName: string
  readonly returnWindowDays: number
}

export type ShopGroup = {
  readonly id: ProductGroupId
  readonly name: string
  readonly summary: string
  readonly description: string
  readonly hasPicture: boolean
  readonly changedAt: Temporal.Instant
  readonly plans: readonly GroupedPlan[]
}

type ProductRow = Pick<GroupedPlan, 'productId' | 'kind' | 'productName' | 'returnWindowDays'>

export async function shopGroup(
  db: Database | Tx,
  actor: Actor,
  ask: { readonly id: ProductGroupId; readonly currency: Currency; readonly language?: string | undefined },
): Promise<ShopGroup> {
  const missing = new Refusal('product-group/not-found', 'This product group does not exist.', { id: ask.id })
  if (!isId(ask.id)) throw missing
  return reading(db, scopeOf(actor), async (sql) => {
    const group = await sql.maybe<Omit<ShopGroup, 'plans'>>`
      select product_group.id, ${wordsIn(sql, 'product_group')}, picture is not null as has_picture, product_group.updated_at as changed_at
      from product_group ${wordsOf(sql, ask.language, 'product_group')} where product_group.id = ${ask.id} and is_published`
    if (!group) throw missing
    const members = sql.part`product_group_member member where member.group_id = ${ask.id}`
    const plans = await listShopPlans(
      sql,
      ask.currency,
      sql.part`plan.id in (select member.plan_id from ${members})`,
      sql.part`(select member.position from ${members} and member.plan_id = plan.id)`,
    )
    const products = await sql.many<ProductRow>`
      select product.id as product_id, product.kind, product.return_window_days, coalesce(words.name, product.name) as product_name
      from product ${wordsOf(sql, ask.language)}
      where product.id = any (${[...new Set(plans.map(({ productId }) => productId))]}::uuid[])`
    const productOf = new Map(products.map((product) => [product.productId, product]))
    return {
      ...group,
      plans: plans.flatMap((plan) => {
        const product = productOf.get(plan.productId)
        return product ? [{ ...plan, ...product }] : []
      }),
    }
  })
}

/** The picture of a group a buyer may see. */
export async function groupPicture(
  db: Database | Tx,
  actor: Actor,
  ask: { readonly id: ProductGroupId },
): Promise<{ bytes: Uint8Array; type: string; updatedAt: Temporal.Instant } | undefined> {
  if (!isId(ask.id)) return undefined
  return reading(db, scopeOf(actor), (sql) => findGroupPicture(sql, ask.id))
}
