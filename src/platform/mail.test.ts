import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { after, test } from 'node:test'
import PostalMime from 'postal-mime'
import { SMTPServer } from 'smtp-server'
import { type Message, mailAddress, openMailer } from './mail.ts'

const received: { recipients: string[]; raw: Buffer }[] = []
const answer = (responseCode: number, text: string) => Object.assign(new Error(text), { responseCode })
const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onAuth: (_auth, _session, done) => done(answer(535, 'wrong password')),
  onRcptTo: ({ address }, _session, done) => {
    if (address.startsWith('nobody')) return done(answer(550, 'no such user'))
    if (address.startsWith('full')) return done(answer(452, 'mailbox full'))
    done()
  },
  onData: (stream, session, done) => {
    const parts: Buffer[] = []
    stream.on('data', (part: Buffer) => parts.push(part))
    stream.on('end', () => {
      received.push({
        recipients: session.envelope.rcptTo.map((to) => to.address),
        raw: Buffer.concat(parts),
      })
      done(null, 'kept as 42')
    })
  },
})
server.listen(0, '127.0.0.1')
await once(server.server, 'listening')
const { port } = server.server.address() as AddressInfo
const mailer = openMailer({ host: '127.0.0.1', port, from: 'Contoso Distribution <shop@contoso.example>' })
after(() => {
  mailer.close()
  server.close()
})

const message: Message = {
  messageId: '<licence-1@contoso.example>',
  to: ['Žofie Nováková <zofie@example.com>'],
  subject: 'Váš klíč',
  html: '<p>Dobrý den</p>',
  text: 'Dobrý den',
}

test('without a sender of the mail server a message names its own, whatever signs are in it', async () => {
  const open = openMailer({ host: '127.0.0.1', port })
  received.length = 0
  const own = { name: 'Weiß & "Söhne", GmbH', address: 'orders@weiss.example' }
  await open.send({ ...message, from: own })
  await mailer.send({ ...message, from: own })
  const senders = await Promise.all(received.map(async ({ raw }) => (await PostalMime.parse(raw)).from))
  assert.deepEqual(senders, [own, { name: 'Contoso Distribution', address: 'shop@contoso.example' }])
  await assert.rejects(open.send(message), { code: 'mail/no-sender' })
  open.close()
})

test('a message arrives whole, and blind copies are in the envelope only', async () => {
  received.length = 0
  const delivery = await mailer.send({
    ...message,
    bcc: ['archive@contoso.example'],
    attachments: [
      { filename: 'Rechnung ä.pdf', content: Uint8Array.of(37, 80, 68, 70), contentType: 'application/pdf' },
    ],
  })
  assert.equal(delivery.outcome, 'accepted')
  assert.match(delivery.response, /^250 .*kept as 42/)
  assert.deepEqual(delivery.accepted, ['zofie@example.com', 'archive@contoso.example'])
  assert.deepEqual(received[0]?.recipients, ['zofie@example.com', 'archive@contoso.example'])
  assert.equal(received[0]?.raw.includes('archive@'), false)
  const mail = await PostalMime.parse(received[0]?.raw as Buffer)
  assert.equal(mail.messageId, '<licence-1@contoso.example>')
  assert.equal(mail.subject, 'Váš klíč')
  assert.deepEqual(mail.from, { name: 'Contoso Distribution', address: 'shop@contoso.example' })
  assert.equal(mail.to?.[0]?.name, 'Žofie Nováková')
  assert.equal(mail.text?.trim(), 'Dobrý den')
  assert.equal(mail.attachments[0]?.filename, 'Rechnung ä.pdf')
  assert.deepEqual(new Uint8Array(mail.attachments[0]?.content as ArrayBuffer), Uint8Array.of(37, 80, 68, 70))
})

test('a recipient refused for good is an answer, one refused for now an outage', async () => {
  const delivery = await mailer.send({ ...message, to: ['nobody@example.com'] })
  assert.equal(delivery.outcome, 'rejected')
  assert.match(delivery.response, /550 no such user/)
  assert.deepEqual(delivery.rejected, ['nobody@example.com'])
  await assert.rejects(mailer.send({ ...message, to: ['full@example.com'] }), { name: 'Outage' })
  await assert.rejects(mailer.send({ ...message, to: ['nobody@example.com', 'full@example.com'] }), {
    name: 'Outage',
  })
})

test('one refused recipient of two does not stop the other', async () => {
  const delivery = await mailer.send({ ...message, to: ['a@example.com', 'nobody@example.com'] })
  assert.equal(delivery.outcome, 'accepted')
  assert.deepEqual(delivery.accepted, ['a@example.com'])
  assert.deepEqual(delivery.rejected, ['nobody@example.com'])
})

test('a header cannot be smuggled in', async () => {
  received.length = 0
  const bad = (part: Partial<Message>, code: string) =>
    assert.rejects(mailer.send({ ...message, ...part }), { name: 'Refusal', code })
  await bad({ to: ['a@example.com\r\nBcc: b@example.com'] }, 'mail/bad-address')
  await bad({ to: ['a@example.com, b@example.com'] }, 'mail/bad-address')
  await bad({ cc: ['A <a@example.com>, b@example.com'] }, 'mail/bad-address')
  await bad({ from: { name: 'A\nB', address: 'a@example.com' } }, 'mail/bad-header')
  await bad({ from: { name: 'A', address: 'a@example.com, b@example.com' } }, 'mail/bad-address')
  await bad({ to: ['not an address'] }, 'mail/bad-address')
  await bad({ subject: 'Hello\nBcc: b@example.com' }, 'mail/bad-header')
  await bad({ messageId: '<a>\r\nX: y' }, 'mail/bad-header')
  await bad({ headers: { 'X-A': 'b\r\nc' } }, 'mail/bad-header')
  await bad({ headers: { 'X A:': 'b' } }, 'mail/bad-header')
  await bad({ to: [] }, 'mail/no-recipient')
  assert.equal(received.length, 0)
})

test('no server, a wrong login and a server that hangs up are outages', async () => {
  const hangsUp = createServer((socket) => socket.end('421 closing down\r\n')).listen(0, '127.0.0.1')
  await once(hangsUp, 'listening')
  const shut = openMailer({
    url: `smtp://127.0.0.1:${(hangsUp.address() as AddressInfo).port}`,
    from: 'a@b.example',
  })
  await assert.rejects(shut.send(message), { name: 'Outage' })
  hangsUp.close()
  await once(hangsUp, 'close')
  await assert.rejects(shut.send(message), { name: 'Outage' })
  await assert.rejects(shut.verify(), { name: 'Outage' })
  shut.close()
  const stranger = openMailer({ url: `smtp://me:p%40ss@127.0.0.1:${port}`, from: 'a@b.example' })
  await assert.rejects(stranger.send(message), { name: 'Outage' })
  stranger.close()
  await mailer.verify()
})

test('an address is one mailbox, with or without a name', () => {
  assert.deepEqual(mailAddress('"Müller, Jan" <jan@example.com>'), {
    name: 'Müller, Jan',
    address: 'jan@example.com',
  })
  assert.deepEqual(mailAddress(' jan@localhost '), { name: '', address: 'jan@localhost' })
})
