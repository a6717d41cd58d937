// What is kept comes back as it was, the right rules are in force, and the database refuses what must never be.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type AccountId, newId, type PlanId, type ProductId } from '#kernel/ids.ts'
import { type Currency, currency } from '#kernel/money.ts'
import {
  type Database,
  openDatabase,
  reading,
  type Sql,
  sellerScope,
  type Tx,
  transaction,
} from '#platform/db.ts'
import { type TestDatabase, testDatabase } from '../../../tests/support/database.ts'
import {
  findInvoiceRate,
  insertConversionRule,
  insertPriceList,
  insertPriceListRule,
  insertPromotion,
  insertVolumeDiscount,
  type KeptConversionRule,
  type KeptPriceList,
  type KeptPriceListRule,
  type KeptPromotion,
  type KeptVolumeDiscount,
  listConversionRules,
  listPriceListRules,
  listPromotions,
  listVolumeDiscounts,
  loadRulesInForce,
} from './index.ts'

const day = (text: string) => Temporal.PlainDate.from(text)
const at = Temporal.Instant.from('2026-11-25T12:00:00Z')
const kept = { version: 1, createdAt: at, updatedAt: at, updatedBy: 'Ada Admin' }
const open = { validFrom: day('2026-01-01'), validTo: undefined }
const approval = { by: 'Ada Admin', at: '2026-11-25T12:00:00Z', reason: 'Stock to be cleared' }
const VES = currency('VES')
const USD = currency('USD')
const EUR = currency('EUR')
const PLN = currency('PLN')

let test_: TestDatabase
let db: Database
const own = newId<AccountId>()
const other = newId<AccountId>()
const productId = newId<ProductId>()
const otherProductId = newId<ProductId>()
const planId = newId<PlanId>()
const otherPlanId = newId<PlanId>()

const write = (work: (tx: Tx) => Promise<unknown>) => transaction(db, sellerScope, work)
const conversion = (more: Partial<KeptConversionRule> = {}): KeptConversionRule => ({
  ...kept,
  ...open,
  id: newId(),
  currency: VES,
  baseCurrency: USD,
  rate: '40',
  market: 'MX',
  overridesSheet: false,
  isForInvoicesOnly: false,
  source: 'central bank',
  note: '',
  ...more,
})
const list = (name: string, more: Partial<KeptPriceList> = {}): KeptPriceList => ({
  ...kept,
  ...open,
  id: newId(),
  name,
  description: '',
  isDefault: false,
  ...more,
})
const rule = (priceListId: string, more: Partial<KeptPriceListRule> = {}): KeptPriceListRule => ({
  ...kept,
  ...open,
  id: newId(),
  priceListId,
  scope: { kind: 'all' },
  method: { kind: 'markup', percent: '7.5' },
  belowCost: undefined,
  ...more,
})
/** What holds at noon of a day for an account that buys these plans. */
const rulesOf = async (sql: Sql, payerId: AccountId, moment = at, planIds?: readonly PlanId[]) =>
  (
    await loadRulesInForce(sql, {
      payerIds: [payerId],
      at: moment,
      currencies: [],
      taxCountries: [],
      ...(planIds ? { planIds } : {}),
    })
  ).rulesFor(payerId)
const ratesOn = async (sql: Sql, on: string) =>
  (
    await loadRulesInForce(sql, {
      payerIds: [own],
      at: on.includes('T') ? Temporal.Instant.from(on) : Temporal.Instant.from(`${on}T12:00:00Z`),
      currencies: [VES, EUR, PLN],
      taxCountries: [],
    })
  ).conversions
const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1)
const standard = list('Standard', { isDefault: true })
const gold = list('Gold')

before(async () => {
  test_ = await testDatabase()
  db = openDatabase({ ...test_.options, max: 4 })
  await write(async (tx) => {
    await tx.run`
      insert into legal_entity (id, name, address_line1, postal_code, city, country, vat_number, email, time_zone)
      values (${newId()}, 'Seller', 'Street 1', '10115', 'Berlin', 'DE', 'DE136695976', 'hello@seller.example', 'Europe/Berlin')`
    for (const [id, name] of [
      [own, 'Own'],
      [other, 'Other'],
    ])
      await tx.run`
        insert into account (id, number, kind, name, contact_first_name, contact_last_name, email, phone, address_line1, city, country,
          currency, created_at, updated_at)
        values (${id}, ${name}, 'reseller', ${name}, '', '', '', '', '', '', 'DE', 'EUR', ${at}, ${at})`
    const instanceId = newId()
    await tx.run`
      insert into connector_instance (id, connector, system_name, created_at, updated_at)
      values (${instanceId}, 'microsoft-esd', 'Germany', ${at}, ${at})`
    for (const [product, plan, code] of [
      [productId, planId, 'A'],
      [otherProductId, otherPlanId, 'B'],
    ]) {
      await tx.run`
        insert into product (id, kind, connector, code, name, created_at, updated_at)
        values (${product}, 'esd', 'microsoft-esd', ${code}, ${code}, ${at}, ${at})`
      await tx.run`
        insert into plan (id, product_id, instance_id, sku, vendor_name, language, country, fulfilment_type, is_returnable, created_at,
          updated_at)
        values (${plan}, ${product}, ${instanceId}, ${code}, ${code}, 'de', 'DE', 'Token', true, ${at}, ${at})`
    }
  })
})

after(async () => {
  await db.close()
  await test_.drop()
})

test('the rate of a day is the one that began last, and history stays', async () => {
  const first = conversion({ rate: '36.123456789012345' })
  const second = conversion({ rate: '40', validFrom: day('2026-11-01') })
  const slip = conversion({ rate: '400', validFrom: day('2026-11-20') })
  const corrected = conversion({
    rate: '41.5',
    validFrom: day('2026-11-20'),
    createdAt: at.add({ seconds: 30 }),
  })
  await write(async (tx) => {
    for (const each of [first, second, slip, corrected]) await insertConversionRule(tx, each)
  })
  await reading(db, sellerScope, async (sql) => {
    const rate = async (on: string) => (await ratesOn(sql, on)).get(VES)?.rate
    assert.equal(await rate('2025-12-31'), undefined)
    assert.equal(await rate('2026-10-31'), '36.123456789012345')
    assert.equal(await rate('2026-11-01'), '40')
    assert.equal(await rate('2026-11-20'), '41.5', 'of two that begin the same day the later entered')
    assert.equal(await rate('2026-10-31T23:30:00Z'), '40', 'a day begins where the seller is')
    const {
      version: _,
      createdAt: _c,
      updatedAt: _u,
      updatedBy: _b,
      isForInvoicesOnly: _i,
      ...bare
    } = corrected
    assert.deepEqual([...(await ratesOn(sql, '2026-11-20'))], [[VES, bare]])
    assert.deepEqual(
      await listConversionRules(
        sql,
        [first, second, slip, corrected].map(({ id }) => id),
      ),
      [first, second, slip, corrected].toSorted(byId),
    )
  })
})

test('a rule that was ended leaves no rate behind it, not the one before', async () => {
  const before_ = conversion({ currency: PLN, rate: '3.9' })
  const ended = conversion({
    currency: PLN,
    rate: '4',
    validFrom: day('2026-06-01'),
    validTo: day('2026-06-30'),
  })
  await write(async (tx) => {
    for (const each of [before_, ended]) await insertConversionRule(tx, each)
  })
  await reading(db, sellerScope, async (sql) => {
    assert.equal((await ratesOn(sql, '2026-06-30')).get(PLN)?.rate, '4')
    assert.equal((await ratesOn(sql, '2026-07-01')).get(PLN), undefined)
  })
})

test('a rate for invoices only prices nothing, goes before the one that prices, and ends by itself', async () => {
  const CZK = currency('CZK')
  const forInvoices = { isForInvoicesOnly: true, market: undefined, currency: CZK }
  const pricing = conversion({ currency: CZK, rate: '22', validFrom: day('2026-01-01') })
  const euros = conversion({
    ...forInvoices,
    baseCurrency: EUR,
    rate: '25',
    validFrom: day('2026-02-01'),
  })
  const dollars = conversion({
    ...forInvoices,
    rate: '21.5',
    validFrom: day('2026-03-01'),
    validTo: day('2026-03-31'),
  })
  await write(async (tx) => {
    for (const each of [pricing, euros, dollars]) await insertConversionRule(tx, each)
  })
  await reading(db, sellerScope, async (sql) => {
    const prices = await loadRulesInForce(sql, {
      payerIds: [own],
      at: Temporal.Instant.from('2026-03-15T12:00:00Z'),
      currencies: [CZK],
      taxCountries: [],
    })
    assert.equal(prices.conversions.get(CZK)?.rate, '22')
    const rate = async (baseCurrency: Currency, on: string) =>
      (await findInvoiceRate(sql, { currency: CZK, baseCurrency, day: day(on) }))?.rate
    assert.deepEqual(
      [await rate(EUR, '2026-01-31'), await rate(EUR, '2026-02-01')],
      [undefined, '25'],
      'dollars price, euros do not',
    )
    assert.equal(await rate(currency('USD'), '2026-02-28'), '22', 'the rate that prices serves')
    assert.equal(await rate(currency('USD'), '2026-03-01'), '21.5')
    assert.equal(await rate(currency('USD'), '2026-04-01'), '22', 'the one for invoices has ended')
    assert.equal(await rate(currency('USD'), '2025-12-31'), undefined)
  })
  const refused = (more: Partial<KeptConversionRule>) =>
    assert.rejects(
      write((tx) => insertConversionRule(tx, conversion(more))),
      /conversion_rule_use/,
    )
  await refused({ isForInvoicesOnly: true })
  await refused({ market: undefined })
  await refused({ ...forInvoices, overridesSheet: true })
})

test('price list, volume discounts and promotions come back as they were kept, in one statement', async () => {
  const group = newId()
  const rules = [
    rule(gold.id),
    rule(gold.id, { scope: { kind: 'plan', planId }, method: { kind: 'margin', percent: '12.25' } }),
    rule(gold.id, {
      scope: { kind: 'product', productId },
      method: { kind: 'fixed', amount: '129.5', currency: EUR },
      validTo: day('2027-01-31'),
      belowCost: approval,
    }),
    rule(gold.id, { scope: { kind: 'group', groupId: group }, method: { kind: 'discount', percent: '10' } }),
    rule(gold.id, { scope: { kind: 'plan', planId: otherPlanId } }),
    rule(gold.id, { validTo: day('2026-11-24') }),
    rule(gold.id, { validFrom: day('2026-11-26') }),
  ]
  const volume: KeptVolumeDiscount = {
    ...kept,
    ...open,
    id: newId(),
    name: 'By the dozen',
    scope: { kind: 'all' },
    mode: 'scale',
    tiers: [
      { from: 10, discount: { kind: 'percent', percent: '2.5' } },
      { from: 50, discount: { kind: 'amount', amount: '8', currency: EUR } },
    ],
    belowCost: approval,
  }
  const promotion: KeptPromotion = {
    ...kept,
    ...open,
    id: newId(),
    name: 'First months',
    discount: { kind: 'percent', percent: '15' },
    recurrence: { kind: 'limited', periods: 3 },
    scopes: [
      { kind: 'product', productId },
      { kind: 'plan', planId: otherPlanId },
    ],
    terms: ['P1Y', 'P3Y'],
    newCustomersOnly: true,
    prerequisiteProductId: otherProductId,
    isCombinable: true,
    belowCost: undefined,
  }
  const elsewhere: KeptPromotion = {
    ...promotion,
    id: newId(),
    name: 'For the other plan',
    scopes: [{ kind: 'plan', planId: otherPlanId }],
  }
  await write(async (tx) => {
    await tx.run`insert into product_group (id, name, created_at, updated_at) values (${group}, 'Servers', now(), now())`
    await insertPriceList(tx, standard)
    await insertPriceList(tx, gold)
    for (const each of rules) await insertPriceListRule(tx, each)
    await insertVolumeDiscount(tx, volume)
    await insertPromotion(tx, promotion)
    await insertPromotion(tx, elsewhere)
    await tx.run`update account set price_list_id = ${gold.id} where id = ${own}`
  })
  await reading(db, sellerScope, async (sql) => {
    assert.deepEqual(
      await listPriceListRules(
        sql,
        rules.map(({ id }) => id),
      ),
      rules.toSorted(byId),
    )
    assert.deepEqual(await listVolumeDiscounts(sql), [volume])
    assert.deepEqual(await listPromotions(sql), [promotion, elsewhere])
  })
  await reading(db, sellerScope, async (sql) => {
    const start = db.counted.statements
    const found = await rulesOf(sql, own, at, [planId])
    assert.equal(db.counted.statements - start, 1)
    const engine = ({
      priceListId: _,
      version,
      createdAt,
      updatedAt,
      updatedBy,
      ...each
    }: KeptPriceListRule) => each
    assert.deepEqual(found.priceList, {
      ...open,
      id: gold.id,
      name: 'Gold',
      rules: rules.slice(0, 4).toSorted(byId).map(engine),
    })
    const { version, createdAt, updatedAt, updatedBy, ...bare } = volume
    assert.deepEqual(found.volumeDiscounts, [bare])
    assert.deepEqual(
      found.promotions.map(({ name }) => name),
      ['First months'],
    )
    const everything = await rulesOf(sql, own)
    assert.equal(everything.promotions.length, 2)
    assert.equal(everything.priceList?.rules.length, 5)
  })
})

test('an account without a list of its own, or with one that has ended, pays by the default one', async () => {
  await reading(db, sellerScope, async (sql) => {
    assert.equal((await rulesOf(sql, other)).priceList?.name, 'Standard')
    assert.equal((await rulesOf(sql, own)).priceList?.name, 'Gold')
    const before_ = Temporal.Instant.from('2025-12-31T22:59:59Z')
    assert.equal((await rulesOf(sql, own, before_)).priceList, undefined)
  })
  const ended = list('Ended', { validTo: day('2026-06-30') })
  await write(async (tx) => {
    await insertPriceList(tx, ended)
    await tx.run`update account set price_list_id = ${ended.id} where id = ${other}`
  })
  await reading(db, sellerScope, async (sql) => {
    assert.equal((await rulesOf(sql, other)).priceList?.name, 'Standard')
  })
})

test('a portal prices with its own list, reads no rule in a view, and cannot give itself another list', async () => {
  const asOwn = { role: 'portal', accountId: own } as const
  const asOther = { role: 'portal', accountId: other } as const
  const names = (sql: Pick<Tx, 'many'>) =>
    sql.many<{ name: string }>`select name from price_list order by name`
  await transaction(db, asOwn, async (tx) => {
    assert.deepEqual(await names(tx), [{ name: 'Gold' }, { name: 'Standard' }])
    assert.equal((await rulesOf(tx, own, at, [planId])).priceList?.name, 'Gold')
  })
  await transaction(db, asOther, async (tx) => {
    assert.deepEqual(await names(tx), [{ name: 'Ended' }, { name: 'Standard' }])
    assert.deepEqual(await tx.many`select 1 from price_list_rule where price_list_id = ${gold.id}`, [])
  })
  const denied = { code: '42501' }
  await assert.rejects(
    reading(db, asOwn, (sql) => sql.many`select percent from price_list_rule`),
    denied,
  )
  await assert.rejects(
    reading(db, asOwn, (sql) => sql.many`select approved_because from promotion`),
    denied,
  )
  await assert.rejects(
    transaction(
      db,
      asOther,
      (tx) => tx.run`update account set price_list_id = ${gold.id} where id = ${other}`,
    ),
    denied,
  )
  await transaction(db, asOther, (tx) => tx.run`update account set city = 'Bonn' where id = ${other}`)
  for (const table of ['conversion_rule', 'price_list', 'volume_discount', 'promotion'])
    await assert.rejects(
      transaction(db, asOwn, (tx) => tx.plain(`update ${table} set version = 9`, [])),
      denied,
    )
})

test('the database refuses what must never be', async () => {
  const refused = async (constraint: RegExp, work: (tx: Tx) => Promise<unknown>) =>
    assert.rejects(write(work), (error: { constraint_name?: string }) => {
      assert.match(String(error.constraint_name), constraint)
      return true
    })
  await refused(/conversion_rule/, (tx) => insertConversionRule(tx, conversion({ rate: '0' })))
  await refused(/conversion_rule/, (tx) => insertConversionRule(tx, conversion({ baseCurrency: VES })))
  // One that was ended at once on its first day has the day before as its last.
  await refused(/conversion_rule/, (tx) =>
    insertConversionRule(tx, conversion({ validTo: day('2025-12-30') })),
  )
  await refused(/price_list_default/, (tx) => insertPriceList(tx, list('Second', { isDefault: true })))
  await refused(/price_list_name/, (tx) => insertPriceList(tx, list('GOLD')))
  const bad = (method: KeptPriceListRule['method']) => (tx: Tx) =>
    insertPriceListRule(tx, rule(gold.id, { method }))
  await refused(/price_list_rule/, bad({ kind: 'margin', percent: '100' }))
  await refused(/price_list_rule/, bad({ kind: 'markup', percent: '-100' }))
  await refused(/price_list_rule/, bad({ kind: 'discount', percent: '100.5' }))
  await refused(/price_list_rule/, bad({ kind: 'fixed', amount: '-1', currency: EUR }))
  await refused(/price_list_rule/, (tx) =>
    insertPriceListRule(tx, rule(gold.id, { belowCost: { ...approval, reason: '' } })),
  )
  await refused(
    /price_list_rule/,
    (tx) => tx.run`
    insert into price_list_rule (id, price_list_id, plan_id, product_id, method, percent, valid_from, created_at, updated_at, updated_by)
    values (${newId()}, ${gold.id}, ${planId}, ${productId}, 'discount', 1, '2026-01-01', ${at}, ${at}, '')`,
  )
  await refused(
    /volume_discount_tier/,
    (tx) => tx.run`
    insert into volume_discount_tier (volume_discount_id, from_quantity, percent, amount, currency)
    select id, 99, 1, 1, 'EUR' from volume_discount`,
  )
  await refused(/promotion/, (tx) => tx.run`update promotion set periods = null where recurrence = 'limited'`)
})
