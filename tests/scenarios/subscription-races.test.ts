// Many at once, answers that never come, and what is bought for good: one order at the vendor for every line, one record, one invoice line
// (product.md section 8), against the emulator of Partner Center with every clock moved by hand.
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { executeOrder } from '#flows/ordering/execute-order.ts'
import { placeOnBehalf } from '#flows/ordering/place-on-behalf.ts'
import { cancelSubscription, previewRefund } from '#flows/subscriptions/cancel-subscription.ts'
import { setAutoRenew } from '#flows/subscriptions/set-auto-renew.ts'
import type { PlanId, SubscriptionId } from '#kernel/ids.ts'
import { moneyText } from '#kernel/money.ts'
import { reading, sellerScope } from '#platform/db.ts'
import { openSoftwareWorld, type SoftwareWorld } from '../support/software-world.ts'

const yearly = {
  sku: 'DG7GMGF0EM01:0001',
  term: 'P1Y',
  billingPlan: 'annual' as const,
  retail: '1260.00',
  cost: '1200.00',
}
const forGood = {
  sku: 'DG7GMGF0EM20:0001',
  term: 'OneTime',
  billingPlan: 'one_time' as const,
  retail: '1260.00',
  cost: '1200.00',
}
let shop: SoftwareWorld
let day = Temporal.PlainDate.from('2030-03-01')

before(async () => {
  shop = await openSoftwareWorld(`${day}T09:00:00Z`)
  await shop.sheet([
    { sku: 'DG7GMGF0EM01:0001:commercial:P1Y:annual', retail: '1260.00', cost: '1200.00' },
    { sku: 'DG7GMGF0EM20:0001:commercial:OneTime:one_time', retail: '1260.00', cost: '1200.00' },
  ])
})
after(() => shop?.close())
beforeEach(async () => {
  day = day.add({ months: 2 })
  await shop.tell('DELETE', '/faults')
  await shop.until(`${day}T09:00:00Z`)
})

const tenTimes = <Result>(work: () => Promise<Result>) => Promise.all(Array.from({ length: 10 }, work))
const ordersNamed = async (number: string) =>
  ((await shop.tell('GET', '/orders')) as { status: string; lines: { friendlyName: string }[] }[]).filter(
    (each) => each.lines.some(({ friendlyName }) => friendlyName === number),
  )
const lines = (id: SubscriptionId) =>
  reading(
    shop.app.db,
    sellerScope,
    (sql) => sql.many<{ kind: string; net: string; ends: string | null }>`
      select invoice.kind, line.net_minor::text as net, line.period_ends_on::text as ends
      from subscription_charge charge join invoice_line line on line.charge_id = charge.id join invoice on invoice.id = line.invoice_id
      where charge.subscription_id = ${id} and invoice.state = 'issued' order by invoice.issued_at, invoice.id`,
  )
const attempts = (id: SubscriptionId, kind: string) =>
  reading(
    shop.app.db,
    sellerScope,
    (sql) => sql.many<{ at: Temporal.Instant; outcome: string | null }>`
      select started_at as at, outcome from subscription_attempt where subscription_id = ${id} and kind = ${kind} order by id`,
  )

test('ten Executes of one order at once: one subscription, one order at the vendor, one invoice line', async () => {
  await shop.bought({ ...yearly, quantity: 1 })
  const manager = await shop.world.staff()
  const { id: planId } = await reading(
    shop.app.db,
    sellerScope,
    (sql) => sql.one<{ id: PlanId }>`
      select id from plan where instance_id = ${shop.instanceId} and sku = 'DG7GMGF0EM01:0001:commercial:P1Y:annual'`,
  )
  const order = await placeOnBehalf(shop.app, manager, {
    endCustomerId: shop.customerId,
    lines: [{ planId, quantity: 3 }],
  })
  await tenTimes(() => executeOrder(shop.app, manager, { orderId: order.id }))
  const made = await reading(
    shop.app.db,
    sellerScope,
    (sql) => sql.many<{ id: SubscriptionId; number: string }>`
      select id, number from subscription where order_id = ${order.id}`,
  )
  assert.equal(made.length, 1)
  const [{ id, number }] = made as [(typeof made)[0]]
  await shop.run()
  await shop.until(shop.app.now().add({ seconds: 70 }).toString())
  await shop.run()
  assert.equal((await shop.load(id)).state, 'active')
  assert.equal((await ordersNamed(number)).length, 1)
  // 3 × 1260.00
  assert.deepEqual(
    (await lines(id)).map(({ kind, net }) => [kind, net]),
    [['invoice', '378000']],
  )
})

test('ten cancellations at once: one request at the vendor, one credit invoice', async () => {
  const { id } = await shop.bought({ ...yearly, quantity: 2 })
  const manager = await shop.world.staff()
  await tenTimes(() => cancelSubscription(shop.app, manager, { subscriptionId: id }))
  await shop.run()
  assert.equal((await shop.load(id)).state, 'cancelled')
  assert.deepEqual(
    (await attempts(id, 'cancel')).map(({ outcome }) => outcome),
    ['done'],
  )
  assert.deepEqual(
    (await lines(id)).map(({ kind, net }) => [kind, net]),
    [
      ['invoice', '252000'],
      ['credit', '-252000'],
    ],
  )
})

test('a perpetual licence has no end and never renews; for 30 days it can be given back, all of it', async () => {
  const record = await shop.bought({ ...forGood, quantity: 2 })
  assert.deepEqual(
    [record.state, record.kind, record.endsOn, record.autoRenew, record.vendor.subscriptionId],
    ['active', 'perpetual', undefined, false, undefined],
    record.failureReason ?? '',
  )
  assert.deepEqual(await lines(record.id), [{ kind: 'invoice', net: '252000', ends: null }])
  const manager = await shop.world.staff()
  await assert.rejects(setAutoRenew(shop.app, manager, { subscriptionId: record.id, autoRenew: true }), {
    code: 'subscription/never-renews',
  })
  await shop.until(`${day.add({ days: 29 })}T08:00:00Z`)
  const { refund, days } = await previewRefund(shop.app, manager, { subscriptionId: record.id })
  assert.deepEqual([moneyText(refund), days], ['2520.00', undefined])
  await cancelSubscription(shop.app, manager, { subscriptionId: record.id })
  await shop.run()
  assert.equal((await shop.load(record.id)).state, 'cancelled')
  assert.deepEqual(
    (await lines(record.id)).map(({ net }) => net),
    ['252000', '-252000'],
  )
})

test('after 30 days a perpetual licence stays', async () => {
  const { id } = await shop.bought({ ...forGood, quantity: 1 })
  await shop.until(`${day.add({ days: 31 })}T10:00:00Z`)
  await assert.rejects(cancelSubscription(shop.app, await shop.world.staff(), { subscriptionId: id }), {
    code: 'subscription/not-cancellable',
  })
})

/** The first checkout is lost, and then the cart is gone for a quarter of an hour: the vendor refuses it 13 times, 70 seconds apart. */
async function orderedThrough(loss: 'lose-answer' | 'lose-request') {
  await shop.tell('POST', '/faults', { kind: loss, call: 'checkout', times: 1 })
  const id = await shop.order({ ...yearly, quantity: 1 })
  await shop.run()
  await shop.tell('POST', '/faults', {
    kind: 'refuse',
    call: 'checkout',
    status: 400,
    code: '400019',
    times: 13,
  })
  for (let turn = 0; turn < 20 && (await shop.load(id)).state === 'ordered'; turn += 1) {
    await shop.until(shop.app.now().add({ seconds: 70 }).toString())
    await shop.run()
  }
  return shop.load(id)
}

test('an order whose answer was lost and whose cart is gone is looked for, until the vendor shows it: no second one is made', async () => {
  const record = await orderedThrough('lose-answer')
  assert.equal(record.state, 'active', record.failureReason ?? '')
  assert.equal((await ordersNamed(record.number)).length, 1)
  assert.equal((await attempts(record.id, 'cart')).length, 1)
  const looked = await attempts(record.id, 'find-order')
  assert.equal(looked[0]?.outcome, 'not-found', 'the vendor’s list is late')
  // It stood in the list 15 minutes after it was made.
  const [first] = await attempts(record.id, 'checkout')
  const found = looked.at(-1)
  assert.notEqual(found?.outcome, 'not-found')
  assert.ok(first!.at.until(found!.at).total('minutes') >= 15)
  assert.equal((await lines(record.id)).length, 1)
})

test('a checkout that never arrived is only made anew when 15 minutes have proved that there is no order', async () => {
  const record = await orderedThrough('lose-request')
  assert.equal(record.state, 'active', record.failureReason ?? '')
  assert.equal((await ordersNamed(record.number)).length, 1)
  const [lost] = await attempts(record.id, 'checkout')
  const carts = await attempts(record.id, 'cart')
  assert.equal(carts.length, 2)
  assert.ok(lost!.at.until(carts[1]!.at).total('minutes') >= 15)
  assert.equal((await lines(record.id)).length, 1)
})

test('whatever was lost on the way: no reference has two orders, no request id was used again after an answer', async () => {
  for (const call of ['create-cart', 'checkout', 'get-order', 'get-subscription'])
    await shop.tell('POST', '/faults', { kind: 'lose-answer', call, probability: 0.4 })
  const made = []
  for (let n = 0; n < 6; n += 1)
    made.push(await shop.order({ ...(n % 3 === 2 ? forGood : yearly), quantity: 1 }))
  for (let turn = 0; turn < 12; turn += 1) {
    await shop.run()
    await shop.until(shop.app.now().add({ seconds: 70 }).toString())
  }
  await shop.tell('DELETE', '/faults')
  for (const id of made) {
    const record = await shop.load(id)
    // Five lost answers in a row are a reason to ask a person, who tries again.
    if (record.provisioning === 'failed') assert.equal(record.failureCode, 'vendor/away')
    else assert.equal(record.state, 'active', record.failureReason ?? '')
    assert.ok((await ordersNamed(record.number)).length <= 1)
    assert.equal((await lines(id)).length, record.state === 'active' ? 1 : 0)
  }
  const {
    ordersPerFriendlyName,
    ordersPerCartGroup,
    subscriptionsPerOrderLine,
    requestIdsUsedAfterAnAnswer,
  } = await shop.tell('GET', '/invariants')
  assert.deepEqual(
    [ordersPerFriendlyName, ordersPerCartGroup, subscriptionsPerOrderLine, requestIdsUsedAfterAnAnswer],
    [1, 1, 1, 0],
  )
})
