import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { createTransport } from 'nodemailer'

let child: ChildProcess
let web = ''
let port = 0
const folder = mkdtempSync(path.join(tmpdir(), 'mailbox-'))

async function start(): Promise<void> {
  child = spawn(process.execPath, [path.join(import.meta.dirname, 'main.ts')], {
    env: { ...process.env, MAILBOX_PORT: '0', MAILBOX_SMTP_PORT: '0', MAILBOX_DATA: folder },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const told = await new Promise<{ web: string; smtp: { port: number } }>((resolve) =>
    child.once('message', (message) => resolve(message as never)),
  )
  web = told.web
  port = told.smtp.port
}
before(start)
after(() => child.kill('SIGKILL'))

const send = (subject: string) =>
  createTransport({ host: '127.0.0.1', port }).sendMail({
    from: 'Shop <shop@seller.example>',
    to: 'žofie@kavarna.example',
    bcc: 'copy@seller.example',
    subject,
    text: 'Klíč',
    html: '<p>Klíč</p>',
  })
const list = async (words = '') =>
  (await (await fetch(`${web}/api/mails?q=${encodeURIComponent(words)}`)).json()) as {
    id: string
    subject: string
    text: string
    envelope: string[]
  }[]

test('a mail arrives whole, with everybody it was delivered to, and survives a kill', async () => {
  await send('Vaše licence')
  const [mail] = await list('Vaše')
  assert.equal(mail?.text.trim(), 'Klíč')
  assert.ok(mail?.envelope.includes('copy@seller.example'))
  child.kill('SIGKILL')
  await start()
  assert.equal((await list('Vaše')).length, 1)
})

test('trouble on request: refused for now, refused for good, answer lost after it was taken', async () => {
  const fault = (kind: string) =>
    fetch(`${web}/api/faults`, { method: 'POST', body: JSON.stringify({ kind, times: 1 }) })
  await fault('tempfail')
  await assert.rejects(send('one'), { responseCode: 451 })
  await fault('reject')
  await assert.rejects(send('two'), { responseCode: 550 })
  await fault('drop-after-accept')
  await assert.rejects(send('three'))
  assert.deepEqual(
    [(await list('one')).length, (await list('two')).length, (await list('three')).length],
    [0, 0, 1],
  )
})

test('the page shows the mail in a sandbox, and bad requests break nothing', async () => {
  const [mail] = await list('Vaše')
  const page = await (await fetch(`${web}/mails/${mail?.id}`)).text()
  assert.match(page, /<iframe title="The mail" sandbox/)
  assert.equal((await fetch(`${web}/api/faults`, { method: 'POST', body: 'nonsense' })).status, 400)
  assert.equal((await fetch(`${web}/api/mails?limit=abc`)).status, 200)
})
