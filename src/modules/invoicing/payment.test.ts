import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { InvoiceId } from '#kernel/ids.ts'
import { type Currency, money } from '#kernel/money.ts'
import { paymentStateOf, type Receivable, readPayment, type TypedPayment } from './payment.ts'

const EUR = 'EUR' as Currency
const day = (text: string) => Temporal.PlainDate.from(text)
const now = { at: Temporal.Instant.from('2026-11-26T09:00:00Z'), today: day('2026-11-26') }
const by = { userId: undefined, name: 'Marit' }
const owed = (total: bigint, open: bigint): Receivable => ({
  invoiceId: 'invoice' as InvoiceId,
  total: money(total, EUR),
  open: money(open, EUR),
  dueDate: day('2026-11-26'),
})
const read = (typed: TypedPayment, receivable = owed(11_900n, 11_900n)) =>
  readPayment(typed, receivable, undefined, by, now)

test('a document is open, partly paid, overdue or paid', () => {
  assert.equal(paymentStateOf(owed(11_900n, 11_900n), day('2026-11-26')), 'open')
  assert.equal(paymentStateOf(owed(11_900n, 900n), day('2026-11-26')), 'partly paid')
  assert.equal(paymentStateOf(owed(11_900n, 900n), day('2026-11-27')), 'overdue')
  assert.equal(paymentStateOf(owed(11_900n, 0n), day('2026-11-27')), 'paid')
  assert.equal(paymentStateOf(owed(-11_900n, -11_900n), day('2026-11-27')), 'open')
})

test('an amount left out pays all that is open; of a credit invoice it is paid back', () => {
  assert.equal(read({ receivedOn: '2026-11-25' }).amount.amountMinor, 11_900n)
  const back = read({ amount: '20.00', receivedOn: '2026-11-25' }, owed(-11_900n, -5_000n))
  assert.equal(back.amount.amountMinor, -2_000n)
})

test('what cannot have been paid is refused, each field with its fault', () => {
  const faults = (typed: TypedPayment, receivable?: Receivable) => {
    try {
      read(typed, receivable)
    } catch (error) {
      return (error as { errors: { pointer: string; code: string }[] }).errors.map(
        ({ pointer, code }) => `${pointer} ${code}`,
      )
    }
    return []
  }
  assert.deepEqual(faults({ amount: '119.01', receivedOn: '2026-11-27' }), [
    '/amount above-open',
    '/receivedOn in-the-future',
  ])
  assert.deepEqual(faults({ amount: '0', receivedOn: '2026-02-30' }), [
    '/amount not-positive',
    '/receivedOn not-a-day',
  ])
  assert.deepEqual(faults({ amount: '1.005', receivedOn: 'yesterday', reference: 'x'.repeat(141) }), [
    '/amount not-an-amount',
    '/receivedOn not-a-day',
    '/reference too-long',
  ])
  assert.throws(() => read({ receivedOn: '2026-11-25' }, owed(11_900n, 0n)), { code: 'invoice/already-paid' })
})
