// What holds for every operation of the API, taken from its own description, so that a new one cannot be forgotten: whose things
// are there for whom, that a write has a key, that a list is bounded, and that no answer tells a secret.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { createApiKey } from '#flows/users/api-keys.ts'
import { createUser } from '#flows/users/manage-users.ts'
import { actorWith, system } from '#modules/users'
import { reading, sellerScope } from '#platform/db.ts'
import { type Answer, type Asking, type Client, openClient } from '../support/api.ts'
import { openShop, type Shop } from '../support/fixtures.ts'
import {
  ask as askOne,
  describedOperations,
  filled,
  type Ids,
  listAt,
  type Operation,
  type Stocked,
  sellersThings,
  thingsOf,
} from '../support/one-of-everything.ts'
import { insertSilentInstance } from '../support/software-order.ts'

let stocked: Stocked
let shop: Shop
let client: Client
let operations: Operation[]
let north: Ids
let south: Ids
/** Somebody of North who may only look at orders, licences and invoices. */
let clerk: string

before(async () => {
  shop = await openShop()
  client = await openClient(shop.app)
  operations = await describedOperations(client)
  stocked = { shop, client, silent: await insertSilentInstance(shop.app) }
  const sellers = await sellersThings(stocked)
  north = { ...sellers, ...(await thingsOf(stocked, shop.north)) }
  south = { ...sellers, ...(await thingsOf(stocked, shop.south)) }
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

const ask = (operation: Operation, ids: Ids, asking: Asking): Promise<Answer> =>
  askOne(stocked, operation, ids, asking)

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
    const where = listAt(shop, path, north)
    const fine = await client.ask('GET', `${where}limit=1`, { key })
    assert.equal(fine.status, 200, `${path}: ${fine.text}`)
    assert.ok(fine.body.items.length <= 1, path)
    for (const limit of ['0', '201', '-1', '1.5', 'many', '']) {
      const answer = await client.ask('GET', `${where}limit=${limit}`, { key })
      assert.deepEqual([answer.status, answer.body.code], [422, 'input/invalid'], `${path} limit=${limit}`)
      assert.equal(answer.body.errors[0].pointer, '/limit')
    }
    for (const cursor of ['nonsense', '%00', 'WyJhIiwiYiJd', '2026-13-41_x']) {
      const answer = await client.ask('GET', `${where}cursor=${cursor}`, { key })
      assert.ok([400, 422].includes(answer.status), `${path} cursor=${cursor}: ${answer.text}`)
      if (cursor === 'nonsense')
        assert.deepEqual([answer.status, answer.body.code], [400, 'input/bad-cursor'], path)
    }
    const unknown = await client.ask('GET', `${where}limt=1`, { key })
    assert.deepEqual([unknown.status, unknown.body.errors[0].code], [422, 'unknown-field'], path)
  }
})

test('every list reads to its end, page by page, without repeating an item', async () => {
  const { key } = shop.administrator
  for (const { path } of operations.filter(({ lists }) => lists)) {
    const where = listAt(shop, path, north)
    const whole = await client.ask('GET', `${where}limit=200`, { key })
    const seen: string[] = []
    let cursor = ''
    do {
      const page = await client.ask(
        'GET',
        `${where}limit=3${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
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
