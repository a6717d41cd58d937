// Payments as a list, to be compared with the statements of the bank: found by day, reference, invoice and payer; taken back many at a time,
// with the reason.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Client, openClient } from '../support/api.ts'
import { openShop, type Shop } from '../support/fixtures.ts'

let shop: Shop
let client: Client
const invoices: { id: string; number: string }[] = []

before(async () => {
  shop = await openShop()
  client = await openClient(shop.app)
  for (let n = 0; n < 2; n += 1) invoices.push(await invoiced())
})
after(async () => {
  await client.close()
  await shop.close()
})

const asks = async (key: string, method: 'GET' | 'POST', path: string, body?: object) => {
  const answer = await client.ask(method, path, { key, ...(body && { body }) })
  assert.ok(answer.status < 300, answer.text)
  return answer.body
}

/** One licence of the direct customer: 141.61 EUR with VAT. */
async function invoiced(): Promise<{ id: string; number: string }> {
  const { key, account } = shop.direct
  const basket = await asks(key, 'POST', '/baskets', {})
  await asks(key, 'POST', `/baskets/${basket.id}/items`, { planId: shop.planId, quantity: 1 })
  await client.ask('PUT', `/baskets/${basket.id}/service-details`, {
    key,
    body: {
      accountId: account.id,
      connector: 'microsoft-esd',
      options: { keyDeliveryEmail: 'keys@direct.example' },
    },
  })
  const placed = await asks(key, 'POST', `/baskets/${basket.id}/checkout`)
  await shop.run()
  const { items } = await asks(key, 'GET', `/invoices?orderId=${placed.orders[0].id}`)
  return items[0]
}

const eur = (amount: string) => ({ amount, currency: 'EUR' })
const pay = (invoice: { id: string }, amount: string, receivedOn: string, reference: string) =>
  asks(shop.manager.key, 'POST', `/invoices/${invoice.id}/payments`, {
    amount: eur(amount),
    receivedOn,
    reference,
  })
const references = async (query: string) => {
  const { items } = await asks(shop.manager.key, 'GET', `/payments?${query}`)
  return items.map(({ reference }: { reference: string }) => reference)
}

test('a statement is compared: by day, reference, invoice and payer, the newest day first', async () => {
  const [first, second] = invoices as [(typeof invoices)[0], (typeof invoices)[0]]
  await pay(first, '100.00', '2026-01-02', 'Sepa 1')
  await pay(second, '141.61', '2026-01-05', 'Wire 2')
  await pay(first, '41.61', '2026-01-09', 'Sepa 3')
  assert.deepEqual(await references(''), ['Sepa 3', 'Wire 2', 'Sepa 1'])
  assert.deepEqual(await references('sort=received'), ['Sepa 1', 'Wire 2', 'Sepa 3'])
  assert.deepEqual(await references('sort=-amount'), ['Wire 2', 'Sepa 1', 'Sepa 3'])
  assert.deepEqual(await references('receivedFrom=2026-01-05&receivedTo=2026-01-08'), ['Wire 2'])
  assert.deepEqual(await references('q=sepa'), ['Sepa 3', 'Sepa 1'])
  assert.deepEqual(await references(`q=${second.number}`), ['Wire 2'])
  assert.deepEqual(await references(`q=${encodeURIComponent(shop.direct.account.name)}`), [
    'Sepa 3',
    'Wire 2',
    'Sepa 1',
  ])
  assert.deepEqual(await references(`accountId=${shop.direct.account.id}&state=received`), [
    'Sepa 3',
    'Wire 2',
    'Sepa 1',
  ])
  assert.deepEqual(await references(`accountId=${shop.north.account.id}`), [])
  assert.deepEqual(await references(`invoiceId=${second.id}`), ['Wire 2'])
  const page = await asks(shop.manager.key, 'GET', '/payments?limit=2')
  const next = await asks(shop.manager.key, 'GET', `/payments?limit=2&cursor=${page.nextCursor}`)
  assert.deepEqual([page.items.length, next.items.length, next.nextCursor], [2, 1, null])
  const [payment] = next.items
  assert.deepEqual(
    [payment.amount, payment.method, payment.invoiceNumber, payment.billingTo.name, payment.withdrawnAt],
    [eur('100.00'), 'bank-transfer', first.number, shop.direct.account.name, null],
  )
  assert.match(payment.recordedBy, /\w/)
  assert.equal((await client.ask('GET', '/payments', { key: shop.direct.key })).status, 403)
})

test('payments are taken back many at a time, with one reason, and what they paid is open again', async () => {
  const take = { list: 'payments', query: 'q=sepa', action: 'take-back' }
  const { key } = shop.manager
  const silent = await client.ask('POST', '/bulk-actions', { key, body: take })
  assert.deepEqual([silent.status, silent.body.errors[0].pointer], [422, '/reason'])
  const report = async () => {
    const { id } = await asks(key, 'POST', '/bulk-actions', {
      ...take,
      reason: 'The statement was another’s',
    })
    await shop.run()
    const { items } = await asks(key, 'GET', `/bulk-actions/${id}/rows`)
    return items.map(({ outcome, words }: Record<string, string>) => [outcome, words])
  }
  assert.deepEqual(await report(), [
    ['done', 'Taken back: what it paid is open again.'],
    ['done', 'Taken back: what it paid is open again.'],
  ])
  assert.deepEqual(await report(), [
    ['skipped', 'Was taken back before.'],
    ['skipped', 'Was taken back before.'],
  ])
  const { items } = await asks(key, 'GET', '/payments?state=withdrawn')
  assert.deepEqual(
    items.map(({ reference, withdrawnBecause }: Record<string, string>) => [reference, withdrawnBecause]),
    [
      ['Sepa 3', 'The statement was another’s'],
      ['Sepa 1', 'The statement was another’s'],
    ],
  )
  const invoice = await asks(key, 'GET', `/invoices/${invoices[0]?.id}`)
  assert.deepEqual([invoice.paid, invoice.open], ['open', eur('141.61')])
  assert.deepEqual(await references('state=received'), ['Wire 2'])
})
