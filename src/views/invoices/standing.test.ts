import assert from 'node:assert/strict'
import { test } from 'node:test'
import { standingOf } from './standing.ts'

test('what was credited was not paid, and a credit invoice is settled', () => {
  const invoice = { kind: 'invoice' as const, isCredited: false, hasPayments: false }
  assert.equal(standingOf({ ...invoice, paid: 'open' }), 'open')
  assert.equal(standingOf({ ...invoice, paid: 'partly paid', hasPayments: true }), 'partly paid')
  assert.equal(standingOf({ ...invoice, paid: 'paid', hasPayments: true }), 'paid')
  const credited = { ...invoice, isCredited: true }
  assert.equal(standingOf({ ...credited, paid: 'partly paid' }), 'partly credited')
  assert.equal(standingOf({ ...credited, paid: 'paid' }), 'credited')
  assert.equal(standingOf({ ...credited, paid: 'overdue' }), 'overdue')
  // Two thirds credited and the rest paid.
  assert.equal(standingOf({ ...credited, paid: 'paid', hasPayments: true }), 'paid')
  const credit = { ...invoice, kind: 'credit' as const }
  assert.equal(standingOf({ ...credit, paid: 'open' }), 'open')
  assert.equal(standingOf({ ...credit, paid: 'partly paid' }), 'partly settled')
  assert.equal(standingOf({ ...credit, paid: 'paid' }), 'settled')
})
