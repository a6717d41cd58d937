// The token every call carries: asked for with an assertion signed by the instance's certificate, kept until shortly before
// it expires, and asked for once however many calls wait for it.
import { randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import { Outage, Refusal } from '#kernel/failure.ts'
import type { Now } from '#kernel/time.ts'
import type { ConnectorSettings } from '#modules/instances'
import { outbound } from '#platform/outbound.ts'
import type { Identity } from './certificate.ts'
import { reasonOf } from './reasons.ts'
import { retryAfterMs } from './retry-after.ts'
import { TokenAnswer } from './wire.ts'

const SERVICE = 'The sign-in service of Microsoft ESD'
/** A token about to expire might do so on its way. */
const SPARE_MS = 60_000

export type SignIn = {
  token(): Promise<string>
  /** Forgets a token the vendor no longer accepts. */
  forget(token: string): void
}

type Kept = { readonly token: string; readonly goodUntil: number }

export function signIn(
  settings: ConnectorSettings,
  identity: Identity,
  options: { now: Now; timeoutMs: number },
): SignIn {
  const address = `${settings.authorityUrl}/${encodeURIComponent(settings.tenant)}/oauth2/v2.0/token`
  let kept: Kept | undefined
  let asking: Promise<Kept> | undefined

  async function ask(): Promise<Kept> {
    const at = options.now()
    const seconds = Math.floor(at.epochMilliseconds / 1000)
    const isRsa = identity.key.asymmetricKeyType === 'rsa'
    const assertion = await new SignJWT({})
      .setProtectedHeader({
        alg: isRsa ? 'RS256' : 'ES256',
        typ: 'JWT',
        'x5t#S256': identity.thumbprintBase64url,
      })
      .setIssuer(settings.clientId)
      .setSubject(settings.clientId)
      .setAudience(address)
      .setJti(randomUUID())
      .setNotBefore(seconds - 30) // clocks differ a little
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + 300)
      .sign(identity.key)
    const response = await outbound(SERVICE, address, {
      method: 'POST',
      timeoutMs: options.timeoutMs,
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: settings.clientId,
        scope: `${settings.resourceApi}/.default`,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
      }).toString(),
      clientCertificate: { certificate: identity.certificatePem, key: identity.keyPem },
    })
    if (response.status === 429 || response.status >= 500)
      throw new Outage(`${SERVICE} answered ${response.status}.`, {
        retryAfterMs: retryAfterMs(response, at),
      })
    if (!response.ok) {
      const { code, reason } = reasonOf('INVALID_TOKEN')
      throw new Refusal(code, reason)
    }
    const answer = TokenAnswer.safeParse(await response.json().catch(() => undefined))
    if (!answer.success) throw new Outage(`${SERVICE} answered something that cannot be read.`)
    const lifeMs = answer.data.expires_in * 1000
    return {
      token: answer.data.access_token,
      goodUntil: at.epochMilliseconds + Math.max(lifeMs - SPARE_MS, lifeMs / 2),
    }
  }

  return {
    async token() {
      if (kept && options.now().epochMilliseconds < kept.goodUntil) return kept.token
      asking ??= ask().finally(() => (asking = undefined))
      kept = await asking
      return kept.token
    },
    forget(token) {
      if (kept?.token === token) kept = undefined
    },
  }
}
