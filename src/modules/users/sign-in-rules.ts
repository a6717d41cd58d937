// Passwords, sessions and tokens: how long they live and what is asked of them.
import { type FieldFault, Refusal } from '#kernel/failure.ts'
import { rfc3339 } from '#kernel/time.ts'

export const PASSWORD_MIN = 10
/** More is never needed, and hashing must not be a way to keep us busy. */
export const PASSWORD_MAX = 200

const common = new Set([
  'password',
  'passwort',
  'qwertyuiop',
  'letmein',
  'welcome',
  'emporion',
  'administrator',
  'changeme',
])

/** What is wrong with a password somebody chose. Length is what counts (NIST SP 800-63B); no rules of composition. */
export function passwordFault(
  password: string,
  user: { readonly email: string; readonly name: string },
  pointer = '/password',
): FieldFault | undefined {
  const fault = (code: string, message: string) => ({ pointer, code, message })
  if (password.length < PASSWORD_MIN)
    return fault('too-short', `A password has at least ${PASSWORD_MIN} characters.`)
  if (password.length > PASSWORD_MAX)
    return fault('too-long', `A password has at most ${PASSWORD_MAX} characters.`)
  const plain = password.trim().toLowerCase()
  const [local = ''] = user.email.toLowerCase().split('@')
  if ([user.email.toLowerCase(), local, user.name.toLowerCase()].includes(plain))
    return fault('guessable', 'The password must not be your e-mail address or name.')
  if (new Set(plain).size < 4 || common.has(plain.replace(/[\d\W_]+$/, '')))
    return fault('guessable', 'This password is too easy to guess. Several words in a row make a good one.')
  return undefined
}

/** A session ends when nobody used it for so long, … */
export const SESSION_IDLE = Temporal.Duration.from({ hours: 12 })
/** … and at the latest so long after signing in. */
export const SESSION_LONGEST = Temporal.Duration.from({ hours: 24 * 14 })
/** Its use is written down at most so often. */
export const SESSION_TOUCH = Temporal.Duration.from({ minutes: 1 })
export const RESET_LIFE = Temporal.Duration.from({ hours: 1 })
/** An invitation may lie over a holiday. */
export const INVITATION_LIFE = Temporal.Duration.from({ hours: 24 * 7 })
export const HELD_FORM_LIFE = Temporal.Duration.from({ hours: 1 })

export function sessionExpiry(createdAt: Temporal.Instant, seenAt: Temporal.Instant): Temporal.Instant {
  const idle = seenAt.add(SESSION_IDLE)
  const last = createdAt.add(SESSION_LONGEST)
  return Temporal.Instant.compare(idle, last) < 0 ? idle : last
}

/** Failures counted in one window, by what is guarded. */
export const THROTTLE_WINDOW = Temporal.Duration.from({ minutes: 15 })
export const THROTTLE_LIMITS = { email: 5, ip: 20 } as const

/** Refuses while one of the subjects has used up its failures; `failures` are those inside the window, oldest first. */
export function assertNotThrottled(
  subjects: readonly { readonly limit: number; readonly failures: readonly Temporal.Instant[] }[],
  at: Temporal.Instant,
): void {
  const ends = subjects.flatMap(({ limit, failures }) => {
    const decisive = failures.at(-limit)
    return decisive && failures.length >= limit ? [decisive.add(THROTTLE_WINDOW)] : []
  })
  const retryAt = ends.sort(Temporal.Instant.compare).at(-1)
  if (!retryAt || Temporal.Instant.compare(retryAt, at) <= 0) return
  const seconds = Math.ceil((retryAt.epochMilliseconds - at.epochMilliseconds) / 1000)
  const minutes = Math.ceil(seconds / 60)
  throw new Refusal(
    'auth/throttled',
    `Too many failed sign-ins. Try again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`,
    { retryAt: rfc3339(retryAt), retryAfterSeconds: seconds },
  )
}
