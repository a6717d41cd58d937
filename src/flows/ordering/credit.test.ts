// The credit limit (product.md section 7): over it an order stays submitted until somebody approves or cancels it, two orders at once do
// not both slip under it, and a payment frees credit. One licence is 119.00 EUR, 141.61 with VAT.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { changeAccount } from '#flows/accounts/change-account.ts'
import { saveSyncOptions } from '#flows/accounts/save-sync-options.ts'
import { synchronizeWithConnector } from '#flows/accounts/synchronize-account.ts'
import { recordPayment, withdrawPayment } from '#flows/invoicing/record-payment.ts'
import { createUser } from '#flows/users/manage-users.ts'
import type { InvoiceId, OrderId } from '#kernel/ids.ts'
import { moneyText } from '#kernel/money.ts'
import { loadCreditUse } from '#modules/accounts'
import { reading, sellerScope } from '#platform/db.ts'
import { viewBalance } from '#views/accounts/view-balance.ts'
import { type Buyer, openShop, type Shop } from '../../../tests/support/fixtures.ts'
import { addToBasket } from './add-to-basket.ts'
import { assignItems } from './change-basket.ts'
import { cancelOrder, executeOrder } from './execute-order.ts'
import { placeOnBehalf } from './place-on-behalf.ts'
import { placeOrder } from './place-order.ts'

let shop: Shop
before(async () => {
  shop = await openShop()
  for (const { account } of [shop.direct, shop.north, shop.south]) await synchronized(account.id)
})
after(() => shop.close())

/** Known to the vendor, with all it asks for. */
async function synchronized(accountId: Buyer['account']['id']): Promise<void> {
  const pair = { accountId, connector: 'microsoft-esd' }
  const values = { keyDeliveryEmail: 'keys@buyer.example' }
  await saveSyncOptions(shop.app, shop.manager.actor, { ...pair, values })
  await synchronizeWithConnector(shop.app, shop.manager.actor, pair)
  await shop.run()
}

const limit = (buyer: Buyer, minor: bigint | undefined) =>
  changeAccount(shop.app, shop.administrator.actor, {
    accountId: buyer.account.id,
    terms: { creditLimitMinor: minor },
  })

const useOf = ({ account }: Buyer) =>
  reading(shop.app.db, sellerScope, async (sql) => {
    const { openInvoices, uninvoicedOrders } = await loadCreditUse(sql, account)
    return [openInvoices.amountMinor, uninvoicedOrders.amountMinor]
  })

async function buy(buyer: Buyer, quantity: number) {
  const { basketId } = await addToBasket(shop.app, buyer.actor, { planId: shop.planId, quantity })
  const [order] = await placeOrder(shop.app, buyer.actor, { basketId })
  return order!
}

const invoicesOf = (orderId: OrderId) =>
  reading(
    shop.app.db,
    sellerScope,
    (sql) => sql.many<{ id: InvoiceId; open: bigint; paidOn: Temporal.PlainDate | null }>`
      select invoice.id, receivable.open_minor as open, receivable.paid_on from invoice
      join receivable on receivable.invoice_id = invoice.id where order_id = ${orderId} order by invoice.id`,
  )

test('over the limit an order stays submitted, and credit is used by what was ordered, invoiced and not paid', async () => {
  const { app, direct, run } = shop
  await limit(direct, 30_000n)
  const first = await buy(direct, 2)
  assert.deepEqual([first.state, await useOf(direct)], ['executed', [0n, 28_322n]])
  await run()
  assert.deepEqual(await useOf(direct), [28_322n, 0n])

  const second = await buy(direct, 1)
  assert.deepEqual(
    [second.state, second.heldBecause],
    ['submitted', 'Over the credit limit of 300.00 EUR; your account manager will look at it.'],
  )
  await run()
  assert.deepEqual([await useOf(direct), await invoicesOf(second.id)], [[28_322n, 0n], []])

  const manager = shop.manager.actor
  // Invoiced today and due in 30 days: 45 days on it is 15 days overdue, 61 days on 31, and 121 days on 91.
  const balanceIn = async (days: number) => {
    const now = app.now().add({ hours: 24 * days })
    const { credit, waiting, receivables } = await viewBalance(app.db, manager, {
      accountId: direct.account.id,
      now,
    })
    const [euro, ...others] = receivables
    return {
      credit: [credit.limit, credit.used, credit.left].map((amount) => amount && moneyText(amount)),
      waiting: waiting.map(({ orders, total }) => [orders, moneyText(total)]),
      overdue: euro && moneyText(euro.overdue),
      aged: euro?.aged.filter(({ invoices }) => invoices > 0).map(({ age, open }) => [age, moneyText(open)]),
      others,
    }
  }
  assert.deepEqual(await balanceIn(0), {
    credit: ['300.00', '283.22', '16.78'],
    waiting: [[1, '141.61']],
    overdue: '0.00',
    aged: [['not due', '283.22']],
    others: [],
  })
  const agesAt = async (days: number) => (await balanceIn(days)).aged
  assert.deepEqual(await agesAt(30), [['not due', '283.22']])
  assert.deepEqual(await agesAt(45), [['1–30 days', '283.22']])
  assert.deepEqual(await agesAt(61), [['31–60 days', '283.22']])
  assert.deepEqual(await agesAt(121), [['over 90 days', '283.22']])
  await assert.rejects(executeOrder(app, manager, { orderId: second.id }), {
    code: 'order/over-credit-limit',
    message:
      'Over the credit limit of 300.00 EUR: 283.22 EUR are used, and this order is 141.61 EUR. It needs an approval.',
  })
  await assert.rejects(executeOrder(app, manager, { orderId: second.id, overCreditReason: 'Good payer' }), {
    code: 'right/missing',
  })
  const approved = await executeOrder(app, shop.administrator.actor, {
    orderId: second.id,
    overCreditReason: 'Pays on Friday',
  })
  assert.deepEqual([approved.state, approved.heldBecause], ['executed', undefined])
  const audited = await reading(
    app.db,
    sellerScope,
    (sql) =>
      sql.one<{ actor: string; after: object }>`
      select actor, after from audit_entry where action = 'order/over-credit-approved' and subject_id = ${second.id}`,
  )
  const euros = (amount: string) => ({ amount, currency: 'EUR' })
  assert.deepEqual(audited, {
    actor: 'Marit',
    after: {
      limit: euros('300.00'),
      used: euros('283.22'),
      total: euros('141.61'),
      reason: 'Pays on Friday',
    },
  })
  await run()
  assert.deepEqual(await useOf(direct), [42_483n, 0n])

  // Paid in two parts; the rest of the credit is free again.
  const [invoice] = await invoicesOf(first.id)
  const invoiceId = invoice!.id
  const today = app.now().toZonedDateTimeISO('Europe/Berlin').toPlainDate().toString()
  const part = await recordPayment(app, manager, {
    invoiceId,
    amount: '83.22',
    receivedOn: today,
    reference: 'RE 1',
  })
  assert.deepEqual(await useOf(direct), [34_161n, 0n])
  await recordPayment(app, manager, { invoiceId, receivedOn: today })
  assert.deepEqual(await useOf(direct), [14_161n, 0n])
  assert.equal(String((await invoicesOf(first.id))[0]?.paidOn), today)
  await assert.rejects(recordPayment(app, manager, { invoiceId, receivedOn: today }), {
    code: 'invoice/already-paid',
  })
  await assert.rejects(recordPayment(app, shop.support.actor, { invoiceId, receivedOn: today }), {
    code: 'right/missing',
  })
  const mistake = { invoiceId, paymentId: part.id, reason: 'It was for another customer.' }
  await withdrawPayment(app, manager, mistake)
  await withdrawPayment(app, manager, mistake)
  assert.deepEqual(await useOf(direct), [22_483n, 0n])
  await recordPayment(app, manager, { invoiceId, receivedOn: today })
})

test('an order on behalf over the limit waits the same way, and may be cancelled', async () => {
  const { app, direct } = shop
  const manager = shop.manager.actor
  await limit(direct, 30_000n)
  const order = await placeOnBehalf(app, manager, {
    endCustomerId: direct.account.id,
    lines: [{ planId: shop.planId, quantity: 2 }],
  })
  assert.deepEqual(
    [order.state, order.heldBecause],
    ['submitted', 'Over the credit limit of 300.00 EUR; your account manager will look at it.'],
  )
  await assert.rejects(executeOrder(app, manager, { orderId: order.id }), { code: 'order/over-credit-limit' })
  assert.equal((await cancelOrder(app, manager, { orderId: order.id })).state, 'cancelled')
  assert.deepEqual(await useOf(direct), [14_161n, 0n])
})

test('ten orders at once do not slip under the limit together', async () => {
  const { app, north } = shop
  // Three of ten fit: 3 × 141.61 = 424.83.
  await limit(north, 43_000n)
  const orders = await Promise.all(
    Array.from({ length: 10 }, () =>
      placeOnBehalf(app, shop.manager.actor, {
        endCustomerId: north.account.id,
        lines: [{ planId: shop.planId, quantity: 1 }],
      }),
    ),
  )
  const answers = await Promise.allSettled(
    orders.map(({ id }) => executeOrder(app, shop.manager.actor, { orderId: id })),
  )
  const codes = answers.map((answer) => (answer.status === 'fulfilled' ? 'executed' : answer.reason.code))
  assert.deepEqual(codes.sort(), [
    ...Array.from({ length: 3 }, () => 'executed'),
    ...Array.from({ length: 7 }, () => 'order/over-credit-limit'),
  ])
  assert.deepEqual(await useOf(north), [0n, 42_483n])
})

test('two checkouts at once take turns: one is executed, the other waits', async () => {
  const { app, south } = shop
  await limit(south, 20_000n)
  const baskets = await Promise.all(
    [south.actor, { ...south.actor, userId: await secondUser() }].map((actor) =>
      addToBasket(app, actor, { planId: shop.planId, quantity: 1 }).then(({ basketId, items }) => ({
        actor,
        basketId,
        items,
      })),
    ),
  )
  for (const { actor, basketId, items } of baskets)
    await assignItems(app, actor, {
      basketId,
      assignments: [{ itemIds: items.map(({ id }) => id), isForResale: false }],
    })
  const placed = await Promise.all(baskets.map(({ actor, basketId }) => placeOrder(app, actor, { basketId })))
  assert.deepEqual(
    placed
      .flat()
      .map(({ state }) => state)
      .sort(),
    ['executed', 'submitted'],
  )
  assert.deepEqual(await useOf(south), [0n, 14_161n])
})

async function secondUser() {
  const user = await createUser(shop.app, shop.administrator.actor, {
    accountId: shop.south.account.id,
    name: 'Bea',
    email: 'bea@south.example',
    roles: ['admin'],
  })
  return user.id
}
