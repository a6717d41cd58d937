// Where a database is. The same address serves postgres.js, pg and, as a URL, the environment of a child process and
// psql: a host that begins with a slash is the folder of a Unix socket.
import { Refusal } from '#kernel/failure.ts'

export type DatabaseAddress = {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password?: string
  readonly database: string
  readonly ssl?: 'require' | 'verify-full'
}

/** The libpq form of an address; a socket folder travels as `?host=`. */
export function databaseUrl(address: DatabaseAddress): string {
  const onSocket = address.host.startsWith('/')
  const secret = address.password === undefined ? '' : `:${encodeURIComponent(address.password)}`
  const url = new URL(`postgresql://${encodeURIComponent(address.user)}${secret}@localhost/`)
  url.pathname = `/${encodeURIComponent(address.database)}`
  if (onSocket) {
    url.searchParams.set('host', address.host)
    url.searchParams.set('port', String(address.port))
  } else {
    url.hostname = address.host
    url.port = String(address.port)
  }
  if (address.ssl) url.searchParams.set('sslmode', address.ssl)
  return url.href
}

/** Reads `postgres://user:password@host:port/database?host=/socket/folder&sslmode=require`. */
export function parseDatabaseUrl(text: string): DatabaseAddress {
  const refuse = (why: string) =>
    new Refusal('config/database-url', `${why} Expected postgresql://user:password@host:5432/database.`)
  if (!URL.canParse(text)) throw refuse('This is not a database URL.')
  const url = new URL(text)
  if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:')
    throw refuse(`A PostgreSQL URL begins with postgresql://, not ${url.protocol}//.`)

  const user = decodeURIComponent(url.username) || url.searchParams.get('user')
  const database = decodeURIComponent(url.pathname.slice(1))
  const host = url.searchParams.get('host') ?? decodeURIComponent(url.hostname)
  const port = Number(url.searchParams.get('port') ?? (url.port || '5432'))
  if (!user) throw refuse('The database URL names no user.')
  if (!database) throw refuse('The database URL names no database.')
  if (!host) throw refuse('The database URL names no host.')
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw refuse('The port is not a number from 1 to 65535.')

  const password = decodeURIComponent(url.password) || url.searchParams.get('password')
  const mode = url.searchParams.get('sslmode')
  const ssl =
    mode === 'verify-full' || mode === 'verify-ca'
      ? 'verify-full'
      : mode === 'require'
        ? 'require'
        : undefined
  return { host, port, user, database, ...(password ? { password } : {}), ...(ssl ? { ssl } : {}) }
}
