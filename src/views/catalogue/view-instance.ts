// One connector instance: settings, certificate facts, what is missing, the last catalogue runs. The certificate itself and
// its password never leave the store.
import { Refusal } from '#kernel/failure.ts'
import { type InstanceId, isId } from '#kernel/ids.ts'
import type { CatalogueRunId, CatalogueRunState } from '#modules/catalogue'
import {
  CERTIFICATE_WARNING_DAYS,
  daysLeft,
  type Instance,
  loadInstance,
  missingForActivation,
} from '#modules/instances'
import { type Actor, assertMay } from '#modules/users'
import { type Database, reading, sellerScope, type Tx } from '#platform/db.ts'

export type RunLine = {
  readonly id: CatalogueRunId
  readonly state: CatalogueRunState
  readonly startedBy: string
  readonly queuedAt: Temporal.Instant
  readonly endedAt: Temporal.Instant | null
  readonly seen: number
  readonly total: number | null
  readonly unchanged: number
  readonly error: string | null
  readonly newCount: number
  readonly changedCount: number
  readonly discontinuedCount: number
}

export type InstanceView = {
  readonly instance: Instance
  readonly certificateDaysLeft: number | undefined
  readonly expiresSoon: boolean
  /** What keeps it from being activated; empty when nothing does. */
  readonly missing: readonly string[]
  readonly planCount: number
  readonly openRunId: CatalogueRunId | undefined
  readonly runs: readonly RunLine[]
}

export async function viewInstance(
  db: Database | Tx,
  actor: Actor,
  ask: { id: InstanceId; now: Temporal.Instant },
): Promise<InstanceView> {
  assertMay(actor, 'manage-setup')
  if (!isId(ask.id)) throw new Refusal('instance/not-found', 'This connector instance does not exist.')
  return reading(db, sellerScope, async (sql) => {
    const instance = await loadInstance(sql, ask.id)
    const { planCount } = await sql.one<{ planCount: number }>`
      select count(*)::int as plan_count from plan where instance_id = ${ask.id}`
    const runs = await sql.many<RunLine>`
      select run.id, run.state, run.started_by, run.queued_at, run.ended_at, run.seen, run.total, run.unchanged, run.error,
        (count(*) filter (where change.change = 'new'))::int as new_count,
        (count(*) filter (where change.change = 'changed'))::int as changed_count,
        (count(*) filter (where change.change = 'discontinued'))::int as discontinued_count
      from (select * from catalogue_run where instance_id = ${ask.id} order by id desc limit 10) run
      left join catalogue_change change on change.run_id = run.id
      group by run.id, run.state, run.started_by, run.queued_at, run.ended_at, run.seen, run.total, run.unchanged, run.error
      order by run.id desc`
    const left = instance.certificate && daysLeft(instance.certificate, ask.now)
    return {
      instance,
      certificateDaysLeft: left,
      expiresSoon: left !== undefined && left <= CERTIFICATE_WARNING_DAYS,
      missing: missingForActivation(instance, ask.now),
      planCount,
      openRunId: runs.find((run) => run.state === 'queued' || run.state === 'running')?.id,
      runs,
    }
  })
}
