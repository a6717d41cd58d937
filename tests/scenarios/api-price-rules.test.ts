// Price rules through the API, as a program of the seller's would keep them: made, read, changed, ended, and obeyed by the quote.
// The shop sells one licence at 119.00 EUR that costs 99.00.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Client, openClient } from '../support/api.ts'
import { openShop, type Shop } from '../support/fixtures.ts'

let shop: Shop
let client: Client
let key: string

before(async () => {
  shop = await openShop()
  client = await openClient(shop.app)
  key = shop.administrator.key
})
after(async () => {
  await client?.close()
  await shop?.close()
})

/** Where the seller is. */
const day = () => shop.app.now().toZonedDateTimeISO('Europe/Berlin').toPlainDate()
const today = () => day().toString()
const yesterday = () => day().subtract({ days: 1 }).toString()
const faults = (answer: { body: { errors?: { pointer: string; code: string }[] } }) =>
  (answer.body.errors ?? []).map(({ pointer, code }) => [pointer, code])

async function quoted(quantity: number): Promise<string> {
  const { north } = shop
  const answer = await client.ask('POST', '/price-quotes', {
    key: north.key,
    body: {
      billToId: north.account.id,
      endCustomerId: north.customer.id,
      lines: [{ planId: shop.planId, quantity }],
    },
  })
  return answer.status === 200 ? answer.body.net.amount : answer.body.code
}

async function made(path: string, body: object) {
  const answer = await client.ask('POST', path, { key, body })
  assert.equal(answer.status, 201, answer.text)
  return answer.body
}

test('a price list with its rules, given to an account', async () => {
  const list = await made('/price-lists', { name: 'Gold', validFrom: '2026-01-01' })
  assert.deepEqual(
    [list.validTo, list.isDefault, list.state, list.ruleCount, list.accountCount, list.version],
    [null, false, 'in force', 0, 0, 1],
  )
  const rule = await made(`/price-lists/${list.id}/rules`, {
    scope: { kind: 'product', id: shop.productId },
    method: { kind: 'fixed', price: { amount: '110.00', currency: 'EUR' } },
    validFrom: '2026-01-01',
  })
  assert.deepEqual(rule.method, { kind: 'fixed', percent: null, price: { amount: '110', currency: 'EUR' } })
  assert.equal(rule.scope.id, shop.productId)
  const account = `/accounts/${shop.north.account.id}/price-list`
  const given = await client.ask('PUT', account, { key, body: { priceListId: list.id } })
  assert.deepEqual([given.status, given.body.inForce?.name], [200, 'Gold'], given.text)
  assert.equal(await quoted(1), '110.00')
  // The company sees by which list it pays, and nothing of how it is made; its customers have none.
  const own = await client.ask('GET', account, { key: shop.north.key })
  assert.deepEqual([own.status, own.body.given?.name, own.body.inForce?.id], [200, 'Gold', list.id])
  const customer = await client.ask('GET', `/accounts/${shop.north.customer.id}/price-list`, {
    key: shop.north.key,
  })
  assert.deepEqual(customer.body, { paysForItself: false, given: null, inForce: null })
  const refused = await client.ask('PUT', account, { key: shop.north.key, body: { priceListId: null } })
  assert.deepEqual([refused.status, refused.body.code], [403, 'right/missing'])

  const path = `/price-lists/${list.id}/rules/${rule.id}`
  const wrong = await client.ask('PATCH', path, {
    key,
    body: { method: { kind: 'fixed', price: { amount: '-1', currency: 'XXX' } }, validTo: '2025-12-31' },
  })
  assert.deepEqual(faults(wrong), [
    ['/method/price/amount', 'out-of-range'],
    ['/method/price/currency', 'unknown-currency'],
    ['/validTo', 'before-first'],
  ])
  const stale = await client.ask('PATCH', path, { key, body: { version: 7, validTo: null } })
  assert.deepEqual([stale.status, stale.body.code], [409, 'conflict/changed-meanwhile'])
  const below = await client.ask('PATCH', path, {
    key,
    body: { method: { kind: 'markup', percent: '-5' } },
  })
  assert.deepEqual(
    [below.body.code, faults(below)],
    ['price/below-cost', [['/belowCost/reason', 'below-cost']]],
  )
  const approved = await client.ask('PATCH', path, {
    key,
    body: { method: { kind: 'markup', percent: '-5' }, belowCost: { reason: 'Clearance' } },
  })
  assert.deepEqual([approved.status, approved.body.belowCost.reason], [200, 'Clearance'], approved.text)
  assert.equal(await quoted(1), '94.05')
  const ended = await client.ask('POST', `${path}/end`, { key, body: { lastDay: yesterday() } })
  assert.deepEqual([ended.status, ended.body.rule.state], [200, 'ended'], ended.text)
  assert.equal(await quoted(1), '119.00')
  // A rule is found below its own list only.
  const other = await made('/price-lists', { name: 'Silver', validFrom: '2026-01-01' })
  const elsewhere = await client.ask('GET', `/price-lists/${other.id}/rules/${rule.id}`, { key })
  assert.equal(elsewhere.status, 404)
  const rules = await client.ask('GET', `/price-lists/${list.id}/rules?state=ended`, { key })
  assert.deepEqual(
    rules.body.items.map(({ id }: { id: string }) => id),
    [rule.id],
  )
})

test('a volume discount: asked twice with one key it is made once, and its tiers are corrected by their place', async () => {
  const body = {
    name: 'By the half dozen',
    scope: { kind: 'all' },
    mode: 'continuous',
    tiers: [{ from: 6, amount: { amount: '9.00', currency: 'EUR' } }],
    validFrom: '2026-01-01',
  }
  const once = 'volume-discount-1'
  const [first, second] = [
    await client.ask('POST', '/volume-discounts', { key, body, once }),
    await client.ask('POST', '/volume-discounts', { key, body, once }),
  ]
  assert.deepEqual([first.status, second.status, second.body.id], [201, 201, first.body.id])
  assert.deepEqual(first.body.tiers, [{ from: 6, percent: null, amount: { amount: '9', currency: 'EUR' } }])
  assert.equal(await quoted(5), '595.00')
  assert.equal(await quoted(6), '660.00')
  const path = `/volume-discounts/${first.body.id}`
  const wrong = await client.ask('PATCH', path, {
    key,
    body: {
      tiers: [
        { from: 6, amount: { amount: 'nine', currency: 'EUR' } },
        { from: 0, percent: '101' },
      ],
    },
  })
  assert.deepEqual(faults(wrong), [
    ['/tiers/0/amount/amount', 'out-of-range'],
    ['/tiers/1/percent', 'out-of-range'],
    ['/tiers/1/from', 'out-of-range'],
  ])
  const overlapping = await client.ask('POST', '/volume-discounts', { key, body: { ...body, name: 'Two' } })
  assert.deepEqual(faults(overlapping), [['/validFrom', 'overlaps']])
  await client.ask('POST', `${path}/end`, { key, body: { lastDay: yesterday() } })
  assert.equal(await quoted(6), '714.00')
})

test('a promotion is found by name and state, and ended', async () => {
  const promotion = await made('/promotions', {
    name: 'Autumn sale',
    discount: { percent: '10' },
    recurrence: 'one-time',
    validFrom: '2026-01-01',
  })
  assert.deepEqual(promotion.scopes, [{ kind: 'all', id: null, name: 'Everything', sku: null }])
  assert.equal(await quoted(1), '107.10')
  const path = `/promotions/${promotion.id}`
  const changed = await client.ask('PATCH', path, {
    key,
    body: { version: 1, prerequisiteProductId: shop.productId, terms: ['OneTime'] },
  })
  assert.deepEqual([changed.body.version, changed.body.terms], [2, ['OneTime']], changed.text)
  assert.equal(await quoted(1), '107.10', 'the product is in the same order, and a licence is bought once')
  const cleared = await client.ask('PATCH', path, { key, body: { prerequisiteProductId: null } })
  assert.equal(cleared.body.prerequisiteProductId, null)
  const found = async (query: string) =>
    (await client.ask('GET', `/promotions?${query}`, { key })).body.items.map(
      ({ name }: { name: string }) => name,
    )
  assert.deepEqual(await found('q=sale%20aut&state=in%20force'), ['Autumn sale'])
  assert.deepEqual(await found('q=spring'), [])
  const planned = await made('/promotions', {
    name: 'Spring sale',
    discount: { amount: { amount: '5.00', currency: 'EUR' } },
    recurrence: 'limited',
    periods: 3,
    validFrom: '2126-03-01',
  })
  assert.deepEqual([planned.state, planned.periods, planned.discount.amount.amount], ['planned', 3, '5'])
  const gone = await client.ask('POST', `/promotions/${planned.id}/end`, { key })
  assert.deepEqual([gone.status, gone.body], [200, { rule: null }])
  assert.equal((await client.ask('GET', `/promotions/${planned.id}`, { key })).status, 404)
  await client.ask('POST', `${path}/end`, { key, body: { lastDay: yesterday() } })
  assert.equal(await quoted(1), '119.00')
})

test('the conversion tool: history by currency, a rate in force is not rewritten, and a rate is tried out first', async () => {
  const rate = {
    currency: 'VES',
    baseCurrency: 'USD',
    rate: '040.50',
    validFrom: today(),
    market: 'mx',
    source: 'BCV',
  }
  const first = await made('/conversion-rules', rate)
  assert.deepEqual(
    [first.rate, first.market, first.overridesSheet, first.state, first.updatedBy],
    ['40.5', 'MX', false, 'in force', shop.administrator.actor.name],
  )
  const second = await made('/conversion-rules', { ...rate, rate: '41' })
  const listed = await client.ask('GET', '/conversion-rules?currency=VES', { key })
  assert.deepEqual(
    new Map(listed.body.items.map(({ id, state }: { id: string; state: string }) => [id, state])),
    new Map([
      [second.id, 'in force'],
      [first.id, 'followed'],
    ]),
  )
  const rewritten = await client.ask('PATCH', `/conversion-rules/${second.id}`, { key, body: { rate: '42' } })
  assert.deepEqual([rewritten.status, rewritten.body.code], [422, 'conversion-rule/in-force'])
  const tried = await client.ask('POST', '/price-trials', {
    key,
    once: null,
    body: { country: 'DE', currency: 'EUR', planId: shop.planId, quantity: 2 },
  })
  assert.equal(tried.status, 200, tried.text)
  assert.deepEqual(
    [tried.body.price.net.amount, tried.body.price.cost.amount, tried.body.problem],
    ['238.00', '198.00', null],
  )
  assert.equal(tried.body.price.words[0].title, 'Catalogue price')
  const none = await client.ask('POST', '/price-trials', {
    key,
    once: null,
    body: { country: 'VE', currency: 'VES', planId: shop.planId, quantity: 2 },
  })
  assert.deepEqual([none.body.price, none.body.problem.code], [null, 'price/not-calculable'])
  const wrong = await client.ask('POST', '/price-trials', {
    key,
    once: null,
    body: {
      country: 'VE',
      currency: 'VES',
      planId: shop.planId,
      quantity: 2,
      conversion: { baseCurrency: 'USD', rate: '0', market: 'MX' },
    },
  })
  assert.deepEqual(faults(wrong), [['/conversion/rate', 'not-a-rate']])
})

test('rules are the seller’s: others are refused, and an account manager may not set prices', async () => {
  for (const list of ['/conversion-rules', '/price-lists', '/volume-discounts', '/promotions'])
    for (const who of [shop.north.key, shop.manager.key, shop.support.key]) {
      const answer = await client.ask('GET', list, { key: who })
      assert.deepEqual([answer.status, answer.body.code], [403, 'right/missing'], list)
    }
})
