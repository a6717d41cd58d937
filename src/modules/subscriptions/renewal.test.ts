import assert from 'node:assert/strict'
import { test } from 'node:test'
import { money, price } from '#kernel/money.ts'
import { isAhead, nextTerm, noticeDue, noticesOf, renewed } from './renewal.ts'
import type { Subscription } from './subscription.ts'

const day = (text: string) => Temporal.PlainDate.from(text)
const EUR = 'EUR' as never
const running = {
  state: 'active',
  kind: 'subscription',
  term: 'P1Y',
  termNumber: 1,
  anchor: day('2026-03-02'),
  startsOn: day('2026-03-02'),
  endsOn: day('2027-03-01'),
  startedAt: Temporal.Instant.from('2026-03-02T14:20:00Z'),
  cancellableUntil: Temporal.Instant.from('2026-03-09T14:20:00Z'),
  renewalProblem: 'No price.',
} as Subscription
const newPrice = {
  unitPrice: price('11', EUR),
  net: money(1100n, EUR),
  taxBasisPoints: 1900,
  taxCategory: 'S',
  taxNote: '',
  explanation: {},
}

test('a next term begins the day after the last one and is counted from the anchor', () => {
  assert.deepEqual(nextTerm(running), {
    termNumber: 2,
    startsOn: day('2027-03-02'),
    endsOn: day('2028-03-01'),
  })
  const leap = { ...running, anchor: day('2028-02-29'), termNumber: 3, endsOn: day('2031-02-27') }
  assert.deepEqual(nextTerm(leap), { termNumber: 4, startsOn: day('2031-02-28'), endsOn: day('2032-02-28') })
})

test('the vendor is ahead when its term ends later than ours', () => {
  assert.equal(isAhead({ state: 'active', endsOn: day('2028-03-01') }, running), true)
  assert.equal(isAhead({ state: 'active', endsOn: day('2027-03-01') }, running), false)
  assert.equal(isAhead({ state: 'expired', endsOn: day('2028-03-01') }, running), false)
})

test('the record takes the vendor’s dates for the present term, midnight for those it has slept through', () => {
  const startedAt = Temporal.Instant.from('2027-03-02T00:00:00Z')
  const cancellableUntil = Temporal.Instant.from('2027-03-09T00:00:00Z')
  const present = renewed(running, newPrice, {
    startedAt,
    endsOn: day('2028-03-01'),
    cancellableUntil,
    autoRenew: true,
  })
  assert.deepEqual(
    [present.termNumber, present.endsOn, present.startedAt, present.cancellableUntil, present.renewalProblem],
    [2, day('2028-03-01'), startedAt, cancellableUntil, undefined],
  )
  const slept = renewed(running, newPrice, {
    startedAt: Temporal.Instant.from('2028-03-02T00:00:00Z'),
    endsOn: day('2029-03-01'),
    cancellableUntil,
    autoRenew: true,
  })
  assert.deepEqual(
    [slept.termNumber, slept.endsOn, slept.startedAt, slept.cancellableUntil],
    [2, day('2028-03-01'), startedAt, undefined],
  )
})

test('notices come 30 and 7 days ahead, the nearest only, and never in the first half of a term', () => {
  const due = (today: string, more: Partial<Subscription> = {}) =>
    noticeDue({ ...running, ...more } as Subscription, day(today))
  assert.deepEqual(
    ['2027-01-29', '2027-01-30', '2027-02-21', '2027-02-22', '2027-03-01', '2027-03-02'].map((each) =>
      due(each),
    ),
    [undefined, 30, 30, 7, 7, undefined],
  )
  const month = { startsOn: day('2027-02-02'), endsOn: day('2027-03-01') }
  assert.deepEqual(noticesOf(month), [7])
  assert.equal(due('2027-02-10', month), undefined)
  assert.equal(due('2027-02-22', month), 7)
  assert.equal(due('2027-02-22', { kind: 'perpetual' }), undefined)
  assert.equal(due('2027-02-22', { state: 'cancelled' }), undefined)
})
