// An administrator looks after the people of its own company; the seller's administrators after everybody.
import { invalid, Refusal } from '#kernel/failure.ts'
import type { AccountId, UserId } from '#kernel/ids.ts'
import { differences, recordAudit } from '#modules/audit'
import {
  type Actor,
  assertMay,
  changeUser as changed,
  deleteSessionsOf,
  insertUser,
  lockUser,
  newUser,
  passwordFault,
  saveUser,
  type User,
  type UserInput,
} from '#modules/users'
import { sellerScope, transaction } from '#platform/db.ts'
import { hashPassword } from '#platform/password.ts'
import type { App } from '../app.ts'
import { requestPasswordReset } from './request-password-reset.ts'

/** Users are written with the seller's eyes, for no portal role may write them; so reach is checked here. */
function assertReach(actor: Actor, accountId: AccountId | undefined): void {
  assertMay(actor, 'manage-users')
  if (actor.kind === 'portal' && actor.accountId !== accountId)
    throw new Refusal('user/not-found', 'This user does not exist.')
}

/** Without a password the user sets one through "forgot password". */
export async function createUser(
  app: Pick<App, 'db' | 'now'>,
  actor: Actor,
  input: UserInput & { readonly accountId?: AccountId | undefined; readonly password?: string | undefined },
): Promise<User> {
  assertReach(actor, input.accountId)
  const at = app.now()
  const user = newUser(input, at)
  const fault = input.password === undefined ? undefined : passwordFault(input.password, user)
  if (fault) throw invalid(fault)
  const hash = input.password === undefined ? undefined : await hashPassword(input.password)
  await transaction(app.db, sellerScope, async (tx) => {
    await insertUser(tx, user, hash)
    await recordAudit(tx, {
      at,
      actor,
      action: 'user/created',
      subjectType: 'user',
      subjectId: user.id,
      accountId: user.accountId,
      after: user,
    })
  })
  return user
}

/** Blocking somebody, or taking roles away, ends their sessions at once. */
export async function changeUser(
  app: Pick<App, 'db' | 'now'>,
  actor: Actor,
  input: {
    readonly userId: UserId
    readonly change: Partial<UserInput> & { readonly state?: User['state'] }
  },
): Promise<User> {
  const at = app.now()
  return transaction(app.db, sellerScope, async (tx) => {
    const before = await lockUser(tx, input.userId)
    assertReach(actor, before.accountId)
    const after = changed(before, input.change)
    const losesRights = after.state === 'blocked' || before.roles.some((role) => !after.roles.includes(role))
    if (losesRights && actor.kind !== 'system' && actor.userId === before.id)
      throw new Refusal(
        'user/own-rights',
        'You cannot block yourself or take roles from yourself. Ask another administrator.',
      )
    await saveUser(tx, after)
    if (losesRights) await deleteSessionsOf(tx, after.id)
    await recordAudit(tx, {
      at,
      actor,
      action: 'user/changed',
      subjectType: 'user',
      subjectId: after.id,
      accountId: after.accountId,
      ...differences(before, after),
    })
    return after
  })
}

/** Mails somebody a link to choose a password: after being added, or because the old one is forgotten. */
export async function mailPasswordLink(
  app: App,
  actor: Actor,
  input: { readonly userId: UserId },
): Promise<void> {
  await transaction(app.db, sellerScope, async (tx) => {
    const user = await lockUser(tx, input.userId)
    assertReach(actor, user.accountId)
    if (user.state === 'blocked')
      throw new Refusal('state/user-blocked', 'This user is blocked and cannot sign in. Unblock them first.')
    await requestPasswordReset({ ...app, db: tx }, { email: user.email })
    await recordAudit(tx, {
      at: app.now(),
      actor,
      action: 'user/password-link-mailed',
      subjectType: 'user',
      subjectId: user.id,
      accountId: user.accountId,
    })
  })
}
