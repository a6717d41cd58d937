// What people keep of lists, asked by a program: filters under a name, and lists written into files.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Client, openClient } from '../support/api.ts'
import { openShop, type Shop } from '../support/fixtures.ts'

let shop: Shop
let client: Client

before(async () => {
  shop = await openShop()
  client = await openClient(shop.app)
})
after(async () => {
  await client?.close()
  await shop?.close()
})

const ask = (method: string, path: string, body?: object, key = shop.administrator.key) =>
  client.ask(method, path, { key, ...(body && { body }) })

test('a filter is saved, replaced under its name with the same id, listed for its owner only, and deleted once', async () => {
  const saved = await ask('POST', '/saved-filters', {
    list: 'accounts',
    name: 'Newest',
    query: 'sort=-created',
  })
  assert.equal(saved.status, 201, saved.text)
  const again = await ask('POST', '/saved-filters', { list: 'accounts', name: 'newest', query: 'q=north' })
  assert.deepEqual([again.body.id, again.body.name, again.body.query], [saved.body.id, 'newest', 'q=north'])
  const other = await ask('POST', '/saved-filters', { list: 'orders', name: 'Newest', query: '' })
  const listed = async (query: string, key?: string) =>
    (await ask('GET', `/saved-filters${query}`, undefined, key)).body.items.map(
      ({ id }: { id: string }) => id,
    )
  assert.deepEqual(await listed(''), [saved.body.id, other.body.id])
  assert.deepEqual(await listed('?list=orders'), [other.body.id])
  assert.deepEqual(await listed('', shop.support.key), [])
  assert.equal(
    (await ask('DELETE', `/saved-filters/${other.body.id}`, undefined, shop.support.key)).status,
    404,
  )
  assert.equal((await ask('DELETE', `/saved-filters/${other.body.id}`)).body.name, 'Newest')
  const gone = await ask('DELETE', `/saved-filters/${other.body.id}`)
  assert.deepEqual([gone.status, gone.body.code], [404, 'saved-filter/not-found'])
})

test('a list is written into a file and downloaded by who asked for it', async () => {
  const made = await ask('POST', '/exports', {
    list: 'accounts',
    query: `q=${shop.north.account.number}&columns=number,country`,
    format: 'csv',
  })
  assert.deepEqual([made.status, made.body.state, made.body.rowsExpected], [202, 'waiting', null])
  const path = `/exports/${made.body.id}`
  const early = await ask('GET', `${path}/file`)
  assert.deepEqual([early.status, early.body.code], [422, 'export/not-ready'])
  await shop.run()
  const ready = (await ask('GET', path)).body
  assert.deepEqual([ready.state, ready.rowsExpected, ready.rowsWritten], ['ready', 1, 1])
  const file = await ask('GET', `${path}/file`)
  assert.equal(file.headers['content-disposition'], `attachment; filename="${ready.fileName}"`)
  assert.equal(file.headers['content-length'], String(ready.bytes))
  assert.match(file.text, /^\ufeffAccount,Number,Country\r\n[^\r]+\r\n$/)
  assert.ok(file.text.includes(`,${shop.north.account.number},`))
  assert.equal((await ask('GET', path, undefined, shop.support.key)).status, 404)
  assert.deepEqual(
    (await ask('GET', '/exports')).body.items.map(({ id }: { id: string }) => id),
    [made.body.id],
  )
  // One that has ended stays as it is.
  assert.equal((await ask('POST', `${path}/cancel`)).body.state, 'ready')
})

test('a filter the list does not have, an unknown list and one without the right are refused', async () => {
  const refused = async (path: string, body: object, key?: string) => {
    const { status, body: problem } = await ask('POST', path, body, key)
    return [status, problem.code]
  }
  const mistyped = { list: 'orders', query: 'filtre=waiting' }
  assert.deepEqual(await refused('/exports', { ...mistyped, format: 'csv' }), [422, 'list/unknown-filter'])
  assert.deepEqual(await refused('/saved-filters', { ...mistyped, name: 'x' }), [422, 'list/unknown-filter'])
  assert.deepEqual(await refused('/exports', { list: 'secrets', query: '', format: 'csv' }), [
    404,
    'list/not-found',
  ])
  const people = { list: 'users', query: '', name: 'x' }
  assert.deepEqual(await refused('/saved-filters', people, shop.support.key), [403, 'right/missing'])
})
