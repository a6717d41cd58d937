// Sessions and API keys: tokens of which only the hash is stored, and the person each leads to. All for the seller's eyes:
// who asks is not known before.
import type { Country } from '#kernel/countries.ts'
import type { AccountId, Id, UserId } from '#kernel/ids.ts'
import type { Currency } from '#kernel/money.ts'
import type { Sql, Tx } from '#platform/db.ts'
import { tokenHash } from '#platform/secrets.ts'
import { type Right, type Role, rightsNamed, rightsOf } from './roles.ts'

/** Whoever a token leads to, with what every page shows of their company. */
export type Bearer = {
  readonly user: {
    readonly id: UserId
    readonly accountId: AccountId | null
    readonly email: string
    readonly name: string
    readonly roles: readonly Role[]
    /** What those roles allow now. */
    readonly rights: readonly Right[]
    readonly language: string
  }
  readonly account: BearerAccount | undefined
}

export type BearerAccount = {
  readonly id: AccountId
  readonly number: string
  readonly name: string
  readonly kind: 'reseller' | 'customer'
  readonly parentId: AccountId | undefined
  readonly country: Country
  readonly currency: Currency
  readonly language: string
}

type BearerRow = {
  userId: UserId
  email: string
  userName: string
  roles: Role[]
  staffRights: string[]
  userLanguage: string
  accountId: AccountId | null
  number: string
  accountName: string
  kind: 'reseller' | 'customer'
  parentId: AccountId | null
  country: Country
  currency: Currency
  accountLanguage: string
}

const bearerColumns = (sql: Sql) => sql.part`
  app_user.id as user_id, app_user.email, app_user.name as user_name, app_user.roles, app_user.language as user_language,
  case when app_user.account_id is null then array(
    select distinct unnest(staff_role.rights) from staff_role where staff_role.code = any (app_user.roles)) else '{}' end as staff_rights,
  app_user.account_id, account.number, account.name as account_name, account.kind, account.parent_id, account.country,
  account.currency, account.language as account_language`

/** The joins that lead from a user to its company, and the condition that nobody on the way is blocked. */
const companyJoins = (sql: Sql) => sql.part`
  left join account on account.id = app_user.account_id
  left join account parent on parent.id = account.parent_id`
const nobodyBlocked = (sql: Sql) => sql.part`
  app_user.state = 'active' and (app_user.account_id is null or account.state = 'active') and (parent.id is null or parent.state = 'active')`

function bearerOf(row: BearerRow): Bearer {
  const { userId: id, accountId, email, roles } = row
  const rights = accountId ? [...rightsOf(roles)] : rightsNamed(row.staffRights)
  return {
    user: { id, accountId, email, name: row.userName, roles, rights, language: row.userLanguage },
    account: accountId
      ? {
          id: accountId,
          number: row.number,
          name: row.accountName,
          kind: row.kind,
          parentId: row.parentId ?? undefined,
          country: row.country,
          currency: row.currency,
          language: row.accountLanguage,
        }
      : undefined,
  }
}

/** Somebody by their id, as a token would lead to them: for jobs that go on with the eyes of who asked. */
export async function findBearer(sql: Sql, userId: UserId): Promise<Bearer | undefined> {
  const row = await sql.maybe<BearerRow>`
    select ${bearerColumns(sql)} from app_user ${companyJoins(sql)}
    where app_user.id = ${userId} and ${nobodyBlocked(sql)}`
  return row && bearerOf(row)
}

export type Session = {
  readonly userId: UserId
  readonly createdAt: Temporal.Instant
  readonly seenAt: Temporal.Instant
  readonly expiresAt: Temporal.Instant
  readonly userAgent: string
  readonly ip: string
}

export async function insertSession(tx: Tx, token: string, session: Session): Promise<void> {
  await tx.run`
    insert into session (token_hash, user_id, created_at, seen_at, expires_at, user_agent, ip)
    values (${tokenHash(token)}, ${session.userId}, ${session.createdAt}, ${session.seenAt}, ${session.expiresAt},
      ${session.userAgent.slice(0, 300)}, ${session.ip})`
}

/** In one statement what every page asks: the session, its user, their company and how full their basket is. Nothing where it has ended or somebody is blocked. */
export async function findSession(
  sql: Sql,
  token: string,
  at: Temporal.Instant,
): Promise<
  | (Bearer & { readonly session: Pick<Session, 'createdAt' | 'seenAt'>; readonly basketCount: number })
  | undefined
> {
  const row = await sql.maybe<
    BearerRow & { createdAt: Temporal.Instant; seenAt: Temporal.Instant; basketCount: number }
  >`
    select ${bearerColumns(sql)}, session.created_at, session.seen_at,
      (select count(*)::int from basket_item join basket on basket.id = basket_item.basket_id
        where basket.user_id = app_user.id and basket.state = 'open') as basket_count
    from session join app_user on app_user.id = session.user_id ${companyJoins(sql)}
    where session.token_hash = ${tokenHash(token)} and session.expires_at > ${at} and ${nobodyBlocked(sql)}`
  return (
    row && {
      ...bearerOf(row),
      session: { createdAt: row.createdAt, seenAt: row.seenAt },
      basketCount: row.basketCount,
    }
  )
}

export async function touchSession(
  tx: Tx,
  token: string,
  seenAt: Temporal.Instant,
  expiresAt: Temporal.Instant,
): Promise<void> {
  await tx.run`
    update session set seen_at = ${seenAt}, expires_at = ${expiresAt}
    where token_hash = ${tokenHash(token)} and seen_at < ${seenAt}`
}

/** `token`: of the one that asks, if one of them does. */
export async function listSessions(
  sql: Sql,
  userId: UserId,
  at: Temporal.Instant,
  token?: string,
): Promise<(Session & { readonly isThis: boolean })[]> {
  return sql.many<Session & { readonly isThis: boolean }>`
    select user_id, created_at, seen_at, expires_at, user_agent, ip,
      ${token === undefined ? sql.part`false` : sql.part`token_hash = ${tokenHash(token)}`} as is_this from session
    where user_id = ${userId} and expires_at > ${at} order by seen_at desc`
}

export async function deleteSession(tx: Tx, token: string): Promise<void> {
  await tx.run`delete from session where token_hash = ${tokenHash(token)}`
}

/** Ends all sessions of a user, but for the one that may be kept; answers how many there were. */
export async function deleteSessionsOf(tx: Tx, userId: UserId, keptToken?: string): Promise<number> {
  const kept = keptToken === undefined ? tx.part`` : tx.part`and token_hash <> ${tokenHash(keptToken)}`
  return tx.run`delete from session where user_id = ${userId} ${kept}`
}

export type ApiKeyId = Id<'api key'>

export type ApiKey = {
  readonly id: ApiKeyId
  readonly userId: UserId
  readonly name: string
  /** Its last characters, to tell keys apart. */
  readonly hint: string
  /** What it carries of its user's rights; undefined: all of them, whatever they become. */
  readonly rights: readonly Right[] | undefined
  readonly createdAt: Temporal.Instant
  /** From then on it opens nothing. */
  readonly expiresAt: Temporal.Instant | undefined
  readonly lastUsedAt: Temporal.Instant | undefined
  readonly revokedAt: Temporal.Instant | undefined
  /** Who revoked it, where it was not its user. */
  readonly revokedBy: string | undefined
}

export async function insertApiKey(tx: Tx, key: ApiKey, token: string): Promise<void> {
  await tx.run`
    insert into api_key (id, user_id, name, key_hash, hint, rights, created_at, expires_at)
    values (${key.id}, ${key.userId}, ${key.name}, ${tokenHash(token)}, ${key.hint}, ${key.rights ? [...key.rights] : null},
      ${key.createdAt}, ${key.expiresAt ?? null})`
}

/** Nothing where it is revoked, has expired, or somebody on the way is blocked. */
export async function findApiKey(
  sql: Sql,
  token: string,
  at: Temporal.Instant,
): Promise<(Bearer & { readonly key: Pick<ApiKey, 'id' | 'rights' | 'lastUsedAt'> }) | undefined> {
  const row = await sql.maybe<
    BearerRow & { apiKeyId: ApiKeyId; keyRights: string[] | null; lastUsedAt: Temporal.Instant | null }
  >`
    select ${bearerColumns(sql)}, api_key.id as api_key_id, api_key.rights as key_rights, api_key.last_used_at
    from api_key join app_user on app_user.id = api_key.user_id ${companyJoins(sql)}
    where api_key.key_hash = ${tokenHash(token)} and api_key.revoked_at is null
      and (api_key.expires_at is null or api_key.expires_at > ${at}) and ${nobodyBlocked(sql)}`
  if (!row) return undefined
  const rights = row.keyRights ? rightsNamed(row.keyRights) : undefined
  return { ...bearerOf(row), key: { id: row.apiKeyId, rights, lastUsedAt: row.lastUsedAt ?? undefined } }
}

export async function touchApiKey(tx: Tx, id: ApiKeyId, at: Temporal.Instant): Promise<void> {
  await tx.run`update api_key set last_used_at = ${at} where id = ${id}`
}

export async function revokeApiKey(
  tx: Tx,
  id: ApiKeyId,
  at: Temporal.Instant,
  by: string | undefined,
): Promise<void> {
  await tx.run`
    update api_key set revoked_at = ${at}, revoked_by = ${by ?? null} where id = ${id} and revoked_at is null`
}

/** A key about to be revoked, with whose it is; nothing where there is none in force. */
export async function lockApiKey(
  tx: Tx,
  id: ApiKeyId,
): Promise<
  | { readonly userId: UserId; readonly userName: string; readonly accountId: AccountId | undefined }
  | undefined
> {
  const row = await tx.maybe<{ userId: UserId; userName: string; accountId: AccountId | null }>`
    select api_key.user_id, app_user.name as user_name, app_user.account_id
    from api_key join app_user on app_user.id = api_key.user_id
    where api_key.id = ${id} and api_key.revoked_at is null for update of api_key`
  return row && { ...row, accountId: row.accountId ?? undefined }
}
