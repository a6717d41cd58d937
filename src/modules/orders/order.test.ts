import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type DeliveryCounts, progressOf } from './order.ts'

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
