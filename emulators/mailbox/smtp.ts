// The SMTP side: takes every mail, stores it before it answers, and misbehaves when told to.
import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import PostalMime, { type Address } from 'postal-mime'
import { SMTPServer } from 'smtp-server'
import type { Mails } from './store.ts'

export type MailFault = {
  kind: 'reject' | 'tempfail' | 'drop-after-accept' | 'delay'
  times: number
  ms?: number
}

const written = (address: Address | undefined) =>
  address ? (address.name ? `${address.name} <${address.address}>` : (address.address ?? '')) : ''

export async function startSmtp(
  port: number,
  mails: Mails,
  faults: MailFault[],
): Promise<{ port: number; close(): void }> {
  const hit = (kind: MailFault['kind']) => {
    const fault = faults.find((each) => each.kind === kind && each.times > 0)
    if (fault) fault.times -= 1
    return fault
  }
  const sockets = new Map<string, () => void>()
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    authOptional: true,
    disableReverseLookup: true,
    onData(stream, session, callback) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        void take().catch((error: Error) => callback(Object.assign(error, { responseCode: 451 })))
      })
      const take = async () => {
        const late = hit('delay')
        if (late) await delay(late.ms ?? 1000)
        if (hit('tempfail'))
          return callback(Object.assign(new Error('4.3.0 try again later'), { responseCode: 451 }))
        if (hit('reject'))
          return callback(Object.assign(new Error('5.7.1 not wanted here'), { responseCode: 550 }))
        const raw = Buffer.concat(chunks)
        const parsed = await PostalMime.parse(raw)
        const all = (list: Address[] | undefined) => (list ?? []).map(written)
        mails.insert({
          id: randomUUID(),
          message_id: parsed.messageId ?? '',
          sender: written(parsed.from),
          recipients: JSON.stringify({ to: all(parsed.to), cc: all(parsed.cc) }),
          envelope: JSON.stringify(session.envelope.rcptTo.map((recipient) => recipient.address)),
          subject: parsed.subject ?? '',
          at: new Date().toISOString(),
          text: parsed.text ?? '',
          html: parsed.html ?? '',
          raw,
        })
        if (hit('drop-after-accept')) return sockets.get(session.id)?.()
        callback()
      }
    },
    onConnect(session, callback) {
      const connection = [
        ...(server as unknown as { connections: Set<{ id: string; _socket: { destroy(): void } }> })
          .connections,
      ].find(({ id }) => id === session.id)
      sockets.set(session.id, () => connection?._socket.destroy())
      callback()
    },
    onClose: (session) => void sockets.delete(session.id),
  })
  server.on('error', () => {})
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve())
  })
  return { port: (server.server.address() as AddressInfo).port, close: () => server.close() }
}
