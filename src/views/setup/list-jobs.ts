// The queue as operators see it: what waits, runs and failed, with its last error. Jobs of others than ours do not appear.
import { Refusal } from '#kernel/failure.ts'
import { isId } from '#kernel/ids.ts'
import { type Actor, assertMay } from '#modules/users'
import { type Database, reading, type Sql, sellerScope, type Tx } from '#platform/db.ts'
import { pageSize } from '../accounts/search-text.ts'
import { askFor } from '../lists/ask.ts'
import { withinDays } from '../lists/conditions.ts'
import { list } from '../lists/list.ts'
import { readList } from '../lists/read-list.ts'
import { jobsCalled, jobWords } from './job-words.ts'

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

const stateWords: Readonly<Record<JobState, string>> = {
  created: 'Waiting',
  retry: 'Trying again',
  active: 'Running',
  completed: 'Completed',
  cancelled: 'Cancelled',
  failed: 'Failed',
}

export const jobList = list<JobRow>({
  name: 'jobs',
  path: '/jobs',
  title: 'Jobs',
  key: ({ queue, id }) => `${queue}:${id}`,
  columns: {
    queue: {
      label: 'Job',
      kind: 'text',
      value: (row) => jobWords[row.queue] ?? row.queue,
      note: (row) => row.queue,
    },
    state: { label: 'State', kind: 'state', value: (row) => stateWords[row.state].toLowerCase() },
    tries: { label: 'Retries', kind: 'text', value: (row) => `${row.retryCount} of ${row.retryLimit}` },
    created: { label: 'Created', kind: 'moment', value: (row) => row.createdOn, sort: 'created' },
    next: {
      label: 'Next run',
      kind: 'moment',
      value: (row) => (row.state === 'created' || row.state === 'retry' ? row.startAfter : undefined),
    },
    ended: { label: 'Ended', kind: 'moment', value: (row) => row.completedOn ?? undefined, isExtra: true },
    about: { label: 'About', kind: 'code', value: (row) => Object.values(row.data).join(' '), isExtra: true },
    error: { label: 'Last error', kind: 'text', value: (row) => row.error ?? '' },
  },
  sorts: { created: { keys: (sql) => [['timestamptz', sql.part`job.created_on`]] } },
  defaultSort: '-created',
  filters: {
    state: {
      kind: 'choice',
      label: 'State',
      isMain: true,
      choices: jobStates.map((value) => ({ value, label: stateWords[value] })),
      where: (sql, value) => sql.part`job.state = ${value}::text::pgboss.job_state`,
    },
    queue: {
      kind: 'choice',
      label: 'Kind of job',
      choices: Object.entries(jobWords).map(([value, label]) => ({ value, label })),
      where: (sql, value) => sql.part`job.name = ${value}`,
    },
    created: {
      kind: 'days',
      sort: 'created',
      label: 'Created',
      where: (sql, from, to) => withinDays(sql, sql.part`job.created_on`, from, to),
    },
  },
  searches: 'Kind of job, for example e-mail',
  right: 'see-jobs',
  table: (sql) => sql.part`pgboss.job`,
  id: (sql) => sql.part`job.id`,
  always: (sql) => sql.part`job.name not like '\\_\\_pgboss%'`,
  search: (sql, { text }) => sql.part`job.name = any (${jobsCalled(text)}::text[])`,
  // By the moment as well, which the index knows; an id alone would be looked for in every partition.
  read: (sql, ids, keys) => sql.many<JobRow>`
    select ${columns(sql)} from pgboss.job
    where (job.created_on, job.id) in (
      select at::timestamptz, id from unnest(${keys.map(([moment = '']) => moment)}::text[], ${ids}::uuid[]) as asked (at, id))`,
})

export async function listJobs(
  db: Database | Tx,
  actor: Actor,
  {
    state,
    queue,
    cursor,
    limit = 50,
  }: {
    state?: JobState | undefined
    queue?: string | undefined
    cursor?: string | undefined
    limit?: number
  } = {},
): Promise<JobList> {
  const ask = askFor(jobList, { q: queue, filters: { state }, cursor, limit: pageSize(limit) })
  const [{ items, next }, counts] = await Promise.all([
    readList(db, actor, jobList, ask),
    reading(
      db,
      sellerScope,
      (sql) => sql.many<{ state: JobState; count: number }>`
        select state::text, count(*)::int from pgboss.job where name not like '\\_\\_pgboss%' group by state`,
    ),
  ])
  return { items, nextCursor: next, counts }
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
