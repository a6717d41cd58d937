// People and their keys through the API: who is invited by whom, what blocking ends, and that a key is told once.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { signIn } from '#flows/users/sign-in.ts'
import { type Answer, type Client, openClient } from '../support/api.ts'
import { openShop, SHOP_PASSWORD, type Shop } from '../support/fixtures.ts'

let shop: Shop
let client: Client
before(async () => {
  shop = await openShop({ keys: 1 })
  client = await openClient(shop.app)
})
after(async () => {
  await client?.close()
  await shop?.close()
})

const pointers = (answer: Answer) => answer.body.errors.map((each: { pointer: string }) => each.pointer)

test('a reseller’s administrator invites a colleague, who is mailed a link to choose a password', async () => {
  const { key, account } = shop.north
  const body = { name: 'Bo Berg', email: 'bo@north.example', roles: ['buyer'], language: 'de' }
  const wrong = await client.ask('POST', '/users', {
    key,
    body: { name: '', email: 'bo@north.example\r\nBcc: x@y.example', roles: ['administrator'] },
  })
  assert.equal(wrong.status, 422)
  assert.deepEqual(pointers(wrong), ['/email', '/name', '/roles'])
  const made = await client.ask('POST', '/users', { key, body, once: 'bo' })
  assert.equal(made.status, 201, made.text)
  assert.deepEqual(
    [made.body.accountId, made.body.roles, made.body.state, made.body.lastLoginAt],
    [account.id, ['buyer'], 'invited', null],
  )
  const again = await client.ask('POST', '/users', { key, body, once: 'bo' })
  assert.deepEqual([again.status, again.body, again.headers['idempotent-replay']], [201, made.body, 'true'])
  const twin = await client.ask('POST', '/users', { key, body })
  assert.deepEqual([twin.status, twin.body.code, pointers(twin)], [422, 'user/email-taken', ['/email']])
  await shop.run()
  const mails = await client.ask('GET', '/mails?q=bo@north.example', { key: shop.administrator.key })
  assert.deepEqual(
    mails.body.items.map((mail: { notification: string; state: string }) => [mail.notification, mail.state]),
    [['invitation', 'sent']],
    mails.text,
  )
  const abroad = await client.ask('POST', '/users', {
    key,
    body: { ...body, email: 'spy@south.example', accountId: shop.south.account.id },
  })
  assert.deepEqual([abroad.status, abroad.body.code], [404, 'account/not-found'])
  const customers = await client.ask('POST', '/users', {
    key,
    body: { ...body, email: 'it@customer.example', accountId: shop.north.customer.id },
  })
  assert.equal(customers.status, 404, customers.text)
})

test('lists hold one’s own people; the seller’s administrators find everybody', async () => {
  const names = async (key: string, query = '') =>
    (await client.ask('GET', `/users${query}`, { key })).body.items?.map(
      (user: { name: string }) => user.name,
    )
  assert.deepEqual(await names(shop.north.key), ['Ada', 'Bo Berg'])
  assert.deepEqual(await names(shop.north.key, `?accountId=${shop.south.account.id}`), [])
  assert.deepEqual(await names(shop.administrator.key, '?of=seller'), ['Henrik', 'Marit', 'Sanna'])
  assert.deepEqual(await names(shop.administrator.key, '?q=berg%20north'), ['Bo Berg'])
  assert.deepEqual(await names(shop.manager.key, `?accountId=${shop.north.account.id}`), ['Ada', 'Bo Berg'])
  assert.deepEqual(
    await names(shop.manager.key, '?of=seller'),
    ['Henrik'],
    'an account manager sees only himself',
  )
  const first = await client.ask('GET', '/users?limit=2', { key: shop.administrator.key })
  const next = await client.ask('GET', `/users?limit=2&cursor=${first.body.nextCursor}`, {
    key: shop.administrator.key,
  })
  assert.deepEqual(
    [...first.body.items, ...next.body.items].map((user: { name: string }) => user.name),
    ['Ada', 'Ada', 'Ada', 'Bo Berg'],
  )
})

test('roles change, sessions end; nobody takes rights from themselves', async () => {
  const { key } = shop.north
  const bo = (await client.ask('GET', '/users?q=bo', { key })).body.items[0]
  const path = `/users/${bo.id}`
  const changed = await client.ask('PATCH', path, {
    key,
    body: { roles: ['billing-agent'], name: 'Bo B. Berg' },
  })
  assert.deepEqual([changed.body.roles, changed.body.name], [['billing-agent'], 'Bo B. Berg'])
  assert.deepEqual(pointers(await client.ask('PATCH', path, { key, body: { roles: [] } })), ['/roles'])
  assert.deepEqual(pointers(await client.ask('PATCH', path, { key, body: { state: 'blocked' } })), ['/state'])
  const self = `/users/${shop.north.actor.userId}`
  const own = await client.ask('POST', `${self}/block`, { key })
  assert.deepEqual([own.status, own.body.code], [422, 'user/own-rights'])
  const managed = await client.ask('PATCH', path, { key: shop.support.key, body: { name: 'x' } })
  assert.deepEqual([managed.status, managed.body.code], [403, 'right/missing'])
})

test('blocking ends sessions and API keys at once, and unblocking brings the keys back', async () => {
  const { key, actor, email } = shop.south
  const { token } = await signIn(shop.app, { email, password: SHOP_PASSWORD })
  const cookie = `emporion_shop=${token}`
  assert.equal((await client.ask('GET', '/me', { headers: { cookie } })).status, 200)
  const admin = shop.administrator.key
  const path = `/users/${actor.userId}`
  const blocked = await client.ask('POST', `${path}/block`, { key: admin })
  assert.equal(blocked.body.state, 'blocked', blocked.text)
  assert.equal((await client.ask('GET', '/me', { headers: { cookie } })).status, 401)
  assert.equal((await client.ask('GET', '/me', { key })).status, 401)
  const link = await client.ask('POST', `${path}/reset-password`, { key: admin })
  assert.deepEqual([link.status, link.body.code], [409, 'state/user-blocked'])
  assert.equal((await client.ask('POST', `${path}/unblock`, { key: admin })).body.state, 'active')
  assert.equal((await client.ask('GET', '/me', { key })).status, 200)
  assert.equal((await client.ask('GET', '/me', { headers: { cookie } })).status, 401, 'sessions stay ended')
  assert.equal((await client.ask('POST', `${path}/reset-password`, { key: admin })).status, 202)
})

test('an API key is told once; revoked, it opens nothing', async () => {
  const { key } = shop.direct
  const nameless = await client.ask('POST', '/api-keys', { key, body: { name: ' ' } })
  assert.deepEqual(pointers(nameless), ['/name'])
  const made = await client.ask('POST', '/api-keys', { key, body: { name: 'ERP' }, once: 'erp' })
  assert.equal(made.status, 201, made.text)
  const { secret, id, hint } = made.body
  assert.match(secret, /^emp_[\w-]{30,}$/)
  assert.equal(secret.slice(-4), hint)
  const both = await Promise.all(
    [1, 2].map(() => client.ask('POST', '/api-keys', { key, body: { name: 'Two' }, once: 'two' })),
  )
  assert.equal(both[0]?.text, both[1]?.text)
  const list = await client.ask('GET', '/api-keys', { key })
  assert.deepEqual(
    list.body.items.map((each: { name: string }) => each.name),
    ['Two', 'ERP', 'tests'],
  )
  assert.ok(!list.text.includes(secret))
  assert.ok(!(await client.ask('GET', `/api-keys/${id}`, { key })).text.includes(secret))
  const stored = await shop.app.db.pool.unsafe(`select body from idempotency where key = 'erp'`)
  assert.ok(!String(stored[0]?.['body']).includes(secret))

  assert.equal((await client.ask('GET', '/me', { key: secret })).body.account.name, 'Direct')
  const foreign = await client.ask('DELETE', `/api-keys/${id}`, { key: shop.north.key })
  assert.deepEqual([foreign.status, foreign.body.code], [404, 'api-key/not-found'])
  const revoked = await client.ask('DELETE', `/api-keys/${id}`, { key })
  assert.equal(typeof revoked.body.revokedAt, 'string')
  const twice = await client.ask('DELETE', `/api-keys/${id}`, { key })
  assert.deepEqual(twice.body, revoked.body)
  assert.equal((await client.ask('GET', '/me', { key: secret })).status, 401)
})

test('a password is changed with the old one', async () => {
  const { key } = shop.direct
  const change = (currentPassword: string, newPassword: string) =>
    client.ask('PUT', '/me/password', { key, body: { currentPassword, newPassword } })
  assert.deepEqual(pointers(await change('wrong', 'Another-horse-8')), ['/currentPassword'])
  assert.deepEqual(pointers(await change(SHOP_PASSWORD, 'short')), ['/newPassword'])
  const changed = await change(SHOP_PASSWORD, 'Another-horse-8')
  assert.equal(changed.status, 200, changed.text)
  await signIn(shop.app, { email: shop.direct.email, password: 'Another-horse-8' })
})

test('everybody changes their own name and language, nothing else, and sees where they are signed in', async () => {
  const { key, email } = shop.south
  const me = async () => (await client.ask('GET', '/me', { key })).body.user
  const before = await me()
  const changed = await client.ask('PATCH', '/me', { key, body: { name: 'Sue South', language: 'de' } })
  assert.deepEqual([changed.status, changed.body], [200, { ...before, name: 'Sue South', language: 'de' }])
  assert.deepEqual(await me(), changed.body)
  const fault = (body: object) => client.ask('PATCH', '/me', { key, body }).then(pointers)
  assert.deepEqual(await fault({ name: ' ' }), ['/name'])
  assert.deepEqual(await fault({ language: 'Klingon' }), ['/language'])
  assert.deepEqual(await fault({ roles: ['admin'] }), ['/roles'])
  assert.deepEqual(await fault({ email: 'other@south.example' }), ['/email'])

  const { token } = await signIn(shop.app, { email, password: SHOP_PASSWORD })
  await signIn(shop.app, { email, password: SHOP_PASSWORD })
  const headers = { cookie: `emporion_shop=${token}` }
  const sessions = async (asking: object) => (await client.ask('GET', '/me/sessions', asking)).body.items
  const isThis = (await sessions({ headers })).map((session: { isThis: boolean }) => session.isThis)
  assert.deepEqual(isThis.sort(), [false, true])
  assert.deepEqual(
    (await sessions({ key })).map((session: { isThis: boolean }) => session.isThis),
    [false, false],
  )
  await client.ask('POST', `/users/${shop.south.actor.userId}/end-sessions`, { key })
  assert.deepEqual(await sessions({ key }), [])
  const { body } = await client.ask('GET', `/audit?subjectId=${shop.south.actor.userId}&limit=5`, {
    key: shop.administrator.key,
  })
  const entry = body.items.find(({ action }: { action: string }) => action === 'user/changed')
  assert.deepEqual(
    [entry.before, entry.after],
    [
      { name: before.name, language: before.language },
      { name: 'Sue South', language: 'de' },
    ],
  )
})
