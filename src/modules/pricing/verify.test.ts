import assert from 'node:assert/strict'
import { test } from 'node:test'
import { differencesOf, type StoredLine } from './verify.ts'

/** A line from before there were price sheets: 3 × 0.125 KWD, a currency of three digits. */
const typed: StoredLine = {
  sku: 'OFF-1',
  quantity: 3,
  currency: 'KWD',
  unitPrice: '0.125000',
  net: '0.375',
  explanation: {
    version: 1,
    source: { kind: 'catalogue price', planId: 'p', sku: 'OFF-1', unitPrice: '0.125', currency: 'KWD' },
    quantity: 3,
    rounding: { mode: 'half away from zero', digits: 3 },
    net: '375',
  },
  pricing: null,
}
const told = (line: StoredLine) =>
  differencesOf(line).map(({ field, stored, computed }) => [field, stored, computed])

test('a line of the first version is computed again too', () => {
  assert.deepEqual(told(typed), [])
  assert.deepEqual(told({ ...typed, net: '0.376' }), [['net', '0.376', '0.375']])
  assert.deepEqual(told({ ...typed, quantity: 4 }), [['quantity', '4', '3']])
  assert.deepEqual(told({ ...typed, explanation: { ...(typed.explanation as object), net: '374' } }), [
    ['explained net', '0.374', '0.375'],
  ])
})

test('a line is of the software it explains, in its currency', () => {
  assert.deepEqual(told({ ...typed, sku: 'OFF-2', currency: 'EUR' }), [
    ['SKU', 'OFF-2', 'OFF-1'],
    ['currency', 'EUR', 'KWD'],
  ])
})

test('charges are compared by their place, and whether they are all there', () => {
  const charged = { ...typed, charges: [{ position: 1, net: '0.375' }], hasAllCharges: true }
  assert.deepEqual(told(charged), [])
  const twice = { ...charged, charges: [...charged.charges, { position: 2, net: '0.001' }] }
  assert.deepEqual(told(twice), [
    ['charge 2', '0.001', 'none'],
    ['number of charges', '2', '1'],
  ])
})

test('what cannot be followed is one difference', () => {
  for (const explanation of [{}, { version: 2, form: 'full', steps: 'none' }, 'text', null])
    assert.deepEqual(
      differencesOf({ ...typed, explanation }).map(({ field }) => field),
      ['explanation'],
    )
})
