// The mail with a link by which a password is chosen: an invitation to whoever has none yet, another one for whoever forgot theirs. A
// new link makes former ones void, and mails with those that have not left yet do not leave any more.
import { newId, type UserId } from '#kernel/ids.ts'
import { loadAccount } from '#modules/accounts'
import { cancelMailsTo } from '#modules/notifications'
import {
  INVITATION_LIFE,
  insertLoginAttempts,
  insertPasswordReset,
  lockLoginAttempts,
  RESET_LIFE,
  type SignIn,
  saveInvitation,
  THROTTLE_WINDOW,
  voidPasswordResets,
} from '#modules/users'
import type { Tx } from '#platform/db.ts'
import { newToken } from '#platform/secrets.ts'
import type { App } from '../app.ts'
import { queueMail } from '../notifying/queue-mail.ts'

const MOST_WISHES = 3
const INVITATION = 'invitation'
const PASSWORD_RESET = 'password-reset'

/** Counts that a link to this address was wished for; false where there were three in a quarter of an hour. */
export async function countWish(tx: Tx, email: string, at: Temporal.Instant): Promise<boolean> {
  const subject = `reset:${email.trim().toLowerCase().slice(0, 254)}`
  const wishes = await lockLoginAttempts(tx, [subject], at.subtract(THROTTLE_WINDOW))
  if (wishes.length >= MOST_WISHES) return false
  await insertLoginAttempts(tx, [subject], at)
  return true
}

/** No link that was mailed before opens anything from now on. */
export async function endPasswordLinks(tx: Tx, userId: UserId, at: Temporal.Instant): Promise<void> {
  await voidPasswordResets(tx, userId, at)
  await saveInvitation(tx, userId, undefined)
  await cancelMailsTo(tx, userId, [INVITATION, PASSWORD_RESET], 'Not sent: its link is void.')
}

/** Answers until when the link works. `inviter` is nobody where somebody asked for themselves. */
export async function queuePasswordLink(
  tx: Tx,
  app: Pick<App, 'now' | 'secrets' | 'settings'>,
  { user, passwordHash }: Pick<SignIn, 'user' | 'passwordHash'>,
  { inviter = '' }: { readonly inviter?: string } = {},
): Promise<Temporal.Instant> {
  const at = app.now()
  const token = newToken()
  const isInvited = passwordHash === undefined
  const expiresAt = at.add(isInvited ? INVITATION_LIFE : RESET_LIFE)
  await endPasswordLinks(tx, user.id, at)
  await insertPasswordReset(tx, token, { userId: user.id, createdAt: at, expiresAt })
  if (isInvited) await saveInvitation(tx, user.id, expiresAt)
  const company = user.accountId ? (await loadAccount(tx, user.accountId)).name : ''
  await queueMail(tx, app, {
    notificationCode: isInvited ? INVITATION : PASSWORD_RESET,
    cause: `password-reset:${newId()}`,
    to: [user.email],
    accountId: user.accountId,
    userId: user.id,
    variables: {
      user: { name: user.name, email: user.email },
      ...(isInvited ? { inviter: { name: inviter }, company: { name: company } } : {}),
      expires: expiresAt.toString(),
    },
    secret: `${app.settings.publicUrl}/reset-password?token=${token}`,
  })
  return expiresAt
}
