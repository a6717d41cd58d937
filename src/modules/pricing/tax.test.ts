import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PlanId } from '#kernel/ids.ts'
import { currency, money, moneyText, price } from '#kernel/money.ts'
import { quote } from './quote.ts'
import { taxFor, taxLines } from './tax.ts'

const EUR = currency('EUR')
const rates = new Map([
  ['DE', 1900],
  ['FR', 2000],
  ['FI', 2550],
])
const german = (buyerCountry: string, buyerVatNumber?: string) =>
  taxFor({ sellerCountry: 'DE', buyerCountry, buyerVatNumber }, rates)

test('a buyer in the seller’s country pays its VAT, with or without a VAT number', () => {
  assert.deepEqual(german('DE', 'DE123456789'), { category: 'S', basisPoints: 1900, note: '' })
  assert.equal(german('DE')?.basisPoints, 1900)
})

test('a business in another member state accounts for the VAT itself', () => {
  assert.equal(german('FR', 'FR40303265045')?.category, 'AE')
  assert.equal(german('FR', 'FR40303265045')?.basisPoints, 0)
})

test('a buyer in another member state without a VAT number pays the VAT of its country', () => {
  assert.equal(german('FI')?.basisPoints, 2550)
})

test('outside the Union it is an export', () => {
  assert.equal(german('CH')?.category, 'G')
  assert.equal(german('CH')?.basisPoints, 0)
})

test('a rate nobody entered stops the sale instead of guessing', () => {
  assert.equal(german('AT'), undefined)
})

test('tax is rounded once per rate and the lines add up to it', () => {
  const rate = { category: 'S', basisPoints: 1900, note: '' } as const
  // 3 × 10.05 = 30.15; 19 % is 5.7285, so 5.73. Line by line it would have been 3 × 1.91 = 5.73; with 0.13 it differs:
  const document = taxLines(
    [
      { net: money(13n, EUR), rate },
      { net: money(13n, EUR), rate },
      { net: money(13n, EUR), rate },
    ],
    EUR,
  )
  assert.equal(moneyText(document.tax), '0.07') // 0.39 × 19 % = 0.0741, not 3 × 0.02
  assert.deepEqual(
    document.lines.map((line) => moneyText(line.tax)),
    ['0.03', '0.02', '0.02'],
  )
  assert.equal(moneyText(document.total), '0.46')
})

test('a quote explains each line well enough to compute it again', () => {
  const rate = { category: 'S', basisPoints: 1900, note: '' } as const
  const answer = quote(
    [{ planId: 'p' as PlanId, sku: 'EP2-06604', quantity: 1, unitPrice: price('229.00', EUR) }],
    EUR,
    rate,
  )
  assert.equal(moneyText(answer.total), '272.51')
  assert.deepEqual(answer.lines[0]?.explanation, {
    version: 1,
    source: { kind: 'catalogue price', planId: 'p', sku: 'EP2-06604', unitPrice: '229.00', currency: 'EUR' },
    quantity: 1,
    rounding: { mode: 'half away from zero', digits: 2 },
    net: '22900',
  })
})
