import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type AccountId, newId, type UserId } from '#kernel/ids.ts'
import { currency, money, price } from '#kernel/money.ts'
import {
  buyerKnowing,
  cancel,
  type DeliveryCounts,
  draft,
  edit,
  execute,
  type OrderItem,
  progressOf,
  reopen,
  submit,
} from './order.ts'

const eur = currency('EUR')
const given = {
  basketId: undefined,
  channel: 'backoffice' as const,
  billingToId: newId<AccountId>(),
  endCustomerId: newId<AccountId>(),
  placedBy: newId<UserId>(),
  currency: eur,
  reference: 'PO 1',
  taxNote: '',
}
/** 119.00 EUR and 19 % of it. */
const item: OrderItem = {
  id: newId(),
  position: 1,
  planId: newId(),
  productId: newId(),
  instanceId: newId(),
  name: 'Office',
  sku: 'OFFICE',
  quantity: 1,
  unitPrice: price('119.00', eur),
  unitCost: price('99.00', eur),
  net: money(11900n, eur),
  tax: money(2261n, eur),
  taxBasisPoints: 1900,
  taxCategory: 'S',
  explanation: {},
  isForResale: false,
}

const counts = (total: number, delivered = 0, failed = 0, cancelled = 0, givenUp = 0): DeliveryCounts => ({
  total,
  delivered,
  failed,
  cancelled,
  givenUp,
})
const progress = (...kinds: DeliveryCounts[]) => progressOf({ state: 'executed' }, ...kinds)

test('an order is delivered when its licences and its subscriptions are', () => {
  assert.equal(progress(counts(0), counts(1)), 'in progress')
  assert.equal(progress(counts(0), counts(1, 1)), 'delivered')
  assert.equal(progress(counts(3, 3), counts(1)), 'in progress')
  assert.equal(progress(counts(3, 3), counts(1, 1)), 'delivered')
  assert.equal(progress(counts(3, 3), counts(1, 0, 1)), 'partly delivered')
  assert.equal(progress(counts(1, 0, 1), counts(1, 0, 1)), 'failed')
})

test('an order is complete without what was given up', () => {
  assert.equal(progress(counts(5, 3, 0, 2, 2), counts(0)), 'delivered')
  assert.equal(progress(counts(5, 3, 1, 1, 1), counts(0)), 'partly delivered')
  assert.equal(progress(counts(5, 2, 1, 1, 1), counts(0)), 'in progress')
  assert.equal(progress(counts(2, 0, 0, 2, 2), counts(0)), 'cancelled')
})

test('it is cancelled when everything it made is', () => {
  assert.equal(progress(counts(1, 1, 0, 1), counts(1, 1)), 'delivered')
  assert.equal(progress(counts(1, 1, 0, 1), counts(2, 1, 0, 2, 1)), 'cancelled')
  assert.equal(progressOf({ state: 'submitted' }, counts(0), counts(0)), 'waiting')
})

test('an order is drafted, submitted and taken back; what is executed or cancelled is edited no more', () => {
  const begun = Temporal.Instant.from('2026-11-01T08:00:00Z')
  const later = Temporal.Instant.from('2026-11-03T08:00:00Z')
  const one = draft(given, [item], begun)
  assert.deepEqual([one.state, one.wasPlaced, one.total.amountMinor], ['draft', false, 14161n])
  const drafted = { ...one, number: 'SO-1' }
  assert.equal(buyerKnowing(drafted), undefined)
  assert.throws(() => execute(drafted, later, 10), { code: 'state/illegal-move' })
  assert.deepEqual([cancel(drafted, later).state, cancel(drafted, later).wasPlaced], ['cancelled', false])

  const submitted = submit(drafted, later)
  assert.deepEqual([submitted.state, submitted.wasPlaced, submitted.createdAt], ['submitted', true, later])
  assert.equal(buyerKnowing(submitted), given.billingToId)
  assert.throws(() => submit(submitted, later), { code: 'state/illegal-move' })
  assert.throws(() => edit(submitted, submitted, [item], later), { code: 'state/not-a-draft' })

  const reopened = reopen({ ...submitted, heldBecause: 'Over the credit limit.' })
  assert.deepEqual([reopened.state, reopened.wasPlaced, reopened.heldBecause], ['draft', true, undefined])
  const twice = edit(reopened, { ...given, reference: 'PO 2' }, [item, { ...item, position: 2 }], later)
  assert.deepEqual([twice.reference, twice.total.amountMinor, twice.quotedAt], ['PO 2', 28322n, later])
  assert.throws(() => edit(reopened, given, [], later), { code: 'order/empty' })
  assert.throws(() => reopen({ ...submitted, channel: 'storefront' }), { code: 'order/of-the-storefront' })
  const executed = execute(submitted, later, 10)
  assert.throws(() => reopen(executed), { code: 'state/illegal-move' })
  assert.throws(() => submit(cancel(drafted, later), later), { code: 'state/illegal-move' })
})
