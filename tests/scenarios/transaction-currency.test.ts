// The transaction currency through the API: set, refused, read on invoices, paid in, and what waits for a rate (docs/decisions/0016).
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Client, openClient } from '../support/api.ts'
import { openShop, type Shop } from '../support/fixtures.ts'

let shop: Shop
let client: Client
let admin: string

before(async () => {
  shop = await openShop()
  client = await openClient(shop.app)
  admin = shop.administrator.key
})
after(async () => {
  await client.close()
  await shop.close()
})

const day = () => shop.app.now().toZonedDateTimeISO('Europe/Berlin').toPlainDate().toString()
const ves = (amount: string) => ({ amount, currency: 'VES' })
const eur = (amount: string) => ({ amount, currency: 'EUR' })

async function orderOf(key: string, accountId: string): Promise<string> {
  const { body: basket } = await client.ask('POST', '/baskets', { key, body: {} })
  const added = await client.ask('POST', `/baskets/${basket.id}/items`, {
    key,
    body: { planId: shop.planId, quantity: 1 },
  })
  assert.equal(added.status, 201, added.text)
  await client.ask('PUT', `/baskets/${basket.id}/service-details`, {
    key,
    body: { accountId, connector: 'microsoft-esd', options: { keyDeliveryEmail: 'keys@direct.example' } },
  })
  const placed = await client.ask('POST', `/baskets/${basket.id}/checkout`, { key })
  assert.equal(placed.status, 201, placed.text)
  await shop.run()
  return placed.body.orders[0].id
}

test('an account is invoiced in bolívares: refused without a rate, then on the invoice, and paid to the last céntimo', async () => {
  const { direct, north } = shop
  const path = `/accounts/${direct.account.id}`
  const body = { transactionCurrency: 'VES' }
  const refused = await client.ask('PATCH', path, { key: admin, body })
  assert.equal(refused.status, 422, refused.text)
  assert.deepEqual(
    refused.body.errors.map(({ pointer, code }: Record<string, string>) => [pointer, code]),
    [['/transactionCurrency', 'no-rate']],
  )
  const rate = {
    currency: 'VES',
    baseCurrency: 'EUR',
    rate: '40.5',
    validFrom: day(),
    source: 'BCV',
    isForInvoicesOnly: true,
  }
  const wrong = await client.ask('POST', '/conversion-rules', { key: admin, body: { ...rate, market: 'MX' } })
  assert.deepEqual(
    [wrong.status, wrong.body.errors[0].pointer, wrong.body.errors[0].code],
    [422, '/market', 'not-for-invoices'],
  )
  const entered = await client.ask('POST', '/conversion-rules', { key: admin, body: rate })
  assert.deepEqual(
    [entered.status, entered.body.market, entered.body.isForInvoicesOnly, entered.body.state],
    [201, null, true, 'in force'],
  )
  assert.equal((await client.ask('PATCH', path, { key: direct.key, body })).status, 403)
  const saved = await client.ask('PATCH', path, { key: admin, body })
  assert.deepEqual([saved.status, saved.body.transactionCurrency], [200, 'VES'])

  const orderId = await orderOf(direct.key, direct.account.id)
  const { body: list } = await client.ask('GET', `/invoices?orderId=${orderId}`, { key: direct.key })
  const [item] = list.items
  // 141.61 × 40.5 = 5735.205; 22.61 × 40.5 = 915.705.
  const there = {
    currency: 'VES',
    rate: '40.5',
    rateDate: day(),
    source: 'BCV',
    net: ves('4819.50'),
    tax: ves('915.71'),
    total: ves('5735.21'),
  }
  assert.deepEqual(
    [item.total, item.open, item.transaction, item.transactionOpen],
    [eur('141.61'), eur('141.61'), there, ves('5735.21')],
  )
  const invoice = `/invoices/${item.id}`
  assert.equal((await client.ask('GET', invoice, { key: north.key })).status, 404)
  const pay = (amount: object) =>
    client.ask('POST', `${invoice}/payments`, { key: admin, body: { amount, receivedOn: day() } })
  const dollars = await pay({ amount: '1.00', currency: 'USD' })
  assert.deepEqual(
    [dollars.status, dollars.body.errors[0]],
    [
      422,
      { pointer: '/amount/currency', code: 'other-currency', message: 'This invoice is in EUR and VES.' },
    ],
  )
  const part = await pay(ves('1000.00'))
  assert.deepEqual(
    [part.status, part.body.amount, part.body.transactionAmount, part.body.isInTransactionCurrency],
    [201, eur('24.69'), ves('1000.00'), true],
  )
  assert.equal((await pay(ves('4735.21'))).status, 201)
  const { body: read } = await client.ask('GET', invoice, { key: direct.key })
  assert.deepEqual(
    [read.paid, read.open, read.transactionOpen, read.transaction],
    ['paid', eur('0.00'), ves('0.00'), there],
  )
})

test('what waits for a rate is told by the billing run, and is invoiced once there is one', async () => {
  const { direct } = shop
  const { body: rules } = await client.ask('GET', '/conversion-rules?currency=VES', { key: admin })
  shop.advance({ hours: 48 })
  const yesterday = Temporal.PlainDate.from(day()).subtract({ days: 1 }).toString()
  const ended = await client.ask('POST', `/conversion-rules/${rules.items[0].id}/end`, {
    key: admin,
    body: { lastDay: yesterday },
  })
  assert.equal(ended.status, 200, ended.text)
  const orderId = await orderOf(direct.key, direct.account.id)
  const waiting = async () => (await client.ask('GET', '/billing-run', { key: admin })).body
  const { waiting: orders, waitingCount } = await waiting()
  assert.deepEqual(
    [waitingCount, orders.map(({ since: _, orderNumber: _n, ...order }: Record<string, string>) => order)],
    [1, [{ orderId, billingToId: direct.account.id, currency: 'EUR', transactionCurrency: 'VES' }]],
  )
  assert.deepEqual((await client.ask('GET', `/invoices?orderId=${orderId}`, { key: admin })).body.items, [])
  const rate = { currency: 'VES', baseCurrency: 'EUR', rate: '42', validFrom: day(), source: 'BCV' }
  await client.ask('POST', '/conversion-rules', { key: admin, body: { ...rate, isForInvoicesOnly: true } })
  await shop.run()
  const { body } = await client.ask('GET', `/invoices?orderId=${orderId}`, { key: admin })
  // 141.61 × 42.
  assert.deepEqual(
    body.items.map((each: { transaction: { total: object } }) => each.transaction.total),
    [ves('5947.62')],
  )
  assert.deepEqual((await waiting()).waiting, [])
})
