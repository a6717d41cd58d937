// The seller's price rules from the back office to the order: who may make them, what is refused, and that every path obeys them.
// Numbers are worked out by hand.
//
// Server Standard, 1 year, billed yearly. Germany: cost 100.00, retail 125.50 EUR. Mexico: cost 80.00, retail 100.11 USD.
// Office (ESD): price 249.50, cost 200.00 EUR. The reseller is in Germany, so VAT is 19 %.
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { microsoftEsd } from '#connectors/microsoft-esd'
import { partnerCenter } from '#connectors/partner-center'
import {
  type AccountId,
  type InstanceId,
  newId,
  type PlanId,
  type PriceSheetId,
  type ProductId,
} from '#kernel/ids.ts'
import { moneyText, priceText } from '#kernel/money.ts'
import { type Account, insertAccount, newAccount } from '#modules/accounts'
import { type ConversionInput, type PromotionInput, recompute } from '#modules/pricing'
import { actorWith, insertUser, newUser, type Portal, type Role, type Staff } from '#modules/users'
import { type Database, openDatabase, sellerScope, transaction } from '#platform/db.ts'
import { installJobs } from '#platform/jobs.ts'
import { listShownConversionRules, viewConversionRule } from '#views/pricing/conversion-rules.ts'
import {
  listShownPriceListRules,
  listShownPriceLists,
  viewAccountPriceList,
} from '#views/pricing/price-lists.ts'
import { listShownPromotions } from '#views/pricing/promotions.ts'
import { listShownVolumeDiscounts } from '#views/pricing/volume-discounts.ts'
import { testDatabase } from '../../../tests/support/database.ts'
import type { App } from '../app.ts'
import { createProductGroup, removeProductGroup } from '../catalogue/change-product-group.ts'
import { setGroupMembers } from '../catalogue/publish-product-group.ts'
import { allJobs } from '../jobs.ts'
import { addToBasket } from '../ordering/add-to-basket.ts'
import { assignItems, giveServiceDetails } from '../ordering/change-basket.ts'
import { indicativePrices } from '../ordering/indicative-prices.ts'
import { placeOrder } from '../ordering/place-order.ts'
import { quoteBasket } from '../ordering/price-basket.ts'
import { quotePrices } from '../ordering/quote-prices.ts'
import { activateSheet, rollBackSheet } from '../price-sheets/activate-sheet.ts'
import { changeConversionRule, createConversionRule, endConversionRule } from './manage-conversion-rules.ts'
import { addPriceListRule, changePriceListRule, endPriceListRule } from './manage-price-list-rules.ts'
import { changePriceList, createPriceList, endPriceList, givePriceList } from './manage-price-lists.ts'
import { changePromotion, createPromotion, endPromotion } from './manage-promotions.ts'
import { changeVolumeDiscount, createVolumeDiscount, endVolumeDiscount } from './manage-volume-discounts.ts'
import { tryPrice } from './try-price.ts'

const start = Temporal.Instant.from('2026-11-24T10:00:00Z')
let at = start
const SKU = 'DG7GMGF0EX01:0003:commercial:P1Y:annual'
const server = newId<PlanId>()
const office = newId<PlanId>()
const serverProduct = newId<ProductId>()
const officeProduct = newId<ProductId>()
let db: Database
let drop: () => Promise<void>
let app: App
let north: Account
let contoso: Account
let fabrikam: Account
let avila: Account
let anna: Portal
let marit: Staff
let petra: Staff
let henrik: Staff

const details = {
  name: 'North',
  contactFirstName: 'Anna',
  contactLastName: 'Schmidt',
  email: 'anna@north.example',
  addressLine1: 'Unter den Linden 1',
  city: 'Berlin',
  postalCode: '10117',
  country: 'DE',
  currency: 'EUR',
}

before(async () => {
  const database = await testDatabase()
  db = openDatabase({ ...database.options, max: 8 })
  drop = database.drop
  app = {
    db,
    now: () => at,
    connectors: [
      microsoftEsd({ timeoutMs: 1000, now: () => at }),
      partnerCenter({ timeoutMs: 1000, now: () => at }),
    ],
    settings: { settleWithinMinutes: 30 },
  } as unknown as App
  await installJobs(database.options, db, allJobs)
  await transaction(db, sellerScope, async (tx) => {
    const customer = (given: typeof details, parent?: Account) =>
      insertAccount(
        tx,
        newAccount(
          { kind: parent ? 'customer' : 'reseller', ...(parent ? { parent } : {}), details: given },
          at,
        ),
      )
    north = await customer(details)
    contoso = await customer({ ...details, name: 'Contoso' }, north)
    fabrikam = await customer({ ...details, name: 'Fabrikam' }, north)
    avila = await customer(
      { ...details, name: 'Ávila', city: 'Caracas', postalCode: '1010', country: 'VE', currency: 'VES' },
      north,
    )
    const user = newUser({ accountId: north.id, email: 'p@north.example', name: 'P', roles: ['admin'] }, at)
    await insertUser(tx, user, undefined)
    anna = actorWith({ ...user, accountId: north.id }, 'reseller') as Portal
    const staff = async (name: string, role: Role) => {
      const person = newUser({ email: `${name}@seller.example`, name, roles: [role] }, at)
      await insertUser(tx, person, undefined)
      return actorWith({ id: person.id, name, accountId: null, roles: [role] }, null) as Staff
    }
    marit = await staff('Marit', 'administrator')
    henrik = await staff('Henrik', 'account-manager')
    // A pricing clerk: sets prices, but may not approve any below cost.
    petra = { ...marit, name: 'Petra', rights: new Set(['manage-prices', 'see-costs'] as const) }
    const [pool, center] = [newId<InstanceId>(), newId<InstanceId>()]
    await tx.run`
      insert into connector_instance (id, connector, key_source, system_name, state, country, language, currency, created_at, updated_at)
      values (${pool}, 'microsoft-esd', 'pool', 'ESD DE', 'active', 'DE', 'de-DE', 'EUR', ${at}, ${at})`
    await tx.run`
      insert into connector_instance (id, connector, system_name, state, country, language, currency, signs_in_with, secrets_cipher, created_at,
        updated_at)
      values (${center}, 'partner-center', 'Partner Center', 'active', 'DE', 'en-US', 'EUR', 'secret', '\\x00', ${at}, ${at})`
    for (const [id, kind, connector, name, instance, plan, sku] of [
      [officeProduct, 'esd', 'microsoft-esd', 'Office', pool, office, 'OFF-1'],
      [serverProduct, 'subscription', 'partner-center', 'Server Standard', center, server, SKU],
    ]) {
      await tx.run`
        insert into product (id, kind, connector, code, name, is_published, created_at, updated_at)
        values (${id}, ${kind}, ${connector}, ${sku}, ${name}, true, ${at}, ${at})`
      await tx.run`
        insert into plan (id, product_id, instance_id, sku, vendor_name, language, country, fulfilment_type, is_returnable, created_at, updated_at)
        values (${plan}, ${id}, ${instance}, ${sku}, ${name}, 'de-DE', 'DE', 'Token', true, ${at}, ${at})`
    }
    await tx.run`
      insert into plan_price (plan_id, currency, unit_price, unit_cost, updated_at) values (${office}, 'EUR', 249.5, 200, ${at})`
    await tx.run`
      insert into legal_entity (id, name, address_line1, postal_code, city, country, vat_number, email, time_zone)
      values (${newId()}, 'Seller', 'Street 1', '10115', 'Berlin', 'DE', 'DE136695976', 'hello@seller.example', 'Europe/Berlin')`
    await tx.run`insert into tax_rate (country, valid_from, basis_points) values ('DE', '2020-01-01', 1900)`
    for (const [market, code, cost, retail] of [
      ['DE', 'EUR', '100.00', '125.50'],
      ['MX', 'USD', '80.00', '100.11'],
    ]) {
      const id = newId<PriceSheetId>()
      await tx.run`
        insert into price_sheet (id, market, view, month, file_name, source, state, sha256, bytes, received_by, received_at,
          currencies)
        values (${id}, ${market}, 'software', '2026-11', ${`${market}.csv`}, 'upload', 'active', '\\x00', 1, 'test', ${at},
          array[${code}])`
      await tx.run`
        insert into price_sheet_row (sheet_id, line, product_code, sku_code, segment, term, billing_plan, currency, unit_cost, retail,
          product_title, sku_title, description, publisher, tags)
        values (${id}, 2, 'DG7GMGF0EX01', '0003', 'commercial', 'P1Y', 'annual', ${code}, ${cost}, ${retail}, 'Server', 'Standard', '', '', '')`
    }
  })
})

after(async () => {
  await db?.close()
  await drop?.()
})

/** Every test begins without rules, and at the same hour. */
beforeEach(async () => {
  at = start
  await db.pool.unsafe(`
    update account set price_list_id = null;
    delete from price_list_rule; delete from price_list; delete from volume_discount; delete from promotion; delete from conversion_rule;
    delete from basket_item using basket where basket.id = basket_id and state = 'open'`)
})

const rate: ConversionInput = {
  currency: 'VES',
  baseCurrency: 'USD',
  rate: '40.5',
  validFrom: '2026-11-24',
  market: 'MX',
  overridesSheet: false,
  source: 'BCV',
  note: '',
}
const list = { name: 'Gold', description: '', isDefault: false, validFrom: '2026-01-01' }
const everything = { scope: { kind: 'all' }, validFrom: '2026-01-01' }
const promotion: PromotionInput = {
  name: 'Autumn',
  discount: { percent: '10' },
  recurrence: 'one-time',
  scopes: [{ kind: 'all' }],
  terms: [],
  newCustomersOnly: false,
  isCombinable: false,
  validFrom: '2026-11-01',
}

/** What lines cost Anna's customer, net. */
async function nets(customer: Account, ...lines: [PlanId, number][]): Promise<string[]> {
  const quote = await quotePrices(app, anna, {
    billingToId: north.id,
    endCustomerId: customer.id,
    lines: lines.map(([planId, quantity]) => ({ planId, quantity })),
  })
  return quote.lines.map(({ net }) => moneyText(net))
}

const audit = async (subjectId: string) =>
  db.pool<{ action: string; actor: string; before: any; after: any }[]>`
    select action, actor, before, after from audit_entry where subject_id = ${subjectId} order by id`
const faultAt =
  (pointer: string, code: string) => (error: { errors?: { pointer: string; code: string }[] }) => {
    assert.deepEqual(
      error.errors?.map((each) => [each.pointer, each.code]),
      [[pointer, code]],
    )
    return true
  }

test('only who manages prices makes rules', async () => {
  const right = { code: 'right/missing' }
  await assert.rejects(createConversionRule(app, henrik, rate), right)
  await assert.rejects(createPriceList(app, henrik, list), right)
  await assert.rejects(
    createVolumeDiscount(app, henrik, {
      ...list,
      scope: { kind: 'all' },
      mode: 'scale',
      tiers: [{ from: 5, percent: '1' }],
    }),
    right,
  )
  await assert.rejects(createPromotion(app, anna, promotion), right)
  await assert.rejects(givePriceList(app, henrik, { accountId: north.id, priceListId: undefined }), right)
  await assert.rejects(
    tryPrice(app, henrik, { country: 'VE', currency: 'VES', planId: server, quantity: 1 }),
    right,
  )
  await assert.rejects(listShownPriceLists(db, henrik, { at }), right)
})

test('a rate prices from the day it begins, and the order stops before it, after it was ended, and without it', async () => {
  const stops = { code: 'price/not-calculable' }
  await assert.rejects(nets(avila, [server, 3]), stops)
  const tomorrow = await createConversionRule(app, marit, { ...rate, validFrom: '2026-11-25' })
  await assert.rejects(nets(avila, [server, 3]), stops)
  at = Temporal.Instant.from('2026-11-24T23:00:00Z') // midnight in Berlin, where the seller is
  // 100.11 × 40.5 = 4054.455; three are 12163.365.
  assert.deepEqual(await nets(avila, [server, 3]), ['12163.37'])
  await assert.rejects(changeConversionRule(app, marit, { id: tomorrow.id, change: { rate: '41' } }), {
    code: 'conversion-rule/in-force',
  })
  const noted = await changeConversionRule(app, marit, { id: tomorrow.id, change: { note: 'checked' } })
  assert.deepEqual([noted.note, noted.version, noted.updatedBy], ['checked', 2, 'Marit'])
  // A slip is corrected by a new rate of the same day: 100.11 × 41 = 4104.51.
  const second = await createConversionRule(app, marit, { ...rate, rate: '41', validFrom: '2026-11-25' })
  assert.deepEqual(await nets(avila, [server, 1]), ['4104.51'])
  const states = await listShownConversionRules(db, marit, { at })
  assert.deepEqual(
    states.items.map(({ rate, state }) => [rate, state]),
    [
      ['41', 'in force'],
      ['40.5', 'followed'],
    ],
  )
  await endConversionRule(app, marit, { id: second.id, lastDay: '2026-11-23' }).then(
    () => assert.fail('it began on the 25th'),
    faultAt('/lastDay', 'before-first'),
  )
  await endConversionRule(app, marit, { id: second.id })
  assert.deepEqual(await nets(avila, [server, 1]), ['4104.51'], 'its last day is today')
  at = at.add({ hours: 24 })
  await assert.rejects(nets(avila, [server, 1]), stops)
  const trail = await audit(second.id)
  assert.deepEqual(
    trail.map((each) => [each.action, each.before?.validTo, each.after?.validTo]),
    [
      ['conversion-rule/created', undefined, undefined],
      ['conversion-rule/ended', undefined, '2026-11-25'],
    ],
  )
  assert.equal(trail[0]?.after.rate, '41')
})

test('fifty who ask for quotes while a release comes into force and is rolled back see the old prices or the new ones, both and nothing else', {
  timeout: 120_000,
}, async () => {
  const fresh = newId<PriceSheetId>()
  await transaction(db, sellerScope, async (tx) => {
    await tx.run`
      insert into price_sheet (id, market, view, month, file_name, source, state, sha256, bytes, received_by, received_at)
      values (${fresh}, 'DE', 'software', '2026-11', 'next.csv', 'upload', 'checked', '\\x01', 1, 'test', ${at})`
    await tx.run`
      insert into price_sheet_row (sheet_id, line, product_code, sku_code, segment, term, billing_plan, currency, unit_cost, retail,
        product_title, sku_title, description, publisher, tags)
      values (${fresh}, 2, 'DG7GMGF0EX01', '0003', 'commercial', 'P1Y', 'annual', 'EUR', '200.00', '251.00', 'Server', 'Standard', '', '', '')`
  })
  const seen = new Map<string, number>()
  let isOver = false
  const readers = Array.from({ length: 50 }, async () => {
    while (!isOver) {
      const quote = JSON.stringify(await nets(contoso, [server, 1], [server, 3], [server, 10]))
      seen.set(quote, (seen.get(quote) ?? 0) + 1)
    }
  })
  for (let turn = 0; turn < 10; turn += 1) {
    await activateSheet(app, marit, { id: fresh })
    await delay(20)
    await rollBackSheet(app, marit, { id: fresh })
    await delay(20)
  }
  isOver = true
  await Promise.all(readers)
  assert.deepEqual([...seen.keys()].sort(), [
    JSON.stringify(['125.50', '376.50', '1255.00']),
    JSON.stringify(['251.00', '753.00', '2510.00']),
  ])
  for (const count of seen.values()) assert.ok(count >= 10, String(count))
})

test('a slip is stopped at once, also on the day it began, and its currency is priced again by the next rate', async () => {
  const slip = await createConversionRule(app, marit, { ...rate, rate: '4', validFrom: '2026-11-24' })
  // 100.11 × 4 = 400.44.
  assert.deepEqual(await nets(avila, [server, 1]), ['400.44'])
  const ended = await endConversionRule(app, marit, { id: slip.id, lastDay: 'at-once' })
  assert.deepEqual([ended?.validFrom.toString(), ended?.validTo?.toString()], ['2026-11-24', '2026-11-23'])
  await assert.rejects(nets(avila, [server, 1]), { code: 'price/not-calculable' })
  const { items } = await listShownConversionRules(db, marit, { at })
  assert.deepEqual(
    items.map(({ state }) => state),
    ['ended'],
  )
  await createConversionRule(app, marit, { ...rate, rate: '40', validFrom: '2026-11-24' })
  assert.deepEqual(await nets(avila, [server, 1]), ['4004.40'])
})

test('a rate against a currency that its sheet does not have is refused; one whose market has no sheet says so', async () => {
  await createConversionRule(app, marit, { ...rate, market: 'DE', validFrom: '2026-12-01' }).then(
    () => assert.fail('the German sheet has euros alone'),
    (error: { errors: { pointer: string; code: string; message: string }[] }) => {
      assert.deepEqual(
        error.errors.map(({ pointer, code }) => [pointer, code]),
        [['/baseCurrency', 'not-in-sheet']],
      )
      assert.equal(
        error.errors[0]?.message,
        'The price sheet of Germany has no prices in USD, only in EUR: choose one of these, or the market of another country.',
      )
    },
  )
  const euros = { ...rate, market: 'DE', baseCurrency: 'EUR', validFrom: '2026-12-01' }
  const good = await createConversionRule(app, marit, euros)
  assert.equal((await viewConversionRule(db, marit, { id: good.id, at })).warning, undefined)
  await assert.rejects(changeConversionRule(app, marit, { id: good.id, change: { market: 'MX' } }), {
    code: 'input/invalid',
  })
  const early = await createConversionRule(app, marit, { ...rate, market: 'AR', validFrom: '2026-12-01' })
  assert.match(
    (await viewConversionRule(db, marit, { id: early.id, at })).warning ?? '',
    /^No price sheet of Argentina is in force/,
  )
})

test('what is wrong with a rate is said field by field; one that has not begun can be changed and is removed by ending it', async () => {
  await assert.rejects(
    createConversionRule(app, marit, {
      ...rate,
      baseCurrency: 'VES',
      rate: '-1',
      market: 'XX',
      source: '',
      validFrom: '2026-11-23',
    }),
    (error: { errors: { pointer: string }[] }) => {
      assert.deepEqual(
        error.errors.map(({ pointer }) => pointer),
        ['/baseCurrency', '/rate', '/market', '/source', '/validFrom'],
      )
      return true
    },
  )
  const planned = await createConversionRule(app, marit, { ...rate, validFrom: '2026-12-01' })
  const changed = await changeConversionRule(app, marit, {
    id: planned.id,
    version: 1,
    change: { rate: '42.10' },
  })
  assert.deepEqual([changed.rate, changed.market, changed.version], ['42.1', 'MX', 2])
  await assert.rejects(
    changeConversionRule(app, marit, { id: planned.id, version: 1, change: { rate: '43' } }),
    { code: 'conflict/changed-meanwhile' },
  )
  assert.equal(await endConversionRule(app, marit, { id: planned.id }), undefined)
  assert.deepEqual((await listShownConversionRules(db, marit, { at })).items, [])
  assert.equal((await audit(planned.id)).at(-1)?.action, 'conversion-rule/removed')
})

test('a price list prices the basket, the indicative price, the quote and the order of the account that has it', async () => {
  const gold = await createPriceList(app, marit, list)
  // Cost 100 at a margin of 20 % of the price: 125; office at 5 % off: 237.025.
  await addPriceListRule(app, petra, {
    ...everything,
    priceListId: gold.id,
    scope: { kind: 'product', id: serverProduct },
    method: { kind: 'margin', percent: '20' },
  })
  await addPriceListRule(app, petra, {
    ...everything,
    priceListId: gold.id,
    method: { kind: 'discount', percent: '5' },
  })
  assert.deepEqual(await nets(contoso, [server, 1], [office, 1]), ['125.50', '249.50'])
  await givePriceList(app, marit, { accountId: north.id, priceListId: gold.id })
  // 237.025 is rounded half away from zero, once.
  assert.deepEqual(await nets(contoso, [server, 1], [office, 1]), ['125.00', '237.03'])
  const { plans } = await indicativePrices(app, anna, { planIds: [server, office] })
  assert.deepEqual(
    [server, office].map((id) => {
      const found = plans.get(id)
      return found && 'unitPrice' in found && priceText(found.unitPrice)
    }),
    ['125.00', '237.025'],
  )
  const { basketId, items } = await addToBasket(app, anna, { planId: server, quantity: 2 })
  await assignItems(app, anna, {
    basketId,
    assignments: [{ itemIds: items.map(({ id }) => id), isForResale: true, endCustomerId: contoso.id }],
  })
  const quote = await quoteBasket(app, anna)
  assert.deepEqual(
    [...(quote?.items.values() ?? [])].map(({ net }) => moneyText(net)),
    ['250.00'],
  )
  await giveServiceDetails(app, anna, {
    basketId,
    accountId: contoso.id,
    connector: 'partner-center',
    options: { agreement: 'on' },
  })
  const [order] = await placeOrder(app, anna, { basketId })
  assert.deepEqual([moneyText(order!.net), moneyText(order!.total)], ['250.00', '297.50'])
  const shown = await viewAccountPriceList(db, marit, { accountId: north.id, at })
  assert.deepEqual([shown.given?.name, shown.inForce?.name, shown.paysForItself], ['Gold', 'Gold', true])
  assert.deepEqual((await audit(north.id)).at(-1), {
    action: 'account/price-list-given',
    actor: 'Marit',
    before: { priceList: null },
    after: { priceList: 'Gold' },
  })
  const [row] = (await listShownPriceLists(db, marit, { at, q: 'gol' })).items
  assert.deepEqual([row?.ruleCount, row?.accountCount, row?.state], [2, 1, 'in force'])
  const rules = await listShownPriceListRules(db, marit, { at, priceListId: gold.id })
  assert.deepEqual(
    rules.items.map(({ scope }) => [scope.kind, scope.name]),
    [
      ['all', 'Everything'],
      ['product', 'Server Standard'],
    ],
  )
  const found = await listShownPriceListRules(db, marit, { at, priceListId: gold.id, q: 'server' })
  assert.deepEqual(
    found.items.map(({ scope }) => scope.name),
    ['Server Standard'],
  )
})

test('one list is the default of accounts without one; customers of a reseller have none; an ended one cannot be given', async () => {
  const standard = await createPriceList(app, marit, { ...list, name: 'Standard', isDefault: true })
  await addPriceListRule(app, marit, {
    ...everything,
    priceListId: standard.id,
    method: { kind: 'fixed', amount: '120.00', currency: 'EUR' },
    scope: { kind: 'plan', id: server },
  })
  assert.deepEqual(await nets(contoso, [server, 1]), ['120.00'])
  const other = await createPriceList(app, marit, { ...list, name: 'Other', isDefault: true })
  assert.deepEqual(await nets(contoso, [server, 1]), ['125.50'], 'the new default has no rule')
  assert.deepEqual(
    (await listShownPriceLists(db, marit, { at })).items.map((each) => [each.name, each.isDefault]),
    [
      ['Other', true],
      ['Standard', false],
    ],
  )
  assert.deepEqual(
    (await audit(standard.id)).map(({ action, after }) => [action, after.isDefault]),
    [
      ['price-list/created', true],
      ['price-list/changed', false],
    ],
  )
  await assert.rejects(
    givePriceList(app, marit, { accountId: contoso.id, priceListId: other.id }),
    faultAt('/priceListId', 'does-not-pay'),
  )
  await endPriceList(app, marit, { id: standard.id, lastDay: '2026-11-23' })
  await assert.rejects(
    givePriceList(app, marit, { accountId: north.id, priceListId: standard.id }),
    faultAt('/priceListId', 'ended'),
  )
  await assert.rejects(createPriceList(app, marit, { ...list, name: 'other' }), faultAt('/name', 'taken'))
  const renamed = await changePriceList(app, marit, { id: other.id, change: { name: 'Everybody' } })
  assert.deepEqual([renamed.name, renamed.isDefault, renamed.version], ['Everybody', true, 2])
  const planned = await createPriceList(app, marit, { ...list, name: 'Planned', validFrom: '2027-01-01' })
  await givePriceList(app, marit, { accountId: north.id, priceListId: planned.id })
  await assert.rejects(endPriceList(app, marit, { id: planned.id }), { code: 'price-list/in-use' })
  await givePriceList(app, marit, { accountId: north.id, priceListId: undefined })
  assert.equal(await endPriceList(app, marit, { id: planned.id }), undefined)
})

test('two people who choose a default list in the same moment get one of them', async () => {
  const made = await Promise.allSettled(
    ['One', 'Two', 'Three'].map((name) => createPriceList(app, marit, { ...list, name, isDefault: true })),
  )
  const { items } = await listShownPriceLists(db, marit, { at })
  assert.equal(items.filter(({ isDefault }) => isDefault).length, 1)
  for (const each of made) if (each.status === 'rejected') faultAt('/isDefault', 'taken')(each.reason)
})

test('two rules of a list about the same do not hold on the same day', async () => {
  const gold = await createPriceList(app, marit, list)
  const about = (
    validFrom: string,
    validTo: string,
    method: object,
    scope: object = { kind: 'plan', id: server },
  ) =>
    addPriceListRule(app, marit, {
      priceListId: gold.id,
      scope: scope as { kind: string },
      method: method as { kind: string },
      validFrom,
      validTo,
    })
  const five = { kind: 'discount', percent: '5' }
  const first = await about('2026-01-01', '2026-12-31', five)
  const overlaps = faultAt('/validFrom', 'overlaps')
  await assert.rejects(about('2026-12-31', '', five), overlaps)
  await assert.rejects(about('2025-01-01', '2026-01-01', five), overlaps)
  await about('2027-01-01', '', five)
  await about('2026-01-01', '', five, { kind: 'product', id: serverProduct })
  await assert.rejects(changePriceListRule(app, marit, { id: first.id, change: { validTo: '' } }), overlaps)
  // Fixed prices in two currencies do not meet.
  const fixed = (currency: string) => ({ kind: 'fixed', amount: '9', currency })
  await about('2026-01-01', '', fixed('EUR'), { kind: 'plan', id: office })
  await about('2026-01-01', '', fixed('CHF'), { kind: 'plan', id: office })
  await assert.rejects(about('2026-01-01', '', fixed('EUR'), { kind: 'plan', id: office }), overlaps)
  await assert.rejects(
    about('2026-01-01', '', five, { kind: 'plan', id: newId() }),
    faultAt('/scope/id', 'unknown'),
  )
  const ended = await endPriceListRule(app, marit, { id: first.id, lastDay: '2026-11-30' })
  assert.equal(ended?.validTo?.toString(), '2026-11-30')
  await about('2026-12-01', '2026-12-31', five)
})

test('below cost needs an approval by who may, for exactly what it was given for', async () => {
  const gold = await createPriceList(app, petra, list)
  const loss = { ...everything, priceListId: gold.id, method: { kind: 'markup', percent: '-10' } }
  await assert.rejects(addPriceListRule(app, petra, loss), { code: 'price/below-cost' })
  const reason = { reason: 'Stock to be cleared' }
  await assert.rejects(addPriceListRule(app, petra, { ...loss, belowCost: reason }), {
    code: 'right/missing',
  })
  await assert.rejects(
    addPriceListRule(app, marit, { ...loss, belowCost: { reason: ' ' } }),
    faultAt('/belowCost/reason', 'required'),
  )
  const rule = await addPriceListRule(app, marit, { ...loss, belowCost: reason })
  assert.deepEqual(rule.belowCost, {
    by: 'Marit',
    at: '2026-11-24T10:00:00Z',
    reason: 'Stock to be cleared',
  })
  await givePriceList(app, marit, { accountId: north.id, priceListId: gold.id })
  assert.deepEqual(await nets(contoso, [server, 1]), ['90.00'])
  // Petra cannot stretch what Marit approved.
  await assert.rejects(
    changePriceListRule(app, petra, { id: rule.id, change: { method: { kind: 'markup', percent: '-50' } } }),
    { code: 'price/below-cost' },
  )
  const above = await changePriceListRule(app, petra, {
    id: rule.id,
    change: { method: { kind: 'markup', percent: '10' } },
  })
  assert.equal(above.belowCost, undefined)
  // A discount that turns out below cost is found when it prices: 125.50 less 30 % is 87.85.
  await changePriceListRule(app, petra, {
    id: rule.id,
    change: { method: { kind: 'discount', percent: '30' } },
  })
  await assert.rejects(nets(contoso, [server, 1]), { code: 'price/below-cost' })
  await changePriceListRule(app, marit, { id: rule.id, change: { belowCost: reason } })
  assert.deepEqual(await nets(contoso, [server, 1]), ['87.85'])
  await changePriceListRule(app, petra, { id: rule.id, change: { belowCost: null } })
  await assert.rejects(nets(contoso, [server, 1]), { code: 'price/below-cost' })
})

test('a volume discount counts the whole order; two about the same never hold together, however quickly they are made', async () => {
  const dozen = {
    name: 'By the dozen',
    scope: { kind: 'all' },
    mode: 'continuous',
    tiers: [
      { from: 20, percent: '8' },
      { from: 12, percent: '4' },
    ],
    validFrom: '2026-01-01',
  }
  const made = await Promise.allSettled([
    createVolumeDiscount(app, marit, dozen),
    createVolumeDiscount(app, marit, { ...dozen, name: 'Also by the dozen' }),
  ])
  const [discount, ...others] = made.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
  assert.ok(discount && others.length === 0)
  // 5 + 7 = 12 licences: 125.50 × 5 × 0.96 = 602.40; 125.50 × 7 × 0.96 = 843.36.
  assert.deepEqual(await nets(contoso, [server, 5], [server, 7]), ['602.40', '843.36'])
  assert.deepEqual(await nets(contoso, [server, 5], [server, 6]), ['627.50', '753.00'])
  const scaled = await changeVolumeDiscount(app, marit, { id: discount.id, change: { mode: 'scale' } })
  assert.equal(scaled.mode, 'scale')
  // Eleven at 125.50 and one at 120.48.
  assert.deepEqual(await nets(contoso, [server, 12]), ['1500.98'])
  await assert.rejects(
    changeVolumeDiscount(app, marit, {
      id: discount.id,
      change: {
        tiers: [
          { from: 5, percent: '1' },
          { from: '5', percent: '2' },
        ],
      },
    }),
    faultAt('/tiers/1/from', 'twice'),
  )
  const ended = await endVolumeDiscount(app, marit, { id: discount.id, lastDay: '2026-11-23' })
  assert.equal(ended?.validTo?.toString(), '2026-11-23')
  assert.deepEqual(await nets(contoso, [server, 12]), ['1506.00'])
  const { items } = await listShownVolumeDiscounts(db, marit, { at, state: 'ended' })
  assert.deepEqual(
    items.map(({ id, tiers, scope }) => [id, tiers.map(({ from }) => from), scope.name]),
    [[discount.id, [12, 20], 'Everything']],
  )
})

test('a promotion is taken off until it is ended, and needs its prerequisite', async () => {
  const autumn = await createPromotion(app, marit, promotion)
  assert.deepEqual(await nets(contoso, [server, 1]), ['112.95'])
  await changePromotion(app, marit, { id: autumn.id, change: { prerequisiteProductId: officeProduct } })
  assert.deepEqual(await nets(contoso, [server, 1]), ['125.50'])
  assert.deepEqual(await nets(contoso, [server, 1], [office, 1]), ['112.95', '224.55'])
  const [shown] = (await listShownPromotions(db, marit, { at })).items
  assert.deepEqual([shown?.prerequisiteName, shown?.scopes[0]?.name], ['Office', 'Everything'])
  await assert.rejects(
    changePromotion(app, marit, { id: autumn.id, change: { prerequisiteProductId: newId<ProductId>() } }),
    faultAt('/prerequisiteProductId', 'unknown'),
  )
  await assert.rejects(
    changePromotion(app, marit, { id: autumn.id, change: { recurrence: 'limited' } }),
    faultAt('/periods', 'out-of-range'),
  )
  await endPromotion(app, marit, { id: autumn.id, lastDay: '2026-11-23' })
  assert.deepEqual(await nets(contoso, [server, 1], [office, 1]), ['125.50', '249.50'])
  const everyone = await createPromotion(app, marit, { ...promotion, name: 'New', newCustomersOnly: true })
  assert.deepEqual(await nets(fabrikam, [server, 1]), ['112.95'], 'it has bought nothing yet')
  assert.equal((await endPromotion(app, marit, { id: everyone.id }))?.validTo?.toString(), '2026-11-24')
})

test('the conversion tool tries a rate that is being typed, explains the price wholly, and keeps nothing', async () => {
  const ask = { country: 've', currency: 'VES', planId: server, quantity: 3 }
  const none = await tryPrice(app, marit, ask)
  assert.ok('problem' in none && none.problem.code === 'price/not-calculable')
  const tried = await tryPrice(app, marit, { ...ask, conversion: { ...rate, validFrom: '2027-05-01' } })
  assert.ok('net' in tried)
  assert.deepEqual(
    [tried.currency, moneyText(tried.net), priceText(tried.unitPrice), priceText(tried.unitCost!)],
    ['VES', '12163.37', '4054.455', '3240.00'],
  )
  assert.deepEqual(
    tried.explanation.steps.map(({ step }) => step),
    ['price sheet', 'conversion', 'rounding'],
  )
  assert.equal(recompute(tried.explanation).net, '12163.37')
  assert.deepEqual((await listShownConversionRules(db, marit, { at })).items, [])
  await createConversionRule(app, marit, rate)
  const kept = await tryPrice(app, marit, ask)
  assert.ok('net' in kept && moneyText(kept.net) === '12163.37')
  const without = await tryPrice(app, marit, { ...ask, conversion: null })
  assert.ok('problem' in without)
  const gold = await createPriceList(app, marit, list)
  await addPriceListRule(app, marit, {
    ...everything,
    priceListId: gold.id,
    method: { kind: 'discount', percent: '10' },
  })
  await givePriceList(app, marit, { accountId: north.id, priceListId: gold.id })
  // 4054.455 × 3 × 0.9 = 10947.0285.
  const ofNorth = await tryPrice(app, marit, { ...ask, billingToId: north.id })
  assert.ok('net' in ofNorth && moneyText(ofNorth.net) === '10947.03')
  await assert.rejects(
    tryPrice(app, marit, { ...ask, billingToId: newId<AccountId>() }),
    faultAt('/billingToId', 'unknown'),
  )
  await assert.rejects(
    tryPrice(app, marit, { ...ask, country: 'XX' }),
    faultAt('/country', 'unknown-country'),
  )
})

test('a rule about a product group prices the plans in it', async () => {
  const { id: group } = await createProductGroup(app, marit, { name: 'Servers' })
  await setGroupMembers(app, marit, { groupId: group, planIds: [server] })
  const gold = await createPriceList(app, marit, list)
  await givePriceList(app, marit, { accountId: north.id, priceListId: gold.id })
  const rule = { priceListId: gold.id, method: { kind: 'discount', percent: '10' }, validFrom: '2026-01-01' }
  await addPriceListRule(app, marit, { ...rule, scope: { kind: 'group', id: group } })
  await createPromotion(app, marit, {
    ...promotion,
    scopes: [{ kind: 'group', id: group }],
    discount: { percent: '10' },
  })
  // 125.50 × 0.9 × 0.9 = 101.655; the office licence is in no group, and nobody needs to see the group.
  assert.deepEqual(await nets(contoso, [server, 1], [office, 1]), ['101.66', '249.50'])
  await createVolumeDiscount(app, marit, {
    name: 'Two servers',
    scope: { kind: 'group', id: group },
    mode: 'continuous',
    tiers: [{ from: 2, percent: '1' }],
    validFrom: '2026-01-01',
  })
  // 2 × 125.50 × 0.9 × 0.99 × 0.9 = 201.2769.
  assert.deepEqual(await nets(contoso, [server, 2]), ['201.28'])
  await assert.rejects(removeProductGroup(app, marit, { groupId: group }), { code: 'product-group/in-use' })
  const found = await listShownPriceListRules(db, marit, { at, priceListId: gold.id, q: 'serv' })
  assert.deepEqual(
    found.items.map(({ scope }) => [scope.kind, scope.name]),
    [['group', 'Servers']],
  )
  await assert.rejects(
    addPriceListRule(app, marit, { ...rule, scope: { kind: 'group', id: newId() } }),
    faultAt('/scope/id', 'unknown'),
  )
  await assert.rejects(
    createPromotion(app, marit, {
      ...promotion,
      name: 'Other',
      scopes: [{ kind: 'all' }, { kind: 'group', id: newId() }],
    }),
    faultAt('/scopes/1/id', 'unknown'),
  )
})
