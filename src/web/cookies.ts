// The two small cookies of the pages: the remembered look, and the message that survives one redirect.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

export type Theme = 'light' | 'dark' | 'system'
export type Flash = { readonly tone: 'success' | 'info' | 'warning' | 'error'; readonly message: string }

export function themeOf(request: Request): Theme {
  const theme = cookie(request, 'theme')
  return theme === 'light' || theme === 'dark' ? theme : 'system'
}

/** The Set-Cookie value that remembers the look for a year. */
export function themeCookie(theme: Theme): string {
  return `theme=${theme}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly`
}

/** Signed, so that nobody can put words into our mouth; a restart merely forgets the message under way. */
const flashSecret = randomBytes(32)
const sign = (text: string) => createHmac('sha256', flashSecret).update(text).digest('base64url')

/**
 * The Set-Cookie value of a message to be shown on the next page: `redirect(to, { headers: { 'set-cookie': flash(…) } })`.
 * It lives for a minute, and the first page that shows it clears it.
 */
export function flash(message: string, tone: Flash['tone'] = 'success'): string {
  const body = Buffer.from(JSON.stringify({ tone, message: message.slice(0, 500) })).toString('base64url')
  return `flash=${body}.${sign(body)}; Path=/; Max-Age=60; SameSite=Lax; HttpOnly`
}

export const clearFlash = 'flash=; Path=/; Max-Age=0; SameSite=Lax; HttpOnly'

export function flashOf(request: Request): Flash | undefined {
  const [body, signature] = (cookie(request, 'flash') ?? '').split('.')
  if (!body || !signature) return undefined
  const expected = Buffer.from(sign(body))
  const given = Buffer.from(signature)
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined
  return JSON.parse(Buffer.from(body, 'base64url').toString()) as Flash
}

/** One cookie of a request, or undefined. */
export function cookie(request: Request, name: string): string | undefined {
  for (const pair of (request.headers.get('cookie') ?? '').split(';')) {
    const [key, ...value] = pair.trim().split('=')
    if (key === name) return value.join('=')
  }
  return undefined
}
