// Work that a transaction causes: enqueued inside it, done after it, at least once. pg-boss keeps the queue in our own
// database (schema pgboss). A job is an exported value around its function, so the line that enqueues leads straight to
// the code that will run. Jobs carry ids, load what they need, and return at once when the work is already done.
import { createHash } from 'node:crypto'
import type { JobWithMetadata } from 'pg-boss'
import { invariant } from '#kernel/failure.ts'
import type { Database, Tx } from './db.ts'
import type { Log } from './log.ts'

export type JobMeta = {
  readonly id: string
  /** 0 the first time. */
  readonly retries: number
  readonly isLastTry: boolean
  /** Told when somebody stops the job, or when it has taken too long. */
  readonly signal?: AbortSignal | undefined
}

export type Job<App, Data extends object> = {
  readonly name: string
  readonly run: (app: App, data: Data, meta: JobMeta) => Promise<void>
  /** A worker killed in the middle is found after so long; more than the longest call a run makes. */
  readonly expireInSeconds: number
  readonly concurrency: number
  readonly retryLimit: number
  /** When it runs by itself, as a cron expression in UTC. */
  readonly cron?: string
  /** Nothing waits for it that would wait for ever: a run that fails again and again, or goes on and on, can be stopped by an operator. */
  readonly mayBeStopped?: boolean
  /** What becomes of what waited for it when it is stopped; `by`: who did. */
  readonly whenStopped?: (tx: Tx, data: Data, by: string) => Promise<void>
}

/** Declares a job. Its function must bear being run twice. */
export function job<App, Data extends object>(
  name: string,
  run: (app: App, data: Data, meta: JobMeta) => Promise<void>,
  options: Partial<
    Pick<
      Job<App, Data>,
      'expireInSeconds' | 'concurrency' | 'retryLimit' | 'cron' | 'mayBeStopped' | 'whenStopped'
    >
  > = {},
): Job<App, Data> {
  return { name, run, expireInSeconds: 45, concurrency: 4, retryLimit: 25, ...options }
}

/** A job of any application and data, as lists of jobs hold it. */
// biome-ignore lint/suspicious/noExplicitAny: a list mixes jobs of every kind of data
export type AnyJob = Job<any, any>

export type EnqueueOptions = {
  /** Not before this moment. */
  readonly startAfter?: Temporal.Instant | undefined
}

/** One run of a job that is to be enqueued. */
export type Run = { readonly name: string; readonly data: object; readonly startAfter?: string | undefined }

/** One run of `wanted` for each entry of `list`. */
export function runsOf<App, Data extends object>(
  wanted: Job<App, Data>,
  list: readonly Data[],
  { startAfter }: EnqueueOptions = {},
): Run[] {
  return list.map((data) => ({ name: wanted.name, data, startAfter: startAfter?.toString() }))
}

/** On which pg-boss's workers listen for the names of queues that have something due. */
const channel = `pgboss_${createHash('sha224').update('pgboss').digest('hex').slice(0, 24)}`

/**
 * Enqueues runs of any jobs inside the transaction, in one statement. It writes the rows pg-boss's own `insert` would write
 * (jobs.test.ts compares the two), for several queues at once and without a pg-boss in the process that enqueues. A name that is
 * no queue is refused by the table. Queues with something due are told when the transaction commits, on the channel on which
 * pg-boss's workers listen.
 */
export async function enqueueRuns(tx: Tx, runs: readonly Run[]): Promise<void> {
  if (runs.length === 0) return
  await tx.run`
    with enqueued as (
      insert into pgboss.job (name, data, start_after, keep_until, expire_seconds, deletion_seconds, retry_limit, retry_delay,
        retry_backoff, retry_delay_max, policy, dead_letter, heartbeat_seconds)
      select wanted.name, wanted.data, coalesce(wanted."startAfter", now()),
        coalesce(wanted."startAfter", now()) + queue.retention_seconds * interval '1 second', queue.expire_seconds,
        queue.deletion_seconds, queue.retry_limit, queue.retry_delay, queue.retry_backoff, queue.retry_delay_max, queue.policy,
        queue.dead_letter, queue.heartbeat_seconds
      from jsonb_to_recordset(${tx.json(runs)}) as wanted (name text, data jsonb, "startAfter" timestamptz)
      left join pgboss.queue on queue.name = wanted.name
      returning name, start_after
    )
    select pg_notify(${channel}, name)
    from (select distinct name from enqueued where start_after <= now()) as due`
}

/** Enqueues one run of `wanted` per entry of `list` inside the transaction, in one statement. */
export async function enqueue<App, Data extends object>(
  tx: Tx,
  wanted: Job<App, Data>,
  list: readonly Data[],
  options: EnqueueOptions = {},
): Promise<void> {
  await enqueueRuns(tx, runsOf(wanted, list, options))
}

/** Instead of what the jobs say. */
export type JobOverrides = {
  readonly expireInSeconds?: number
  readonly retryDelayMax?: number
  readonly retryLimit?: number
}

/**
 * Creates or updates pg-boss's tables and our queues, and lets the scopes of db.ts enqueue. Run with migrations; does nothing
 * when the same jobs were installed before. `overrides` is for tests that kill workers.
 */
export async function installJobs(
  connection: BossConnection,
  db: Database,
  jobs: readonly AnyJob[],
  overrides: JobOverrides = {},
): Promise<void> {
  const wanted = JSON.stringify([
    8,
    jobs.map(({ name, expireInSeconds, retryLimit }) => [name, expireInSeconds, retryLimit]),
    overrides,
  ])
  const [installed] = await db.pool.unsafe(`select 1 from job_installation where jobs = $1`, [wanted])
  if (installed) return
  const { PgBoss } = await import('pg-boss')
  const boss = new PgBoss({
    ...connection,
    max: 2,
    supervise: false,
    schedule: false,
    registerInstance: false,
    openTelemetry: { enabled: false },
  })
  boss.on('error', () => {})
  await boss.start()
  try {
    for (const { name, expireInSeconds, retryLimit } of jobs) {
      const options = {
        expireInSeconds: overrides.expireInSeconds ?? expireInSeconds,
        retryLimit: overrides.retryLimit ?? retryLimit,
        retryDelay: 1,
        retryBackoff: true,
        retryDelayMax: overrides.retryDelayMax ?? 60,
        deleteAfterSeconds: 14 * 24 * 3600,
        retentionSeconds: 60 * 24 * 3600,
        notify: true,
      }
      if (await boss.getQueue(name)) await boss.updateQueue(name, options)
      else await boss.createQueue(name, options)
    }
    // What operators look through, newest first: all of it, one kind, the few that are not done, and those about one record.
    await db.pool.unsafe(`
      create index if not exists job_listed on pgboss.job (created_on, id);
      create index if not exists job_listed_by_name on pgboss.job (name, created_on, id);
      create index if not exists job_listed_by_state on pgboss.job (state, created_on, id) where state <> 'completed';
      create index if not exists job_about on pgboss.job (job_about(data))`)
    await db.pool.unsafe(`
      grant usage on schema pgboss to emporion_seller, emporion_portal;
      grant select, insert, update, delete on all tables in schema pgboss to emporion_seller;
      grant select, insert on all tables in schema pgboss to emporion_portal;
      grant execute on all functions in schema pgboss to emporion_seller, emporion_portal`)
    await db.pool.unsafe(
      `insert into job_installation (jobs) values ($1) on conflict (id) do update set jobs = excluded.jobs`,
      [wanted],
    )
  } finally {
    await boss.stop({ graceful: false })
  }
}

export type BossConnection = {
  readonly host?: string
  readonly port?: number
  readonly user?: string
  readonly password?: string
  readonly database?: string
  readonly connectionString?: string
}

// Whoever enqueues tells the queue at once. What becomes due later, by its time or because it is tried again, is looked for so often.
const lookForDueMs = 1000

/** Does the work. Stops by finishing what has begun. */
export async function startWorking<App>(
  app: App,
  db: Database,
  connection: BossConnection,
  jobs: readonly AnyJob[],
  options: { log: Log },
): Promise<{ stop(): Promise<void> }> {
  const { PgBoss } = await import('pg-boss')
  const [shortest] = await db.pool.unsafe<{ seconds: number }[]>(
    `select min(expire_seconds)::int as seconds from pgboss.queue where name = any($1)`,
    [jobs.map(({ name }) => name)] as never[],
  )
  // What a killed worker held is found soon after it has expired.
  const lookForLostSeconds = Math.max(1, Math.min(5, Math.floor((shortest?.seconds ?? 45) / 9)))
  const boss = new PgBoss({
    ...connection,
    max: 4,
    application_name: 'emporion jobs',
    migrate: false,
    createSchema: false,
    useListenNotify: true,
    superviseIntervalSeconds: lookForLostSeconds,
    monitorIntervalSeconds: lookForLostSeconds,
    maintenanceIntervalSeconds: 3600,
    openTelemetry: { enabled: false },
  } as never)
  boss.on('error', (error: Error) => options.log.error({ err: error }, 'the job queue stumbled'))
  await boss.start()
  const stoppable: Stoppable = new Map()
  for (const each of jobs) {
    await boss.work<object>(
      each.name,
      {
        includeMetadata: true as const,
        localConcurrency: each.concurrency,
        pollingIntervalSeconds: 2,
        notifyPollingIntervalSeconds: 60,
      },
      async (claimedJobs) => {
        const [claimed] = claimedJobs as JobWithMetadata<object>[]
        if (!claimed) return
        const meta = {
          id: claimed.id,
          retries: claimed.retryCount,
          isLastTry: claimed.retryCount >= claimed.retryLimit,
        }
        try {
          if (each.mayBeStopped) await runStoppable(each, app, claimed, meta, stoppable)
          else await each.run(app, claimed.data ?? {}, meta)
        } catch (error) {
          options.log.warn(
            { err: error, job: each.name, id: claimed.id, retries: meta.retries },
            'a job failed and will be tried again',
          )
          throw error
        }
      },
    )
    if (each.cron) await boss.schedule(each.name, each.cron)
  }
  const looking = lookForDue(db, stoppable, options.log)
  return {
    async stop() {
      looking.stop()
      await boss.stop({ graceful: true, timeout: 20_000 })
    },
  }
}

/** Runs of jobs that may be stopped, by their id. */
type Stoppable = Map<string, { readonly queue: string; readonly stop: AbortController }>

/** Ends when the run does, when it has taken too long, or when it is stopped; one that hangs is left behind, and its queue goes on. */
async function runStoppable<App>(
  each: AnyJob,
  app: App,
  claimed: JobWithMetadata<object>,
  meta: JobMeta,
  stoppable: Stoppable,
): Promise<void> {
  const stop = new AbortController()
  const signal = AbortSignal.any([claimed.signal, stop.signal])
  const ended = Promise.withResolvers<never>()
  signal.addEventListener('abort', () => ended.reject(new Error(`the job ${each.name} was stopped`)))
  stoppable.set(claimed.id, { queue: each.name, stop })
  try {
    const run = each.run(app, claimed.data ?? {}, { ...meta, signal })
    await Promise.race([run, ended.promise])
  } finally {
    stoppable.delete(claimed.id)
  }
}

async function stopWhatIsCancelled(db: Database, stoppable: Stoppable): Promise<void> {
  if (stoppable.size === 0) return
  const queues = [...new Set([...stoppable.values()].map(({ queue }) => queue))]
  const cancelled = await db.pool.unsafe<{ id: string }[]>(
    `select id from pgboss.job where name = any($1) and id = any($2::uuid[]) and state = 'cancelled'`,
    [queues, [...stoppable.keys()]] as never[],
  )
  for (const { id } of cancelled) stoppable.get(id)?.stop.abort()
}

/**
 * Wakes the queues that have something due: one statement a second, where every place of every queue asking for itself would be a hundred
 * statements that come all at once and hold up whoever waits for a page.
 */
function lookForDue(db: Database, stoppable: Stoppable, log: Log): { stop(): void } {
  let isStopped = false
  let timer: NodeJS.Timeout
  const look = async () => {
    try {
      await stopWhatIsCancelled(db, stoppable)
      await db.pool.unsafe(
        `select pg_notify($1, queue.name) from pgboss.queue
         where exists (
           select from pgboss.job
           where job.name = queue.name and job.state in ('created', 'retry') and not job.blocked and job.start_after <= now()
         )`,
        [channel],
      )
    } catch (error) {
      log.error({ err: error }, 'looking for due jobs failed and is tried again')
    }
    if (!isStopped) timer.refresh()
  }
  timer = setTimeout(() => void look(), lookForDueMs)
  return {
    stop() {
      isStopped = true
      clearTimeout(timer)
    },
  }
}

/** Runs everything that is due until nothing is left; for scenarios that move the clock by hand. */
export async function workToRest<App>(
  app: App,
  db: Database,
  jobs: readonly AnyJob[],
  now: () => Temporal.Instant,
): Promise<number> {
  let done = 0
  for (;;) {
    const due = (await db.pool.unsafe(
      `update pgboss.job set state = 'active', started_on = now()
       where (name, id) in (select name, id from pgboss.job where state in ('created', 'retry') and name = any($2)
         and start_after <= $1::timestamptz order by start_after, created_on, id limit 1 for update skip locked)
       returning id, name, data, retry_count, retry_limit`,
      [now().toString(), jobs.map((each) => each.name)] as never[],
    )) as unknown as { id: string; name: string; data: object; retryCount: number; retryLimit: number }[]
    const claimed = due[0]
    if (!claimed) return done
    const each = jobs.find((known) => known.name === claimed.name)
    invariant(each, `a job named ${claimed.name}`)
    await each.run(app, claimed.data ?? {}, { id: claimed.id, retries: claimed.retryCount, isLastTry: false })
    await db.pool.unsafe(
      `update pgboss.job set state = 'completed', completed_on = now() where name = $1 and id = $2`,
      [claimed.name, claimed.id] as never[],
    )
    done += 1
  }
}
