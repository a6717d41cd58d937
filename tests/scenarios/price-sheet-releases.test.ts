// Releases of price sheets against the emulator of Partner Center (product.md section 4): tried out on what runs before they are in force,
// and fetched from the vendor, whatever it answers.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { publishProduct } from '#flows/catalogue/publish-product.ts'
import { addToBasket } from '#flows/ordering/add-to-basket.ts'
import { activateSheet, previewLosses, rollBackSheet } from '#flows/price-sheets/activate-sheet.ts'
import { fetchSheet, requestSheets } from '#flows/price-sheets/fetch-sheets.ts'
import { importSheet } from '#flows/price-sheets/import-sheet.ts'
import { requestSimulation, simulateSheet } from '#flows/price-sheets/simulate-sheet.ts'
import { stopJob } from '#flows/setup/stop-job.ts'
import type { PriceSheetId } from '#kernel/ids.ts'
import { moneyText } from '#kernel/money.ts'
import { readPlace } from '#modules/price-sheets'
import { type Staff, system } from '#modules/users'
import { viewActivation } from '#views/price-sheets/activation.ts'
import { browsePriceSheets, browseProductChanges, listMarkets } from '#views/price-sheets/price-sheets.ts'
import {
  browseCustomerEffects,
  browseRenewalEffects,
  browseTouchedBaskets,
  viewSimulation,
} from '#views/price-sheets/simulation.ts'
import { activationShown } from '#web/backoffice/activation-shown.ts'
import { openSoftwareWorld, type SoftwareWorld } from '../support/software-world.ts'

let shop: SoftwareWorld
let staff: Staff
const folder = mkdtempSync(path.join(os.tmpdir(), 'releases-'))
before(async () => {
  shop = await openSoftwareWorld('2030-03-01T09:00:00Z')
  staff = await shop.world.staff('admin@nordlicht.example')
})
after(async () => {
  await shop?.close()
  rmSync(folder, { recursive: true, force: true })
})

const header =
  'ProductTitle,ProductId,SkuId,SkuTitle,TermDuration,BillingPlan,Market,Currency,UnitPrice,EffectiveStartDate,EffectiveEndDate,ERP Price,Segment'
const row = (product: string, cost: string, retail: string) =>
  `Server ${product},${product},0001,Server Standard,P1Y,Annual,DE,EUR,${cost},2026-01-01T00:00:00Z,9999-11-30T23:59:59Z,${retail},Commercial`

async function bring(name: string, ...rows: string[]) {
  const file = path.join(folder, name)
  writeFileSync(file, [header, ...rows, ''].join('\r\n'))
  const sheet = await importSheet(shop.app, staff, {
    ...readPlace({ market: 'DE', month: '2030-03' }),
    path: file,
    fileName: name,
    source: 'upload',
  })
  await shop.run()
  return sheet
}

const found = (id: PriceSheetId) => viewSimulation(shop.app.db, staff, { id })

test('a release is tried out before it is in force: renewals, customers and baskets it touches, and nothing is changed', async () => {
  const first = await bring(
    'first.csv',
    row('DG7GMGF0EM01', '1200.00', '1260.00'),
    row('DG7GMGF0EM02', '100.00', '120.00'),
    row('DG7GMGF0EM03', '50.00', '60.00'),
  )
  assert.equal(await found(first.id), undefined, 'there is nothing to compare the first one with')
  await assert.rejects(requestSimulation(shop.app, staff, { id: first.id }), {
    code: 'price-sheet/nothing-in-force',
  })
  await activateSheet(shop.app, staff, { id: first.id })
  await shop.run()
  const line = { term: 'P1Y', billingPlan: 'annual' as const }
  const dearer = { ...line, sku: 'DG7GMGF0EM01:0001', retail: '1260.00', cost: '1200.00', quantity: 4 }
  const gone = { ...line, sku: 'DG7GMGF0EM02:0001', retail: '120.00', cost: '100.00', quantity: 1 }
  const same = { ...line, sku: 'DG7GMGF0EM03:0001', retail: '60.00', cost: '50.00', quantity: 1 }
  const [running, ending] = [await shop.bought(dearer), await shop.bought(gone)]
  await shop.bought(same)
  const { planId } = running
  const buyer = await shop.world.portal('ada@brightside.example')
  await publishProduct(shop.app, staff, { productId: running.productId })
  await addToBasket(shop.app, buyer, { planId, quantity: 2 })

  const next = await bring(
    'next.csv',
    row('DG7GMGF0EM01', '1290.00', '1310.00'),
    row('DG7GMGF0EM03', '50.00', '60.00'),
    row('DG7GMGF0EM04', '10.00', '12.00'),
  )
  const simulation = await found(next.id)
  assert.deepEqual(
    [simulation?.state, simulation?.done, simulation?.total, simulation?.renewals, simulation?.problems],
    ['done', 2, 2, 2, 1],
  )
  // A run that was taken for dead and a second one, at the same moment: one result, as if there had been one.
  await requestSimulation(shop.app, staff, { id: next.id })
  const job = { id: 'test', retries: 0, isLastTry: false }
  await Promise.all([1, 2, 3].map(() => simulateSheet.run(shop.app, { id: next.id }, job)))
  const twice = await found(next.id)
  assert.deepEqual(
    [twice?.state, twice?.done, twice?.total, twice?.renewals, twice?.problems],
    ['done', 2, 2, 2, 1],
  )
  await shop.run()
  assert.deepEqual([simulation?.baskets, simulation?.isStale], [1, false])
  const renewals = await browseRenewalEffects(shop.app.db, staff, { id: next.id, limit: 1 })
  const rest = await browseRenewalEffects(shop.app.db, staff, {
    id: next.id,
    limit: 1,
    cursor: renewals.nextCursor,
  })
  assert.equal(rest.nextCursor, undefined)
  const money = [...renewals.items, ...rest.items].map((each) =>
    [each.before, each.after, each.marginBefore, each.marginAfter].map((sum) => sum && moneyText(sum)),
  )
  // 4 × 1260.00 and 4 × 60.00 become 4 × 1310.00 and 4 × 20.00.
  assert.deepEqual(money, [
    ['5040.00', '5240.00', '240.00', '80.00'],
    ['120.00', undefined, '20.00', undefined],
  ])
  assert.deepEqual(
    [...renewals.items, ...rest.items].map(({ id }) => id),
    [running.id, ending.id],
  )
  assert.match(rest.items[0]?.problem ?? '', /price/)
  const customers = await browseCustomerEffects(shop.app.db, staff, { id: next.id })
  assert.deepEqual(
    customers.items.map(({ customer, renewals: count, problems, marginBefore, marginAfter }) => [
      customer.name,
      count,
      problems,
      moneyText(marginBefore),
      moneyText(marginAfter),
    ]),
    [['Birchlane Architekten GmbH', 2, 1, '240.00', '80.00']],
  )
  const baskets = await browseTouchedBaskets(shop.app.db, staff, { id: next.id })
  assert.deepEqual(
    baskets.items.map(({ account, items }) => [account.name, items]),
    [['Brightside IT GmbH', 1]],
  )
  // 60.00 of 1260.00 are 4.76 %, 20.00 of 1310.00 are 1.53 %.
  const products = await browseProductChanges(shop.app.db, staff, { id: next.id, limit: 10 })
  assert.deepEqual(
    products.items.map(({ productCode, added, removed, changed, marginBefore, marginAfter }) => [
      productCode,
      added,
      removed,
      changed,
      marginBefore,
      marginAfter,
    ]),
    [
      ['DG7GMGF0EM01', 0, 0, 1, 476, 153],
      ['DG7GMGF0EM02', 0, 1, 0, null, null],
      ['DG7GMGF0EM04', 1, 0, 0, null, null],
    ],
  )

  // Whoever activates it reads all that first, and what is lost by itself.
  const told = await viewActivation(shop.app.db, staff, { id: next.id })
  assert.deepEqual([told.removed, told.withoutPrice], [1, 1])
  const said = activationShown(told)
  assert.deepEqual(said.does, [
    'Against March 2030, prices: 1 added, 1 changed, 1 removed.',
    '1 running subscription renews at another price or cost. Until then they keep what they have.',
    '1 open basket is priced anew.',
    // On average with what stays at 16.67 %.
    'The margin at retail prices goes from 10.71% to 9.1% on average.',
    'The margin of those renewals goes from €240.00 to €80.00.',
  ])
  assert.deepEqual(
    [said.lost, said.notKnown, said.consent],
    [
      [
        '1 price disappears: what it names cannot be sold any more.',
        '1 running subscription is left without a price for the next term: they wait for one when it begins.',
      ],
      '',
      'Activate although 1 price disappears and 1 running subscription is left without a price',
    ],
  )
  assert.deepEqual(await previewLosses(shop.app, staff, { id: next.id }), {
    plans: 0,
    renewals: 1,
    baskets: 0,
  })

  const better = await bring('better.csv', row('DG7GMGF0EM01', '1200.00', '1310.00'))
  // The renewal of EM02 has a price in the sheet in force and none in this one; EM03 was never delivered.
  await assert.rejects(
    activateSheet(shop.app, staff, { id: better.id }),
    (error: { code: string; details: object; message: string }) => {
      assert.equal(error.code, 'price-sheet/loses-prices')
      assert.deepEqual(error.details, { plans: 0, renewals: 1, baskets: 0 })
      assert.match(error.message, /^This sheet has no price for what has one now: 1 renewal\./)
      return true
    },
  )
  await activateSheet(shop.app, staff, { id: better.id, confirmsLosses: true })
  await shop.run()
  assert.equal((await found(next.id))?.isStale, true)
  const stale = activationShown(await viewActivation(shop.app.db, staff, { id: next.id }))
  assert.match(stale.notKnown, /^What it changes was worked out against another release than that of /)
  assert.deepEqual([stale.does, stale.lost], [[], []])
  await requestSimulation(shop.app, staff, { id: next.id })
  await assert.rejects(requestSimulation(shop.app, staff, { id: next.id }), {
    code: 'price-sheet/being-tried',
  })
  await shop.run()
  const again = await found(next.id)
  assert.deepEqual([again?.against, again?.isStale, again?.state], [better.id, false, 'done'])
  // Against better.csv, which has only EM01, nothing disappears.
  const now = await viewActivation(shop.app.db, staff, { id: next.id })
  assert.deepEqual([now.removed, now.withoutPrice, activationShown(now).consent], [0, 0, ''])
  await assert.rejects(requestSimulation(shop.app, staff, { id: better.id }), {
    code: 'price-sheet/not-to-be-tried',
  })
})

test('prices are lost with consent only: a file without rows, one whose rows begin later, one that is over', async () => {
  const losses = async (id: PriceSheetId) => {
    try {
      await activateSheet(shop.app, staff, { id })
      return 'in force'
    } catch (error) {
      assert.equal((error as { code: string }).code, 'price-sheet/loses-prices')
      return (error as { details: { plans: number; renewals: number; baskets: number } }).details
    }
  }
  const dated = (from: string, to: string, cost: string) =>
    row('DG7GMGF0EM01', cost, '1310.00')
      .replace('2026-01-01T00:00:00Z', from)
      .replace('9999-11-30T23:59:59Z', to)
  // EM01 alone has a price now: it is published, a subscription of it renews on 1 March 2031, and it lies in a basket.
  const empty = await bring('empty.csv')
  assert.deepEqual(await losses(empty.id), { plans: 1, renewals: 1, baskets: 1 })
  const over = await bring('over.csv', dated('2025-01-01T00:00:00Z', '2025-12-31T23:59:59Z', '1100.00'))
  assert.deepEqual(await losses(over.id), { plans: 1, renewals: 1, baskets: 1 })
  const april = await bring('april.csv', dated('2030-04-01T00:00:00Z', '9999-11-30T23:59:59Z', '1250.00'))
  assert.deepEqual(await losses(april.id), { plans: 1, renewals: 0, baskets: 1 })
  const soon = await bring('soon.csv', dated('2026-01-01T00:00:00Z', '2030-12-31T23:59:59Z', '1200.00'))
  assert.deepEqual(await losses(soon.id), { plans: 0, renewals: 1, baskets: 0 })
  const german = async () =>
    (await browsePriceSheets(shop.app.db, staff, { market: 'DE', state: 'active', limit: 5 })).items
  assert.equal((await german())[0]?.fileName, 'better.csv')

  assert.equal((await activateSheet(shop.app, staff, { id: empty.id, confirmsLosses: true })).state, 'active')
  // Where nothing has a price, nothing is lost.
  assert.equal(await losses(over.id), 'in force')
  await rollBackSheet(shop.app, staff, { id: over.id })
  await rollBackSheet(shop.app, staff, { id: empty.id })
  assert.equal((await german())[0]?.fileName, 'better.csv')
  await shop.run()
})

test('a try-out that activation overtook is over; rolled back, the release can be tried out again', async () => {
  const file = path.join(folder, 'quick.csv')
  writeFileSync(file, [header, row('DG7GMGF0EM01', '1210.00', '1310.00'), ''].join('\r\n'))
  const quick = await importSheet(shop.app, staff, {
    ...readPlace({ market: 'DE', month: '2030-03' }),
    path: file,
    fileName: 'quick.csv',
    source: 'command',
  })
  assert.equal((await found(quick.id))?.state, 'waiting')
  await activateSheet(shop.app, staff, { id: quick.id })
  await shop.run()
  assert.equal(await found(quick.id), undefined)
  await rollBackSheet(shop.app, staff, { id: quick.id })
  await requestSimulation(shop.app, staff, { id: quick.id })
  await shop.run()
  const again = await found(quick.id)
  assert.deepEqual([again?.state, again?.renewals], ['done', 1])
})

const fault = (given: object) => shop.tell('POST', '/faults', { call: 'price-sheet', times: 1, ...given })
const place = () => ({ ...readPlace({ market: 'DE', month: '2030-03' }), instanceId: shop.instanceId })
const fetched = () => fetchSheet(shop.app, system('price sheets'), place())
const lastFetch = async (market = 'DE') => {
  const line = (await listMarkets(shop.app.db, staff)).find((each) => each.market === market)
  return [line?.outcome, line?.fetchedId, line?.problem]
}
const releases = async () =>
  (await browsePriceSheets(shop.app.db, staff, { market: 'DE', limit: 50 })).items.filter(
    ({ source }) => source === 'vendor',
  )

test('"Fetch now" brings a release that is read, compared and tried out; the same file again changes nothing', async () => {
  await shop.tell('POST', '/settings', { rows: 100 })
  assert.equal(await requestSheets(shop.app, staff, { market: 'DE' }), 1)
  await shop.run()
  const [release, ...others] = await releases()
  assert.deepEqual(
    [release?.state, release?.month, others.length, release?.comparison?.against !== undefined],
    ['checked', '2030-03', 0, true],
  )
  assert.ok((release?.rowCount ?? 0) >= 100)
  assert.equal((await found(release!.id))?.state, 'done')
  assert.deepEqual(await lastFetch(), ['new', release?.id, null])
  await requestSheets(shop.app, staff, { market: 'de' })
  await shop.run()
  assert.deepEqual(await lastFetch(), ['same', release?.id, null])
  assert.deepEqual(
    (await releases()).map(({ id }) => id),
    [release?.id],
  )
})

test('what the vendor may answer instead: an old token is renewed, a market without a sheet passes, trouble is tried again, a broken file is refused', async () => {
  const [release] = await releases()
  await fault({ kind: 'expire-token' })
  assert.equal((await fetched())?.id, release?.id)
  assert.equal(await fetchSheet(shop.app, system('price sheets'), { ...place(), market: 'VA' }), undefined)
  assert.deepEqual(await lastFetch('VA'), ['none', null, null])
  await fault({ kind: 'throttle', seconds: 7 })
  await assert.rejects(fetched(), /gives no price sheet at the moment \(429\)/)
  await fault({ kind: 'error-503' })
  await assert.rejects(fetched(), /\(503\)/)
  const [outcome, sheet, problem] = await lastFetch()
  assert.deepEqual([outcome, sheet], ['failed', null])
  assert.match(problem ?? '', /gives no price sheet at the moment \(503\)/)
  await fault({ kind: 'refuse', status: 403, code: '403', shape: 'pricing' })
  await assert.rejects(fetched(), { name: 'Refusal' })
  assert.equal((await releases()).length, 1)
  const answers: Record<string, string> = {}
  for (const kind of ['truncated-zip', 'wrong-market', 'two-entries', 'missing-column']) {
    await fault({ kind, bytes: 500, column: 'UnitPrice' })
    answers[kind] = await fetched().then(
      (sheet) => sheet?.state ?? 'none',
      (error: { code: string }) => error.code,
    )
  }
  assert.deepEqual(answers, {
    'truncated-zip': 'price-sheet/damaged',
    'wrong-market': 'price-sheet/other-market',
    'two-entries': 'price-sheet/entries',
    'missing-column': 'price-sheet/column-missing',
  })
})

test('a fetch that fails again and again can be stopped; what a record waits for cannot', async () => {
  const job = async (queue: string, state: string) =>
    (
      await shop.app.db.pool<{ id: string }[]>`
        insert into pgboss.job (name, data, state) values (${queue}, '{}', ${state}::text::pgboss.job_state) returning id`
    )[0]!.id
  const stop = (queue: string, id: string) => stopJob(shop.app, staff, { queue, id })
  const stateOf = async (id: string) =>
    (await shop.app.db.pool<{ state: string }[]>`select state::text from pgboss.job where id = ${id}`)[0]
      ?.state
  const failing = await job('fetch-price-sheet', 'retry')
  await stop('fetch-price-sheet', failing)
  assert.equal(await stateOf(failing), 'cancelled')
  await assert.rejects(stop('fetch-price-sheet', failing), { code: 'job/not-retrying' })
  await assert.rejects(stop('fetch-price-sheet', await job('fetch-price-sheet', 'created')), {
    code: 'job/not-retrying',
  })
  const needed = await job('provision-licence', 'retry')
  await assert.rejects(stop('provision-licence', needed), { code: 'job/needed' })
  assert.equal(await stateOf(needed), 'retry')
})
