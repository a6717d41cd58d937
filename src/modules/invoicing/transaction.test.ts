// Amounts in a transaction currency, worked out by hand. One licence is 119.00 EUR, 22.61 VAT, 141.61 together.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { InvoiceId } from '#kernel/ids.ts'
import { add, type Currency, money, moneyText } from '#kernel/money.ts'
import { type Receivable, readPayment } from './payment.ts'
import {
  type BillingRate,
  type CreditedBefore,
  creditedInTransaction,
  type InTransactionCurrency,
  inTransactionCurrency,
} from './transaction.ts'

const EUR = 'EUR' as Currency
const USD = 'USD' as Currency
const day = (text: string) => Temporal.PlainDate.from(text)
const rateOf = (currency: string, rate: string): BillingRate => ({
  currency: currency as Currency,
  rate,
  rateDate: day('2026-11-24'),
  source: 'Central bank',
})
const euros = (minor: bigint) => money(minor, EUR)
const said = ({ net, tax, total }: InTransactionCurrency) => [net, tax, total].map(moneyText)

test('total and VAT are rounded once each to the digits of the currency, and the net amount is what is left', () => {
  const licence = { total: euros(14_161n), tax: euros(2_261n) }
  // 141.61 × 40.5 = 5735.205; 22.61 × 40.5 = 915.705.
  assert.deepEqual(said(inTransactionCurrency(licence, rateOf('VES', '40.5'))), [
    '4819.50',
    '915.71',
    '5735.21',
  ])
  // 141.61 × 0.327 = 46.30647; 22.61 × 0.327 = 7.39347: three digits.
  assert.deepEqual(said(inTransactionCurrency(licence, rateOf('KWD', '0.327'))), [
    '38.913',
    '7.393',
    '46.306',
  ])
  // 1234.56 × 151.235 = 186708.6816; 197.13 × 151.235 = 29812.95555: none. The net amount by itself would be 156896 (1037.43 × 151.235 = 156895.72…).
  const dollars = { total: money(123_456n, USD), tax: money(19_713n, USD) }
  assert.deepEqual(said(inTransactionCurrency(dollars, rateOf('JPY', '151.235'))), [
    '156896',
    '29813',
    '186709',
  ])
  // 0.10 × 0.25 = 0.025 and 0.05 × 0.25 = 0.0125: 0.03 = 0.02 + 0.01 although 0.05 net alone would be 0.01.
  assert.deepEqual(
    said(inTransactionCurrency({ total: euros(10n), tax: euros(5n) }, rateOf('USD', '0.25'))),
    ['0.02', '0.01', '0.03'],
  )
})

const nothing = (currency: string): CreditedBefore => ({
  total: euros(0n),
  tax: euros(0n),
  inTransaction: { total: money(0n, currency as Currency), tax: money(0n, currency as Currency) },
})

/** Credits one after the other, as they are issued. */
function creditsOf(charged: InTransactionCurrency, ...credits: [total: bigint, tax: bigint][]) {
  let before = nothing(charged.currency)
  return credits.map(([total, tax]) => {
    const credit = { total: euros(total), tax: euros(tax) }
    const made = creditedInTransaction(charged, credit, before)
    before = {
      total: add(before.total, credit.total),
      tax: add(before.tax, credit.tax),
      inTransaction: {
        total: add(before.inTransaction?.total ?? made.total, made.total),
        tax: add(before.inTransaction?.tax ?? made.tax, made.tax),
      },
    }
    return made
  })
}

test('a full credit gives back what was charged, at once or in parts, and parts never more', () => {
  // Two licences: 283.22 × 40.5 = 11470.41, VAT 45.22 × 40.5 = 1831.41.
  const charged = inTransactionCurrency({ total: euros(28_322n), tax: euros(4_522n) }, rateOf('VES', '40.5'))
  assert.deepEqual(said(charged), ['9639.00', '1831.41', '11470.41'])
  assert.deepEqual(creditsOf(charged, [-28_322n, -4_522n]).map(said), [['-9639.00', '-1831.41', '-11470.41']])
  // Each by itself would be 5735.21 and together one céntimo too much.
  assert.deepEqual(creditsOf(charged, [-14_161n, -2_261n], [-14_161n, -2_261n]).map(said), [
    ['-4819.50', '-915.71', '-5735.21'],
    ['-4819.50', '-915.70', '-5735.20'],
  ])
  // 1.00 EUR of 3.00 at 0.5 yen: 1.5 is 2 in all, and the three parts are 1 (0.5), 0 (1.0) and 1 (1.5).
  const yen = inTransactionCurrency({ total: euros(300n), tax: euros(0n) }, rateOf('JPY', '0.5'))
  const parts = creditsOf(yen, [-100n, 0n], [-100n, 0n], [-100n, 0n])
  assert.deepEqual(
    [yen, ...parts].map(({ total }) => moneyText(total)),
    ['2', '-1', '0', '-1'],
  )
  // A cent too much in euros is none too much in yen.
  assert.deepEqual(
    creditsOf(yen, [-200n, 0n], [-101n, 0n]).map(({ total }) => moneyText(total)),
    ['-1', '-1'],
  )
})

const now = { at: Temporal.Instant.from('2026-11-26T09:00:00Z'), today: day('2026-11-26') }
const by = { userId: undefined, name: 'Marit' }
const VES = 'VES' as Currency
const owed = (open: bigint, transactionOpen: bigint): Receivable => ({
  invoiceId: 'invoice' as InvoiceId,
  total: euros(14_161n),
  open: euros(open),
  transaction: { total: money(573_521n, VES), open: money(transactionOpen, VES) },
  dueDate: undefined,
})

function paid(receivable: Receivable, amount: string, currency?: string, rate = '40.5') {
  const typed = { amount, currency, receivedOn: '2026-11-25' }
  const payment = readPayment(typed, receivable, rate, by, now)
  return [moneyText(payment.amount), payment.transaction && moneyText(payment.transaction.amount)]
}

test('a payment lowers what is open in both currencies, and all of one is all of the other', () => {
  const whole = owed(14_161n, 573_521n)
  assert.deepEqual(paid(whole, '5735.21', 'VES'), ['141.61', '5735.21'])
  assert.deepEqual(paid(whole, '141.61'), ['141.61', '5735.21'])
  assert.deepEqual(paid(whole, '', 'VES'), ['141.61', '5735.21'])
  // 1000.00 ÷ 40.5 = 24.691…; 100.00 × 40.5 = 4050.00.
  assert.deepEqual(paid(whole, '1000.00', 'VES'), ['24.69', '1000.00'])
  assert.deepEqual(paid(whole, '100.00', 'EUR'), ['100.00', '4050.00'])
  // What is left after 1000.00 bolívares settles it: 4735.21 ÷ 40.5 = 116.9187, and 116.92 are open.
  assert.deepEqual(paid(owed(11_692n, 473_521n), '4735.21', 'VES'), ['116.92', '4735.21'])
  // One céntimo short is not settled: 5735.20 ÷ 40.5 = 141.6098… would round to all of it.
  assert.deepEqual(paid(whole, '5735.20', 'VES'), ['141.60', '5735.20'])
})

test('of a credit invoice it is paid back in either', () => {
  assert.deepEqual(paid(owed(-14_161n, -573_521n), '1000.00', 'VES'), ['-24.69', '-1000.00'])
  assert.deepEqual(paid(owed(-14_161n, -573_521n), '', 'VES'), ['-141.61', '-5735.21'])
})

test('a payment in a currency the invoice is not in, above what is open or below a cent is refused at its field', () => {
  const faults = (amount: string, currency: string, receivable = owed(14_161n, 573_521n)) => {
    try {
      paid(receivable, amount, currency)
    } catch (error) {
      const [fault] = (error as { errors: { pointer: string; code: string; message: string }[] }).errors
      return [fault?.pointer, fault?.code, fault?.message]
    }
    return []
  }
  assert.deepEqual(faults('10', 'USD'), [
    '/currency',
    'other-currency',
    'This invoice is in EUR and VES, not in USD.',
  ])
  assert.deepEqual(faults('5735.22', 'VES'), [
    '/amount',
    'above-open',
    'Only 5735.21 VES are open. Record what is left on another invoice.',
  ])
  // 0.20 ÷ 40.5 = 0.0049 EUR.
  assert.deepEqual(faults('0.20', 'VES'), [
    '/amount',
    'too-small',
    '0.20 VES is less than the smallest unit of EUR, the currency of this invoice.',
  ])
})
