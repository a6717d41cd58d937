import assert from 'node:assert/strict'
import { test } from 'node:test'
import { billingPeriods, daysIn, periodsOf, termOf } from './term.ts'

const day = (text: string) => Temporal.PlainDate.from(text)
const text = (period: { startsOn: Temporal.PlainDate; endsOn: Temporal.PlainDate | undefined }) =>
  `${period.startsOn} – ${period.endsOn ?? 'ever'}`

test('a term ends the day before its anniversary', () => {
  assert.equal(text(termOf(day('2026-03-02'), 'P3Y', 1)), '2026-03-02 – 2029-03-01')
  assert.equal(text(termOf(day('2026-03-02'), 'P1Y', 2)), '2027-03-02 – 2028-03-01')
})

test('month ends are those of the vendor: 31 January + 1 month ends 27 February, 31 May 29 June, 28 February 27 March', () => {
  assert.equal(text(termOf(day('2026-01-31'), 'P1M', 1)), '2026-01-31 – 2026-02-27')
  assert.equal(text(termOf(day('2026-05-31'), 'P1M', 1)), '2026-05-31 – 2026-06-29')
  assert.equal(text(termOf(day('2026-02-28'), 'P1M', 1)), '2026-02-28 – 2026-03-27')
})

test('later terms are counted from the anchor: a leap day comes back after four years', () => {
  assert.equal(text(termOf(day('2028-02-29'), 'P1Y', 1)), '2028-02-29 – 2029-02-27')
  assert.equal(text(termOf(day('2028-02-29'), 'P1Y', 2)), '2029-02-28 – 2030-02-27')
  assert.equal(text(termOf(day('2028-02-29'), 'P1Y', 5)), '2032-02-29 – 2033-02-27')
})

test('a perpetual licence never ends', () => {
  assert.equal(text(termOf(day('2026-03-02'), 'OneTime', 1)), '2026-03-02 – ever')
  assert.deepEqual(billingPeriods(day('2026-03-02'), 'OneTime', 'one_time', 1).map(text), [
    '2026-03-02 – ever',
  ])
})

test('a term is charged in as many parts as its plan says', () => {
  assert.equal(periodsOf('P1Y', 'annual'), 1)
  assert.equal(periodsOf('P1Y', 'monthly'), 12)
  assert.equal(periodsOf('P3Y', 'triennial'), 1)
  assert.equal(periodsOf('P3Y', 'annual'), 3)
  assert.equal(periodsOf('P3Y', 'monthly'), 36)
  assert.equal(periodsOf('OneTime', 'one_time'), 1)
  assert.deepEqual(billingPeriods(day('2026-01-31'), 'P3Y', 'annual', 2).map(text), [
    '2029-01-31 – 2030-01-30',
    '2030-01-31 – 2031-01-30',
    '2031-01-31 – 2032-01-30',
  ])
})

test('periods of a month-end anchor do not drift and leave no gap', () => {
  const periods = billingPeriods(day('2026-01-31'), 'P1Y', 'monthly', 1)
  assert.equal(periods.length, 12)
  assert.equal(text(periods[1] as (typeof periods)[0]), '2026-02-28 – 2026-03-30')
  assert.equal(text(periods[2] as (typeof periods)[0]), '2026-03-31 – 2026-04-29')
  assert.equal(
    periods.reduce(
      (sum, period) => sum + daysIn({ ...period, endsOn: period.endsOn as Temporal.PlainDate }),
      0,
    ),
    365,
  )
})
