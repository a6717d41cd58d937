// Sets a new password with the link of a reset mail. The link works once, and every session of the user ends: whoever knew
// the old password is out.
import { invalid, Refusal } from '#kernel/failure.ts'
import { recordAudit } from '#modules/audit'
import {
  deleteLoginAttempts,
  deleteSessionsOf,
  findPasswordReset,
  loadUser,
  passwordFault,
  savePasswordHash,
  usePasswordReset,
  voidPasswordResets,
} from '#modules/users'
import { reading, sellerScope, transaction } from '#platform/db.ts'
import { hashPassword } from '#platform/password.ts'
import type { App } from '../app.ts'

function spent(): Refusal {
  return new Refusal('auth/expired-reset', 'This link has been used or is too old. Ask for a new one.')
}

/** Whether a link can still be used: what the page asks before it shows the form. */
export async function isResetOpen(app: Pick<App, 'db' | 'now'>, token: string): Promise<boolean> {
  return reading(
    app.db,
    sellerScope,
    async (sql) => (await findPasswordReset(sql, token, app.now())) !== undefined,
  )
}

export async function resetPassword(
  app: Pick<App, 'db' | 'now'>,
  input: { readonly token: string; readonly password: string },
): Promise<void> {
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
    const userId = await usePasswordReset(tx, input.token, at)
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
}
