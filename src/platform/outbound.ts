// The one way out to other services. It refuses to be used inside a transaction (a row would be locked while a vendor thinks),
// gives up after a time, and turns every kind of silence into an Outage.
import { createWriteStream } from 'node:fs'
import https from 'node:https'
import { pipeline } from 'node:stream/promises'
import { invariant, Outage } from '#kernel/failure.ts'
import { isInTransaction } from './db.ts'

/** With which we prove who we are in the TLS handshake; both PEM. */
export type ClientCertificate = { readonly certificate: string; readonly key: string }

export type OutboundOptions = Omit<RequestInit, 'body' | 'headers'> & {
  body?: string | undefined
  headers?: Readonly<Record<string, string>>
  timeoutMs?: number
  /** For https addresses that ask for one. */
  clientCertificate?: ClientCertificate | undefined
}

/** Calls `url`; an answer of any status is returned, no answer is an Outage. `service` names the other side in messages. */
export async function outbound(
  service: string,
  url: string,
  options: OutboundOptions = {},
): Promise<Response> {
  invariant(!isInTransaction(), `${service} was called inside a transaction`)
  const { timeoutMs = 30_000, clientCertificate, ...init } = options
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    if (clientCertificate && url.startsWith('https:'))
      return await withCertificate(url, { ...init, signal, clientCertificate })
    const response = await fetch(url, { ...init, redirect: 'error', signal })
    // The body is read here so that an answer cut in the middle is an Outage too.
    return answerOf(response.status, response.headers, await response.arrayBuffer())
  } catch (error) {
    const why = signal.aborted ? `did not answer within ${timeoutMs / 1000} s` : 'could not be reached'
    throw new Outage(`${service} ${why}.`, { cause: error })
  }
}

/**
 * Writes the body of an answer into a file as it comes, however large it is; the other statuses are answered with their body in memory.
 * The other side has `timeoutMs` until it begins, and as long again for every piece.
 */
export async function download(
  service: string,
  url: string,
  path: string,
  options: {
    readonly headers: Readonly<Record<string, string>>
    readonly timeoutMs: number
    readonly mostBytes: number
  },
): Promise<Response> {
  invariant(!isInTransaction(), `${service} was called inside a transaction`)
  const { headers, timeoutMs, mostBytes } = options
  const silence = new AbortController()
  const timer = setTimeout(() => silence.abort(), timeoutMs)
  let bytes = 0
  try {
    const response = await fetch(url, { headers, redirect: 'error', signal: silence.signal })
    if (response.status !== 200 || !response.body)
      return answerOf(response.status, response.headers, await response.arrayBuffer())
    const counted = async function* (pieces: AsyncIterable<Uint8Array>) {
      for await (const piece of pieces) {
        timer.refresh()
        bytes += piece.length
        if (bytes > mostBytes) throw new Error(`more than ${mostBytes} bytes`)
        yield piece
      }
    }
    await pipeline(response.body as unknown as AsyncIterable<Uint8Array>, counted, createWriteStream(path))
    return answerOf(200, response.headers, '')
  } catch (error) {
    const why = silence.signal.aborted
      ? `was silent for ${timeoutMs / 1000} s`
      : bytes > mostBytes
        ? 'sent a file that is too large'
        : bytes > 0
          ? 'broke off in the middle of a file'
          : 'could not be reached'
    throw new Outage(`${service} ${why}.`, { cause: error })
  } finally {
    clearTimeout(timer)
  }
}

function answerOf(status: number, headers: Headers, body: BodyInit): Response {
  return new Response([204, 205, 304].includes(status) ? null : body, { status, headers })
}

/** One agent per certificate, so that connections are kept and none is shared between two identities. */
const agents = new Map<string, https.Agent>()

function agentOf({ certificate, key }: ClientCertificate): https.Agent {
  let agent = agents.get(certificate)
  if (!agent) agents.set(certificate, (agent = new https.Agent({ keepAlive: true, cert: certificate, key })))
  return agent
}

/** fetch cannot show a client certificate; node:https can. */
function withCertificate(
  url: string,
  options: OutboundOptions & { signal: AbortSignal; clientCertificate: ClientCertificate },
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', headers, body, signal, clientCertificate } = options
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const request = https.request(url, {
      method,
      signal,
      agent: agentOf(clientCertificate),
      headers: { ...headers, ...length },
    })
    request.on('error', reject)
    request.on('response', (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('error', reject)
      response.on('end', () => {
        const status = response.statusCode ?? 0
        if (!response.complete || status < 200) return reject(new Error('the answer was cut'))
        if (status >= 300 && status < 400 && status !== 304)
          return reject(new Error('a redirect is not followed'))
        const told = new Headers()
        for (const [name, value] of Object.entries(response.headersDistinct))
          for (const each of value ?? []) told.append(name, each)
        resolve(answerOf(status, told, Buffer.concat(parts) as BodyInit))
      })
    })
    request.end(body)
  })
}

/** Failures that come before a request has left this machine. */
const neverLeft =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/

/** Whether the request behind an Outage may have reached the other side; only a connection that never stood says no. */
export function mayHaveArrived(outage: Outage): boolean {
  for (let cause: unknown = outage.cause; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && neverLeft.test(String(cause.code))) return false
  }
  return true
}
