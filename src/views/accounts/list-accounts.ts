// The list of accounts: of the back office, and of a portal asking for itself and its customers.
import { countryChoices, countryName } from '#kernel/countries.ts'
import type { AccountId } from '#kernel/ids.ts'
import type { Actor } from '#modules/users'
import type { Database, Sql, Tx } from '#platform/db.ts'
import { askFor } from '../lists/ask.ts'
import { bothWays, startsWith, withinDays } from '../lists/conditions.ts'
import { isOfPeople } from '../lists/found.ts'
import { list } from '../lists/list.ts'
import { readList } from '../lists/read-list.ts'
import { canSearchInside, holdsWords, pageSize } from './search-text.ts'

export type AccountRow = {
  readonly id: AccountId
  readonly number: string
  readonly name: string
  readonly kind: 'reseller' | 'customer'
  readonly state: 'active' | 'blocked'
  readonly parentId: AccountId | null
  readonly parentName: string | null
  readonly email: string
  readonly vatNumber: string | null
  readonly city: string
  readonly country: string
  readonly currency: string
  readonly createdAt: Temporal.Instant
}

/** What an account shares with another one. */
export const accountTwins = ['vat', 'email', 'domain'] as const
type Twins = (typeof accountTwins)[number]

/** What was ever there twice is remembered (`account_twin`); whether another one has it now is asked of those few. */
function isTwin(sql: Sql, by: Twins): unknown {
  const key = (table: unknown) => {
    if (by === 'vat') return sql.part`${table}.vat_number`
    return by === 'email' ? sql.part`lower(${table}.email)` : sql.part`email_domain_key(${table}.email)`
  }
  const [own, other] = [() => key(sql.part`account`), () => key(sql.part`twin`)]
  return sql.part`
    ${own()} in (select account_twin.key from account_twin where account_twin.kind = ${by})
    and exists (select 1 from account twin where ${other()} = ${own()} and twin.id <> account.id and twin.state <> 'merged')`
}

export const accountSorts = bothWays('name', 'number', 'email', 'created')

export const accountList = list<AccountRow>({
  name: 'accounts',
  path: '/accounts',
  title: 'Accounts',
  columns: {
    name: {
      label: 'Account',
      kind: 'text',
      value: (row) => row.name,
      to: (row) => `/accounts/${row.id}`,
      sort: 'name',
    },
    number: { label: 'Number', kind: 'text', value: (row) => row.number, sort: 'number' },
    kind: {
      label: 'Kind',
      kind: 'text',
      value: (row) => (row.kind === 'reseller' ? 'Reseller' : row.parentId ? 'Customer' : 'Direct customer'),
    },
    reseller: {
      label: 'Reseller',
      kind: 'text',
      value: (row) => row.parentName ?? '',
      to: (row) => (row.parentId ? `/accounts/${row.parentId}` : undefined),
    },
    email: { label: 'E-mail', kind: 'text', value: (row) => row.email, sort: 'email' },
    vatNumber: { label: 'VAT number', kind: 'text', value: (row) => row.vatNumber ?? '', isExtra: true },
    city: { label: 'City', kind: 'text', value: (row) => row.city },
    country: { label: 'Country', kind: 'text', value: (row) => countryName(row.country) },
    currency: { label: 'Currency', kind: 'text', value: (row) => row.currency, isExtra: true },
    state: { label: 'State', kind: 'state', value: (row) => row.state },
    created: {
      label: 'Created',
      kind: 'moment',
      value: (row) => row.createdAt,
      sort: 'created',
      isExtra: true,
    },
  },
  sorts: {
    name: { keys: (sql) => [['text', sql.part`account.name collate "und-x-icu"`]] },
    number: { keys: (sql) => [['text', sql.part`account.number`]] },
    email: { keys: (sql) => [['text', sql.part`lower(account.email)`]] },
    created: { keys: (sql) => [['timestamptz', sql.part`account.created_at`]] },
  },
  defaultSort: 'name',
  filters: {
    kind: {
      kind: 'choice',
      label: 'Kind',
      isMain: true,
      choices: [
        { value: 'reseller', label: 'Resellers' },
        { value: 'customer', label: 'Customers' },
        { value: 'direct', label: 'Direct customers' },
      ],
      where: (sql, value) =>
        value === 'direct'
          ? sql.part`account.kind = 'customer' and account.parent_id is null`
          : sql.part`account.kind = ${value}`,
    },
    state: {
      kind: 'choice',
      label: 'State',
      choices: [
        { value: 'active', label: 'Active' },
        { value: 'blocked', label: 'Blocked' },
      ],
      where: (sql, value) =>
        value === 'blocked' ? sql.part`account.state = 'blocked'` : sql.part`account.state = 'active'`,
    },
    country: {
      kind: 'choice',
      label: 'Country',
      choices: countryChoices().map(({ code, name }) => ({ value: code, label: name })),
      where: (sql, value) => sql.part`account.country = ${value}`,
    },
    duplicates: {
      kind: 'choice',
      label: 'Possible duplicates',
      // A domain many companies have is met soon.
      isRare: (value) => value !== 'domain',
      choices: [
        { value: 'vat', label: 'Same VAT number' },
        { value: 'email', label: 'Same e-mail' },
        { value: 'domain', label: 'Same e-mail domain' },
      ] satisfies { value: Twins; label: string }[],
      where: (sql, value) => isTwin(sql, value as Twins),
    },
    created: {
      kind: 'days',
      sort: 'created',
      label: 'Created',
      where: (sql, from, to) => withinDays(sql, sql.part`account.created_at`, from, to),
    },
    parent: {
      kind: 'record',
      label: 'Customers of one reseller',
      where: (sql, id) => sql.part`account.parent_id = ${id}`,
    },
  },
  searches: 'Name, number, city, or name and e-mail of people there',
  right: 'see-accounts',
  isOpenToPortals: true,
  // What was merged is another account now.
  always: (sql) => sql.part`account.state <> 'merged'`,
  table: (sql) => sql.part`account`,
  id: (sql) => sql.part`account.id`,
  searchesShort: 'names, numbers and e-mail addresses that begin with them',
  looksUp: ['people'],
  search: (sql, { text, words }, { people }) =>
    canSearchInside(words)
      ? sql.part`${holdsWords(sql, words)} or ${isOfPeople(sql, sql.part`account.id`, people)}`
      : sql.part`${startsWith(sql, sql.part`lower(account.name)`, text.toLowerCase())}
          or ${startsWith(sql, sql.part`account.number`, text.toUpperCase())}
          or ${startsWith(sql, sql.part`lower(account.email)`, text.toLowerCase())}`,
  read: (sql, ids) => sql.many<AccountRow>`
    select account.id, account.number, account.name, account.kind, account.state, account.parent_id, parent.name as parent_name,
      account.email, account.vat_number, account.city, account.country, account.currency, account.created_at
    from account left join account parent on parent.id = account.parent_id
    where account.id = any (${ids}::uuid[])`,
})

export type AccountSearch = {
  readonly q?: string | undefined
  /** `direct`: customers without a reseller. */
  readonly kind?: 'reseller' | 'customer' | 'direct' | undefined
  /** Those that share this with another account. */
  readonly duplicates?: Twins | undefined
  /** The customers of one reseller. */
  readonly parentId?: AccountId | undefined
  readonly sort?: (typeof accountSorts)[number] | undefined
  readonly cursor?: string | undefined
  readonly limit?: number | undefined
}

/** A portal asking sees itself and its customers: row-level security bounds the list. */
export async function listAccounts(
  db: Database | Tx,
  actor: Actor,
  { q, kind, duplicates, parentId, sort, cursor, limit }: AccountSearch = {},
): Promise<{ items: AccountRow[]; nextCursor: string | undefined }> {
  const filters = { kind, duplicates, parent: parentId }
  const ask = askFor(accountList, { q, filters, sort, cursor, limit: pageSize(limit) })
  const { items, next } = await readList(db, actor, accountList, ask)
  return { items, nextCursor: next }
}
