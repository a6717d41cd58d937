// Invoices in a transaction currency (docs/decisions/0016), on the real database. One licence is 119.00 EUR, 22.61 VAT, 141.61 together.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { changeAccount } from '#flows/accounts/change-account.ts'
import { createAccount } from '#flows/accounts/create-account.ts'
import { saveSyncOptions } from '#flows/accounts/save-sync-options.ts'
import { synchronizeWithConnector } from '#flows/accounts/synchronize-account.ts'
import { addToBasket } from '#flows/ordering/add-to-basket.ts'
import { placeOrder } from '#flows/ordering/place-order.ts'
import { createConversionRule, endConversionRule } from '#flows/pricing/manage-conversion-rules.ts'
import type { AssetId, InvoiceId, OrderId } from '#kernel/ids.ts'
import { type Currency, money, moneyText } from '#kernel/money.ts'
import { loadInvoice } from '#modules/invoicing'
import { reading, sellerScope, transaction } from '#platform/db.ts'
import { enqueue } from '#platform/jobs.ts'
import { stopPdf } from '#platform/pdf/index.ts'
import { viewBalance } from '#views/accounts/view-balance.ts'
import { viewBillingRun } from '#views/invoices/view-billing-run.ts'
import { viewInvoice } from '#views/invoices/view-invoice.ts'
import { viewOrder } from '#views/orders/view-order.ts'
import { type Buyer, openShop, type Shop } from '../../../tests/support/fixtures.ts'
import { pdfText } from '../../../tests/support/pdf-text.ts'
import { billingRun } from './billing-run.ts'
import { creditLicence } from './credit-licence.ts'
import { invoicePdf, paperOf } from './invoice-paper.ts'
import { issueCredit } from './issue-credit.ts'
import { recordPayment, withdrawPayment } from './record-payment.ts'
import { settleOrder } from './settle-order.ts'

let shop: Shop
before(async () => {
  shop = await openShop()
  for (const { account } of [shop.direct, shop.north, shop.south]) {
    const pair = { accountId: account.id, connector: 'microsoft-esd' }
    await saveSyncOptions(shop.app, shop.manager.actor, {
      ...pair,
      values: { keyDeliveryEmail: 'keys@buyer.example' },
    })
    await synchronizeWithConnector(shop.app, shop.manager.actor, pair)
  }
  await shop.run()
})
after(async () => {
  stopPdf()
  await shop.close()
})

const today = () => shop.app.now().toZonedDateTimeISO('Europe/Berlin').toPlainDate()
const admin = () => shop.administrator.actor

const enterRate = (currency: string, rate: string) =>
  createConversionRule(shop.app, admin(), {
    currency,
    baseCurrency: 'EUR',
    rate,
    validFrom: today().toString(),
    market: '',
    overridesSheet: false,
    isForInvoicesOnly: true,
    source: 'Central bank',
    note: '',
  })

const invoicedIn = ({ account }: Buyer, currency: string | undefined) =>
  changeAccount(shop.app, admin(), {
    accountId: account.id,
    terms: { transactionCurrency: currency as Currency | undefined },
  })

async function buy(buyer: Buyer, quantity = 1) {
  const { basketId } = await addToBasket(shop.app, buyer.actor, { planId: shop.planId, quantity })
  const [order] = await placeOrder(shop.app, buyer.actor, { basketId })
  await shop.run()
  return order!
}

const read = <Read>(how: Parameters<typeof reading<Read>>[2]) => reading(shop.app.db, sellerScope, how)

const invoicesOf = (orderId: OrderId) =>
  read(
    (sql) =>
      sql.many<{ id: InvoiceId }>`select id from invoice where order_id = ${orderId} order by issued_at, id`,
  ).then((rows) => Promise.all(rows.map(({ id }) => read((sql) => loadInvoice(sql, id)))))

async function invoiceOf(orderId: OrderId) {
  const [invoice] = await invoicesOf(orderId)
  assert.ok(invoice, 'the order is invoiced')
  return invoice
}

/** What is open of it, in both currencies. */
async function openOf(id: InvoiceId) {
  const { owed } = await viewInvoice(shop.app.db, admin(), { id, at: shop.app.now() })
  return owed && [moneyText(owed.open), owed.transactionOpen && moneyText(owed.transactionOpen), owed.state]
}

const pay = (invoiceId: InvoiceId, amount: string | undefined, currency?: string) =>
  recordPayment(shop.app, admin(), { invoiceId, amount, currency, receivedOn: today().toString() })

const faultAt =
  (pointer: string, code: string) => (error: { errors?: { pointer: string; code: string }[] }) => {
    assert.deepEqual(
      error.errors?.map((each) => [each.pointer, each.code]),
      [[pointer, code]],
    )
    return true
  }

test('a transaction currency is taken where there is a rate, of who pays, and by the seller only', async () => {
  const { app, direct, north } = shop
  await assert.rejects(invoicedIn(direct, 'VES'), (error: { errors?: { message: string }[] }) => {
    faultAt('/transactionCurrency', 'no-rate')(error as never)
    assert.match(
      error.errors?.[0]?.message ?? '',
      /^There is no rate of VES against EUR today\. Enter one in the Conversion tool/,
    )
    return true
  })
  await assert.rejects(invoicedIn(direct, 'EUR'), faultAt('/transactionCurrency', 'same-currency'))
  await assert.rejects(invoicedIn(direct, 'EURO'), faultAt('/transactionCurrency', 'unknown-currency'))
  await enterRate('VES', '40.5')
  await assert.rejects(
    changeAccount(app, admin(), {
      accountId: north.customer.id,
      terms: { transactionCurrency: 'VES' as Currency },
    }),
    faultAt('/transactionCurrency', 'not-the-payer'),
  )
  await assert.rejects(
    changeAccount(app, direct.actor, {
      accountId: direct.account.id,
      terms: { transactionCurrency: 'VES' as Currency },
    }),
    { code: 'right/missing' },
  )
  await assert.rejects(
    transaction(
      app.db,
      { role: 'portal', accountId: direct.account.id },
      (tx) => tx.run`update account set transaction_currency = 'VES' where id = ${direct.account.id}`,
    ),
    /does not choose its own transaction currency/,
  )
  assert.equal((await invoicedIn(direct, 'VES')).transactionCurrency, 'VES')
  await assert.rejects(
    changeAccount(app, admin(), { accountId: direct.account.id, details: { currency: 'VES' } }),
    faultAt('/transactionCurrency', 'same-currency'),
  )
  await assert.rejects(
    changeAccount(app, admin(), { accountId: direct.account.id, details: { currency: 'USD' } }),
    faultAt('/transactionCurrency', 'no-rate'),
  )
  await assert.rejects(
    createAccount(app, admin(), {
      kind: 'reseller',
      details: { ...company, name: 'East' },
      terms: { transactionCurrency: 'JPY' as Currency },
    }),
    faultAt('/transactionCurrency', 'no-rate'),
  )
  const audited = await read(
    (sql) => sql.many<{ before: object; after: object }>`
    select before, after from audit_entry where subject_id = ${direct.account.id} and after ? 'transactionCurrency' and before is not null`,
  )
  assert.deepEqual(audited, [
    { before: { transactionCurrency: null }, after: { transactionCurrency: 'VES' } },
  ])
})

const company = {
  email: 'anna@east.example',
  contactFirstName: 'Anna',
  contactLastName: 'Schmidt',
  currency: 'EUR',
  addressLine1: 'Unter den Linden 1',
  city: 'Berlin',
  postalCode: '10117',
  country: 'DE',
}

test('an invoice says what it comes to in bolívares at the rate of its day, and keeps it for ever', async () => {
  const { app, direct } = shop
  const invoice = await invoiceOf((await buy(direct)).id)
  const { transaction: there } = invoice
  // 141.61 × 40.5 = 5735.205; 22.61 × 40.5 = 915.705.
  assert.deepEqual(
    [invoice.net, invoice.tax, invoice.total, there?.net, there?.tax, there?.total].map(
      (amount) => amount && `${moneyText(amount)} ${amount.currency}`,
    ),
    ['119.00 EUR', '22.61 EUR', '141.61 EUR', '4819.50 VES', '915.71 VES', '5735.21 VES'],
  )
  assert.deepEqual(
    [there?.rate, there?.rateDate.toString(), there?.source],
    ['40.5', today().toString(), 'Central bank'],
  )
  assert.deepEqual(await openOf(invoice.id), ['141.61', '5735.21', 'open'])
  // Balance and credit stay in the currency of the account.
  const { receivables } = await viewBalance(app.db, admin(), { accountId: direct.account.id, now: app.now() })
  assert.deepEqual(
    receivables.map(({ open }) => open),
    [money(14_161n, 'EUR' as Currency)],
  )
  await enterRate('VES', '41')
  assert.deepEqual((await read((sql) => loadInvoice(sql, invoice.id))).transaction, there)
  await assert.rejects(
    transaction(
      app.db,
      sellerScope,
      (tx) => tx.run`update invoice set transaction_rate = 41 where id = ${invoice.id}`,
    ),
    /an issued invoice cannot be changed/,
  )
  // The buyer sees it too, and nobody else.
  const seen = await viewInvoice(app.db, direct.actor, { id: invoice.id, at: app.now() })
  assert.deepEqual(seen.invoice.transaction, there)
  await assert.rejects(viewInvoice(app.db, shop.north.actor, { id: invoice.id, at: app.now() }), {
    code: 'invoice/not-found',
  })
  const paper = paperOf(invoice, undefined, 'en')
  assert.equal(paper.grandTotal.amount, '€141.61')
  assert.deepEqual(
    [...(paper.transaction?.totals ?? []), paper.transaction?.grandTotal].map((each) => each?.amount),
    ['VES\u00a04,819.50', 'VES\u00a0915.71', 'VES\u00a05,735.21'],
  )
  assert.match(paper.transaction?.rate ?? '', /^Converted at 1 EUR = 40\.5 VES \(Central bank, rate of /)
  const { bytes } = await invoicePdf(app, direct.actor, invoice.id)
  // A space that does not break is one that looks the same.
  const text = pdfText(bytes).replaceAll('\u00a0', ' ')
  for (const said of [
    '€141.61',
    'VES 4,819.50',
    'VES 915.71',
    'VES 5,735.21',
    'Converted at 1 EUR = 40.5 VES',
  ])
    assert.ok(text.includes(said), `${said} in ${text}`)
  assert.match(paper.terms, /^Please pay VES\s5,735\.21 \(or €141\.61\) by /)
})

test('yen have no digits and dinars three', async () => {
  await enterRate('JPY', '163.27')
  await enterRate('KWD', '0.327')
  await invoicedIn(shop.north, 'JPY')
  await invoicedIn(shop.south, 'KWD')
  const said = async (buyer: Buyer) => {
    const { transaction: there } = await invoiceOf((await buy(buyer)).id)
    return there && [there.net, there.tax, there.total].map(moneyText)
  }
  // 141.61 × 163.27 = 23120.66…; 22.61 × 163.27 = 3691.53….
  assert.deepEqual(await said(shop.north), ['19429', '3692', '23121'])
  // 141.61 × 0.327 = 46.30647; 22.61 × 0.327 = 7.39347.
  assert.deepEqual(await said(shop.south), ['38.913', '7.393', '46.306'])
})

test('credits are at the rate of what they credit, and all of them give back exactly what was charged', async () => {
  const { app, direct } = shop
  await enterRate('VES', '40.5')
  const order = await buy(direct, 2)
  const invoice = await invoiceOf(order.id)
  await enterRate('VES', '50')
  const assets = invoice.lines.map(({ assetId }) => assetId as AssetId)
  const [first, second] = assets
  assert.ok(first && second)
  const credit = (assetId: AssetId) =>
    transaction(app.db, sellerScope, (tx) => creditLicence(tx, assetId, app.now()))
  assert.ok(await credit(first))
  assert.deepEqual(await openOf(invoice.id), ['141.61', '5735.20', 'partly paid'])
  assert.ok(await credit(second))
  assert.equal(await credit(second), undefined, 'once')
  const [, one, other] = await invoicesOf(order.id)
  const said = (there: typeof invoice.transaction) =>
    there && [there.rate, ...[there.net, there.tax, there.total].map(moneyText)]
  // 283.22 × 40.5 = 11470.41; a half by itself is 5735.205, up to 5735.21.
  assert.deepEqual(said(invoice.transaction), ['40.5', '9639.00', '1831.41', '11470.41'])
  assert.deepEqual(said(one?.transaction), ['40.5', '-4819.50', '-915.71', '-5735.21'])
  assert.deepEqual(said(other?.transaction), ['40.5', '-4819.50', '-915.70', '-5735.20'])
  assert.deepEqual(await openOf(invoice.id), ['0.00', '0.00', 'paid'])
  assert.deepEqual(await openOf(other!.id), ['0.00', '0.00', 'paid'])
})

test('a paid invoice that is credited in part owes the part in both currencies, and it is paid back in either', async () => {
  const { app, direct } = shop
  await enterRate('VES', '40.5')
  const invoice = await invoiceOf((await buy(direct)).id)
  await pay(invoice.id, '5735.21', 'VES')
  assert.deepEqual(await openOf(invoice.id), ['0.00', '0.00', 'paid'])
  const [line] = invoice.lines
  const part = { line: line!, net: money(5_000n, 'EUR' as Currency) }
  await transaction(app.db, sellerScope, (tx) =>
    issueCredit(tx, invoice, { parts: [part], cause: 'test:part', at: app.now() }),
  )
  const [, credit] = await invoicesOf(invoice.orderId)
  // 50.00 and 9.50 VAT are 59.50; × 40.5 = 2409.75, VAT 384.75.
  assert.deepEqual(
    [credit?.transaction?.net, credit?.transaction?.tax, credit?.transaction?.total].map(
      (amount) => amount && moneyText(amount),
    ),
    ['-2025.00', '-384.75', '-2409.75'],
  )
  assert.deepEqual(await openOf(credit!.id), ['-59.50', '-2409.75', 'open'])
  const back = await pay(credit!.id, '2409.75', 'VES')
  assert.equal(moneyText(back.amount), '-59.50')
  assert.deepEqual(await openOf(credit!.id), ['0.00', '0.00', 'paid'])
})

test('a credit of an invoice that is paid in part takes what is open and owes the rest, in both currencies', async () => {
  const { app, direct } = shop
  await enterRate('VES', '40.5')
  const invoice = await invoiceOf((await buy(direct)).id)
  await pay(invoice.id, '1000.00', 'VES')
  const [assetId] = invoice.lines.map((line) => line.assetId as AssetId)
  await transaction(app.db, sellerScope, (tx) => creditLicence(tx, assetId!, app.now()))
  const [, credit] = await invoicesOf(invoice.orderId)
  assert.deepEqual(await openOf(invoice.id), ['0.00', '0.00', 'paid'])
  assert.deepEqual(await openOf(credit!.id), ['-24.69', '-1000.00', 'partly paid'])
})

test('a payment in the transaction currency is at the invoice’s own rate, and the whole of it leaves no cent', async () => {
  const { app, direct } = shop
  await enterRate('VES', '40.5')
  const invoice = await invoiceOf((await buy(direct)).id)
  await enterRate('VES', '99')
  const first = await pay(invoice.id, '1000.00', 'VES')
  assert.deepEqual(
    [
      moneyText(first.amount),
      first.transaction && moneyText(first.transaction.amount),
      first.transaction?.isGiven,
    ],
    ['24.69', '1000.00', true],
  )
  assert.deepEqual(await openOf(invoice.id), ['116.92', '4735.21', 'partly paid'])
  const euros = await pay(invoice.id, '16.92')
  // 16.92 × 40.5 = 685.26.
  assert.deepEqual(
    [euros.transaction && moneyText(euros.transaction.amount), euros.transaction?.isGiven],
    ['685.26', false],
  )
  assert.deepEqual(await openOf(invoice.id), ['100.00', '4049.95', 'partly paid'])
  await assert.rejects(pay(invoice.id, '4049.96', 'VES'), faultAt('/amount', 'above-open'))
  await assert.rejects(pay(invoice.id, '1.00', 'USD'), faultAt('/currency', 'other-currency'))
  await pay(invoice.id, '4049.95', 'VES')
  assert.deepEqual(await openOf(invoice.id), ['0.00', '0.00', 'paid'])
  await withdrawPayment(app, admin(), { invoiceId: invoice.id, paymentId: first.id, reason: 'Not ours' })
  assert.deepEqual(await openOf(invoice.id), ['24.69', '1000.00', 'partly paid'])
  const { payments } = await viewInvoice(app.db, direct.actor, { id: invoice.id, at: app.now() })
  assert.deepEqual(
    payments.map(({ amount, transaction: there }) => [moneyText(amount), there && moneyText(there.amount)]),
    [
      ['16.92', '685.26'],
      ['100.00', '4049.95'],
    ],
  )
})

test('of two payments at once one waits for the other, and nothing is paid twice', async () => {
  await enterRate('VES', '40.5')
  const invoice = await invoiceOf((await buy(shop.direct)).id)
  const both = await Promise.allSettled([pay(invoice.id, '5735.21', 'VES'), pay(invoice.id, '141.61')])
  assert.deepEqual(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
  assert.deepEqual(await openOf(invoice.id), ['0.00', '0.00', 'paid'])
  const other = await invoiceOf((await buy(shop.direct)).id)
  // 60 % each: only one fits.
  const parts = await Promise.allSettled([pay(other.id, '3441.13', 'VES'), pay(other.id, '3441.13', 'VES')])
  assert.deepEqual(parts.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
  // 3441.13 ÷ 40.5 = 84.966…: 141.61 − 84.97.
  assert.deepEqual(await openOf(other.id), ['56.64', '2294.08', 'partly paid'])
})

test('without a rate of the day nothing is invoiced wrongly or lost: it waits, says so, and is invoiced when there is one', async () => {
  const { app, direct } = shop
  const rate = await enterRate('VES', '40.5')
  shop.advance({ hours: 72 })
  await endConversionRule(app, admin(), { id: rate.id, lastDay: today().subtract({ days: 1 }).toString() })
  const order = await buy(direct)
  assert.deepEqual(await invoicesOf(order.id), [])
  const { invoiceWait, timeline } = await viewOrder(app.db, admin(), { id: order.id })
  assert.deepEqual([invoiceWait?.transactionCurrency, invoiceWait?.currency], ['VES', 'EUR'])
  const told = timeline.filter(({ text }) => text.startsWith('The invoice waits'))
  assert.deepEqual(
    told.map(({ text }) => text),
    ['The invoice waits: There is no rate of VES against EUR today.'],
  )
  assert.equal((await viewOrder(app.db, direct.actor, { id: order.id })).invoiceWait, undefined)
  const { waiting, waitingCount } = await viewBillingRun(app.db, admin(), { now: app.now() })
  assert.deepEqual(
    [waitingCount, waiting.map(({ number, payerName }) => [number, payerName])],
    [1, [[order.number, 'Direct']]],
  )
  // Run again and again it still waits, is told once more on another day only, and is said once.
  await transaction(app.db, sellerScope, (tx) => enqueueRuns(tx, order.id))
  await shop.run()
  const mails = () =>
    read(
      (sql) => sql.many<{ toAddresses: string[]; subject: string | null }>`
      select to_addresses, variables -> 'order' ->> 'number' as subject from mail where notification_code = 'invoice-waits'`,
    )
  assert.deepEqual(await mails(), [{ toAddresses: ['orders@seller.example'], subject: order.number }])
  assert.equal(
    (await viewOrder(app.db, admin(), { id: order.id })).timeline.filter(({ text }) =>
      text.startsWith('The invoice waits'),
    ).length,
    1,
  )
  // What waits uses credit as before: it is bought and stands on no invoice.
  const { credit } = await viewBalance(app.db, admin(), { accountId: direct.account.id, now: app.now() })
  assert.ok(credit.used.amountMinor >= 14_161n)

  await enterRate('VES', '42')
  await shop.run()
  const invoice = await invoiceOf(order.id)
  // 141.61 × 42 = 5947.62.
  assert.deepEqual(
    [invoice.transaction?.rate, invoice.transaction && moneyText(invoice.transaction.total)],
    ['42', '5947.62'],
  )
  assert.equal((await viewOrder(app.db, admin(), { id: order.id })).invoiceWait, undefined)
  assert.equal((await invoicesOf(order.id)).length, 1)
})

test('an order that waits is invoiced in its own currency when the account has no transaction currency any more', async () => {
  const { app, direct } = shop
  const rate = await enterRate('VES', '43')
  shop.advance({ hours: 48 })
  await endConversionRule(app, admin(), { id: rate.id, lastDay: today().subtract({ days: 1 }).toString() })
  const order = await buy(direct)
  assert.deepEqual(await invoicesOf(order.id), [])
  await invoicedIn(direct, undefined)
  await shop.run()
  const invoice = await invoiceOf(order.id)
  assert.deepEqual([moneyText(invoice.total), invoice.transaction], ['141.61', undefined])
  assert.deepEqual(await openOf(invoice.id), ['141.61', undefined, 'open'])
  await pay(invoice.id, '41.61')
  assert.deepEqual(await openOf(invoice.id), ['100.00', undefined, 'partly paid'])
  // A credit of an invoice without a rate has none either, whatever the account has by then.
  const [assetId] = invoice.lines.map((line) => line.assetId as AssetId)
  await transaction(app.db, sellerScope, (tx) => creditLicence(tx, assetId!, app.now()))
  const [, credit] = await invoicesOf(order.id)
  assert.deepEqual(
    [credit?.transaction, await openOf(credit!.id)],
    [undefined, ['-41.61', undefined, 'partly paid']],
  )
})

test('the database refuses amounts that do not add up, half a rate, and a credit at another rate', async () => {
  const invoice = await invoiceOf((await buy(shop.north)).id)
  const refused = (pattern: RegExp, columns: Record<string, string | number>, credits = false) =>
    assert.rejects(
      transaction(shop.app.db, sellerScope, async (tx) => {
        const values = {
          transaction_currency: 'JPY',
          transaction_rate: 163.27,
          transaction_rate_date: today().toString(),
          transaction_rate_source: 'x',
          transaction_net_minor: 1,
          transaction_tax_minor: 1,
          transaction_total_minor: 2,
          ...columns,
        }
        await tx.run`
          insert into invoice select (jsonb_populate_record(null::invoice, to_jsonb(invoice) || ${tx.json({
            ...values,
            id: crypto.randomUUID(),
            number: crypto.randomUUID(),
            cause: crypto.randomUUID(),
            ...(credits
              ? {
                  kind: 'credit',
                  credits_invoice_id: invoice.id,
                  net_minor: -1,
                  tax_minor: -1,
                  total_minor: -2,
                }
              : {}),
          })})).* from invoice where id = ${invoice.id}`
      }),
      pattern,
    )
  await refused(/invoice_transaction_sum/, { transaction_total_minor: 3 })
  await refused(/invoice_transaction_whole/, { transaction_rate: null as never })
  await refused(/invoice_transaction_other/, { transaction_currency: 'EUR' })
  await refused(/invoice_transaction_issued/, { transaction_rate_date: '2999-01-01' })
  const negative = { transaction_net_minor: -1, transaction_tax_minor: -1, transaction_total_minor: -2 }
  await refused(/invoice_transaction_sign/, negative)
  await refused(/at the rate of what it credits/, { ...negative, transaction_rate: 1 }, true)
  const all = {
    transaction_net_minor: -19_429,
    transaction_tax_minor: -3_693,
    transaction_total_minor: -23_122,
  }
  await refused(/more would be credited than was charged/, all, true)
})

async function enqueueRuns(tx: Parameters<typeof enqueue>[0], orderId: OrderId): Promise<void> {
  await enqueue(tx, billingRun, [{}])
  await enqueue(tx, settleOrder, [{ orderId }])
}
