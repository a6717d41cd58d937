// How the API treats requests, whatever they are about: who asks, what is malformed, what is asked twice, whose it is.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { App } from '#flows/app.ts'
import { signIn } from '#flows/users/sign-in.ts'
import { openDatabase } from '#platform/db.ts'
import { type Answer, type Client, openClient } from '../support/api.ts'
import { openShop, SHOP_PASSWORD, SHOP_URL, type Shop } from '../support/fixtures.ts'

let shop: Shop
let client: Client
/** North's open basket, and one item of it. */
let basketId: string
let itemId: string
/** A delivered order of South. */
const south = { basketId: '', itemId: '', orderId: '', assetId: '', invoiceId: '' }

before(async () => {
  shop = await openShop()
  client = await openClient(shop.app)
  const { key } = shop.north
  basketId = (await client.ask('POST', '/baskets', { key })).body.id
  const added = await client.ask('POST', `/baskets/${basketId}/items`, {
    key,
    body: { planId: shop.planId, quantity: 1 },
  })
  itemId = added.body.items[0].id
  await buyForSouth()
})
after(async () => {
  await client?.close()
  await shop?.close()
})

async function buyForSouth(): Promise<void> {
  const { key, account } = shop.south
  south.basketId = (await client.ask('POST', '/baskets', { key })).body.id
  const added = await client.ask('POST', `/baskets/${south.basketId}/items`, {
    key,
    body: { planId: shop.planId, quantity: 1 },
  })
  south.itemId = added.body.items[0].id
  const body = {
    accountId: account.id,
    connector: 'microsoft-esd',
    options: { keyDeliveryEmail: 'it@south.example' },
  }
  await client.ask('PUT', `/baskets/${south.basketId}/service-details`, { key, body })
  const placed = await client.ask('POST', `/baskets/${south.basketId}/checkout`, { key })
  south.orderId = placed.body.orders[0].id
  await shop.run()
  const { body: order } = await client.ask('GET', `/orders/${south.orderId}`, { key })
  south.assetId = order.items[0].asset.id
  south.invoiceId = order.invoices[0].id
}

function assertProblem(answer: Answer, status: number, code: string): void {
  assert.equal(answer.status, status, answer.text)
  assert.match(String(answer.headers['content-type']), /^application\/problem\+json/)
  assert.equal(answer.body.code, code)
  assert.equal(answer.body.status, status)
  assert.equal(typeof answer.body.title, 'string')
}

test('without a key, with an unknown one and with a revoked one: 401', async () => {
  for (const headers of [
    {},
    { authorization: 'Bearer emp_nobody' },
    { authorization: 'Basic abc' },
    { cookie: 'emporion_shop=nothing' },
  ]) {
    const answer = await client.ask('GET', '/me', { headers: headers as Record<string, string> })
    assertProblem(answer, 401, 'auth/required')
    assert.match(String(answer.headers['www-authenticate']), /^Bearer/)
    assert.doesNotMatch(answer.text, /emp_nobody/)
  }
  const { status, body } = await client.ask('GET', '/me', { key: shop.north.key })
  assert.deepEqual([status, body.kind, body.account.name], [200, 'reseller', 'North'])
  assert.equal((await client.ask('GET', '/me', { key: shop.manager.key })).body.account, null)
})

test("a session's cookie reads, and writes only from our own pages", async () => {
  const { token } = await signIn(shop.app, { email: shop.north.email, password: SHOP_PASSWORD })
  const cookie = `emporion_shop=${token}`
  assert.equal((await client.ask('GET', '/me', { headers: { cookie } })).body.user.email, shop.north.email)
  const write = (headers: Record<string, string>) =>
    client.ask('POST', '/baskets', { headers: { cookie, ...headers } })
  assertProblem(await write({}), 403, 'right/cross-site')
  assertProblem(
    await write({ origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }),
    403,
    'right/cross-site',
  )
  assertProblem(await write({ 'sec-fetch-site': 'same-site' }), 403, 'right/cross-site')
  assert.equal((await write({ origin: SHOP_URL })).status, 201)
  assert.equal((await write({ 'sec-fetch-site': 'same-origin' })).status, 201)
})

test('what cannot be read is told apart from what is wrong', async () => {
  const { key } = shop.north
  const path = `/baskets/${basketId}/items`
  assertProblem(await client.ask('POST', path, { key, body: '{"planId": ' }), 400, 'input/malformed')
  assertProblem(await client.ask('POST', path, { key }), 422, 'input/invalid')
  assertProblem(
    await client.ask('POST', path, { key, body: 'a=b', headers: { 'content-type': 'text/plain' } }),
    415,
    'input/unsupported-media-type',
  )
  assertProblem(
    await client.ask('POST', path, { key, body: JSON.stringify('x'.repeat(1_100_000)) }),
    413,
    'input/too-large',
  )
  assertProblem(await client.ask('POST', path, { key, once: null, body: {} }), 400, 'idempotency/key-missing')
  assertProblem(
    await client.ask('POST', path, { key, once: 'with a space', body: {} }),
    400,
    'idempotency/key-malformed',
  )
  assertProblem(await client.ask('GET', '/nothing', { key }), 404, 'route/not-found')
  assertProblem(await client.ask('GET', '/orders?limit=0', { key }), 422, 'input/invalid')
  assertProblem(await client.ask('GET', '/orders?limit=201', { key }), 422, 'input/invalid')
  assertProblem(await client.ask('GET', '/orders?limit=two', { key }), 422, 'input/invalid')
  const unknown = await client.ask('GET', '/orders?limt=5', { key })
  assert.deepEqual([unknown.body.errors[0].pointer, unknown.body.errors[0].code], ['/limt', 'unknown-field'])
  assertProblem(await client.ask('GET', '/orders/not-an-id', { key }), 404, 'order/not-found')
})

test('text no database can hold is refused by name', async () => {
  const { key } = shop.north
  for (const reference of ['a\u0000b', 'half \ud800']) {
    const answer = await client.ask('PATCH', `/baskets/${basketId}`, { key, body: { reference } })
    assertProblem(answer, 422, 'input/invalid')
    assert.equal(answer.body.errors[0].pointer, '/reference')
  }
  assertProblem(await client.ask('GET', '/orders?q=%00', { key }), 422, 'input/invalid')
  assertProblem(
    await client.ask('GET', '/notifications/%00', { key: shop.administrator.key }),
    422,
    'input/invalid',
  )
  const options = { ['a\u0000']: 'x' }
  assertProblem(
    await client.ask('PUT', `/accounts/${shop.north.account.id}/sync/microsoft-esd`, {
      key,
      body: { options },
    }),
    422,
    'input/invalid',
  )
})

test('a quantity that is no whole number from 1 on is refused by name, and nothing is kept', async () => {
  const { key } = shop.north
  for (const quantity of [0, -1, 1.5, 1e9, 101, '', '3', null, true, undefined]) {
    const body = { planId: shop.planId, quantity }
    const added = await client.ask('POST', `/baskets/${basketId}/items`, { key, body })
    assertProblem(added, 422, 'input/invalid')
    assert.deepEqual(
      added.body.errors.map((each: { pointer: string }) => each.pointer),
      ['/quantity'],
      String(quantity),
    )
    const question = {
      billingToId: shop.north.account.id,
      endCustomerId: shop.north.account.id,
      lines: [{ planId: shop.planId, quantity: 1 }, body],
    }
    const quoted = await client.ask('POST', '/price-quotes', { key, body: question })
    assert.equal(quoted.body.errors[0].pointer, '/lines/1/quantity')
    const order = await client.ask('POST', '/orders', {
      key: shop.manager.key,
      body: { endCustomerId: shop.north.account.id, lines: [body] },
    })
    assert.equal(order.body.errors[0].pointer, '/lines/0/quantity')
  }
  assert.equal((await client.ask('GET', `/baskets/${basketId}`, { key })).body.items.length, 1)
})

test('a new customer is checked field by field', async () => {
  const { key } = shop.north
  const body = {
    name: '',
    contactFirstName: 'A',
    contactLastName: 'B',
    email: 'a@b.example\r\nBcc: c@d.example',
    addressLine1: 'x',
    city: 'y',
    country: 'ZZ',
    extra: 1,
  }
  const strict = await client.ask('POST', '/accounts', { key, body })
  assert.deepEqual(
    strict.body.errors.map((each: { pointer: string }) => each.pointer),
    ['/extra'],
  )
  const { extra: _, ...known } = body
  const wrong = await client.ask('POST', '/accounts', { key, body: known })
  assertProblem(wrong, 422, 'input/invalid')
  assert.deepEqual(
    wrong.body.errors.map((each: { pointer: string }) => each.pointer),
    ['/name', '/email', '/country'],
  )
  const fine = { ...known, name: 'New customer', email: 'a@b.example', country: 'DE', postalCode: '10115' }
  const made = await client.ask('POST', '/accounts', { key, body: fine })
  assert.equal(made.status, 201, made.text)
  assert.deepEqual(
    [made.body.parentId, made.body.currency, made.body.creditLimit],
    [shop.north.account.id, 'EUR', null],
  )
  const forbidden = await client.ask('PATCH', `/accounts/${made.body.id}`, { key, body: { paymentDays: 90 } })
  assertProblem(forbidden, 403, 'right/missing')
  const limited = await client.ask('PATCH', `/accounts/${made.body.id}`, {
    key: shop.administrator.key,
    body: { creditLimit: { amount: '2500.00', currency: 'EUR' } },
  })
  assert.equal(limited.status, 200, limited.text)
  assert.deepEqual(limited.body.creditLimit, { amount: '2500.00', currency: 'EUR' })
  const tooPrecise = await client.ask('PATCH', `/accounts/${made.body.id}`, {
    key: shop.administrator.key,
    body: { creditLimit: { amount: '1.005', currency: 'EUR' } },
  })
  assert.equal(tooPrecise.body.errors[0].pointer, '/creditLimit/amount')
  const found = await client.ask('GET', '/accounts?q=new%20cust&limit=1', { key })
  assert.deepEqual(
    found.body.items.map((each: { name: string }) => each.name),
    ['New customer'],
  )
})

test('one key, one effect: replayed, refused for another body, and for two at once', async () => {
  const { key } = shop.direct
  const own = (await client.ask('POST', '/baskets', { key })).body.id
  const path = `/baskets/${own}/items`
  const body = { planId: shop.planId, quantity: 2 }
  const first = await client.ask('POST', path, { key, body, once: 'k1' })
  const again = await client.ask('POST', path, {
    key,
    body: { quantity: 2, planId: shop.planId },
    once: 'k1',
  })
  assert.equal(first.headers['idempotent-replay'], undefined)
  assert.equal(again.headers['idempotent-replay'], 'true')
  assert.deepEqual([again.status, again.body], [first.status, first.body])
  assertProblem(
    await client.ask('POST', path, { key, body: { ...body, quantity: 3 }, once: 'k1' }),
    422,
    'idempotency/key-reused',
  )
  assertProblem(await client.ask('POST', '/baskets', { key, once: 'k1' }), 422, 'idempotency/key-reused')

  const both = await Promise.all(
    Array.from({ length: 5 }, () => client.ask('POST', path, { key, body, once: 'k2' })),
  )
  assert.deepEqual(new Set(both.map((each) => each.text)).size, 1)
  assert.equal(both.filter((each) => each.headers['idempotent-replay'] === undefined).length, 1)
  assert.equal((await client.ask('GET', `/baskets/${own}`, { key })).body.items.length, 4)

  assertProblem(
    await client.ask('POST', path, { key, body: { ...body, quantity: 101 }, once: 'k3' }),
    422,
    'input/invalid',
  )
  assert.equal(
    (await client.ask('POST', path, { key, body, once: 'k3' })).status,
    201,
    'a refusal is not remembered',
  )
  const other = await client.ask('POST', '/baskets', { key: shop.north.key, once: 'k1' })
  assert.equal(other.status, 201, "another user's key is another key")
  const removed = first.body.items[0].id
  const gone = await client.ask('DELETE', `${path}/${removed}`, { key, once: 'k4' })
  const replay = await client.ask('DELETE', `${path}/${removed}`, { key, once: 'k4' })
  assert.deepEqual([gone.status, replay.status, replay.body], [200, 200, gone.body])
})

test('what belongs to another reseller is not there, on every path that takes an id', async () => {
  const { key } = shop.north
  const { account, customer } = shop.south
  const sync = `/accounts/${customer.id}/sync/microsoft-esd`
  const item = { planId: shop.planId, quantity: 1 }
  const details = { connector: 'microsoft-esd', options: { keyDeliveryEmail: 'x@y.example' } }
  const foreign: [string, string, unknown?][] = [
    ['GET', `/accounts/${account.id}`],
    ['GET', `/accounts/${customer.id}`],
    ['PATCH', `/accounts/${customer.id}`, { city: 'Bonn' }],
    ['POST', '/accounts', { kind: 'reseller', parentId: 'not-an-id' }],
    ['GET', sync],
    ['PUT', sync, { options: { keyDeliveryEmail: 'x@y.example' } }],
    ['POST', `${sync}/synchronize`],
    ['POST', '/price-quotes', { billingToId: account.id, endCustomerId: customer.id, lines: [item] }],
    [
      'POST',
      '/price-quotes',
      { billingToId: shop.north.account.id, endCustomerId: customer.id, lines: [item] },
    ],
    ['GET', `/baskets/${south.basketId}`],
    ['PATCH', `/baskets/${south.basketId}`, { reference: 'x' }],
    ['POST', `/baskets/${south.basketId}/items`, item],
    ['PATCH', `/baskets/${south.basketId}/items/${south.itemId}`, { isForResale: false }],
    ['PATCH', `/baskets/${basketId}/items/${south.itemId}`, { isForResale: false }],
    ['PATCH', `/baskets/${basketId}/items/${itemId}`, { endCustomerId: customer.id }],
    ['DELETE', `/baskets/${south.basketId}/items/${south.itemId}`],
    ['DELETE', `/baskets/${basketId}/items/${south.itemId}`],
    ['PUT', `/baskets/${south.basketId}/service-details`, { accountId: account.id, ...details }],
    ['PUT', `/baskets/${basketId}/service-details`, { accountId: customer.id, ...details }],
    ['POST', `/baskets/${south.basketId}/accept-prices`],
    ['POST', `/baskets/${south.basketId}/checkout`],
    ['POST', '/orders', { endCustomerId: customer.id, lines: [item] }],
    ['GET', `/orders/${south.orderId}`],
    ['POST', `/orders/${south.orderId}/execute`],
    ['POST', `/orders/${south.orderId}/cancel`],
    ['GET', `/assets/${south.assetId}`],
    ['POST', `/assets/${south.assetId}/decline`, { answer: 'x' }],
    ...['reveal', 'resend', 'retry', 'check', 'cancel', 'withdraw'].map((verb): [string, string] => [
      'POST',
      `/assets/${south.assetId}/${verb}`,
    ]),
    ['GET', `/invoices/${south.invoiceId}`],
    ['GET', `/invoices/${south.invoiceId}/pdf`],
    ['GET', `/products/${randomUUID()}`],
    ['GET', `/plans/${randomUUID()}`],
    ['PUT', `/plans/${randomUUID()}/prices`, { prices: [] }],
    ['PATCH', `/products/${randomUUID()}`, { name: 'x' }],
  ]
  for (const [method, path, body] of foreign) {
    const answer = await client.ask(method, path, { key, body })
    assert.equal(answer.status, 404, `${method} ${path}: ${answer.text}`)
    assert.match(String(answer.headers['content-type']), /^application\/problem\+json/)
    assert.match(answer.body.code, /\/not-found$/)
  }
  for (const list of ['/orders', '/assets', '/invoices']) {
    const all = await client.ask('GET', list, { key })
    assert.deepEqual(all.body.items, [])
    assert.deepEqual((await client.ask('GET', `${list}?accountId=${account.id}`, { key })).body.items, [])
  }
  const accounts = await client.ask('GET', '/accounts', { key })
  assert.doesNotMatch(accounts.text, /South/)
  const own = await client.ask('GET', `/orders/${south.orderId}`, { key: shop.south.key })
  assert.equal(own.status, 200)
  const colleague = await client.ask('GET', `/orders/${south.orderId}`, { key: shop.support.key })
  assert.doesNotMatch(colleague.text, /unitCost/, 'support sees no costs')
})

test('what the rights do not allow is 403', async () => {
  const { key } = shop.south
  const forbidden: [string, string, string, unknown?][] = [
    [
      key,
      'POST',
      '/orders',
      { endCustomerId: shop.south.customer.id, lines: [{ planId: shop.planId, quantity: 1 }] },
    ],
    [key, 'POST', `/orders/${south.orderId}/execute`],
    [key, 'PUT', `/plans/${shop.planId}/prices`, { prices: [] }],
    [key, 'PATCH', `/products/${shop.productId}`, { isPublished: false }],
    [key, 'GET', '/jobs'],
    [key, 'GET', '/mails'],
    [key, 'GET', '/audit'],
    [key, 'GET', '/notifications'],
    [shop.support.key, 'POST', `/assets/${south.assetId}/reveal`],
    [shop.manager.key, 'POST', '/baskets'],
    [shop.manager.key, 'PUT', `/plans/${shop.planId}/prices`, { prices: [] }],
  ]
  for (const [who, method, path, body] of forbidden) {
    const answer = await client.ask(method, path, { key: who, body })
    assert.equal(answer.status, 403, `${method} ${path}: ${answer.text}`)
    assert.match(answer.body.code, /^right\//)
  }
})

test('prices are set by whoever may, with consent where one is needed; costs stay with the seller', async () => {
  const { key } = shop.administrator
  const path = `/plans/${shop.planId}/prices`
  const eur = {
    unitPrice: { amount: '119.00', currency: 'EUR' },
    unitCost: { amount: '99.00', currency: 'EUR' },
  }
  const below = await client.ask('PUT', path, {
    key,
    body: { prices: [{ ...eur, unitPrice: { amount: '98.00', currency: 'EUR' } }] },
  })
  assertProblem(below, 422, 'price/below-cost')
  assert.equal(below.body.errors[0].pointer, '/prices/0/unitPrice')
  const chf = { unitPrice: { amount: '125', currency: 'CHF' } }
  const set = await client.ask('PUT', path, { key, body: { prices: [eur, chf] } })
  assert.equal(set.status, 200, set.text)
  assert.deepEqual(set.body.prices, [
    { unitPrice: { amount: '125.00', currency: 'CHF' }, unitCost: null },
    { unitPrice: { amount: '119.00', currency: 'EUR' }, unitCost: { amount: '99.00', currency: 'EUR' } },
  ])
  const seen = await client.ask('GET', `/plans/${shop.planId}`, { key: shop.north.key })
  assert.deepEqual(seen.body.prices, [{ unitPrice: { amount: '119.00', currency: 'EUR' } }])
  for (const where of ['/plans', '/products', `/products/${shop.productId}`])
    assert.doesNotMatch((await client.ask('GET', where, { key: shop.north.key })).text, /cost|99\.00/i)
  const back = await client.ask('PUT', path, { key, body: { prices: [eur] } })
  assert.equal(back.body.prices.length, 1)
})

test('a product is withdrawn, not seen by buyers, and published again', async () => {
  const { key } = shop.administrator
  const path = `/products/${shop.productId}`
  const withdrawn = await client.ask('PATCH', path, { key, body: { isPublished: false, summary: 'Later' } })
  assert.deepEqual([withdrawn.body.isPublished, withdrawn.body.summary], [false, 'Later'])
  assert.equal((await client.ask('GET', path, { key: shop.north.key })).status, 404)
  const basket = await client.ask('GET', `/baskets/${basketId}`, { key: shop.north.key })
  assert.equal(basket.body.items[0].problem.code, 'product/withdrawn')
  const checkout = await client.ask('POST', `/baskets/${basketId}/checkout`, { key: shop.north.key })
  assert.equal(checkout.status, 422)
  await client.ask('PATCH', path, { key, body: { isPublished: true } })
  assert.equal((await client.ask('GET', path, { key: shop.north.key })).status, 200)
})

test('setup: a notification is changed and previewed; mails, jobs and the audit log are listed', async () => {
  const { key } = shop.administrator
  const { body: all } = await client.ask('GET', '/notifications', { key })
  const code = all.items.find((each: { name: string }) => /Welcome Microsoft ESD/.test(each.name)).code
  const changed = await client.ask('PATCH', `/notifications/${code}`, {
    key,
    body: { cc: ['log@seller.example'] },
  })
  assert.deepEqual(changed.body.cc, ['log@seller.example'])
  const stale = await client.ask('PATCH', `/notifications/${code}`, {
    key,
    body: { version: 1, isActive: false },
  })
  assertProblem(stale, 409, 'state/changed-meanwhile')
  const preview = await client.ask('POST', `/notifications/${code}/preview`, {
    key,
    body: { assetId: south.assetId },
    once: null,
  })
  assert.equal(preview.status, 200, preview.text)
  assert.doesNotMatch(preview.text, /AAAAA-BBBBB/)
  const mails = await client.ask('GET', '/mails?limit=1', { key })
  assert.deepEqual(mails.body.items[0].to, ['it@south.example'])
  const jobs = await client.ask('GET', '/jobs?limit=2', { key })
  assert.equal(jobs.body.items.length, 2)
  const more = await client.ask('GET', `/jobs?limit=2&cursor=${encodeURIComponent(jobs.body.nextCursor)}`, {
    key,
  })
  assert.equal(more.status, 200, more.text)
  const audit = await client.ask('GET', '/audit?subjectType=notification', { key })
  assert.equal(audit.body.items[0].action, 'notification/changed')
})

test('an invoice is a PDF', async () => {
  const answer = await client.ask('GET', `/invoices/${south.invoiceId}/pdf`, { key: shop.south.key })
  assert.equal(answer.status, 200, answer.text.slice(0, 300))
  assert.equal(answer.headers['content-type'], 'application/pdf')
  assert.match(answer.text, /^%PDF/)
})

test('a database that is away is 503 with a time to come back; a bug is 500 with a reference', async () => {
  const away = openDatabase({ host: '127.0.0.1', port: 1, user: 'x', database: 'x' })
  const other = await openClient({ ...shop.app, db: away } as App)
  try {
    const answer = await other.ask('GET', '/me', { key: shop.north.key })
    assertProblem(answer, 503, 'outage')
    assert.equal(answer.headers['retry-after'], '5')
    assert.doesNotMatch(answer.text, /127\.0\.0\.1|ECONN/)
  } finally {
    await other.close()
    await away.close()
  }
  const broken = await openClient({
    ...shop.app,
    now: () => {
      throw new Error('a secret of ours')
    },
  })
  try {
    const answer = await broken.ask('GET', '/me', { key: shop.north.key })
    assertProblem(answer, 500, 'bug')
    assert.match(answer.body.reference, /^[0-9a-f-]{36}$/)
    assert.doesNotMatch(answer.text, /secret of ours|\.ts/)
  } finally {
    await broken.close()
  }
})

test('what a body names and is not there is told with its field', async () => {
  const nobody = randomUUID()
  const item = { planId: shop.planId, quantity: 1 }
  const company = {
    kind: 'customer',
    name: 'New',
    contactFirstName: 'A',
    contactLastName: 'B',
    email: 'a@new.example',
    addressLine1: 'Unter den Linden 1',
    postalCode: '10117',
    city: 'Berlin',
    country: 'DE',
    currency: 'EUR',
  }
  const asked: [string, string, object, string][] = [
    ['POST', '/accounts', { ...company, parentId: nobody }, '/parentId'],
    ['POST', '/orders', { endCustomerId: nobody, lines: [item] }, '/endCustomerId'],
    [
      'POST',
      '/price-quotes',
      { billToId: nobody, endCustomerId: shop.north.customer.id, lines: [item] },
      '/billToId',
    ],
    [
      'POST',
      '/price-quotes',
      { billToId: shop.north.account.id, endCustomerId: nobody, lines: [item] },
      '/endCustomerId',
    ],
  ]
  for (const [method, path, body, pointer] of asked) {
    const answer = await client.ask(method, path, { key: shop.manager.key, body })
    assert.equal(answer.status, 404, `${path}: ${answer.text}`)
    assert.deepEqual(
      answer.body.errors.map((each: { pointer: string }) => each.pointer),
      [pointer],
      answer.text,
    )
  }
  const { key } = shop.north
  const basket = await client.ask('POST', '/baskets', { key })
  const path = `/baskets/${basket.body.id}/items`
  const unknown = await client.ask('POST', path, { key, body: { planId: nobody, quantity: 1 } })
  assert.deepEqual([unknown.status, unknown.body.errors[0].pointer], [404, '/planId'])
  const fixed = await client.ask('PATCH', `${path}/${itemId}`, { key, body: { quantity: 3 } })
  assert.deepEqual(
    [fixed.status, fixed.body.code, fixed.body.errors[0].pointer],
    [422, 'basket/esd-quantity-is-fixed', '/quantity'],
  )
})
