// People and key-delivery addresses are found: by the search over everything, on its page and by the API, and in the list of accounts; by
// nobody who may not see them.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createUser } from '#flows/users/manage-users.ts'
import { system } from '#modules/users'
import { type Client, openClient } from '../support/api.ts'
import { type DeskPages, openDeskPages } from '../support/desk-pages.ts'
import { openShop, type Shop } from '../support/fixtures.ts'

let shop: Shop
let client: Client
let desk: DeskPages
let ada: string

before(async () => {
  shop = await openShop()
  client = await openClient(shop.app)
  desk = await openDeskPages(shop.app)
  const accountId = shop.north.customer.id
  const person = { accountId, name: 'Ada Brandt', email: 'ada@brightside.example', roles: ['buyer'] }
  ada = (await createUser(shop.app, system('test'), person)).id
  const options = { keyDeliveryEmail: 'keys@birchlane.example' }
  const saved = await client.ask('PUT', `/accounts/${accountId}/sync/microsoft-esd`, {
    key: shop.manager.key,
    body: { options },
  })
  assert.equal(saved.status, 200, saved.text)
})
after(async () => {
  await client?.close()
  await shop?.close()
})

const search = async (q: string, key: string) => {
  const { status, body } = await client.ask('GET', `/search?q=${encodeURIComponent(q)}`, { key })
  assert.equal(status, 200)
  return body.items
}
const accounts = async (q: string, key: string) => {
  const { body } = await client.ask('GET', `/accounts?q=${encodeURIComponent(q)}`, { key })
  return body.items.map(({ id }: { id: string }) => id)
}

test('the API answers what the field of the back office answers, and refuses a question without one', async () => {
  const { id: accountId, name, number } = shop.north.customer
  for (const { key } of [shop.administrator, shop.manager, shop.support])
    assert.deepEqual(await search('ada@brightside.example', key), [
      {
        kind: 'user',
        id: ada,
        title: 'Ada Brandt',
        about: `ada@brightside.example, ${name}`,
        accountId,
        isExact: true,
      },
    ])
  assert.deepEqual(await search('keys@birchlane', shop.manager.key), [
    {
      kind: 'account',
      id: accountId,
      title: name,
      about: `${number}, keys go to keys@birchlane.example`,
      accountId: null,
      isExact: false,
    },
  ])
  assert.deepEqual(await search('x', shop.manager.key), [])
  const none = await client.ask('GET', '/search', { key: shop.manager.key })
  assert.deepEqual([none.status, none.body.errors[0].pointer], [422, '/q'])
  assert.equal((await client.ask('GET', '/search?q=ada', { key: shop.north.key })).status, 403)
})

test('the list of accounts finds a company by its people and by where its keys go; a reseller does not', async () => {
  const { id } = shop.north.customer
  for (const q of ['ada@brightside.example', 'brandt ada', 'keys@birchlane', 'KEYS@BIRCHLANE.EXAMPLE']) {
    assert.deepEqual(await accounts(q, shop.support.key), [id], q)
    assert.deepEqual(await accounts(q, shop.north.key), [], q)
  }
  assert.deepEqual(await accounts(shop.north.customer.name, shop.north.key), [id])
  assert.deepEqual(await accounts('nobody@brightside', shop.support.key), [])
})

test('the page leads to the person on the tab of the account', async () => {
  const { id } = shop.north.customer
  const found = await desk.ask(shop.manager.actor, '/search?q=ada@brightside')
  const text = await found.text()
  assert.match(text, /People who sign in/)
  assert.ok(text.includes(`/accounts/${id}/users#user-${ada}`))
  const tab = await (await desk.ask(shop.manager.actor, `/accounts/${id}/users`)).text()
  assert.ok(tab.includes(`id="user-${ada}"`))
  const typed = await desk.ask(shop.manager.actor, '/search?q=ada@brightside.example&go=1')
  assert.deepEqual(
    [typed.status, typed.headers.get('location')],
    [302, `/bss/accounts/${id}/users#user-${ada}`],
  )
})

test('whoever sells products finds them, and reads their page without what changes it', async () => {
  const [hit] = await search('backup desktop', shop.manager.key)
  assert.deepEqual([hit.kind, hit.title], ['product', 'Backup Desktop'])
  assert.deepEqual(await search('backup desktop', shop.support.key), [])
  const where = `/products/${hit.id}`
  const read = await (await desk.ask(shop.manager.actor, where)).text()
  assert.match(read, /Plans and prices/)
  assert.match(read, /119/)
  // Every button that would change it has its intent as value.
  const buttons = /value="(save|prices|withdraw|publish|picture|remove-picture|text)"/
  assert.equal(buttons.test(read), false)
  assert.equal(buttons.test(await (await desk.ask(shop.administrator.actor, where)).text()), true)
  assert.equal((await desk.ask(shop.support.actor, where)).status, 403)
  const written = await desk.ask(shop.manager.actor, where, { intent: 'withdraw' })
  assert.equal(written.status, 403)
})
