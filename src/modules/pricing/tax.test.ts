import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PlanId, ProductId } from '#kernel/ids.ts'
import { currency, money, moneyText, price } from '#kernel/money.ts'
import { catalogueBase } from './base.ts'
import { NO_RULES } from './engine.ts'
import { quoteLines } from './quote-lines.ts'
import { recompute } from './recompute.ts'
import { taxFor, taxLines } from './tax.ts'
import { partlyRated } from './tax-rate.ts'

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
  const answer = quoteLines(
    [
      {
        planId: 'p' as PlanId,
        productId: 'q' as ProductId,
        groupIds: [],
        sku: 'EP2-06604',
        kind: 'esd',
        term: undefined,
        billingPlan: undefined,
        quantity: 1,
        base: catalogueBase({ currency: EUR, unitPrice: price('229.00', EUR), unitCost: undefined }),
      },
    ],
    NO_RULES,
    {
      at: Temporal.Instant.from('2026-11-24T10:00:00Z'),
      currency: EUR,
      isNewCustomer: false,
      ownedProductIds: new Set(),
      termNumber: 1,
    },
    rate,
  )
  assert.equal(moneyText(answer.total), '272.51')
  const [line] = answer.lines
  assert.ok(line)
  assert.deepEqual(recompute(line.explanation), { unitPrice: '229.00', net: '229.00', charges: ['229.00'] })
})

test('a country with rates for some kinds of product only is told, with the kinds that lack one', () => {
  const rates = [
    { country: 'AT', productType: 'esd' },
    { country: 'DE', productType: 'all' },
    { country: 'DE', productType: 'esd' },
    { country: 'FR', productType: 'esd' },
    { country: 'FR', productType: 'subscription' },
    { country: 'FR', productType: 'perpetual' },
    { country: 'SE', productType: 'perpetual' },
    { country: 'SE', productType: 'esd' },
  ] as const
  assert.deepEqual(partlyRated(rates), [
    { country: 'AT', missing: ['subscription', 'perpetual'] },
    { country: 'SE', missing: ['subscription'] },
  ])
  assert.deepEqual(partlyRated([]), [])
})
