import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { microsoftEsd } from '#connectors/microsoft-esd'
import { Outage } from '#kernel/failure.ts'
import { type InstanceId, newId, type PlanId, type ProductId, type TransactionId } from '#kernel/ids.ts'
import { currency, priceText } from '#kernel/money.ts'
import type { CatalogueEntry, LicenceOrder, LicenceVendor } from '#modules/assets'
import { listOffers, whyNotForSale } from '#modules/catalogue'
import { listActiveInstances, loadInstanceCredentials } from '#modules/instances'
import { type Portal, rightsOf, type Staff } from '#modules/users'
import { type Database, openDatabase, reading, sellerScope, transaction } from '#platform/db.ts'
import { openLog } from '#platform/log.ts'
import { openSecrets } from '#platform/secrets.ts'
import { keyPools } from '#views/catalogue/key-pools.ts'
import { listInstances } from '#views/catalogue/list-instances.ts'
import { listProducts } from '#views/catalogue/list-products.ts'
import { shopProduct } from '#views/catalogue/shop-product.ts'
import { shopProducts } from '#views/catalogue/shop-products.ts'
import { viewCatalogueRun } from '#views/catalogue/view-catalogue-run.ts'
import { viewInstance } from '#views/catalogue/view-instance.ts'
import { viewProduct } from '#views/catalogue/view-product.ts'
import { type TestDatabase, testDatabase } from '../../../tests/support/database.ts'
import type { App, Connector } from '../app.ts'
import { openVendor } from '../provisioning/open-vendor.ts'
import { activateInstance } from './activate-instance.ts'
import { changePicture, changeProduct } from './change-product.ts'
import { createPoolProduct } from './create-pool-product.ts'
import { publishProduct } from './publish-product.ts'
import { saveInstance } from './save-instance.ts'
import { setPrices } from './set-prices.ts'
import { startCatalogueRun, syncCatalogue } from './sync-catalogue.ts'
import { testConnection } from './test-connection.ts'
import { uploadCertificate } from './upload-certificate.ts'
import { uploadPoolKeys } from './upload-pool-keys.ts'

const EUR = currency('EUR')
let clock = Temporal.Instant.from('2026-03-02T09:00:00Z')
const staff: Staff = {
  kind: 'staff',
  userId: newId(),
  name: 'Ada Admin',
  rights: rightsOf(['administrator']),
}
let buyer: Portal

let test_: TestDatabase
let db: Database
let app: App
let pages: (CatalogueEntry[] | Error)[] = []

const entry = (sku: string, name: string, more: Partial<CatalogueEntry> = {}): CatalogueEntry => ({
  sku,
  upc: '',
  name,
  description: `${name} for one device`,
  fulfilmentType: 'Token',
  isReturnable: true,
  isDiscontinued: false,
  ...more,
})

const vendor = {
  async *catalogue() {
    for (const page of pages) {
      if (page instanceof Error) throw page
      yield { entries: page, total: undefined }
    }
  },
  async test() {
    return { ok: true }
  },
} as unknown as LicenceVendor

const connector: Connector = {
  sells: 'licences',
  code: 'microsoft-esd',
  name: 'Microsoft ESD',
  fields: microsoftEsd({ timeoutMs: 1000, now: Temporal.Now.instant }).fields,
  needsCertificate: true,
  syncOptions: [],
  open: () => vendor,
  readCertificate: () => ({
    thumbprint: 'AB'.repeat(32),
    subject: 'CN=esd.seller.example',
    notAfter: Temporal.Instant.from('2026-03-20T00:00:00Z'),
  }),
}

const connection = {
  serviceUrl: 'https://esd.example/',
  resourceApi: 'https://esd.example',
  authorityUrl: 'https://login.example',
  tenant: 'tenant-1',
  channelId: '0004711',
  clientId: 'client-de',
}

before(async () => {
  test_ = await testDatabase()
  db = openDatabase({ ...test_.options, max: 12 })
  app = {
    db,
    now: () => clock,
    log: openLog({ level: 'silent', name: 'test' }),
    secrets: openSecrets(new Uint8Array(32).fill(7)),
    mailer: undefined as never,
    connectors: [connector],
    exportSource: undefined as never,
    bulkSource: undefined as never,
    rowActions: [],
    settings: {
      publicUrl: 'http://127.0.0.1',
      vendorTimeoutMs: 1000,
      vendorBackoffMs: [],
      settleWithinMinutes: 10,
      webhooksMayBePrivate: false,
    },
  }
  const accountId = newId<Portal['accountId']>()
  buyer = {
    kind: 'portal',
    userId: newId(),
    name: 'Bea Buyer',
    accountId,
    accountKind: 'customer',
    rights: rightsOf(['buyer']),
  }
})

after(async () => {
  await db.close()
  await test_.drop()
})

/** The runs that wait in the queue, the oldest first. */
async function enqueued(): Promise<{ id: string; data: object; startAfter: Temporal.Instant }[]> {
  return [
    ...(await db.pool<{ id: string; data: object; startAfter: Temporal.Instant }[]>`
      select id, data, start_after from pgboss.job where state = 'created' order by created_on, start_after`),
  ]
}

async function runNext(): Promise<void> {
  const [next] = await enqueued()
  assert.ok(next)
  await db.pool`update pgboss.job set state = 'completed' where id = ${next.id}`
  await syncCatalogue.run(app, next.data as never, { id: 'x', retries: 0, isLastTry: false })
}

let instanceId: InstanceId
let officeId: ProductId

test('an instance is filled in two phases and activated only when nothing is missing', async () => {
  const input = {
    id: undefined,
    connector: 'microsoft-esd',
    keySource: 'vendor' as const,
    systemName: 'Germany EUR',
    connection,
    market: undefined,
  }
  await assert.rejects(
    saveInstance(app, staff, { ...input, connection: { ...connection, serviceUrl: 'http://esd.example' } }),
    { code: 'input/invalid' },
  )
  await assert.rejects(saveInstance(app, buyer, input), { code: 'right/missing' })
  const draft = await saveInstance(app, staff, input)
  instanceId = draft.id
  assert.equal(draft.connection.serviceUrl, 'https://esd.example')
  await assert.rejects(saveInstance(app, staff, input), { code: 'instance/name-taken' })
  await assert.rejects(activateInstance(app, staff, { instanceId }), { code: 'instance/incomplete' })
  assert.equal((await testConnection(app, staff, { instanceId })).ok, false)

  const market = { country: 'DE', language: 'de-DE', currency: 'EUR' }
  await saveInstance(app, staff, { ...input, id: instanceId, market })
  const uploaded = await uploadCertificate(app, staff, {
    instanceId,
    pfx: new Uint8Array([1, 2, 3]),
    password: 'geheim',
  })
  assert.equal(uploaded.expiresInDays, 17) // 2 March 09:00 to 20 March 00:00
  assert.equal((await activateInstance(app, staff, { instanceId })).state, 'active')
  assert.deepEqual(await testConnection(app, staff, { instanceId }), { ok: true })
  await assert.rejects(
    saveInstance(app, staff, { ...input, id: instanceId, market: { ...market, country: 'AT' } }),
    { code: 'input/invalid' },
  )

  const opened = await reading(db, sellerScope, (sql) =>
    loadInstanceCredentials(sql, app.secrets, instanceId),
  )
  assert.equal(opened?.password, 'geheim')
  const stored = await reading(
    db,
    sellerScope,
    (sql) =>
      sql.one<{ text: string }>`select coalesce(string_agg(after::text, ''), '') as text from audit_entry`,
  )
  assert.ok(!stored.text.includes('geheim'))
  const inShop = await reading(db, { role: 'portal', accountId: buyer.accountId }, (sql) =>
    listActiveInstances(sql, 'microsoft-esd'),
  )
  assert.deepEqual(
    inShop.map((each) => each.country),
    ['DE'],
  )
  assert.equal((await listInstances(db, staff, { now: clock }))[0]?.expiresSoon, true)
})

test('a first run makes hidden products without prices; a second click is answered with the open run', async () => {
  const run = await startCatalogueRun(app, staff, { instanceId })
  assert.equal((await startCatalogueRun(app, staff, { instanceId })).id, run.id)
  assert.equal((await enqueued()).length, 1)
  pages = [
    [entry('A-1', 'Office'), entry('A-2', 'Windows', { fulfilmentType: 'TokenAndLink' })],
    [entry('A-3', 'Old', { isDiscontinued: true })],
  ]
  await runNext()
  const view = await viewCatalogueRun(db, staff, { id: run.id })
  assert.equal(view.state, 'completed')
  assert.deepEqual(
    [view.seen, view.unchanged, view.new.lines.map((each) => each.sku)],
    [3, 0, ['A-1', 'A-2']],
  )
  const { items } = await listProducts(db, staff, { filter: 'unpriced' })
  assert.deepEqual(items.map((each) => [each.code, each.isPublished]).sort(), [
    ['A-1', false],
    ['A-2', false],
  ])
  officeId = items.find((each) => each.code === 'A-1')?.id as ProductId
})

test('nothing is published without a price, given away without consent or sold below cost without approval', async () => {
  await assert.rejects(publishProduct(app, staff, { productId: officeId }), { code: 'product/no-price' })
  const { plans } = await viewProduct(db, staff, { id: officeId, now: clock })
  const planId = plans[0]?.id as PlanId
  const ask = {
    planId,
    currency: 'EUR',
    unitPrice: '0',
    unitCost: '80.00',
    allowsZero: false,
    allowsBelowCost: false,
  }
  await assert.rejects(setPrices(app, staff, { productId: officeId, prices: [ask] }), {
    code: 'price/zero-needs-consent',
  })
  await assert.rejects(
    setPrices(app, staff, { productId: officeId, prices: [{ ...ask, unitPrice: '79.99' }] }),
    { code: 'price/below-cost' },
  )
  await assert.rejects(
    setPrices(app, staff, { productId: officeId, prices: [{ ...ask, unitPrice: '100.001' }] }),
    { code: 'input/invalid' },
  )
  await assert.rejects(
    setPrices(app, staff, { productId: officeId, prices: [{ ...ask, planId: newId(), unitPrice: '5' }] }),
    { code: 'input/invalid' },
  )
  await setPrices(app, staff, { productId: officeId, prices: [{ ...ask, unitPrice: '100.00' }] })
  await publishProduct(app, staff, { productId: officeId })
  const view = await viewProduct(db, staff, { id: officeId, now: clock })
  assert.equal(view.plans[0]?.prices[0]?.marginBasisPoints, 2000) // 20 of 100
  await assert.rejects(setPrices(app, staff, { productId: officeId, prices: [{ ...ask, unitPrice: '' }] }), {
    code: 'product/last-price',
  })
})

test('the shop shows what can be bought, in the seller wording, and no cost', async () => {
  await changeProduct(app, staff, { productId: officeId, change: { name: 'Office 100%', isFeatured: true } })
  const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0])
  await changePicture(app, staff, { productId: officeId, bytes: png })
  await assert.rejects(
    changePicture(app, staff, { productId: officeId, bytes: new Uint8Array([60, 115, 118, 103]) }),
    { code: 'product/not-a-picture' },
  )
  const shop = await shopProducts(db, buyer, { currency: EUR, search: '0%' })
  assert.deepEqual(
    shop.items.map((each) => [each.name, each.from && priceText(each.from), each.hasPicture]),
    [['Office 100%', '100.00', true]],
  )
  assert.equal((await shopProducts(db, buyer, { currency: EUR, search: '_' })).items.length, 0)
  assert.equal((await shopProducts(db, buyer, { currency: currency('CHF') })).items.length, 0)
  const page = await shopProduct(db, buyer, { id: officeId, currency: EUR })
  assert.equal(page.plans.length, 1)
  await assert.rejects(
    reading(
      db,
      { role: 'portal', accountId: buyer.accountId },
      (sql) => sql.many`select unit_cost from plan_price`,
    ),
    { code: '42501' },
  )
  const planId = page.plans[0]?.id as PlanId
  const offers = await transaction(db, { role: 'portal', accountId: buyer.accountId }, (tx) =>
    listOffers(tx, [planId, newId()], EUR),
  )
  assert.equal(offers.size, 1)
  const offer = offers.get(planId)
  assert.ok(offer)
  assert.equal(whyNotForSale(offer), undefined)
  assert.equal(whyNotForSale({ ...offer, isPublished: false })?.code, 'product/withdrawn')
})

test('a later run renames at the vendor only, discontinues what is gone, and tells the differences', async () => {
  pages = [[entry('A-1', 'Office 2027'), entry('A-4', 'New one')]]
  const run = await startCatalogueRun(app, staff, { instanceId })
  await runNext()
  const view = await viewCatalogueRun(db, staff, { id: run.id })
  assert.deepEqual(
    view.changed.lines.map((each) => [each.shopName, each.vendorName, each.differences['name']]),
    [['Office 100%', 'Office 2027', { before: 'Office', after: 'Office 2027' }]],
  )
  assert.deepEqual(
    view.discontinued.lines.map((each) => each.sku),
    ['A-2'],
  )
  assert.deepEqual(
    view.new.lines.map((each) => each.sku),
    ['A-4'],
  )
})

test('a run that is interrupted begins again, waits while the vendor is away, and then fails in plain words', async () => {
  pages = [
    [entry('A-9', 'Nine')],
    new Outage('Microsoft ESD asked us to slow down.', { retryAfterMs: 90_000 }),
  ]
  const run = await startCatalogueRun(app, staff, { instanceId })
  await runNext()
  assert.equal((await enqueued())[0]?.startAfter.toString(), '2026-03-02T09:01:30Z')
  const waiting = await viewCatalogueRun(db, staff, { id: run.id })
  assert.deepEqual(
    [waiting.state, waiting.seen, waiting.error],
    ['running', 1, 'Microsoft ESD asked us to slow down. It is tried again by itself.'],
  )
  for (let tries = 2; tries <= 5; tries += 1) await runNext()
  const failed = await viewCatalogueRun(db, staff, { id: run.id })
  assert.equal(failed.state, 'failed')
  assert.match(failed.error ?? '', /slow down.*tried 5 times/)
  assert.equal((await listProducts(db, staff, { q: 'Nine' })).items.length, 0)
  assert.equal((await viewInstance(db, staff, { id: instanceId, now: clock })).runs.length, 3)
})

const keyNumber = (n: number) => `TEST1-TEST2-TEST3-TEST4-${String(n).padStart(5, '0')}`

test('forty keys asked for at once are forty different keys, and then the pool is empty', async () => {
  clock = clock.add({ hours: 1 })
  const pool = await saveInstance(app, staff, {
    id: undefined,
    connector: 'microsoft-esd',
    keySource: 'pool',
    systemName: 'Own keys',
    connection,
    market: undefined,
  })
  await assert.rejects(
    createPoolProduct(app, staff, {
      instanceId: pool.id,
      sku: 'P-1',
      name: 'Pool',
      description: '',
      isReturnable: true,
    }),
    { code: 'instance/incomplete' },
  )
  const market = { country: 'DE', language: 'de-DE', currency: 'EUR' }
  await saveInstance(app, staff, {
    id: pool.id,
    connector: 'microsoft-esd',
    keySource: 'pool',
    systemName: 'Own keys',
    connection,
    market,
  })
  const { planId } = await createPoolProduct(app, staff, {
    instanceId: pool.id,
    sku: 'P-1',
    name: 'Pool',
    description: '',
    isReturnable: true,
  })
  await assert.rejects(startCatalogueRun(app, staff, { instanceId: pool.id }), {
    code: 'catalogue/pool-has-none',
  })

  const lines = Array.from({ length: 40 }, (_, n) => `${keyNumber(n)};https://setup.office.example/?n=${n}`)
  const file = Buffer.from(`\ufeffkey;activation_link\r\n${lines.join('\r\n')}\r\nnonsense;\r\n`)
  const first = await uploadPoolKeys(app, staff, { planId, file, fileName: 'keys.csv' })
  assert.deepEqual([first.imported, first.free, first.wrong.map((each) => each.line)], [40, 40, [42]])
  const second = await uploadPoolKeys(app, staff, { planId, file, fileName: 'keys.csv' })
  assert.deepEqual([second.imported, second.free, second.wrong.length], [0, 40, 41])

  const source = await openVendor(app, pool.id)
  const order = (transactionId: TransactionId): LicenceOrder => ({
    transactionId,
    requestId: newId(),
    sku: 'P-1',
    language: 'de-DE',
    orderNumber: 'SO-1',
    orderPosition: 1,
    customerExternalId: newId(),
    resellerExternalId: undefined,
  })
  const ids = Array.from({ length: 40 }, () => newId<TransactionId>())
  const answers = await Promise.all(ids.map((id) => source.issue(order(id))))
  const keys = answers.map((answer) => (answer.outcome === 'issued' ? answer.licence.key : answer.outcome))
  assert.equal(new Set(keys).size, 40)
  assert.ok(keys.every((key) => /^TEST1-/.test(key)))
  const again = await Promise.all(
    ids.slice(0, 5).flatMap((id) => [source.issue(order(id)), source.lookUp(id, newId())]),
  )
  assert.deepEqual(
    again.map((answer) => (answer.outcome === 'issued' ? answer.licence.key : answer.outcome)),
    keys.slice(0, 5).flatMap((key) => [key, key]),
  )
  assert.equal((await source.issue(order(newId()))).outcome, 'out-of-keys')
  assert.equal((await source.lookUp(newId(), newId())).outcome, 'unknown')

  const giveBack = {
    transactionId: ids[0] as TransactionId,
    returnTransactionId: newId(),
    requestId: newId(),
  }
  assert.deepEqual(await source.returnLicence(giveBack), { outcome: 'returned' })
  assert.deepEqual(await source.returnLicence(giveBack), { outcome: 'returned' })
  assert.equal((await source.issue(order(newId()))).outcome, 'out-of-keys')
  const [stock] = await keyPools(db, staff)
  assert.deepEqual([stock?.free, stock?.given, stock?.returned, stock?.isLow], [0, 40, 1, true])
})

test('one transaction id asked many times at one moment is given one key', async () => {
  const { planId } = await reading(
    db,
    sellerScope,
    (sql) => sql.one<{ planId: PlanId }>`select id as plan_id from plan where sku = 'P-1'`,
  )
  const file = Buffer.from([50, 51, 52].map(keyNumber).join('\n'))
  await uploadPoolKeys(app, staff, { planId, file, fileName: 'more.csv' })
  const { instanceId: poolId } = await reading(
    db,
    sellerScope,
    (sql) => sql.one<{ instanceId: InstanceId }>`select instance_id from plan where id = ${planId}`,
  )
  const source = await openVendor(app, poolId)
  const transactionId = newId<TransactionId>()
  const order = {
    transactionId,
    requestId: newId(),
    sku: 'P-1',
    language: 'de-DE',
    orderNumber: 'SO-1',
    orderPosition: 1,
    customerExternalId: newId(),
    resellerExternalId: undefined,
  }
  const answers = await Promise.all(Array.from({ length: 10 }, () => source.issue(order)))
  assert.equal(
    new Set(answers.map((answer) => (answer.outcome === 'issued' ? answer.licence.key : ''))).size,
    1,
  )
  const [stock] = await keyPools(db, staff)
  assert.equal(stock?.free, 2)
})
