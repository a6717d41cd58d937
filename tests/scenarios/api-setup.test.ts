// The seller's setup through the API: a contract with the vendor from nothing to its catalogue, with the emulator at the other end.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createApiKey } from '#flows/users/api-keys.ts'
import { type Answer, type Client, openClient } from '../support/api.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let client: Client
let key: string
/** What the emulator expects of the instance for Germany. */
let contract: Record<string, string>
let service: string

before(async () => {
  world = await startWorld()
  client = await openClient(world.app)
  const administrator = await world.staff('admin@nordlicht.example')
  key = (await createApiKey(world.app, administrator, { name: 'tests' })).token
  contract = (await world.esd('GET', '/instances')).find((each: { country: string }) => each.country === 'DE')
  const { body } = await client.ask('GET', '/connector-instances', { key })
  service = body.items[0].connection.serviceUrl
})
after(async () => {
  await client?.close()
  await world?.close()
})

const ask = (method: string, path: string, body?: unknown, once?: string): Promise<Answer> =>
  client.ask(method, path, { key, body, ...(once ? { once } : {}) })

const connection = () => ({
  serviceUrl: service,
  resourceApi: 'https://esd.example/production',
  authorityUrl: service,
  tenant: contract['tenant'],
  channelId: contract['channelId'],
  clientId: contract['clientId'],
})

let instance: string

test('an instance is set up in steps, and says what is missing until it can be activated', async () => {
  const body = { connector: 'microsoft-esd', systemName: 'ESD Germany, second', connection: connection() }
  const wrong = await ask('POST', '/connector-instances', {
    ...body,
    connection: { ...connection(), serviceUrl: 'http://esd.example', tenant: '' },
    market: { country: 'XX', language: 'german', currency: 'EUR' },
  })
  assert.equal(wrong.status, 422)
  assert.deepEqual(
    wrong.body.errors.map((each: { pointer: string }) => each.pointer),
    ['/connection/serviceUrl', '/connection/tenant'],
  )
  const unknown = await ask('POST', '/connector-instances', { ...body, connector: 'other-vendor' })
  assert.deepEqual([unknown.status, unknown.body.code], [404, 'connector/not-found'])

  const made = await ask('POST', '/connector-instances', body, 'make-1')
  assert.equal(made.status, 201, made.text)
  assert.equal(made.body.state, 'draft')
  assert.deepEqual(made.body.missing, [
    'Country, language and currency are not chosen yet.',
    'No certificate has been uploaded.',
  ])
  const again = await ask('POST', '/connector-instances', body, 'make-1')
  assert.deepEqual([again.status, again.body], [201, made.body])
  const twin = await ask('POST', '/connector-instances', body)
  assert.deepEqual(
    [twin.status, twin.body.code, twin.body.errors[0].pointer],
    [422, 'instance/name-taken', '/systemName'],
  )
  instance = made.body.id

  const tested = await ask('POST', `/connector-instances/${instance}/test`)
  assert.deepEqual([tested.status, tested.body.ok], [200, false])
  assert.match(tested.body.reason, /No certificate/)
  const early = await ask('POST', `/connector-instances/${instance}/activate`)
  assert.deepEqual([early.status, early.body.code], [422, 'instance/incomplete'])

  const market = await ask('PATCH', `/connector-instances/${instance}`, {
    market: { country: 'DE', language: 'german', currency: 'EUR' },
  })
  assert.equal(market.body.errors[0].pointer, '/market/language')
  const chosen = await ask('PATCH', `/connector-instances/${instance}`, {
    market: { country: 'DE', language: 'de-DE', currency: 'EUR' },
  })
  assert.deepEqual(chosen.body.market, { country: 'DE', language: 'de-DE', currency: 'EUR' })
})

test('a certificate goes in, and only its facts come out', async () => {
  const path = `/connector-instances/${instance}/certificate`
  const { pfxBase64: pfx, pfxPassword: password } = contract
  const bad = await ask('PUT', path, { pfx, password: 'wrong' })
  assert.deepEqual([bad.status, bad.body.code], [422, 'instance/bad-certificate'])
  assert.match(bad.body.detail, /password does not open/)
  const noFile = await ask('PUT', path, { pfx: 'not base64!', password })
  assert.equal(noFile.body.errors[0].pointer, '/pfx')
  const put = await ask('PUT', path, { pfx, password })
  assert.equal(put.status, 200, put.text)
  assert.equal(put.body.certificate.thumbprint, contract['thumbprint'])
  assert.ok(put.body.certificate.daysLeft >= 363)
  assert.deepEqual(put.body.missing, [])
  assert.ok(!put.text.includes(password ?? '-'))
  assert.ok(!put.text.includes((pfx ?? '').slice(0, 40)))
})

test('the connection is tested, and what is wrong is said in plain words', async () => {
  const path = `/connector-instances/${instance}`
  assert.deepEqual((await ask('POST', `${path}/test`)).body, { ok: true, reason: null })
  await ask('PATCH', path, { connection: { channelId: '0009999999' } })
  const wrong = await ask('POST', `${path}/test`)
  assert.deepEqual([wrong.status, wrong.body.ok], [200, false])
  assert.ok(wrong.body.reason.length > 20, wrong.body.reason)
  const back = await ask('PATCH', path, { connection: { channelId: contract['channelId'] } })
  assert.deepEqual(back.body.connection, connection())
})

test('the catalogue is fetched once it is active: progress, and what is new, changed and discontinued', async () => {
  const inactive = await ask('POST', '/catalogue-runs', { instanceId: instance })
  assert.deepEqual([inactive.status, inactive.body.code], [409, 'state/instance-not-active'])
  assert.equal((await ask('POST', `/connector-instances/${instance}/activate`)).body.state, 'active')
  const fixed = await ask('PATCH', `/connector-instances/${instance}`, { market: { country: 'AT' } })
  assert.deepEqual([fixed.body.errors[0].pointer, fixed.body.errors[0].code], ['/market/country', 'fixed'])

  const started = await ask('POST', '/catalogue-runs', { instanceId: instance })
  assert.deepEqual([started.status, started.body.state], [202, 'queued'], started.text)
  const second = await ask('POST', '/catalogue-runs', { instanceId: instance })
  assert.equal(second.body.id, started.body.id, 'a second click is answered with the first run')
  assert.equal((await ask('GET', `/connector-instances/${instance}`)).body.openRunId, started.body.id)
  await world.run()

  const run = (await ask('GET', `/catalogue-runs/${started.body.id}`)).body
  // The emulator sells 15 things in Germany, one of which is discontinued and so never becomes a plan here.
  assert.deepEqual(
    [run.state, run.seen, run.total, run.newCount, run.changedCount, run.discontinuedCount, run.error],
    ['completed', 15, 15, 14, 0, 0, null],
  )
  const found = await ask('GET', `/catalogue-runs/${run.id}/changes?limit=10`)
  assert.equal(found.body.items.length, 10)
  const rest = await ask('GET', `/catalogue-runs/${run.id}/changes?limit=10&cursor=${found.body.nextCursor}`)
  assert.deepEqual([rest.body.items.length, rest.body.nextCursor], [4, null])

  await world.esd('POST', '/products', {
    country: 'DE',
    sku: 'NEW-00001',
    name: 'Brand new 2026',
    status: 'Active',
  })
  await world.esd('DELETE', '/products/ABC-77777')
  const later = await ask('POST', '/catalogue-runs', { instanceId: instance })
  await world.run()
  const after = (await ask('GET', `/catalogue-runs/${later.body.id}`)).body
  assert.deepEqual([after.newCount, after.discontinuedCount, after.unchanged], [1, 1, 13])
  const gone = await ask('GET', `/catalogue-runs/${after.id}/changes?change=discontinued`)
  assert.deepEqual(
    gone.body.items.map((line: { sku: string; differences: object }) => [line.sku, line.differences]),
    [['ABC-77777', { vendorState: { before: 'active', after: 'discontinued' } }]],
  )
  const fresh = await ask('GET', `/catalogue-runs/${after.id}/changes?change=new`)
  const productId = fresh.body.items[0].productId
  const unpublished = await ask('GET', '/products?filter=new&q=brand')
  assert.deepEqual(
    unpublished.body.items.map((product: { id: string }) => product.id),
    [productId],
  )
  assert.equal((await ask('GET', '/products?filter=unpriced&q=brand')).body.items.length, 1)
  const runs = await ask('GET', `/catalogue-runs?instanceId=${instance}`)
  assert.deepEqual(
    runs.body.items.map((each: { id: string }) => each.id),
    [after.id, run.id],
  )
})

test('a run the vendor refuses ends as failed with the reason, and changes nothing', async () => {
  await ask('PATCH', `/connector-instances/${instance}`, { connection: { clientId: 'somebody-else' } })
  const started = await ask('POST', '/catalogue-runs', { instanceId: instance })
  await world.run()
  const run = (await ask('GET', `/catalogue-runs/${started.body.id}`)).body
  assert.deepEqual([run.state, run.newCount, run.changedCount], ['failed', 0, 0])
  assert.ok(run.error.length > 20, run.error)
  const off = await ask('POST', `/connector-instances/${instance}/deactivate`)
  assert.equal(off.body.state, 'inactive')
  assert.equal((await ask('POST', `/connector-instances/${instance}/deactivate`)).status, 409)
})

test('a new product is worded, pictured, priced and published; buyers then see its picture', async () => {
  const productId = (await ask('GET', '/products?filter=new&q=brand')).body.items[0].id
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  )
  const picture = `/products/${productId}/picture`
  const put = (body: Uint8Array | string, type: string, once?: string) =>
    client.ask('PUT', picture, { key, body, headers: { 'content-type': type }, ...(once ? { once } : {}) })
  assert.equal((await ask('GET', picture)).body.code, 'picture/not-found')
  const set = await put(png, 'image/png', 'picture-1')
  assert.deepEqual([set.status, set.body.hasPicture], [200, true], set.text)
  assert.equal((await put(png, 'image/png', 'picture-1')).headers['idempotent-replay'], 'true')
  const other = await put(Buffer.concat([png, png]), 'image/png', 'picture-1')
  assert.deepEqual([other.status, other.body.code], [422, 'idempotency/key-reused'])
  const got = await ask('GET', picture)
  assert.deepEqual(
    [got.status, got.headers['content-type'], got.headers['content-length']],
    [200, 'image/png', String(png.length)],
  )
  assert.equal((await put('hello', 'image/png')).body.code, 'product/not-a-picture')
  assert.equal((await put('', 'image/png')).body.code, 'product/not-a-picture')
  const script = await put('<svg/>', 'image/svg+xml')
  assert.deepEqual([script.status, script.body.code], [415, 'input/unsupported-media-type'])
  assert.match(script.body.detail, /image\/png, image\/jpeg, image\/webp/)
  const large = await put(Buffer.concat([png, Buffer.alloc(2 * 1024 * 1024)]), 'image/png')
  assert.deepEqual([large.status, large.body.code], [413, 'input/too-large'])
  assert.match(large.body.detail, /at most 2 MB/)
  const removed = await ask('DELETE', picture)
  assert.equal(removed.body.hasPicture, false)
  assert.equal((await ask('GET', picture)).status, 404)
})

test('keys are uploaded as CSV: good rows taken, wrong ones told by line, and no key ever comes back', async () => {
  const pool = await ask('POST', '/connector-instances', {
    connector: 'microsoft-esd',
    keySource: 'pool',
    systemName: 'Shelf',
    market: { country: 'DE', language: 'de-DE', currency: 'EUR' },
  })
  assert.deepEqual([pool.status, pool.body.connection, pool.body.missing], [201, null, []], pool.text)
  await ask('POST', `/connector-instances/${pool.body.id}/activate`)
  const product = { instanceId: pool.body.id, sku: 'SHELF-1', name: 'Backup on the shelf' }
  const nameless = await ask('POST', '/key-pools', { ...product, name: ' ', sku: 'a b' })
  assert.deepEqual(
    nameless.body.errors.map((each: { pointer: string }) => each.pointer),
    ['/sku', '/name'],
  )
  const made = await ask('POST', '/key-pools', product, 'pool-1')
  assert.deepEqual([made.status, made.body.free, made.body.isLow], [201, 0, true], made.text)
  assert.deepEqual((await ask('POST', '/key-pools', product, 'pool-1')).body, made.body)
  const twin = await ask('POST', '/key-pools', product)
  assert.deepEqual([twin.status, twin.body.code], [422, 'plan/exists'])

  const path = `/key-pools/${made.body.planId}/keys`
  const upload = (body: string, once?: string) =>
    client.ask('POST', path, {
      key,
      body,
      headers: { 'content-type': 'text/csv' },
      ...(once ? { once } : {}),
    })
  const file = [
    'key,activation_link',
    'AAAAA-BBBBB-CCCCC-DDDDD-00001,https://activate.example/?token=1',
    'AAAAA-BBBBB-CCCCC-DDDDD-00002,http://activate.example/?token=2',
    'no-key,',
    'AAAAA-BBBBB-CCCCC-DDDDD-00001,https://activate.example/?token=1',
    'AAAAA-BBBBB-CCCCC-DDDDD-00003,',
  ].join('\n')
  const done = await upload(file, 'keys-1')
  assert.equal(done.status, 200, done.text)
  assert.deepEqual(done.body, {
    imported: 2,
    wrong: [
      { line: 3, reason: 'The activation link is not an address that begins with https://.' },
      { line: 4, reason: 'The key is not of the form XXXXX-XXXXX-XXXXX-XXXXX-XXXXX, letters and digits.' },
      { line: 5, reason: 'The key stands in line 2 already.' },
    ],
    free: 2,
  })
  assert.doesNotMatch(done.text, /AAAAA-BBBBB|token=/)
  assert.deepEqual((await upload(file, 'keys-1')).body, done.body)
  const again = await upload(file)
  assert.deepEqual([again.body.imported, again.body.free], [0, 2])
  assert.equal((await upload('')).body.code, 'key-pool/empty')
  assert.equal((await ask('POST', path, { keys: [] })).body.code, 'input/unsupported-media-type')
  const stock = await ask('GET', `/key-pools/${made.body.planId}`)
  assert.deepEqual([stock.body.free, stock.body.given, stock.body.waiting, stock.body.isLow], [2, 0, 0, true])
  assert.ok(
    (await ask('GET', '/key-pools?low=true')).body.items.some(
      (each: { planId: string }) => each.planId === made.body.planId,
    ),
  )
})

test('a test mail is sent once, and the answer of the mail server is told', async () => {
  const { body: all } = await ask('GET', '/notifications')
  const { code } = all.items.find((each: { name: string }) => /Welcome Microsoft ESD/.test(each.name))
  const path = `/notifications/${code}/test-mail`
  for (const to of ['', 'nobody', 'a@b.example\r\nBcc: c@d.example']) {
    const wrong = await ask('POST', path, { to })
    assert.deepEqual([wrong.status, wrong.body.errors[0].pointer], [422, '/to'], wrong.text)
  }
  const broken = await ask('POST', path, { to: 'try@seller.example', body: '{% if %}' })
  assert.deepEqual([broken.status, broken.body.code], [422, 'notification/bad-template'], broken.text)
  const body = { to: 'try@seller.example', subject: 'Does it look right?' }
  const sent = await ask('POST', path, body, 'mail-1')
  assert.deepEqual([sent.status, sent.body.accepted], [200, true], sent.text)
  const again = await ask('POST', path, body, 'mail-1')
  assert.deepEqual([again.body, again.headers['idempotent-replay']], [sent.body, 'true'])
  const mails = await world.mails('Does it look right?')
  assert.deepEqual(
    mails.map(({ subject, to }) => [subject, to]),
    [['[Test] Does it look right?', ['try@seller.example']]],
  )
})

test('what the screens of the setup show is there: the seller, VAT rates, the dashboard, connectors', async () => {
  const { body: seller } = await ask('GET', '/legal-entity')
  assert.equal(seller.country, 'DE')
  const rates = await ask('GET', '/tax-rates?country=de')
  assert.deepEqual(rates.body.items, [
    {
      country: 'DE',
      productType: 'all',
      validFrom: '2021-01-01',
      validTo: null,
      basisPoints: 1900,
      percent: '19',
      state: 'in force',
    },
  ])
  assert.equal(typeof (await ask('GET', '/dashboard')).body.waitingOrders, 'number')
  const connectors = (await ask('GET', '/connectors')).body.items
  assert.deepEqual(
    connectors.map((each: { code: string }) => each.code),
    ['microsoft-esd', 'partner-center'],
  )
  const resellers = await ask('GET', '/accounts?kind=reseller&limit=1')
  const own = await ask('GET', `/accounts?parentId=${resellers.body.items[0].id}&sort=number`)
  assert.ok(own.body.items.length > 0)
  assert.ok(
    own.body.items.every((each: { parentId: string }) => each.parentId === resellers.body.items[0].id),
  )
  const { body: mail } = await ask('GET', `/audit/${(await ask('GET', '/audit?limit=1')).body.items[0].id}`)
  assert.equal(typeof mail.action, 'string')
})
