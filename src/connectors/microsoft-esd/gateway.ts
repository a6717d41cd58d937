// One call to the vendor: signed in, with the headers of the contract, its answer sorted into what was said, what was refused
// and what is an Outage.
import type { z } from 'zod'
import { Outage } from '#kernel/failure.ts'
import type { Now } from '#kernel/time.ts'
import type { ConnectorSettings } from '#modules/instances'
import { outbound } from '#platform/outbound.ts'
import type { Identity } from './certificate.ts'
import { retryAfterMs } from './retry-after.ts'
import { signIn } from './sign-in.ts'
import { ErrorAnswer } from './wire.ts'

const SERVICE = 'Microsoft ESD'

export type Said<Body> =
  | { readonly said: Body; readonly retryAfterMs: number | undefined }
  | {
      readonly refused: string
      readonly status: number
      readonly details: Readonly<Record<string, unknown>>
      readonly retryAfterMs: number | undefined
    }

export type Call<Body> = {
  readonly method: 'GET' | 'PUT' | 'POST'
  readonly path: string
  readonly requestId: string
  readonly body?: object
  readonly answer: z.ZodType<Body>
}

export type Gateway = <Body>(call: Call<Body>) => Promise<Said<Body>>

export function openGateway(
  settings: ConnectorSettings,
  identity: Identity,
  options: { now: Now; timeoutMs: number },
): Gateway {
  const session = signIn(settings, identity, options)
  const isPlain = settings.serviceUrl.startsWith('http:')

  function send(call: Call<unknown>, token: string): Promise<Response> {
    return outbound(SERVICE, settings.serviceUrl + call.path, {
      method: call.method,
      timeoutMs: options.timeoutMs,
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${token}`,
        'x-channel-id': settings.channelId,
        'x-country': settings.country,
        'x-request-id': call.requestId,
        // Without TLS no certificate is shown, so it is named; only a service on this machine is reached that way.
        ...(isPlain ? { 'x-client-cert-thumbprint': identity.facts.thumbprint } : {}),
        ...(call.body ? { 'content-type': 'application/json' } : {}),
      },
      body: call.body ? JSON.stringify(call.body) : undefined,
      clientCertificate: { certificate: identity.certificatePem, key: identity.keyPem },
    })
  }

  return async (call) => {
    let token = await session.token()
    let response = await send(call, token)
    if (response.status === 401) {
      session.forget(token)
      token = await session.token()
      response = await send(call, token)
    }
    const wait = retryAfterMs(response, options.now())
    const json: unknown = await response.json().catch(() => undefined)
    if (response.ok) {
      const answer = call.answer.safeParse(json)
      // What it said may hold a key, so nothing of it goes into the message.
      if (!answer.success) throw new Outage(`${SERVICE} answered something that cannot be read.`)
      return { said: answer.data, retryAfterMs: wait }
    }
    const error = ErrorAnswer.safeParse(json)
    const code = error.success ? error.data.error.code : undefined
    if (response.status === 429)
      throw new Outage(`${SERVICE} asked us to slow down.`, { retryAfterMs: wait ?? 10_000 })
    if (response.status >= 500 && code !== 'OUT_OF_KEYS')
      throw new Outage(`${SERVICE} is not available at the moment (${response.status}).`, {
        retryAfterMs: wait,
      })
    const details = error.success ? (error.data.error.details ?? {}) : {}
    // A refusal in no known form comes from something that is not the service: a proxy, a wrong address.
    return {
      refused: code ?? (response.status === 401 ? 'INVALID_TOKEN' : 'UNREADABLE'),
      status: response.status,
      details,
      retryAfterMs: wait,
    }
  }
}
