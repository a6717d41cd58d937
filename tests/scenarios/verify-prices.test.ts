// `emporion prices verify`: every price is computed again from its explanation alone, and one that somebody tampered with is found.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { settleOrder } from '#flows/invoicing/settle-order.ts'
import { createPromotion } from '#flows/pricing/manage-promotions.ts'
import { createVolumeDiscount } from '#flows/pricing/manage-volume-discounts.ts'
import type { OrderId, SubscriptionId } from '#kernel/ids.ts'
import { system } from '#modules/users'
import { sellerScope, transaction } from '#platform/db.ts'
import { enqueue } from '#platform/jobs.ts'
import { type FoundDifference, verifyPrices } from '#views/pricing/verify-prices.ts'
import { type Client, openClient } from '../support/api.ts'
import { openShop, type Shop } from '../support/fixtures.ts'
import { beginFirstTerm, insertSilentInstance, insertSoftwareOrder } from '../support/software-order.ts'

let shop: Shop
let client: Client
let yearly: SubscriptionId

before(async () => {
  shop = await openShop()
  client = await openClient(shop.app)
  const maker = system('test')
  await createVolumeDiscount(shop.app, maker, {
    name: 'From three',
    scope: { kind: 'all' },
    mode: 'scale',
    tiers: [{ from: 3, percent: '3.3333' }],
    validFrom: '2026-01-01',
  })
  await createPromotion(shop.app, maker, {
    name: 'Autumn',
    discount: { percent: '1.5' },
    recurrence: 'one-time',
    scopes: [{ kind: 'all' }],
    terms: [],
    newCustomersOnly: false,
    isCombinable: false,
    validFrom: '2026-01-01',
  })
  const { key, account } = shop.north
  const { body: basket } = await client.ask('POST', '/baskets', { key })
  await client.ask('POST', `/baskets/${basket.id}/items`, {
    key,
    body: { planId: shop.planId, quantity: 5 },
  })
  await client.ask('PUT', `/baskets/${basket.id}/service-details`, {
    key,
    body: {
      accountId: account.id,
      connector: 'microsoft-esd',
      options: { keyDeliveryEmail: 'keys@north.example' },
    },
  })
  const placed = await client.ask('POST', `/baskets/${basket.id}/checkout`, { key })
  assert.equal(placed.status, 201, placed.text)
  // Three years billed yearly: 100.00 in three charges.
  yearly = await insertSoftwareOrder(shop.app, {
    instanceId: await insertSilentInstance(shop.app),
    billingToId: account.id,
    endCustomerId: shop.north.customer.id,
    sku: 'DG7GMGF0EM01:0001',
    term: 'P3Y',
    billingPlan: 'annual',
    quantity: 1,
    retail: '100.00',
    cost: '80.00',
  })
  await beginFirstTerm(shop.app, yearly, shop.app.now())
  const { orderId } = await transaction(
    shop.app.db,
    sellerScope,
    (tx) => tx.one<{ orderId: OrderId }>`select order_id from subscription where id = ${yearly}`,
  )
  await transaction(shop.app.db, sellerScope, (tx) => enqueue(tx, settleOrder, [{ orderId }]))
  await shop.run()
})
after(async () => {
  await client?.close()
  await shop?.close()
})

async function verified() {
  const found: FoundDifference[] = []
  const verification = await verifyPrices(shop.app.db, system('test'), (each) => found.push(each))
  const told = found.map(({ kind, field, stored, computed }) => [kind, field, stored, computed])
  return { ...verification, told }
}

async function tamper(statement: string): Promise<void> {
  const touched = await transaction(shop.app.db, sellerScope, (tx) =>
    tx.plain(`with done as (${statement} returning 1) select count(*)::int as count from done`, []),
  )
  assert.deepEqual(touched, [{ count: 1 }])
}

/** The command as an operator runs it; answers how it ended and what it said. */
async function command(): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, ['src/main/cli.ts', 'prices', 'verify'], {
    env: {
      ...process.env,
      DATABASE_URL: shop.databaseUrl,
      DATA_DIR: mkdtempSync(path.join(os.tmpdir(), 'emporion-verify-')),
      EMPORION_KEY: Buffer.alloc(32, 7).toString('base64'),
    },
  })
  let said = ''
  child.stdout.on('data', (chunk) => (said += chunk))
  child.stderr.on('data', (chunk) => (said += chunk))
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { code, said }
}

test('prices of licences with discounts, of a subscription and of their invoices are what their explanations come to', async () => {
  const { checked, different, told } = await verified()
  assert.deepEqual(told, [])
  // Five licences and one line of software; the invoices charge the licences and the first year.
  assert.deepEqual([checked, different], [{ 'order line': 6, subscription: 1, 'invoice line': 6 }, 0])
  const { code, said } = await command()
  assert.equal(code, 0, said)
  assert.match(said, /6 order lines, 1 subscriptions, 6 invoice lines computed again: all as stored\./)
})

test('a stored amount, a charge, a tampered step and an explanation that cannot be followed are each found', async () => {
  await tamper(`update order_item set net_minor = net_minor + 1 where position = 3 and sku not like '%:%'`)
  // 119.00 less 3.3333 % is 115.033373, less 1.5 % is 113.3078724…: 113.31.
  assert.deepEqual((await verified()).told, [['order line', 'net', '113.32', '113.31']])
  const { code, said } = await command()
  assert.equal(code, 1, said)
  assert.match(
    said,
    /order line SO-\d+, line 3: net is 113\.32, and its explanation comes to 113\.31 \(EUR\)/,
  )
  assert.match(said, /: 1 differ\./)
  await tamper(`update order_item set net_minor = net_minor - 1 where position = 3 and sku not like '%:%'`)

  await tamper(`update subscription_charge set net_minor = 3400 where position = 2`)
  assert.deepEqual((await verified()).told, [['subscription', 'charge 2', '34.00', '33.33']])
  await tamper(`update subscription_charge set net_minor = 3333 where position = 2`)

  // Who lowers the price in a step is found out by every amount that was made with it.
  await tamper(
    `update order_item set pricing = jsonb_set(pricing, '{steps,0,retail}', '"99.00"') where sku like '%:%'`,
  )
  assert.deepEqual((await verified()).told, [
    ['order line', 'unit price', '100.000000', '99.00'],
    ['order line', 'net', '100.00', '99.00'],
    ['order line', 'explained unit price', '100.00', '99.00'],
    ['order line', 'explained net', '100.00', '99.00'],
    ['order line', 'explained charges', '33.34 + 33.33 + 33.33', '33.00 + 33.00 + 33.00'],
    ['order line', 'unit price buyers are shown', '100.00', '99.00'],
    ['order line', 'net buyers are shown', '100.00', '99.00'],
  ])
  await tamper(`update order_item set pricing = jsonb_set(pricing, '{steps}', '[]') where sku like '%:%'`)
  const [lost, ...others] = (await verified()).told
  assert.deepEqual([lost?.slice(0, 3), others], [['order line', 'explanation', 'kept'], []])
})
