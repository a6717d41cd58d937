// The queue as operators see it: what waits, runs and failed, with its last error. Jobs of others than ours do not appear.
import { Refusal } from '#kernel/failure.ts'
import { isId } from '#kernel/ids.ts'
import { isRecordKind, type NamedRecord, nameRecords } from '#modules/records'
import { type Actor, assertMay } from '#modules/users'
import { type Database, reading, type Sql, sellerScope, type Tx } from '#platform/db.ts'
import { pageSize } from '../accounts/search-text.ts'
import { askFor } from '../lists/ask.ts'
import { withinDays } from '../lists/conditions.ts'
import { list } from '../lists/list.ts'
import { readList } from '../lists/read-list.ts'
import { recordPath } from '../records/record-paths.ts'
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
  /** Whom an e-mail is for, where it is about one. */
  readonly mailedTo: readonly string[] | null
  /** What it is about, as people know it. */
  readonly record: NamedRecord | undefined
}

type Row = Omit<JobRow, 'record'> & { readonly recordType: string | null; readonly recordId: string | null }

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
    record: {
      label: 'About',
      kind: 'text',
      value: (row) => row.record?.title ?? '',
      to: (row) => row.record && recordPath(row.record),
      note: (row) => row.mailedTo?.join(', ') || row.record?.about || undefined,
    },
    tries: { label: 'Retries', kind: 'text', value: (row) => `${row.retryCount} of ${row.retryLimit}` },
    created: { label: 'Created', kind: 'moment', value: (row) => row.createdOn, sort: 'created' },
    next: {
      label: 'Next run',
      kind: 'moment',
      value: (row) => (row.state === 'created' || row.state === 'retry' ? row.startAfter : undefined),
    },
    ended: { label: 'Ended', kind: 'moment', value: (row) => row.completedOn ?? undefined, isExtra: true },
    about: { label: 'Ids', kind: 'code', value: (row) => Object.values(row.data).join(' '), isExtra: true },
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
  searches: 'Kind of job, or number of a record',
  right: 'see-jobs',
  table: (sql) => sql.part`pgboss.job`,
  id: (sql) => sql.part`job.id`,
  always: (sql) => sql.part`job.name not like '\\_\\_pgboss%'`,
  search: (sql, { text }) => {
    const called = sql.part`job.name = any (${jobsCalled(text)}::text[])`
    return /\d/.test(text) ? sql.part`${called} or ${isAbout(sql, text.toUpperCase())}` : called
  },
  // By the moment as well, which the index knows; an id alone would be looked for in every partition.
  read: async (sql, ids, keys) =>
    withRecords(
      sql,
      await sql.many<Row>`
        select ${columns(sql)} from pgboss.job ${withAbout(sql)}
        where (job.created_on, job.id) in (
          select at::timestamptz, id from unnest(${keys.map(([moment = '']) => moment)}::text[], ${ids}::uuid[]) as asked (at, id))`,
    ),
})

/** A job's ids are its own; what comes from elsewhere is no id and means nothing. */
const idIn = (sql: Sql, name: string) => sql.part`
  case when job.data->>${name} ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then (job.data->>${name})::uuid end`

/** The record behind a job: named by it, or by what it names. */
const withAbout = (sql: Sql) => sql.part`
  left join lateral (
    select case when mail.asset_id is not null then 'asset' when mail.subscription_id is not null then 'subscription'
        when mail.invoice_id is not null then 'invoice' when mail.order_id is not null then 'order'
        when mail.account_id is not null then 'account' end as record_type,
      coalesce(mail.asset_id, mail.subscription_id, mail.invoice_id, mail.order_id, mail.account_id) as record_id,
      mail.to_addresses as mailed_to
    from mail where mail.id = ${idIn(sql, 'mailId')}
    union all select 'order', ${idIn(sql, 'orderId')}, null where job.data ? 'orderId'
    union all select 'asset', ${idIn(sql, 'assetId')}, null where job.data ? 'assetId'
    union all select 'subscription', ${idIn(sql, 'subscriptionId')}, null where job.data ? 'subscriptionId'
    union all select 'account', ${idIn(sql, 'accountId')}, null where job.data ? 'accountId'
    union all select 'asset', request.asset_id, null from return_request request where request.id = ${idIn(sql, 'requestId')}
    union all select 'instance', run.instance_id, null from catalogue_run run where run.id = ${idIn(sql, 'runId')}
    union all select 'price-sheet', ${idIn(sql, 'id')}, null where job.name in ('read-price-sheet', 'simulate-price-sheet')
    limit 1
  ) about on true`

/** That it is about the record of this number, or about an e-mail or a return of it; the index of these ids is made by the queue. */
function isAbout(sql: Sql, number: string): unknown {
  return sql.part`job_about(job.data) = any (array(
    with meant as materialized (
      select id from sales_order where number = ${number}
      union all select id from asset where number = ${number}
      union all select id from subscription where number = ${number}
      union all select id from invoice where number = ${number}
      union all select id from account where number = ${number}
    )
    select id::text from meant
    union all select id::text from mail where asset_id in (select id from meant)
    union all select id::text from mail where subscription_id in (select id from meant)
    union all select id::text from mail where invoice_id in (select id from meant)
    union all select id::text from mail where order_id in (select id from meant)
    union all select id::text from mail where account_id in (select id from meant)
    union all select id::text from return_request where asset_id in (select id from meant)))`
}

/** With what its record is called, in one statement for all of them. */
async function withRecords(sql: Sql, rows: readonly Row[]): Promise<JobRow[]> {
  const refs = rows.flatMap(({ recordType, recordId }) =>
    recordType && recordId && isRecordKind(recordType) ? [{ recordType, recordId }] : [],
  )
  const named = new Map((await nameRecords(sql, refs)).map((each) => [each.recordId, each]))
  return rows.map(({ recordType: _type, recordId, ...row }) => ({
    ...row,
    record: recordId ? named.get(recordId) : undefined,
  }))
}

export async function listJobs(
  db: Database | Tx,
  actor: Actor,
  {
    q,
    state,
    queue,
    cursor,
    limit = 50,
  }: {
    q?: string | undefined
    state?: JobState | undefined
    queue?: string | undefined
    cursor?: string | undefined
    limit?: number
  } = {},
): Promise<JobList> {
  const ask = askFor(jobList, { q: q ?? queue, filters: { state }, cursor, limit: pageSize(limit) })
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
    ? await reading(db, sellerScope, async (sql) => {
        const found = await sql.many<Row>`
          select ${columns(sql)} from pgboss.job ${withAbout(sql)}
          where job.name = ${ask.queue} and job.id = ${ask.id}::uuid and job.name not like '\\_\\_pgboss%'`
        return (await withRecords(sql, found))[0]
      })
    : undefined
  if (!job) throw new Refusal('job/not-found', 'This job does not exist any more.')
  return job
}

const columns = (sql: Sql) => sql.part`
  job.id, job.name as queue, job.state::text, job.retry_count, job.retry_limit, job.created_on, job.start_after, job.completed_on,
  job.data, left(coalesce(job.output->>'message', job.output->'value'->>'message'), 500) as error,
  about.record_type, about.record_id, about.mailed_to`
