// One product for the back office: wording, plans, prices with cost and margin.
import { Refusal } from '#kernel/failure.ts'
import { type InstanceId, isId, type PlanId, type ProductGroupId, type ProductId } from '#kernel/ids.ts'
import { type Currency, divideRounded } from '#kernel/money.ts'
import {
  listPlanPrices,
  listPlansOfProduct,
  loadProduct,
  type Plan,
  type PlanPrice,
  type Product,
} from '#modules/catalogue'
import { type Actor, assertMay, mayDo } from '#modules/users'
import { type Database, reading, type Sql, sellerScope, type Tx } from '#platform/db.ts'
import { mayReadProducts } from './reading-products.ts'

export type PricedPlan = Plan & {
  readonly instanceName: string
  readonly keySource: 'vendor' | 'pool'
  readonly isInstanceActive: boolean
  /** What the price sheets in force say of software; undefined for other products. */
  readonly inSheets: InSheets | undefined
  readonly prices: readonly (PlanPrice & {
    /** In hundredths of a percent of the price; undefined where cost or price is not known or zero. */
    readonly marginBasisPoints: number | undefined
  })[]
}

/** A plan's row in the sheet of its instance's own market and currency, and in how many markets it has a price. */
export type InSheets = {
  readonly markets: number
  readonly market: string | null
  readonly currency: Currency | null
  /** For one licence and the whole term, exact. */
  readonly retail: string | null
  /** Undefined for those who may not see costs. */
  readonly cost: string | null | undefined
  readonly isFreeSomewhere: boolean
}

export type ProductView = {
  readonly product: Product
  readonly plans: readonly PricedPlan[]
  /** The product groups its plans are in, in the order of their names. */
  readonly groups: readonly {
    readonly id: ProductGroupId
    readonly name: string
    readonly isPublished: boolean
  }[]
  readonly seesCosts: boolean
}

function marginOf({ unitPrice, unitCost }: PlanPrice): number | undefined {
  if (!unitCost || unitPrice.micros === 0n) return undefined
  return Number(divideRounded((unitPrice.micros - unitCost.micros) * 10_000n, unitPrice.micros))
}

export async function viewProduct(
  db: Database | Tx,
  actor: Actor,
  ask: { id: ProductId; now: Temporal.Instant },
): Promise<ProductView> {
  if (!mayReadProducts(actor)) assertMay(actor, 'manage-catalogue')
  if (!isId(ask.id)) throw new Refusal('product/not-found', 'This product does not exist.')
  const seesCosts = mayDo(actor, 'see-costs')
  return reading(db, sellerScope, async (sql) => {
    const product = await loadProduct(sql, ask.id)
    const plans = await listPlansOfProduct(sql, product.id)
    const prices = await listPlanPrices(
      sql,
      plans.map((plan) => plan.id),
    )
    const instances = await sql.many<{
      id: InstanceId
      systemName: string
      keySource: 'vendor' | 'pool'
      isActive: boolean
    }>`
      select id, system_name, key_source, state = 'active' as is_active from connector_instance
      where id = any(${plans.map((plan) => plan.instanceId)}::uuid[])`
    const groups = await sql.many<ProductView['groups'][number]>`
      select id, name, is_published from product_group where id in (
        select group_id from product_group_member where plan_id = any (${plans.map((plan) => plan.id)}::uuid[]))
      order by lower(name), id`
    const inSheets = product.kind === 'esd' ? undefined : await pricesInSheets(sql, product.id, ask.now)
    const instanceOf = new Map(instances.map((each) => [each.id, each]))
    const pricesOf = Map.groupBy(prices, (each): PlanId => each.planId)
    return {
      product,
      groups,
      seesCosts,
      plans: plans.map((plan) => ({
        ...plan,
        instanceName: instanceOf.get(plan.instanceId)?.systemName ?? '',
        keySource: instanceOf.get(plan.instanceId)?.keySource ?? 'vendor',
        isInstanceActive: instanceOf.get(plan.instanceId)?.isActive ?? false,
        inSheets: inSheets && shownInSheets(inSheets.get(plan.id), seesCosts),
        prices: (pricesOf.get(plan.id) ?? []).map((each) =>
          seesCosts
            ? { ...each, marginBasisPoints: marginOf(each) }
            : { ...each, unitCost: undefined, marginBasisPoints: undefined },
        ),
      })),
    }
  })
}

type SheetPrice = Omit<InSheets, 'cost'> & { readonly planId: PlanId; readonly cost: string | null }

async function pricesInSheets(
  sql: Sql,
  productId: ProductId,
  now: Temporal.Instant,
): Promise<Map<PlanId, SheetPrice>> {
  const rows = await sql.many<SheetPrice>`
    with priced as (
      select plan.id as plan_id, sheet.market, row.currency, row.retail, row.unit_cost, row.valid_from, row.valid_to,
        sheet.market = instance.country and row.currency = instance.currency and coalesce(row.tier_min, 1) <= 1 as is_own
      from plan
      join connector_instance instance on instance.id = plan.instance_id
      join price_sheet sheet on sheet.state = 'active'
      join price_sheet_row row on row.sheet_id = sheet.id and row.product_code = plan.product_code and row.sku_code = plan.sku_code
        and row.segment = plan.segment and row.term = plan.term and row.billing_plan = plan.billing_plan
      where plan.product_id = ${productId} and (row.valid_from is null or row.valid_from <= ${now})
        and (row.valid_to is null or row.valid_to >= ${now})
    ), own as (
      select distinct on (plan_id) plan_id, market, currency, retail::text as retail, unit_cost::text as cost
      from priced where is_own order by plan_id, valid_to desc nulls first, valid_from desc nulls last
    )
    select priced.plan_id, count(distinct priced.market)::int as markets, own.market, own.currency, own.retail, own.cost,
      bool_or(coalesce(priced.retail, priced.unit_cost) = 0) as is_free_somewhere
    from priced left join own on own.plan_id = priced.plan_id
    group by priced.plan_id, own.market, own.currency, own.retail, own.cost`
  return new Map(rows.map((row) => [row.planId, row]))
}

function shownInSheets(found: SheetPrice | undefined, seesCosts: boolean): InSheets {
  if (!found)
    return { markets: 0, market: null, currency: null, retail: null, cost: null, isFreeSomewhere: false }
  const { planId: _planId, cost, ...shown } = found
  return { ...shown, cost: seesCosts ? cost : undefined }
}
