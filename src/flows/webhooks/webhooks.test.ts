// Webhooks on the real database: what happens to records is told to whoever asked, at least once, signed, and nothing else.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, beforeEach, test } from 'node:test'
import { changeAccount } from '#flows/accounts/change-account.ts'
import { recordPayment } from '#flows/invoicing/record-payment.ts'
import { addToBasket } from '#flows/ordering/add-to-basket.ts'
import { giveServiceDetails } from '#flows/ordering/change-basket.ts'
import { placeOrder } from '#flows/ordering/place-order.ts'
import { Refusal } from '#kernel/failure.ts'
import type { InvoiceId } from '#kernel/ids.ts'
import type { WebhookEvent, WebhookId } from '#modules/webhooks'
import { webhookEvents } from '#modules/webhooks'
import { sellerScope, transaction } from '#platform/db.ts'
import { enqueueRuns } from '#platform/jobs.ts'
import { listShownDeliveries, listShownWebhooks, viewWebhook } from '#views/webhooks/webhooks.ts'
import { company, openShop, type Shop } from '../../../tests/support/fixtures.ts'
import { draftOrder } from '../ordering/draft-order.ts'
import { cancelOrder } from '../ordering/execute-order.ts'
import { submitOrder } from '../ordering/submit-order.ts'
import { deliverWebhook, tidyWebhooks } from './deliver-webhook.ts'
import {
  changeWebhook,
  createWebhook,
  removeWebhook,
  rollWebhookSecret,
  sendAgain,
  sendTestEvent,
  setWebhookState,
} from './manage-webhooks.ts'

type Call = { readonly headers: IncomingHttpHeaders; readonly body: string }

let shop: Shop
let calls: Call[] = []
/** What the other side answers to each call; 200 when there is nothing left. */
let answers: number[] = []
const receiver = createServer((request, response) => {
  let body = ''
  request.on('data', (part) => (body += part))
  request.on('end', () => {
    calls.push({ headers: request.headers, body })
    response.writeHead(answers.shift() ?? 200).end('thanks')
  })
})
let url = ''

before(async () => {
  shop = await openShop({ keys: 5 })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`
})
after(async () => {
  receiver.closeAllConnections()
  receiver.close()
  await shop.close()
})
beforeEach(async () => {
  calls = []
  answers = []
  for (const { id } of await listShownWebhooks(shop.app.db, admin()))
    await removeWebhook(shop.app, admin(), { id })
})

const admin = () => shop.administrator.actor
const make = (...events: WebhookEvent[]) => createWebhook(shop.app, admin(), { name: 'ERP', url, events })
const bodies = () => calls.map(({ body }) => JSON.parse(body))
const deliveries = async (webhookId: WebhookId) =>
  (await listShownDeliveries(shop.app.db, admin(), { webhookId })).items
const isSigned = ({ headers, body }: Call, secret: string) => {
  const key = Buffer.from(secret.slice(6), 'base64')
  const content = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
  const wanted = `v1,${createHmac('sha256', key).update(content).digest('base64')}`
  return String(headers['webhook-signature']).split(' ').includes(wanted)
}
/** The next try, whenever it is. */
const runNext = async () => {
  shop.advance({ hours: 25 })
  await shop.run()
}
const setState = (id: string, state: string) =>
  shop.app.db.pool`update account set state = ${state} where id = ${id}`
let companies = 0
const newCompany = () => company(shop.app, `Told ${String.fromCharCode(65 + companies++)}`, 'customer')

test('an order is told from the checkout to the payment, each step once, and nothing of it that only some may see', async () => {
  const { secret } = await make(...(Object.keys(webhookEvents) as WebhookEvent[]))
  const { actor, account, email } = shop.direct
  const { basketId } = await addToBasket(shop.app, actor, { planId: shop.planId, quantity: 1 })
  await giveServiceDetails(shop.app, actor, {
    basketId,
    accountId: account.id,
    connector: 'microsoft-esd',
    options: { keyDeliveryEmail: email },
  })
  await placeOrder(shop.app, actor, { basketId })
  await shop.run()
  const [order] = await shop.app.db.pool<{ id: string; number: string }[]>`
    select id, number from sales_order order by id desc limit 1`
  const [asset] = await shop.app.db.pool<
    { id: string; number: string }[]
  >`select id, number from asset order by id desc limit 1`
  const [invoice] = await shop.app.db.pool<{ id: string; number: string }[]>`
    select id, number from invoice order by id desc limit 1`
  assert.ok(order && asset && invoice)
  // 119.00 and 19 % of it.
  await recordPayment(shop.app, shop.administrator.actor, {
    invoiceId: invoice.id as InvoiceId,
    amount: '141.61',
    receivedOn: '2026-01-02',
  } as never)
  await shop.run()
  const told = bodies().map(({ type, data }) => [type, data.id, data.number, data.state, data.url])
  const api = 'http://shop.example/api/v1'
  assert.deepEqual(
    told.filter(([type]) => type !== 'order.submitted'),
    [
      ['order.executed', order.id, order.number, 'executed', `${api}/orders/${order.id}`],
      ['asset.delivered', asset.id, asset.number, 'active', `${api}/assets/${asset.id}`],
      ['invoice.issued', invoice.id, invoice.number, 'issued', `${api}/invoices/${invoice.id}`],
      ['invoice.paid', invoice.id, invoice.number, 'issued', `${api}/invoices/${invoice.id}`],
    ],
  )
  assert.ok(calls.every((call) => isSigned(call, secret)))
  assert.equal(new Set(calls.map(({ headers }) => headers['webhook-id'])).size, calls.length)
  const all = calls.map(({ body }) => body).join()
  for (const secretThing of ['AAAAA-BBBBB', '119.00', '141.61', '14161', 'Direct', email])
    assert.ok(!all.includes(secretThing), secretThing)
})

test('a draft is told of when it is saved, and when it is submitted or cancelled', async () => {
  await make('order.draft', 'order.submitted', 'order.cancelled')
  const input = {
    endCustomerId: shop.direct.account.id,
    lines: [{ planId: shop.planId, quantity: 1 }],
  }
  const kept = await draftOrder(shop.app, admin(), input)
  await submitOrder(shop.app, admin(), { orderId: kept.id })
  const dropped = await draftOrder(shop.app, admin(), input)
  await cancelOrder(shop.app, admin(), { orderId: dropped.id })
  await shop.run()
  assert.deepEqual(
    bodies()
      .map(({ type, data }) => [data.number, type, data.previousState ?? ''].join(' '))
      .sort(),
    [
      `${kept.number} order.draft `,
      `${kept.number} order.submitted draft`,
      `${dropped.number} order.draft `,
      `${dropped.number} order.cancelled draft`,
    ].sort(),
  )
})

test('an account is told of when it is new, blocked and unblocked; nobody is told what nobody asked for', async () => {
  const { id } = await make('account.created', 'account.blocked', 'account.unblocked')
  const other = await make('account.merged')
  const account = await newCompany()
  await setState(account.id, 'blocked')
  await changeAccount(shop.app, admin(), { accountId: account.id, details: { city: 'Bonn' } })
  await setState(account.id, 'active')
  await shop.run()
  assert.deepEqual(
    bodies().map(({ type, data }) => [type, data.number, data.state, data.previousState]),
    [
      ['account.created', account.number, 'active', null],
      ['account.blocked', account.number, 'blocked', 'active'],
      ['account.unblocked', account.number, 'active', 'blocked'],
    ],
  )
  assert.deepEqual(
    (await deliveries(id)).map(({ state, status, answer }) => [state, status, answer]),
    [
      ['delivered', 200, 'thanks'],
      ['delivered', 200, 'thanks'],
      ['delivered', 200, 'thanks'],
    ],
  )
  assert.equal((await deliveries(other.id)).length, 0)
})

test('what is rolled back was never told', async () => {
  await make('account.created')
  await assert.rejects(
    transaction(shop.app.db, sellerScope, async (tx) => {
      await company({ ...shop.app, db: tx }, 'Rolled back', 'customer')
      throw new Error('on purpose')
    }),
    /on purpose/,
  )
  await shop.run()
  assert.equal(calls.length, 0)
})

test('a call that fails is made again with the same id and body, after a pause that grows', async () => {
  const { id, secret } = await make('account.created')
  answers = [500, 503, 200]
  await newCompany()
  await shop.run()
  const [waiting] = await deliveries(id)
  assert.deepEqual([waiting?.state, waiting?.tries, waiting?.status], ['waiting', 1, 500])
  assert.ok((await viewWebhook(shop.app.db, admin(), { id })).failingSince)
  const pause = (delivery = waiting) =>
    delivery?.nextTryAt?.since(delivery.lastTriedAt ?? delivery.happenedAt).round({ smallestUnit: 'second' })
      .seconds
  assert.equal(pause(), 5)
  await runNext()
  const [second] = await deliveries(id)
  assert.deepEqual([second?.state, second?.tries, pause(second)], ['waiting', 2, 60])
  await runNext()
  const [third] = await deliveries(id)
  assert.deepEqual([third?.state, third?.tries, third?.status], ['delivered', 3, 200])
  assert.equal(new Set(calls.map(({ headers }) => headers['webhook-id'])).size, 1)
  assert.equal(new Set(calls.map(({ body }) => body)).size, 1)
  assert.ok(calls.every((call) => isSigned(call, secret)))
  assert.equal((await viewWebhook(shop.app.db, admin(), { id })).failingSince, undefined)
})

test('a worker that died after the call and before it noted the answer calls again with the same id', async () => {
  const { id } = await make('account.created')
  await newCompany()
  // What such a worker leaves behind: tried, and no answer kept.
  await shop.app.db.pool`update webhook_delivery set tries = 1, last_tried_at = now()`
  await shop.run()
  const [delivery] = await deliveries(id)
  assert.deepEqual(
    [delivery?.state, delivery?.tries, calls[0]?.headers['webhook-id']],
    ['delivered', 2, delivery?.eventId],
  )
  // The job that was done, run once more, calls nobody.
  await transaction(shop.app.db, sellerScope, (tx) =>
    enqueueRuns(tx, [{ name: deliverWebhook.name, data: { deliveryId: delivery?.id } }]),
  )
  await shop.run()
  assert.equal(calls.length, 1)
})

test('after nine tries it has failed and waits for a person, who sends one again, or all', async () => {
  const { id } = await make('account.created')
  answers = Array.from({ length: 18 }, () => 500)
  await newCompany()
  await newCompany()
  await shop.run()
  // Paused by nobody: the five days are counted by the clock, which this test moves less far.
  for (let n = 0; n < 8; n += 1) {
    await shop.app.db.pool`update webhook set failing_since = now() + interval '1 year'`
    await runNext()
  }
  assert.deepEqual(
    (await deliveries(id)).map(({ state, tries, nextTryAt }) => [state, tries, nextTryAt]),
    [
      ['failed', 9, null],
      ['failed', 9, null],
    ],
  )
  assert.deepEqual(
    (await listShownWebhooks(shop.app.db, admin())).map(({ failed, waiting }) => [failed, waiting]),
    [[2, 0]],
  )
  const [first, second] = await deliveries(id)
  assert.ok(first && second)
  assert.deepEqual(await sendAgain(shop.app, admin(), { webhookId: id, id: first.id }), { count: 1 })
  await shop.run()
  assert.deepEqual(
    (await deliveries(id)).map(({ state, tries }) => [state, tries]),
    [
      ['delivered', 1],
      ['failed', 9],
    ],
  )
  const failedSince = second.happenedAt
  assert.deepEqual(await sendAgain(shop.app, admin(), { webhookId: id, failedSince }), { count: 1 })
  assert.deepEqual(await sendAgain(shop.app, admin(), { webhookId: id, failedSince }), { count: 0 })
  await shop.run()
  assert.deepEqual(
    (await deliveries(id)).map(({ state }) => state),
    ['delivered', 'delivered'],
  )
})

test('410 pauses it at once, five days of failures do too, and it says why', async () => {
  const gone = await make('account.created')
  answers = [410]
  await newCompany()
  await shop.run()
  const first = await viewWebhook(shop.app.db, admin(), { id: gone.id })
  assert.deepEqual(
    [first.state, first.pausedBecause],
    ['paused', 'The address answered 410: it is gone for good.'],
  )
  assert.deepEqual(
    (await deliveries(gone.id)).map(({ state, status }) => [state, status]),
    [['failed', 410]],
  )

  const { id } = await make('account.created')
  answers = [500, 500]
  await newCompany()
  await shop.run()
  shop.advance({ hours: 96 })
  await runNext()
  const second = await viewWebhook(shop.app.db, admin(), { id })
  assert.deepEqual([second.state, second.pausedBecause], ['paused', 'Every call has failed for five days.'])
})

test('paused it is told nothing and what happens is not kept; what waited goes on when it is active again', async () => {
  const { id } = await make('account.created')
  await newCompany()
  await setWebhookState(shop.app, admin(), { id, state: 'paused' })
  await newCompany()
  await shop.run()
  assert.equal(calls.length, 0)
  assert.deepEqual(
    (await deliveries(id)).map(({ state }) => state),
    ['waiting'],
  )
  await setWebhookState(shop.app, admin(), { id, state: 'active' })
  await shop.run()
  assert.equal(calls.length, 1)
})

test('a rolled secret signs at once, the former one beside it for a day', async () => {
  const { id, secret } = await make('account.created')
  const { secret: rolled } = await rollWebhookSecret(shop.app, admin(), { id })
  await newCompany()
  await shop.run()
  assert.ok(calls[0] && isSigned(calls[0], secret) && isSigned(calls[0], rolled))
  shop.advance({ hours: 25 })
  await newCompany()
  await shop.run()
  assert.ok(calls[1] && !isSigned(calls[1], secret) && isSigned(calls[1], rolled))
})

test('a test event is sent alone; a changed webhook is told of what it asks for now; a deleted one of nothing', async () => {
  const { id } = await make('account.merged')
  await sendTestEvent(shop.app, admin(), { id })
  await shop.run()
  assert.deepEqual(
    bodies().map(({ type, data }) => [type, data]),
    [['webhook.test', { message: 'A test of the webhook "ERP".' }]],
  )
  await changeWebhook(shop.app, admin(), { id, events: ['account.created'] })
  await newCompany()
  await removeWebhook(shop.app, admin(), { id })
  await newCompany()
  await shop.run()
  assert.equal(calls.length, 1)
})

test('only whoever manages the setup has webhooks', async () => {
  const manager = shop.manager.actor
  const forbidden = (error: unknown) => error instanceof Refusal && error.code === 'right/missing'
  await assert.rejects(
    createWebhook(shop.app, manager, { name: 'x', url, events: ['order.executed'] }),
    forbidden,
  )
  await assert.rejects(listShownWebhooks(shop.app.db, manager), forbidden)
})

test('the row a trigger enqueues is the one our own code would write', async () => {
  await make('account.created')
  await newCompany()
  await transaction(shop.app.db, sellerScope, (tx) =>
    enqueueRuns(tx, [
      { name: deliverWebhook.name, data: { deliveryId: '01a21a3c-8f0e-7c55-9d5c-0a4f5b7e2c11' } },
    ]),
  )
  const rows = await shop.app.db.pool`
    select to_jsonb(job) - array['id', 'data', 'created_on', 'start_after', 'keep_until'] as row,
      keep_until - start_after as kept from pgboss.job where name = 'deliver-webhook' and state = 'created'`
  assert.equal(rows.length, 2)
  assert.deepEqual(rows[0], rows[1])
  await shop.app.db.pool`delete from pgboss.job where name = 'deliver-webhook' and state = 'created'`
})

test('after thirty days what was told is forgotten', async () => {
  const { id } = await make('account.created')
  await newCompany()
  await shop.run()
  shop.advance({ hours: 31 * 24 })
  await tidyWebhooks.run(shop.app, {}, { id: 'x', retries: 0, isLastTry: false })
  assert.equal((await deliveries(id)).length, 0)
})
