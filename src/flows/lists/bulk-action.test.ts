// An action on every row that matches: those of the click and no others, each once whatever dies in between, with the rights of who asked as
// they are when a row's turn comes, and a report that says of each what became of it.
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { App } from '#flows/app.ts'
import { Outage } from '#kernel/failure.ts'
import type { UserId } from '#kernel/ids.ts'
import { actorWith, insertUser, loadUser, newUser, type Staff } from '#modules/users'
import { type Database, openDatabase, reading, sellerScope, type Tx, transaction } from '#platform/db.ts'
import { workToRest } from '#platform/jobs.ts'
import {
  browseBulkActions,
  browseBulkRows,
  bulkReportFile,
  viewBulkAction,
} from '#views/lists/bulk-actions.ts'
import { bulkSource } from '#views/lists/bulk-source.ts'
import { testDatabase } from '../../../tests/support/database.ts'
import { changeUser } from '../users/manage-users.ts'
import { cancelBulkAction, countForBulkAction, runBulkAction, startBulkAction } from './bulk-action.ts'
import { rowActions } from './row-actions.ts'

const at = Temporal.Instant.from('2026-11-25T10:00:00Z')
let db: Database
let drop: () => Promise<void>
let app: App
let ada: Staff
let sue: Staff
const errors: unknown[] = []

before(async () => {
  const database = await testDatabase()
  db = openDatabase(database.options)
  drop = database.drop
  app = {
    db,
    now: () => at,
    bulkSource,
    rowActions,
    log: { error: (facts: unknown) => errors.push(facts) },
  } as never
  ada = await person('Ada', 'administrator')
  await person('Admin Two', 'administrator')
  sue = await person('Sue', 'support')
})
after(async () => {
  await db?.close()
  await drop?.()
})

async function person(name: string, role: 'administrator' | 'support'): Promise<Staff> {
  const email = `${name.toLowerCase().replaceAll(' ', '.')}@seller.example`
  const user = newUser({ accountId: undefined, email, name, roles: [role] }, at)
  await transaction(db, sellerScope, (tx) => insertUser(tx, user, undefined))
  return actorWith({ ...user, accountId: null }, null) as Staff
}

/** Thirty temporary people, all active. */
beforeEach(() =>
  inDatabase(async (tx) => {
    await tx.run`
      insert into app_user (id, email, name, roles, state, created_at)
      select gen_random_uuid(), 'temp' || n || '@seller.example', 'Temp ' || lpad(n::text, 2, '0'), array['support'], 'active', ${at}
      from generate_series(1, 30) n on conflict do nothing`
    await tx.run`update app_user set state = 'active', name = split_part(name, ' (', 1) where name like 'Temp %'`
    await tx.run`delete from audit_entry where subject_type in ('user', 'bulk-action')`
  }),
)

const inDatabase = <Result>(work: (tx: Tx) => Promise<Result>) => transaction(db, sellerScope, work)
const block = (query = 'q=Temp') => startBulkAction(app, ada, { list: 'users', query, action: 'block' })
const run = (given: App = app) =>
  workToRest(given, db, [runBulkAction], () => Temporal.Now.instant().add({ seconds: 5 }))
const view = ({ id }: { id: string }) => viewBulkAction(db, ada, { id: id as never })
const rowsOf = async (
  { id }: { id: string },
  show: 'all' | 'waiting' | 'done' | 'skipped' | 'failed' = 'all',
) => (await browseBulkRows(db, ada, { id: id as never, show, limit: 200 })).items
const blockings = () =>
  reading(
    db,
    sellerScope,
    (sql) =>
      sql.many<{ subjectId: string }>`
      select subject_id from audit_entry where action = 'user/changed' and user_id = ${ada.userId} order by subject_id`,
  )

const done = { doneCount: 30, skippedCount: 0, failedCount: 0, state: 'done' }
const standing = async (made: { id: string }) => {
  const { doneCount, skippedCount, failedCount, state } = await view(made)
  return { doneCount, skippedCount, failedCount, state }
}

test('it is about the rows that matched at the click, and each is done with a trace of its own', async () => {
  assert.deepEqual(await countForBulkAction(app, ada, { list: 'users', query: 'q=Temp' }), {
    count: 30,
    isMore: false,
  })
  const made = await block('q=Temp&sort=name&columns=name,email&rows=50')
  await person('Temp 31', 'support')
  await run()
  assert.deepEqual(await standing(made), done)
  assert.equal((await blockings()).length, 30)
  const [first] = await rowsOf(made)
  assert.deepEqual([first?.name, first?.outcome], ['Temp 01', 'done'])
  assert.match(first?.path ?? '', /^\/users\/[0-9a-f-]{36}$/)
  assert.equal(await stateOf('Temp 31'), 'active')
  await inDatabase((tx) => tx.run`delete from app_user where name = 'Temp 31'`)
  const audit = await reading(
    db,
    sellerScope,
    (sql) => sql.many`select action, after from audit_entry where subject_id = ${made.id} order by id`,
  )
  assert.deepEqual(audit, [
    {
      action: 'bulk-action/started',
      after: { list: 'users', query: 'q=Temp', action: 'block', rows: 30 },
    },
    {
      action: 'bulk-action/done',
      after: { list: 'users', action: 'block', done: 30, skipped: 0, failed: 0 },
    },
  ])
})

test('what is refused or has nothing to do is skipped with its reason, what breaks is told, and all others are done', async () => {
  await inDatabase(async (tx) => {
    await tx.run`update app_user set state = 'blocked' where name = 'Temp 03'`
    await tx.run`update app_user set name = 'Temp 07 (broken)' where name = 'Temp 07'`
    await tx.run`update app_user set name = 'Ada Temp' where id = ${ada.userId}`
  })
  await db.pool.unsafe(`
    create or replace function break_it() returns trigger language plpgsql as $$ begin
      if new.name like '%broken%' and new.state = 'blocked' then raise exception 'out of order'; end if; return new; end $$;
    create trigger break_it before update on app_user for each row execute function break_it()`)
  const made = await block()
  await run()
  await db.pool.unsafe('drop trigger break_it on app_user')
  await inDatabase((tx) => tx.run`update app_user set name = 'Ada' where id = ${ada.userId}`)
  assert.deepEqual(await standing(made), { doneCount: 28, skippedCount: 2, failedCount: 1, state: 'done' })
  assert.deepEqual(
    (await rowsOf(made, 'skipped')).map(({ name, words }) => [name, words]),
    [
      ['Ada Temp', 'You cannot block yourself or take roles from yourself. Ask another administrator.'],
      ['Temp 03', 'Was blocked before.'],
    ],
  )
  const [broken] = await rowsOf(made, 'failed')
  assert.equal(broken?.name, 'Temp 07 (broken)')
  assert.match(broken?.words ?? '', /nothing of it was done/)
  assert.equal(await stateOf('Temp 07 (broken)'), 'active')
  assert.equal(errors.length, 1)
  const file = await bulkReportFile(db, ada, { id: made.id })
  const pieces: Uint8Array[] = []
  for await (const piece of file.pieces) pieces.push(piece)
  const lines = Buffer.concat(pieces).toString('utf8').split('\r\n')
  assert.equal(file.name, 'users-block-2026-11-25.csv')
  assert.equal(lines.length, 33)
  assert.equal(lines[0], '\ufeffRow,Outcome,Why,Id')
  assert.match(lines[4] ?? '', /^Temp 03,skipped,Was blocked before\.,[0-9a-f-]{36}$/)
})

test('a run that dies is followed by another, and two at once do not do a row twice', async () => {
  const made = await block()
  let asked = 0
  // The database goes away after some rows, in the middle of one: the flow asks for the time once a row.
  const dying = {
    ...app,
    now: () => {
      asked += 1
      if (asked > 8) throw new Outage('The database is away.')
      return at
    },
  }
  await assert.rejects(run(dying), { message: 'The database is away.' })
  const midway = await standing(made)
  assert.equal(midway.state, 'running')
  assert.ok(midway.doneCount > 0 && midway.doneCount < 30, String(midway.doneCount))
  assert.equal((await blockings()).length, midway.doneCount)
  const data = { bulkActionId: made.id }
  const meta = { id: 'test', retries: 1, isLastTry: false }
  await Promise.all([runBulkAction.run(app, data, meta), runBulkAction.run(app, data, meta)])
  assert.deepEqual(await standing(made), done)
  const each = (await blockings()).map(({ subjectId }) => subjectId)
  assert.deepEqual([each.length, new Set(each).size], [30, 30])
})

test('who lost the right meanwhile stops it; what was not done is left', async () => {
  const boss = await person('Boss', 'administrator')
  const made = await startBulkAction(app, boss, { list: 'users', query: 'q=Temp', action: 'block' })
  await changeUser(app, ada, { userId: boss.userId, change: { roles: ['support'] } })
  await run()
  const stopped = await viewBulkAction(db, boss, { id: made.id })
  assert.deepEqual([stopped.state, stopped.doneCount], ['stopped', 0])
  assert.equal(stopped.problem, 'Who asked for it may not do this any more. What was done until then stays.')
  assert.equal(await stateOf('Temp 01'), 'active')
})

test('cancelling leaves out what is not done; another’s is as if it were not there', async () => {
  const made = await block()
  await assert.rejects(cancelBulkAction(app, sue, { bulkActionId: made.id }), {
    code: 'bulk-action/not-found',
  })
  await assert.rejects(viewBulkAction(db, sue, { id: made.id }), { code: 'bulk-action/not-found' })
  assert.equal((await browseBulkActions(db, sue, { limit: 10 })).items.length, 0)
  await cancelBulkAction(app, ada, { bulkActionId: made.id })
  await cancelBulkAction(app, ada, { bulkActionId: made.id })
  await run()
  assert.deepEqual(await standing(made), {
    doneCount: 0,
    skippedCount: 0,
    failedCount: 0,
    state: 'cancelled',
  })
  assert.equal((await rowsOf(made, 'waiting')).length, 30)
  assert.equal(await stateOf('Temp 01'), 'active')
})

test('nothing begins without the right, without rows, with too many, or with a filter the list does not have', async () => {
  const start = (actor: Staff, list: string, query: string, action: string) =>
    startBulkAction(app, actor, { list, query, action })
  await assert.rejects(start(sue, 'users', 'q=Temp', 'block'), { code: 'right/missing' })
  await assert.rejects(start(ada, 'users', 'q=Nobodyofthisname', 'block'), { code: 'bulk-action/no-rows' })
  await assert.rejects(start(ada, 'users', 'sate=blocked', 'block'), { code: 'list/unknown-filter' })
  await assert.rejects(start(ada, 'users', 'state=asleep', 'block'), { code: 'list/unknown-filter' })
  await assert.rejects(start(ada, 'users', '', 'explode'), { code: 'bulk-action/unknown' })
  await inDatabase(
    (tx) => tx.run`
      insert into mail (id, cause, notification_code, to_addresses, subject, state, queued_at)
      select gen_random_uuid(), 'bulk' || n, 'password-reset', array['a@b.example'], 'Hello', 'failed', ${at}
      from generate_series(1, 10001) n`,
  )
  assert.deepEqual(await countForBulkAction(app, ada, { list: 'mails', query: 'state=failed' }), {
    count: 10_000,
    isMore: true,
  })
  await assert.rejects(start(ada, 'mails', 'state=failed', 'resend'), {
    code: 'bulk-action/too-many-rows',
    message: /More than 10,000 rows match\. Narrow the list/,
  })
  await inDatabase((tx) => tx.run`delete from mail where cause = 'bulk1'`)
  const made = await start(ada, 'mails', 'state=failed', 'resend')
  assert.equal(made.rowCount, 10_000)
  await cancelBulkAction(app, ada, { bulkActionId: made.id })
})

async function stateOf(name: string): Promise<string> {
  const { id } = await reading(
    db,
    sellerScope,
    (sql) => sql.one<{ id: UserId }>`select id from app_user where name = ${name}`,
  )
  return (await reading(db, sellerScope, (sql) => loadUser(sql, id))).state
}
