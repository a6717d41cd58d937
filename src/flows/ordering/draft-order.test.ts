// Drafts of orders on behalf: nothing follows from one and nobody else sees it until it is submitted; then it is priced again. One licence is
// 119.00 EUR, 141.61 with VAT, and costs 99.00.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { changeAccount } from '#flows/accounts/change-account.ts'
import { saveSyncOptions } from '#flows/accounts/save-sync-options.ts'
import { synchronizeWithConnector } from '#flows/accounts/synchronize-account.ts'
import { setPrices } from '#flows/catalogue/set-prices.ts'
import type { OrderId } from '#kernel/ids.ts'
import { moneyText } from '#kernel/money.ts'
import type { Order } from '#modules/orders'
import { reading } from '#platform/db.ts'
import { viewBalance } from '#views/accounts/view-balance.ts'
import { viewBlock } from '#views/accounts/view-block.ts'
import { browseOrderQueue } from '#views/orders/list-order-queue.ts'
import { listOrders } from '#views/orders/list-orders.ts'
import { viewDraft } from '#views/orders/view-draft.ts'
import { viewOrder } from '#views/orders/view-order.ts'
import { viewDashboard } from '#views/setup/dashboard.ts'
import { openShop, type Shop } from '../../../tests/support/fixtures.ts'
import { draftOrder, editDraft } from './draft-order.ts'
import { executeItems } from './execute-items.ts'
import { cancelOrder, executeOrder } from './execute-order.ts'
import { reopenOrder, submitOrder } from './submit-order.ts'

let shop: Shop
before(async () => {
  shop = await openShop()
  const pair = { accountId: shop.direct.account.id, connector: 'microsoft-esd' }
  const values = { keyDeliveryEmail: 'keys@buyer.example' }
  await saveSyncOptions(shop.app, shop.manager.actor, { ...pair, values })
  await synchronizeWithConnector(shop.app, shop.manager.actor, pair)
  await shop.run()
})
after(() => shop?.close())

type Ordered = { quantity?: unknown; unitPrice?: string; reason?: string }
const lines = (...ordered: Ordered[]) =>
  ordered.map((each) => ({ planId: shop.planId, quantity: 1, ...each }))
const drafted = (ordered: Ordered = {}, reference = '') =>
  draftOrder(shop.app, shop.manager.actor, {
    endCustomerId: shop.direct.account.id,
    lines: lines(ordered),
    reference,
  })
const as = (who: 'manager' | 'administrator') => shop[who].actor
const total = (order: Pick<Order, 'total'>) => moneyText(order.total)
const view = (id: OrderId) => viewOrder(shop.app.db, as('manager'), { id })
const count = async (table: string, where = 'true') =>
  Number(
    (await shop.app.db.pool.unsafe(`select count(*)::int as count from ${table} where ${where}`))[0]?.[
      'count'
    ],
  )
const priced = (unitPrice: string) =>
  setPrices(shop.app, as('administrator'), {
    productId: shop.productId,
    prices: [
      {
        planId: shop.planId,
        currency: 'EUR',
        unitPrice,
        unitCost: '99.00',
        allowsZero: false,
        allowsBelowCost: false,
      },
    ],
  })

test('a draft has a number and today’s prices, and nothing follows from it', async () => {
  const { app, direct, manager } = shop
  const balance = () => viewBalance(app.db, manager.actor, { accountId: direct.account.id, now: app.now() })
  const before = [await count('pgboss.job'), await count('mail')]
  const order = await drafted({ quantity: 3 }, 'PO 1')
  assert.match(order.number, /^SO-\d+$/)
  assert.deepEqual([order.state, total(order), order.wasPlaced], ['draft', '424.83', false])
  assert.deepEqual((await view(order.id)).items.length, 3)
  assert.deepEqual([await count('pgboss.job'), await count('mail')], before)
  assert.equal(await count('asset'), 0)
  const { credit, waiting } = await balance()
  assert.deepEqual([moneyText(credit.used), waiting], ['0.00', []])
  assert.deepEqual((await browseOrderQueue(app.db, manager.actor, {})).items, [])
  const dashboard = await viewDashboard(app.db, manager.actor, { now: app.now() })
  assert.deepEqual([dashboard.ordersToday, dashboard.waitingOrders, dashboard.ordersInHand], [0, 0, 0])
  assert.equal((await viewBlock(app.db, manager.actor, direct.account.id)).waitingOrders, 0)
  const listed = async (filter: 'draft' | 'waiting') =>
    (await listOrders(app.db, manager.actor, { filter })).items.map(({ number }) => number)
  assert.deepEqual([await listed('draft'), await listed('waiting')], [[order.number], []])
  await assert.rejects(executeOrder(app, manager.actor, { orderId: order.id }), {
    code: 'state/illegal-move',
  })
  await cancelOrder(app, manager.actor, { orderId: order.id })
})

test('a quantity is checked at once, and a draft needs a product', async () => {
  await assert.rejects(drafted({ quantity: 'two' }), { code: 'input/invalid' })
  await assert.rejects(
    draftOrder(shop.app, as('manager'), { endCustomerId: shop.direct.account.id, lines: [] }),
    { code: 'input/invalid' },
  )
  await assert.rejects(drafted({ unitPrice: '90' }), { code: 'input/invalid' })
})

test('who pays sees a draft nowhere, not even when it is cancelled; an order that went back to be edited is cancelled before their eyes', async () => {
  const { app, direct, manager } = shop
  const order = await drafted({}, 'Secret')
  const seen = async (id: OrderId) => [
    (await listOrders(app.db, direct.actor, {})).items.some((each) => each.id === id),
    await viewOrder(app.db, direct.actor, { id }).then(
      ({ order: { state } }) => state,
      ({ code }) => code,
    ),
    await reading(
      app.db,
      { role: 'portal', accountId: direct.account.id },
      (sql) => sql.one<{ items: number; events: number }>`
        select (select count(*)::int from order_item where order_id = ${id}) as items,
          (select count(*)::int from order_event where order_id = ${id}) as events`,
    ),
  ]
  const nothing = [false, 'order/not-found', { items: 0, events: 0 }]
  assert.deepEqual(await seen(order.id), nothing)
  await cancelOrder(app, manager.actor, { orderId: order.id })
  assert.deepEqual(await seen(order.id), nothing)

  const other = await drafted()
  await submitOrder(app, manager.actor, { orderId: other.id })
  assert.deepEqual(await seen(other.id), [true, 'submitted', { items: 1, events: 2 }])
  const { timeline } = await viewOrder(app.db, direct.actor, { id: other.id })
  assert.deepEqual(
    timeline.map(({ kind }) => kind),
    ['placed'],
  )
  await reopenOrder(app, manager.actor, { orderId: other.id })
  assert.deepEqual(await seen(other.id), nothing)
  await cancelOrder(app, manager.actor, { orderId: other.id })
  assert.deepEqual((await seen(other.id)).slice(0, 2), [true, 'cancelled'])
})

test('an edit replaces what a draft holds at the prices of then; who agreed to a price stays named', async () => {
  const { app, manager, administrator } = shop
  const order = await drafted({ quantity: 2, unitPrice: '110.00', reason: 'Loyal' }, 'PO 2')
  assert.equal(total(order), '261.80')
  const edited = await editDraft(app, administrator.actor, {
    orderId: order.id,
    lines: lines({ quantity: 3, unitPrice: '110.00', reason: 'Loyal' }, { quantity: 1 }),
    reference: 'PO 3',
    editedFrom: order.quotedAt.toString(),
  })
  // 3 × 110.00 + 119.00 = 449.00, and 19 %.
  assert.deepEqual([total(edited), edited.reference, edited.number], ['534.31', 'PO 3', order.number])
  const draft = await viewDraft(app.db, manager.actor, { id: order.id })
  assert.deepEqual(
    draft.lines.map(({ quantity, unitPrice, reason }) => [quantity, unitPrice, reason]),
    [
      [3, '110.00', 'Loyal'],
      [1, '', ''],
    ],
  )
  const { items } = await view(order.id)
  const [agreed] = (items[0]!.pricing as { steps: { step: string; by: string }[] }).steps.filter(
    ({ step }) => step === 'manual price',
  )
  assert.equal(agreed?.by, 'Henrik')
  // Somebody who had opened it before that edit does not overwrite it.
  await assert.rejects(
    editDraft(app, manager.actor, {
      orderId: order.id,
      lines: lines({}),
      editedFrom: order.quotedAt.toString(),
    }),
    { code: 'state/changed-meanwhile' },
  )
  const [entry] = await app.db.pool`
    select before, after from audit_entry where subject_id = ${order.id} and action = 'order/edited'`
  assert.deepEqual(
    [entry?.['before'].lines, entry?.['after'].reference, entry?.['after'].total],
    [[`2 × ${items[0]!.sku} at 110.00: Loyal`], 'PO 3', '534.31 EUR'],
  )
  await submitOrder(app, manager.actor, { orderId: order.id })
  await assert.rejects(editDraft(app, manager.actor, { orderId: order.id, lines: lines({}) }), {
    code: 'state/not-a-draft',
  })
  assert.equal(total((await view(order.id)).order), '534.31')
})

test('submitted, it is priced again, placed that day, and goes all the way', async () => {
  const { app, manager, direct } = shop
  const order = await drafted({ quantity: 2 })
  shop.advance({ hours: 48 })
  await priced('125.00')
  const submitted = await submitOrder(app, manager.actor, { orderId: order.id })
  assert.deepEqual([submitted.state, total(submitted)], ['submitted', '297.50'])
  const { timeline, order: placed } = await view(order.id)
  assert.deepEqual(
    timeline.map(({ text }) => text).sort(),
    [
      'Placed on behalf of Direct. Nothing happens until it is executed.',
      'Priced again: 283.22 EUR became 297.50 EUR.',
      'Saved as a draft.',
    ].sort(),
  )
  assert.ok(placed.createdAt.epochMilliseconds > order.createdAt.epochMilliseconds + 47 * 3_600_000)
  const dashboard = await viewDashboard(app.db, manager.actor, { now: app.now() })
  assert.equal(dashboard.ordersToday, 1)
  await executeOrder(app, manager.actor, { orderId: order.id })
  await shop.run()
  assert.equal((await view(order.id)).progress, 'delivered')
  const seen = await viewOrder(app.db, direct.actor, { id: order.id })
  assert.ok(seen.timeline.every(({ text }) => !text.includes('283.22')))
  await assert.rejects(reopenOrder(app, manager.actor, { orderId: order.id }), {
    code: 'state/illegal-move',
  })
  await assert.rejects(submitOrder(app, manager.actor, { orderId: order.id }), {
    code: 'state/illegal-move',
  })
  await priced('119.00')
})

test('below cost is drafted by anybody and submitted only with an approval; an edit asks for it again', async () => {
  const { app, manager, administrator } = shop
  const cheap = { unitPrice: '90.00', reason: 'A favour' }
  const order = await drafted(cheap)
  await assert.rejects(submitOrder(app, manager.actor, { orderId: order.id }), { code: 'price/below-cost' })
  await assert.rejects(submitOrder(app, manager.actor, { orderId: order.id, belowCostReason: 'Please' }), {
    code: 'right/missing',
  })
  assert.equal((await view(order.id)).order.state, 'draft')

  // Approved while it is a draft: the manager submits it. Edited by somebody else it needs the approval again.
  const edit = (who: 'manager' | 'administrator', belowCostReason?: string) =>
    editDraft(app, as(who), { orderId: order.id, lines: lines(cheap), belowCostReason })
  await edit('administrator', 'Strategic')
  await edit('manager')
  await assert.rejects(submitOrder(app, manager.actor, { orderId: order.id }), { code: 'price/below-cost' })
  await edit('administrator', 'Strategic')
  const submitted = await submitOrder(app, manager.actor, { orderId: order.id })
  assert.deepEqual([submitted.state, total(submitted)], ['submitted', '107.10'])
  await cancelOrder(app, administrator.actor, { orderId: order.id })
})

test('over the credit limit a draft is free, and held once it is submitted', async () => {
  const { app, manager, direct } = shop
  const limit = (creditLimitMinor: bigint | undefined) =>
    changeAccount(app, as('administrator'), { accountId: direct.account.id, terms: { creditLimitMinor } })
  await limit(100n)
  const order = await drafted()
  assert.equal(order.heldBecause, undefined)
  const submitted = await submitOrder(app, manager.actor, { orderId: order.id })
  assert.match(submitted.heldBecause ?? '', /Over the credit limit of 1\.00 EUR/)
  const reopened = await reopenOrder(app, manager.actor, { orderId: order.id })
  assert.equal(reopened.heldBecause, undefined)
  await limit(undefined)
  await cancelOrder(app, manager.actor, { orderId: order.id })
})

test('submitted many times at once it is submitted once', async () => {
  const order = await drafted()
  const results = await Promise.all(
    Array.from({ length: 8 }, () => submitOrder(shop.app, as('manager'), { orderId: order.id })),
  )
  assert.deepEqual([...new Set(results.map(({ state }) => state))], ['submitted'])
  assert.equal(await count('order_event', `order_id = '${order.id}' and kind = 'placed'`), 1)
  assert.equal(await count('audit_entry', `subject_id = '${order.id}' and action = 'order/submitted'`), 1)
})

test('submitted and cancelled at once it ends cancelled, whoever was first; edited meanwhile it is one or the other', async () => {
  const { app } = shop
  for (let round = 0; round < 6; round++) {
    const order = await drafted()
    const [submitted] = await Promise.allSettled([
      submitOrder(app, as('manager'), { orderId: order.id }),
      cancelOrder(app, as('administrator'), { orderId: order.id }),
    ])
    const { order: left } = await view(order.id)
    assert.equal(left.state, 'cancelled')
    assert.equal(left.wasPlaced, submitted.status === 'fulfilled')
    if (submitted.status === 'rejected') assert.equal(submitted.reason.code, 'state/illegal-move')
  }
  for (let round = 0; round < 6; round++) {
    const order = await drafted()
    const [, edited] = await Promise.allSettled([
      submitOrder(app, as('manager'), { orderId: order.id }),
      editDraft(app, as('administrator'), { orderId: order.id, lines: lines({ quantity: 2 }) }),
    ])
    const { order: left, items } = await view(order.id)
    assert.equal(left.state, 'submitted')
    assert.deepEqual(
      [items.length, total(left)],
      edited.status === 'fulfilled' ? [2, '283.22'] : [1, '141.61'],
    )
  }
})

test('what the Storefront placed is not edited', async () => {
  const { app, manager } = shop
  const order = await drafted()
  await submitOrder(app, manager.actor, { orderId: order.id })
  await app.db.pool`update sales_order set channel = 'storefront' where id = ${order.id}`
  await assert.rejects(reopenOrder(app, manager.actor, { orderId: order.id }), {
    code: 'order/of-the-storefront',
  })
})

test('the database refuses an order that went on without being placed', async () => {
  await assert.rejects(
    async () => shop.app.db.pool`update sales_order set was_placed = false where state = 'submitted'`,
    /sales_order_placed/,
  )
})

test('an order that was split stays as it was agreed', async () => {
  const { app, manager } = shop
  const order = await drafted({ quantity: 2 })
  await submitOrder(app, manager.actor, { orderId: order.id })
  const { items } = await view(order.id)
  const part = await executeItems(app, manager.actor, { orderId: order.id, itemIds: [items[0]!.id] })
  await assert.rejects(reopenOrder(app, manager.actor, { orderId: order.id }), { code: 'order/split' })
  assert.equal(part.order.wasPlaced, true)
})
