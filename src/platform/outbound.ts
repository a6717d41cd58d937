// The one way out to other services. It refuses to be used inside a transaction (a row would be locked while a vendor thinks),
// gives up after a time, and turns every kind of silence into an Outage.
import { type LookupAddress, type LookupOptions, lookup } from 'node:dns'
import { createWriteStream } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import { BlockList, isIP } from 'node:net'
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
  /** Refuses addresses of this machine and of private networks: for addresses that people type in. */
  publicOnly?: boolean | undefined
  /** Of the answer's body; the rest is not read. */
  mostBytes?: number | undefined
}

/** Calls `url`; an answer of any status is returned, no answer is an Outage. `service` names the other side in messages. */
export async function outbound(
  service: string,
  url: string,
  options: OutboundOptions = {},
): Promise<Response> {
  invariant(!isInTransaction(), `${service} was called inside a transaction`)
  const { timeoutMs = 30_000, clientCertificate, publicOnly, mostBytes, ...init } = options
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    if ((clientCertificate && url.startsWith('https:')) || publicOnly || mostBytes)
      return await byRequest(url, { ...init, signal, clientCertificate, publicOnly, mostBytes })
    const response = await fetch(url, { ...init, redirect: 'error', signal })
    // The body is read here so that an answer cut in the middle is an Outage too.
    return answerOf(response.status, response.headers, await response.arrayBuffer())
  } catch (error) {
    const why = signal.aborted
      ? `did not answer within ${timeoutMs / 1000} s`
      : error instanceof PrivateAddress
        ? 'is at an address of this machine or of a private network, which is not called'
        : 'could not be reached'
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

/** What fetch cannot do and node:https can: show a client certificate, look at an address before it is called, stop reading. */
function byRequest(url: string, options: OutboundOptions & { signal: AbortSignal }): Promise<Response> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', headers, body, signal, clientCertificate, publicOnly, mostBytes } = options
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    if (publicOnly && isPrivate(new URL(url).hostname.replace(/^\[|\]$/g, ''))) throw new PrivateAddress()
    const request = (url.startsWith('https:') ? https : http).request(url, {
      method,
      signal,
      // Without a certificate a connection of its own: one that was kept may have been closed meanwhile, or lead where no name leads now.
      agent: clientCertificate ? agentOf(clientCertificate) : false,
      ...(publicOnly ? { lookup: publicLookup } : {}),
      headers: { ...headers, ...length },
    })
    request.on('error', reject)
    request.on('response', (response) => {
      const parts: Buffer[] = []
      let bytes = 0
      const finish = (isWhole: boolean) => {
        const status = response.statusCode ?? 0
        if (!isWhole || status < 200) return reject(new Error('the answer was cut'))
        if (status >= 300 && status < 400 && status !== 304)
          return reject(new Error('a redirect is not followed'))
        const told = new Headers()
        for (const [name, value] of Object.entries(response.headersDistinct))
          for (const each of value ?? []) told.append(name, each)
        resolve(answerOf(status, told, Buffer.concat(parts).subarray(0, mostBytes) as BodyInit))
      }
      response.on('data', (part: Buffer) => {
        parts.push(part)
        bytes += part.length
        if (mostBytes === undefined || bytes < mostBytes) return
        finish(true)
        request.destroy()
      })
      response.on('error', reject)
      response.on('end', () => finish(response.complete))
    })
    request.end(body)
  })
}

class PrivateAddress extends Error {}

/** What is not the public Internet: this machine, private and link-local networks, multicast, and what nobody may use. */
const privateAddresses = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  privateAddresses.addSubnet(network, prefix, 'ipv4')
for (const [network, prefix] of [
  ['::', 127], // :: and ::1
  ['64:ff9b::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  privateAddresses.addSubnet(network, prefix, 'ipv6')

/** Of a host that is an address; a name is none until it is looked up. */
function isPrivate(host: string): boolean {
  const version = isIP(host)
  return version !== 0 && privateAddresses.check(host, version === 4 ? 'ipv4' : 'ipv6')
}

/** Looks a name up and refuses it where any of its addresses is private, so that what was looked at is what is called. */
function publicLookup(
  host: string,
  options: LookupOptions,
  callback: (error: Error | null, address: string | LookupAddress[], family?: number) => void,
): void {
  lookup(host, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, [])
    if (addresses.some(({ address }) => isPrivate(address))) return callback(new PrivateAddress(), [])
    if (options.all) return callback(null, addresses)
    const [first] = addresses
    callback(null, first?.address ?? '', first?.family)
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
