import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { partnerCenter } from '#connectors/partner-center'
import { type InstanceId, newId, type PlanId, type ProductId } from '#kernel/ids.ts'
import { currency } from '#kernel/money.ts'
import { listOffers } from '#modules/catalogue'
import { readPlace } from '#modules/price-sheets'
import { type Actor, actorWith, insertUser, newUser, type Portal, rightsOf, type Staff } from '#modules/users'
import { type Database, openDatabase, reading, sellerScope, transaction } from '#platform/db.ts'
import { workToRest } from '#platform/jobs.ts'
import { openLog } from '#platform/log.ts'
import { listProducts } from '#views/catalogue/list-products.ts'
import { viewMarketPrices } from '#views/catalogue/market-prices.ts'
import { shopProduct } from '#views/catalogue/shop-product.ts'
import { shopProducts } from '#views/catalogue/shop-products.ts'
import { viewCatalogueRun } from '#views/catalogue/view-catalogue-run.ts'
import { browseBulkRows } from '#views/lists/bulk-actions.ts'
import { bulkSource } from '#views/lists/bulk-source.ts'
import { type TestDatabase, testDatabase } from '../../../tests/support/database.ts'
import type { App } from '../app.ts'
import { runBulkAction, startBulkAction } from '../lists/bulk-action.ts'
import { rowActions } from '../lists/row-actions.ts'
import { activateSheet, rollBackSheet } from '../price-sheets/activate-sheet.ts'
import { importSheet } from '../price-sheets/import-sheet.ts'
import { simulateSheet } from '../price-sheets/simulate-sheet.ts'
import { activateInstance } from './activate-instance.ts'
import { changePlan } from './change-plan.ts'
import { changePicture, changeProduct } from './change-product.ts'
import { publishProduct, withdrawProduct } from './publish-product.ts'
import { refreshPlans } from './refresh-plans.ts'
import { removeProductText, saveProductText } from './save-product-text.ts'
import { startCatalogueRun, syncCatalogue } from './sync-catalogue.ts'

const staff: Staff = {
  kind: 'staff',
  userId: newId(),
  name: 'Ada Admin',
  rights: rightsOf(['administrator']),
}
const instanceId = newId<InstanceId>()
const now = () => Temporal.Instant.from('2026-11-25T12:00:00Z')
const folder = mkdtempSync(path.join(os.tmpdir(), 'plans-'))
let test_: TestDatabase
let db: Database
let app: App
/** Somebody who is in the database, as bulk actions ask for. */
let clerk: Staff

before(async () => {
  test_ = await testDatabase()
  db = openDatabase({ ...test_.options, max: 8 })
  app = {
    db,
    now,
    log: openLog({ level: 'silent', name: 'test' }),
    connectors: [partnerCenter({ timeoutMs: 1000, now })],
    bulkSource,
    rowActions,
  } as unknown as App
  await transaction(
    db,
    sellerScope,
    (tx) => tx.run`
      insert into connector_instance (id, connector, system_name, state, country, language, currency, signs_in_with, secrets_cipher,
        created_at, updated_at)
      values (${instanceId}, 'partner-center', 'Partner Center DE', 'active', 'DE', 'en-US', 'EUR', 'secret', '\\x00', ${now()}, ${now()})`,
  )
  const user = newUser(
    { accountId: undefined, email: 'cleo@seller.example', name: 'Cleo', roles: ['administrator'] },
    now(),
  )
  await transaction(db, sellerScope, (tx) => insertUser(tx, user, undefined))
  clerk = actorWith({ ...user, accountId: null }, null) as Staff
})
after(async () => {
  await db.close()
  await test_.drop()
  rmSync(folder, { recursive: true, force: true })
})

const header =
  'ProductTitle,ProductId,SkuId,SkuTitle,SkuDescription,TermDuration,BillingPlan,Market,Currency,UnitPrice,EffectiveStartDate,EffectiveEndDate,ERP Price,Segment'
type Line = {
  product?: string
  sku?: string
  title?: string
  words?: string
  term?: string
  billing?: string
  market?: string
  cost?: string
  retail?: string
  segment?: string
}
const line = (given: Line = {}) =>
  [
    given.product === 'DG7GMGF0EX02' ? 'Office LTSC' : 'Server',
    given.product ?? 'DG7GMGF0EX01',
    given.sku ?? '0001',
    given.title ?? 'Server Standard',
    given.words ?? 'For one core',
    given.term ?? 'P1Y',
    given.billing ?? 'Annual',
    given.market ?? 'DE',
    'EUR',
    given.cost ?? '100.00',
    '2026-01-01T00:00:00Z',
    '9999-11-30T23:59:59Z',
    given.retail ?? '110.00',
    given.segment ?? 'Commercial',
  ].join(',')

let files = 0
async function release(month: string, lines: readonly string[], market = 'DE') {
  files += 1
  const where = path.join(folder, `${files}.csv`)
  writeFileSync(where, `${[header, ...lines].join('\n')}\n`)
  const sheet = await importSheet(app, staff, {
    ...readPlace({ market, month }),
    path: where,
    fileName: path.basename(where),
    source: 'upload',
  })
  await activateSheet(app, staff, { id: sheet.id })
  return sheet.id
}

/** Does what the queue holds until it is empty, as a worker would. */
async function work(): Promise<void> {
  for (;;) {
    const [next] = await db.pool<{ id: string; name: string; data: object }[]>`
      select id, name, data from pgboss.job where state = 'created' order by created_on limit 1`
    if (!next) return
    await db.pool`update pgboss.job set state = 'completed' where id = ${next.id}`
    const job = [refreshPlans, syncCatalogue, simulateSheet].find(({ name }) => name === next.name)
    assert.ok(job, next.name)
    await job.run(app, next.data as never, { id: 'x', retries: 0, isLastTry: false })
  }
}

const seller = <Row>(text: string) =>
  reading(db, sellerScope, async (sql) => (await sql.plain(text, [])) as unknown as Row[])
const states = async () =>
  Object.fromEntries(
    (await seller<{ sku: string; vendorState: string }>('select sku, vendor_state from plan')).map((plan) => [
      plan.sku,
      plan.vendorState,
    ]),
  )
const products = () =>
  seller<{ id: ProductId; code: string; kind: string; name: string; isPublished: boolean }>(
    'select id, code, kind, name, is_published from product order by code',
  )
const productId = async (code: string) => {
  const found = (await products()).find((each) => each.code === code)
  assert.ok(found, code)
  return found.id
}
const planId = async (sku: string) => {
  const [plan] = await seller<{ id: PlanId }>(`select id from plan where sku = '${sku}'`)
  assert.ok(plan, sku)
  return plan.id
}
async function lastRun() {
  const [run] = await seller<{ id: string }>('select id from catalogue_run order by id desc limit 1')
  assert.ok(run)
  const view = await viewCatalogueRun(db, staff, { id: run.id as never })
  const skus = (list: typeof view.new) => list.lines.map((each) => each.sku)
  return {
    state: view.state,
    seen: view.seen,
    unchanged: view.unchanged,
    new: skus(view.new),
    changed: skus(view.changed),
    discontinued: skus(view.discontinued),
    view,
  }
}

const annual = 'DG7GMGF0EX01:0001:commercial:P1Y:annual'
const monthly = 'DG7GMGF0EX01:0001:commercial:P1Y:monthly'
const forEver = 'DG7GMGF0EX02:000C:commercial:OneTime:one_time'
const strange = 'DG7GMGF0EX01:0009:commercial:P9W:annual'
let october: Awaited<ReturnType<typeof release>>

test('a release that comes into force makes hidden products and a plan for every SKU, segment, term and billing plan', async () => {
  october = await release('2026-10', [
    line(),
    line({ billing: 'Monthly', cost: '105.00' }),
    line({ product: 'DG7GMGF0EX02', sku: 'C', title: 'Office Standard', term: 'OneTime', billing: '' }),
    line({ sku: '0009', term: 'P9W' }),
  ])
  assert.deepEqual(await states(), {}, 'whoever activates waits for nothing')
  await work()
  assert.deepEqual(await states(), {
    [annual]: 'active',
    [monthly]: 'active',
    [forEver]: 'active',
    [strange]: 'unsupported',
  })
  assert.deepEqual(
    (await products()).map(({ code, kind, name, isPublished }) => [code, kind, name, isPublished]),
    [
      ['DG7GMGF0EX01', 'subscription', 'Server', false],
      ['DG7GMGF0EX02', 'perpetual', 'Office LTSC', false],
    ],
  )
  const run = await lastRun()
  assert.deepEqual([run.state, run.seen, run.unchanged], ['completed', 4, 0])
  assert.deepEqual(run.new.toSorted(), [annual, monthly, strange, forEver].toSorted())
})

test('a product’s prices are read market by market, and costs by those alone who may see them', async () => {
  const id = await productId('DG7GMGF0EX01')
  const prices = async (market?: string, actor: Actor = staff) => {
    const view = await viewMarketPrices(db, actor, { id, market, now: now() })
    return {
      markets: view.markets,
      market: view.market,
      rows: view.prices.map((each) => [
        each.sku,
        each.currency,
        each.retail,
        each.cost,
        each.standing,
        each.line,
      ]),
    }
  }
  const german = {
    markets: ['DE'],
    market: 'DE',
    rows: [
      [annual, 'EUR', '110.00', '100.00', 'in force', 2],
      [monthly, 'EUR', '110.00', '105.00', 'in force', 3],
      [strange, 'EUR', '110.00', '100.00', 'in force', 5],
    ],
  }
  assert.deepEqual(await prices(), german)
  assert.deepEqual(await prices('de'), german)
  assert.deepEqual(await prices('FR'), german, 'where there is no price the first market is shown')
  const reader = {
    ...staff,
    rights: new Set([...staff.rights].filter((right) => right !== 'see-costs')),
  } as Staff
  const { rows } = await prices('DE', reader)
  assert.deepEqual(
    rows.map(([, , , cost]) => cost),
    [undefined, undefined, undefined],
  )
})

test('hidden software has the prices of its sheets in the list, and is not said to be without one', async () => {
  const { items } = await listProducts(db, staff, { sort: 'code' })
  assert.deepEqual(
    items.map(({ code, soldPlanCount, planCount, currencies, applications }) => [
      code,
      `${soldPlanCount} of ${planCount}`,
      ...currencies,
      ...applications,
    ]),
    [
      ['DG7GMGF0EX01', '2 of 3', 'EUR', 'Partner Center DE'],
      ['DG7GMGF0EX02', '1 of 1', 'EUR', 'Partner Center DE'],
    ],
  )
  const codes = async (search: Parameters<typeof listProducts>[2]) =>
    (await listProducts(db, staff, search)).items.map(({ code }) => code)
  assert.deepEqual(await codes({ filter: 'unpriced' }), [])
  assert.deepEqual(await codes({ filter: 'new', kind: 'perpetual' }), ['DG7GMGF0EX02'])
  assert.deepEqual(await codes({ instanceId, sort: '-code' }), ['DG7GMGF0EX02', 'DG7GMGF0EX01'])
})

test('publishing all that match says of each why not, and a second click has nothing to do', async () => {
  const unpriced = newId<ProductId>()
  await transaction(
    db,
    sellerScope,
    (tx) => tx.run`
      insert into product (id, kind, connector, code, name, created_at, updated_at)
      values (${unpriced}, 'esd', 'microsoft-esd', 'ZZZ', 'Nobody priced it', ${now()}, ${now()})`,
  )
  const report = async (action: string) => {
    const made = await startBulkAction(app, clerk, { list: 'products', query: 'sort=code', action })
    await workToRest(app, db, [runBulkAction], () => Temporal.Now.instant().add({ seconds: 5 }))
    const { items } = await browseBulkRows(db, clerk, { id: made.id, show: 'all', limit: 50 })
    return items.map(({ name, outcome, words }) => [name, outcome, words])
  }
  const refused = 'The vendor no longer sells any plan of this product, so it cannot be published.'
  assert.deepEqual(await report('publish'), [
    ['Server', 'done', 'Published: buyers see it.'],
    ['Office LTSC', 'done', 'Published: buyers see it.'],
    ['Nobody priced it', 'skipped', refused],
  ])
  assert.deepEqual(await report('publish'), [
    ['Server', 'skipped', 'It was published before.'],
    ['Office LTSC', 'skipped', 'It was published before.'],
    ['Nobody priced it', 'skipped', refused],
  ])
  assert.deepEqual(await report('withdraw'), [
    ['Server', 'done', 'Withdrawn: buyers no longer see it.'],
    ['Office LTSC', 'done', 'Withdrawn: buyers no longer see it.'],
    ['Nobody priced it', 'skipped', 'It is not published.'],
  ])
  await transaction(db, sellerScope, (tx) => tx.run`delete from product where id = ${unpriced}`)
})

test('a run again changes nothing, and neither does the sheet of another market with the same plans', async () => {
  await startCatalogueRun(app, staff, { instanceId })
  await work()
  assert.deepEqual(
    (({ seen, unchanged, new: made, changed }) => ({ seen, unchanged, made, changed }))(await lastRun()),
    { seen: 4, unchanged: 4, made: [], changed: [] },
  )
  await release('2026-10', [line({ market: 'AT', title: 'Server Standard (AT)' })], 'AT')
  await work()
  const run = await lastRun()
  assert.deepEqual([run.seen, run.unchanged], [4, 4])
})

test('nothing is published without a price, and what costs nothing not without a word', async () => {
  const [server, office] = [await productId('DG7GMGF0EX01'), await productId('DG7GMGF0EX02')]
  await publishProduct(app, staff, { productId: office })
  const free = await release('2026-11', [
    line(),
    line({ billing: 'Monthly', cost: '105.00' }),
    line({ product: 'DG7GMGF0EX02', sku: 'C', title: 'Office Standard', term: 'OneTime', billing: '' }),
    line({ sku: '0005', title: 'Server trial', term: 'P1M', billing: 'None', cost: '0', retail: '0' }),
  ])
  await work()
  const trial = await planId('DG7GMGF0EX01:0005:commercial:P1M:none')
  await assert.rejects(publishProduct(app, staff, { productId: server }), (error: unknown) => {
    const { code, errors } = error as { code: string; errors: { pointer: string; message: string }[] }
    assert.equal(code, 'price/zero-needs-consent')
    assert.deepEqual(errors, [
      {
        pointer: `/plans/${trial}/allowsZero`,
        code: 'consent-needed',
        message:
          'Server trial (DG7GMGF0EX01:0005:commercial:P1M:none) costs nothing. Consent to it, or leave this plan out.',
      },
    ])
    return true
  })
  await changePlan(app, staff, { planId: trial, change: { isWithheld: true } })
  await publishProduct(app, staff, { productId: server })
  const offers = await transaction(db, sellerScope, async (tx) =>
    listOffers(tx, [trial, await planId(annual)], currency('EUR')),
  )
  assert.equal(offers.get(trial)?.isPublished, false)
  assert.equal(offers.get(await planId(annual))?.isPublished, true)
  assert.equal(offers.get(await planId(annual))?.kind, 'subscription')

  await withdrawProduct(app, staff, { productId: server })
  await changePlan(app, staff, { planId: trial, change: { isWithheld: false, allowsZero: true } })
  await publishProduct(app, staff, { productId: server })
  const consented = await transaction(db, sellerScope, (tx) => listOffers(tx, [trial], currency('EUR')))
  assert.deepEqual([consented.get(trial)?.isPublished, consented.get(trial)?.allowsZero], [true, true])
  await rollBackSheet(app, staff, { id: free })
  await work()
  await withdrawProduct(app, staff, { productId: server })
  await changePlan(app, staff, { planId: await planId(annual), change: { isWithheld: true } })
  await changePlan(app, staff, { planId: await planId(monthly), change: { isWithheld: true } })
  await assert.rejects(publishProduct(app, staff, { productId: server }), { code: 'product/no-active-plan' })
  await changePlan(app, staff, { planId: await planId(annual), change: { isWithheld: false } })
  await publishProduct(app, staff, { productId: server })
})

test('the vendor’s new words and an ended SKU are told, and the seller’s words, picture and decisions stay', async () => {
  const server = await productId('DG7GMGF0EX01')
  await changeProduct(app, staff, {
    productId: server,
    change: { name: 'Our server', summary: 'Ours', description: 'By us', isFeatured: true },
  })
  const png = Buffer.from(
    '89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000a49444154789c63000100000500010d0a2db40000000049454e44ae426082',
    'hex',
  )
  await changePicture(app, staff, { productId: server, bytes: png })
  await release('2026-11', [
    line({ title: 'Server Standard 2027', words: 'Now for two cores' }),
    line({ product: 'DG7GMGF0EX02', sku: 'C', title: 'Office Standard', term: 'OneTime', billing: '' }),
  ])
  await work()
  const run = await lastRun()
  assert.deepEqual(run.changed, [annual])
  assert.deepEqual(run.view.changed.lines[0]?.differences, {
    name: { before: 'Server Standard', after: 'Server Standard 2027' },
    description: { before: 'For one core', after: 'Now for two cores' },
  })
  assert.deepEqual(run.discontinued.toSorted(), [monthly, strange].toSorted())
  const [shown] = await seller<Record<string, unknown>>(
    `select name, summary, description, is_published, is_featured, picture is not null as has_picture from product where id = '${server}'`,
  )
  assert.deepEqual(
    { ...shown },
    {
      name: 'Our server',
      summary: 'Ours',
      description: 'By us',
      isPublished: true,
      isFeatured: true,
      hasPicture: true,
    },
  )
})

test('rolling back brings the plans of before', async () => {
  const [active] = await seller<{ id: typeof october }>(
    `select id from price_sheet where market = 'DE' and state = 'active'`,
  )
  assert.ok(active)
  await rollBackSheet(app, staff, { id: active.id })
  await work()
  assert.equal((await states())[monthly], 'active')
  assert.equal((await states())[strange], 'unsupported')
  assert.equal((await lastRun()).view.changed.lines.length, 3)
})

test('a change while a run is at work is followed by another run', async () => {
  const run = await startCatalogueRun(app, staff, { instanceId })
  await transaction(
    db,
    sellerScope,
    (tx) => tx.run`update catalogue_run set state = 'running', started_at = ${now()} where id = ${run.id}`,
  )
  await refreshPlans.run(app, {}, { id: 'x', retries: 0, isLastTry: false })
  const [again] = await db.pool<{ startAfter: Temporal.Instant }[]>`
    select start_after from pgboss.job where state = 'created' and name = 'refresh-plans'`
  assert.equal(String(again?.startAfter), '2026-11-25T12:00:10Z')
})

test('software is sold through one instance of Partner Center at a time', async () => {
  const other = newId<InstanceId>()
  await transaction(
    db,
    sellerScope,
    (tx) => tx.run`
      insert into connector_instance (id, connector, system_name, state, service_url, client_id, country, language, currency, signs_in_with,
        secrets_cipher, created_at, updated_at)
      values (${other}, 'partner-center', 'Partner Center US', 'inactive', 'https://partner.example', 'us', 'US', 'en-US', 'USD', 'secret',
        '\\x00', ${now()}, ${now()})`,
  )
  await assert.rejects(activateInstance(app, staff, { instanceId: other }), {
    code: 'instance/one-partner-center',
  })
})

test('nobody without the right to prices consents to zero', async () => {
  const clerk: Staff = { ...staff, rights: rightsOf(['account-manager']) }
  await assert.rejects(
    changePlan(app, clerk, { planId: await planId(annual), change: { allowsZero: true } }),
    { code: 'right/missing' },
  )
})

test('a product speaks the reader’s language where the seller wrote it, and falls back field by field', async () => {
  const serverId = await productId('DG7GMGF0EX01')
  const text = (language: string, name: string, summary = '') => ({
    language,
    name,
    summary,
    description: '',
  })
  await saveProductText(app, staff, { productId: serverId, text: text('de', 'Unser Server', 'Von uns') })
  await saveProductText(app, staff, { productId: serverId, text: text('de-CH', 'Unser Server (CH)') })
  const buyer: Portal = {
    kind: 'portal',
    userId: newId(),
    name: 'Bea',
    accountId: newId(),
    accountKind: 'customer',
    rights: rightsOf(['buyer']),
  }
  const read = async (language: string) => {
    const page = await shopProduct(db, buyer, { id: serverId, currency: currency('EUR'), language })
    return [page.name, page.summary, page.description]
  }
  assert.deepEqual(await read('de-CH'), ['Unser Server (CH)', 'Ours', 'By us'])
  assert.deepEqual(await read('de-AT'), ['Unser Server', 'Von uns', 'By us'])
  assert.deepEqual(await read('fr-FR'), ['Our server', 'Ours', 'By us'])
  const list = await shopProducts(db, buyer, {
    currency: currency('EUR'),
    language: 'de-DE',
    search: 'unser server',
  })
  assert.deepEqual(
    list.items.map(({ name, summary }) => [name, summary]),
    [['Unser Server', 'Von uns']],
  )
  await removeProductText(app, staff, { productId: serverId, language: 'de-CH' })
  assert.deepEqual(await read('de-CH'), ['Unser Server', 'Von uns', 'By us'])
  await assert.rejects(removeProductText(app, staff, { productId: serverId, language: 'de-CH' }), {
    code: 'product-text/not-found',
  })
  await assert.rejects(saveProductText(app, staff, { productId: serverId, text: text('german', ' ') }), {
    code: 'input/invalid',
  })
})
