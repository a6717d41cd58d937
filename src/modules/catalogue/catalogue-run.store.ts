// The tables catalogue_run and catalogue_change.
import { Refusal } from '#kernel/failure.ts'
import type { InstanceId } from '#kernel/ids.ts'
import type { Sql, Tx } from '#platform/db.ts'
import type { CatalogueChange, CatalogueRun, CatalogueRunId } from './catalogue-run.ts'

type Row = {
  [Field in keyof CatalogueRun]: undefined extends CatalogueRun[Field]
    ? Exclude<CatalogueRun[Field], undefined> | null
    : CatalogueRun[Field]
}

const columns = (sql: Sql) => sql.part`
  id, instance_id, state, started_by, queued_at, started_at, ended_at, seen, total, unchanged, error`

function runOf(row: Row): CatalogueRun {
  return {
    ...row,
    startedAt: row.startedAt ?? undefined,
    endedAt: row.endedAt ?? undefined,
    total: row.total ?? undefined,
    error: row.error ?? undefined,
  }
}

export async function lockCatalogueRun(tx: Tx, id: CatalogueRunId): Promise<CatalogueRun> {
  const row = await tx.maybe<Row>`select ${columns(tx)} from catalogue_run where id = ${id} for update`
  if (!row) throw new Refusal('catalogue-run/not-found', 'This catalogue run does not exist.', { id })
  return runOf(row)
}

/** The run of an instance that has not ended yet; there is at most one. */
export async function findOpenCatalogueRun(
  tx: Tx,
  instanceId: InstanceId,
): Promise<CatalogueRun | undefined> {
  const row = await tx.maybe<Row>`
    select ${columns(tx)} from catalogue_run where instance_id = ${instanceId} and state in ('queued', 'running') for update`
  return row && runOf(row)
}

export async function insertCatalogueRun(tx: Tx, run: CatalogueRun): Promise<void> {
  await tx.run`
    insert into catalogue_run (id, instance_id, state, started_by, queued_at)
    values (${run.id}, ${run.instanceId}, ${run.state}, ${run.startedBy}, ${run.queuedAt})`
}

export async function saveCatalogueRun(tx: Tx, run: CatalogueRun): Promise<void> {
  await tx.run`
    update catalogue_run set state = ${run.state}, started_at = ${run.startedAt ?? null}, ended_at = ${run.endedAt ?? null},
      seen = ${run.seen}, total = ${run.total ?? null}, unchanged = ${run.unchanged}, error = ${run.error ?? null}
    where id = ${run.id}`
}

/** Progress between pages; a run that has ended meanwhile is left alone. */
export async function saveProgress(
  tx: Tx,
  id: CatalogueRunId,
  seen: number,
  total: number | undefined,
): Promise<void> {
  await tx.run`
    update catalogue_run set seen = ${seen}, total = ${total ?? null}, error = null where id = ${id} and state = 'running'`
}

export async function insertCatalogueChanges(
  tx: Tx,
  runId: CatalogueRunId,
  changes: readonly CatalogueChange[],
): Promise<void> {
  if (changes.length === 0) return
  await tx.run`
    insert into catalogue_change (run_id, plan_id, change, differences)
    select ${runId}::uuid, made.plan_id, made.change, made.differences::jsonb
    from unnest(${changes.map((each) => each.planId)}::uuid[], ${changes.map((each) => each.change)}::text[],
      ${changes.map((each) => JSON.stringify(each.differences))}::text[]) as made (plan_id, change, differences)`
}
