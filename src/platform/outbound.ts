// The one way out to other services. It refuses to be used inside a transaction (a row would be locked while a vendor thinks),
// gives up after a time, and turns every kind of silence into an Outage.
import { invariant, Outage } from '#kernel/failure.ts'
import { isInTransaction } from './db.ts'

export type OutboundOptions = RequestInit & { timeoutMs?: number }

/** Calls `url`; an answer of any status is returned, no answer is an Outage. `service` names the other side in messages. */
export async function outbound(service: string, url: string, options: OutboundOptions = {}): Promise<Response> {
  invariant(!isInTransaction(), `${service} was called inside a transaction`)
  const { timeoutMs = 30_000, ...init } = options
  try {
    const response = await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) })
    // The body is read here so that an answer cut in the middle is an Outage too.
    const body = await response.arrayBuffer()
    return new Response(response.status === 204 || response.status === 304 ? null : body, {
      status: response.status,
      headers: response.headers,
    })
  } catch (error) {
    const why = error instanceof Error && error.name === 'TimeoutError' ? `did not answer within ${timeoutMs / 1000} s` : 'could not be reached'
    throw new Outage(`${service} ${why}.`, { cause: error })
  }
}
