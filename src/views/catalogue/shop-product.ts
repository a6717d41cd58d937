// One product as a buyer sees it, with the plans that can be bought: ESD licences in the buyer's currency, software whatever it costs,
// because that depends on who will use it.
import { Refusal } from '#kernel/failure.ts'
import { type InstanceId, isId, type PlanId, type ProductId } from '#kernel/ids.ts'
import { type Currency, type Price, price } from '#kernel/money.ts'
import { findPicture, isPlanOrderable } from '#modules/catalogue'
import { type Actor, scopeOf } from '#modules/users'
import { type Database, reading, type Sql, type Tx } from '#platform/db.ts'

export type ShopPlan = {
  readonly id: PlanId
  readonly productId: ProductId
  readonly instanceId: InstanceId
  readonly sku: string
  /** What the vendor calls it: tells the editions of a product apart. */
  readonly vendorName: string
  /** Empty for software, which belongs to no country and no language. */
  readonly language: string
  readonly country: string
  readonly hasActivationLink: boolean
  readonly isReturnable: boolean
  readonly minQuantity: number
  readonly maxQuantity: number
  /** Undefined for software. */
  readonly unitPrice: Price | undefined
}

export type ShopProductPage = {
  readonly id: ProductId
  readonly kind: 'esd' | 'subscription' | 'perpetual'
  readonly connector: string
  readonly name: string
  readonly summary: string
  readonly description: string
  readonly hasPicture: boolean
  readonly changedAt: Temporal.Instant
  readonly returnWindowDays: number
  /** Empty when nothing of it can be bought in this currency. */
  readonly plans: readonly ShopPlan[]
}

type Worded = 'product' | 'product_group'
const own = {
  product: (sql: Sql) => sql.part`product`,
  product_group: (sql: Sql) => sql.part`product_group`,
} as const
const inOtherLanguages = {
  product: (sql: Sql) => sql.part`product_text text where text.product_id = product.id`,
  product_group: (sql: Sql) => sql.part`product_group_text text where text.group_id = product_group.id`,
} as const

/**
 * The words of a product or a group for a reader: those of its language and country, of its language, or the shop's own; a field left empty
 * falls back as well. To be joined to the table with `wordsOf`.
 */
export function wordsIn(sql: Sql, of: Worded = 'product') {
  const table = own[of](sql)
  return sql.part`
    coalesce(words.name, ${table}.name) as name, coalesce(nullif(words.summary, ''), ${table}.summary) as summary,
    coalesce(nullif(words.description, ''), ${table}.description) as description`
}

export const wordsOf = (sql: Sql, language = '', of: Worded = 'product') => sql.part`
  left join lateral (
    select text.name, text.summary, text.description from ${inOtherLanguages[of](sql)}
      and text.language in (${language}, split_part(${language}, '-', 1))
    order by text.language = ${language} desc limit 1
  ) words on true`

type PlanRow = Omit<ShopPlan, 'unitPrice'> & { unitPrice: string | null }

/** Plans a buyer can order, of those the condition on `plan` keeps; licences have a price in its currency. */
export async function listShopPlans(
  sql: Sql,
  currency: Currency,
  holds: unknown,
  order = sql.part`plan.country, plan.language, plan.sku, plan.id`,
): Promise<ShopPlan[]> {
  const plans = await sql.many<PlanRow>`
    select plan.id, plan.product_id, plan.instance_id, plan.sku, plan.vendor_name, coalesce(plan.language, '') as language,
      coalesce(plan.country, '') as country, coalesce(plan.fulfilment_type = 'TokenAndLink', false) as has_activation_link,
      plan.is_returnable, plan.min_quantity, plan.max_quantity, plan_price.unit_price
    from plan left join plan_price on plan_price.plan_id = plan.id and plan_price.currency = ${currency}
    where ${holds} and ${isPlanOrderable(sql)} and (plan.product_code is not null or plan_price.unit_price is not null)
    order by ${order}`
  return plans.map((plan) => ({
    ...plan,
    unitPrice: plan.unitPrice === null ? undefined : price(plan.unitPrice, currency),
  }))
}

function notFound(id: string): Refusal {
  return new Refusal('product/not-found', 'This product does not exist.', { id })
}

export async function shopProduct(
  db: Database | Tx,
  actor: Actor,
  ask: { id: ProductId; currency: Currency; language?: string | undefined },
): Promise<ShopProductPage> {
  if (!isId(ask.id)) throw notFound(ask.id)
  return reading(db, scopeOf(actor), async (sql) => {
    const product = await sql.maybe<Omit<ShopProductPage, 'plans'>>`
      select product.id, product.kind, product.connector, ${wordsIn(sql)}, picture is not null as has_picture, product.updated_at as changed_at,
        return_window_days
      from product ${wordsOf(sql, ask.language)} where id = ${ask.id} and is_published`
    if (!product) throw notFound(ask.id)
    return {
      ...product,
      plans: await listShopPlans(sql, ask.currency, sql.part`plan.product_id = ${ask.id}`),
    }
  })
}

/** The picture of a product a buyer may see. */
export async function productPicture(
  db: Database | Tx,
  actor: Actor,
  ask: { id: ProductId },
): Promise<{ bytes: Uint8Array; type: string; updatedAt: Temporal.Instant } | undefined> {
  if (!isId(ask.id)) return undefined
  return reading(db, scopeOf(actor), (sql) => findPicture(sql, ask.id))
}
