// One catalogue run: its progress while it works, and then what is new, changed and discontinued.
import { Refusal } from '#kernel/failure.ts'
import { type InstanceId, isId, type PlanId, type ProductId } from '#kernel/ids.ts'
import type { CatalogueRunId, CatalogueRunState, Differences } from '#modules/catalogue'
import { type Actor, assertMay } from '#modules/users'
import { type Database, reading, sellerScope, type Tx } from '#platform/db.ts'

export type ChangeLine = {
  readonly planId: PlanId
  readonly productId: ProductId
  readonly sku: string
  /** The vendor's wording now. */
  readonly vendorName: string
  /** The shop's wording, which no run changes. */
  readonly shopName: string
  readonly isPublished: boolean
  readonly differences: Differences
}

export type CatalogueRunView = {
  readonly id: CatalogueRunId
  readonly instanceId: InstanceId
  readonly instanceName: string
  readonly state: CatalogueRunState
  readonly startedBy: string
  readonly queuedAt: Temporal.Instant
  readonly startedAt: Temporal.Instant | null
  readonly endedAt: Temporal.Instant | null
  readonly seen: number
  /** Null while the vendor has not said how many there are. */
  readonly total: number | null
  readonly unchanged: number
  /** Why it failed, or why it waits to be tried again. */
  readonly error: string | null
  readonly isOpen: boolean
  readonly new: ChangeList
  readonly changed: ChangeList
  readonly discontinued: ChangeList
}

/** A first price sheet brings a hundred thousand plans: all are counted, so many are listed. */
const MOST_LINES = 200
export type ChangeList = { readonly count: number; readonly lines: readonly ChangeLine[] }

export async function viewCatalogueRun(
  db: Database | Tx,
  actor: Actor,
  ask: { id: CatalogueRunId },
): Promise<CatalogueRunView> {
  assertMay(actor, 'manage-catalogue')
  const notFound = () =>
    new Refusal('catalogue-run/not-found', 'This catalogue run does not exist.', { id: ask.id })
  if (!isId(ask.id)) throw notFound()
  return reading(db, sellerScope, async (sql) => {
    const run = await sql.maybe<Omit<CatalogueRunView, 'new' | 'changed' | 'discontinued'>>`
      select run.id, run.instance_id, instance.system_name as instance_name, run.state, run.started_by, run.queued_at, run.started_at,
        run.ended_at, run.seen, run.total, run.unchanged, run.error, run.state in ('queued', 'running') as is_open
      from catalogue_run run join connector_instance instance on instance.id = run.instance_id where run.id = ${ask.id}`
    if (!run) throw notFound()
    const lines = await sql.many<ChangeLine & { change: 'new' | 'changed' | 'discontinued'; count: number }>`
      select * from (
        select change.change, change.plan_id, plan.product_id, plan.sku, plan.vendor_name, product.name as shop_name, product.is_published,
          change.differences, (count(*) over (partition by change.change))::int as count,
          row_number() over (partition by change.change order by plan.sku) as place
        from catalogue_change change
        join plan on plan.id = change.plan_id join product on product.id = plan.product_id
        where change.run_id = ${ask.id}
      ) told where place <= ${MOST_LINES} order by sku`
    const of = (wanted: string): ChangeList => {
      const some = lines.filter((line) => line.change === wanted)
      return { count: some[0]?.count ?? 0, lines: some }
    }
    return { ...run, new: of('new'), changed: of('changed'), discontinued: of('discontinued') }
  })
}
