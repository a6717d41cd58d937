// A subscription's way to the vendor, against the emulator of Partner Center: from an executed order to the vendor's record, the invoice
// in advance, the cancellation and its credit invoice; with lost answers, a busy vendor and a price above the quote.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { partnerCenter } from '#connectors/partner-center'
import { saveSyncOptions } from '#flows/accounts/save-sync-options.ts'
import { synchronizeWithConnector } from '#flows/accounts/synchronize-account.ts'
import type { App } from '#flows/app.ts'
import { activateInstance } from '#flows/catalogue/activate-instance.ts'
import { saveInstance } from '#flows/catalogue/save-instance.ts'
import { testConnection } from '#flows/catalogue/test-connection.ts'
import { allJobs } from '#flows/jobs.ts'
import { provisionSubscription } from '#flows/provisioning/provision-subscription.ts'
import {
  cancelSubscription,
  previewRefund,
  undoSubscriptionCancellation,
} from '#flows/subscriptions/cancel-subscription.ts'
import { dropSubscription, retrySubscription } from '#flows/subscriptions/repair-subscription.ts'
import { setAutoRenew } from '#flows/subscriptions/set-auto-renew.ts'
import type { AccountId, InstanceId, SubscriptionId } from '#kernel/ids.ts'
import { moneyText } from '#kernel/money.ts'
import { listCharges, loadSubscription } from '#modules/subscriptions'
import { system } from '#modules/users'
import { reading, sellerScope, transaction } from '#platform/db.ts'
import { enqueue, workToRest } from '#platform/jobs.ts'
import { viewSubscription } from '#views/subscriptions/view-subscription.ts'
import { insertSoftwareOrder } from '../support/software-order.ts'
import { startEmulator, startWorld, type World } from '../support/world.ts'

let world: World
let emulator: Awaited<ReturnType<typeof startEmulator<{ service: Record<string, string>; control: string }>>>
let app: App
let instanceId: InstanceId
let customerId: AccountId
let resellerId: AccountId
const maker = system('test')

const tell = async (method: string, where: string, body?: object): Promise<any> => {
  const answer = await fetch(`${emulator.addresses.control}${where}`, {
    method,
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  return answer.json()
}
const run = () => workToRest(app, world.app.db, allJobs, app.now)
/** Runs what is due, lets time pass and runs again, until the subscription has settled one way or the other. */
async function settle(id: SubscriptionId): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) {
    await run()
    const { state, provisioning } = await load(id)
    if (state !== 'ordered' || provisioning === 'failed') return void (await run())
    world.advance({ seconds: 70 })
  }
}
async function settleCancellation(id: SubscriptionId): Promise<void> {
  for (let turn = 0; turn < 10 && (await load(id)).state === 'active'; turn += 1) {
    await run()
    world.advance({ seconds: 30 })
  }
}
const load = (id: SubscriptionId) => reading(app.db, sellerScope, (sql) => loadSubscription(sql, id))

before(async () => {
  world = await startWorld()
  emulator = await startEmulator('partner-center', {
    PC_PORT: '0',
    PC_CONTROL_PORT: '0',
    PC_DATA: `${world.config.dataDir}/pc`,
  })
  await tell('POST', '/settings', { provisioningSeconds: 0 })
  app = {
    ...world.app,
    connectors: [
      ...world.app.connectors,
      partnerCenter({ timeoutMs: world.config.vendorTimeoutMs, now: world.app.now }),
    ],
  }
  const access = await tell('GET', '/access')
  const instance = await saveInstance(app, maker, {
    id: undefined,
    connector: 'partner-center',
    keySource: 'vendor',
    systemName: 'Partner Center Europe',
    connection: {
      serviceUrl: emulator.addresses.service['commerce'] ?? '',
      resourceApi: 'https://api.partnercenter.microsoft.com',
      authorityUrl: emulator.addresses.service['login'] ?? '',
      tenant: access.tenantId,
      channelId: '',
      clientId: access.clientId,
    },
    more: {
      pricingUrl: emulator.addresses.service['pricing'] ?? '',
      pricingAudience: 'https://api.partner.microsoft.com',
      costTolerancePercent: '1',
    },
    secrets: { clientSecret: access.clientSecret, refreshToken: access.refreshToken },
    market: { country: 'DE', language: 'en-US', currency: 'EUR' },
  })
  instanceId = instance.id
  await activateInstance(app, maker, { instanceId })
  const find = async (name: string) =>
    (
      await reading(
        app.db,
        sellerScope,
        (sql) => sql.one<{ id: AccountId }>`select id from account where name = ${name}`,
      )
    ).id
  customerId = await find('Birchlane Architekten GmbH')
  resellerId = await find('Brightside IT GmbH')
})
after(async () => {
  emulator?.process.kill('SIGKILL')
  await world?.close()
})

/** An executed order of one software line, on its way to the vendor. */
async function order(given: {
  sku: string
  term: string
  billingPlan: 'annual' | 'monthly' | 'triennial' | 'one_time'
  quantity: number
  retail: string
  cost: string
}): Promise<SubscriptionId> {
  const id = await insertSoftwareOrder(app, {
    ...given,
    instanceId,
    billingToId: resellerId,
    endCustomerId: customerId,
  })
  await transaction(app.db, sellerScope, (tx) => enqueue(tx, provisionSubscription, [{ subscriptionId: id }]))
  return id
}

const annual = { sku: 'DG7GMGF0EM01:0001', term: 'P1Y', billingPlan: 'annual' as const }
/** So high that no cart is above it. */
const generous = { retail: '1260.00', cost: '1200.00' }

const invoicesOf = async (id: SubscriptionId) =>
  reading(
    app.db,
    sellerScope,
    (sql) =>
      sql.many<{ kind: string; number: string; net: string; period: string }>`
      select invoice.kind, invoice.number, line.net_minor::text as net,
        coalesce(line.period_starts_on::text || '/' || line.period_ends_on::text, '') as period
      from subscription_charge charge join invoice_line line on line.charge_id = charge.id join invoice on invoice.id = line.invoice_id
      where charge.subscription_id = ${id} order by invoice.issued_at, line.kind desc, line.position`,
  )

test('the connection is tried on every address', async () => {
  assert.deepEqual(await testConnection(app, maker, { instanceId }), { ok: true })
})

test('an account is made known: reseller by its PartnerId, customer with its own tenant and the agreement', async () => {
  const sync = async (accountId: AccountId, values: Record<string, string>) => {
    await saveSyncOptions(app, maker, { accountId, connector: 'partner-center', values })
    await synchronizeWithConnector(app, maker, { accountId, connector: 'partner-center' })
    await run()
    return reading(
      app.db,
      sellerScope,
      (sql) => sql.one<{ state: string; reason: string | null; vendorAccountId: string | null }>`
        select state, reason, vendor_account_id from sync_status where account_id = ${accountId} and instance_id = ${instanceId}`,
    )
  }
  const unknown = await sync(resellerId, {
    partnerId: '6098765',
    domain: 'brightside-it.onmicrosoft.com',
    agreement: '2026-11-20',
  })
  assert.equal(unknown.state, 'failed')
  assert.match(unknown.reason ?? '', /not our indirect reseller/)
  const reseller = await sync(resellerId, { partnerId: '6012345' })
  assert.equal(reseller.state, 'synchronized')
  const taken = await sync(customerId, { domain: 'steinbrook.onmicrosoft.com', agreement: '2026-11-20' })
  assert.equal(taken.state, 'failed')
  assert.match(taken.reason ?? '', /has not accepted us as its reseller/)
  const customer = await sync(customerId, { domain: 'birchlane-emporion.onmicrosoft.com' })
  assert.equal(customer.state, 'synchronized', customer.reason ?? '')
  assert.match(customer.vendorAccountId ?? '', /^[0-9a-f-]{36}$/)
  const again = await sync(customerId, {})
  assert.equal(again.vendorAccountId, customer.vendorAccountId)
})

test('one order at the vendor, one active record, one invoice in advance for the whole year', async () => {
  const id = await order({ ...annual, ...generous, quantity: 4 })
  await settle(id)
  const record = await load(id)
  assert.equal(record.state, 'active', record.failureReason ?? '')
  assert.equal(record.provisioning, 'synchronized')
  assert.equal(moneyText(record.net), '5040.00')
  assert.equal(record.endsOn?.toString(), record.startsOn?.add({ years: 1 }).subtract({ days: 1 }).toString())
  const [invoice, ...others] = await invoicesOf(id)
  assert.deepEqual(others, [])
  assert.equal(invoice?.net, '504000')
  assert.equal(invoice?.period, `${record.startsOn}/${record.endsOn}`)
  const { ordersPerFriendlyName } = await tell('GET', '/invariants')
  assert.equal(ordersPerFriendlyName, 1)
})

test('lost answers of cart and checkout make no second order', async () => {
  await tell('POST', '/faults', { kind: 'lose-answer', call: 'create-cart', times: 1 })
  await tell('POST', '/faults', { kind: 'lose-answer', call: 'checkout', times: 1 })
  await tell('POST', '/faults', { kind: 'throttle', call: 'get-order', times: 1, seconds: 1 })
  const id = await order({ ...annual, ...generous, quantity: 1 })
  await settle(id)
  const record = await load(id)
  assert.equal(record.state, 'active', record.failureReason ?? '')
  const orders = (await tell('GET', '/orders')) as { lines: { friendlyName: string }[] }[]
  const ours = orders.filter((each) => each.lines.some((line) => line.friendlyName === record.number))
  assert.equal(ours.length, 1)
  const invariants = await tell('GET', '/invariants')
  assert.equal(invariants.requestIdsUsedAfterAnAnswer, 0)
})

test('a vendor’s price above the quote stops the line for a decision; going on needs a word', async () => {
  const id = await order({ ...annual, retail: '12.00', cost: '10.00', quantity: 1 })
  await settle(id)
  const stopped = await load(id)
  assert.deepEqual([stopped.state, stopped.failureCode], ['ordered', 'price/vendor-above-quote'])
  const manager = await world.staff()
  await assert.rejects(retrySubscription(app, manager, { subscriptionId: id }), {
    code: 'subscription/cost-not-accepted',
  })
  await retrySubscription(app, manager, { subscriptionId: id, acceptsCost: true })
  await settle(id)
  assert.equal((await load(id)).state, 'active')
})

test('what can never be ordered is dropped with a reason, and nothing is charged', async () => {
  const id = await order({ ...annual, retail: '12.00', cost: '10.00', quantity: 1 })
  await settle(id)
  const manager = await world.staff()
  await dropSubscription(app, manager, { subscriptionId: id, reason: 'The customer changed its mind' })
  await run()
  const { state, number } = await load(id)
  assert.equal(state, 'dropped')
  assert.deepEqual(await invoicesOf(id), [])
  const [mail, ...more] = await world.mails(`${number} wird nicht geliefert`)
  assert.deepEqual(more, [])
  assert.match(mail?.text ?? '', /The customer changed its mind/)
  assert.doesNotMatch(mail?.text ?? '', /tritt die Bestellung/)
})

test('while the vendor may have an order of it, it is not dropped; tried again, the order is found', async () => {
  await tell('POST', '/faults', { kind: 'lose-answer', call: 'checkout', times: 5 })
  const id = await order({ ...annual, ...generous, quantity: 1 })
  await settle(id)
  const lost = await load(id)
  assert.deepEqual([lost.state, lost.provisioning, lost.failureCode], ['ordered', 'failed', 'vendor/away'])
  assert.equal(lost.vendor.orderId, undefined)
  const manager = await world.staff()
  await assert.rejects(dropSubscription(app, manager, { subscriptionId: id, reason: 'Not needed' }), {
    code: 'subscription/outcome-unknown',
  })
  assert.equal((await load(id)).state, 'ordered')
  await retrySubscription(app, manager, { subscriptionId: id })
  await settle(id)
  assert.equal((await load(id)).state, 'active')
  const orders = (await tell('GET', '/orders')) as { lines: { friendlyName: string }[] }[]
  const ours = orders.filter((each) => each.lines.some((line) => line.friendlyName === lost.number))
  assert.equal(ours.length, 1)
})

test('a cancellation can be taken back until the vendor is asked, and one that was made again is asked in its own time', async () => {
  const id = await order({ ...annual, ...generous, quantity: 1 })
  await settle(id)
  const manager = await world.staff()
  const cancel = () => cancelSubscription(app, manager, { subscriptionId: id, undoSeconds: 30 })
  const undo = () => undoSubscriptionCancellation(app, manager, { subscriptionId: id })
  const mayUndo = async () =>
    (await viewSubscription(app.db, manager, { id, now: app.now() })).may.undoCancellation
  await assert.rejects(undo(), { code: 'subscription/cancellation-not-undoable' })
  await cancel()
  world.advance({ seconds: 29 })
  await run()
  assert.equal(await mayUndo(), true)
  await undo()
  assert.equal((await load(id)).cancelRequestedAt, undefined)
  await cancel()
  world.advance({ seconds: 2 })
  await run()
  assert.equal(await mayUndo(), true, 'the first wish was over, and the second has 28 seconds left')
  world.advance({ seconds: 29 })
  await run()
  await assert.rejects(undo(), { code: 'subscription/cancellation-not-undoable' })
  await settleCancellation(id)
  assert.equal((await load(id)).state, 'cancelled')
  assert.equal(await mayUndo(), false)
  // 1 × 1260.00, given back in full.
  assert.deepEqual(
    (await invoicesOf(id)).map(({ kind, net }) => [kind, net]),
    [
      ['invoice', '126000'],
      ['credit', '-126000'],
    ],
  )
})

test('auto-renew is switched at the vendor and back', async () => {
  const id = await order({ ...annual, ...generous, quantity: 1 })
  await settle(id)
  const manager = await world.staff()
  await setAutoRenew(app, manager, { subscriptionId: id, autoRenew: false })
  await run()
  const off = await load(id)
  assert.deepEqual([off.autoRenew, off.vendorAutoRenew], [false, false])
  await setAutoRenew(app, manager, { subscriptionId: id, autoRenew: true })
  await run()
  assert.equal((await load(id)).vendorAutoRenew, true)
})

test('cancelled in the first hours: everything comes back, once however often it is asked', async () => {
  const id = await order({ ...annual, ...generous, quantity: 2 })
  await settle(id)
  const manager = await world.staff()
  const preview = await previewRefund(app, manager, { subscriptionId: id })
  assert.equal(moneyText(preview.refund), '2520.00')
  await Promise.all(
    [1, 2, 3].map(() => cancelSubscription(app, manager, { subscriptionId: id, comment: 'Bought twice' })),
  )
  await tell('POST', '/faults', { kind: 'lose-answer', call: 'patch-subscription', times: 1 })
  for (let turn = 0; turn < 5; turn += 1) {
    // A run that fails is taken up again, as the queue does by itself.
    await run().catch(() =>
      world.app.db.pool.unsafe(
        `update pgboss.job set state = 'retry', start_after = now() where state = 'active'`,
      ),
    )
    world.advance({ seconds: 30 })
  }
  const record = await load(id)
  assert.equal(record.state, 'cancelled')
  const invoices = await invoicesOf(id)
  assert.deepEqual(
    invoices.map(({ kind, net }) => [kind, net]),
    [
      ['invoice', '252000'],
      ['credit', '-252000'],
    ],
  )
})

test('a three-year plan billed yearly is charged in three parts; the later ones are waived when it is cancelled', async () => {
  const id = await order({
    sku: 'DG7GMGF0EM01:0002',
    term: 'P3Y',
    billingPlan: 'annual',
    retail: '4000.00',
    cost: '3900.00',
    quantity: 1,
  })
  await settle(id)
  const record = await load(id)
  assert.equal(record.state, 'active', record.failureReason ?? '')
  const charges = await reading(app.db, sellerScope, (sql) => listCharges(sql, id))
  assert.deepEqual(
    charges.map(({ net }) => moneyText(net)),
    ['1333.34', '1333.33', '1333.33'],
  )
  assert.equal((await invoicesOf(id)).length, 1)
  await cancelSubscription(app, await world.staff(), { subscriptionId: id })
  await run()
  const after = await reading(app.db, sellerScope, (sql) => listCharges(sql, id))
  assert.deepEqual(
    after.map(({ invoiceId, waivedAt }) => [invoiceId !== undefined, waivedAt !== undefined]),
    [
      [true, false],
      [false, true],
      [false, true],
    ],
  )
})

test('an account the vendor does not know: nothing is ordered, it says so, and Retry asks for what is missing', async () => {
  const { id: strangerId } = await reading(
    app.db,
    sellerScope,
    (sql) =>
      sql.one<{
        id: AccountId
      }>`select id from account where parent_id = ${resellerId} and id <> ${customerId} limit 1`,
  )
  const id = await insertSoftwareOrder(app, {
    ...annual,
    ...generous,
    quantity: 1,
    instanceId,
    billingToId: resellerId,
    endCustomerId: strangerId,
  })
  await transaction(app.db, sellerScope, (tx) => enqueue(tx, provisionSubscription, [{ subscriptionId: id }]))
  await run()
  const waiting = await load(id)
  assert.deepEqual([waiting.state, waiting.failureCode], ['ordered', 'account/not-synchronized'])
  assert.match(
    waiting.failureReason ?? '',
    /^Partner Center Europe does not know .+ Nothing has been ordered\./,
  )
  const manager = await world.staff()
  await assert.rejects(retrySubscription(app, manager, { subscriptionId: id }), {
    code: 'order/not-synchronized',
    message:
      /Not tried again\. First complete: .+ \(Microsoft Partner Center: Microsoft Customer Agreement\)\./,
  })
  assert.equal((await load(id)).provisioning, 'failed')
  // With the consent on record Retry makes the account known first, then orders.
  await saveSyncOptions(app, maker, {
    accountId: strangerId,
    connector: 'partner-center',
    values: { domain: 'stranger-emporion.onmicrosoft.com', agreement: '2026-11-20' },
  })
  await retrySubscription(app, manager, { subscriptionId: id })
  await settle(id)
  const record = await load(id)
  assert.equal(record.state, 'active', record.failureReason ?? '')
  const orders = (await tell('GET', '/orders')) as { lines: { friendlyName: string }[] }[]
  assert.equal(
    orders.filter((each) => each.lines.some((line) => line.friendlyName === record.number)).length,
    1,
  )
})

test('where the window ends within minutes, the vendor is asked at once', async () => {
  const id = await order({ ...annual, ...generous, quantity: 1 })
  await settle(id)
  const manager = await world.staff()
  const { window } = await previewRefund(app, manager, { subscriptionId: id })
  assert.ok(window)
  world.advance(app.now().until(window.until.subtract({ minutes: 9 })))
  await cancelSubscription(app, manager, { subscriptionId: id, undoSeconds: 30 })
  await run()
  await assert.rejects(undoSubscriptionCancellation(app, manager, { subscriptionId: id }), {
    code: 'subscription/cancellation-not-undoable',
  })
})
