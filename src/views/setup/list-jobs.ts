// The queue as operators see it: what waits, runs and failed, with its last error. Jobs of others than ours do not appear.
import { Refusal } from '#kernel/failure.ts'
import { isId } from '#kernel/ids.ts'
import { type Actor, assertMay } from '#modules/users'
import { type Database, reading, type Sql, sellerScope, type Tx } from '#platform/db.ts'
import { badCursor } from '../accounts/search-text.ts'

export const jobStates = ['created', 'retry', 'active', 'completed', 'cancelled', 'failed'] as const
export type JobState = (typeof jobStates)[number]

export type JobRow = {
  readonly id: string
  readonly queue: string
  readonly state: JobState
  readonly retryCount: number
  readonly retryLimit: number
  readonly createdOn: Temporal.Instant
  readonly startAfter: Temporal.Instant
  readonly completedOn: Temporal.Instant | null
  /** Ids only: jobs carry nothing else. */
  readonly data: Readonly<Record<string, unknown>>
  readonly error: string | null
}

export type JobList = {
  readonly items: readonly JobRow[]
  readonly nextCursor: string | undefined
  readonly counts: readonly { readonly state: JobState; readonly count: number }[]
}

export async function listJobs(
  db: Database | Tx,
  actor: Actor,
  ask: {
    state?: JobState | undefined
    queue?: string | undefined
    cursor?: string | undefined
    limit?: number
  } = {},
): Promise<JobList> {
  assertMay(actor, 'see-jobs')
  const limit = Math.min(Math.max(ask.limit ?? 50, 1), 200)
  const after = placeIn(ask.cursor)
  return reading(db, sellerScope, async (sql) => {
    const rows = await sql.many<JobRow & { place: string }>`
      select ${columns(sql)}, created_on::text as place
      from pgboss.job
      where name not like '\_\_pgboss%'
        and ${ask.state ? sql.part`state::text = ${ask.state}` : sql.part`true`}
        and ${ask.queue ? sql.part`name = ${ask.queue}` : sql.part`true`}
        and ${after ? sql.part`(created_on, id) < (${after.moment}::timestamptz, ${after.id}::uuid)` : sql.part`true`}
      order by created_on desc, id desc limit ${limit + 1}`
    const counts = await sql.many<{ state: JobState; count: number }>`
      select state::text, count(*)::int from pgboss.job where name not like '\_\_pgboss%' group by state`
    const items = rows.slice(0, limit)
    const last = items.at(-1)
    return {
      items: items.map(({ place: _, ...row }) => row),
      nextCursor: rows.length > limit && last ? `${last.place}_${last.id}` : undefined,
      counts,
    }
  })
}

/** One job of ours. */
export async function viewJob(
  db: Database | Tx,
  actor: Actor,
  ask: { queue: string; id: string },
): Promise<JobRow> {
  assertMay(actor, 'see-jobs')
  const job = isId(ask.id)
    ? await reading(
        db,
        sellerScope,
        (sql) => sql.maybe<JobRow>`
        select ${columns(sql)} from pgboss.job
        where name = ${ask.queue} and id = ${ask.id}::uuid and name not like '\_\_pgboss%'`,
      )
    : undefined
  if (!job) throw new Refusal('job/not-found', 'This job does not exist any more.')
  return job
}

const columns = (sql: Sql) => sql.part`
  id, name as queue, state::text, retry_count, retry_limit, created_on, start_after, completed_on, data,
  left(coalesce(output->>'message', output->'value'->>'message'), 500) as error`

function placeIn(cursor: string | undefined): { moment: string; id: string } | undefined {
  if (!cursor) return undefined
  const [moment = '', id = ''] = cursor.split('_')
  if (!isId(id) || !isMoment(moment)) throw badCursor()
  return { moment, id }
}

function isMoment(text: string): boolean {
  try {
    Temporal.Instant.from(text)
    return true
  } catch {
    return false
  }
}
