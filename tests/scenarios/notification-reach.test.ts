// Whom a notification reaches: nobody when it is activated for new records only; else each record that matches once, whatever dies in
// between; and the mails about orders, invoices and payments. One licence is 119.00 EUR, 141.61 with VAT; an invoice is due after 30 days.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { mailExisting } from '#flows/notifying/mail-existing.ts'
import type { NotificationRunId } from '#modules/notifications'
import type { Message } from '#platform/mail.ts'
import { type Answer, type Client, openClient } from '../support/api.ts'
import { type Buyer, openShop, type Shop } from '../support/fixtures.ts'

let shop: Shop
let client: Client
let sent: Message[] = []
before(async () => {
  shop = await openShop()
  const send = async (mail: Message) => {
    sent.push(mail)
    return { outcome: 'accepted' as const, response: '250 taken', accepted: [], rejected: [] }
  }
  Object.assign(shop.app, { mailer: { ...shop.app.mailer, send } })
  client = await openClient(shop.app)
  for (const { account } of [shop.direct, shop.north]) {
    const sync = `/accounts/${account.id}/sync/microsoft-esd`
    const options = { keyDeliveryEmail: `keys@${account.name.toLowerCase()}.example` }
    await as(shop.manager.key, 'PUT', sync, { options })
    await as(shop.manager.key, 'POST', `${sync}/synchronize`, {})
  }
  await shop.run()
})
after(async () => {
  await client.close()
  await shop.close()
})

const as = (key: string, method: string, path: string, body?: unknown): Promise<Answer> =>
  client.ask(method, path, { key, body })
const ask = (method: string, path: string, body?: unknown) => as(shop.administrator.key, method, path, body)

const WELCOME = 'welcome-microsoft-esd-customer'
const set = async (code: string, change: object) => {
  const answer = await ask('PATCH', `/notifications/${code}`, change)
  assert.equal(answer.status, 200, answer.text)
  return answer.body
}
const reachOf = async (code: string) => (await ask('GET', `/notifications/${code}/reach`)).body
const lastRun = async (code: string) => (await ask('GET', `/notifications/${code}`)).body.lastRun

/** Buys in the shop; answers the order. */
async function buy(buyer: Buyer, quantity: number) {
  const { body: basket } = await as(buyer.key, 'POST', '/baskets', {})
  const items = await as(buyer.key, 'POST', `/baskets/${basket.id}/items`, { planId: shop.planId, quantity })
  assert.equal(items.status, 201, items.text)
  const placed = await as(buyer.key, 'POST', `/baskets/${basket.id}/checkout`, {})
  assert.ok(placed.status < 300, placed.text)
  return placed.body.orders?.[0] ?? placed.body.items?.[0] ?? placed.body
}

/** What left since this was asked last, by whom it went to and its subject. */
async function left(): Promise<string[]> {
  await shop.run()
  const lines = sent.map(({ to, subject }) => `${to.join(', ')}: ${subject}`)
  sent = []
  return lines.sort()
}

test('activated for new records only, which is the rule, it mails nobody about what was there', async () => {
  await set(WELCOME, { isActive: false })
  await buy(shop.direct, 3)
  assert.deepEqual(await left(), [])
  const reach = await reachOf(WELCOME)
  assert.deepEqual(
    [reach.isOffered, reach.whyNot, reach.records],
    [true, null, 'active licences that have their key and were never mailed'],
  )
  assert.deepEqual([reach.mails, reach.recipients, reach.isMore, reach.isCounted], [3, 1, false, true])
  assert.equal(reach.examples.length, 3)
  assert.equal(reach.examples[0].customer, 'Direct')
  assert.deepEqual(reach.examples[0].to, ['keys@direct.example'])

  assert.equal((await set(WELCOME, { isActive: true })).onlyNew, true)
  assert.deepEqual(await left(), [])
  assert.equal(await lastRun(WELCOME), null)
  await buy(shop.direct, 1)
  assert.deepEqual(await left(), ['keys@direct.example: Your licence is ready: Backup Desktop'])
  assert.equal((await reachOf(WELCOME)).mails, 3, 'the one that was mailed does not match any more')
})

test('activated for what matches as well, each record is mailed once, however often its job runs or dies', async () => {
  await set(WELCOME, { isActive: false })
  await set(WELCOME, { isActive: true, onlyNew: false, cc: ['Copies@seller.example'] })
  assert.equal((await reachOf(WELCOME)).recipients, 2, 'those in copy count')
  const { body: jobs } = await ask('GET', '/jobs?queue=mail-existing')
  assert.deepEqual(
    jobs.items.map((job: { queue: string; state: string }) => [job.queue, job.state]),
    [['mail-existing', 'created']],
  )
  const notificationRunId = jobs.items[0].data.notificationRunId as NotificationRunId
  const meta = { id: 'x', retries: 0, isLastTry: false }

  // A worker that dies before its chunk is written: nothing of it is there.
  const { pool } = shop.app.db
  await pool.unsafe(
    `create function die() returns trigger language plpgsql as $$ begin raise 'killed'; end $$`,
  )
  await pool.unsafe(
    `create trigger die before update on notification_run for each row execute function die()`,
  )
  await assert.rejects(mailExisting.run(shop.app, { notificationRunId }, meta), /killed/)
  await pool.unsafe(`drop trigger die on notification_run`)
  assert.equal((await reachOf(WELCOME)).mails, 3)

  // Two workers at once, and one that comes when all is done.
  await Promise.all([1, 2].map(() => mailExisting.run(shop.app, { notificationRunId }, meta)))
  await mailExisting.run(shop.app, { notificationRunId }, meta)
  const subject = 'keys@direct.example: Your licence is ready: Backup Desktop'
  assert.deepEqual(await left(), [subject, subject, subject])
  const run = await lastRun(WELCOME)
  assert.deepEqual([run.state, run.mails, run.problem], ['done', 3, null])
  assert.equal((await reachOf(WELCOME)).mails, 0)

  await set(WELCOME, { isActive: false })
  await set(WELCOME, { isActive: true })
  assert.deepEqual(await left(), [])
  assert.deepEqual([(await lastRun(WELCOME)).state, (await lastRun(WELCOME)).mails], ['done', 0])
  await set(WELCOME, { onlyNew: true, cc: [] })
})

test('switched off in between, the rest is not mailed', async () => {
  await buy(shop.direct, 1)
  await left()
  await shop.app.db.pool`delete from mail where notification_code = ${WELCOME}`
  await set(WELCOME, { isActive: false })
  await set(WELCOME, { isActive: true, onlyNew: false })
  await set(WELCOME, { isActive: false })
  assert.deepEqual(await left(), [])
  const run = await lastRun(WELCOME)
  assert.deepEqual(
    [run.state, run.mails, run.problem],
    ['stopped', 0, 'Marit switched the notification off.'],
  )
  await set(WELCOME, { isActive: true, onlyNew: true })
})

test('where it makes no sense it is not offered, and says why; each that is offered can be counted and sent', async () => {
  for (const code of ['password-reset', 'invitation', 'provisioning-failed', 'subscription-cancelled']) {
    const reach = await reachOf(code)
    assert.deepEqual([reach.isOffered, reach.records, reach.mails], [false, null, 0])
    assert.ok(reach.whyNot.length > 20)
    const refused = await ask('PATCH', `/notifications/${code}`, { onlyNew: false })
    assert.deepEqual([refused.status, refused.body.errors[0].pointer], [422, '/onlyNew'], refused.text)
  }
  const refused = await ask('PATCH', '/notifications/order-received', { days: [7] })
  assert.deepEqual([refused.status, refused.body.errors[0].pointer], [422, '/days'])
  const { body: all } = await ask('GET', '/notifications?limit=100')
  let offered = 0
  for (const { code, isActive } of all.items) {
    const reach = await reachOf(code)
    if (!reach.isOffered) continue
    offered += 1
    await set(code, { isActive: false })
    await set(code, { isActive: true, onlyNew: false })
    await shop.run()
    const run = await lastRun(code)
    assert.deepEqual([code, run.state, run.mails], [code, 'done', reach.mails])
    await set(code, { isActive, onlyNew: true })
  }
  assert.equal(offered, 12)
  sent = []
})

test('an order is told of when it comes in, when it waits for approval, and when it is complete', async () => {
  for (const code of ['order-received', 'order-waits-for-approval', 'order-completed'])
    await set(code, { isActive: true })
  // Orders of before are settled again, for later charges say, and are not told of as complete.
  await shop.app.db.pool`
    insert into pgboss.job (name, data) select 'settle-order', jsonb_build_object('orderId', id) from sales_order`
  await shop.app.db.pool`delete from mail where notification_code = 'order-completed'`
  assert.deepEqual(await left(), [])
  const order = await buy(shop.direct, 2)
  const licence = 'keys@direct.example: Your licence is ready: Backup Desktop'
  await shop.run()
  const received = sent.find(({ subject }) => subject.startsWith('We received'))
  assert.match(received?.text ?? '', /2 × Backup Desktop/)
  assert.match(received?.text ?? '', /€283\.22/)
  assert.match(received?.text ?? '', new RegExp(`http://shop.example/orders/${order.id}`))
  assert.deepEqual(await left(), [
    `anna@direct.example: We received your order ${order.number}`,
    `anna@direct.example: Your order ${order.number} is complete`,
    licence,
    licence,
  ])
  // Whoever placed it sees that it was told.
  const { status } = await as(shop.direct.key, 'GET', `/orders/${order.id}`)
  assert.equal(status, 200)

  const account = `/accounts/${shop.direct.account.id}`
  const limited = await ask('PATCH', account, { creditLimit: { amount: '1.00', currency: 'EUR' } })
  assert.equal(limited.status, 200, limited.text)
  const held = await buy(shop.direct, 1)
  assert.deepEqual(await left(), [`anna@direct.example: Your order ${held.number} waits for our approval`])
  const approved = await ask('POST', `/orders/${held.id}/execute`, { overCreditReason: 'Good payer' })
  assert.equal(approved.status, 200, approved.text)
  assert.deepEqual(await left(), [
    `anna@direct.example: We received your order ${held.number}`,
    `anna@direct.example: Your order ${held.number} is complete`,
    licence,
  ])
  await ask('PATCH', account, { creditLimit: null })
  for (const code of ['order-received', 'order-waits-for-approval', 'order-completed'])
    await set(code, { isActive: false })
})

test('an invoice comes as a PDF, to the contact for bills; what is not paid is reminded of once for each day', async () => {
  await set(WELCOME, { isActive: false })
  const { id } = shop.north.account
  const contact = await as(shop.manager.key, 'POST', `/accounts/${id}/contacts`, {
    role: 'billing',
    name: 'Bea Bills',
    email: 'bills@north.example',
  })
  assert.equal(contact.status, 201, contact.text)
  for (const code of ['invoice-issued', 'payment-received']) await set(code, { isActive: true })
  await set('payment-reminder', { isActive: true, days: [-3, 7] })
  await buy(shop.north, 1)
  await shop.run()
  const [mail] = sent
  const { body: invoices } = await as(shop.north.key, 'GET', '/invoices')
  const [invoice] = invoices.items
  assert.equal(mail?.subject, `Invoice ${invoice.number} over €141.61`)
  assert.deepEqual(mail?.to, ['bills@north.example'])
  const [pdf] = mail?.attachments ?? []
  assert.deepEqual([pdf?.filename, pdf?.contentType], [`${invoice.number}.pdf`, 'application/pdf'])
  assert.equal(
    Buffer.from(pdf?.content ?? [])
      .subarray(0, 5)
      .toString(),
    '%PDF-',
  )
  assert.equal((await left()).length, 1)

  // Issued today and due in 30 days: the reminder of three days before it is sent on the 27th day.
  const remind = async () => {
    const name = 'send-payment-reminders'
    await shop.app.db.pool`insert into pgboss.job (name, data) values (${name}, '{}'), (${name}, '{}')`
    return (await left()).filter((line) => line.startsWith('bills@north'))
  }
  shop.advance({ hours: 26 * 24 })
  assert.deepEqual(await remind(), [])
  shop.advance({ hours: 24 })
  const [soon = '', ...others] = await remind()
  assert.match(soon, new RegExp(`^bills@north.example: Invoice ${invoice.number} is due on `))
  assert.deepEqual(others, [])
  assert.deepEqual(await remind(), [])
  const late = `bills@north.example: Invoice ${invoice.number} is overdue`
  shop.advance({ hours: 10 * 24 })
  assert.deepEqual(await remind(), [late])
  assert.deepEqual(await remind(), [])
  // Days that are changed count from now on.
  await set('payment-reminder', { days: [5, 9] })
  assert.deepEqual(await remind(), [])
  shop.advance({ hours: 2 * 24 })

  const paid = await as(shop.manager.key, 'POST', `/invoices/${invoice.id}/payments`, {
    amount: { amount: '41.61', currency: 'EUR' },
    receivedOn: shop.app.now().toZonedDateTimeISO('Europe/Berlin').toPlainDate().toString(),
  })
  assert.equal(paid.status, 201, paid.text)
  await shop.run()
  const thanks = sent.find(({ subject }) => subject.startsWith('We received'))
  assert.equal(thanks?.subject, 'We received your payment of €41.61')
  assert.match(thanks?.text ?? '', /€100\.00 are still open/)
  sent = []
  assert.deepEqual(await remind(), [late])
})
