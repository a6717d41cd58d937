// An administrator looks after the people of its own company; of the seller's people some after its own, others after those of accounts.
// Nobody gives a role that allows more than their own, nor touches somebody who may do more than they.
import { invalid, Refusal } from '#kernel/failure.ts'
import type { AccountId, UserId } from '#kernel/ids.ts'
import { loadAccount } from '#modules/accounts'
import { differences, recordAudit } from '#modules/audit'
import {
  type Actor,
  assertMay,
  changeUser as changed,
  deleteSessionsOf,
  holdStaffRoles,
  insertUser,
  lockUser,
  newUser,
  passwordFault,
  type Right,
  rightsOf,
  type StaffRole,
  saveUser,
  staffRightsOf,
  type User,
  type UserInput,
} from '#modules/users'
import { sellerScope, type Tx, transaction } from '#platform/db.ts'
import { hashPassword } from '#platform/password.ts'
import type { App } from '../app.ts'
import { assertMayGive } from './manage-roles.ts'
import { endPasswordLinks } from './password-link.ts'

/** Users are written with the seller's eyes, for no portal role may write them; so reach is checked here. */
export function assertReach(actor: Actor, accountId: AccountId | undefined): void {
  assertMay(actor, actor.kind !== 'portal' && accountId ? 'manage-account-users' : 'manage-users')
  if (actor.kind === 'portal' && actor.accountId !== accountId)
    throw new Refusal('user/not-found', 'This user does not exist.')
}

/** With an initial password, or for `inviteUser`: without one the user sets one through "forgot password". */
export async function createUser(
  app: Pick<App, 'db' | 'now'>,
  actor: Actor,
  input: UserInput & { readonly accountId?: AccountId | undefined; readonly password?: string | undefined },
): Promise<User> {
  assertReach(actor, input.accountId)
  const at = app.now()
  const fault = input.password === undefined ? undefined : passwordFault(input.password, input)
  if (fault) throw invalid(fault)
  const hash = input.password === undefined ? undefined : await hashPassword(input.password)
  return transaction(app.db, sellerScope, async (tx) => {
    const roles = input.accountId ? [] : await holdStaffRoles(tx)
    const language = input.language || (input.accountId && (await loadAccount(tx, input.accountId)).language)
    const user = newUser({ ...input, language }, at, codesOf(roles))
    assertMayGive(actor, rightsFor(actor, roles, user))
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
    return user
  })
}

const codesOf = (roles: readonly StaffRole[]) => roles.map(({ code }) => code)

function rightsIn(roles: readonly StaffRole[], codes: readonly string[]): Right[] {
  return roles.filter(({ code }) => codes.includes(code)).flatMap(({ rights }) => rights)
}

/** What roles allow somebody, in the rights of whoever gives or takes them. */
function rightsFor(
  actor: Actor,
  roles: readonly StaffRole[],
  user: Pick<User, 'accountId' | 'roles'>,
): readonly Right[] {
  if (user.accountId === undefined) return rightsIn(roles, user.roles)
  return actor.kind === 'portal' ? [...rightsOf(user.roles)] : staffRightsOf(user.roles)
}

/** Nobody of the seller touches somebody who may do more than they. */
export async function assertMayTouch(tx: Tx, actor: Actor, user: User): Promise<void> {
  if (actor.kind === 'portal') return
  const roles = user.accountId ? [] : await holdStaffRoles(tx)
  assertMayGive(actor, rightsFor(actor, roles, user))
}

/** Blocking somebody, or taking roles away, ends their sessions at once; so does another e-mail for the links that were mailed to the old one. */
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
    const roles = before.accountId ? [] : await holdStaffRoles(tx)
    const isOther = actor.kind !== 'system' && actor.userId !== before.id
    if (isOther && actor.kind !== 'portal') assertMayGive(actor, rightsFor(actor, roles, before))
    const after = changed(before, input.change, codesOf(roles))
    const given = after.roles.filter((role) => !before.roles.includes(role))
    assertMayGive(actor, rightsFor(actor, roles, { ...after, roles: given }))
    const losesRights = after.state === 'blocked' || before.roles.some((role) => !after.roles.includes(role))
    if (losesRights && actor.kind !== 'system' && !isOther)
      throw new Refusal(
        'user/own-rights',
        'You cannot block yourself or take roles from yourself. Ask another administrator.',
      )
    const difference = differences(before, after)
    if (Object.keys(difference.after).length === 0) return before
    await saveUser(tx, after)
    if (losesRights) await deleteSessionsOf(tx, after.id)
    if (after.email !== before.email) await endPasswordLinks(tx, after.id, at)
    await recordAudit(tx, {
      at,
      actor,
      action: 'user/changed',
      subjectType: 'user',
      subjectId: after.id,
      accountId: after.accountId,
      ...difference,
    })
    return after
  })
}

/** Signs somebody out everywhere; whoever signs out themselves keeps the session they ask from. Answers how many ended. */
export async function endSessions(
  app: Pick<App, 'db' | 'now'>,
  actor: Actor,
  input: { readonly userId: UserId; readonly keptToken?: string | undefined },
): Promise<number> {
  return transaction(app.db, sellerScope, async (tx) => {
    const user = await lockUser(tx, input.userId)
    if (actor.kind === 'system' || actor.userId !== user.id) assertReach(actor, user.accountId)
    const ended = await deleteSessionsOf(tx, user.id, input.keptToken)
    await recordAudit(tx, {
      at: app.now(),
      actor,
      action: 'user/sessions-ended',
      subjectType: 'user',
      subjectId: user.id,
      accountId: user.accountId,
      after: { sessions: ended },
    })
    return ended
  })
}
