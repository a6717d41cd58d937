// Somebody is asked in: added without a password, and mailed a link to choose one. Until they have, the link can be sent again, which
// ends the former one, and the invitation can be withdrawn, which removes them.
import { Refusal } from '#kernel/failure.ts'
import type { AccountId, UserId } from '#kernel/ids.ts'
import { recordAudit } from '#modules/audit'
import { type Actor, deleteInvited, findSignIn, lockUser, type User, type UserInput } from '#modules/users'
import { sellerScope, transaction } from '#platform/db.ts'
import type { App } from '../app.ts'
import { assertMayTouch, assertReach, createUser } from './manage-users.ts'
import { countWish, endPasswordLinks, queuePasswordLink } from './password-link.ts'

/** Adds somebody and mails them a link to choose their password, in one step. */
export async function inviteUser(
  app: App,
  actor: Actor,
  input: UserInput & { readonly accountId?: AccountId | undefined },
): Promise<User> {
  return transaction(app.db, sellerScope, async (tx) => {
    const inside = { ...app, db: tx }
    const user = await createUser(inside, actor, input)
    await mailPasswordLink(inside, actor, { userId: user.id })
    return user
  })
}

/** Mails somebody a link to choose a password: an invitation until they have one, and because it is forgotten later. */
export async function mailPasswordLink(
  app: App,
  actor: Actor,
  input: { readonly userId: UserId },
): Promise<void> {
  const at = app.now()
  await transaction(app.db, sellerScope, async (tx) => {
    const user = await lockUser(tx, input.userId)
    assertReach(actor, user.accountId)
    const found = await findSignIn(tx, { id: user.id })
    if (!found || user.state === 'blocked')
      throw new Refusal('state/user-blocked', 'This user is blocked and cannot sign in. Unblock them first.')
    if (found.isAccountBlocked)
      throw new Refusal('account/blocked', 'The company of this user is blocked: nobody of it can sign in.')
    if (!(await countWish(tx, user.email, at)))
      throw new Refusal(
        'auth/throttled',
        `Three links were mailed to ${user.email} within a quarter of an hour. Wait a little, and ask them to look among unwanted mail.`,
      )
    const expiresAt = await queuePasswordLink(tx, app, found, { inviter: actor.name })
    await recordAudit(tx, {
      at,
      actor,
      action: found.passwordHash === undefined ? 'user/invitation-mailed' : 'user/password-link-mailed',
      subjectType: 'user',
      subjectId: user.id,
      accountId: user.accountId,
      after: { to: user.email, linkWorksUntil: expiresAt },
    })
  })
}

/** Whoever has chosen a password is blocked instead. */
export async function withdrawInvitation(
  app: Pick<App, 'db' | 'now'>,
  actor: Actor,
  input: { readonly userId: UserId },
): Promise<User> {
  const at = app.now()
  return transaction(app.db, sellerScope, async (tx) => {
    const user = await lockUser(tx, input.userId)
    assertReach(actor, user.accountId)
    await assertMayTouch(tx, actor, user)
    const found = await findSignIn(tx, { id: user.id })
    if (found?.passwordHash !== undefined)
      throw new Refusal(
        'state/not-invited',
        `${user.name} has chosen a password already, so there is no invitation to withdraw. Block them instead.`,
      )
    await endPasswordLinks(tx, user.id, at)
    await deleteInvited(tx, user)
    await recordAudit(tx, {
      at,
      actor,
      action: 'user/invitation-withdrawn',
      subjectType: 'user',
      subjectId: user.id,
      accountId: user.accountId,
      before: user,
    })
    return user
  })
}
