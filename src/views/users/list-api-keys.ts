// API keys, never the keys themselves: one's own, and for whoever manages people those of the people they manage.
import { Refusal } from '#kernel/failure.ts'
import type { AccountId, UserId } from '#kernel/ids.ts'
import { type ApiKey, type ApiKeyId, assertMay, mayDo, type Portal, type Staff } from '#modules/users'
import { type Database, reading, type Sql, sellerScope, type Tx } from '#platform/db.ts'
import { idCursor } from '../accounts/search-text.ts'
import { withinDays } from '../lists/conditions.ts'
import { list } from '../lists/list.ts'

type Optional = 'rights' | 'expiresAt' | 'lastUsedAt' | 'revokedAt' | 'revokedBy'

export type ListedApiKey = Omit<ApiKey, Optional> & {
  readonly [Field in Optional]: NonNullable<ApiKey[Field]> | null
} & {
  readonly userName: string
  readonly accountId: AccountId | null
  readonly accountName: string | null
  readonly state: ApiKeyState
}

export type ApiKeyState = 'active' | 'expired' | 'revoked'

const stateOf = (sql: Sql) => sql.part`
  case when api_key.revoked_at is not null then 'revoked' when api_key.expires_at <= now() then 'expired' else 'active' end`

const selected = (sql: Sql) => sql.part`
  select api_key.id, api_key.user_id, api_key.name, api_key.hint, api_key.rights, api_key.created_at, api_key.expires_at,
    api_key.last_used_at, api_key.revoked_at, api_key.revoked_by, ${stateOf(sql)} as state, app_user.name as user_name,
    app_user.account_id, account.name as account_name
  from api_key join app_user on app_user.id = api_key.user_id left join account on account.id = app_user.account_id`

/** Whose keys the actor may see. */
function within(sql: Sql, actor: Staff | Portal): unknown {
  if (!mayDo(actor, 'manage-users')) return sql.part`api_key.user_id = ${actor.userId}`
  return actor.kind === 'staff' ? sql.part`true` : sql.part`app_user.account_id = ${actor.accountId}`
}

/** The newest first; one's own unless everybody's are asked for. */
export async function listApiKeys(
  db: Database | Tx,
  actor: Staff | Portal,
  ask: { ofEverybody?: boolean; cursor?: string | undefined; limit: number },
): Promise<{ items: readonly ListedApiKey[]; nextCursor: string | undefined }> {
  if (ask.ofEverybody) assertMay(actor, 'manage-users')
  const before = idCursor(ask.cursor)
  const rows = await reading(
    db,
    sellerScope,
    (sql) => sql.many<ListedApiKey>`
      ${selected(sql)} where ${ask.ofEverybody ? within(sql, actor) : sql.part`api_key.user_id = ${actor.userId}`}
        and ${before ? sql.part`api_key.id < ${before}::uuid` : sql.part`true`}
      order by api_key.id desc limit ${ask.limit + 1}`,
  )
  const items = rows.slice(0, ask.limit)
  return { items, nextCursor: rows.length > ask.limit ? items.at(-1)?.id : undefined }
}

export async function viewApiKey(
  db: Database | Tx,
  actor: Staff | Portal,
  ask: { id: ApiKeyId },
): Promise<ListedApiKey> {
  const key = await reading(
    db,
    sellerScope,
    (sql) => sql.maybe<ListedApiKey>`${selected(sql)} where api_key.id = ${ask.id} and ${within(sql, actor)}`,
  )
  if (!key) throw new Refusal('api-key/not-found', 'You have no such key.', { id: ask.id })
  return key
}

/** Of one person, the newest first, at most fifty. */
export function listedKeysOf(sql: Sql, userId: UserId): Promise<ListedApiKey[]> {
  return sql.many<ListedApiKey>`${selected(sql)} where api_key.user_id = ${userId} order by api_key.id desc limit 50`
}

/** Everybody's, of ours and of accounts. */
export const apiKeyList = list<ListedApiKey>({
  name: 'api-keys',
  path: '/setup/api-keys/everybody',
  title: 'API keys',
  right: 'manage-users',
  columns: {
    name: { label: 'Name', kind: 'text', value: (row) => row.name, note: (row) => `…${row.hint}` },
    user: {
      label: 'Of',
      kind: 'text',
      value: (row) => row.userName,
      to: (row) => (row.accountId ? `/accounts/${row.accountId}` : `/users/${row.userId}`),
      note: (row) => row.accountName ?? undefined,
    },
    rights: {
      label: 'Carries',
      kind: 'text',
      value: (row) => row.rights?.join(', ') ?? 'all rights of its user',
    },
    state: {
      label: 'State',
      kind: 'state',
      value: (row) => row.state,
      note: (row) => (row.revokedBy ? `by ${row.revokedBy}` : undefined),
    },
    lastUsed: { label: 'Last used', kind: 'moment', value: (row) => row.lastUsedAt ?? 'never' },
    expires: { label: 'Expires', kind: 'moment', value: (row) => row.expiresAt ?? 'never' },
    created: { label: 'Made', kind: 'moment', value: (row) => row.createdAt, sort: 'created' },
  },
  sorts: { created: { keys: (sql) => [['timestamptz', sql.part`api_key.created_at`]] } },
  defaultSort: '-created',
  filters: {
    state: {
      kind: 'choice',
      label: 'State',
      isMain: true,
      choices: [
        { value: 'active', label: 'Active' },
        { value: 'expired', label: 'Expired' },
        { value: 'revoked', label: 'Revoked' },
      ] satisfies { value: ApiKeyState; label: string }[],
      where: (sql, value) => sql.part`${stateOf(sql)} = ${value}`,
    },
    created: {
      kind: 'days',
      sort: 'created',
      label: 'Made',
      where: (sql, from, to) => withinDays(sql, sql.part`api_key.created_at`, from, to),
    },
    account: {
      kind: 'record',
      label: 'Account',
      where: (sql, id) =>
        sql.part`api_key.user_id in (select app_user.id from app_user where app_user.account_id = ${id})`,
    },
  },
  searches: 'Name or last characters of a key, person',
  table: (sql) => sql.part`api_key`,
  id: (sql) => sql.part`api_key.id`,
  search: (sql, { words, text }) => sql.part`
    ${words.reduce((all: unknown, word) => sql.part`${all} and lower(api_key.name) like ${`%${word}%`}`, sql.part`true`)}
    or api_key.hint = ${text} or api_key.user_id in (
      select app_user.id from app_user where ${words.reduce(
        (all: unknown, word) =>
          sql.part`${all} and lower(app_user.name || ' ' || app_user.email) like ${`%${word}%`}`,
        sql.part`true`,
      )})`,
  read: (sql, ids) => sql.many<ListedApiKey>`${selected(sql)} where api_key.id = any (${ids}::uuid[])`,
})
