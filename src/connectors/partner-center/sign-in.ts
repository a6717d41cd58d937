// The tokens calls carry (partner-center.md 1): app-only for most of the commerce API, app and user for agreements and price sheets;
// each for one audience. They are kept until shortly before they expire, and asked for once however many calls wait. A refresh token
// rotates: a new one is stored before anything else is done with the answer.
import { z } from 'zod'
import { Outage, Refusal } from '#kernel/failure.ts'
import type { Now } from '#kernel/time.ts'
import type { ConnectorSettings, SecretKeeper } from '#modules/instances'
import { outbound } from '#platform/outbound.ts'
import { retryAfterMs } from './wire.ts'

const SERVICE = 'The sign-in service of Microsoft'
/** A token about to expire might do so on its way. */
const SPARE_MS = 120_000

export type Identity = 'app' | 'app and user'
export type SignIn = {
  token(identity: Identity, audience: string): Promise<string>
  /** Forgets a token the vendor no longer accepts. */
  forget(token: string): void
}

/** Numbers come as text in the first form of the answer and as numbers in the second. */
const TokenAnswer = z.object({
  access_token: z.string().min(1),
  expires_in: z.coerce.number(),
  refresh_token: z.string().optional(),
})
const TokenError = z.object({ error: z.string() })

type Kept = { readonly token: string; readonly goodUntil: number }

export function signIn(
  settings: ConnectorSettings,
  keeper: SecretKeeper,
  options: { readonly now: Now; readonly timeoutMs: number },
): SignIn {
  const address = `${settings.authorityUrl}/${encodeURIComponent(settings.tenant)}/oauth2/v2.0/token`
  const kept = new Map<string, Kept>()
  const asking = new Map<string, Promise<Kept>>()

  async function request(grant: Record<string, string>, audience: string): Promise<Response> {
    return outbound(SERVICE, address, {
      method: 'POST',
      timeoutMs: options.timeoutMs,
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams({
        client_id: settings.clientId,
        client_secret: settings.secrets['clientSecret'] ?? '',
        scope: `${audience}/.default`,
        ...grant,
      }).toString(),
    })
  }

  async function grantFor(identity: Identity): Promise<Record<string, string>> {
    if (identity === 'app') return { grant_type: 'client_credentials' }
    // Read anew each time: another process may have stored a rotated one.
    const refreshToken = await keeper.read('refreshToken')
    if (!refreshToken)
      throw new Refusal(
        'vendor/consent-missing',
        'This call needs a person’s consent. Enter the refresh token of the consent in the instance’s settings.',
      )
    return { grant_type: 'refresh_token', refresh_token: refreshToken }
  }

  async function ask(identity: Identity, audience: string): Promise<Kept> {
    const at = options.now()
    const response = await request(await grantFor(identity), audience)
    if (response.status === 429 || response.status >= 500)
      throw new Outage(`${SERVICE} answered ${response.status}.`, {
        retryAfterMs: retryAfterMs(response, at),
      })
    const json: unknown = await response.json().catch(() => undefined)
    if (!response.ok) {
      const error = TokenError.safeParse(json)
      if (error.success && error.data.error === 'invalid_grant')
        throw new Refusal(
          'vendor/consent-expired',
          'Microsoft no longer accepts the stored consent. Somebody has to sign in again and renew it in the instance’s settings.',
        )
      throw new Refusal(
        'vendor/sign-in-refused',
        'Microsoft does not accept our sign-in. Check tenant, client ID, client secret and the audiences of the instance.',
      )
    }
    const answer = TokenAnswer.safeParse(json)
    if (!answer.success) throw new Outage(`${SERVICE} answered something that cannot be read.`)
    if (answer.data.refresh_token) await keeper.save('refreshToken', answer.data.refresh_token)
    const lifeMs = answer.data.expires_in * 1000
    return {
      token: answer.data.access_token,
      goodUntil: at.epochMilliseconds + Math.max(lifeMs - SPARE_MS, lifeMs / 2),
    }
  }

  return {
    async token(identity, audience) {
      const name = `${identity} ${audience}`
      const before = kept.get(name)
      if (before && options.now().epochMilliseconds < before.goodUntil) return before.token
      let pending = asking.get(name)
      if (!pending) {
        pending = ask(identity, audience).finally(() => asking.delete(name))
        asking.set(name, pending)
      }
      const fresh = await pending
      kept.set(name, fresh)
      return fresh.token
    },
    forget(token) {
      for (const [name, each] of kept) if (each.token === token) kept.delete(name)
    },
  }
}
