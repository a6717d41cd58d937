// Every statement that writes users. A password's hash leaves only through findSignIn.
import { Refusal } from '#kernel/failure.ts'
import type { AccountId, UserId } from '#kernel/ids.ts'
import { type Sql, type Tx, violatedConstraint } from '#platform/db.ts'
import type { Invitation, User } from './user.ts'

type Row = Omit<User, 'accountId' | 'lastLoginAt'> & {
  readonly accountId: AccountId | null
  readonly lastLoginAt: Temporal.Instant | null
}

function userOf(row: Row): User {
  return { ...row, accountId: row.accountId ?? undefined, lastLoginAt: row.lastLoginAt ?? undefined }
}

const columns = (sql: Sql) =>
  sql.part`id, account_id, email, name, roles, state, language, created_at, last_login_at`

export async function findUser(sql: Sql, id: UserId): Promise<User | undefined> {
  const row = await sql.maybe<Row>`select ${columns(sql)} from app_user where id = ${id}`
  return row && userOf(row)
}

export async function loadUser(sql: Sql, id: UserId): Promise<User> {
  const user = await findUser(sql, id)
  if (!user) throw new Refusal('user/not-found', 'This user does not exist.', { id })
  return user
}

/** Loads a user about to be changed. */
export async function lockUser(tx: Tx, id: UserId): Promise<User> {
  const row = await tx.maybe<Row>`select ${columns(tx)} from app_user where id = ${id} for update`
  if (!row) throw new Refusal('user/not-found', 'This user does not exist.', { id })
  return userOf(row)
}

/** Held until the end; false where there is no such user any more. */
export async function holdUser(tx: Tx, id: UserId): Promise<boolean> {
  const row = await tx.maybe<{ id: UserId }>`select id from app_user where id = ${id} for update`
  return row !== undefined
}

export async function findUserByEmail(sql: Sql, email: string): Promise<User | undefined> {
  const row =
    await sql.maybe<Row>`select ${columns(sql)} from app_user where lower(email) = lower(${email.trim()})`
  return row && userOf(row)
}

/** The people of an account, or of the seller (undefined). */
export async function listUsers(sql: Sql, accountId: AccountId | undefined): Promise<(User & Invitation)[]> {
  const rows = await sql.many<Row & { isInvited: boolean; invitationExpiresAt: Temporal.Instant | null }>`
    select ${columns(sql)}, is_invited, invitation_expires_at from app_user
    where ${accountId === undefined ? sql.part`account_id is null` : sql.part`account_id = ${accountId}`}
    order by lower(name), id`
  return rows.map((row) => ({
    ...userOf(row),
    isInvited: row.isInvited,
    invitationExpiresAt: row.invitationExpiresAt ?? undefined,
  }))
}

export type SignIn = {
  readonly user: User
  readonly passwordHash: string | undefined
  /** The user's company or the reseller it belongs to is blocked. */
  readonly isAccountBlocked: boolean
}

/** What a sign-in is checked against; for the seller's eyes. */
export async function findSignIn(
  sql: Sql,
  by: { readonly email: string } | { readonly id: UserId },
): Promise<SignIn | undefined> {
  const row = await sql.maybe<Row & { passwordHash: string | null; isAccountBlocked: boolean }>`
    select ${columns(sql)}, password_hash, exists (
      select 1 from account left join account parent on parent.id = account.parent_id
      where account.id = app_user.account_id and (account.state = 'blocked' or parent.state = 'blocked')) as is_account_blocked
    from app_user where ${'email' in by ? sql.part`lower(email) = lower(${by.email.trim()})` : sql.part`id = ${by.id}`}`
  if (!row) return undefined
  const { passwordHash, isAccountBlocked, ...user } = row
  return { user: userOf(user), passwordHash: passwordHash ?? undefined, isAccountBlocked }
}

async function named<Result>(write: Promise<Result>): Promise<Result> {
  try {
    return await write
  } catch (error) {
    const violated = violatedConstraint(error)
    if (violated === 'app_user_last_administrator')
      throw new Refusal(
        'user/last-administrator',
        'This is the last active administrator. Make somebody else an administrator first.',
      )
    if (violated !== 'app_user_email') throw error
    const message = 'Somebody signs in with this e-mail already.'
    throw new Refusal('user/email-taken', message, {}, [{ pointer: '/email', code: 'taken', message }])
  }
}

export async function insertUser(tx: Tx, user: User, passwordHash?: string): Promise<void> {
  await named(tx.run`
    insert into app_user (id, account_id, email, name, password_hash, roles, state, language, created_at)
    values (${user.id}, ${user.accountId ?? null}, ${user.email}, ${user.name}, ${passwordHash ?? null}, ${[...user.roles]},
      ${user.state}, ${user.language}, ${user.createdAt})`)
}

/** Saves everything but the password and the last sign-in, which have their own statements. */
export async function saveUser(tx: Tx, user: User): Promise<void> {
  await named(tx.run`
    update app_user set email = ${user.email}, name = ${user.name}, roles = ${[...user.roles]}, state = ${user.state},
      language = ${user.language} where id = ${user.id}`)
}

/** Whoever was invited has come in. */
export async function savePasswordHash(tx: Tx, id: UserId, passwordHash: string): Promise<void> {
  await tx.run`
    update app_user set password_hash = ${passwordHash}, invitation_expires_at = null where id = ${id}`
}

/** Until when the newest invitation can be followed; undefined: there is none any more. */
export async function saveInvitation(
  tx: Tx,
  id: UserId,
  expiresAt: Temporal.Instant | undefined,
): Promise<void> {
  await tx.run`
    update app_user set invitation_expires_at = ${expiresAt ?? null} where id = ${id} and password_hash is null`
}

/** Somebody who never came in is removed, and their links with them; refused by the database where anything is theirs. */
export async function deleteInvited(tx: Tx, user: Pick<User, 'id' | 'name'>): Promise<void> {
  try {
    await named(tx.run`delete from app_user where id = ${user.id} and password_hash is null`)
  } catch (error) {
    if (!violatedConstraint(error)?.endsWith('_fkey')) throw error
    throw new Refusal(
      'state/user-has-records',
      `${user.name} has never signed in, but acted through an API key. Block them instead.`,
    )
  }
}

export async function saveLastLogin(tx: Tx, id: UserId, at: Temporal.Instant): Promise<void> {
  await tx.run`update app_user set last_login_at = ${at} where id = ${id}`
}

/** The people of an account that was merged are the other one's. */
export async function moveUsers(tx: Tx, from: AccountId, into: AccountId): Promise<number> {
  return tx.run`update app_user set account_id = ${into} where account_id = ${from}`
}
