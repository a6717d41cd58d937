// The identity side (partner-center.md 1): app-only and app+user tokens, each for one audience.
import { createHash, randomBytes } from 'node:crypto'
import { tokenError, VendorError } from './errors.ts'
import type { Answer, Call } from './wire.ts'
import { type Access, type Ask, iso, type Route, type World } from './world.ts'

export const commerceAudience = 'https://api.partnercenter.microsoft.com'
export const pricingAudience = 'https://api.partner.microsoft.com'
/** Still shown in old documents, refused since late 2025. */
const formerAudience = 'https://graph.windows.net'

type Token = { audience: string; hasUser: boolean; expiresAt: number }

const LIFE_SECONDS = 3599

export const tokenRoutes: readonly Route[] = ['/oauth2/token', '/oauth2/v2.0/token'].map((path) => ({
  name: 'token',
  method: 'POST',
  path: `/login/{tenant}${path}`,
  access: 'nobody',
  handle: giveToken,
}))

/** Only a digest is remembered. */
const digest = (token: string) => createHash('sha256').update(token).digest('hex')

function giveToken({ world, call, params, now }: Ask): Answer {
  const form = new URLSearchParams(call.text)
  const { partner } = world
  const isSecond = call.path.endsWith('/v2.0/token')
  if (params['tenant'] !== partner.tenantId)
    return tokenError(400, 'invalid_request', 90002, `Tenant '${params['tenant']}' not found.`)
  if (form.get('client_id') !== partner.clientId)
    return tokenError(400, 'unauthorized_client', 700016, 'Application was not found in the directory.')
  if (form.get('client_secret') !== partner.clientSecret)
    return tokenError(401, 'invalid_client', 7000215, 'Invalid client secret provided.')
  const audience = audienceOf(form, isSecond)
  if (!audience)
    return tokenError(
      400,
      isSecond ? 'invalid_scope' : 'invalid_resource',
      500011,
      'The resource principal was not found.',
    )
  switch (form.get('grant_type')) {
    case 'client_credentials':
      return shown(isSecond, audience, issue(world, audience, false, now), undefined, now)
    case 'refresh_token': {
      const refreshToken = form.get('refresh_token') ?? ''
      if (!mayRefresh(world, refreshToken))
        return tokenError(400, 'invalid_grant', 700082, 'The refresh token has expired or was revoked.')
      if (world.settings().strictRefresh) world.store.drop('refresh', digest(refreshToken))
      return shown(isSecond, audience, issue(world, audience, true, now), newRefreshToken(world), now)
    }
    case 'authorization_code': {
      const code = form.get('code') ?? ''
      if (!world.store.find('code', code))
        return tokenError(400, 'invalid_grant', 70008, 'The authorization code has expired.')
      world.store.drop('code', code)
      return shown(isSecond, audience, issue(world, audience, true, now), newRefreshToken(world), now)
    }
    default:
      return tokenError(400, 'unsupported_grant_type', 70003, 'The grant type is not supported.')
  }
}

function audienceOf(form: URLSearchParams, isSecond: boolean): string | undefined {
  const given = isSecond
    ? (form.get('scope') ?? '')
        .split(' ')
        .find((scope) => scope.endsWith('/.default'))
        ?.slice(0, -'/.default'.length)
    : form.get('resource')
  const audience = given?.replace(/\/$/, '')
  return [commerceAudience, pricingAudience, formerAudience].find((known) => known === audience)
}

function mayRefresh(world: World, refreshToken: string): boolean {
  if (world.store.find('refresh', digest(refreshToken))) return true
  return refreshToken === world.partner.refreshToken && world.store.meta('consent_revoked') !== 'yes'
}

function newRefreshToken(world: World): string {
  const token = `0.A${randomBytes(40).toString('base64url')}`
  world.store.save('refresh', digest(token), {})
  return token
}

function issue(world: World, audience: string, hasUser: boolean, now: Date): string {
  const text = randomBytes(40).toString('base64url')
  const token: Token = { audience, hasUser, expiresAt: now.getTime() + LIFE_SECONDS * 1000 }
  world.store.save('token', digest(text), token)
  return text
}

/** Numbers are text in the first form and numbers in the second. */
function shown(
  isSecond: boolean,
  audience: string,
  access: string,
  refresh: string | undefined,
  now: Date,
): Answer {
  const tokens = {
    access_token: access,
    ...(refresh ? { refresh_token: refresh, id_token: 'not-used' } : {}),
  }
  const from = Math.floor(now.getTime() / 1000)
  const body = isSecond
    ? { token_type: 'Bearer', expires_in: LIFE_SECONDS, ext_expires_in: LIFE_SECONDS, ...tokens }
    : {
        token_type: 'Bearer',
        expires_in: String(LIFE_SECONDS),
        ext_expires_in: String(LIFE_SECONDS),
        expires_on: String(from + LIFE_SECONDS),
        not_before: String(from),
        resource: audience,
        ...tokens,
      }
  return { status: 200, headers: { 'cache-control': 'no-store' }, body }
}

/** Refuses a caller without the right token for this host and this call. */
export function assertMayCall(
  world: World,
  call: Call,
  access: Access,
  host: 'commerce' | 'pricing',
  now: Date,
): void {
  const bearer = /^Bearer (.+)$/i.exec(String(call.headers['authorization'] ?? ''))?.[1] ?? ''
  const token = world.store.find<Token>('token', digest(bearer))
  if (host === 'pricing') {
    const refuse = (text: string) => new VendorError(401, 'unauthenticated', text, { shape: 'pricing' })
    if (!token || token.expiresAt <= now.getTime()) throw refuse('The token is missing, unknown or expired.')
    if (token.audience !== pricingAudience) throw refuse('The audience of the token is not this host.')
    if (!token.hasUser)
      throw new VendorError(403, 'accessDenied', 'A token with a user is needed.', { shape: 'pricing' })
    return
  }
  if (token?.audience === formerAudience)
    throw new VendorError(401, '900420', 'Tokens for graph.windows.net are no longer accepted.')
  if (!token || token.expiresAt <= now.getTime())
    throw new VendorError(401, '900007', 'The token is missing, unknown or expired.')
  if (token.audience !== commerceAudience)
    throw new VendorError(401, '900007', 'The audience of the token is not this host.')
  if (access === 'user' && !token.hasUser)
    throw new VendorError(403, '900329', 'This call needs a token with application and user.')
}

export function expireTokens(world: World): void {
  world.store.run(`delete from doc where kind = 'token'`)
}

/** As if a person had withdrawn the consent: every refresh token is worthless until somebody consents again. */
export function revokeConsent(world: World): void {
  world.store.run(`delete from doc where kind = 'refresh'`)
  world.store.setMeta('consent_revoked', 'yes')
}

/** What the browser would bring back after sign-in with MFA. */
export function consent(world: World): { code: string; at: string } {
  const code = `0.C${randomBytes(24).toString('base64url')}`
  world.store.save('code', code, {})
  world.store.setMeta('consent_revoked', 'no')
  return { code, at: iso(world.now()) }
}
