// Opens a session for somebody who knows the password. Every attempt is counted as a failure before the password is looked
// at, and taken back when it was right: a hundred guesses at once get no more tries than a hundred in a row.
import { Refusal } from '#kernel/failure.ts'
import {
  assertNotThrottled,
  deleteLoginAttempt,
  deleteLoginAttempts,
  findSignIn,
  insertLoginAttempts,
  insertSession,
  lockLoginAttempts,
  PASSWORD_MAX,
  saveLastLogin,
  sessionExpiry,
  THROTTLE_LIMITS,
  THROTTLE_WINDOW,
  type User,
} from '#modules/users'
import { reading, sellerScope, transaction } from '#platform/db.ts'
import { passwordMatches } from '#platform/password.ts'
import { newToken } from '#platform/secrets.ts'
import type { App } from '../app.ts'

export type SignInInput = {
  readonly email: string
  readonly password: string
  readonly ip?: string
  readonly userAgent?: string
}

/** Counts an attempt, or refuses it where too many failed. */
async function countAttempt(
  app: Pick<App, 'db'>,
  subjects: { readonly email: string; readonly ip: string | undefined },
  at: Temporal.Instant,
): Promise<void> {
  const { email, ip } = subjects
  const all = ip ? [email, ip] : [email]
  await transaction(app.db, sellerScope, async (tx) => {
    const attempts = await lockLoginAttempts(tx, all, at.subtract(THROTTLE_WINDOW))
    const failuresOf = (subject: string) =>
      attempts.filter((each) => each.subject === subject).map((each) => each.at)
    assertNotThrottled(
      [
        { limit: THROTTLE_LIMITS.email, failures: failuresOf(email) },
        ...(ip ? [{ limit: THROTTLE_LIMITS.ip, failures: failuresOf(ip) }] : []),
      ],
      at,
    )
    await insertLoginAttempts(tx, all, at)
  })
}

export async function signIn(
  app: Pick<App, 'db' | 'now'>,
  input: SignInInput,
): Promise<{ token: string; expiresAt: Temporal.Instant; user: User }> {
  const at = app.now()
  const email = `email:${input.email.trim().toLowerCase().slice(0, 254)}`
  const ip = input.ip ? `ip:${input.ip}` : undefined
  await countAttempt(app, { email, ip }, at)

  const found = await reading(app.db, sellerScope, (sql) => findSignIn(sql, { email: input.email }))
  const isRight = await passwordMatches(input.password.slice(0, PASSWORD_MAX + 1), found?.passwordHash)
  if (!found || !isRight)
    throw new Refusal(
      'auth/wrong-credentials',
      'E-mail and password do not fit together. Check both, or reset your password.',
    )

  const { user } = found
  const isBlocked = user.state === 'blocked' || found.isAccountBlocked
  const token = newToken()
  const expiresAt = sessionExpiry(at, at)
  await transaction(app.db, sellerScope, async (tx) => {
    await deleteLoginAttempts(tx, email)
    if (ip) await deleteLoginAttempt(tx, ip, at)
    if (isBlocked) return
    const { userAgent = '' } = input
    await insertSession(tx, token, {
      userId: user.id,
      createdAt: at,
      seenAt: at,
      expiresAt,
      userAgent,
      ip: input.ip ?? '',
    })
    await saveLastLogin(tx, user.id, at)
  })
  if (isBlocked)
    throw new Refusal(
      'right/blocked',
      found.isAccountBlocked
        ? 'The account of your company is blocked: nobody can sign in or order for it. Licences and subscriptions you have go on. Please contact us.'
        : 'Your access is blocked. Ask an administrator of your company, or us.',
    )
  return { token, expiresAt, user: { ...user, lastLoginAt: at } }
}
