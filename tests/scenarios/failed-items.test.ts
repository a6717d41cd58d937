// What can be done about a licence that could not be delivered: skipped with a reason, replaced, and a cancellation taken back in time.
// Amounts are worked out by hand from the demonstration's prices: 629.00, 309.00 and 219.00, with 19 % VAT.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { saveSyncOptions } from '#flows/accounts/save-sync-options.ts'
import { addToBasket } from '#flows/ordering/add-to-basket.ts'
import { placeOrder } from '#flows/ordering/place-order.ts'
import { replaceLicence } from '#flows/ordering/replace-failed.ts'
import { cancelLicence, requestCancellation, undoCancellation } from '#flows/provisioning/cancel-licence.ts'
import { skipLicence } from '#flows/provisioning/give-up-licence.ts'
import { retryLicence } from '#flows/provisioning/retry-licence.ts'
import { changeProductType } from '#flows/setup/change-product-type.ts'
import type { AssetId, OrderId, PlanId } from '#kernel/ids.ts'
import { loadAccount, loadCreditUse } from '#modules/accounts'
import { type Asset, listAssetsOfOrder } from '#modules/assets'
import type { Portal, Staff } from '#modules/users'
import { reading, type Sql, sellerScope } from '#platform/db.ts'
import { viewOrder } from '#views/orders/view-order.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let paul: Portal
let manager: Staff
let administrator: Staff
before(async () => {
  world = await startWorld()
  paul = await world.portal('paul@lindner.example')
  manager = await world.staff()
  administrator = await world.staff('admin@nordlicht.example')
  await saveSyncOptions(world.app, manager, {
    accountId: paul.accountId,
    connector: 'microsoft-esd',
    values: { email: 'vendor@nordlicht.example', role: 'User', keyDeliveryEmail: 'keys@lindner.example' },
  })
})
after(() => world?.close())

const read = <Result>(work: (sql: Sql) => Promise<Result>) => reading(world.app.db, sellerScope, work)
const planOf = async (sku: string) =>
  (await read((sql) => sql.one<{ id: PlanId }>`select id from plan where sku = ${sku} and country = 'DE'`)).id
const assetsOf = (orderId: OrderId) => read((sql) => listAssetsOfOrder(sql, orderId))
const assetOf = async (orderId: OrderId, id: AssetId): Promise<Asset> => {
  const asset = (await assetsOf(orderId)).find((each) => each.id === id)
  assert.ok(asset)
  return asset
}
const invoicesOf = (orderId: OrderId) =>
  read(async (sql) =>
    (
      await sql.many<{ kind: string; netMinor: bigint; taxMinor: bigint; lines: number }>`
        select kind, net_minor, tax_minor, (select count(*)::int from invoice_line where invoice_id = invoice.id) as lines
        from invoice where order_id = ${orderId} and state = 'issued' order by issued_at, number`
    ).map(({ kind, netMinor, taxMinor, lines }) => [kind, netMinor, taxMinor, lines]),
  )
const usedBy = async ({ accountId }: Portal) => {
  const use = await read(async (sql) => loadCreditUse(sql, await loadAccount(sql, accountId)))
  return use.uninvoicedOrders.amountMinor
}
const progressOf = async (id: OrderId) => (await viewOrder(world.app.db, manager, { id })).progress

async function settle() {
  for (let n = 0; n < 6; n += 1) {
    await world.run()
    world.advance({ seconds: 5 })
  }
}

/** An order of Paul's with some licences that arrive, and some whose purchase the vendor refuses. */
async function orderWithFailures(good: number, failing: number) {
  if (good > 0) await addToBasket(world.app, paul, { planId: await planOf('EP2-20655'), quantity: good })
  const { basketId } = await addToBasket(world.app, paul, {
    planId: await planOf('EP2-20753'),
    quantity: failing,
  })
  await world.esd('POST', '/products', {
    country: 'DE',
    sku: 'EP2-20753',
    name: 'Withdrawn',
    status: 'Discontinued',
  })
  const [order] = await placeOrder(world.app, paul, { basketId })
  assert.ok(order)
  await settle()
  const failed = (await assetsOf(order.id)).filter(({ provisioning }) => provisioning === 'failed')
  assert.equal(failed.length, failing)
  return { order, failed }
}

test('five licences of which two fail: one is skipped, one is replaced, and the invoices hold what was delivered', async () => {
  const before = await usedBy(paul)
  const { order, failed } = await orderWithFailures(3, 2)
  const [first, second] = failed as [Asset, Asset]
  assert.equal(await progressOf(order.id), 'partly delivered')
  // 3 × 629.00 = 1,887.00; 19 % is 358.53. The two that failed, 2 × 309.00 with VAT = 735.42, still use credit.
  assert.deepEqual(await invoicesOf(order.id), [['invoice', 188_700n, 35_853n, 3]])
  assert.equal((await usedBy(paul)) - before, 73_542n)

  await assert.rejects(skipLicence(world.app, manager, { assetId: first.id, reason: ' ' }), {
    code: 'input/invalid',
  })
  const skip = { assetId: first.id, reason: 'The product is no longer made.' }
  await Promise.all([1, 2, 3].map(() => skipLicence(world.app, manager, skip)))
  await world.run()
  const skipped = await assetOf(order.id, first.id)
  assert.deepEqual(
    [skipped.state, skipped.provisioning, skipped.givenUpBecause, skipped.givenUpBy],
    ['cancelled', 'failed', 'The product is no longer made.', manager.name],
  )
  assert.equal((await usedBy(paul)) - before, 36_771n)
  await assert.rejects(skipLicence(world.app, administrator, { ...skip, reason: 'Mine.' }), {
    code: 'asset/given-up',
  })
  await assert.rejects(retryLicence(world.app, manager, { assetId: first.id }), {
    code: 'state/illegal-move',
  })

  const planId = await planOf('FQC-10572')
  const replacing = { assetId: second.id, planId, reason: 'You wanted the smaller one.' }
  await assert.rejects(
    replaceLicence(world.app, manager, replacing),
    (error: { code: string; details: unknown }) => {
      assert.equal(error.code, 'order/replacement-price')
      assert.deepEqual(error.details, { before: '309.00 EUR', now: '219.00 EUR', agreedNet: '219.00' })
      return true
    },
  )
  assert.equal((await assetOf(order.id, second.id)).state, 'active', 'nothing happened without consent')
  const agreed = { ...replacing, agreedNet: '219.00' }
  const made = await Promise.all([1, 2, 3].map(() => replaceLicence(world.app, manager, agreed)))
  assert.equal(new Set(made.map(({ id }) => id)).size, 1)
  const [replacement] = made
  assert.ok(replacement)
  await settle()
  assert.deepEqual(
    (await assetsOf(replacement.id)).map(({ provisioning, sku }) => [provisioning, sku]),
    [['synchronized', 'FQC-10572']],
  )
  // 219.00, 19 % is 41.61; the first order's invoice stays what it was.
  assert.deepEqual(await invoicesOf(replacement.id), [['invoice', 21_900n, 4_161n, 1]])
  assert.deepEqual(await invoicesOf(order.id), [['invoice', 188_700n, 35_853n, 3]])
  assert.equal(await progressOf(order.id), 'delivered')
  assert.equal((await assetOf(order.id, second.id)).replacedByOrderId, replacement.id)
  assert.equal(await usedBy(paul), before)

  const mails = (await world.mails('wird nicht geliefert')) as { subject: string }[]
  assert.deepEqual(mails.map(({ subject }) => subject).sort(), [
    `Lizenz ${first.number} wird nicht geliefert (Bestellung ${order.number})`,
    `Lizenz ${second.number} wird nicht geliefert (Bestellung ${order.number})`,
  ])
  const { timeline } = await viewOrder(world.app.db, manager, { id: order.id })
  const told = timeline.map((step) => JSON.stringify(step)).join('\n')
  assert.match(told, new RegExp(`${first.number}: given up\\. The product is no longer made\\.`))
  assert.match(told, new RegExp(`${second.number}: order ${replacement.number} takes its place\\.`))
})

test('two people at once: one gives it up or the other tries again, never both', async () => {
  const { order, failed } = await orderWithFailures(0, 2)
  for (const { id } of failed) {
    const outcomes = await Promise.allSettled([
      skipLicence(world.app, manager, { assetId: id, reason: 'Not needed.' }),
      retryLicence(world.app, administrator, { assetId: id }),
    ])
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
  }
  await settle()
  for (const asset of await assetsOf(order.id)) {
    assert.equal(asset.provisioning, 'failed')
    assert.equal(asset.state === 'cancelled', asset.givenUpBecause !== undefined)
  }
  assert.deepEqual(await invoicesOf(order.id), [])
})

test('while a key may exist at the vendor nothing is given up, and what has its key is not either', async () => {
  const planId = await planOf('FQC-10572')
  const { basketId } = await addToBasket(world.app, paul, { planId, quantity: 1 })
  await world.esd('POST', '/faults', { kind: 'error-500', operation: 'purchase', probability: 1 })
  const [order] = await placeOrder(world.app, paul, { basketId })
  assert.ok(order)
  await settle()
  await world.esd('DELETE', '/faults')
  const [asset] = await assetsOf(order.id)
  assert.equal(asset?.provisioning, 'failed')
  const skip = () => skipLicence(world.app, manager, { assetId: asset!.id, reason: 'Not needed.' })
  await assert.rejects(skip(), { code: 'asset/outcome-unknown' })
  await retryLicence(world.app, manager, { assetId: asset!.id })
  await assert.rejects(skip(), { code: 'state/illegal-move', message: /is being made/ })
  await settle()
  await assert.rejects(skip(), { code: 'state/illegal-move', message: /has its key/ })
})

test('a cancellation can be taken back until the vendor is asked', async () => {
  const { basketId } = await addToBasket(world.app, paul, { planId: await planOf('FQC-10572'), quantity: 1 })
  const [order] = await placeOrder(world.app, paul, { basketId })
  assert.ok(order)
  await world.run()
  const [{ id: assetId }] = (await assetsOf(order.id)) as [Asset]
  const returns = async () => ((await world.esd('GET', '/returns')) as unknown[]).length
  const asked = await returns()
  await cancelLicence(world.app, manager, { assetId, undoSeconds: 30 })
  world.advance({ seconds: 29 })
  await world.run()
  await undoCancellation(world.app, administrator, { assetId })
  await assert.rejects(undoCancellation(world.app, manager, { assetId }), {
    code: 'asset/cancellation-not-undoable',
  })
  world.advance({ seconds: 10 })
  await world.run()
  assert.equal(await returns(), asked, 'the vendor was not asked')
  assert.equal((await assetOf(order.id, assetId)).state, 'active')

  await cancelLicence(world.app, manager, { assetId, undoSeconds: 30 })
  world.advance({ seconds: 31 })
  await world.run()
  await assert.rejects(undoCancellation(world.app, manager, { assetId }), {
    code: 'asset/cancellation-not-undoable',
  })
  assert.equal((await assetOf(order.id, assetId)).state, 'cancelled')
  assert.deepEqual(await invoicesOf(order.id), [
    ['invoice', 21_900n, 4_161n, 1],
    ['credit', -21_900n, -4_161n, 1],
  ])
})

test('where cancellations execute by themselves, a customer’s wish goes to the vendor and is credited without anybody', async () => {
  await changeProductType(world.app, administrator, { kind: 'esd', change: { executesByItself: true } })
  const { basketId } = await addToBasket(world.app, paul, { planId: await planOf('FQC-10572'), quantity: 2 })
  const [order] = await placeOrder(world.app, paul, { basketId })
  assert.ok(order)
  await world.run()
  const [first, second] = (await assetsOf(order.id)) as [Asset, Asset]
  const wish = { assetId: first.id, comment: 'Ordered twice.' }
  const [request, again] = [
    await requestCancellation(world.app, paul, wish),
    await requestCancellation(world.app, paul, wish),
  ]
  assert.deepEqual([request.state, again.id, request.decidedBy], ['sent', request.id, undefined])
  await world.run()
  assert.equal((await assetOf(order.id, first.id)).state, 'cancelled')
  // 2 × 219.00 with 83.22 VAT; one of them is credited with 219.00 and 41.61.
  assert.deepEqual(await invoicesOf(order.id), [
    ['invoice', 43_800n, 8_322n, 2],
    ['credit', -21_900n, -4_161n, 1],
  ])

  // The vendor still decides: a redeemed key is refused, and nothing changes.
  await world.esd('POST', '/redeem', { transactionId: second.transactionId })
  await requestCancellation(world.app, paul, { assetId: second.id })
  await world.run()
  assert.equal((await assetOf(order.id, second.id)).state, 'active')
  assert.equal((await invoicesOf(order.id)).length, 2)
  await changeProductType(world.app, administrator, { kind: 'esd', change: { executesByItself: false } })
  const waiting = await requestCancellation(world.app, paul, { assetId: second.id })
  assert.equal(waiting.state, 'requested', 'now somebody of the seller decides')
})
