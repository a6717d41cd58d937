// A worker is killed (SIGKILL) again and again while it mails what was there when a notification was activated: in the end every record has
// its one mail, and nobody was written to about one twice.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { createApiKey } from '#flows/users/api-keys.ts'
import { bringUpToDate } from '../../src/main/bring-up-to-date.ts'
import { type Client, openClient } from '../support/api.ts'
import { buyForLindner } from '../support/buying.ts'
import { startWorld, type World } from '../support/world.ts'

const KILLS = 12
/** Two chunks and a part of one. */
const INVOICES = 450

let world: World
let client: Client
let worker: ChildProcess | undefined

before(async () => {
  world = await startWorld()
  client = await openClient(world.app)
  assert.ok(world.config.database)
  // A killed worker's job is found by its expiry: short here.
  await bringUpToDate(world.config.database, {
    expireInSeconds: 3,
    retryDelayMax: 1,
    // On a slow machine every kill may meet the same job.
    retryLimit: 2 * KILLS,
  })
})
after(async () => {
  worker?.kill('SIGKILL')
  await client?.close()
  await world?.close()
})

function startWorker(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [path.resolve(import.meta.dirname, '../../src/main/worker.ts')], {
    env: world.env,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  return new Promise((resolve, reject) => {
    child.once('message', () => resolve(child))
    child.once('exit', (code) => reject(new Error(`the worker ended with ${code}`)))
  })
}

/** One invoice of an order, and many like it; all were due ten days ago. */
async function oweMuch(): Promise<void> {
  const { pool } = world.app.db
  await buyForLindner(world, 1)
  await world.run()
  await pool`
    insert into invoice select copy.* from invoice, generate_series(2, ${INVOICES}) n, jsonb_populate_record(invoice,
      jsonb_build_object('id', gen_random_uuid(), 'cause', 'copy:' || n, 'number', 'COPY-' || n)) copy`
  await pool`update receivable set due_date = current_date - 10`
}

test(`${KILLS} kills of the worker: each of ${INVOICES} invoices is reminded of once`, {
  timeout: 300_000,
}, async () => {
  await oweMuch()
  const administrator = await world.staff('admin@nordlicht.example')
  const { token: key } = await createApiKey(world.app, administrator, { name: 'tests' })
  const reminder = '/notifications/payment-reminder'
  const { body: reach } = await client.ask('GET', `${reminder}/reach`, { key })
  assert.deepEqual([reach.mails, reach.recipients], [INVOICES, 1])
  const body = { isActive: true, onlyNew: false }
  assert.equal((await client.ask('PATCH', reminder, { key, body })).status, 200)

  const gone = async (child: ChildProcess) => {
    const end = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await end
  }
  for (let kill = 0; kill < KILLS; kill += 1) {
    worker = await startWorker()
    await delay(Math.random() * 400)
    await gone(worker)
  }
  worker = await startWorker()
  const { pool } = world.app.db
  const counted = async () => {
    const [row] = await pool`
      select count(*)::int as mails, count(distinct invoice_id)::int as invoices, count(*) filter (where state = 'sent')::int as sent
      from mail where notification_code = 'payment-reminder'`
    return [row?.['mails'], row?.['invoices'], row?.['sent']]
  }
  const deadline = Date.now() + 200_000
  while (Date.now() < deadline && (await counted())[2] !== INVOICES) await delay(500)
  assert.deepEqual(await counted(), [INVOICES, INVOICES, INVOICES])
  const { body: after } = await client.ask('GET', reminder, { key })
  assert.deepEqual([after.lastRun.state, after.lastRun.mails], ['done', INVOICES])
  // A copy that was sent again because its answer was lost is the same message.
  const ids = new Set((await world.mails('overdue')).map(({ messageId }) => messageId))
  assert.ok(ids.size <= INVOICES)
})
