// One call to Partner Center: signed in, with its headers, and its answer sorted into what was said, what was refused and what is an
// Outage. The same request id is sent when a call is repeated because its fate is unknown (partner-center.md 2.1, 2.4).
import { createHash, randomUUID } from 'node:crypto'
import type { z } from 'zod'
import { Outage } from '#kernel/failure.ts'
import type { Now } from '#kernel/time.ts'
import type { ConnectorSettings, SecretKeeper } from '#modules/instances'
import { outbound } from '#platform/outbound.ts'
import { type Identity, type SignIn, signIn } from './sign-in.ts'
import { errorCode, readJson, retryAfterMs } from './wire.ts'

export const SERVICE = 'Microsoft Partner Center'

export type Said<Body> =
  | { readonly said: Body; readonly status: number; readonly retryAfterMs: number | undefined }
  | { readonly refused: string; readonly status: number; readonly retryAfterMs: number | undefined }

export type Call<Body> = {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH'
  /** Behind `/v1`. */
  readonly path: string
  /** The idempotency id; left out for what only reads. */
  readonly callId?: string
  readonly body?: object
  /** Left out where only the status matters. */
  readonly answer?: z.ZodType<Body>
  readonly as?: Identity
}

export type Api = {
  readonly settings: ConnectorSettings
  readonly session: SignIn
  readonly now: Now
  readonly timeoutMs: number
  call<Body>(call: Call<Body>): Promise<Said<Body>>
}

export function openApi(
  settings: ConnectorSettings,
  keeper: SecretKeeper,
  options: { readonly now: Now; readonly timeoutMs: number },
): Api {
  const session = signIn(settings, keeper, options)
  const correlationId = randomUUID()

  function send(call: Call<unknown>, token: string, requestId: string): Promise<Response> {
    return outbound(SERVICE, `${settings.serviceUrl}/v1${call.path}`, {
      method: call.method,
      timeoutMs: options.timeoutMs,
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${token}`,
        'ms-requestid': requestId,
        'ms-correlationid': correlationId,
        'ms-contract-version': 'v1',
        'ms-partnercenter-application': 'Emporion',
        'x-locale': 'en-US',
        ...(call.body ? { 'content-type': 'application/json' } : {}),
      },
      body: call.body ? JSON.stringify(call.body) : undefined,
    })
  }

  async function ask<Body>(call: Call<Body>): Promise<Said<Body>> {
    const identity = call.as ?? 'app'
    const requestId = call.callId ?? randomUUID()
    let token = await session.token(identity, settings.resourceApi)
    let response = await send(call, token, requestId)
    if (response.status === 401) {
      session.forget(token)
      token = await session.token(identity, settings.resourceApi)
      response = await send(call, token, requestId)
    }
    const wait = retryAfterMs(response, options.now())
    const json = readJson(await response.text())
    const code = errorCode(json)
    if (response.status === 429)
      throw new Outage(`${SERVICE} asked us to slow down.`, { retryAfterMs: wait ?? 10_000 })
    if (response.status === 408 || response.status >= 500)
      throw new Outage(`${SERVICE} is not available at the moment (${response.status}).`, {
        retryAfterMs: wait,
      })
    // Some refusals come with a status that says all is well.
    if (response.ok && !(code && !call.answer?.safeParse(json).success)) {
      if (!call.answer) return { said: undefined as Body, status: response.status, retryAfterMs: wait }
      const answer = call.answer.safeParse(json)
      if (!answer.success) throw new Outage(`${SERVICE} answered something that cannot be read.`)
      return { said: answer.data, status: response.status, retryAfterMs: wait }
    }
    return {
      refused:
        code ?? (response.status === 401 ? 'sign-in' : response.status === 404 ? 'not-found' : 'unreadable'),
      status: response.status,
      retryAfterMs: wait,
    }
  }
  return { settings, session, now: options.now, timeoutMs: options.timeoutMs, call: ask }
}

/** An id for one step of a call that takes several requests: the same for the same call, another for each step. */
export function stepId(callId: string, step: string): string {
  const hex = createHash('sha256').update(`${callId} ${step}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
