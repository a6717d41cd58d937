// Sets a new password with the link of a reset mail. The link works once, and every session of the user ends: whoever knew
// the old password is out.
import { invalid, Refusal } from '#kernel/failure.ts'
import { recordAudit } from '#modules/audit'
import {
  deleteLoginAttempts,
  deleteSessionsOf,
  findPasswordReset,
  findSignIn,
  holdUser,
  loadUser,
  passwordFault,
  savePasswordHash,
  type User,
  usePasswordReset,
  voidPasswordResets,
} from '#modules/users'
import { reading, sellerScope, transaction } from '#platform/db.ts'
import { hashPassword } from '#platform/password.ts'
import type { App } from '../app.ts'

function spent(): Refusal {
  return new Refusal('auth/expired-reset', 'This link has been used or is too old. Ask for a new one.')
}

/** Who chooses a password, and whether it is their first. */
export type OpenReset = Pick<User, 'name' | 'email'> & {
  readonly isInvited: boolean
  /** Of the seller, who signs in to the back office. */
  readonly isStaff: boolean
}

/** What the page asks before it shows the form; nothing where a link can no longer be used. */
export async function findReset(app: Pick<App, 'db' | 'now'>, token: string): Promise<OpenReset | undefined> {
  return reading(app.db, sellerScope, async (sql) => {
    const userId = await findPasswordReset(sql, token, app.now())
    const found = userId && (await findSignIn(sql, { id: userId }))
    if (!found) return undefined
    const { name, email, accountId } = found.user
    return { name, email, isInvited: found.passwordHash === undefined, isStaff: accountId === undefined }
  })
}

export async function resetPassword(
  app: Pick<App, 'db' | 'now'>,
  input: { readonly token: string; readonly password: string },
): Promise<User> {
  const at = app.now()
  const user = await reading(app.db, sellerScope, async (sql) => {
    const userId = await findPasswordReset(sql, input.token, at)
    return userId && loadUser(sql, userId)
  })
  if (!user) throw spent()
  const fault = passwordFault(input.password, user)
  if (fault) throw invalid(fault)
  const hash = await hashPassword(input.password)
  await transaction(app.db, sellerScope, async (tx) => {
    // First, as whoever withdraws an invitation does: of the two one is told.
    const userId = (await holdUser(tx, user.id)) && (await usePasswordReset(tx, input.token, at))
    if (!userId) throw spent()
    await savePasswordHash(tx, userId, hash)
    await voidPasswordResets(tx, userId, at)
    await deleteSessionsOf(tx, userId)
    await deleteLoginAttempts(tx, `email:${user.email.toLowerCase()}`)
    await recordAudit(tx, {
      at,
      actor: user.accountId
        ? { kind: 'portal', userId, name: user.name, accountId: user.accountId }
        : { kind: 'staff', userId, name: user.name },
      action: 'user/password-reset',
      subjectType: 'user',
      subjectId: userId,
    })
  })
  return user
}
