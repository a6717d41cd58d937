// What follows a term (product.md S9 to S11), against the emulator of Partner Center with every clock moved by hand. Server Standard, one
// year, bought on 1 March 2030: term 1 ends on 28 February 2031, term 2 runs from 1 March 2031 to 29 February 2032, which are 366 days.
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { billingRun } from '#flows/invoicing/billing-run.ts'
import { sumSales } from '#flows/invoicing/sum-sales.ts'
import { openSubscriptionVendor } from '#flows/provisioning/open-vendor.ts'
import { approveRenewal } from '#flows/subscriptions/approve-renewal.ts'
import { cancelSubscription, previewRefund } from '#flows/subscriptions/cancel-subscription.ts'
import { followSubscription, followSubscriptions } from '#flows/subscriptions/follow-subscription.ts'
import { sendRenewalNotices } from '#flows/subscriptions/renewal-notices.ts'
import { setAutoRenew } from '#flows/subscriptions/set-auto-renew.ts'
import { newId, type SubscriptionId } from '#kernel/ids.ts'
import { moneyText } from '#kernel/money.ts'
import { firstMonthSummed } from '#modules/invoicing'
import {
  deletePromotion,
  deleteVolumeDiscount,
  type FullExplanation,
  insertPromotion,
  insertVolumeDiscount,
  recompute,
} from '#modules/pricing'
import { listAmendments, listCharges } from '#modules/subscriptions'
import { reading, sellerScope, transaction } from '#platform/db.ts'
import { viewSales } from '#views/setup/sales.ts'
import { openSoftwareWorld, type SoftwareWorld } from '../support/software-world.ts'

const SKU = 'DG7GMGF0EM01:0001:commercial:P1Y:annual'
const yearly = {
  sku: 'DG7GMGF0EM01:0001',
  term: 'P1Y',
  billingPlan: 'annual' as const,
  retail: '1260.00',
  cost: '1200.00',
}
/** Until the end of February 2031 one licence costs 1260.00, from March on 1310.00, which costs us 1245.00. */
const rows = [
  { sku: SKU, retail: '1260.00', cost: '1200.00', validTo: '2031-02-28T23:59:59Z' },
  { sku: SKU, retail: '1310.00', cost: '1245.00', validFrom: '2031-03-01T00:00:00Z' },
]
let shop: SoftwareWorld
let year = 2030

before(async () => {
  shop = await openSoftwareWorld('2030-03-01T09:00:00Z')
})
after(() => shop?.close())

type Line = { kind: string; net: string; period: string; pricing: FullExplanation; number: string }
const lines = (id: SubscriptionId) =>
  reading(
    shop.app.db,
    sellerScope,
    (sql) =>
      sql.many<Line>`
      select invoice.kind, line.net_minor::text as net, line.period_starts_on || '/' || line.period_ends_on as period, line.pricing, invoice.number
      from subscription_charge charge join invoice_line line on line.charge_id = charge.id join invoice on invoice.id = line.invoice_id
      where charge.subscription_id = ${id} and invoice.state = 'issued' order by invoice.issued_at, invoice.id`,
  )
const mails = (id: SubscriptionId, code: string) =>
  reading(
    shop.app.db,
    sellerScope,
    (sql) => sql.many<{ to: string[]; variables: any }>`
      select to_addresses as to, variables from mail where subscription_id = ${id} and notification_code = ${code} order by id`,
  )
const history = async (id: SubscriptionId) =>
  (await reading(shop.app.db, sellerScope, (sql) => listAmendments(sql, id))).map(({ kind }) => kind)

test('a term is announced 30 and 7 days ahead, once each, with the price of that day', async () => {
  await shop.sheet(rows)
  const { id, endsOn, state, failureReason } = await shop.bought({ ...yearly, quantity: 4 })
  assert.equal(state, 'active', failureReason ?? '')
  assert.equal(endsOn?.toString(), '2031-02-28')
  const notices = async () => (await mails(id, 'subscription-renewal-notice')).map((each) => each.variables)
  await shop.until('2031-01-28T09:00:00Z')
  await shop.cron(sendRenewalNotices)
  assert.deepEqual(await notices(), [])
  await shop.until('2031-01-29T09:00:00Z')
  await shop.cron(sendRenewalNotices, sendRenewalNotices)
  // 4 × 1260.00
  assert.deepEqual(await notices(), [{ renewal: { price: { amount: '5040.00', currency: 'EUR' } } }])
  await shop.until('2031-02-20T09:00:00Z')
  await shop.cron(sendRenewalNotices)
  assert.equal((await notices()).length, 1)
  await shop.until('2031-02-21T09:00:00Z')
  await shop.cron(sendRenewalNotices, sendRenewalNotices)
  assert.equal((await notices()).length, 2)
})

test('the vendor’s new term is followed at the price of the sheet valid on its first day, and the billing run invoices it once', async () => {
  const id = await onlyActive()
  await shop.until('2031-02-28T23:30:00Z')
  await shop.cron(followSubscriptions)
  assert.equal((await shop.load(id)).termNumber, 1)
  await shop.until('2031-03-01T00:05:00Z')
  await shop.cron(followSubscriptions, followSubscriptions)
  const record = await shop.load(id)
  assert.deepEqual(
    [record.state, record.termNumber, record.startsOn?.toString(), record.endsOn?.toString()],
    ['active', 2, '2031-03-01', '2032-02-29'],
  )
  // 4 × 1310.00
  assert.equal(moneyText(record.net), '5240.00')
  assert.equal(record.startedAt?.toString(), '2031-03-01T00:00:00Z')
  assert.equal((await lines(id)).length, 1, 'the billing run has not come by')
  await shop.cron(billingRun, billingRun)
  const [first, second, ...more] = await lines(id)
  assert.deepEqual([first?.net, second?.net, more.length], ['504000', '524000', 0])
  assert.equal(second?.period, '2031-03-01/2032-02-29')
  assert.deepEqual(
    [second?.pricing.termNumber, recompute(second!.pricing).net, first?.pricing.termNumber],
    [2, '5240.00', 1],
  )
  assert.equal((await mails(id, 'subscription-renewed')).length, 1)
  assert.deepEqual(await history(id), ['activated', 'renewed'])
})

test('a renewal opens the window again: all of it on the first day, then the whole days that remain', async () => {
  const id = await onlyActive()
  const manager = await shop.world.staff()
  const preview = () => previewRefund(shop.app, manager, { subscriptionId: id })
  assert.equal(moneyText((await preview()).refund), '5240.00')
  await shop.until('2031-03-04T12:00:00Z')
  // From 5 March 2031 to 29 February 2032 are 362 days: 5240.00 × 362 / 366 = 5182.732…
  assert.deepEqual((await preview()).days, { remaining: 362, of: 366 })
  assert.equal(moneyText((await preview()).refund), '5182.73')
  await cancelSubscription(shop.app, manager, { subscriptionId: id })
  await shop.run()
  assert.equal((await shop.load(id)).state, 'cancelled')
  assert.deepEqual(
    (await lines(id)).map(({ kind, net }) => [kind, net]),
    [
      ['invoice', '504000'],
      ['invoice', '524000'],
      ['credit', '-518273'],
    ],
  )
})

test('the dashboard’s sales are what was invoiced less what was credited, month by month, with the cost each price was made from', async () => {
  await shop.cron(sumSales, sumSales)
  const from = firstMonthSummed(shop.app.now())
  assert.equal(from.toString(), '2030-03-01')
  const manager = await shop.world.staff()
  const sales = await viewSales(shop.app.db, manager, { now: shop.app.now() })
  const sold = sales.months.filter(({ net }) => net.amountMinor !== 0n)
  // March 2030: 4 × 1260.00, cost 4 × 1200.00. March 2031: 5240.00 less 5182.73 that came back; cost 4 × 1245.00 = 4980.00, of which the
  // credit takes 5182.73 × 4980 / 5240 = 4925.57.
  assert.deepEqual(
    sold.map(({ month, net, cost, margin, withoutCost }) => [
      month.toString(),
      ...[net, cost, margin, withoutCost].map((amount) => amount && moneyText(amount)),
    ]),
    [
      ['2030-03', '5040.00', '4800.00', '240.00', '0.00'],
      ['2031-03', '57.27', '54.43', '2.84', '0.00'],
    ],
  )
  assert.equal(sales.months.length, 13)
  assert.deepEqual(
    sales.payers.map(({ name, net }) => [name, moneyText(net)]),
    [['Brightside IT GmbH', '5097.27']],
  )
  // The first invoice fell due in 2030 and nobody paid it: 5040.00 with 19 % VAT. What the credit left of the second is due in April.
  assert.deepEqual(
    sales.aged.map(({ age, open, invoices }) => [age, moneyText(open), invoices]),
    [
      ['not due', '68.15', 1],
      ['1–30 days', '0.00', 0],
      ['31–60 days', '0.00', 0],
      ['61–90 days', '0.00', 0],
      ['over 90 days', '5997.60', 1],
    ],
  )
  const blind = { ...manager, rights: new Set([...manager.rights].filter((right) => right !== 'see-costs')) }
  const seen = await viewSales(shop.app.db, blind, { now: shop.app.now() })
  assert.deepEqual([seen.months[0]?.cost, seen.months[0]?.margin], [undefined, undefined])
})

/** Each of the following begins on 1 March of a year of its own. */
beforeEach(async (context) => {
  if (!/^\(/.test((context as { name: string }).name)) return
  year += 2
  await shop.until(`${year}-03-01T09:00:00Z`)
})
const lastDay = () =>
  Temporal.PlainDate.from(`${year + 1}-03-01`)
    .subtract({ days: 1 })
    .toString()
const sheetOf = (retail: string, cost: string) => shop.sheet([{ sku: SKU, retail, cost }])

test('(expiry) without automatic renewal it ends with its term; nothing is charged and the customer is told', async () => {
  await sheetOf('1260.00', '1200.00')
  const { id } = await shop.bought({ ...yearly, quantity: 1 })
  await setAutoRenew(shop.app, await shop.world.staff(), { subscriptionId: id, autoRenew: false })
  await shop.run()
  await shop.until(`${lastDay()}T12:00:00Z`)
  await shop.cron(sendRenewalNotices, followSubscriptions)
  const [notice, ...others] = await mails(id, 'subscription-renewal-notice')
  assert.deepEqual([notice?.variables, others.length], [{ renewal: { price: '' } }, 0])
  assert.equal((await shop.load(id)).state, 'active')
  await shop.until(`${year + 1}-03-01T01:00:00Z`)
  await shop.cron(followSubscriptions, followSubscriptions, billingRun)
  const record = await shop.load(id)
  assert.deepEqual([record.state, record.termNumber, record.vendorState], ['expired', 1, 'expired'])
  assert.equal((await lines(id)).length, 1)
  assert.equal((await mails(id, 'subscription-expired')).length, 1)
  assert.equal((await mails(id, 'subscription-failed')).length, 0)
  assert.deepEqual(await history(id), ['activated', 'auto-renew', 'expired'])
})

test('(no price) a renewal without a price waits, tells the seller once, and goes on by itself when a sheet has one', async () => {
  await sheetOf('1260.00', '1200.00')
  const { id } = await shop.bought({ ...yearly, quantity: 2 })
  await shop.sheet([])
  await shop.until(`${year + 1}-03-01T01:00:00Z`)
  await shop.cron(followSubscriptions, billingRun)
  await shop.until(`${year + 1}-03-01T02:00:00Z`)
  await shop.cron(followSubscriptions, billingRun)
  const held = await shop.load(id)
  assert.deepEqual([held.state, held.termNumber], ['active', 1])
  assert.match(
    held.renewalProblem ?? '',
    /^Prices cannot be calculated: there is no price of Server Standard in EUR/,
  )
  assert.equal((await mails(id, 'subscription-failed')).length, 1)
  assert.equal((await lines(id)).length, 1)
  // The sheet that comes speaks only of days after the term began: then the price of today holds.
  await shop.sheet([
    { sku: SKU, retail: '1300.50', cost: '1200.00', validFrom: `${year + 1}-03-01T02:30:00Z` },
  ])
  await shop.until(`${year + 1}-03-01T03:00:00Z`)
  await shop.cron(followSubscriptions, billingRun)
  const record = await shop.load(id)
  // 2 × 1300.50
  assert.deepEqual(
    [record.termNumber, record.renewalProblem, moneyText(record.net)],
    [2, undefined, '2601.00'],
  )
  assert.deepEqual(
    (await lines(id)).map(({ net }) => net),
    ['252000', '260100'],
  )
})

test('(rules) a recurring promotion holds at the renewal, a one-time one does not; below cost it waits for an approval', async () => {
  await sheetOf('1310.00', '1245.00')
  const administrator = await shop.world.staff('admin@nordlicht.example')
  const promotion = async (name: string, percent: string, kind: 'one-time' | 'recurring') => {
    const promotionId = newId<SubscriptionId>()
    await transaction(shop.app.db, sellerScope, (tx) =>
      insertPromotion(tx, {
        ...kept(),
        id: promotionId,
        name,
        discount: { kind: 'percent', percent },
        recurrence: { kind },
        scopes: [{ kind: 'all' }],
        terms: [],
        newCustomersOnly: false,
        prerequisiteProductId: undefined,
        isCombinable: false,
      }),
    )
    return promotionId
  }
  const { id } = await shop.bought({ ...yearly, quantity: 2 })
  const once = await promotion('Hello', '50', 'one-time')
  const always = await promotion('Faithful', '10', 'recurring')
  await shop.until(`${year + 1}-03-01T01:00:00Z`)
  await shop.cron(followSubscriptions)
  const held = await shop.load(id)
  // 1310.00 less 10 % is 1179.00, and costs us 1245.00.
  assert.equal(held.termNumber, 1)
  assert.match(held.renewalProblem ?? '', /cannot be sold at this price without an approval/)
  const manager = await shop.world.staff()
  await assert.rejects(approveRenewal(shop.app, manager, { subscriptionId: id, reason: 'Old customer' }), {
    code: 'right/missing',
  })
  await approveRenewal(shop.app, administrator, { subscriptionId: id, reason: 'Old customer' })
  await shop.run()
  const record = await shop.load(id)
  // 2 × 1310.00 = 2620.00; less 10 % 2358.00
  assert.deepEqual(
    [record.termNumber, moneyText(record.net), record.renewalProblem],
    [2, '2358.00', undefined],
  )
  await shop.cron(billingRun)
  const [, second] = await lines(id)
  assert.equal(second?.pricing.belowCost?.approvals[0]?.reason, 'Old customer')
  assert.equal(recompute(second!.pricing).net, '2358.00')
  for (const promotionId of [once, always])
    await transaction(shop.app.db, sellerScope, async (tx) => {
      await tx.run`delete from promotion_scope where promotion_id = ${promotionId}`
      await deletePromotion(tx, promotionId)
    })
})

/** What every rule has besides what it says. */
const kept = () => ({
  validFrom: Temporal.PlainDate.from(`${year}-01-01`),
  validTo: undefined,
  belowCost: undefined,
  version: 1,
  createdAt: shop.app.now(),
  updatedAt: shop.app.now(),
  updatedBy: 'test',
})

test('(volume) subscriptions of one order that renew together reach a tier together', async () => {
  await sheetOf('1320.00', '1200.00')
  const first = await shop.bought({ ...yearly, quantity: 6 })
  const second = await shop.bought({ ...yearly, quantity: 6, besides: first.id })
  assert.equal(second.orderId, first.orderId)
  const discountId = newId<SubscriptionId>()
  await transaction(shop.app.db, sellerScope, (tx) =>
    insertVolumeDiscount(tx, {
      ...kept(),
      id: discountId,
      name: 'From ten on',
      scope: { kind: 'all' },
      mode: 'continuous',
      tiers: [{ from: 10, discount: { kind: 'percent', percent: '5' } }],
    }),
  )
  await shop.until(`${year + 1}-03-01T01:00:00Z`)
  await shop.cron(followSubscriptions, billingRun)
  // 12 licences are at the tier: 6 × 1320.00 = 7920.00, less 5 % 7524.00 each.
  for (const { id } of [first, second])
    assert.deepEqual(
      (await lines(id)).map(({ net }) => net),
      ['756000', '752400'],
    )
  await transaction(shop.app.db, sellerScope, (tx) => deleteVolumeDiscount(tx, discountId))
})

test('(vendor) cancelled at the vendor: the record follows, nothing is credited by itself, the seller is told', async () => {
  await sheetOf('1310.00', '1245.00')
  const { id, vendor } = await shop.bought({ ...yearly, quantity: 1 })
  const { vendorAccountId } = await reading(
    shop.app.db,
    sellerScope,
    (sql) => sql.one<{ vendorAccountId: string }>`
      select vendor_account_id from sync_status where account_id = ${shop.customerId} and instance_id = ${shop.instanceId}`,
  )
  const partnerCenter = await openSubscriptionVendor(shop.app, shop.instanceId)
  const answer = await partnerCenter.cancel({
    callId: newId(),
    vendorAccountId,
    orderId: vendor.orderId ?? '',
    subscriptionId: vendor.subscriptionId,
    reference: '',
  })
  assert.equal(answer.outcome, 'done')
  await shop.cron(followSubscriptions)
  assert.equal((await shop.load(id)).state, 'active', 'asked once a day')
  await shop.until(`${year}-03-02T10:00:00Z`)
  await shop.cron(followSubscriptions, followSubscriptions)
  assert.deepEqual(
    [(await shop.load(id)).state, await history(id)],
    ['cancelled', ['activated', 'cancelled']],
  )
  assert.equal((await lines(id)).length, 1)
  assert.equal((await mails(id, 'subscription-failed')).length, 1)
})

test('(suspended) what the vendor suspends is told once and goes on when the vendor lets it', async () => {
  await sheetOf('1310.00', '1245.00')
  const { id } = await shop.bought({ ...yearly, quantity: 1 })
  /** The emulator suspends nobody: its answer is read as if it had. */
  const seenAs = async (state: 'suspended' | 'active') => {
    const connectors = shop.app.connectors.map((each) =>
      each.sells === 'subscriptions'
        ? {
            ...each,
            open: (...settings: Parameters<typeof each.open>) => {
              const vendor = each.open(...settings)
              return {
                ...vendor,
                readSubscription: async (asked: Parameters<typeof vendor.readSubscription>[0]) => ({
                  ...(await vendor.readSubscription(asked)),
                  state,
                }),
              }
            },
          }
        : each,
    )
    const meta = { id: 'test', retries: 0, isLastTry: false }
    await followSubscription.run({ ...shop.app, connectors }, { subscriptionId: id }, meta)
  }
  await seenAs('suspended')
  await seenAs('suspended')
  const suspended = await shop.load(id)
  assert.deepEqual([suspended.state, suspended.vendorState], ['active', 'suspended'])
  assert.equal((await mails(id, 'subscription-failed')).length, 1)
  await seenAs('active')
  assert.equal((await shop.load(id)).vendorState, 'active')
  assert.deepEqual(await history(id), ['activated', 'note', 'note'])
})

test('(asleep) a worker that slept through two ends follows term by term, each at its own price and on its own invoice', async () => {
  await shop.sheet([
    { sku: SKU, retail: '1260.00', cost: '1200.00', validTo: `${year + 1}-12-31T23:59:59Z` },
    { sku: SKU, retail: '1310.00', cost: '1245.00', validFrom: `${year + 2}-01-01T00:00:00Z` },
  ])
  const { id } = await shop.bought({ ...yearly, quantity: 1 })
  await shop.until(`${year + 2}-03-01T08:00:00Z`)
  for (let turn = 0; turn < 6; turn += 1) {
    await shop.cron(followSubscriptions, billingRun)
    await shop.until(shop.app.now().add({ minutes: 2 }).toString())
  }
  const record = await shop.load(id)
  assert.deepEqual([record.state, record.termNumber], ['active', 3])
  assert.deepEqual(
    (await lines(id)).map(({ net, pricing }) => [net, pricing.termNumber]),
    [
      ['126000', 1],
      ['126000', 2],
      ['131000', 3],
    ],
  )
  const charges = await reading(shop.app.db, sellerScope, (sql) => listCharges(sql, id))
  assert.deepEqual(
    charges.map(({ startsOn }) => startsOn.toString()),
    [`${year}-03-01`, `${year + 1}-03-01`, `${year + 2}-03-01`],
  )
  year += 1
})

/** The one of the first tests. */
async function onlyActive(): Promise<SubscriptionId> {
  const { id } = await reading(
    shop.app.db,
    sellerScope,
    (sql) => sql.one<{ id: SubscriptionId }>`select id from subscription where state = 'active'`,
  )
  return id
}
