// A pool of keys that runs low (product.md E14): the seller is told once after each upload, who waits for a key is served by the next one,
// the longest first, and the dashboard counts both.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { viewDashboard } from '#views/setup/dashboard.ts'
import { type Client, openClient } from '../support/api.ts'
import { openShop, poolKey, type Shop } from '../support/fixtures.ts'

let shop: Shop
let client: Client
before(async () => {
  shop = await openShop({ keys: 12 })
  client = await openClient(shop.app)
  const sync = `/accounts/${shop.direct.account.id}/sync/microsoft-esd`
  const options = { options: { keyDeliveryEmail: 'keys@direct.example' } }
  await client.ask('PUT', sync, { key: shop.manager.key, body: options })
  await client.ask('POST', `${sync}/synchronize`, { key: shop.manager.key, body: {} })
  await shop.run()
})
after(async () => {
  await client?.close()
  await shop?.close()
})

async function buy(quantity: number): Promise<void> {
  const { key } = shop.direct
  const { body: basket } = await client.ask('POST', '/baskets', { key })
  await client.ask('POST', `/baskets/${basket.id}/items`, { key, body: { planId: shop.planId, quantity } })
  const placed = await client.ask('POST', `/baskets/${basket.id}/checkout`, { key })
  assert.equal(placed.status, 201, placed.text)
  await shop.run()
}

/** Keys with these numbers. */
async function upload(from: number, to: number): Promise<void> {
  const keys = Array.from({ length: to - from + 1 }, (_, n) => poolKey(from + n))
  const { status, text } = await client.ask('POST', `/key-pools/${shop.planId}/keys`, {
    key: shop.administrator.key,
    body: ['key', ...keys].join('\n'),
    headers: { 'content-type': 'text/csv' },
  })
  assert.equal(status, 200, text)
  await shop.run()
}

/** Numbers of the licences, the oldest first, that have a key or wait for one. */
const licences = async () => {
  const { body } = await client.ask('GET', '/assets?limit=100', { key: shop.direct.key })
  const all = body.items.reverse() as { number: string; provisioning: string }[]
  const that = (state: string) =>
    all.filter((each) => each.provisioning === state).map(({ number }) => number)
  return { delivered: that('synchronized').length, waiting: that('unsynchronised') }
}

const warnings = async () => {
  const { body } = await client.ask('GET', '/mails?notification=key-pool-low', {
    key: shop.administrator.key,
  })
  return body.items.map((mail: { subject: string; to: string[] }) => `${mail.to} ${mail.subject}`)
}

const dashboard = async () => {
  const { lowPools, awaitingKeys } = await viewDashboard(shop.app.db, shop.administrator.actor, {
    now: shop.app.now(),
  })
  return { lowPools, awaitingKeys }
}

test('few keys are told once after each upload, and who waits is served by the next', async () => {
  await buy(1)
  assert.deepEqual(await warnings(), [], '11 are left')
  assert.deepEqual(await dashboard(), { lowPools: 0, awaitingKeys: 0 })
  await buy(2)
  const told = 'orders@seller.example Few keys are left: Backup Desktop'
  assert.deepEqual(await warnings(), [told], '9 are left')
  assert.deepEqual(await dashboard(), { lowPools: 1, awaitingKeys: 0 })

  await buy(12)
  const before = await licences()
  assert.equal(before.delivered, 12)
  assert.equal(before.waiting.length, 3)
  assert.deepEqual(await warnings(), [told], 'nothing was uploaded since')
  assert.deepEqual(await dashboard(), { lowPools: 1, awaitingKeys: 3 })

  await upload(100, 101)
  const after = await licences()
  assert.equal(after.delivered, 14)
  assert.deepEqual(after.waiting, before.waiting.slice(2), 'the longest first')
  assert.equal((await warnings()).length, 2, 'too few were uploaded')

  await upload(200, 219)
  assert.deepEqual(await licences(), { delivered: 15, waiting: [] })
  assert.equal((await warnings()).length, 2, '19 are left')
  assert.deepEqual(await dashboard(), { lowPools: 0, awaitingKeys: 0 })
  const { body } = await client.ask('GET', `/key-pools/${shop.planId}`, { key: shop.administrator.key })
  assert.deepEqual([body.free, body.given], [19, 15])
})
