// Products and plans as the API answers them, for both kinds of asker. A buyer sees what is published and has a price in its own
// currency; the seller's people see everything, with costs where they may. A portal's statement does not even name that column.
import { Refusal } from '#kernel/failure.ts'
import type { InstanceId, PlanId, ProductGroupId, ProductId } from '#kernel/ids.ts'
import { type Currency, type Price, price } from '#kernel/money.ts'
import { loadAccount } from '#modules/accounts'
import {
  type FulfilmentType,
  isPlanOrderable,
  isPlanPublished,
  listGroupMembers,
  loadProductGroup,
  type ProductGroup,
  type ProductKind,
} from '#modules/catalogue'
import { type Actor, mayDo, scopeOf } from '#modules/users'
import { type Database, reading, type Sql, type Tx } from '#platform/db.ts'
import { page, readCursor } from '../accounts/search-text.ts'
import { listProducts, type ProductSearch } from './list-products.ts'
import { mayReadProducts } from './reading-products.ts'
import { likePattern } from './shop-products.ts'

export type BrowsedProduct = {
  readonly id: ProductId
  readonly kind: ProductKind
  readonly connector: string
  readonly code: string
  readonly name: string
  readonly summary: string
  readonly description: string
  readonly isPublished: boolean
  readonly isFeatured: boolean
  readonly hasPicture: boolean
  readonly returnWindowDays: number
  readonly position: number
  readonly createdAt: Temporal.Instant
  readonly updatedAt: Temporal.Instant
}

export type BrowsedPrice = {
  readonly unitPrice: Price
  /** Undefined for everybody who may not see costs, and where the cost is not known. */
  readonly unitCost: Price | undefined
}

export type BrowsedPlan = {
  readonly id: PlanId
  readonly productId: ProductId
  readonly instanceId: InstanceId
  readonly kind: ProductKind
  readonly name: string
  readonly sku: string
  readonly vendorName: string
  /** Of ESD licences, as are country and way of delivery. */
  readonly language: string | null
  readonly country: string | null
  readonly fulfilmentType: FulfilmentType | null
  /** Of software, as are term and billing plan; its prices stand in price sheets. */
  readonly segment: string | null
  readonly term: string | null
  readonly billingPlan: string | null
  readonly isReturnable: boolean
  readonly vendorState: 'active' | 'discontinued' | 'unsupported'
  readonly isPublished: boolean
  readonly isWithheld: boolean
  /** Software that may be sold for nothing. */
  readonly allowsZero: boolean
  readonly minQuantity: number
  readonly maxQuantity: number
  readonly prices: readonly BrowsedPrice[]
}

type Search = {
  readonly q?: string | undefined
  readonly published?: boolean | undefined
  readonly kind?: ProductKind | undefined
  readonly productId?: ProductId | undefined
  readonly cursor?: string | undefined
  readonly limit: number
}

type Page<Item> = { readonly items: readonly Item[]; readonly nextCursor: string | undefined }

/** The currency a buyer's prices are in; undefined for the seller's people, who see all. */
async function lookingIn(sql: Sql, actor: Actor): Promise<Currency | undefined> {
  if (actor.kind === 'portal') return (await loadAccount(sql, actor.accountId)).currency
  if (mayReadProducts(actor)) return undefined
  throw new Refusal('right/missing', 'Your role does not allow this. Ask an administrator of your company.')
}

/** What a buyer may see of the joined product and plan. */
function onSale(sql: Sql, currency: Currency | undefined): unknown {
  if (!currency) return sql.part`true`
  return sql.part`${isPlanPublished(sql)} and ${isPlanOrderable(sql)}
    and (plan.product_code is not null
      or exists (select 1 from plan_price where plan_price.plan_id = plan.id and plan_price.currency = ${currency}))`
}

const productColumns = (sql: Sql) => sql.part`
  product.id, product.kind, product.connector, product.code, product.name, product.summary, product.description, product.is_published,
  product.is_featured, product.picture is not null as has_picture, product.return_window_days, product.position,
  product.created_at, product.updated_at`

function visibleProduct(sql: Sql, currency: Currency | undefined): unknown {
  if (!currency) return sql.part`true`
  return sql.part`exists (select 1 from plan where plan.product_id = product.id and ${onSale(sql, currency)})`
}

/** `sku`: a plan is also found by its whole SKU, which holds more than its product's search words. */
function filtered(sql: Sql, { q, kind, published }: Omit<Search, 'limit'>, sku = sql.part`false`): unknown {
  return sql.part`${q?.trim() ? sql.part`(product.search like ${likePattern(q)} or ${sku})` : sql.part`true`}
    and ${kind ? sql.part`product.kind = ${kind}` : sql.part`true`}
    and ${published === undefined ? sql.part`true` : sql.part`product.is_published = ${published}`}`
}

/** Newest first, unless the seller's people ask otherwise. */
export async function browseProducts(
  db: Database | Tx,
  actor: Actor,
  search: ProductSearch & { readonly limit: number },
): Promise<Page<BrowsedProduct>> {
  if (actor.kind === 'staff') return listProducts(db, actor, search)
  const after = readCursor(search.cursor)
  const rows = await reading(db, scopeOf(actor), async (sql) => {
    const currency = await lookingIn(sql, actor)
    return sql.many<BrowsedProduct>`
      select ${productColumns(sql)} from product
      where ${after ? sql.part`product.id < ${after.id}::uuid` : sql.part`true`}
        and ${visibleProduct(sql, currency)} and ${filtered(sql, search)}
      order by product.id desc limit ${search.limit + 1}`
  })
  return page(rows, search.limit, () => '')
}

export async function browseProduct(
  db: Database | Tx,
  actor: Actor,
  ask: { id: ProductId },
): Promise<BrowsedProduct & { readonly plans: readonly BrowsedPlan[] }> {
  return reading(db, scopeOf(actor), async (sql) => {
    const currency = await lookingIn(sql, actor)
    const product = await sql.maybe<BrowsedProduct>`
      select ${productColumns(sql)} from product where product.id = ${ask.id} and ${visibleProduct(sql, currency)}`
    if (!product) throw new Refusal('product/not-found', 'This product does not exist.', { id: ask.id })
    const plans = await listPlans(sql, actor, currency, sql.part`plan.product_id = ${ask.id}`, 200)
    return { ...product, plans }
  })
}

/** Newest first. */
export async function browsePlans(
  db: Database | Tx,
  actor: Actor,
  search: Search,
): Promise<Page<BrowsedPlan>> {
  const after = readCursor(search.cursor)
  const rows = await reading(db, scopeOf(actor), async (sql) => {
    const currency = await lookingIn(sql, actor)
    const wanted = sql.part`${after ? sql.part`plan.id < ${after.id}::uuid` : sql.part`true`}
      and ${search.productId ? sql.part`plan.product_id = ${search.productId}` : sql.part`true`} and ${filtered(sql, search, sql.part`plan.sku = ${search.q?.trim() ?? ''}`)}`
    return listPlans(sql, actor, currency, wanted, search.limit + 1)
  })
  return page(rows, search.limit, () => '')
}

export async function browsePlan(db: Database | Tx, actor: Actor, ask: { id: PlanId }): Promise<BrowsedPlan> {
  return reading(db, scopeOf(actor), async (sql) => {
    const currency = await lookingIn(sql, actor)
    const [plan] = await listPlans(sql, actor, currency, sql.part`plan.id = ${ask.id}`, 1)
    if (!plan) throw new Refusal('plan/not-found', 'This plan does not exist.', { id: ask.id })
    return plan
  })
}

/** A group with the plans the asker may see, in the seller's order. A portal finds published groups. */
export async function browseProductGroup(
  db: Database | Tx,
  actor: Actor,
  ask: { id: ProductGroupId },
): Promise<ProductGroup & { readonly plans: readonly BrowsedPlan[] }> {
  return reading(db, scopeOf(actor), async (sql) => {
    const currency = await lookingIn(sql, actor)
    const group = await loadProductGroup(sql, ask.id)
    const order = await listGroupMembers(sql, ask.id)
    const plans = await listPlans(
      sql,
      actor,
      currency,
      sql.part`plan.id = any (${order}::uuid[])`,
      order.length,
    )
    return { ...group, plans: [...plans].sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id)) }
  })
}

async function listPlans(
  sql: Sql,
  actor: Actor,
  currency: Currency | undefined,
  wanted: unknown,
  most: number,
): Promise<BrowsedPlan[]> {
  const plans = await sql.many<Omit<BrowsedPlan, 'prices'>>`
    select plan.id, plan.product_id, plan.instance_id, product.kind, product.name, plan.sku, plan.vendor_name, plan.language,
      plan.country, plan.fulfilment_type, plan.segment, plan.term, plan.billing_plan, plan.is_returnable, plan.vendor_state,
      ${isPlanPublished(sql)} as is_published, plan.is_withheld, plan.allows_zero, plan.min_quantity, plan.max_quantity
    from plan join product on product.id = plan.product_id
    where ${wanted} and ${onSale(sql, currency)}
    order by plan.id desc limit ${most}`
  const seesCosts = actor.kind !== 'portal' && mayDo(actor, 'see-costs')
  const prices = await sql.many<{
    planId: PlanId
    currency: Currency
    unitPrice: string
    unitCost: string | null
  }>`
    select plan_id, currency, unit_price, ${seesCosts ? sql.part`unit_cost` : sql.part`null::numeric as unit_cost`}
    from plan_price where plan_id = any(${plans.map((plan) => plan.id)}::uuid[])
      and ${currency ? sql.part`currency = ${currency}` : sql.part`true`} order by currency`
  const pricesOf = Map.groupBy(prices, (each) => each.planId)
  return plans.map((plan) => ({
    ...plan,
    prices: (pricesOf.get(plan.id) ?? []).map((each) => ({
      unitPrice: price(each.unitPrice, each.currency),
      unitCost: each.unitCost === null ? undefined : price(each.unitCost, each.currency),
    })),
  }))
}
