// One product for the back office: wording, plans, prices with cost and margin.
import { Refusal } from '#kernel/failure.ts'
import { type InstanceId, isId, type PlanId, type ProductId } from '#kernel/ids.ts'
import { divideRounded } from '#kernel/money.ts'
import {
  listPlanPrices,
  listPlansOfProduct,
  loadProduct,
  type Plan,
  type PlanPrice,
  type Product,
} from '#modules/catalogue'
import { type Actor, assertMay, mayDo } from '#modules/users'
import { type Database, reading, sellerScope, type Tx } from '#platform/db.ts'

export type PricedPlan = Plan & {
  readonly instanceName: string
  readonly keySource: 'vendor' | 'pool'
  readonly isInstanceActive: boolean
  readonly prices: readonly (PlanPrice & {
    /** In hundredths of a percent of the price; undefined where cost or price is not known or zero. */
    readonly marginBasisPoints: number | undefined
  })[]
}

export type ProductView = {
  readonly product: Product
  readonly plans: readonly PricedPlan[]
  readonly seesCosts: boolean
}

function marginOf({ unitPrice, unitCost }: PlanPrice): number | undefined {
  if (!unitCost || unitPrice.micros === 0n) return undefined
  return Number(divideRounded((unitPrice.micros - unitCost.micros) * 10_000n, unitPrice.micros))
}

export async function viewProduct(
  db: Database | Tx,
  actor: Actor,
  ask: { id: ProductId },
): Promise<ProductView> {
  assertMay(actor, 'manage-catalogue')
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
    const instanceOf = new Map(instances.map((each) => [each.id, each]))
    const pricesOf = Map.groupBy(prices, (each): PlanId => each.planId)
    return {
      product,
      seesCosts,
      plans: plans.map((plan) => ({
        ...plan,
        instanceName: instanceOf.get(plan.instanceId)?.systemName ?? '',
        keySource: instanceOf.get(plan.instanceId)?.keySource ?? 'vendor',
        isInstanceActive: instanceOf.get(plan.instanceId)?.isActive ?? false,
        prices: (pricesOf.get(plan.id) ?? []).map((each) =>
          seesCosts
            ? { ...each, marginBasisPoints: marginOf(each) }
            : { ...each, unitCost: undefined, marginBasisPoints: undefined },
        ),
      })),
    }
  })
}
