// What holds for every operation of the API, taken from its own description, so that a new one cannot be forgotten: whose things
// are there for whom, that a write has a key, that a list is bounded, and that no answer tells a secret.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { createPoolProduct } from '#flows/catalogue/create-pool-product.ts'
import { createApiKey } from '#flows/users/api-keys.ts'
import { createUser } from '#flows/users/manage-users.ts'
import { type InstanceId, newId, type PriceSheetId } from '#kernel/ids.ts'
import { insertCatalogueRun, queueRun } from '#modules/catalogue'
import { actorWith, system } from '#modules/users'
import { reading, sellerScope, transaction } from '#platform/db.ts'
import { type Answer, type Asking, type Client, openClient } from '../support/api.ts'
import { openShop, type Reseller, type Shop } from '../support/fixtures.ts'
import { beginFirstTerm, insertSilentInstance, insertSoftwareOrder } from '../support/software-order.ts'

type Ids = Record<string, Record<string, string>>
type Operation = {
  method: string
  path: string
  writes: boolean
  lists: boolean
  needsBody: boolean
  upload?: string
}

let shop: Shop
let client: Client
let operations: Operation[]
let silent: InstanceId
let north: Ids
let south: Ids
/** Somebody of North who may only look at orders, licences and invoices. */
let clerk: string

before(async () => {
  shop = await openShop()
  client = await openClient(shop.app)
  operations = await describedOperations()
  const sellers = await sellersThings()
  silent = await insertSilentInstance(shop.app)
  north = { ...sellers, ...(await thingsOf(shop.north)) }
  south = { ...sellers, ...(await thingsOf(shop.south)) }
  const { account } = shop.north
  const colleague = await createUser(shop.app, system('test'), {
    accountId: account.id,
    name: 'Clara Clerk',
    email: 'clara@north.example',
    roles: ['billing-agent'],
  })
  const actor = actorWith({ ...colleague, accountId: account.id }, 'reseller')
  clerk = (await createApiKey(shop.app, actor, { name: 'clerk' })).token
})
after(async () => {
  await client?.close()
  await shop?.close()
})

async function describedOperations(): Promise<Operation[]> {
  const { body } = await client.ask('GET', '/openapi.json')
  return Object.entries(body.paths).flatMap(([path, methods]) =>
    // biome-ignore lint/suspicious/noExplicitAny: an OpenAPI document is looked at, not typed
    Object.entries(methods as Record<string, any>).map(([method, operation]): Operation => {
      const types = Object.keys(operation.requestBody?.content ?? {})
      const upload = types.find((type) => type !== 'application/json')
      const names = (operation.parameters ?? []).map((each: { name: string }) => each.name)
      return {
        method: method.toUpperCase(),
        path: path.replace('/api/v1', ''),
        writes: names.includes('Idempotency-Key'),
        lists: names.includes('cursor'),
        needsBody: types.length > 0 && operation.requestBody.required !== false,
        ...(upload ? { upload } : {}),
      }
    }),
  )
}

/** One of everything a reseller has: an order with its licence and invoice, an open basket, people and keys. */
async function thingsOf({ key, account, customer, actor, email }: Reseller): Promise<Ids> {
  const basket = async () => {
    const { body } = await client.ask('POST', '/baskets', { key })
    const added = await client.ask('POST', `/baskets/${body.id}/items`, {
      key,
      body: { planId: shop.planId, quantity: 1 },
    })
    assert.equal(added.status, 201, added.text)
    return { id: body.id, itemId: added.body.items[0].id }
  }
  const first = await basket()
  await client.ask('PUT', `/baskets/${first.id}/service-details`, {
    key,
    body: { accountId: account.id, ...details(email) },
  })
  const placed = await client.ask('POST', `/baskets/${first.id}/checkout`, { key })
  assert.equal(placed.status, 201, placed.text)
  const orderId = placed.body.orders[0].id
  await shop.run()
  const { body: order } = await client.ask('GET', `/orders/${orderId}`, { key })
  const apiKey = await client.ask('POST', '/api-keys', { key, body: { name: 'second' } })
  assert.equal(apiKey.status, 201, apiKey.text)
  const subscriptionId = await insertSoftwareOrder(shop.app, {
    instanceId: silent,
    billingToId: account.id,
    endCustomerId: customer.id,
    sku: 'DG7GMGF0EM01:0001',
    term: 'P1Y',
    billingPlan: 'annual',
    quantity: 2,
    retail: '120.00',
    cost: '99.00',
  })
  await beginFirstTerm(shop.app, subscriptionId, shop.app.now())
  return {
    accounts: { id: customer.id, connector: 'microsoft-esd' },
    users: { id: actor.userId },
    'api-keys': { id: apiKey.body.id },
    baskets: await basket(),
    orders: { id: orderId },
    assets: { id: order.items[0].asset.id },
    subscriptions: { id: subscriptionId },
    invoices: { id: order.invoices[0].id, paymentId: await paid(order.invoices[0].id) },
  }
}

/** A cent of an invoice is paid. */
async function paid(invoiceId: string): Promise<string> {
  const body = { amount: { amount: '0.01', currency: 'EUR' }, receivedOn: '2026-01-02' }
  const path = `/invoices/${invoiceId}/payments`
  const answer = await client.ask('POST', path, { key: shop.manager.key, body })
  assert.equal(answer.status, 201, answer.text)
  return answer.body.id
}

/** What only the seller has, and a product it has not published. */
async function sellersThings(): Promise<Ids> {
  const { key } = shop.administrator
  const first = async (list: string, field = 'id') =>
    (await client.ask('GET', `${list}?limit=1`, { key })).body.items[0][field]
  const instanceId: InstanceId = await first('/connector-instances')
  const hidden = await createPoolProduct(shop.app, system('test'), {
    instanceId,
    sku: 'HIDDEN-1',
    name: 'Not for sale yet',
    description: '',
    isReturnable: false,
  })
  const run = queueRun(instanceId, 'test', shop.app.now())
  await transaction(shop.app.db, sellerScope, async (tx) => {
    await insertCatalogueRun(tx, run)
    await tx.run`
      insert into mail (id, cause, notification_code, to_addresses, subject, state, queued_at)
      values (${newId()}, 'test', 'password-reset', array['a@b.example'], 'Hello', 'failed', ${shop.app.now()})`
  })
  const sheetId = newId<PriceSheetId>()
  await transaction(
    shop.app.db,
    sellerScope,
    (tx) => tx.run`
      insert into price_sheet (id, market, view, month, file_name, source, state, sha256, bytes, received_by, received_at)
      values (${sheetId}, 'DE', 'software', '2026-11', 'de.csv', 'upload', 'checked', '\\x00', 1, 'test', ${shop.app.now()})`,
  )
  const { queue, id } = (await client.ask('GET', '/jobs?limit=1', { key })).body.items[0] ?? (await aJob())
  return {
    products: { id: hidden.productId, language: 'de' },
    plans: { id: hidden.planId },
    'connector-instances': { id: instanceId },
    'catalogue-runs': { id: run.id },
    'key-pools': { planId: shop.planId },
    'price-sheets': { id: sheetId },
    notifications: { code: await first('/notifications', 'code') },
    mails: { id: await first('/mails') },
    jobs: { queue, id },
    audit: { id: await first('/audit') },
    ...(await priceRules()),
  }
}

/** One of each kind of price rule; none of them changes a price of this shop. */
async function priceRules(): Promise<Ids> {
  const made = async (path: string, body: object) => {
    const answer = await client.ask('POST', path, { key: shop.administrator.key, body })
    assert.equal(answer.status, 201, answer.text)
    return answer.body.id as string
  }
  const priceListId = await made('/price-lists', { name: 'Nobody', validFrom: '2026-01-01' })
  return {
    'conversion-rules': { id: await made('/conversion-rules', conversionRule) },
    'price-lists': {
      id: priceListId,
      ruleId: await made(`/price-lists/${priceListId}/rules`, priceListRule),
    },
    'volume-discounts': { id: await made('/volume-discounts', volumeDiscount) },
    promotions: { id: await made('/promotions', promotion) },
  }
}

const conversionRule = {
  currency: 'VES',
  baseCurrency: 'USD',
  rate: '40.5',
  validFrom: '2126-01-01',
  market: 'MX',
  source: 'BCV',
}
const priceListRule = {
  scope: { kind: 'all' },
  method: { kind: 'discount', percent: '1' },
  validFrom: '2126-01-01',
}
const volumeDiscount = {
  name: 'Nobody’s',
  scope: { kind: 'all' },
  mode: 'scale',
  tiers: [{ from: 500, percent: '1' }],
  validFrom: '2126-01-01',
}
const promotion = {
  name: 'Nobody’s',
  discount: { percent: '1' },
  recurrence: 'one-time',
  validFrom: '2126-01-01',
}

async function aJob(): Promise<{ queue: string; id: string }> {
  await client.ask('POST', `/accounts/${shop.direct.account.id}/sync/microsoft-esd/synchronize`, {
    key: shop.manager.key,
  })
  return (await client.ask('GET', '/jobs?limit=1', { key: shop.administrator.key })).body.items[0]
}

const details = (email: string) => ({ connector: 'microsoft-esd', options: { keyDeliveryEmail: email } })

function filled(path: string, ids: Ids): string {
  const noun = path.split('/')[1] ?? ''
  return path.replace(/\{(\w+)\}/g, (_all, name: string) => {
    const id = ids[noun]?.[name]
    assert.ok(id, `this test needs to know whose {${name}} to ask ${path} with`)
    return id
  })
}

/** A body each operation would take from whom it belongs to. */
function bodies(): Record<string, unknown> {
  const item = { planId: shop.planId, quantity: 1 }
  const money = { amount: '119.00', currency: 'EUR' }
  return {
    'PUT /me/password': { currentPassword: 'x', newPassword: 'y' },
    'POST /accounts': { name: 'x' },
    'PATCH /accounts/{id}': { city: 'Bonn' },
    'PUT /accounts/{id}/sync/{connector}': { options: { keyDeliveryEmail: 'x@y.example' } },
    'POST /users': { name: 'x', email: 'x@y.example', roles: ['buyer'] },
    'PATCH /users/{id}': { name: 'Changed' },
    'POST /api-keys': { name: 'x' },
    'PATCH /products/{id}': { summary: 'x' },
    'PUT /products/{id}/picture': 'x',
    'PUT /products/{id}/texts/{language}': { name: 'x' },
    'PATCH /plans/{id}': { isWithheld: false },
    'POST /price-sheets': 'ProductId\n',
    'PUT /plans/{id}/prices': { prices: [{ unitPrice: money }] },
    'POST /price-quotes': {
      billingToId: shop.north.account.id,
      endCustomerId: shop.north.account.id,
      lines: [item],
    },
    'POST /conversion-rules': conversionRule,
    'PATCH /conversion-rules/{id}': { note: 'x' },
    'POST /price-trials': { country: 'DE', currency: 'EUR', ...item },
    'POST /price-lists': { name: 'x', validFrom: '2026-01-01' },
    'PATCH /price-lists/{id}': { description: 'x' },
    'POST /price-lists/{id}/rules': priceListRule,
    'PATCH /price-lists/{id}/rules/{ruleId}': { method: { kind: 'discount', percent: '2' } },
    'PUT /accounts/{id}/price-list': { priceListId: null },
    'POST /volume-discounts': volumeDiscount,
    'PATCH /volume-discounts/{id}': { mode: 'continuous' },
    'POST /promotions': promotion,
    'PATCH /promotions/{id}': { isCombinable: true },
    'PATCH /baskets/{id}': { reference: 'x' },
    'POST /baskets/{id}/items': item,
    'PATCH /baskets/{id}/items/{itemId}': { isForResale: false },
    'PUT /baskets/{id}/service-details': { accountId: shop.north.account.id, ...details('x@y.example') },
    'POST /orders': { endCustomerId: shop.north.customer.id, lines: [item] },
    'POST /invoices/{id}/payments': { receivedOn: '2026-01-02' },
    'POST /invoices/{id}/payments/{paymentId}/withdraw': { reason: 'x' },
    'POST /subscriptions/{id}/auto-renew': { autoRenew: false },
    'POST /subscriptions/{id}/drop': { reason: 'x' },
    'POST /subscriptions/{id}/approve-renewal': { reason: 'x' },
    'POST /connector-instances': { connector: 'microsoft-esd', keySource: 'pool', systemName: 'x' },
    'PATCH /connector-instances/{id}': { systemName: 'x' },
    'PUT /connector-instances/{id}/certificate': { pfx: 'AAAA' },
    'POST /catalogue-runs': { instanceId: randomUUID() },
    'POST /key-pools': { instanceId: randomUUID(), sku: 'X-1', name: 'x' },
    'POST /key-pools/{planId}/keys': 'key\nAAAAA-AAAAA-AAAAA-AAAAA-AAAAA\n',
    'PATCH /notifications/{code}': { isActive: false },
    'POST /notifications/{code}/test-mail': { to: 'x@y.example' },
  }
}

function ask({ method, path, needsBody, upload }: Operation, ids: Ids, asking: Asking): Promise<Answer> {
  const body = bodies()[`${method} ${path}`]
  assert.ok(!needsBody || body !== undefined, `this test needs a body for ${method} ${path}`)
  return client.ask(method, filled(path, ids), {
    ...(body === undefined ? {} : { body }),
    ...(upload ? { headers: { 'content-type': upload } } : {}),
    ...asking,
  })
}

const takesAnId = ({ path }: Operation) => path.includes('{')

/** How much has been written, ever. */
async function trail(): Promise<number> {
  const { count } = await reading(
    shop.app.db,
    sellerScope,
    (sql) => sql.one<{ count: number }>`
      select ((select count(*) from audit_entry) + (select count(*) from idempotency) + (select count(*) from mail))::int as count`,
  )
  return count
}

test('another reseller’s things are not there, on every path that takes an id, and stay as they are', async () => {
  const asked = operations.filter(takesAnId)
  assert.ok(asked.length >= 55, `${asked.length} operations`)
  const written = await trail()
  for (const operation of asked) {
    const answer = await ask(operation, south, { key: shop.north.key })
    const where = `${operation.method} ${operation.path}: ${answer.text}`
    assert.equal(answer.status, 404, where)
    assert.match(String(answer.headers['content-type']), /^application\/problem\+json/, where)
    assert.match(answer.body.code, /\/not-found$/, where)
  }
  assert.equal(await trail(), written)
  for (const { key, email } of [shop.south])
    assert.equal((await client.ask('GET', '/me', { key })).body.user.email, email)
})

test('its own things are there: the same paths with the reseller’s own ids are read', async () => {
  const mine = ['accounts', 'users', 'api-keys', 'baskets', 'orders', 'assets', 'subscriptions', 'invoices']
  const reads = operations.filter(({ method, path }) => method === 'GET' && path.includes('{'))
  for (const operation of reads) {
    const isMine = mine.includes(operation.path.split('/')[1] ?? '')
    const answer = await ask(operation, north, { key: shop.north.key })
    assert.equal(answer.status, isMine ? 200 : 404, `${operation.path}: ${answer.text.slice(0, 300)}`)
  }
})

test('a role without the right is refused what its company has, and told nothing of what others have', async () => {
  for (const operation of operations.filter(({ path }) => /^\/(users|accounts)\/\{id\}/.test(path))) {
    const answer = await ask(operation, south, { key: clerk })
    assert.equal(answer.status, 404, `${operation.method} ${operation.path}: ${answer.text}`)
  }
  const admin = { ...north, users: { id: shop.north.actor.userId } }
  for (const operation of operations.filter(({ path }) => path.startsWith('/users/{id}'))) {
    const answer = await ask(operation, admin, { key: clerk })
    assert.equal(answer.status, 403, `${operation.method} ${operation.path}: ${answer.text}`)
  }
})

test('nobody without a key or session is answered', async () => {
  for (const operation of operations) {
    const answer = await ask(operation, north, {})
    assert.equal(answer.status, 401, `${operation.method} ${operation.path}: ${answer.text}`)
    assert.equal(answer.body.code, 'auth/required')
  }
})

test('every write needs an Idempotency-Key', async () => {
  const written = await trail()
  const writes = operations.filter(({ writes }) => writes)
  assert.ok(writes.length >= 45, `${writes.length} writes`)
  for (const operation of writes) {
    const answer = await ask(operation, south, { key: shop.south.key, once: null })
    assert.equal(answer.status, 400, `${operation.method} ${operation.path}: ${answer.text}`)
    assert.equal(answer.body.code, 'idempotency/key-missing')
    assert.match(answer.body.detail, /Idempotency-Key header/)
  }
  assert.equal(await trail(), written)
})

test('every list is bounded and says what is wrong with a cursor', async () => {
  const lists = operations.filter(({ lists }) => lists)
  assert.ok(lists.length >= 18, `${lists.length} lists`)
  const { key } = shop.administrator
  for (const { path } of lists) {
    const where = filled(path, north)
    const fine = await client.ask('GET', `${where}?limit=1`, { key })
    assert.equal(fine.status, 200, `${path}: ${fine.text}`)
    assert.ok(fine.body.items.length <= 1, path)
    for (const limit of ['0', '201', '-1', '1.5', 'many', '']) {
      const answer = await client.ask('GET', `${where}?limit=${limit}`, { key })
      assert.deepEqual([answer.status, answer.body.code], [422, 'input/invalid'], `${path} limit=${limit}`)
      assert.equal(answer.body.errors[0].pointer, '/limit')
    }
    for (const cursor of ['nonsense', '%00', 'WyJhIiwiYiJd', '2026-13-41_x']) {
      const answer = await client.ask('GET', `${where}?cursor=${cursor}`, { key })
      assert.ok([400, 422].includes(answer.status), `${path} cursor=${cursor}: ${answer.text}`)
      if (cursor === 'nonsense')
        assert.deepEqual([answer.status, answer.body.code], [400, 'input/bad-cursor'], path)
    }
    const unknown = await client.ask('GET', `${where}?limt=1`, { key })
    assert.deepEqual([unknown.status, unknown.body.errors[0].code], [422, 'unknown-field'], path)
  }
})

test('every list reads to its end, page by page, without repeating an item', async () => {
  const { key } = shop.administrator
  for (const { path } of operations.filter(({ lists }) => lists)) {
    const where = filled(path, north)
    const whole = await client.ask('GET', `${where}?limit=200`, { key })
    const seen: string[] = []
    let cursor = ''
    do {
      const page = await client.ask(
        'GET',
        `${where}?limit=3${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
        {
          key,
        },
      )
      assert.equal(page.status, 200, page.text)
      seen.push(...page.body.items.map((item: object) => JSON.stringify(item)))
      cursor = page.body.nextCursor ?? ''
    } while (cursor)
    assert.equal(new Set(seen).size, seen.length, path)
    assert.equal(seen.length, whole.body.items.length, path)
  }
})

test('an address asked with a method it does not take answers 405 and names those it takes', async () => {
  const paths = Map.groupBy(operations, ({ path }) => path)
  const { key } = shop.north
  for (const [path, taken] of paths) {
    const methods = taken.map(({ method }) => method)
    const other = ['DELETE', 'PUT', 'PATCH', 'POST', 'GET'].find((method) => !methods.includes(method)) ?? ''
    const answer = await client.ask(other, filled(path, south), { key })
    assert.deepEqual([answer.status, answer.body.code], [405, 'route/method-not-allowed'], `${other} ${path}`)
    const allowed = String(answer.headers['allow']).split(', ')
    assert.deepEqual(allowed.filter((method) => method !== 'HEAD').sort(), methods.sort(), path)
  }
  const options = await client.ask('OPTIONS', '/orders', { key })
  assert.deepEqual([options.status, options.headers['allow']], [204, 'GET, HEAD, POST'])
  for (const nowhere of ['/nothing', '/orders/1/2/3', '/', ''])
    assert.equal((await client.ask('GET', nowhere, { key })).body?.code, 'route/not-found', nowhere)
})

test('no answer holds a key, a credential or, for a buyer, a cost', async () => {
  const reads = operations.filter(({ method }) => method === 'GET')
  for (const [who, ids] of [
    [shop.administrator.key, { ...north, 'api-keys': { id: randomUUID() } }],
    [shop.north.key, north],
  ] as const)
    for (const operation of reads) {
      const { text, status } = await ask(operation, ids, { key: who })
      assert.ok(status < 500, `${operation.path}: ${text}`)
      assert.doesNotMatch(
        text,
        /AAAAA-BBBBB-CCCCC|token=secret|emp_\w{20}|password_?hash|\$argon2/i,
        operation.path,
      )
      if (who === shop.north.key) assert.doesNotMatch(text, /unitCost|"cost"|99\.00/, operation.path)
    }
})
