// Notifications of the seller's own: made for an event, perhaps with conditions, sent once for each record and event, and deleted.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { mailEvent } from '#flows/notifying/mail-event.ts'
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
  await ask('PATCH', '/notifications/welcome-microsoft-esd-customer', { isActive: false })
  await shop.run()
})
after(async () => {
  await client.close()
  await shop.close()
})

const as = (key: string, method: string, path: string, body?: unknown): Promise<Answer> =>
  client.ask(method, path, { key, body })
const ask = (method: string, path: string, body?: unknown) => as(shop.administrator.key, method, path, body)

async function buy(buyer: Buyer, quantity = 1) {
  const { body: basket } = await as(buyer.key, 'POST', '/baskets', {})
  await as(buyer.key, 'POST', `/baskets/${basket.id}/items`, { planId: shop.planId, quantity })
  const before = shop.app.db.counted.statements
  const placed = await as(buyer.key, 'POST', `/baskets/${basket.id}/checkout`, {})
  assert.ok(placed.status < 300, placed.text)
  return shop.app.db.counted.statements - before
}

/** What left since this was asked last: by whom it went to, in copy, in blind copy, and its subject. */
async function left(): Promise<string[]> {
  await shop.run()
  const lines = sent.map(
    ({ to, cc = [], bcc = [], subject }) => `${to.join(', ')}|${cc.join(', ')}|${bcc.join(', ')}: ${subject}`,
  )
  sent = []
  return lines.sort()
}

async function make(given: object): Promise<{ code: string }> {
  const made = await ask('POST', '/notifications', given)
  assert.equal(made.status, 201, made.text)
  return made.body
}
const activate = async (code: string, change: object = {}) => {
  const answer = await ask('PATCH', `/notifications/${code}`, { isActive: true, ...change })
  assert.equal(answer.status, 200, answer.text)
}
const remove = async (code: string) =>
  assert.equal((await ask('DELETE', `/notifications/${code}`)).status, 200)
const direct = () => shop.direct.account.email
const north = () => shop.north.account.email

test('it begins switched off, then it is sent once for each record, and a checkout takes no statement more', async () => {
  const statements = await buy(shop.direct)
  const { code } = await make({
    name: 'Orders, our own way',
    event: 'order.executed',
    subject: 'Our own: {{ order.summary }} for {{ customer.name }}',
    to: ['{{ payer.email }}', 'desk@seller.example'],
    cc: ['{{customer.email}}', 'copy@seller.example'],
    bcc: ['{{ seller.email }}'],
  })
  assert.equal(code, 'own-orders-our-own-way')
  const { body: made } = await ask('GET', `/notifications/${code}`)
  assert.deepEqual(
    [made.isActive, made.event, made.entity, made.to, made.cc, made.language],
    [
      false,
      'order.executed',
      'order',
      ['{{ payer.email }}', 'desk@seller.example'],
      ['{{ customer.email }}', 'copy@seller.example'],
      'en',
    ],
  )
  assert.deepEqual(await left(), [])
  await activate(code)
  assert.equal(await buy(shop.direct), statements)
  const seller = (await shop.app.db.pool`select email from legal_entity where is_default`)[0]?.['email']
  const line = `${direct()}, desk@seller.example|${direct()}, copy@seller.example|${seller}: Our own: 1 × Backup Desktop for Direct`
  assert.deepEqual(await left(), [line])
  const { body: mails } = await ask('GET', `/mails?notification=${code}`)
  assert.equal(mails.items.length, 1)
  // Its job may run again: the mail is made once.
  const [{ orderId }] = mails.items
  const meta = { id: 'x', retries: 0, isLastTry: false }
  await mailEvent.run(shop.app, { code, recordId: orderId, occurrence: '' }, meta)
  assert.deepEqual(await left(), [])
  // Deleted it is sent no more; what it sent stays in the log, and its name may be used again.
  await remove(code)
  await buy(shop.direct)
  assert.deepEqual(await left(), [])
  assert.equal((await ask('GET', `/notifications/${code}`)).status, 404)
  assert.equal((await ask('GET', `/mails/${mails.items[0].id}`)).body.notification, code)
  assert.equal((await make({ name: 'Orders, our own way', event: 'order.executed' })).code, `${code}-2`)
  await remove(`${code}-2`)
  const { body: audit } = await ask('GET', `/audit?subjectType=notification&subjectId=${code}`)
  assert.deepEqual(
    audit.items.map(({ action }: { action: string }) => action),
    ['notification/deleted', 'notification/changed', 'notification/created'],
  )
})

test('several hang on one event, each with its own conditions; all of them must hold', async () => {
  const codes: string[] = []
  const add = async (name: string, conditions: object) => {
    const { code } = await make({ name, event: 'asset.delivered', subject: name, conditions })
    await activate(code)
    codes.push(code)
  }
  const country = shop.direct.account.country
  await add('All', {})
  await add('Of this account', { accountId: shop.direct.account.id })
  await add('Of this country', { countries: [country.toLowerCase()] })
  await add('Of another country', { countries: ['JP', 'BR'] })
  await add('In Polish', { language: 'pl' })
  await add('Here, but in Polish', { accountId: shop.direct.account.id, language: 'pl' })
  await shop.app.db.pool`update account set language = 'en-GB' where id = ${shop.direct.account.id}`
  await add('In English', { language: 'en' })
  await buy(shop.direct, 2)
  const of = (name: string) => `${direct()}||: ${name}`
  const each = ['All', 'In English', 'Of this account', 'Of this country'].map(of)
  assert.deepEqual(await left(), [...each, ...each].sort())
  await Promise.all(codes.map(remove))
})

test('what it reaches is counted before it is activated, and mailed once', async () => {
  const { code } = await make({
    name: 'Keys of ours',
    event: 'asset.delivered',
    subject: 'Keys: {{ licence.number }} {{ licence.key }}',
    to: ['{{ keys.email }}'],
    conditions: { accountId: shop.north.account.id },
  })
  await buy(shop.north, 3)
  assert.deepEqual(await left(), [])
  const { body: reach } = await ask('GET', `/notifications/${code}/reach`)
  assert.deepEqual(
    [reach.isOffered, reach.records, reach.mails, reach.recipients],
    [true, 'active licences that have their key', 3, 1],
  )
  assert.deepEqual(reach.examples[0].to, ['keys@north.example'])
  await activate(code, { onlyNew: false })
  assert.equal((await left()).length, 3)
  assert.equal((await ask('GET', `/notifications/${code}/reach`)).body.mails, 0)
  // A key in a subject does not stand in the log.
  const { body: mails } = await ask('GET', `/mails?notification=${code}`)
  assert.match(mails.items[0].subject, /^Keys: LIC-\d+ \w{5}-xxxxx-xxxxx-xxxxx-\w{5}$/)
  await buy(shop.north)
  assert.equal((await left()).length, 1)
  await remove(code)
  // What only the moment knows is offered for new records alone.
  const paid = await make({ name: 'Paid', event: 'invoice.paid' })
  const { body: none } = await ask('GET', `/notifications/${paid.code}/reach`)
  assert.equal(none.isOffered, false)
  const refused = await ask('PATCH', `/notifications/${paid.code}`, { isActive: true, onlyNew: false })
  assert.deepEqual([refused.status, refused.body.errors[0].pointer], [422, '/onlyNew'])
  await remove(paid.code)
})

test('an order that is complete, an invoice issued and paid, an account that is blocked: each is told once', async () => {
  for (const event of ['order.completed', 'invoice.issued', 'invoice.paid', 'account.blocked']) {
    const { code } = await make({ name: event, event, subject: event })
    await activate(code)
  }
  await buy(shop.north)
  const to = (event: string) => `${north()}||: ${event}`
  assert.deepEqual(await left(), [to('invoice.issued'), to('order.completed')])
  const { body: invoices } = await ask('GET', '/invoices?limit=1')
  const [{ id, total }] = invoices.items
  const paid = await ask('POST', `/invoices/${id}/payments`, {
    amount: total,
    receivedOn: '2026-11-27',
  })
  assert.ok(paid.status < 300, paid.text)
  assert.deepEqual(await left(), [to('invoice.paid')])
  const block = await as(shop.manager.key, 'POST', `/accounts/${shop.north.account.id}/block`, {
    reason: 'Unpaid',
  })
  assert.ok(block.status < 300, block.text)
  assert.deepEqual(await left(), [to('account.blocked')])
  await as(shop.manager.key, 'POST', `/accounts/${shop.north.account.id}/unblock`, {})
})

test('a reminder of one’s own is sent on its days, once for each', async () => {
  const { code } = await make({
    name: 'Dunning',
    event: 'invoice.reminder',
    subject: 'Due {{ invoice.number }}',
    days: [-2, 5],
  })
  await activate(code)
  await buy(shop.direct)
  await left()
  shop.advance({ hours: 24 * 28 })
  const lines = async () => (await left()).filter((line) => line.includes('Due ')).length
  const { sendPaymentReminders } = await import('#flows/notifying/payment-reminders.ts')
  const remind = () => sendPaymentReminders.run(shop.app, {}, { id: 'x', retries: 0, isLastTry: false })
  await remind()
  await remind()
  const first = await lines()
  assert.ok(first > 0)
  await remind()
  assert.equal(await lines(), 0)
  shop.advance({ hours: 24 * 7 })
  await remind()
  assert.equal(await lines(), first)
  await remove(code)
})

test('a copy begins with the words of another; what makes no sense at its event is refused by field', async () => {
  await ask('PUT', '/notifications/order-received/texts/de', { subject: 'Ihr Auftrag', body: 'Hallo' })
  const { code } = await make({ name: 'Copy', event: 'order.executed', from: 'order-received' })
  const { body: copy } = await ask('GET', `/notifications/${code}`)
  assert.deepEqual(
    [copy.subject, copy.to],
    ['We received your order {{ order.number }}', ['{{ payer.email }}']],
  )
  const { body: texts } = await ask('GET', `/notifications/${code}/texts`)
  assert.deepEqual(
    texts.items.map(({ language, subject }: Record<string, string>) => [language, subject]),
    [['de', 'Ihr Auftrag']],
  )
  const faults = async (given: object, method = 'POST', path = '/notifications') => {
    const { status, body } = await ask(method, path, { name: 'x', event: 'order.executed', ...given })
    assert.equal(status, 422)
    return body.errors.map(({ pointer }: { pointer: string }) => pointer)
  }
  const ofWelcome = await faults({ from: 'welcome-microsoft-esd-customer' })
  assert.deepEqual([...new Set(ofWelcome)], ['/from'])
  assert.deepEqual(await faults({ event: 'order.eaten' }), ['/event'])
  assert.deepEqual(await faults({ name: ' ' }), ['/name'])
  assert.deepEqual(await faults({ to: [] }), ['/to'])
  assert.deepEqual(await faults({ to: ['{{ keys.email }}'] }), ['/to'])
  assert.deepEqual(await faults({ subject: '{{ licence.key }}' }), ['/subject'])
  assert.deepEqual(await faults({ days: [3] }), ['/days'])
  assert.deepEqual(await faults({ conditions: { countries: ['XX'] } }), ['/conditions/countries'])
  assert.deepEqual(await faults({ conditions: { accountId: crypto.randomUUID() } }), [
    '/conditions/accountId',
  ])
  assert.deepEqual(await faults({ event: 'asset.failed', conditions: { productKind: 'esd' } }), [
    '/conditions/productKind',
  ])
  // One that came with the system keeps its name, has no conditions and is not deleted.
  const seeded = await ask('PATCH', '/notifications/order-received', {
    name: 'Mine',
    conditions: { language: 'de' },
  })
  assert.deepEqual(
    seeded.body.errors.map(({ pointer }: { pointer: string }) => pointer),
    ['/name', '/conditions'],
  )
  const kept = await ask('DELETE', '/notifications/order-received')
  assert.deepEqual([kept.status, kept.body.code], [422, 'notification/not-own'])
})

test('the words of its own have a language: a reader of it gets them, and no other words are written in it', async () => {
  const { code } = await make({
    name: 'Auf Deutsch',
    event: 'order.executed',
    subject: 'Deutsch',
    language: 'de',
  })
  const own = await ask('PUT', `/notifications/${code}/texts/de`, { subject: 'x', body: 'y' })
  assert.deepEqual([own.status, own.body.errors[0].pointer], [422, '/language'])
  await ask('PUT', `/notifications/${code}/texts/en`, { subject: 'English', body: 'Hello' })
  await activate(code)
  await shop.app.db.pool`update account set language = 'de' where id = ${shop.direct.account.id}`
  await buy(shop.direct)
  await shop.app.db.pool`update account set language = 'fr' where id = ${shop.direct.account.id}`
  await left().then((lines) => assert.ok(lines.some((line) => line.endsWith('Deutsch'))))
  await shop.app.db.pool`update account set language = 'en-GB' where id = ${shop.direct.account.id}`
  await buy(shop.direct)
  assert.ok((await left()).some((line) => line.endsWith('English')))
})
