import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Currency, money } from '#kernel/money.ts'
import { type CreditUse, creditUsed, overCredit } from './credit.ts'

const EUR = 'EUR' as Currency
const eur = (minor: bigint) => money(minor, EUR)
const use = (openInvoices: bigint, uninvoicedOrders: bigint): CreditUse => ({
  openInvoices: eur(openInvoices),
  uninvoicedOrders: eur(uninvoicedOrders),
})
const payer = { creditLimitMinor: 100_000n, currency: EUR }

test('what is used is what is open and what is still to be invoiced, less what is owed to the customer', () => {
  assert.deepEqual(creditUsed(use(45_000n, 30_500n)), eur(75_500n))
  assert.deepEqual(creditUsed(use(-5_000n, 30_500n)), eur(25_500n))
})

test('an order may reach the limit, and not pass it by a cent', () => {
  const order = (minor: bigint) => ({ total: eur(minor) })
  // 1000.00 limit, 755.00 used: 245.00 are left.
  assert.equal(overCredit(payer, use(45_000n, 30_500n), [order(24_500n)]).size, 0)
  const over = order(24_501n)
  assert.deepEqual(overCredit(payer, use(45_000n, 30_500n), [over]).get(over), {
    limit: eur(100_000n),
    used: eur(75_500n),
    words: 'Over the credit limit of 1000.00 EUR; your account manager will look at it.',
  })
})

test('orders of one checkout are taken together, and one in another currency waits alone', () => {
  const [one, two] = [{ total: eur(60_000n) }, { total: eur(40_001n) }]
  assert.deepEqual([...overCredit(payer, use(0n, 0n), [one, two]).keys()], [one, two])
  const foreign = { total: money(500n, 'USD' as Currency) }
  const found = overCredit(payer, use(0n, 0n), [one, foreign])
  assert.deepEqual([...found.keys()], [foreign])
  assert.match(found.get(foreign)?.words ?? '', /^In USD, which the credit limit of 1000.00 EUR says nothing/)
})

test('an account without a limit never waits, and a limit of nothing lets nothing through', () => {
  const order = { total: eur(1n) }
  assert.equal(overCredit({ creditLimitMinor: undefined, currency: EUR }, use(9n, 9n), [order]).size, 0)
  assert.equal(overCredit({ creditLimitMinor: 0n, currency: EUR }, use(0n, 0n), [order]).size, 1)
})
