// The pools of uploaded keys: how many are left, and where that is too few.
import type { InstanceId, PlanId, ProductId } from '#kernel/ids.ts'
import { LOW_STOCK } from '#modules/assets'
import { type Actor, assertMay } from '#modules/users'
import { type Database, reading, sellerScope, type Tx } from '#platform/db.ts'

export type KeyPool = {
  readonly planId: PlanId
  readonly productId: ProductId
  readonly productName: string
  readonly sku: string
  readonly instanceId: InstanceId
  readonly instanceName: string
  readonly free: number
  readonly given: number
  readonly returned: number
  readonly lastUploadAt: Temporal.Instant | null
  readonly isLow: boolean
  /** Licences bought and still without a key because the pool is empty. */
  readonly waiting: number
}

/** All pools, or that of one plan; the emptiest first. */
export async function keyPools(
  db: Database | Tx,
  actor: Actor,
  ask: { warnAt?: number; planId?: PlanId } = {},
): Promise<KeyPool[]> {
  assertMay(actor, 'manage-catalogue')
  const warnAt = ask.warnAt ?? LOW_STOCK
  return reading(
    db,
    sellerScope,
    (sql) => sql.many<KeyPool>`
    select plan.id as plan_id, plan.product_id, product.name as product_name, plan.sku, instance.id as instance_id,
      instance.system_name as instance_name, stock.free, stock.given, stock.returned, stock.last_upload_at,
      stock.free <= ${warnAt}::int as is_low,
      (select count(*)::int from asset where asset.plan_id = plan.id and asset.is_awaiting_key and asset.state = 'active') as waiting
    from plan
    join connector_instance instance on instance.id = plan.instance_id and instance.key_source = 'pool'
    join product on product.id = plan.product_id
    join lateral (
      select (count(*) filter (where transaction_id is null))::int as free,
        (count(*) filter (where transaction_id is not null))::int as given,
        (count(*) filter (where returned_at is not null))::int as returned, max(uploaded_at) as last_upload_at
      from pool_key where pool_key.plan_id = plan.id
    ) stock on true
    where ${ask.planId ? sql.part`plan.id = ${ask.planId}` : sql.part`true`}
    order by stock.free, product.name, plan.id`,
  )
}
