import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actionWords, fieldWords } from '#views/records/history-words.ts'
import { changesShown } from './history-words.ts'

const lines = (before: object | undefined, after: object | undefined) =>
  changesShown(before as never, after as never).map(
    (change) => `${change.field}: ${change.before} > ${change.after}`,
  )

test('what was done is said in words', () => {
  assert.equal(actionWords('asset/key-revealed'), 'Key revealed')
  assert.equal(actionWords('account/changed'), 'Account changed')
  assert.equal(actionWords('price-list-rule/ended'), 'Price list rule ended')
})

test('fields are called what people call them', () => {
  assert.equal(fieldWords('creditLimitMinor'), 'Credit limit')
  assert.equal(fieldWords('vatNumber'), 'VAT number')
  assert.equal(fieldWords('postalCode'), 'Postal code')
  assert.equal(fieldWords('method.percent'), 'Method, percent')
})

test('values are written as the screens write them; what stayed the same is left out', () => {
  assert.deepEqual(
    lines(
      {
        state: 'active',
        isPublished: false,
        validTo: null,
        id: 'x',
        version: 1,
        limit: { amountMinor: '500000', currency: 'EUR' },
      },
      {
        state: 'active',
        isPublished: true,
        validTo: '2026-12-31',
        id: 'x',
        version: 2,
        limit: { amountMinor: '750050', currency: 'EUR' },
      },
    ),
    ['Published: no > yes', 'Until:  > Dec 31, 2026', 'Limit: €5,000.00 > €7,500.50'],
  )
  assert.deepEqual(
    lines({ creditLimitMinor: '1000', currency: 'JPY' }, { creditLimitMinor: '2000', currency: 'JPY' }),
    ['Credit limit: ¥1,000 > ¥2,000'],
  )
  assert.deepEqual(lines({ sentAt: '2026-11-26T09:30:00Z' }, { sentAt: null }), [
    'Sent: Nov 26, 2026, 9:30 AM > ',
  ])
  assert.deepEqual(lines({ standardBasisPoints: 1900 }, { standardBasisPoints: 1950 }), [
    'Standard: 19% > 19.5%',
  ])
})

test('of lists and of what is inside a field only what differs is shown', () => {
  const price = (micros: string) => ({ planId: 'p', unitPrice: { micros, currency: 'EUR' } })
  assert.deepEqual(
    lines(
      { roles: ['buyer', 'admin'], method: { kind: 'discount', percent: '1' } },
      { roles: ['admin', 'billing-agent'], method: { kind: 'discount', percent: '2' } },
    ),
    ['Roles: buyer > billing-agent', 'Method, percent: 1 > 2'],
  )
  assert.deepEqual(
    lines(
      { prices: [price('119000000'), price('5000000')] },
      { prices: [price('119500000'), price('5000000')] },
    ),
    ['Prices: Plan p, Unit price €119.00 > Plan p, Unit price €119.50'],
  )
})
