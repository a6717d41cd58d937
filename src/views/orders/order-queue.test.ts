// The queue of orders that need a hand: which orders stand in it, why, and what takes them out of it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { blockAccount, unblockAccount } from '#flows/accounts/block-account.ts'
import { changeAccount } from '#flows/accounts/change-account.ts'
import { saveSyncOptions } from '#flows/accounts/save-sync-options.ts'
import { synchronizeWithConnector } from '#flows/accounts/synchronize-account.ts'
import { addToBasket } from '#flows/ordering/add-to-basket.ts'
import { cancelOrder, executeOrder } from '#flows/ordering/execute-order.ts'
import { placeOnBehalf } from '#flows/ordering/place-on-behalf.ts'
import { placeOrder } from '#flows/ordering/place-order.ts'
import {
  decideCancellation,
  requestCancellation,
  undoCancellation,
} from '#flows/provisioning/cancel-licence.ts'
import type { AccountId } from '#kernel/ids.ts'
import { moneyText } from '#kernel/money.ts'
import { openShop, type Shop } from '../../../tests/support/fixtures.ts'
import { listAssets } from '../assets/list-assets.ts'
import { viewAsset } from '../assets/view-asset.ts'
import { viewDashboard } from '../setup/dashboard.ts'
import { browseOrderQueue, type HandKind } from './list-order-queue.ts'

let shop: Shop
before(async () => {
  shop = await openShop({ keys: 1 })
})
after(() => shop?.close())

async function synchronize(accountId: AccountId): Promise<void> {
  const pair = { accountId, connector: 'microsoft-esd' }
  const values = { keyDeliveryEmail: 'keys@buyer.example' }
  await saveSyncOptions(shop.app, shop.manager.actor, { ...pair, values })
  await synchronizeWithConnector(shop.app, shop.manager.actor, pair)
  await shop.run()
}

const onBehalf = (endCustomerId: AccountId) =>
  placeOnBehalf(shop.app, shop.manager.actor, {
    endCustomerId,
    lines: [{ planId: shop.planId, quantity: 1 }],
  })

const queue = async (why?: HandKind) =>
  (await browseOrderQueue(shop.app.db, shop.manager.actor, { why })).items.map(
    ({ endCustomer, hands }) =>
      `${endCustomer.name}: ${hands.map(({ text, next }) => `${text} → ${next}`).join(' | ')}`,
  )

test('an order is in the queue until nothing of it needs a hand', async () => {
  const { app, manager, direct } = shop
  const one = await onBehalf(direct.account.id)
  assert.deepEqual(await queue(), ['Direct: Direct is not synchronized. → Synchronize'])
  assert.deepEqual(await queue('execute'), [])
  await synchronize(direct.account.id)
  assert.deepEqual(await queue(), ['Direct: It waits to be executed. → Execute it'])
  assert.deepEqual([await queue('synchronize'), (await queue('execute')).length], [[], 1])

  await blockAccount(app, shop.administrator.actor, { accountId: direct.account.id, reason: 'Unpaid' })
  assert.deepEqual(await queue(), ['Direct: Direct is blocked. → Unblock or cancel'])
  await unblockAccount(app, shop.administrator.actor, { accountId: direct.account.id })

  await executeOrder(app, manager.actor, { orderId: one.id })
  await shop.run()
  assert.deepEqual(await queue(), [])
})

test('a customer’s wish to cancel stands in the queue until it is decided, and the dashboard leads to exactly those', async () => {
  const { app, manager, direct } = shop
  const { items: own } = await listAssets(app.db, direct.actor)
  const licence = own.find(({ state }) => state === 'active')
  assert.ok(licence)
  const numbers = async () => {
    const seen = await viewDashboard(app.db, manager.actor, { now: app.now() })
    const { items } = await listAssets(app.db, manager.actor, { filter: 'return-requested' })
    return [seen.cancellationRequests, seen.ordersInHand, items.map(({ number }) => number)]
  }
  assert.deepEqual(await numbers(), [0, 0, []])
  const wish = await requestCancellation(app, direct.actor, { assetId: licence.id, comment: 'Ordered twice' })
  assert.deepEqual(await queue('cancellation'), [
    `Direct: Cancellation of ${licence.number} requested: “Ordered twice” → Decide`,
  ])
  assert.deepEqual(await numbers(), [1, 1, [licence.number]])
  const [queued] = (await browseOrderQueue(app.db, manager.actor, {})).items
  assert.equal(queued?.hands[0]?.to, `/assets/${licence.id}`)

  // On its way to the vendor nobody has to decide any more; taken back it waits again.
  const send = { requestId: wish.id, decision: 'send', undoSeconds: 30 } as const
  const first = await decideCancellation(app, manager.actor, send)
  assert.deepEqual(await decideCancellation(app, manager.actor, send), first)
  assert.deepEqual(await numbers(), [0, 0, []])
  await undoCancellation(app, manager.actor, { assetId: licence.id })
  assert.deepEqual(await numbers(), [1, 1, [licence.number]])

  const decline = (answer: string) =>
    decideCancellation(app, manager.actor, { requestId: wish.id, decision: 'decline', answer })
  for (const answer of ['', '  \n '])
    await assert.rejects(decline(answer), {
      code: 'input/invalid',
      message: 'Say why: the customer reads it.',
    })
  await assert.rejects(decline('x'.repeat(501)), { code: 'input/invalid' })
  assert.deepEqual(await numbers(), [1, 1, [licence.number]])
  const declined = await decline('You use it.')
  assert.deepEqual([declined.state, (await decline('You use it.')).id], ['declined', wish.id])
  assert.deepEqual(await numbers(), [0, 0, []])
  await shop.run()
  const seen = await viewAsset(app.db, direct.actor, { id: licence.id, now: app.now() })
  assert.deepEqual(
    [seen.asset.state, seen.returnRequests.map(({ state, answer }) => [state, answer])],
    ['active', [['declined', 'You use it.']]],
  )
  assert.equal(
    seen.mails.filter((mail) => mail.notificationCode === 'licence-cancellation-refused').length,
    1,
  )
})

test('a decision that was taken back is carried out only when it is made again, and then once', async () => {
  const { app, manager, direct } = shop
  const [licence] = (await listAssets(app.db, direct.actor, { filter: 'active' })).items
  assert.ok(licence)
  const wish = await requestCancellation(app, direct.actor, { assetId: licence.id })
  const decide = () =>
    decideCancellation(app, manager.actor, { requestId: wish.id, decision: 'send', undoSeconds: 30 })
  await decide()
  await undoCancellation(app, manager.actor, { assetId: licence.id })
  shop.advance({ seconds: 20 })
  await decide()
  // The first decision's 30 seconds are over, the second one's are not.
  shop.advance({ seconds: 15 })
  await shop.run()
  const read = () => viewAsset(app.db, manager.actor, { id: licence.id, now: app.now() })
  assert.deepEqual(
    (await read()).returnRequests.map(({ state }) => state),
    ['sent', 'declined'],
  )
  const { charged } = await read()
  assert.deepEqual(
    [charged && moneyText(charged.net), charged && moneyText(charged.total)],
    ['119.00', '141.61'],
  )
  shop.advance({ seconds: 20 })
  await shop.run()
  const done = await read()
  assert.deepEqual(
    [done.asset.state, done.returnRequests[0]?.state, done.invoices.map(({ kind }) => kind)],
    ['cancelled', 'accepted', ['invoice', 'credit']],
  )
})

test('over the credit limit, without a key, late: oldest first, and the dashboard counts the same', async () => {
  const { app, direct, north } = shop
  await changeAccount(app, shop.administrator.actor, {
    accountId: direct.account.id,
    terms: { creditLimitMinor: 100n },
  })
  const { basketId } = await addToBasket(app, direct.actor, { planId: shop.planId, quantity: 1 })
  const [held] = await placeOrder(app, direct.actor, { basketId })
  for (const id of [north.account.id, north.customer.id]) await synchronize(id)
  // The one key of the pool is gone.
  const keyless = await onBehalf(north.customer.id)
  await executeOrder(app, shop.manager.actor, { orderId: keyless.id })
  await shop.run()
  const limit = 'Over the credit limit of 1.00 EUR.'
  assert.deepEqual(await queue(), [
    `Direct: ${limit} → Approve or cancel it`,
    'North customer: 1 licence waits for a key. → Upload keys',
  ])
  assert.deepEqual([(await queue('held')).length, (await queue('failed')).length], [1, 1])
  const seen = await viewDashboard(app.db, shop.manager.actor, { now: app.now() })
  assert.deepEqual([seen.ordersInHand, seen.heldOrders, seen.awaitingKeys], [2, 1, 1])

  // Whatever keeps a licence for more than a day.
  await app.db.pool`
    update asset set is_awaiting_key = false, purchased_at = now() - interval '25 hours' where order_id = ${keyless.id}`
  assert.deepEqual(await queue('late'), [
    'North customer: 1 item on the way for more than a day. → See what the vendor said',
  ])
  await app.db
    .pool`update asset set purchased_at = now() - interval '23 hours' where order_id = ${keyless.id}`
  assert.deepEqual(await queue('late'), [])

  await cancelOrder(app, shop.manager.actor, { orderId: held?.id as never })
  assert.deepEqual(await queue(), [])
})
