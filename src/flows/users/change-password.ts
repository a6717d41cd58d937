// Somebody signed in replaces their password. The session at hand goes on, every other one ends.
import { invalid, Refusal } from '#kernel/failure.ts'
import { recordAudit } from '#modules/audit'
import {
  deleteSessionsOf,
  findSignIn,
  type Portal,
  passwordFault,
  type Staff,
  savePasswordHash,
  voidPasswordResets,
} from '#modules/users'
import { reading, sellerScope, transaction } from '#platform/db.ts'
import { hashPassword, passwordMatches } from '#platform/password.ts'
import type { App } from '../app.ts'

export async function changePassword(
  app: Pick<App, 'db' | 'now'>,
  actor: Staff | Portal,
  input: { readonly currentPassword: string; readonly newPassword: string; readonly keptToken?: string },
): Promise<void> {
  const at = app.now()
  const found = await reading(app.db, sellerScope, (sql) => findSignIn(sql, { id: actor.userId }))
  if (!found) throw new Refusal('user/not-found', 'This user does not exist.')
  if (!(await passwordMatches(input.currentPassword, found.passwordHash))) {
    const message = 'This is not your current password.'
    throw invalid({ pointer: '/currentPassword', code: 'wrong', message })
  }
  const fault = passwordFault(input.newPassword, found.user, '/newPassword')
  if (fault) throw invalid(fault)
  const hash = await hashPassword(input.newPassword)
  await transaction(app.db, sellerScope, async (tx) => {
    await savePasswordHash(tx, actor.userId, hash)
    await voidPasswordResets(tx, actor.userId, at)
    await deleteSessionsOf(tx, actor.userId, input.keptToken)
    await recordAudit(tx, {
      at,
      actor,
      action: 'user/password-changed',
      subjectType: 'user',
      subjectId: actor.userId,
    })
  })
}
