import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compare, decimalText, exact, minus, ONE, over, share, times, toMoney } from './exact.ts'
import { currency, moneyText } from './money.ts'

test('a division that never ends is rounded once, where it becomes money', () => {
  const price = over(exact('315'), minus(ONE, share('7'))) // 338.7096774…
  assert.equal(moneyText(toMoney(price, currency('EUR'))), '338.71')
  assert.equal(moneyText(toMoney(times(price, exact(100)), currency('EUR'))), '33870.97')
})

test('halves go away from zero, in every number of digits', () => {
  assert.equal(moneyText(toMoney(exact('1234.5'), currency('JPY'))), '1235')
  assert.equal(moneyText(toMoney(exact('-0.005'), currency('EUR'))), '-0.01')
})

test('decimals go in and come out as they are', () => {
  assert.equal(decimalText(exact('0.27224589')), '0.27224589')
  assert.equal(decimalText(times(exact('30.4'), exact(12))), '364.8')
  assert.equal(decimalText(exact('-5')), '-5')
  assert.equal(decimalText(over(exact(1), exact(3))), '0.3333333333')
  assert.equal(compare(exact('0.10'), exact('0.1')), 0)
  assert.throws(() => exact('1e5'))
})
