import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId, type SubscriptionId } from '#kernel/ids.ts'
import { openDatabase, sellerScope, transaction } from '#platform/db.ts'
import { testDatabase } from '../../../tests/support/database.ts'
import { beginAttempt, endAttempt, loadCancellationPolicies, loadSubscription } from './index.ts'

const database = await testDatabase()
const db = openDatabase({ ...database.options, max: 2 })
test.after(async () => {
  await db.close()
  await database.drop()
})
const at = Temporal.Instant.from('2026-03-02T09:00:00Z')

test('the windows are data: seven days and 24 hours for subscriptions, thirty days in full for perpetual licences', async () => {
  const policies = await transaction(db, sellerScope, loadCancellationPolicies)
  assert.deepEqual(policies, [
    { kind: 'esd', windowHours: 720, fullRefundHours: 720, executesByItself: false, validFrom: undefined },
    {
      kind: 'perpetual',
      windowHours: 720,
      fullRefundHours: 720,
      executesByItself: true,
      validFrom: undefined,
    },
    {
      kind: 'subscription',
      windowHours: 168,
      fullRefundHours: 24,
      executesByItself: true,
      validFrom: undefined,
    },
  ])
})

test('a call whose fate is unknown is asked again with the same id; after an answer with a new one', async () => {
  const subscriptionId = newId<SubscriptionId>()
  await withoutReferences(async () => {
    const first = await transaction(db, sellerScope, (tx) => beginAttempt(tx, subscriptionId, 'cart', at))
    assert.equal(first.callId, first.attemptId)
    const afterKill = await transaction(db, sellerScope, (tx) => beginAttempt(tx, subscriptionId, 'cart', at))
    assert.equal(afterKill.callId, first.callId)
    await transaction(db, sellerScope, (tx) => endAttempt(tx, afterKill.attemptId, 'outage', 'timed out', at))
    const afterOutage = await transaction(db, sellerScope, (tx) =>
      beginAttempt(tx, subscriptionId, 'cart', at),
    )
    assert.equal(afterOutage.callId, first.callId)
    await transaction(db, sellerScope, (tx) => endAttempt(tx, afterOutage.attemptId, 'priced', '', at))
    const afterAnswer = await transaction(db, sellerScope, (tx) =>
      beginAttempt(tx, subscriptionId, 'cart', at),
    )
    assert.notEqual(afterAnswer.callId, first.callId)
  })
})

test('what does not exist is refused by name', async () => {
  await assert.rejects(
    transaction(db, sellerScope, (tx) => loadSubscription(tx, newId<SubscriptionId>())),
    { code: 'subscription/not-found' },
  )
})

/** The attempts alone are of interest here: their subscription need not exist. */
async function withoutReferences(work: () => Promise<void>): Promise<void> {
  await db.pool.unsafe(
    'alter table subscription_attempt drop constraint subscription_attempt_subscription_id_fkey',
  )
  await work()
}
