// The mail log: what a mail said is read as it was sent, its key by those alone who may reveal keys; and any mail is sent again, as a copy
// that names the first.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Message } from '#platform/mail.ts'
import { type Answer, type Client, openClient } from '../support/api.ts'
import { openShop, type Shop } from '../support/fixtures.ts'

let shop: Shop
let client: Client
let sent: Message[] = []
let answers: ('accepted' | 'rejected')[] = []
before(async () => {
  shop = await openShop()
  const send = async (mail: Message) => {
    const outcome = answers.shift() ?? 'accepted'
    if (outcome === 'accepted') sent.push(mail)
    return {
      outcome,
      response: outcome === 'accepted' ? '250 taken' : '550 nobody',
      accepted: [],
      rejected: [],
    }
  }
  Object.assign(shop.app, { mailer: { ...shop.app.mailer, send } })
  client = await openClient(shop.app)
  const sync = `/accounts/${shop.direct.account.id}/sync/microsoft-esd`
  await as(shop.manager.key, 'PUT', sync, { options: { keyDeliveryEmail: 'keys@direct.example' } })
  await as(shop.manager.key, 'POST', `${sync}/synchronize`, {})
  for (const code of ['order-received', 'invoice-issued'])
    await ask('PATCH', `/notifications/${code}`, { isActive: true })
  await shop.run()
})
after(async () => {
  await client.close()
  await shop.close()
})

const as = (key: string, method: string, path: string, body?: unknown): Promise<Answer> =>
  client.ask(method, path, { key, body })
const ask = (method: string, path: string, body?: unknown) => as(shop.administrator.key, method, path, body)

async function buy(quantity: number) {
  const { body: basket } = await as(shop.direct.key, 'POST', '/baskets', {})
  await as(shop.direct.key, 'POST', `/baskets/${basket.id}/items`, { planId: shop.planId, quantity })
  const placed = await as(shop.direct.key, 'POST', `/baskets/${basket.id}/checkout`, {})
  assert.ok(placed.status < 300, placed.text)
  await shop.run()
}
const mailsOf = async (query: string) => (await ask('GET', `/mails?${query}`)).body.items
const WELCOME = 'welcome-microsoft-esd-customer'

/** Who got which subject since this was asked last. */
async function left(): Promise<string[]> {
  await shop.run()
  const lines = sent.map(({ to, cc = [], subject }) => `${[...to, ...cc].join(', ')}: ${subject}`)
  sent = []
  return lines.sort()
}

test('a mail is read as it was sent: its key is masked, and shown to those who may reveal keys, who stand in the audit log', async () => {
  await buy(1)
  const message = sent.find(({ to }) => to[0] === 'keys@direct.example')
  const key = message?.text.match(/[A-Z0-9]{5}(-[A-Z0-9]{5}){4}/)?.[0]
  assert.ok(message && key)
  sent = []
  const [item] = await mailsOf(`notification=${WELCOME}`)
  const { body: mail } = await ask('GET', `/mails/${item.id}`)
  assert.ok(!JSON.stringify(mail).includes(key), 'the key is masked')
  assert.match(mail.body.text, new RegExp(`${key.slice(0, 5)}-xxxxx-xxxxx-xxxxx-${key.slice(-5)}`))
  assert.deepEqual(
    [mail.state, mail.body.language, mail.hasKey, mail.mayBeSentAgain, mail.copyOf],
    ['sent', 'en', true, true, null],
  )
  assert.deepEqual(
    mail.log.map(({ number, outcome, answer }: Record<string, unknown>) => [number, outcome, answer]),
    [[1, 'accepted', '250 taken']],
  )
  const { body: whole } = await ask('POST', `/mails/${item.id}/reveal`, {})
  assert.deepEqual([whole.text, whole.html, whole.subject], [message.text, message.html, message.subject])
  const { body: audit } = await ask('GET', `/audit?subjectType=asset&subjectId=${mail.assetId}`)
  assert.deepEqual([audit.items[0].action, audit.items[0].after.mail], ['asset/key-revealed', item.id])
  // In the database neither is there in plain.
  const [row] = await shop.app.db
    .pool`select mail_body::text as text from mail_body where mail_id = ${item.id}`
  assert.ok(!row?.['text'].includes(key))

  // A mail that brought no key has nothing more to show.
  const [received] = await mailsOf('notification=order-received')
  const nothing = await ask('POST', `/mails/${received.id}/reveal`, {})
  assert.deepEqual([nothing.status, nothing.body.code], [422, 'mail/no-key'])
  assert.equal((await ask('GET', `/mails/${received.id}`)).body.hasKey, false)
})

test('a link to choose a password is kept nowhere, and its mail is not sent again', async () => {
  await as(shop.administrator.key, 'POST', '/users', {
    name: 'New one',
    email: 'new@seller.example',
    roles: ['support'],
  })
  await shop.run()
  const message = sent.find(({ to }) => to[0] === 'new@seller.example')
  assert.match(message?.text ?? '', /token=/)
  sent = []
  const [item] = await mailsOf('q=new@seller.example')
  const { body: mail, text } = await ask('GET', `/mails/${item.id}`)
  assert.ok(!text.includes('token='))
  assert.deepEqual([mail.hasKey, mail.mayBeSentAgain], [false, false])
  const again = await ask('POST', `/mails/${item.id}/resend`, {})
  assert.deepEqual([again.status, again.body.code], [422, 'mail/not-again'])
  assert.match(again.body.detail, /Send a new link from the page of the user/)
})

test('any other mail is sent again, to the same or to another address: a copy with its own entry that names the first', async () => {
  const [first] = await mailsOf('notification=order-received')
  const copy = await ask('POST', `/mails/${first.id}/resend`, {})
  assert.equal(copy.status, 202, copy.text)
  assert.notEqual(copy.body.mailId, first.id)
  const subject = first.subject
  assert.deepEqual(await left(), [`${shop.direct.account.email}: ${subject}`])
  const wrong = await ask('POST', `/mails/${first.id}/resend`, { to: 'nobody' })
  assert.deepEqual([wrong.status, wrong.body.errors[0].pointer], [422, '/to'])
  // A copy of a copy names the first, too.
  const other = await ask('POST', `/mails/${copy.body.mailId}/resend`, { to: 'other@x.example' })
  assert.deepEqual(await left(), [`other@x.example: ${subject}`])
  const { body } = await ask('GET', `/mails/${other.body.mailId}`)
  assert.deepEqual([body.copyOf, body.orderId, body.state], [first.id, first.orderId, 'sent'])
  const { body: firstNow } = await ask('GET', `/mails/${first.id}`)
  assert.deepEqual(firstNow.copies, [other.body.mailId, copy.body.mailId])
})

test('the mail with a key goes the way of keys: where they go now, and no more when its licence is cancelled', async () => {
  const [first] = await mailsOf(`notification=${WELCOME}`)
  const sync = `/accounts/${shop.direct.account.id}/sync/microsoft-esd`
  await as(shop.manager.key, 'PUT', sync, { options: { keyDeliveryEmail: 'new-keys@direct.example' } })
  await shop.run()
  await ask('POST', `/mails/${first.id}/resend`, {})
  await ask('POST', `/mails/${first.id}/resend`, { to: 'once@direct.example' })
  assert.deepEqual(await left(), [
    'new-keys@direct.example: Your licence is ready: Backup Desktop',
    'once@direct.example: Your licence is ready: Backup Desktop',
  ])
  const copies = await mailsOf('q=once@direct.example')
  assert.equal(copies[0].copyOf, first.id)
  await shop.app.db
    .pool`update asset set state = 'cancelled', cancelled_at = now() where id = ${first.assetId}`
  const refused = await ask('POST', `/mails/${first.id}/resend`, {})
  assert.deepEqual([refused.status, refused.body.code], [422, 'asset/cancelled'])
  assert.equal((await ask('GET', `/mails/${first.id}`)).body.mayBeSentAgain, false)
  // What was given back is shown to nobody who could still try it.
  const reveal = (key: string) => as(key, 'POST', `/assets/${first.assetId}/reveal`, {})
  const hidden = await reveal(shop.direct.key)
  assert.deepEqual([hidden.status, hidden.body.code], [422, 'asset/cancelled'])
  assert.equal((await reveal(shop.administrator.key)).status, 200)
})

test('one that failed is tried again itself, and each try stands in its log', async () => {
  answers = ['rejected', 'rejected', 'rejected']
  await buy(1)
  answers = []
  sent = []
  const [failed] = await mailsOf('state=failed&notification=order-received')
  const again = await ask('POST', `/mails/${failed.id}/resend`, {})
  assert.equal(again.body.mailId, failed.id)
  assert.equal((await left()).length, 1)
  const { body } = await ask('GET', `/mails/${failed.id}`)
  assert.deepEqual(
    [body.state, body.tries, body.log.map(({ outcome }: { outcome: string }) => outcome)],
    ['sent', 2, ['refused', 'accepted']],
  )
})

test('the log is narrowed by notification and account, and found by the numbers of what a mail is about', async () => {
  const orders = (await ask('GET', '/orders')).body.items
  const byNumber = await mailsOf(`q=${orders[0].number}`)
  assert.ok(byNumber.length > 0)
  assert.ok(byNumber.every(({ orderId }: { orderId: string }) => orderId === orders[0].id))
  const invoices = (await ask('GET', '/invoices')).body.items
  const ofInvoice = await mailsOf(`q=${invoices[0].number}`)
  assert.deepEqual(
    ofInvoice.map(({ invoiceId }: { invoiceId: string }) => invoiceId),
    [invoices[0].id],
  )
  const account = await mailsOf(`accountId=${shop.north.account.id}`)
  assert.deepEqual(account, [])
  const own = await mailsOf(`accountId=${shop.direct.account.id}&notification=order-received`)
  assert.ok(own.length >= 3)
  assert.deepEqual(await mailsOf('notification=nothing'), [])
})

test('a mail greets whom it is written to, and its amounts are written in the language of its words', async () => {
  const { account, customer, key } = shop.north
  await ask('PATCH', `/accounts/${account.id}`, { contactFirstName: 'Nora', language: 'fr' })
  const sync = `/accounts/${customer.id}/sync/microsoft-esd`
  await as(key, 'PUT', sync, { options: { keyDeliveryEmail: 'keys@customer.example' } })
  const order = async () => {
    const { body: basket } = await as(key, 'POST', '/baskets', {})
    const item = { planId: shop.planId, quantity: 1 }
    const added = await as(key, 'POST', `/baskets/${basket.id}/items`, item)
    const path = `/baskets/${basket.id}/items/${added.body.items[0].id}`
    await as(key, 'PATCH', path, { endCustomerId: customer.id })
    sent = []
    const placed = await as(key, 'POST', `/baskets/${basket.id}/checkout`, {})
    assert.equal(placed.status, 201, placed.text)
    await shop.run()
    const to = (address: string) => sent.find((mail) => mail.to[0] === address)?.text ?? ''
    return { keys: to('keys@customer.example'), received: to(account.email) }
  }
  const first = await order()
  assert.match(first.keys, /Hello Anna Schmidt,/)
  assert.match(first.received, /Hello Nora Schmidt,/)
  // 119.00 and 19 %. There are no French words: nothing in the mail is French.
  assert.match(first.received, /€141\.61/)
  assert.doesNotMatch(first.received, /141,61/)
  await ask('PATCH', `/accounts/${account.id}`, { language: 'de' })
  const german = await order()
  assert.match(german.received, /^Guten Tag Nora Schmidt,$/m)
  assert.match(german.received, /^Gesamtbetrag mit USt: 141,61\u00a0€$/m)
  await ask('PATCH', `/accounts/${account.id}`, { language: 'de-AT' })
  await ask('PUT', '/notifications/order-received/texts/de', {
    subject: 'Ihre Bestellung {{ order.number }}',
    body: 'Guten Tag {{ customer.contactName }}, das macht {{ order.total }}.',
  })
  const second = await order()
  assert.match(second.received, /Guten Tag Nora Schmidt, das macht €\u00a0141,61\./)
  const draft = { body: 'Das macht {{ invoice.total }}.', language: 'de' }
  const invoiceId = (await ask('GET', '/invoices?limit=1')).body.items[0].id
  const preview = await ask('POST', '/notifications/invoice-issued/preview', { ...draft, invoiceId })
  assert.match(preview.body.text, /Das macht 141,61\s€\./)
})

test('bills greet whoever is named for them, several people nobody by name, and a copy to somebody else neither', async () => {
  const { account, customer, key } = shop.north
  await ask('PATCH', `/accounts/${account.id}`, { contactFirstName: 'Nora', language: 'en' })
  await ask('PATCH', `/accounts/${customer.id}`, { contactFirstName: 'Zoe', language: 'en' })
  const sync = `/accounts/${customer.id}/sync/microsoft-esd`
  await as(shop.manager.key, 'PUT', sync, { options: { keyDeliveryEmail: 'Bills@north.example' } })
  const named = (name: string, email: string) =>
    ask('POST', `/accounts/${account.id}/contacts`, { role: 'billing', name, email })
  assert.equal((await named('Berta Buch', 'bills@north.example')).status, 201)
  const again = async (mail: { id: string }, to?: string) => {
    sent = []
    const answer = await ask('POST', `/mails/${mail.id}/resend`, to ? { to } : {})
    assert.equal(answer.status, 202, answer.text)
    await shop.run()
    return sent.map(({ text }) => text.match(/^Hello.*/m)?.[0])
  }
  const of = `accountId=${account.id}&notification`
  const [received] = await mailsOf(`${of}=order-received`)
  const [invoice] = await mailsOf(`${of}=invoice-issued`)
  const [welcome] = await mailsOf(`accountId=${customer.id}&notification=${WELCOME}`)
  assert.deepEqual(await again(invoice, 'bills@north.example'), ['Hello Berta Buch,'])
  assert.deepEqual(await again(received, 'colleague@x.example'), ['Hello,'])
  // Where an address is somebody's own, they are greeted; where keys merely go there, the contact of whose keys they are.
  assert.deepEqual(await again(welcome), ['Hello Berta Buch,'])
  await as(shop.manager.key, 'PUT', sync, { options: { keyDeliveryEmail: 'keys@customer.example' } })
  assert.deepEqual(await again(welcome), ['Hello Zoe Schmidt,'])

  await named('Carl Conto', 'more-bills@north.example')
  const { body: basket } = await as(key, 'POST', '/baskets', {})
  await as(key, 'POST', `/baskets/${basket.id}/items`, { planId: shop.planId, quantity: 1 })
  const own = `/accounts/${account.id}/sync/microsoft-esd`
  await as(shop.manager.key, 'PUT', own, { options: { keyDeliveryEmail: 'keys@north.example' } })
  sent = []
  assert.equal((await as(key, 'POST', `/baskets/${basket.id}/checkout`, {})).status, 201)
  await shop.run()
  const bill = sent.find(({ subject }) => subject.startsWith('Invoice'))
  assert.deepEqual(bill?.to, ['bills@north.example', 'more-bills@north.example'])
  assert.match(bill?.text ?? '', /^Hello,$/m)
})
