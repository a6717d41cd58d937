// The local mailbox: a real SMTP server, and a page that shows what arrived. Settings: MAILBOX_PORT, MAILBOX_SMTP_PORT (0: a free one),
// MAILBOX_DATA (a folder).
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mailboxPage } from './page.ts'
import { type MailFault, startSmtp } from './smtp.ts'
import { openMails, type StoredMail } from './store.ts'

const mails = openMails(process.env['MAILBOX_DATA'] ?? '.data/mailbox')
const faults: MailFault[] = []
const smtp = await startSmtp(Number(process.env['MAILBOX_SMTP_PORT'] ?? 0), mails, faults)

const described = (mail: StoredMail) => ({
  id: mail.id,
  messageId: mail.message_id,
  from: mail.sender,
  ...(JSON.parse(mail.recipients) as { to: string[]; cc: string[] }),
  envelope: JSON.parse(mail.envelope) as string[],
  subject: mail.subject,
  date: mail.at,
  text: mail.text,
  html: mail.html,
})

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

function send(
  response: ServerResponse,
  status: number,
  type: string,
  body: string,
  policy = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; form-action 'self'",
): void {
  response.writeHead(status, {
    'content-type': `${type}; charset=utf-8`,
    'content-security-policy': policy,
    'cache-control': 'no-store',
  })
  response.end(body)
}

const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) =>
    send(response, 400, 'text/plain', `This request cannot be read: ${String(error)}`),
  )
})

async function answer(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
  const url = new URL(request.url ?? '/', 'http://localhost')
  const [first, id, part] = url.pathname.split('/').filter(Boolean)
  const words = url.searchParams.get('q') ?? ''
  const json = (body: unknown, status = 200) =>
    send(response, status, 'application/json', JSON.stringify(body))
  const home = () => response.writeHead(303, { location: '/' }).end()
  if (first === 'health') return json({ ok: true })
  if (first === 'api' && id === 'faults' && request.method === 'POST') {
    faults.push(JSON.parse(await bodyOf(request)) as MailFault)
    return json({ ok: true })
  }
  if (first === 'api' && id === 'mails') {
    if (request.method === 'DELETE') mails.clear()
    const found = part ? mails.find(part) : undefined
    if (part) return found ? json(described(found)) : json({ error: 'not found' }, 404)
    const limit = Number(url.searchParams.get('limit') ?? 500)
    return json(mails.list(words, Number.isSafeInteger(limit) && limit > 0 ? limit : 500).map(described))
  }
  if (first === 'clear' && request.method === 'POST') {
    mails.clear()
    return home()
  }
  if (first === 'mails' && id) {
    const mail = mails.find(id)
    if (!mail) return home()
    if (part === 'html')
      return send(
        response,
        200,
        'text/html',
        mail.html,
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-popups",
      )
    mails.markRead(id)
    return send(
      response,
      200,
      'text/html',
      mailboxPage(mails.list(words, 200), mail, url.searchParams.get('view') ?? 'html', words),
    )
  }
  if (first) return send(response, 404, 'text/plain', 'Not found')
  return send(response, 200, 'text/html', mailboxPage(mails.list(words, 200), undefined, 'html', words))
}
await new Promise<void>((resolve, reject) => {
  server.once('error', reject)
  server.listen(Number(process.env['MAILBOX_PORT'] ?? 0), '127.0.0.1', resolve)
})

const addresses = {
  web: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  smtp: { host: '127.0.0.1', port: smtp.port },
}
console.log(JSON.stringify(addresses))
process.send?.(addresses)

function stop(): void {
  server.close()
  smtp.close()
  process.exit(0)
}
process.once('SIGTERM', stop)
process.once('SIGINT', stop)
if (process.channel) process.once('disconnect', stop)
