// However a worker dies: one key, one invoice line and one mail per licence. A real worker process is killed (SIGKILL) at random
// moments, fifty times, while orders are being provisioned by an emulator that also loses answers.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { addToBasket } from '#flows/ordering/add-to-basket.ts'
import { giveServiceDetails } from '#flows/ordering/change-basket.ts'
import { placeOrder } from '#flows/ordering/place-order.ts'
import type { PlanId } from '#kernel/ids.ts'
import { reading, sellerScope } from '#platform/db.ts'
import { bringUpToDate } from '../../src/main/bring-up-to-date.ts'
import { startWorld, type World } from '../support/world.ts'

const KILLS = 50
const ORDERS = 25
const LICENCES_EACH = 3

let world: World
let worker: ChildProcess | undefined

before(async () => {
  world = await startWorld()
  assert.ok(world.config.database)
  // A killed worker's job is found by its expiry: short here, so that fifty kills fit into a test.
  await bringUpToDate(world.config.database, {
    expireInSeconds: 3,
    retryDelayMax: 1,
    // On a slow machine every kill may meet the same job.
    retryLimit: 2 * KILLS,
  })
})
after(async () => {
  worker?.kill('SIGKILL')
  await world.close()
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

type Counts = { licences: number; delivered: number; invoiced: number }
const counts = () =>
  reading(
    world.app.db,
    sellerScope,
    (sql) => sql.one<Counts>`
    select (select count(*)::int from asset) as licences,
      (select count(*)::int from asset where provisioning = 'synchronized') as delivered,
      (select count(*)::int from invoice_line line join invoice on invoice.id = line.invoice_id where invoice.state = 'issued') as invoiced`,
  )

test(`${KILLS} kills of the worker: one key, one invoice line, one mail per licence`, {
  timeout: 400_000,
}, async () => {
  const paul = await world.portal('paul@lindner.example')
  const { id: planId } = await reading(
    world.app.db,
    sellerScope,
    (sql) => sql.one<{ id: PlanId }>`select id from plan where sku = 'EP2-06604' and country = 'DE'`,
  )
  await world.esd('POST', '/faults', { kind: 'delay', operation: 'purchase', ms: 40, probability: 0.5 })
  await world.esd('POST', '/faults', { kind: 'lose-answer', operation: 'purchase', probability: 0.1 })

  let placed = 0
  const order = async () => {
    const { basketId } = await addToBasket(world.app, paul, { planId, quantity: LICENCES_EACH })
    if (placed === 0)
      await giveServiceDetails(world.app, paul, {
        basketId,
        accountId: paul.accountId,
        connector: 'microsoft-esd',
        options: { keyDeliveryEmail: 'paul@lindner.example' },
      })
    await placeOrder(world.app, paul, { basketId })
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
  await world.esd('DELETE', '/faults')

  const licences = ORDERS * LICENCES_EACH
  worker = await startWorker()
  const deadline = Date.now() + 150_000
  let mails = await world.mails('paul@lindner.example')
  while (Date.now() < deadline) {
    const now = await counts()
    mails = await world.mails('paul@lindner.example')
    if (
      now.delivered === licences &&
      now.invoiced === licences &&
      new Set(mails.map((mail) => mail.messageId)).size === licences
    )
      break
    await delay(500)
  }
  assert.deepEqual(await counts(), { licences, delivered: licences, invoiced: licences })
  // The emulator itself is asked: never two keys of one id, and no key that no licence holds.
  const invariants = await world.esd('GET', '/invariants')
  assert.equal(invariants.keysPerTransaction, 1)
  assert.equal(invariants.keys, licences)
  // A second copy may exist only where the mail server's answer was lost, and then it is the same message.
  assert.equal(new Set(mails.map((mail) => mail.messageId)).size, licences)
  const copies = mails.length - licences
  const triedTwice = await reading(
    world.app.db,
    sellerScope,
    (sql) =>
      sql.one<{ n: number }>`select coalesce(sum(tries - 1), 0)::int as n from mail where state = 'sent'`,
  )
  assert.ok(copies <= triedTwice.n, `${copies} copies, but only ${triedTwice.n} second tries`)
  const numbers = await reading(
    world.app.db,
    sellerScope,
    (sql) =>
      sql.many<{
        number: string
      }>`select number from invoice where kind = 'invoice' and number is not null order by number`,
  )
  assert.deepEqual(
    numbers.map((row) => row.number),
    numbers.map((_, n) => `INV-2026-${String(n + 1).padStart(6, '0')}`),
  )
})
