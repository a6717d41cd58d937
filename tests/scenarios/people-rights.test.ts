// Two rights about people: those of accounts are looked after by account managers, the seller's own people, roles and everybody's API keys
// by administrators. On the page as by the API, and nobody gives more than they have.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { createApiKey } from '#flows/users/api-keys.ts'
import { createRole } from '#flows/users/manage-roles.ts'
import { createUser } from '#flows/users/manage-users.ts'
import { actorOf, type Right, type Staff, system } from '#modules/users'
import { reading, sellerScope } from '#platform/db.ts'
import { type Client, openClient } from '../support/api.ts'
import { type DeskPages, openDeskPages } from '../support/desk-pages.ts'
import { openShop, type Shop } from '../support/fixtures.ts'

let shop: Shop
let client: Client
let desk: DeskPages

before(async () => {
  shop = await openShop()
  client = await openClient(shop.app)
  desk = await openDeskPages(shop.app)
})
after(async () => {
  await client?.close()
  await shop?.close()
})

const as = (key: string) => (method: string, path: string, body?: unknown) =>
  client.ask(method, path, { key, body })

/** Somebody of the seller with just these rights. */
async function deskWith(name: string, rights: Right[]) {
  const { code } = await createRole(shop.app, system('test'), { name, rights })
  const email = `${name.toLowerCase()}@seller.example`
  const user = await createUser(shop.app, system('test'), { name, email, roles: [code] })
  const actor = actorOf({ ...user, accountId: null, rights }, null) as Staff
  return { actor, key: (await createApiKey(shop.app, actor, { name: 'tests' })).token }
}

test('an account manager invites, changes, blocks and helps the people of an account', async () => {
  const ask = as(shop.manager.key)
  const accountId = shop.north.account.id
  const ada = { accountId, name: 'Ada', email: 'ada.quist@north.example', roles: ['buyer'] }
  const invited = await ask('POST', '/users', ada)
  assert.deepEqual([invited.status, invited.body.state], [201, 'invited'])
  const path = `/users/${invited.body.id}`
  const changed = await ask('PATCH', path, { roles: ['admin'], name: 'Ada Quist' })
  assert.deepEqual([changed.body.name, changed.body.roles], ['Ada Quist', ['admin']])
  assert.equal((await ask('POST', `${path}/reset-password`)).status, 202)
  assert.equal((await ask('POST', `${path}/end-sessions`)).status, 200)
  assert.equal((await ask('POST', `${path}/block`)).body.state, 'blocked')
  assert.equal((await ask('POST', `${path}/unblock`)).body.state, 'invited')

  const page = `/accounts/${accountId}/users`
  const shown = await (await desk.ask(shop.manager.actor, page)).text()
  assert.match(shown, /value="invite-user"/)
  const form = { intent: 'invite-user', name: 'Bo', email: 'bo.berg@north.example', roles: 'billing-agent' }
  assert.equal((await desk.ask(shop.manager.actor, page, form)).status, 303)
  assert.equal((await desk.ask(shop.support.actor, page, { ...form, email: 'c@north.example' })).status, 403)
  assert.doesNotMatch(await (await desk.ask(shop.support.actor, page)).text(), /value="invite-user"/)
  assert.equal((await ask('POST', `${path}/withdraw-invitation`)).status, 200)
})

test('and nobody of ours, no role, and no key of somebody else', async () => {
  const ask = as(shop.manager.key)
  const own = await ask('POST', '/users', { name: 'X', email: 'x@seller.example', roles: ['support'] })
  assert.deepEqual([own.status, own.body.code], [403, 'right/missing'])
  // Other people of ours are not there for whoever does not look after them.
  const sanna = `/users/${shop.support.actor.userId}`
  for (const [method, path, body] of [
    ['PATCH', sanna, { roles: ['administrator'] }],
    ['POST', `${sanna}/block`, undefined],
    ['POST', `${sanna}/reset-password`, undefined],
    ['POST', `${sanna}/end-sessions`, undefined],
  ] as const)
    assert.equal((await ask(method, path, body)).status, 404, path)
  const myself = await ask('PATCH', `/users/${shop.manager.actor.userId}`, { roles: ['administrator'] })
  assert.deepEqual([myself.status, myself.body.code], [403, 'right/missing'])
  assert.equal((await ask('GET', '/roles')).status, 403)
  const { body } = await as(shop.north.key)('GET', '/api-keys')
  assert.equal((await ask('DELETE', `/api-keys/${body.items[0].id}`)).status, 404)
  assert.equal((await ask('GET', '/api-keys?of=everybody')).status, 403)
})

test('whoever manages our people alone does not reach the people of accounts, and nobody gives what they do not have', async () => {
  const accountId = shop.north.account.id
  const buyer = { accountId, name: 'B', email: 'b@north.example', roles: ['buyer'] }
  const ours = await deskWith('Ours', ['see-accounts', 'manage-users'])
  const refused = await as(ours.key)('POST', '/users', buyer)
  assert.deepEqual([refused.status, refused.body.code], [403, 'right/missing'])
  assert.equal((await as(ours.key)('POST', `/users/${shop.north.actor.userId}/block`)).status, 403)

  // A buyer reveals keys and orders; a billing agent only looks.
  const theirs = await deskWith('Theirs', [
    'see-accounts',
    'manage-account-users',
    'see-orders',
    'see-assets',
    'see-invoices',
  ])
  const ask = as(theirs.key)
  const beyond = await ask('POST', '/users', buyer)
  assert.deepEqual([beyond.status, beyond.body.code], [403, 'right/beyond-own'])
  assert.deepEqual(beyond.body.details.rights, [
    'order-on-behalf',
    'execute-orders',
    'reveal-keys',
    'manage-accounts',
  ])
  const agent = await ask('POST', '/users', { ...buyer, roles: ['billing-agent'] })
  assert.equal(agent.status, 201, agent.text)
  const more = await ask('PATCH', `/users/${agent.body.id}`, { roles: ['admin'] })
  assert.equal(more.body.code, 'right/beyond-own')
  // Whose mail would be theirs, would be who they sign in as.
  const takeOver = await ask('PATCH', `/users/${shop.north.actor.userId}`, { email: 'mine@evil.example' })
  assert.equal(takeOver.body.code, 'right/beyond-own')
})

test('of the roles and keys of an older database those that managed people do both, and account managers the new part', async () => {
  const { app } = shop
  const migration = await readFile('migrations/0065_people_of_accounts.sql', 'utf8')
  const rights = migration.slice(0, migration.indexOf('-- The search'))
  const changed = await createRole(app, system('test'), { name: 'People', rights: ['manage-users'] })
  const key = async (rights: Right[]) => {
    const { key } = await createApiKey(app, shop.administrator.actor, { name: rights.join(), rights })
    return key.id
  }
  const both = await key(['manage-users'])
  const none = await key(['see-orders'])
  // As they were before.
  await app.db.pool.unsafe(
    `update staff_role set rights = array_remove(rights, 'manage-account-users'), version = 1 where code in ('administrator', 'account-manager')`,
  )
  await app.db.pool.unsafe(rights)
  await app.db.pool.unsafe(rights)
  const roles = await reading(
    app.db,
    sellerScope,
    (sql) => sql.many<{ code: string }>`
      select code from staff_role where rights @> array['manage-account-users'] order by code`,
  )
  assert.deepEqual(
    roles.map(({ code }) => code),
    ['account-manager', 'administrator', 'ours', changed.code, 'theirs'],
  )
  const keys = await reading(
    app.db,
    sellerScope,
    (sql) => sql.many<{ id: string; rights: string[] }>`
      select id, rights from api_key where id = any (${[both, none]}::uuid[]) order by created_at, id`,
  )
  assert.deepEqual(
    keys.map(({ rights }) => rights),
    [['manage-users', 'manage-account-users'], ['see-orders']],
  )
})
