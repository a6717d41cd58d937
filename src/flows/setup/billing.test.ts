// Setup > Billing on the real database: rates by kind of product, numbers that cannot come twice, windows that hold for what begins.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Refusal } from '#kernel/failure.ts'
import { listNumberSeries, loadLegalEntity, takeNumber } from '#modules/invoicing'
import { loadRulesInForce, taxExceptions, taxFor } from '#modules/pricing'
import { loadCancellationPolicies, policyAt } from '#modules/subscriptions'
import { reading, type Sql, sellerScope, transaction } from '#platform/db.ts'
import { openShop, type Shop } from '../../../tests/support/fixtures.ts'
import { changeNumberSeries } from './change-number-series.ts'
import { changePaymentTerms } from './change-payment-terms.ts'
import { changeProductType } from './change-product-type.ts'
import { enterStandardRates, enterTaxRate, removeTaxRate } from './manage-tax-rates.ts'

let shop: Shop
before(async () => {
  shop = await openShop({ keys: 1 })
})
after(() => shop.close())

const admin = () => shop.administrator.actor
/** What is refused, by the refusal's code or its field's. */
const refused = (code: string) => (error: unknown) =>
  error instanceof Refusal && [error.code, ...error.errors.map((each) => each.code)].includes(code)
const read = <Read>(how: (sql: Sql) => Promise<Read>) => reading(shop.app.db, sellerScope, how)
const ratesAt = async (day: string, country = 'DE') => {
  const at = Temporal.Instant.from(`${day}T12:00:00Z`)
  const asked = { payerIds: [undefined], at, planIds: [], currencies: [], taxCountries: [country] }
  return (await read((sql) => loadRulesInForce(sql, asked))).taxRates
}
const take = (kind: 'invoice' | 'credit', day: string) =>
  transaction(shop.app.db, sellerScope, async (tx) => {
    const seller = await loadLegalEntity(tx)
    const at = Temporal.Instant.from(`${day}T12:00:00Z`)
    return takeNumber(tx, { legalEntityId: seller.id, kind, seller } as never, at)
  })

test('a kind of product has a rate of its own, and a rate that ends is not followed by the one before it', async () => {
  const { app } = shop
  const own = { country: 'de', productType: 'perpetual', validFrom: '2026-02-01', percent: '7,5 %' }
  assert.equal((await enterTaxRate(app, admin(), own)).rate.basisPoints, 750)
  const parties = { sellerCountry: 'DE', buyerCountry: 'DE', buyerVatNumber: undefined }
  const rates = await ratesAt('2026-06-01')
  assert.equal(taxFor(parties, rates)?.basisPoints, 1900)
  assert.deepEqual(taxExceptions(parties, rates), {
    perpetual: { category: 'S', basisPoints: 750, note: '' },
  })
  // Reverse charge and export know no kinds.
  assert.deepEqual(taxExceptions({ ...parties, buyerCountry: 'CH' }, rates), {})

  const corrected = await enterTaxRate(app, admin(), { ...own, percent: '7', validTo: '2026-06-30' })
  assert.equal(corrected.isNew, false)
  assert.deepEqual(
    await read((sql) => sql.one`select before, after from audit_entry where action = 'tax-rate/changed'`),
    {
      before: { percent: '7.5', validTo: null },
      after: { percent: '7', validTo: '2026-06-30' },
    },
  )
  assert.deepEqual(taxExceptions(parties, await ratesAt('2026-07-01')), {})
})

test('a rate that has begun stays; one to come can be removed; standard rates fill only what is missing', async () => {
  const { app } = shop
  const begun = { country: 'DE', productType: 'all', validFrom: '2020-01-01' }
  await assert.rejects(removeTaxRate(app, admin(), begun), refused('state/tax-rate-begun'))
  const planned = { country: 'DE', productType: 'all', validFrom: '2126-01-01' }
  await enterTaxRate(app, admin(), { ...planned, percent: '21' })
  await removeTaxRate(app, admin(), planned)
  await assert.rejects(removeTaxRate(app, admin(), planned), refused('tax-rate/not-found'))
  const entered = await enterStandardRates(app, admin())
  assert.ok(entered.includes('FI') && !entered.includes('DE'))
  assert.deepEqual(await enterStandardRates(app, admin()), [])
  const on = async (day: string) => (await ratesAt(day, 'FI')).get('FI')
  assert.deepEqual([await on('2024-08-31'), await on('2024-09-01')], [2400, 2550])
  await assert.rejects(
    enterTaxRate(app, admin(), { ...planned, percent: '100.01' }),
    refused('not-a-percentage'),
  )
  await assert.rejects(
    enterTaxRate(app, shop.support.actor, { ...planned, percent: '1' }),
    refused('right/missing'),
  )
})

test('numbers change with the next document, begin anew with the year, and never come twice', async () => {
  const { app } = shop
  const change = (more: object) =>
    changeNumberSeries(app, admin(), {
      kind: 'invoice',
      format: 'R{year}-{number}',
      digits: 4,
      restartsYearly: true,
      ...more,
    })
  const { year } = app.now().toZonedDateTimeISO('Europe/Berlin')
  assert.equal(await take('invoice', `${year}-11-01`), 'INV-000001')
  await assert.rejects(change({ startAt: 0 }), refused('out-of-range'))
  await assert.rejects(change({ format: 'R{number}' }), refused('year-needed'))
  await assert.rejects(change({ format: 'CRN-{number}', restartsYearly: false }), refused('taken'))
  await assert.rejects(change({ version: 99 }), refused('state/changed-meanwhile'))
  await change({ startAt: 41 })
  assert.deepEqual(
    [await take('invoice', `${year}-12-30`), await take('invoice', `${year}-12-31`)],
    [`R${year}-0041`, `R${year}-0042`],
  )
  assert.equal(await take('invoice', `${year + 1}-01-02`), `R${year + 1}-0001`)
  // A document issued late with a day of the old year goes on in the new one.
  assert.equal(await take('invoice', `${year}-12-31`), `R${year + 1}-0002`)
  await assert.rejects(change({ startAt: 1 }), refused('not-free'))
  assert.equal(await take('credit', `${year}-11-01`), 'CRN-000001')
  const [series] = await read(async (sql) => listNumberSeries(sql, (await loadLegalEntity(sql)).id))
  assert.deepEqual([series?.format, series?.nextNumber], ['R{year}-{number}', 3n])
})

test('a window holds for what begins after its change', async () => {
  const { app } = shop
  const sold = app.now()
  shop.advance({ hours: 1 })
  const change = { windowHours: 48, fullRefundHours: 12 }
  await changeProductType(app, admin(), { kind: 'subscription', change })
  const policies = await read(loadCancellationPolicies)
  const hoursAt = (at: Temporal.Instant) => policyAt(policies, 'subscription', at)?.windowHours
  assert.deepEqual([hoursAt(sold), hoursAt(app.now())], [168, 48])
  await assert.rejects(
    changeProductType(app, admin(), { kind: 'subscription', change: { fullRefundHours: 49 } }),
    refused('out-of-range'),
  )
  await assert.rejects(
    changeProductType(app, admin(), { kind: 'perpetual', change: { executesByItself: false } }),
    refused('fixed'),
  )
  await changeProductType(app, admin(), { kind: 'subscription', change })
  assert.equal((await read(loadCancellationPolicies)).length, policies.length)
})

test('a bank account is checked by its digits, and stands on the next invoice', async () => {
  const { app } = shop
  await assert.rejects(
    changePaymentTerms(app, admin(), { iban: 'DE89 3704 0044 0532 0130 01' }),
    refused('malformed'),
  )
  await changePaymentTerms(app, admin(), { iban: 'de89 3704 0044 0532 0130 00', paymentDays: 14 })
  const seller = await read(loadLegalEntity)
  assert.deepEqual([seller.iban, seller.paymentDays], ['DE89370400440532013000', 14])
})
