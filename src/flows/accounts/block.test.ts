// An account that is blocked: whom it keeps out, what it stops and what not, and who is told why.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { AccountId } from '#kernel/ids.ts'
import { findBlock, loadAccount } from '#modules/accounts'
import { listAuditEntries } from '#modules/audit'
import { scopeOf } from '#modules/users'
import { reading, sellerScope, transaction, violatedConstraint } from '#platform/db.ts'
import { viewAccountHead } from '#views/accounts/view-account.ts'
import { viewBlock } from '#views/accounts/view-block.ts'
import { type Client, openClient } from '../../../tests/support/api.ts'
import { openShop, SHOP_PASSWORD, type Shop } from '../../../tests/support/fixtures.ts'
import { cancelOrder, executeOrder } from '../ordering/execute-order.ts'
import { placeOnBehalf } from '../ordering/place-on-behalf.ts'
import { signIn } from '../users/sign-in.ts'
import { blockAccount, unblockAccount } from './block-account.ts'
import { changeAccount } from './change-account.ts'

let shop: Shop
let client: Client

before(async () => {
  shop = await openShop()
  client = await openClient(shop.app)
})
after(async () => {
  await client?.close()
  await shop?.close()
})

const reason = 'Two invoices are unpaid since March.'

const order = (endCustomerId: AccountId) =>
  placeOnBehalf(shop.app, shop.manager.actor, {
    endCustomerId,
    lines: [{ planId: shop.planId, quantity: 1 }],
  })

test('a blocked account orders nothing and lets nobody in, nor does its reseller’s block; its orders wait', async () => {
  const { app, manager, north } = shop
  const waiting = await order(north.customer.id)
  const input = { accountId: north.account.id, reason: `  ${reason.replace('are', 'are \n')} ` }
  assert.equal((await blockAccount(app, manager.actor, input)).state, 'blocked')
  const { waitingOrders, people, block } = await viewBlock(app.db, manager.actor, north.account.id)
  assert.deepEqual([waitingOrders, people, block?.reason, block?.blockedBy], [1, 1, reason, 'Henrik'])

  await assert.rejects(signIn(app, { email: north.email, password: SHOP_PASSWORD }), {
    code: 'right/blocked',
    message:
      'The account of your company is blocked: nobody can sign in or order for it. Licences and subscriptions you have go on. Please contact us.',
  })
  assert.equal((await client.ask('GET', '/me', { key: north.key })).status, 401)
  await assert.rejects(order(north.customer.id), { code: 'account/blocked' })
  await assert.rejects(executeOrder(app, manager.actor, { orderId: waiting.id }), {
    code: 'account/blocked',
    message: 'North is blocked, so its orders wait. Unblock the account first, or cancel this order.',
  })
  assert.equal((await cancelOrder(app, manager.actor, { orderId: waiting.id })).state, 'cancelled')

  await unblockAccount(app, manager.actor, { accountId: north.account.id })
  assert.equal((await client.ask('GET', '/me', { key: north.key })).status, 200)
  assert.equal((await order(north.customer.id)).state, 'submitted')
  assert.equal((await viewBlock(app.db, manager.actor, north.account.id)).block, undefined)
})

test('blocking needs a reason and the right; said twice it changes nothing, another reason is written down', async () => {
  const { app, manager, support, direct } = shop
  const accountId = direct.account.id
  const block = (words: string) => blockAccount(app, manager.actor, { accountId, reason: words })
  await assert.rejects(block(' \n '), { code: 'input/invalid' })
  await assert.rejects(block('x'.repeat(501)), { code: 'input/invalid' })
  await assert.rejects(blockAccount(app, support.actor, { accountId, reason }), { code: 'right/missing' })
  await unblockAccount(app, manager.actor, { accountId })
  await block('Asked for by the customer')
  await block('Asked for by the customer')
  await block('Fraud')
  await unblockAccount(app, manager.actor, { accountId })
  const entries = await reading(app.db, sellerScope, (sql) =>
    listAuditEntries(sql, { subjectType: 'account', subjectId: accountId, limit: 10 }),
  )
  assert.deepEqual(
    entries
      .toReversed()
      .filter(({ action }) => action !== 'account/created')
      .map(({ action, before, after }) => [action, before, after]),
    [
      ['account/blocked', { state: 'active' }, { state: 'blocked', reason: 'Asked for by the customer' }],
      [
        'account/block-reason-changed',
        { state: 'blocked', reason: 'Asked for by the customer' },
        { state: 'blocked', reason: 'Fraud' },
      ],
      ['account/unblocked', { state: 'blocked', reason: 'Fraud' }, { state: 'active' }],
    ],
  )
})

test('only colleagues read why, and only a blocked account has a reason, however it came to be active', async () => {
  const { app, manager, south } = shop
  const accountId = south.customer.id
  await blockAccount(app, manager.actor, { accountId, reason })
  assert.equal((await viewAccountHead(app.db, manager.actor, accountId)).block?.reason, reason)
  const seen = await viewAccountHead(app.db, south.actor, accountId)
  assert.deepEqual([seen.account.state, seen.block], ['blocked', undefined])
  await assert.rejects(
    reading(app.db, scopeOf(south.actor), (sql) => findBlock(sql, accountId)),
    /permission denied/,
  )
  const path = `/accounts/${accountId}/block`
  const { body: own } = await client.ask('GET', path, { key: south.key })
  assert.deepEqual([own.isBlocked, own.reason, own.blockedAt, own.blockedBy], [true, null, null, null])
  assert.equal((await client.ask('GET', path, { key: shop.north.key })).status, 404)
  const told = await client.ask('GET', path, { key: manager.key })
  assert.deepEqual(
    [told.body.isBlocked, told.body.reason, told.body.blockedBy, told.body.waitingOrders],
    [true, reason, 'Henrik', 0],
  )

  // As a file or the API without a word would.
  await changeAccount(app, manager.actor, { accountId, terms: { state: 'active' } })
  assert.equal(await reading(app.db, sellerScope, (sql) => findBlock(sql, accountId)), undefined)
  await transaction(app.db, sellerScope, async (tx) => {
    const account = await loadAccount(tx, accountId)
    await tx.run`insert into account_block (account_id, reason, blocked_at, blocked_by)
      values (${account.id}, 'x', ${app.now()}, 'x')`
  }).then(
    () => assert.fail('an active account has a reason to be blocked'),
    (error) => assert.equal(violatedConstraint(error), 'account_block_of_blocked'),
  )
})
