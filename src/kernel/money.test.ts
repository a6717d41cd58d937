import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  add,
  currency,
  isCurrency,
  lineTotal,
  minorDigits,
  money,
  moneyText,
  parseMoney,
  price,
  priceText,
  shareOf,
  split,
} from './money.ts'

const EUR = currency('EUR')
const JPY = currency('JPY')
const KWD = currency('KWD')

test('minor digits are those of ISO 4217, not of Intl', () => {
  assert.equal(minorDigits(currency('HUF')), 2)
  assert.equal(minorDigits(JPY), 0)
  assert.equal(minorDigits(KWD), 3)
  assert.equal(isCurrency('XAU'), false)
  assert.equal(isCurrency('ABC'), false)
})

test('a line rounds once, half away from zero', () => {
  assert.equal(moneyText(lineTotal(price('33.335', EUR), 3)), '100.01') // 100.005
  assert.equal(moneyText(lineTotal(price('-0.005', EUR), 1)), '-0.01')
  assert.equal(moneyText(lineTotal(price('0.5', JPY), 1)), '1')
  assert.equal(moneyText(lineTotal(price('1.0005', KWD), 1)), '1.001')
})

test('tax is a share rounded once', () => {
  assert.equal(moneyText(shareOf(money(10_005n, EUR), 1900)), '19.01') // 19.0095
})

test('the parts of a split add up in every currency', () => {
  assert.deepEqual(split(money(100n, EUR), [1n, 1n, 1n]).map(moneyText), ['0.34', '0.33', '0.33'])
  fc.assert(
    fc.property(
      fc.bigInt(-10_000_000n, 10_000_000n),
      fc.array(fc.bigInt(0n, 1000n), { minLength: 1 }),
      (total, weights) => {
        fc.pre(weights.some((weight) => weight > 0n))
        const parts = split(money(total, EUR), weights)
        assert.equal(
          parts.reduce((a, part) => a + part.amountMinor, 0n),
          total,
        )
      },
    ),
  )
})

test('two currencies never meet', () => {
  assert.throws(() => add(money(1n, EUR), money(1n, JPY)), { code: 'money/mixed-currencies' })
})

test('amounts are read exactly or refused', () => {
  assert.equal(parseMoney('1234.5', EUR).amountMinor, 123450n)
  assert.throws(() => parseMoney('1.005', EUR), { code: 'money/not-an-amount' })
  assert.throws(() => parseMoney('1.5', JPY), { code: 'money/not-an-amount' })
  assert.throws(() => price('1,50', EUR), { code: 'money/not-a-price' })
  assert.throws(() => price('1e9', EUR), { code: 'money/not-a-price' })
  assert.equal(priceText(price('12.5', EUR)), '12.50')
  assert.equal(priceText(price('0.123', EUR)), '0.123')
  assert.equal(priceText(price('150', JPY)), '150')
})
