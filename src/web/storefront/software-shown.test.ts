// Software in words: what is paid when, which edition a plan is of, and from which quantity on it costs less.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId, type PlanId } from '#kernel/ids.ts'
import { currency, money, price } from '#kernel/money.ts'
import type { ShopPlan } from '#views/catalogue/shop-product.ts'
import { whyShown } from '#web/explained.ts'
import { withAmountsWritten } from '#web/format.ts'
import { editionName, editionsOf, paymentWords, quantityAsked, quantityNotes } from './software-shown.ts'

const EUR = currency('EUR')
const explained = (charges: readonly string[]) => ({
  version: 2,
  form: 'public',
  planId: 'plan',
  sku: 'P:1:commercial:P3Y:annual',
  quantity: 1,
  currency: 'EUR',
  at: '2026-11-24T10:00:00Z',
  termNumber: 1,
  periods: charges.length,
  steps: [
    {
      step: 'price sheet',
      file: 'DE.csv',
      line: 2,
      market: 'DE',
      month: '2026-11',
      currency: 'EUR',
      retail: '330.01',
    },
    { step: 'rounding', mode: 'half away from zero', digits: 2 },
  ],
  result: { unitPrice: '330.01', net: '330.01', charges },
})

test('what is paid in parts is told part by part, equal ones together', () => {
  const yearly = 'P:1:commercial:P3Y:annual'
  assert.equal(
    paymentWords(explained(['110.00', '110.00', '110.00']), yearly, 'en'),
    '3 payments of €110.00, one every year',
  )
  // 330.01 in three: the first takes the cent that is left.
  assert.equal(
    paymentWords(explained(['110.01', '110.00', '110.00']), yearly, 'en'),
    '€110.01 at once, then 2 times €110.00, one payment every year',
  )
  assert.equal(
    paymentWords(explained(Array.from({ length: 12 }, () => '52.10')), 'P:1:commercial:P1Y:monthly', 'en'),
    '12 payments of €52.10, one every month',
  )
  assert.equal(paymentWords(explained(['330.01']), 'P:1:commercial:P3Y:triennial', 'en'), undefined)
  assert.equal(paymentWords(explained(['900.00']), 'P:1:commercial:OneTime:one_time', 'en'), undefined)
})

test('a German reads amounts and days of an explanation as Germans write them, rates and names as they are', () => {
  const [, , periods] = whyShown(explained(['110.01', '110.00', '110.00']), 'de')
  assert.equal(periods?.detail, 'Charged in 3 parts: 110,01\u00a0€, 2 × 110,00\u00a0€.')
  assert.equal(
    withAmountsWritten('1 USD = 36.5 VES, for 11 PRO: 5.00 EUR off each licence.', 'de'),
    '1 USD = 36.5 VES, for 11 PRO: 5,00\u00a0€ off each licence.',
  )
})

test('an edition is the vendor’s name without the term it is cut for', () => {
  assert.equal(editionName('Server User CAL (1-year)'), 'Server User CAL')
  assert.equal(editionName('Server User CAL - 3 Years'), 'Server User CAL')
  assert.equal(
    editionName('Windows Server 2025 Standard - 16 Core'),
    'Windows Server 2025 Standard - 16 Core',
  )
  assert.equal(editionName('Database Server 2022, 1 year subscription'), 'Database Server 2022')
  assert.equal(editionName('Office Suite Standard 2024'), 'Office Suite Standard 2024')
})

test('the plans of an edition stand from the shortest term to the longest, paid at once before in parts', () => {
  const plan = (sku: string, vendorName: string): ShopPlan => ({
    id: newId<PlanId>(),
    productId: newId(),
    instanceId: newId(),
    sku,
    vendorName,
    language: '',
    country: '',
    hasActivationLink: false,
    isReturnable: false,
    minQuantity: 1,
    maxQuantity: 1000,
    unitPrice: undefined,
  })
  const plans = [
    plan('P:1:commercial:OneTime:one_time', 'Server'),
    plan('P:3:commercial:P3Y:annual', 'Server (3-year)'),
    plan('P:3:commercial:P3Y:triennial', 'Server (3-year)'),
    plan('P:2:commercial:P1Y:annual', 'Server (1-year)'),
    plan('P:9:commercial:P1Y:annual', 'Server Datacenter (1-year)'),
  ]
  const editions = editionsOf({ name: 'Server', plans }, new Map(), 'en')
  assert.deepEqual(
    editions.map(({ name, plans: cards }) => [name, cards.map(({ term, billing }) => `${term}, ${billing}`)]),
    [
      [
        'Server',
        [
          '1 year, paid in advance',
          '3 years, paid in advance',
          '3 years, billed yearly',
          'Perpetual, paid once',
        ],
      ],
      ['Server Datacenter', ['1 year, paid in advance']],
    ],
  )
})

test('from which quantity on it costs less is told: by the vendor’s sheet and by the seller’s discount', () => {
  const found = {
    sku: 'P:1:commercial:P1Y:annual',
    quantity: 5,
    unitPrice: price('15.50', EUR),
    net: money(7750n, EUR),
    explanation: {},
    isIndicative: true,
    tiers: [
      { from: 5, unitPrice: price('15.50', EUR) },
      { from: 1000, unitPrice: price('14', EUR) },
    ],
    volumeDiscount: {
      name: 'Autumn',
      mode: 'continuous' as const,
      tiers: [
        { from: 10, discount: { kind: 'percent' as const, percent: '5' } },
        { from: 50, discount: { kind: 'amount' as const, amount: '2.00', currency: EUR } },
      ],
    },
  }
  assert.deepEqual(quantityNotes(found, 'en'), [
    'Price by quantity: from 1,000 on €14.00 each.',
    'Autumn: from 10 on 5 % off, from 50 on €2.00 off; all licences at the step that is reached.',
  ])
  assert.deepEqual(quantityNotes({ problem: { code: 'x', message: 'y' } }, 'en'), [])
})

test('why a price is what it is: each step with its amount, a licence’s marked as one', () => {
  assert.deepEqual(
    whyShown(explained(['330.01']), 'en').map(({ title, amount, per }) => [title, amount, per]),
    [
      ['Price sheet', '€330.01', 'each'],
      ['Rounding', '€330.01', undefined],
    ],
  )
})

test('a quantity in an address is kept within what is sold', () => {
  const sold = { minQuantity: 5, maxQuantity: 1000 }
  const asked = (text: string) => quantityAsked(new URL(`http://shop.example/?quantity=${text}`), sold)
  assert.deepEqual(
    [asked('12'), asked('4'), asked('2000'), asked('1.5'), asked('many'), asked('')],
    [12, 5, 1000, 5, 5, 5],
  )
})
