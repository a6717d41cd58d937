// The cookie that carries a session. Storefront and back office each have their own, so that one browser may hold both; over
// https its name keeps it to this host alone.
export type Door = 'storefront' | 'backoffice'

export function sessionCookieName(door: Door, publicUrl: string): string {
  const name = door === 'storefront' ? 'emporion_shop' : 'emporion_bss'
  return publicUrl.startsWith('https:') ? `__Host-${name}` : name
}

export function sessionCookie(door: Door, publicUrl: string, token: string, maxAgeSeconds: number): string {
  const secure = publicUrl.startsWith('https:') ? '; Secure' : ''
  return `${sessionCookieName(door, publicUrl)}=${token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${maxAgeSeconds}${secure}`
}

export function endedSessionCookie(door: Door, publicUrl: string): string {
  return sessionCookie(door, publicUrl, '', 0)
}

/** The session's token in a request's `cookie` header. */
export function sessionToken(door: Door, publicUrl: string, cookies: string | undefined): string | undefined {
  const name = sessionCookieName(door, publicUrl)
  for (const cookie of (cookies ?? '').split(/; */))
    if (cookie.startsWith(`${name}=`)) return cookie.slice(name.length + 1) || undefined
  return undefined
}
