// What an invoice says was taken off, from the explanation of a price.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { priceText } from '#kernel/money.ts'
import { discountsIn } from './index.ts'

const sheet = { step: 'price sheet', file: 'f', line: 2, market: 'DE', month: '2026-11', currency: 'EUR' }
const explained = (...steps: object[]) => ({
  version: 2,
  form: 'public',
  quantity: 10,
  currency: 'EUR',
  steps,
})
const told = (explanation: object) =>
  discountsIn(explanation).map(({ kind, name, off }) => [kind, name, priceText(off), off.currency as string])

test('each discount is what it took off the line after the one before', () => {
  // 10 × 120.00 by the list = 1200.00; 5 % off the last six: 1164.00; then 10 %: 1047.60.
  const explanation = explained(
    { ...sheet, retail: '125.50' },
    { step: 'price list', name: 'Partners', unitPrice: '120.00' },
    { step: 'volume discount', name: 'From five', total: '1164.00' },
    { step: 'promotion', name: 'Spring', total: '1047.60' },
    { step: 'rounding', mode: 'half-up', digits: 2 },
  )
  assert.deepEqual(told(explanation), [
    ['volume discount', 'From five', '36.00', 'EUR'],
    ['promotion', 'Spring', '116.40', 'EUR'],
  ])
})

test('without a price list it is taken off the converted price; what took nothing off is not told', () => {
  // 10 × 40.123456 = 401.23456, less 1.23456.
  const converted = explained(
    { ...sheet, retail: '1.0030864' },
    { step: 'conversion', from: 'USD', to: 'EUR', rate: '40', retail: '40.123456' },
    { step: 'volume discount', name: 'None yet', total: '401.23456' },
    { step: 'promotion', name: 'Round', total: '400' },
  )
  assert.deepEqual(told(converted), [['promotion', 'Round', '1.23456', 'EUR']])
  assert.deepEqual(told({ version: 1, quantity: 1, source: {} }), [])
})
