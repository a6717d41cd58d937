// Sends a link by which a password can be chosen: the first one, to whoever was invited, or another for one that is forgotten. Whether there is such a user is not told: the answer is
// always the same, and more than three wishes in a quarter of an hour send nothing more.
import { newId } from '#kernel/ids.ts'
import {
  findSignIn,
  INVITATION_LIFE,
  insertLoginAttempts,
  insertPasswordReset,
  lockLoginAttempts,
  RESET_LIFE,
  THROTTLE_WINDOW,
} from '#modules/users'
import { sellerScope, transaction } from '#platform/db.ts'
import { newToken } from '#platform/secrets.ts'
import type { App } from '../app.ts'
import { queueMail } from '../notifying/queue-mail.ts'

const MOST_WISHES = 3

export async function requestPasswordReset(app: App, input: { readonly email: string }): Promise<void> {
  const at = app.now()
  const subject = `reset:${input.email.trim().toLowerCase().slice(0, 254)}`
  const token = newToken()
  await transaction(app.db, sellerScope, async (tx) => {
    const wishes = await lockLoginAttempts(tx, [subject], at.subtract(THROTTLE_WINDOW))
    if (wishes.length >= MOST_WISHES) return
    await insertLoginAttempts(tx, [subject], at)
    const found = await findSignIn(tx, { email: input.email })
    if (!found || found.user.state === 'blocked' || found.isAccountBlocked) return
    const { user } = found
    const isInvited = found.passwordHash === undefined
    const expiresAt = at.add(isInvited ? INVITATION_LIFE : RESET_LIFE)
    await insertPasswordReset(tx, token, { userId: user.id, createdAt: at, expiresAt })
    await queueMail(tx, app, {
      notificationCode: isInvited ? 'invitation' : 'password-reset',
      cause: `password-reset:${newId()}`,
      to: [user.email],
      accountId: user.accountId,
      userId: user.id,
      variables: { user: { name: user.name }, expires: expiresAt.toString() },
      secret: `${app.settings.publicUrl}/reset-password?token=${token}`,
    })
  })
}
