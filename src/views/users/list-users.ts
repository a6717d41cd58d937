// People who sign in. The seller's administrators see everybody, whoever may see accounts the people of accounts, and the people
// of a company those of their own.
import { Refusal } from '#kernel/failure.ts'
import type { AccountId, UserId } from '#kernel/ids.ts'
import {
  type Actor,
  assertMay,
  mayDo,
  type Role,
  scopeOf,
  type User,
  type UserStanding,
} from '#modules/users'
import { type Database, reading, type Sql, type Tx } from '#platform/db.ts'
import { page, readCursor, searchWords } from '../accounts/search-text.ts'

export type ListedUser = Omit<User, 'accountId' | 'lastLoginAt'> & {
  readonly accountId: AccountId | null
  readonly accountName: string | null
  readonly roles: readonly Role[]
  readonly lastLoginAt: Temporal.Instant | null
  readonly isInvited: boolean
  /** Until when the newest invitation's link works. */
  readonly invitationExpiresAt: Temporal.Instant | null
}

export type UserSearch = {
  /** Words of a name or an e-mail. */
  readonly q?: string | undefined
  readonly accountId?: AccountId | undefined
  /** `seller`: our own people; `account`: those of resellers and customers. */
  readonly of?: 'seller' | 'account' | undefined
  readonly state?: UserStanding | undefined
  readonly cursor?: string | undefined
  readonly limit: number
}

const selected = (sql: Sql) => sql.part`
  select app_user.id, app_user.account_id, account.name as account_name, app_user.email, app_user.name, app_user.roles,
    app_user.state, app_user.language, app_user.created_at, app_user.last_login_at, app_user.is_invited,
    app_user.invitation_expires_at
  from app_user left join account on account.id = app_user.account_id`

/** As `standingOf` says it. */
export const standing = (sql: Sql) => sql.part`
  case when app_user.state = 'active' and app_user.is_invited then 'invited' else app_user.state end`

export async function listedUser(sql: Sql, id: UserId): Promise<ListedUser | undefined> {
  return sql.maybe<ListedUser>`${selected(sql)} where app_user.id = ${id}`
}

/** Row-level security keeps a portal to its own company; this keeps staff to what their role shows. */
function within(sql: Sql, actor: Actor): unknown {
  if (actor.kind === 'portal') return sql.part`app_user.account_id = ${actor.accountId}`
  if (actor.kind === 'system' || mayDo(actor, 'manage-users')) return sql.part`true`
  return sql.part`(app_user.account_id is not null or app_user.id = ${actor.userId})`
}

function assertMayLook(actor: Actor): void {
  if (actor.kind !== 'portal' && mayDo(actor, 'see-accounts')) return
  assertMay(actor, 'manage-users')
}

/** By name. */
export async function searchUsers(
  db: Database | Tx,
  actor: Actor,
  search: UserSearch,
): Promise<{ items: ListedUser[]; nextCursor: string | undefined }> {
  assertMayLook(actor)
  const after = readCursor(search.cursor)
  const words = searchWords(search.q)
  const rows = await reading(db, scopeOf(actor), (sql) => {
    const holds = words.reduce(
      (all: unknown, word) =>
        sql.part`${all} and lower(app_user.name || ' ' || app_user.email) like ${`%${word}%`}`,
      sql.part`true`,
    )
    return sql.many<ListedUser>`
      ${selected(sql)}
      where ${within(sql, actor)} and ${holds}
        and ${search.accountId ? sql.part`app_user.account_id = ${search.accountId}` : sql.part`true`}
        and ${search.of === undefined ? sql.part`true` : search.of === 'seller' ? sql.part`app_user.account_id is null` : sql.part`app_user.account_id is not null`}
        and ${search.state ? sql.part`${standing(sql)} = ${search.state}` : sql.part`true`}
        and ${after ? sql.part`(lower(app_user.name), app_user.id) > (lower(${after.key}), ${after.id}::uuid)` : sql.part`true`}
      order by lower(app_user.name), app_user.id limit ${search.limit + 1}`
  })
  return page(rows, search.limit, (row) => row.name)
}

/** Whom the actor cannot see does not exist; only then are rights asked for. Everybody may see themselves. */
export async function viewUser(db: Database | Tx, actor: Actor, ask: { id: UserId }): Promise<ListedUser> {
  const user = await reading(
    db,
    scopeOf(actor),
    (sql) => sql.maybe<ListedUser>`${selected(sql)} where app_user.id = ${ask.id} and ${within(sql, actor)}`,
  )
  if (!user) throw new Refusal('user/not-found', 'This user does not exist.', { id: ask.id })
  if (actor.kind === 'system' || actor.userId !== user.id) assertMayLook(actor)
  return user
}
