// When a cart asks more than was quoted (the vendor's price at the last moment).
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isCostAbove } from './cost-tolerance.ts'

const eur = (unitCost: string) => ({ unitCost, currency: 'EUR' })
const usd = (unitCost: string) => ({ unitCost, currency: 'USD' })

test('up to the tolerance the order goes on, above it a person decides', () => {
  const is = (asked: string, tolerancePercent: string, accepted?: string) =>
    isCostAbove({ quoted: eur('100.00'), asked: eur(asked), accepted, tolerancePercent })
  assert.equal(is('100.00', '0'), false)
  assert.equal(is('100.01', '0'), true)
  assert.equal(is('102.00', '2'), false)
  assert.equal(is('102.01', '2'), true)
  // Somebody accepted 105.00: no more than that.
  assert.equal(is('105.00', '2', '105.00'), false)
  assert.equal(is('105.01', '2', '105.00'), true)
})

test('an answer in another currency than was asked for cannot be compared: a person decides', () => {
  const across = { quoted: eur('100.00'), asked: usd('1.00'), tolerancePercent: '50' }
  assert.equal(isCostAbove({ ...across, accepted: undefined }), true)
  assert.equal(isCostAbove({ ...across, accepted: '1.00' }), false)
  assert.equal(
    isCostAbove({ quoted: undefined, asked: usd('1.00'), accepted: undefined, tolerancePercent: '0' }),
    false,
  )
})
