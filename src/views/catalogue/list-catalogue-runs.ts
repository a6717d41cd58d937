// Catalogue runs and what they found, page by page: a first run of a big catalogue finds thousands of new plans.
import { Refusal } from '#kernel/failure.ts'
import type { InstanceId, PlanId } from '#kernel/ids.ts'
import type { CatalogueRunId, CatalogueRunState } from '#modules/catalogue'
import { type Actor, assertMay } from '#modules/users'
import { type Database, reading, type Sql, sellerScope, type Tx } from '#platform/db.ts'
import { idCursor, page, readCursor } from '../accounts/search-text.ts'
import type { ChangeLine } from './view-catalogue-run.ts'

export const catalogueChanges = ['new', 'changed', 'discontinued'] as const
export type CatalogueChangeKind = (typeof catalogueChanges)[number]

export type CountedRun = {
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
  readonly error: string | null
  readonly newCount: number
  readonly changedCount: number
  readonly discontinuedCount: number
}

const counted = (sql: Sql) => sql.part`
  select run.id, run.instance_id, instance.system_name as instance_name, run.state, run.started_by, run.queued_at, run.started_at,
    run.ended_at, run.seen, run.total, run.unchanged, run.error, changes.new_count, changes.changed_count, changes.discontinued_count
  from catalogue_run run
  join connector_instance instance on instance.id = run.instance_id
  cross join lateral (
    select (count(*) filter (where change = 'new'))::int as new_count,
      (count(*) filter (where change = 'changed'))::int as changed_count,
      (count(*) filter (where change = 'discontinued'))::int as discontinued_count
    from catalogue_change where catalogue_change.run_id = run.id
  ) changes`

/** The newest first. */
export async function listCatalogueRuns(
  db: Database | Tx,
  actor: Actor,
  ask: { instanceId?: InstanceId | undefined; cursor?: string | undefined; limit: number },
): Promise<{ items: readonly CountedRun[]; nextCursor: string | undefined }> {
  assertMay(actor, 'manage-catalogue')
  const before = idCursor(ask.cursor)
  const rows = await reading(
    db,
    sellerScope,
    (sql) => sql.many<CountedRun>`
      ${counted(sql)}
      where ${before ? sql.part`run.id < ${before}::uuid` : sql.part`true`}
        and ${ask.instanceId ? sql.part`run.instance_id = ${ask.instanceId}` : sql.part`true`}
      order by run.id desc limit ${ask.limit + 1}`,
  )
  const items = rows.slice(0, ask.limit)
  return { items, nextCursor: rows.length > ask.limit ? items.at(-1)?.id : undefined }
}

export async function readCatalogueRun(
  db: Database | Tx,
  actor: Actor,
  ask: { id: CatalogueRunId },
): Promise<CountedRun> {
  assertMay(actor, 'manage-catalogue')
  const run = await reading(
    db,
    sellerScope,
    (sql) => sql.maybe<CountedRun>`${counted(sql)} where run.id = ${ask.id}`,
  )
  if (!run) throw new Refusal('catalogue-run/not-found', 'This catalogue run does not exist.', { id: ask.id })
  return run
}

export type FoundChange = ChangeLine & { readonly change: CatalogueChangeKind }

/** By SKU. */
export async function listCatalogueChanges(
  db: Database | Tx,
  actor: Actor,
  ask: {
    runId: CatalogueRunId
    change?: CatalogueChangeKind | undefined
    cursor?: string | undefined
    limit: number
  },
): Promise<{ items: readonly FoundChange[]; nextCursor: string | undefined }> {
  const after = readCursor(ask.cursor)
  await readCatalogueRun(db, actor, { id: ask.runId })
  const rows = await reading(
    db,
    sellerScope,
    (sql) => sql.many<FoundChange & { readonly id: PlanId }>`
      select change.change, change.plan_id as id, change.plan_id, plan.product_id, plan.sku, plan.vendor_name,
        product.name as shop_name, product.is_published, change.differences
      from catalogue_change change
      join plan on plan.id = change.plan_id join product on product.id = plan.product_id
      where change.run_id = ${ask.runId}
        and ${ask.change ? sql.part`change.change = ${ask.change}` : sql.part`true`}
        and ${after ? sql.part`(plan.sku, plan.id) > (${after.key}, ${after.id}::uuid)` : sql.part`true`}
      order by plan.sku, plan.id limit ${ask.limit + 1}`,
  )
  const { items, nextCursor } = page(rows, ask.limit, (row) => row.sku)
  return { items: items.map(({ id: _, ...line }) => line), nextCursor }
}
