import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { PgBoss } from 'pg-boss'
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts'
import { type Database, openDatabase, sellerScope, transaction } from './db.ts'
import { enqueue, enqueueRuns, installJobs, job, runsOf } from './jobs.ts'

const brew = job('brew-tea', async () => {}, { retryLimit: 7, expireInSeconds: 33 })
const pour = job('pour-tea', async () => {})

let test_: TestDatabase
let db: Database

before(async () => {
  test_ = await testDatabase()
  db = openDatabase({ ...test_.options, max: 4 })
  await installJobs(test_.options, db, [brew, pour])
})
after(async () => {
  await db.close()
  await test_.drop()
})

const inTransaction = (work: Parameters<typeof transaction<void>>[2]) => transaction(db, sellerScope, work)

/** Everything of the jobs of a queue that does not differ by nature; moments as seconds after the job was made. */
const rowsOf = (name: string) => db.pool`
  select to_jsonb(job) - '{id, created_on, start_after, keep_until, data}'::text[]
      || jsonb_build_object('waits', round(extract(epoch from start_after - created_on)),
        'kept', round(extract(epoch from keep_until - start_after))) as row
  from pgboss.job where name = ${name} order by start_after, id`

test('a run is the row that pg-boss itself would insert, due now and due later', async () => {
  const later = Temporal.Now.instant().add({ hours: 2 })
  await inTransaction((tx) => enqueue(tx, brew, [{ cups: 2 }]))
  await inTransaction((tx) => enqueue(tx, brew, [{ cups: 2 }], { startAfter: later }))
  const ours = await rowsOf('brew-tea')
  await db.pool`delete from pgboss.job`

  const boss = new PgBoss({ ...test_.options, supervise: false, schedule: false, registerInstance: false })
  await boss.start()
  await boss.insert('brew-tea', [{ data: { cups: 2 } }, { data: { cups: 2 }, startAfter: later.toString() }])
  await boss.stop({ graceful: false })
  const theirs = await rowsOf('brew-tea')

  assert.equal(ours.length, 2)
  assert.equal(ours[0]?.['row'].retry_limit, 7)
  assert.equal(ours[0]?.['row'].expire_seconds, 33)
  assert.equal(ours[1]?.['row'].waits, 7200)
  assert.deepEqual([...ours], [...theirs])
})

test('runs of several jobs are one statement; queues with something due are told at the commit', {
  timeout: 30_000,
}, async () => {
  await db.pool`delete from pgboss.job`
  const boss = new PgBoss({
    ...test_.options,
    useListenNotify: true,
    supervise: false,
    schedule: false,
    registerInstance: false,
  } as never)
  await boss.start()
  const poured = Promise.withResolvers<object>()
  await boss.work(
    'pour-tea',
    { pollingIntervalSeconds: 600, notifyPollingIntervalSeconds: 600 },
    async ([one]) => poured.resolve(one?.data as object),
  )
  // Its first look at the queue is behind it: only being told can make it look again.
  await delay(1500)

  const before = db.counted.statements
  await inTransaction((tx) =>
    enqueueRuns(tx, [
      ...runsOf(pour, [{ cup: 'a' }]),
      ...runsOf(brew, [{ cups: 1 }, { cups: 2 }], { startAfter: Temporal.Now.instant().add({ hours: 1 }) }),
    ]),
  )
  const { statements } = db.counted
  const told = await Promise.race([poured.promise, delay(5000, 'nobody told the worker', { ref: false })])
  await boss.stop({ graceful: false })
  assert.deepEqual(told, { cup: 'a' })
  assert.equal(statements - before, 3) // begin, insert, commit
  const waiting =
    await db.pool`select name, data from pgboss.job where state = 'created' order by data ->> 'cups'`
  assert.deepEqual(
    [...waiting],
    [
      { name: 'brew-tea', data: { cups: 1 } },
      { name: 'brew-tea', data: { cups: 2 } },
    ],
  )
})

test('what a transaction enqueued goes with it', async () => {
  await db.pool`delete from pgboss.job`
  const failing = inTransaction(async (tx) => {
    await enqueue(tx, brew, [{ cups: 1 }])
    throw new Error('the tea is cold')
  })
  await assert.rejects(failing, /the tea is cold/)
  const [left] = await db.pool`select count(*)::int as jobs from pgboss.job`
  assert.deepEqual(left, { jobs: 0 })
})

test('a run of an unknown job is refused', async () => {
  const unknown = job('burn-tea', async () => {})
  await assert.rejects(
    inTransaction((tx) => enqueue(tx, unknown, [{}])),
    /violates not-null constraint/,
  )
})
