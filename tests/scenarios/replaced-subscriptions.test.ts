// A subscription that could not be provisioned is replaced by an order of another product, as a licence is: priced anew, executed at once,
// and the first one is never charged. Against the emulators of both vendors; amounts are worked out by hand.
//
// What fails costs 12.00 for one and was quoted at a cost of 10.00, which the vendor asks more than. In its place: Office Suite for good,
// 1,260.05 at a cost of 1,200.00; Server User CAL for three years, 3,800.00, which is below its cost of 3,900.00; an ESD licence of 629.00.
// VAT is 19 %.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { changeAccount } from '#flows/accounts/change-account.ts'
import { saveSyncOptions } from '#flows/accounts/save-sync-options.ts'
import { synchronizeWithConnector } from '#flows/accounts/synchronize-account.ts'
import { executeOrder } from '#flows/ordering/execute-order.ts'
import { placeOnBehalf } from '#flows/ordering/place-on-behalf.ts'
import { replaceLicence, replaceSubscription } from '#flows/ordering/replace-failed.ts'
import { dropSubscription, retrySubscription } from '#flows/subscriptions/repair-subscription.ts'
import { createApiKey } from '#flows/users/api-keys.ts'
import type { Refusal } from '#kernel/failure.ts'
import type { OrderId, PlanId, SubscriptionId } from '#kernel/ids.ts'
import { loadAccount, loadCreditUse } from '#modules/accounts'
import { listAssetsOfOrder } from '#modules/assets'
import { listSubscriptionsOfOrder, type Subscription } from '#modules/subscriptions'
import type { Portal, Staff } from '#modules/users'
import { reading, type Sql, sellerScope } from '#platform/db.ts'
import { viewOrder } from '#views/orders/view-order.ts'
import { viewSubscription } from '#views/subscriptions/view-subscription.ts'
import { type Client, openClient } from '../support/api.ts'
import { openSoftwareWorld, type SoftwareWorld } from '../support/software-world.ts'

const cheap = {
  sku: 'DG7GMGF0EM01:0001',
  term: 'P1Y',
  billingPlan: 'annual' as const,
  retail: '12.00',
  cost: '10.00',
}
const forGood = {
  sku: 'DG7GMGF0EM20:0001',
  term: 'OneTime',
  billingPlan: 'one_time' as const,
  retail: '1260.05',
  cost: '1200.00',
}
const threeYears = {
  sku: 'DG7GMGF0EM01:0002',
  term: 'P3Y',
  billingPlan: 'annual' as const,
  retail: '3800.00',
  cost: '3900.00',
}
const skuOf = ({ sku, term, billingPlan }: typeof cheap | typeof forGood | typeof threeYears) =>
  `${sku}:commercial:${term}:${billingPlan}`

let shop: SoftwareWorld
let client: Client
let manager: Staff
let administrator: Staff
let ada: Portal

before(async () => {
  shop = await openSoftwareWorld(Temporal.Now.instant().toString())
  manager = await shop.world.staff()
  administrator = await shop.world.staff('admin@nordlicht.example')
  ada = await shop.world.portal('ada@brightside.example')
  client = await openClient(shop.app)
  await shop.sheet([forGood, threeYears].map((plan) => ({ ...plan, sku: skuOf(plan) })))
  // Their plans come to be with what is bought of them.
  for (const plan of [forGood, { ...threeYears, cost: '3700.00' }])
    assert.equal((await shop.bought({ ...plan, quantity: 1 })).state, 'active')
})
after(async () => {
  await client?.close()
  await shop?.close()
})

const read = <Result>(work: (sql: Sql) => Promise<Result>) => reading(shop.app.db, sellerScope, work)
const planOf = async (sku: string) =>
  (await read((sql) => sql.one<{ id: PlanId }>`select id from plan where sku = ${sku} and country = 'DE'`)).id
const invoicesOf = (orderId: OrderId) =>
  read(async (sql) =>
    (
      await sql.many<{ kind: string; netMinor: bigint; taxMinor: bigint; lines: number }>`
        select kind, net_minor, tax_minor, (select count(*)::int from invoice_line where invoice_id = invoice.id) as lines
        from invoice where order_id = ${orderId} and state = 'issued' order by issued_at, number`
    ).map(({ kind, netMinor, taxMinor, lines }) => [kind, netMinor, taxMinor, lines]),
  )
const chargesOf = async (id: SubscriptionId) =>
  (
    await read(
      (sql) =>
        sql.one<{
          count: number
        }>`select count(*)::int from subscription_charge where subscription_id = ${id}`,
    )
  ).count
const uninvoiced = async () =>
  (await read(async (sql) => loadCreditUse(sql, await loadAccount(sql, shop.resellerId)))).uninvoicedOrders
    .amountMinor
const vendorOrdersOf = async (number: string) =>
  ((await shop.tell('GET', '/orders')) as { lines: { friendlyName: string }[] }[]).filter(({ lines }) =>
    lines.some(({ friendlyName }) => friendlyName.startsWith(number)),
  ).length
const texts = async (actor: Staff | Portal, id: OrderId) =>
  (await viewOrder(shop.app.db, actor, { id })).timeline.map(({ text }) => text)

async function settle() {
  for (let turn = 0; turn < 4; turn += 1) {
    await shop.run()
    await shop.until(shop.app.now().add({ seconds: 70 }).toString())
  }
}

async function failedOne(quantity: number): Promise<Subscription> {
  const failed = await shop.bought({ ...cheap, quantity })
  assert.deepEqual([failed.state, failed.failureCode], ['ordered', 'price/vendor-above-quote'])
  return failed
}

test('replaced by another plan: what fails is never charged, what takes its place is, to the cent', async () => {
  const failed = await failedOne(4)
  const delivered = await shop.order({ ...forGood, quantity: 1, besides: failed.id })
  await settle()
  assert.equal((await shop.load(delivered)).state, 'active')
  // What was delivered beside it: 1,260.05, of which 19 % are 239.41. The failed one, 4 × 12.00, still uses credit.
  assert.deepEqual(await invoicesOf(failed.orderId), [['invoice', 126_005n, 23_941n, 1]])
  assert.equal((await viewOrder(shop.app.db, manager, { id: failed.orderId })).progress, 'partly delivered')
  const before = await uninvoiced()

  const replacing = {
    subscriptionId: failed.id,
    planId: await planOf(skuOf(forGood)),
    reason: 'The vendor has raised its price.',
  }
  await assert.rejects(replaceSubscription(shop.app, manager, replacing), (error: Refusal) => {
    assert.equal(error.code, 'order/replacement-price')
    // 4 × 12.00 and 4 × 1,260.05
    assert.deepEqual(error.details, { before: '48.00 EUR', now: '5040.20 EUR', agreedNet: '5040.20' })
    assert.match(error.message, /a difference of 4992\.20 EUR/)
    return true
  })
  assert.equal((await shop.load(failed.id)).state, 'ordered', 'nothing happened without consent')
  assert.equal(await uninvoiced(), before)

  const agreed = { ...replacing, agreedNet: '5040.20' }
  const made = await Promise.all(
    [manager, administrator, manager].map((who) => replaceSubscription(shop.app, who, agreed)),
  )
  assert.equal(new Set(made.map(({ id }) => id)).size, 1)
  const [order] = made
  assert.ok(order)
  assert.deepEqual(
    [order.billingToId, order.endCustomerId, order.net.amountMinor, order.tax.amountMinor],
    // 19 % of 5,040.20 is 957.638.
    [shop.resellerId, shop.customerId, 504_020n, 95_764n],
  )
  await settle()

  const dropped = await shop.load(failed.id)
  assert.deepEqual([dropped.state, dropped.replacedByOrderId], ['dropped', order.id])
  const [taking] = await read((sql) => listSubscriptionsOfOrder(sql, order.id))
  assert.deepEqual([taking?.state, taking?.kind, taking?.quantity], ['active', 'perpetual', 4])
  assert.deepEqual(await invoicesOf(order.id), [['invoice', 504_020n, 95_764n, 1]])
  assert.deepEqual(await invoicesOf(failed.orderId), [['invoice', 126_005n, 23_941n, 1]])
  assert.equal(await chargesOf(failed.id), 0)
  assert.equal(await uninvoiced(), before - 4_800n)
  assert.equal(await vendorOrdersOf(failed.number), 0)
  const first = await viewOrder(shop.app.db, manager, { id: failed.orderId })
  assert.equal(first.progress, 'delivered')
  assert.deepEqual(
    first.items.find(({ subscription }) => subscription?.id === failed.id)?.subscription?.replacedBy,
    {
      id: order.id,
      number: order.number,
    },
  )

  for (const text of [
    `${failed.number}: dropped. The vendor has raised its price.`,
    `${failed.number}: order ${order.number} takes its place.`,
  ])
    assert.ok((await texts(manager, failed.orderId)).includes(text), text)
  const told = await texts(ada, failed.orderId)
  assert.ok(told.includes('Part of this order could not be delivered yet. We are looking into it.'))
  assert.deepEqual(
    told.filter((text) => text.includes('cost')),
    [],
    'what the vendor asks is not for buyers',
  )
  assert.ok(
    (await texts(manager, order.id)).includes(
      `Takes the place of ${failed.number} of order ${first.order.number}.`,
    ),
  )
  const mails = await shop.world.mails(`${failed.number} wird nicht geliefert`)
  assert.equal(mails.length, 1)
  assert.match(mails[0]!.text, /The vendor has raised its price\./)
  assert.match(mails[0]!.text, new RegExp(`An seine Stelle tritt die Bestellung ${order.number}\\.`))

  await assert.rejects(
    retrySubscription(shop.app, manager, { subscriptionId: failed.id, acceptsCost: true }),
    {
      code: 'state/illegal-move',
    },
  )
  await assert.rejects(
    dropSubscription(shop.app, administrator, { subscriptionId: failed.id, reason: 'Mine.' }),
    {
      code: 'state/illegal-move',
      message: `${failed.number} is dropped already.`,
    },
  )

  // Who bought it sees what was done, and by which order; for everybody else there is neither.
  const seen = await viewSubscription(shop.app.db, ada, { id: failed.id, now: shop.app.now() })
  assert.deepEqual(seen.replacedBy, { id: order.id, number: order.number })
  assert.deepEqual(
    seen.amendments.map(({ kind, text }) => [kind, text]),
    [
      ['dropped', 'The vendor has raised its price.'],
      ['note', `Order ${order.number} takes its place.`],
    ],
  )
  assert.ok(
    (await texts(ada, failed.orderId)).includes(`${failed.number}: order ${order.number} takes its place.`),
  )
  const paul = await shop.world.portal('paul@lindner.example')
  await assert.rejects(viewSubscription(shop.app.db, paul, { id: failed.id, now: shop.app.now() }), {
    code: 'subscription/not-found',
  })
})

test('replaced by ESD licences: as many as were ordered, once the customer is known to their vendor', async () => {
  const failed = await failedOne(2)
  const replacing = {
    subscriptionId: failed.id,
    planId: await planOf('EP2-20655'),
    reason: 'You wanted it on your own machines.',
    // 2 × 629.00
    agreedNet: '1258.00',
  }
  await assert.rejects(replaceSubscription(shop.app, manager, replacing), { code: 'order/not-synchronized' })
  assert.equal((await shop.load(failed.id)).state, 'ordered', 'all of it, or nothing')
  const values = {
    email: 'vendor@nordlicht.example',
    role: 'User',
    keyDeliveryEmail: 'keys@birchlane.example',
  }
  for (const accountId of [shop.resellerId, shop.customerId]) {
    await saveSyncOptions(shop.app, manager, { accountId, connector: 'microsoft-esd', values })
    await synchronizeWithConnector(shop.app, manager, { accountId, connector: 'microsoft-esd' })
  }
  await settle()
  const order = await replaceSubscription(shop.app, manager, replacing)
  await settle()
  assert.deepEqual(
    (await read((sql) => listAssetsOfOrder(sql, order.id))).map(({ provisioning }) => provisioning),
    ['synchronized', 'synchronized'],
  )
  // 19 % of 1,258.00
  assert.deepEqual(await invoicesOf(order.id), [['invoice', 125_800n, 23_902n, 2]])
  assert.deepEqual(await invoicesOf(failed.orderId), [])

  // And the other way round: a licence that failed, replaced by software, three of it.
  await shop.world.esd('POST', '/products', {
    country: 'DE',
    sku: 'EP2-20753',
    name: 'Withdrawn',
    status: 'Discontinued',
  })
  const placed = await placeOnBehalf(shop.app, manager, {
    endCustomerId: shop.customerId,
    lines: [{ planId: await planOf('EP2-20753'), quantity: 1 }],
  })
  await executeOrder(shop.app, manager, { orderId: placed.id })
  await settle()
  const [licence] = await read((sql) => listAssetsOfOrder(sql, placed.id))
  assert.equal(licence?.provisioning, 'failed')
  const software = await replaceLicence(shop.app, manager, {
    assetId: licence!.id,
    planId: await planOf(skuOf(forGood)),
    quantity: 3,
    reason: 'It is no longer made.',
    agreedNet: '3780.15',
  })
  await settle()
  // 3 × 1,260.05, of which 19 % are 718.2285.
  assert.deepEqual(await invoicesOf(software.id), [['invoice', 378_015n, 71_823n, 1]])
  assert.deepEqual(await invoicesOf(placed.id), [])
})

test('two people at once: one replaces it or the other tries again, never both', async () => {
  const planId = await planOf(skuOf(forGood))
  for (let round = 0; round < 3; round += 1) {
    const failed = await failedOne(1)
    const replacing = { subscriptionId: failed.id, planId, reason: 'Not needed.', agreedNet: '1260.05' }
    const retrying = { subscriptionId: failed.id, acceptsCost: true }
    const both = [
      () => replaceSubscription(shop.app, manager, replacing),
      () => retrySubscription(shop.app, administrator, retrying),
    ]
    const outcomes = await Promise.allSettled((round % 2 === 0 ? both : both.reverse()).map((each) => each()))
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') assert.equal(outcome.reason.code, 'state/illegal-move')
    await settle()
    const after = await shop.load(failed.id)
    const isReplaced = after.state === 'dropped'
    if (!isReplaced) assert.equal(after.state, 'active')
    assert.equal(isReplaced, after.replacedByOrderId !== undefined)
    assert.equal(await vendorOrdersOf(failed.number), isReplaced ? 0 : 1)
    assert.deepEqual(await invoicesOf(failed.orderId), isReplaced ? [] : [['invoice', 1_200n, 228n, 1]])
    if (after.replacedByOrderId)
      assert.deepEqual(await invoicesOf(after.replacedByOrderId), [['invoice', 126_005n, 23_941n, 1]])
  }
})

test('while the vendor may have an order of it, it is not replaced, and what is there is not either', async () => {
  await shop.tell('POST', '/faults', { kind: 'lose-answer', call: 'checkout', times: 5 })
  const lost = await shop.bought({ ...forGood, quantity: 1 })
  assert.deepEqual([lost.provisioning, lost.failureCode], ['failed', 'vendor/away'])
  const replacing = {
    subscriptionId: lost.id,
    planId: await planOf('EP2-20655'),
    reason: 'Not needed.',
    agreedNet: '629.00',
  }
  const replace = () => replaceSubscription(shop.app, manager, replacing)
  await assert.rejects(replace(), { code: 'subscription/outcome-unknown' })
  await retrySubscription(shop.app, manager, { subscriptionId: lost.id })
  await assert.rejects(replace(), { code: 'state/illegal-move' })
  for (let turn = 0; turn < 20 && (await shop.load(lost.id)).state === 'ordered'; turn += 1) await settle()
  assert.equal((await shop.load(lost.id)).state, 'active')
  await assert.rejects(replace(), { code: 'state/illegal-move' })
  assert.equal(await vendorOrdersOf(lost.number), 1)
  assert.equal((await shop.load(lost.id)).replacedByOrderId, undefined)
})

test('below cost and over the credit limit it needs the approval every order on behalf needs', async () => {
  const failed = await failedOne(1)
  const dear = {
    subscriptionId: failed.id,
    planId: await planOf(skuOf(threeYears)),
    reason: 'Three years instead.',
    agreedNet: '3800.00',
  }
  const refusedFor = (who: Staff, pointer: string) =>
    assert.rejects(replaceSubscription(shop.app, who, dear), (error: Refusal) => {
      assert.equal(error.code, 'price/below-cost')
      assert.deepEqual(
        error.errors.map((fault) => fault.pointer),
        [pointer],
      )
      return true
    })
  await refusedFor(manager, '/planId')
  await refusedFor(administrator, '/belowCostReason')
  await assert.rejects(
    replaceSubscription(shop.app, manager, { ...dear, belowCostReason: 'A good customer.' }),
    { code: 'right/missing' },
  )
  for (const quantity of [0, 'three', 1.5])
    await assert.rejects(replaceSubscription(shop.app, manager, { ...dear, quantity }), (error: Refusal) => {
      assert.deepEqual(
        error.errors.map((fault) => fault.pointer),
        ['/quantity'],
      )
      return true
    })
  await assert.rejects(replaceSubscription(shop.app, manager, { ...dear, reason: ' ' }), {
    code: 'input/invalid',
  })

  await changeAccount(shop.app, administrator, {
    accountId: shop.resellerId,
    terms: { creditLimitMinor: 100n },
  })
  const approved = { ...dear, belowCostReason: 'A good customer.' }
  await assert.rejects(replaceSubscription(shop.app, administrator, approved), {
    code: 'order/over-credit-limit',
  })
  assert.equal((await shop.load(failed.id)).state, 'ordered')
  const order = await replaceSubscription(shop.app, administrator, {
    ...approved,
    overCreditReason: 'It pays on Friday.',
  })
  assert.deepEqual([order.state, order.net.amountMinor], ['executed', 380_000n])
  await changeAccount(shop.app, administrator, {
    accountId: shop.resellerId,
    terms: { creditLimitMinor: undefined },
  })
})

test('by the API: once with its Idempotency-Key, and for the seller only', async () => {
  const failed = await failedOne(1)
  const [key, portalKey] = await Promise.all(
    [manager, ada].map(async (who) => (await createApiKey(shop.app, who, { name: 'tests' })).token),
  )
  const path = `/subscriptions/${failed.id}/replace`
  const body = { planId: await planOf(skuOf(forGood)), quantity: 2, reason: 'Two for good.' }
  assert.equal((await client.ask('POST', path, { key: portalKey!, body })).status, 403)
  const refused = await client.ask('POST', path, { key: key!, body })
  assert.deepEqual(
    [refused.status, refused.body.code, refused.body.details.agreedNet],
    [422, 'order/replacement-price', '2520.10'],
  )
  const asking = { key: key!, body: { ...body, agreedNet: '2520.10' }, once: 'replace-it-once' }
  const [first, second] = [await client.ask('POST', path, asking), await client.ask('POST', path, asking)]
  assert.equal(first.status, 201, first.text)
  assert.deepEqual(second.body, first.body)
  await settle()
  for (const who of [key, portalKey]) {
    const { body: record } = await client.ask('GET', `/subscriptions/${failed.id}`, { key: who! })
    assert.deepEqual([record.state, record.replacedByOrderId], ['dropped', first.body.orderId])
  }
  // 2 × 1,260.05, of which 19 % are 478.819.
  assert.deepEqual(await invoicesOf(first.body.orderId), [['invoice', 252_010n, 47_882n, 1]])
})
