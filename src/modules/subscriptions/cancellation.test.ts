import assert from 'node:assert/strict'
import { test } from 'node:test'
import { currency, money, moneyText } from '#kernel/money.ts'
import { type CancellationPolicy, cancellationWindow, refundOf, whyNotCancellable } from './cancellation.ts'

const policy: CancellationPolicy = {
  kind: 'subscription',
  windowHours: 168,
  fullRefundHours: 24,
  executesByItself: true,
  validFrom: undefined,
}
const at = (text: string) => Temporal.Instant.from(text)
const day = (text: string) => Temporal.PlainDate.from(text)
const EUR = currency('EUR')
const startedAt = at('2026-03-02T09:01:00Z')
const window = { until: at('2026-03-09T09:01:00Z'), fullRefundUntil: at('2026-03-03T09:01:00Z') }
const charge = { net: money(126_000n, EUR), startsOn: day('2026-03-02'), endsOn: day('2027-03-01') }

test('the window is seven days, the first of them in full; the vendor’s own deadline wins', () => {
  assert.deepEqual(cancellationWindow({ startedAt, cancellableUntil: undefined }, policy), window)
  const vendors = at('2026-03-08T00:00:00Z')
  assert.deepEqual(cancellationWindow({ startedAt, cancellableUntil: vendors }, policy), {
    until: vendors,
    fullRefundUntil: window.fullRefundUntil,
  })
  assert.equal(cancellationWindow({ startedAt: undefined, cancellableUntil: undefined }, policy), undefined)
})

test('in the first 24 hours everything comes back', () => {
  assert.deepEqual(refundOf(charge, window, at('2026-03-03T09:01:00Z')), { net: charge.net, days: undefined })
})

test('afterwards the whole days that remain: on the second day begun 363 of 365', () => {
  const refund = refundOf(charge, window, at('2026-03-03T09:01:01Z'))
  assert.deepEqual(refund.days, { remaining: 363, of: 365 })
  assert.equal(moneyText(refund.net), '1253.10') // 1260.00 × 363 / 365 = 1253.0958…
  assert.equal(moneyText(refundOf(charge, window, at('2026-03-09T09:01:00Z')).net), '1232.38') // 357 days: 1232.3835…
})

test('after the window nothing comes back, and the reason says what can be done instead', () => {
  const late = at('2026-03-09T09:01:01Z')
  assert.equal(moneyText(refundOf(charge, window, late).net), '0.00')
  const reason = whyNotCancellable(
    { state: 'active', cancelRequestedAt: undefined, startedAt, cancellableUntil: undefined },
    policy,
    late,
  )
  assert.match(reason ?? '', /closed on 2026-03-09 09:01 UTC.*automatic renewal/)
})

test('a three-year term in yen is refunded in whole yen', () => {
  const JPY = currency('JPY')
  const yen = { net: money(100_000n, JPY), startsOn: day('2026-03-02'), endsOn: day('2029-03-01') }
  const refund = refundOf(yen, window, at('2026-03-05T12:00:00Z'))
  assert.deepEqual(refund.days, { remaining: 1092, of: 1096 }) // 2028 has 366 days
  assert.equal(moneyText(refund.net), '99635') // 99635.03…
})

test('a perpetual licence is refunded in full inside its window', () => {
  const perpetual = { ...charge, endsOn: undefined }
  assert.equal(moneyText(refundOf(perpetual, window, at('2026-03-08T12:00:00Z')).net), '1260.00')
})
