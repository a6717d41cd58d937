// However a worker dies: one order at the vendor, one subscription and one invoice line for every line of software. A real worker process
// is killed (SIGKILL) at random moments, fifty times, while orders are on their way to a vendor that also loses answers.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { retrySubscription } from '#flows/subscriptions/repair-subscription.ts'
import type { SubscriptionId } from '#kernel/ids.ts'
import { reading, sellerScope } from '#platform/db.ts'
import { bringUpToDate } from '../../src/main/bring-up-to-date.ts'
import { openSoftwareWorld, type SoftwareWorld } from '../support/software-world.ts'

const KILLS = 50
const ORDERS = 25

const yearly = {
  sku: 'DG7GMGF0EM01:0001',
  term: 'P1Y',
  billingPlan: 'annual' as const,
  retail: '1260.00',
  cost: '1200.00',
}
const forGood = {
  sku: 'DG7GMGF0EM20:0001',
  term: 'OneTime',
  billingPlan: 'one_time' as const,
  retail: '1260.00',
  cost: '1200.00',
}
let shop: SoftwareWorld
let worker: ChildProcess | undefined

before(async () => {
  // The worker's clock cannot be moved, so nobody's is.
  shop = await openSoftwareWorld(Temporal.Now.instant().toString())
  assert.ok(shop.world.config.database)
  // A killed worker's job is found by its expiry: short here, so that fifty kills fit into a test.
  await bringUpToDate(shop.world.config.database, {
    expireInSeconds: 3,
    retryDelayMax: 1,
    // On a slow machine every kill may meet the same job.
    retryLimit: 2 * KILLS,
  })
})
after(async () => {
  worker?.kill('SIGKILL')
  await shop.close()
})

function startWorker(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [path.resolve(import.meta.dirname, '../../src/main/worker.ts')], {
    env: shop.world.env,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  return new Promise((resolve, reject) => {
    child.once('message', () => resolve(child))
    child.once('exit', (code) => reject(new Error(`the worker ended with ${code}`)))
  })
}

type Row = { id: SubscriptionId; number: string; state: string; provisioning: string; lines: number }
const records = () =>
  reading(
    shop.app.db,
    sellerScope,
    (sql) => sql.many<Row>`
      select subscription.id, subscription.number, subscription.state, subscription.provisioning,
        (select count(*)::int from subscription_charge charge join invoice_line line on line.charge_id = charge.id
          join invoice on invoice.id = line.invoice_id
          where charge.subscription_id = subscription.id and invoice.state = 'issued') as lines
      from subscription order by id`,
  )

test(`${KILLS} kills of the worker: one vendor order, one subscription, one invoice line, one mail for every line`, {
  timeout: 900_000,
}, async () => {
  await shop.tell('POST', '/faults', { kind: 'delay', call: 'checkout', ms: 60, probability: 0.5 })
  for (const call of ['create-cart', 'checkout', 'get-order'])
    await shop.tell('POST', '/faults', { kind: 'lose-answer', call, probability: 0.05 })
  let placed = 0
  const order = async () => {
    const first = await shop.order({ ...yearly, quantity: 1 + (placed % 4) })
    await shop.order({ ...(placed % 2 === 0 ? forGood : yearly), quantity: 1, besides: first })
    placed += 1
  }
  for (let kill = 0; kill < KILLS; kill += 1) {
    if (kill % 2 === 0 && placed < ORDERS) await order()
    worker = await startWorker()
    const gone = new Promise((resolve) => worker?.once('exit', resolve))
    await delay(Math.random() * 350)
    worker.kill('SIGKILL')
    await gone
  }
  while (placed < ORDERS) await order()
  await shop.tell('DELETE', '/faults')

  const expected = ORDERS * 2
  worker = await startWorker()
  const manager = await shop.world.staff()
  const deadline = Date.now() + 200_000
  let found = await records()
  while (Date.now() < deadline) {
    found = await records()
    if (found.filter(({ state, lines }) => state === 'active' && lines === 1).length === expected) break
    // Where the vendor was silent five times in a row a person is asked, and tries again.
    for (const { id, provisioning, state } of found)
      if (state === 'ordered' && provisioning === 'failed')
        await retrySubscription(shop.app, manager, { subscriptionId: id })
    await delay(1000)
  }
  assert.deepEqual(
    found.filter(({ state, lines }) => state !== 'active' || lines !== 1),
    [],
  )
  assert.equal(found.length, expected)
  // The emulator itself is asked. It cannot tell an answer that a killed worker never read from one that was, so it is not asked whether
  // request ids were used again: a worker that does not know what became of a call repeats it with the same one.
  const {
    ordersPerFriendlyName,
    ordersPerCartGroup,
    subscriptionsPerOrderLine,
    orders: count,
  } = await shop.tell('GET', '/invariants')
  assert.deepEqual(
    [ordersPerFriendlyName, ordersPerCartGroup, subscriptionsPerOrderLine, count],
    [1, 1, 1, expected],
  )
  const orders = (await shop.tell('GET', '/orders')) as { lines: { friendlyName: string }[] }[]
  assert.deepEqual(
    orders.flatMap((each) => each.lines.map(({ friendlyName }) => friendlyName)).sort(),
    found.map(({ number }) => number).sort(),
  )
  const rest = await reading(
    shop.app.db,
    sellerScope,
    (sql) => sql.one<{ mails: number; numbers: string[] }>`
      select (select count(*)::int from mail where notification_code = 'subscription-active') as mails,
        array(select number from invoice where kind = 'invoice' and number is not null order by number) as numbers`,
  )
  assert.equal(rest.mails, expected)
  assert.deepEqual(
    rest.numbers,
    rest.numbers.map((_, n) => `INV-2026-${String(n + 1).padStart(6, '0')}`),
  )
})
