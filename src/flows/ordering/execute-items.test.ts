// Partial execution: ticked items become a sub-order that is executed, or nothing at all happens. One licence is 119.00 EUR, with 19 % VAT
// 141.61; its cost is 99.00.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { blockAccount } from '#flows/accounts/block-account.ts'
import { changeAccount } from '#flows/accounts/change-account.ts'
import { saveSyncOptions } from '#flows/accounts/save-sync-options.ts'
import { synchronizeWithConnector } from '#flows/accounts/synchronize-account.ts'
import { createPromotion, endPromotion } from '#flows/pricing/manage-promotions.ts'
import { createVolumeDiscount, endVolumeDiscount } from '#flows/pricing/manage-volume-discounts.ts'
import { createWebhook } from '#flows/webhooks/manage-webhooks.ts'
import type { AccountId, OrderId, OrderItemId } from '#kernel/ids.ts'
import { moneyText } from '#kernel/money.ts'
import { type Account, loadCreditUse } from '#modules/accounts'
import { reading, sellerScope } from '#platform/db.ts'
import { viewOrder } from '#views/orders/view-order.ts'
import { verifyPrices } from '#views/pricing/verify-prices.ts'
import { openShop, type Shop } from '../../../tests/support/fixtures.ts'
import { type Execution, executeItems } from './execute-items.ts'
import { cancelOrder, executeOrder } from './execute-order.ts'
import { placeOnBehalf } from './place-on-behalf.ts'

let shop: Shop
before(async () => {
  shop = await openShop()
  await synchronized(shop.direct.account.id)
})
after(() => shop?.close())

async function synchronized(accountId: AccountId): Promise<void> {
  const pair = { accountId, connector: 'microsoft-esd' }
  const values = { keyDeliveryEmail: 'keys@buyer.example' }
  await saveSyncOptions(shop.app, shop.manager.actor, { ...pair, values })
  await synchronizeWithConnector(shop.app, shop.manager.actor, pair)
  await shop.run()
}

const manager = () => shop.manager.actor

/** An order of so many licences, and the ids of its items. */
async function orderOf(
  quantity: number,
  more: { account?: Account; unitPrice?: string; reference?: string } = {},
): Promise<{ id: OrderId; itemIds: OrderItemId[] }> {
  const { account = shop.direct.account, unitPrice, reference = '' } = more
  const { id } = await placeOnBehalf(shop.app, manager(), {
    endCustomerId: account.id,
    lines: [
      { planId: shop.planId, quantity, ...(unitPrice ? { unitPrice, reason: 'Agreed by phone' } : {}) },
    ],
    reference,
  })
  return { id, itemIds: (await view(id)).items.map((item) => item.id) }
}

const view = (id: OrderId) => viewOrder(shop.app.db, manager(), { id })

/** Some of the items, by their positions. */
const at = (itemIds: readonly OrderItemId[], ...positions: number[]) =>
  positions.map((position) => itemIds[position - 1] as OrderItemId)

async function seen(id: OrderId) {
  const { order, items, licences, timeline, splitFrom, subOrders } = await view(id)
  return {
    state: order.state,
    positions: items.map(({ position }) => position),
    amounts: [order.net, order.tax, order.total].map(moneyText),
    licences: licences.total,
    steps: timeline.filter(({ source }) => source === 'event').map(({ text }) => text),
    splitFrom: splitFrom?.number,
    subOrders: subOrders.map(({ number, state, total }) => `${number} ${state} ${moneyText(total)}`),
  }
}

const query = <Row extends object>(text: string) => shop.app.db.pool.unsafe<Row[]>(text)

/** All there is about orders: what a refusal must leave as it was. Numbers that were taken for nothing are no trace. */
async function everything(): Promise<string> {
  const rows = await query<{ all: string }>(`
    select jsonb_build_array(
      (select jsonb_agg(to_jsonb(o) order by id) from sales_order o), (select jsonb_agg(to_jsonb(i) order by id) from order_item i),
      (select jsonb_agg(to_jsonb(e) order by id) from order_event e), (select count(*) from asset), (select count(*) from mail),
      (select count(*) from audit_entry), (select count(*) from webhook_delivery))::text as all`)
  return rows[0]?.all ?? ''
}

const useOf = (account: Account) =>
  reading(shop.app.db, sellerScope, async (sql) => {
    const { openInvoices, uninvoicedOrders } = await loadCreditUse(sql, account)
    return [openInvoices.amountMinor, uninvoicedOrders.amountMinor]
  })

test('two of five items become an order of their own and are delivered; one more follows, and the rest is cancelled', async () => {
  const { app, direct } = shop
  const { id, itemIds } = await orderOf(5, { reference: 'PO 12' })
  const { order } = await view(id)
  assert.deepEqual((await seen(id)).amounts, ['595.00', '113.05', '708.05'])
  const { order: part, split } = await executeItems(app, manager(), {
    orderId: id,
    itemIds: at(itemIds, 2, 4),
  })
  assert.deepEqual([split?.taken, split?.left, split?.difference.amountMinor], [2, 3, 0n])
  // 2 × 119.00 = 238.00 with 45.22; 3 × 119.00 = 357.00 with 67.83; together 708.05.
  assert.deepEqual(await seen(part.id), {
    state: 'executed',
    positions: [2, 4],
    amounts: ['238.00', '45.22', '283.22'],
    licences: 2,
    steps: [`Split from order ${order.number}: 2 of 5 items.`, 'Executed: the licences are being made.'],
    splitFrom: order.number,
    subOrders: [],
  })
  assert.deepEqual(await seen(id), {
    state: 'submitted',
    positions: [1, 3, 5],
    amounts: ['357.00', '67.83', '424.83'],
    licences: 0,
    steps: [
      'Placed on behalf of Direct. Nothing happens until it is executed.',
      `Order ${part.number} was split from it: 2 of 5 items.`,
    ],
    splitFrom: undefined,
    subOrders: [`${part.number} executed 283.22`],
  })
  const facts = ({ billingToId, endCustomerId, reference, channel, placedBy, quotedAt }: typeof order) =>
    JSON.stringify([billingToId, endCustomerId, reference, channel, placedBy, quotedAt.epochMilliseconds])
  assert.equal(facts((await view(part.id)).order), facts(order))
  assert.notEqual(part.number, order.number)
  // Only what was executed uses credit.
  assert.deepEqual(await useOf(direct.account), [0n, 28_322n])
  await shop.run()
  assert.deepEqual(await useOf(direct.account), [28_322n, 0n])
  const delivered = await view(part.id)
  assert.deepEqual(
    [delivered.progress, delivered.invoices.map(({ total }) => moneyText(total))],
    ['delivered', ['283.22']],
  )

  const one = await executeItems(app, manager(), { orderId: id, itemIds: at(itemIds, 5) })
  assert.deepEqual((await seen(one.order.id)).amounts, ['119.00', '22.61', '141.61'])
  const rest = await cancelOrder(app, manager(), { orderId: id })
  assert.equal(rest.state, 'cancelled')
  await shop.run()
  assert.deepEqual((await seen(id)).subOrders, [
    `${part.number} executed 283.22`,
    `${one.order.number} executed 141.61`,
  ])
  assert.deepEqual(await useOf(direct.account), [42_483n, 0n])
  await assert.rejects(executeItems(app, manager(), { orderId: id, itemIds: at(itemIds, 1) }), {
    code: 'state/illegal-move',
  })
  const audited = (of: OrderId) =>
    query<{ action: string; before: object; after: object }>(
      `select action, before, after from audit_entry where subject_id = '${of}' order by at, action`,
    )
  assert.deepEqual(
    (await audited(part.id)).map(({ action }) => action),
    ['order/placed', 'order/executed'],
  )
  const first = (await audited(id)).find(({ action }) => action === 'order/split')
  assert.deepEqual(first, {
    action: 'order/split',
    before: { items: 5, total: '708.05 EUR' },
    after: { items: 3, total: '424.83 EUR', subOrder: part.number, positions: [2, 4] },
  })
  const differences: unknown[] = []
  await verifyPrices(app.db, shop.administrator.actor, (found) => differences.push(found))
  assert.deepEqual(differences, [])
})

test('all items ticked is the whole order; none ticked, or those of another order, is said', async () => {
  const { app } = shop
  const { id, itemIds } = await orderOf(2)
  const other = await orderOf(2)
  const before = await everything()
  await assert.rejects(executeItems(app, manager(), { orderId: id, itemIds: [] }), {
    code: 'input/invalid',
    message: 'Tick at least one item to execute, or execute the whole order.',
  })
  await assert.rejects(
    executeItems(app, manager(), { orderId: id, itemIds: [...at(itemIds, 1), ...at(other.itemIds, 1)] }),
    (error: { errors: { pointer: string }[] }) => error.errors[0]?.pointer === '/itemIds/1',
  )
  await assert.rejects(executeItems(app, shop.support.actor, { orderId: id, itemIds: at(itemIds, 1) }), {
    code: 'right/missing',
  })
  assert.equal(await everything(), before)
  const { order, split } = await executeItems(app, manager(), { orderId: id, itemIds })
  assert.deepEqual([order.id, order.state, split], [id, 'executed', undefined])
  assert.deepEqual((await seen(id)).subOrders, [])
  // A second click.
  assert.equal((await executeItems(app, manager(), { orderId: id, itemIds })).order.id, id)
  await cancelOrder(app, manager(), { orderId: other.id })
  await shop.run()
})

test('two clicks and two tabs make one sub-order; other items at once make two, and no item is in both', async () => {
  const { app } = shop
  const { id, itemIds } = await orderOf(5)
  const ticked = at(itemIds, 1, 2)
  const clicks = await Promise.all(
    Array.from({ length: 6 }, () => executeItems(app, manager(), { orderId: id, itemIds: ticked })),
  )
  assert.equal(new Set(clicks.map(({ order }) => order.id)).size, 1)
  assert.equal(clicks.filter(({ split }) => split).length, 1)
  const part = clicks[0]?.order
  // A tab that was opened before ticks one that is gone and one that is there.
  await assert.rejects(executeItems(app, manager(), { orderId: id, itemIds: at(itemIds, 2, 3) }), {
    code: 'state/items-taken',
    message: `Some of these items are in order ${part?.number} by now. Look at the order again, and tick what is left of it.`,
  })
  await assert.rejects(executeItems(app, manager(), { orderId: id, itemIds: at(itemIds, 2) }), {
    code: 'state/items-taken',
  })
  const race = await Promise.allSettled([
    executeItems(app, manager(), { orderId: id, itemIds: at(itemIds, 3, 4) }),
    executeItems(app, manager(), { orderId: id, itemIds: at(itemIds, 4, 5) }),
  ])
  const won = race.flatMap((each) =>
    each.status === 'fulfilled' ? [(each.value as Execution).order.id] : [],
  )
  const lost = race.flatMap((each) => (each.status === 'rejected' ? [each.reason.code] : []))
  assert.deepEqual([won.length, lost], [1, ['state/items-taken']])
  assert.equal((await seen(id)).positions.length, 1)
  // The first click once more, when the rest is executed as well.
  await executeOrder(app, manager(), { orderId: id })
  const late = await executeItems(app, manager(), { orderId: id, itemIds: ticked })
  assert.deepEqual([late.order.id, late.split], [part?.id, undefined])
  const [assets] = await query<{ count: number }>(
    `select count(*)::int as count from asset join sales_order on sales_order.id = asset.order_id
     where sales_order.id = '${id}' or split_from_id = '${id}'`,
  )
  assert.equal(assets?.count, 5)
  await shop.run()
})

test('a refusal leaves everything as it was: an unknown account, the credit limit, a price that moved, below cost', async () => {
  const { app, administrator, north, south } = shop
  const customer = north.customer
  const unknown = await orderOf(3, { account: customer })
  let before = await everything()
  await assert.rejects(
    executeItems(app, manager(), { orderId: unknown.id, itemIds: at(unknown.itemIds, 1) }),
    {
      code: 'order/not-synchronized',
    },
  )
  assert.equal(await everything(), before)
  await cancelOrder(app, manager(), { orderId: unknown.id })

  for (const { account } of [{ account: south.customer }, south]) await synchronized(account.id)
  const limit = (creditLimitMinor: bigint | undefined) =>
    changeAccount(app, administrator.actor, { accountId: south.account.id, terms: { creditLimitMinor } })
  await limit(20_000n)
  const { id, itemIds } = await orderOf(4, { account: south.customer })
  before = await everything()
  await assert.rejects(executeItems(app, manager(), { orderId: id, itemIds: at(itemIds, 1, 2) }), {
    code: 'order/over-credit-limit',
    message:
      'Over the credit limit of 200.00 EUR: 0.00 EUR are used, and this order is 283.22 EUR. It needs an approval.',
  })
  assert.equal(await everything(), before)
  // One alone fits, though the whole order does not.
  const fits = await executeItems(app, manager(), { orderId: id, itemIds: at(itemIds, 1) })
  assert.deepEqual([fits.order.state, fits.order.heldBecause], ['executed', undefined])
  assert.deepEqual(await useOf(south.account), [0n, 14_161n])
  await shop.run()
  await limit(undefined)

  // 31 minutes later the price is another one, and then below cost.
  const priced = (unitPrice: number, unitCost: number) =>
    query(
      `update plan_price set unit_price = ${unitPrice}, unit_cost = ${unitCost} where plan_id = '${shop.planId}'`,
    )
  const agreed = await orderOf(4, { account: south.customer, unitPrice: '100.00' })
  shop.advance({ minutes: 31 })
  await priced(129, 99)
  before = await everything()
  await assert.rejects(
    executeItems(app, manager(), { orderId: id, itemIds: at(itemIds, 3) }),
    (error: { code: string; details: { items: { position: number }[]; totalNow: { amount: string } } }) =>
      error.code === 'price/changed' &&
      error.details.items[0]?.position === 3 &&
      error.details.totalNow.amount === '153.51',
  )
  assert.equal(await everything(), before)
  const moved = await executeItems(app, manager(), {
    orderId: id,
    itemIds: at(itemIds, 3),
    confirmsPrices: true,
  })
  assert.deepEqual((await seen(moved.order.id)).amounts, ['129.00', '24.51', '153.51'])
  // What was not executed keeps its own prices until it is.
  assert.deepEqual((await seen(id)).amounts, ['238.00', '45.22', '283.22'])
  // The agreed 100.00 is below a cost of 110.00.
  await priced(129, 110)
  before = await everything()
  const belowCost = { orderId: agreed.id, itemIds: at(agreed.itemIds, 4), confirmsPrices: true }
  await assert.rejects(executeItems(app, manager(), belowCost), { code: 'price/below-cost' })
  assert.equal(await everything(), before)
  const approved = await executeItems(app, administrator.actor, { ...belowCost, belowCostReason: 'Promised' })
  const [audited] = await query<{ after: { lines: { position: number }[] } }>(
    `select after from audit_entry where action = 'order/below-cost-approved' and subject_id = '${approved.order.id}'`,
  )
  assert.equal(audited?.after.lines[0]?.position, 4)
  await priced(119, 99)
  for (const orderId of [id, agreed.id]) await cancelOrder(app, manager(), { orderId })
  await shop.run()
})

test('VAT is rounded once per order: what that makes of a split is told', async () => {
  const { app } = shop
  // Two at 119.03: 19 % of 238.06 is 45.2314, so 45.23; of one it is 22.6157, so 22.62.
  const { id, itemIds } = await orderOf(2, { unitPrice: '119.03' })
  const { order, split } = await executeItems(app, manager(), { orderId: id, itemIds: at(itemIds, 1) })
  assert.equal(split?.difference.amountMinor, 1n)
  assert.deepEqual((await seen(order.id)).amounts, ['119.03', '22.62', '141.65'])
  const rest = await seen(id)
  assert.deepEqual(rest.amounts, ['119.03', '22.62', '141.65'])
  assert.equal(
    rest.steps.at(-1),
    `Order ${order.number} was split from it: 1 of 2 items. VAT is rounded once per order: together they come to 0.01 EUR more than before.`,
  )
  // The agreed price and who agreed it went along; the invoice says what the order says.
  assert.match(JSON.stringify((await view(order.id)).items[0]?.pricing), /Agreed by phone/)
  await shop.run()
  assert.deepEqual(
    (await view(order.id)).invoices.map(({ total }) => moneyText(total)),
    ['141.65'],
  )
  await cancelOrder(app, manager(), { orderId: id })
})

test('priced again, the parts of an order count together for volume discounts, except what was cancelled', async () => {
  const { app, administrator } = shop
  const discount = await createVolumeDiscount(app, administrator.actor, {
    name: 'From four',
    scope: { kind: 'all' },
    mode: 'continuous',
    tiers: [{ from: 4, percent: '10' }],
    validFrom: '2026-01-01',
  } as never)
  const { id, itemIds } = await orderOf(4)
  // 4 × 107.10
  assert.equal((await seen(id)).amounts[0], '428.40')
  shop.advance({ minutes: 31 })
  const first = await executeItems(app, manager(), { orderId: id, itemIds: at(itemIds, 1) })
  assert.equal((await seen(first.order.id)).amounts[0], '107.10')
  // The rest counts what was executed before it.
  const second = await executeItems(app, manager(), { orderId: id, itemIds: at(itemIds, 2) })
  assert.equal((await seen(second.order.id)).amounts[0], '107.10')
  const rest = await executeOrder(app, manager(), { orderId: id })
  assert.equal(moneyText(rest.net), '214.20')

  // What is cancelled is bought by nobody, and counts no more.
  const other = await orderOf(4)
  const half = await executeItems(app, manager(), { orderId: other.id, itemIds: at(other.itemIds, 1, 2) })
  assert.equal((await seen(half.order.id)).amounts[0], '214.20')
  await cancelOrder(app, manager(), { orderId: other.id })
  await endVolumeDiscount(app, administrator.actor, { id: discount.id } as never)
  await shop.run()
})

test('a customer who is new stays new for the rest of its order', async () => {
  const { app, administrator, north } = shop
  for (const { id } of [north.account, north.customer]) await synchronized(id)
  const promotion = await createPromotion(app, administrator.actor, {
    name: 'Welcome',
    discount: { percent: '10' },
    recurrence: 'one-time',
    scopes: [{ kind: 'all' }],
    terms: [],
    newCustomersOnly: true,
    isCombinable: false,
    validFrom: '2026-01-01',
  })
  const { id, itemIds } = await orderOf(2, { account: north.customer })
  assert.equal((await seen(id)).amounts[0], '214.20')
  await executeItems(app, manager(), { orderId: id, itemIds: at(itemIds, 1) })
  shop.advance({ minutes: 31 })
  assert.equal(moneyText((await executeOrder(app, manager(), { orderId: id })).net), '107.10')
  const next = await orderOf(1, { account: north.customer })
  assert.equal((await seen(next.id)).amounts[0], '119.00')
  await cancelOrder(app, manager(), { orderId: next.id })
  await endPromotion(app, administrator.actor, { id: promotion.id } as never)
  await shop.run()
})

test('webhooks are told of the sub-order and where it came from, and of nothing that was refused', async () => {
  const { app, administrator, south } = shop
  await createWebhook(app, administrator.actor, {
    name: 'ERP',
    url: 'http://127.0.0.1:9/hook',
    events: ['order.submitted', 'order.executed'],
  })
  const told = async () =>
    (
      await query<{ type: string; facts: Record<string, unknown> }>(
        'select event_type as type, facts from webhook_delivery order by id',
      )
    ).map(({ type, facts }) => [type, facts['number'], facts['splitFromId']])
  const { id, itemIds } = await orderOf(2)
  const { order } = await view(id)
  const refused = await orderOf(2, { account: south.customer })
  const refusedOrder = (await view(refused.id)).order
  await blockAccount(app, administrator.actor, { accountId: south.customer.id, reason: 'Unpaid' })
  await assert.rejects(
    executeItems(app, manager(), { orderId: refused.id, itemIds: at(refused.itemIds, 1) }),
    { code: 'account/blocked' },
  )
  const part = (await executeItems(app, manager(), { orderId: id, itemIds: at(itemIds, 2) })).order
  assert.deepEqual(await told(), [
    ['order.submitted', order.number, undefined],
    ['order.submitted', refusedOrder.number, undefined],
    ['order.submitted', part.number, id],
    ['order.executed', part.number, id],
  ])
})
