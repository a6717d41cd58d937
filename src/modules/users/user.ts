// People who sign in: of a reseller or a direct customer, or of the seller itself (no account).

import { type FieldFault, invalid } from '#kernel/failure.ts'
import { type AccountId, newId, type UserId } from '#kernel/ids.ts'
import { lineFaults } from '#kernel/text.ts'
import { firstStaffRoles, portalRoles, type Role } from './roles.ts'

export type User = {
  readonly id: UserId
  readonly accountId: AccountId | undefined
  readonly email: string
  readonly name: string
  readonly roles: readonly Role[]
  readonly state: 'active' | 'blocked'
  readonly language: string
  readonly createdAt: Temporal.Instant
  readonly lastLoginAt: Temporal.Instant | undefined
}

/** How far an invitation is: who was asked to choose a password and has not, and until when the newest link works. */
export type Invitation = {
  readonly isInvited: boolean
  readonly invitationExpiresAt: Temporal.Instant | undefined
}

/** As lists tell of somebody: `invited` is active, and has not chosen a password yet. */
export type UserStanding = User['state'] | 'invited'

export function standingOf(user: Pick<User, 'state'> & Pick<Invitation, 'isInvited'>): UserStanding {
  return user.state === 'active' && user.isInvited ? 'invited' : user.state
}

/** The roles the people of an account can have. */
export function rolesFor(_account: AccountId): Role[] {
  return Object.keys(portalRoles)
}

export type UserInput = {
  readonly email: string
  readonly name: string
  readonly roles: readonly string[]
  readonly language?: string | undefined
}

const address = /^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+\.[^\s@<>,;:"()[\]\\]{2,}$/

function checked(
  input: UserInput,
  allowed: readonly Role[],
): Pick<User, 'email' | 'name' | 'roles' | 'language'> {
  const faults: FieldFault[] = []
  const fault = (field: string, code: string, message: string) =>
    faults.push({ pointer: `/${field}`, code, message })
  const email = input.email.trim()
  const name = input.name.trim()
  const language = input.language?.trim() || 'en'
  if (email.length > 254 || !address.test(email))
    fault('email', 'not-an-email', 'E-mail is not an address like name@company.example.')
  if (name === '') fault('name', 'required', 'Name is needed.')
  else if (name.length > 120) fault('name', 'too-long', 'Name has at most 120 characters.')
  faults.push(...lineFaults(name, '/name', 'Name'))
  if (!/^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$/.test(language))
    fault('language', 'unknown-language', 'Language is a tag such as en or de-DE.')
  const roles = [...new Set(input.roles)]
  if (roles.length === 0) fault('roles', 'required', 'Choose at least one role.')
  const foreign = input.roles.find((role) => !allowed.includes(role))
  if (foreign !== undefined)
    fault('roles', 'not-a-choice', `"${foreign.slice(0, 40)}" is not one of ${allowed.join(', ')}.`)
  if (faults.length > 0) throw invalid(...faults)
  return { email, name, roles, language }
}

/** Makes a user of an account, or one of the seller's own (no account, `staffRoles` are those there are); refuses with the fields at fault. */
export function newUser(
  input: UserInput & { readonly accountId?: AccountId | undefined },
  at: Temporal.Instant,
  staffRoles: readonly Role[] = Object.keys(firstStaffRoles),
): User {
  const { accountId } = input
  return {
    id: newId(),
    accountId,
    ...checked(input, accountId ? rolesFor(accountId) : staffRoles),
    state: 'active',
    createdAt: at,
    lastLoginAt: undefined,
  }
}

export function changeUser(
  user: User,
  change: Partial<UserInput> & { readonly state?: User['state'] | undefined },
  staffRoles: readonly Role[] = Object.keys(firstStaffRoles),
): User {
  const {
    email = user.email,
    name = user.name,
    roles = user.roles,
    language = user.language,
    state = user.state,
  } = change
  const allowed = user.accountId ? rolesFor(user.accountId) : staffRoles
  return { ...user, ...checked({ email, name, roles, language }, allowed), state }
}
