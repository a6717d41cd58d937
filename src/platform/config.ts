// Everything that can be set from outside, read once at start. A value that cannot be used is refused with the name of
// its variable and what was expected, before anything is started.
import path from 'node:path'
import { z } from 'zod'
import { Refusal } from '#kernel/failure.ts'
import { type DatabaseAddress, parseDatabaseUrl } from './postgres/address.ts'

export type SmtpConfig = {
  readonly host: string
  readonly port: number
  /** TLS from the first byte (port 465); otherwise STARTTLS is used where the server offers it. */
  readonly secure: boolean
  readonly user?: string
  readonly password?: string
}

export type Config = {
  readonly port: number
  readonly host: string
  readonly publicUrl: string
  readonly dataDir: string
  /** Undefined: the embedded database in the data folder. */
  readonly database: DatabaseAddress | undefined
  /** Undefined: the local mailbox of the demonstration, or no mail can leave. */
  readonly smtp: SmtpConfig | undefined
  /** Undefined: the seller's name and address. */
  readonly mailFrom: string | undefined
  /** 32 bytes; undefined: the key kept in the data folder (main/encryption-key.ts). */
  readonly encryptionKey: Uint8Array | undefined
  readonly isDemo: boolean
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'
  readonly mailboxPort: number | undefined
  readonly workerConcurrency: number
  readonly vendorTimeoutMs: number
  /** Pauses between the five tries of a vendor call. */
  readonly vendorBackoffMs: readonly number[]
  /** An order that has not settled by then is invoiced for what was delivered. */
  readonly settleWithinMinutes: number
  /** Webhooks may call addresses of this machine and of private networks, without TLS too. */
  readonly webhooksMayBePrivate: boolean
}

const root = path.resolve(import.meta.dirname, '../..')

const whole = (from: number, to: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `a whole number from ${from} to ${to}`)
    .transform(Number)
    .refine((value) => value >= from && value <= to, `a whole number from ${from} to ${to}`)

const port = whole(0, 65_535)
const yesOrNo = z
  .string()
  .toLowerCase()
  .refine((text) => ['1', '0', 'true', 'false', 'yes', 'no', 'on', 'off'].includes(text), '1 or 0')
  .transform((text) => ['1', 'true', 'yes', 'on'].includes(text))
const noLineBreak = /^[^\r\n]+$/
const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

const Environment = z.object({
  PORT: port.default(3000),
  HOST: z
    .string()
    .regex(/^[A-Za-z0-9.:_-]+$/, 'a host name or an address, such as 127.0.0.1')
    .default('127.0.0.1'),
  PUBLIC_URL: z
    .string()
    .refine(
      (text) => /^https?:\/\//.test(text) && URL.canParse(text),
      'an address such as https://shop.example.com',
    )
    .transform((text) => text.replace(/\/+$/, ''))
    .optional(),
  DATA_DIR: z.string().regex(noLineBreak, 'a folder').default('.data'),
  DATABASE_URL: z.string().transform(databaseAddress).optional(),
  SMTP_URL: z.string().transform(smtpAddress).optional(),
  SMTP_HOST: z
    .string()
    .regex(/^[A-Za-z0-9.:_-]+$/, 'a host name')
    .optional(),
  SMTP_PORT: whole(1, 65_535).optional(),
  SMTP_USER: z.string().optional(),
  SMTP_PASSWORD: z.string().optional(),
  SMTP_SECURE: yesOrNo.optional(),
  MAIL_FROM: z
    .string()
    .regex(
      /^([^<>\r\n]+ <[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/,
      'an e-mail address, such as Emporion <shop@example.com>',
    )
    .optional(),
  EMPORION_KEY: z
    .string()
    .refine(isKey, '32 random bytes in base64, such as the output of: openssl rand -base64 32')
    .transform((text) => new Uint8Array(Buffer.from(text, 'base64')))
    .optional(),
  DEMO: yesOrNo.optional(),
  LOG_LEVEL: z.enum(levels, `one of ${levels.join(', ')}`).default('info'),
  MAILBOX_PORT: port.optional(),
  WORKER_CONCURRENCY: whole(1, 64).default(4),
  VENDOR_TIMEOUT_MS: whole(100, 600_000).default(30_000),
  VENDOR_BACKOFF_MS: z
    .string()
    .regex(/^\d{1,8}(,\d{1,8}){3}$/, 'four pauses in milliseconds, such as 2000,10000,60000,300000')
    .transform((text) => text.split(',').map(Number))
    .default([2_000, 10_000, 60_000, 300_000]),
  SETTLE_WITHIN_MINUTES: whole(1, 10_080).default(120),
  WEBHOOKS_TO_PRIVATE: yesOrNo.optional(),
})

/** Reads the environment. An empty variable counts as one that is not set. */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const set = Object.fromEntries(
    Object.keys(Environment.shape)
      .map((name) => [name, env[name]?.trim()] as const)
      .filter(([, value]) => value),
  )
  const parsed = Environment.safeParse(set)
  if (!parsed.success) throw refusal(parsed.error.issues, set)
  const read = parsed.data
  if (read.SMTP_URL === undefined && read.SMTP_HOST === undefined)
    for (const name of ['SMTP_PORT', 'SMTP_USER', 'SMTP_PASSWORD', 'SMTP_SECURE'] as const)
      if (read[name] !== undefined)
        throw new Refusal(
          'config/invalid',
          `${name} is set but SMTP_HOST is not: expected the name of the mail server.`,
        )

  const isDemo = read.DEMO ?? read.DATABASE_URL === undefined
  return {
    port: read.PORT,
    host: read.HOST,
    publicUrl: read.PUBLIC_URL ?? `http://${urlHost(read.HOST)}:${read.PORT}`,
    dataDir: path.resolve(root, read.DATA_DIR),
    database: read.DATABASE_URL,
    smtp: read.SMTP_URL ?? smtpOf(read),
    mailFrom: read.MAIL_FROM,
    encryptionKey: read.EMPORION_KEY,
    isDemo,
    logLevel: read.LOG_LEVEL,
    mailboxPort: read.MAILBOX_PORT,
    workerConcurrency: read.WORKER_CONCURRENCY,
    vendorTimeoutMs: read.VENDOR_TIMEOUT_MS,
    vendorBackoffMs: read.VENDOR_BACKOFF_MS,
    settleWithinMinutes: read.SETTLE_WITHIN_MINUTES,
    webhooksMayBePrivate: read.WEBHOOKS_TO_PRIVATE ?? isDemo,
  }
}

// A value may be a password: the message names the variable and what was expected, never what was there.
function refusal(issues: readonly z.core.$ZodIssue[], set: Record<string, string | undefined>): Refusal {
  const secret = /URL|KEY|PASSWORD/
  const lines = issues.map((issue) => {
    const name = String(issue.path[0])
    const was = secret.test(name) ? '' : `, not "${set[name]}"`
    return `${name} is not valid: expected ${issue.message}${was}.`
  })
  return new Refusal('config/invalid', lines.join('\n'))
}

type Refine = { addIssue(message: string): void }

function databaseAddress(text: string, context: Refine): DatabaseAddress {
  try {
    return parseDatabaseUrl(text)
  } catch (error) {
    context.addIssue(
      `postgresql://user:password@host:5432/database. ${(error as Error).message.split('. ')[0]}`,
    )
    return z.NEVER
  }
}

function smtpAddress(text: string, context: Refine): SmtpConfig {
  const url = URL.parse(text)
  const user = url && decoded(url.username)
  const password = url && decoded(url.password)
  const isMail = url?.protocol === 'smtp:' || url?.protocol === 'smtps:'
  if (!url?.hostname || !isMail || user === undefined || password === undefined) {
    context.addIssue('smtp://user:password@host:587 or smtps://user:password@host:465, with % as %25')
    return z.NEVER
  }
  const secure = url.protocol === 'smtps:'
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || (secure ? 465 : 587)),
    secure,
    ...(user ? { user } : {}),
    ...(password ? { password } : {}),
  }
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

function smtpOf(read: z.infer<typeof Environment>): SmtpConfig | undefined {
  if (read.SMTP_HOST === undefined) return undefined
  const secure = read.SMTP_SECURE ?? read.SMTP_PORT === 465
  return {
    host: read.SMTP_HOST,
    port: read.SMTP_PORT ?? (secure ? 465 : 587),
    secure,
    ...(read.SMTP_USER ? { user: read.SMTP_USER } : {}),
    ...(read.SMTP_PASSWORD ? { password: read.SMTP_PASSWORD } : {}),
  }
}

function isKey(text: string): boolean {
  return /^[A-Za-z0-9+/]{43}=$/.test(text)
}

/** How a host stands in an address: `::1` in brackets, "every interface" as this machine. */
export function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
