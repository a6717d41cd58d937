// What merging an account into another would do, before anybody does it; and which accounts look like the same company.
import { Refusal } from '#kernel/failure.ts'
import { type AccountId, isId } from '#kernel/ids.ts'
import { money, moneyText } from '#kernel/money.ts'
import {
  type Account,
  accountDetailNames,
  listMergedInto,
  loadAccount,
  loadAllSyncOptions,
  loadSyncStatuses,
  mergeObstacles,
  type SyncOption,
} from '#modules/accounts'
import { listOrdersOfOpenAssets } from '#modules/assets'
import { listOrderNumbers } from '#modules/orders'
import { listOrdersOfOpenSubscriptions } from '#modules/subscriptions'
import { type Actor, assertMay, mayDo, scopeOf } from '#modules/users'
import { type Database, reading, type Sql, sellerScope, type Tx } from '#platform/db.ts'

export type MergeCounts = {
  readonly users: number
  readonly contacts: number
  readonly customers: number
  readonly orders: number
  readonly assets: number
  readonly subscriptions: number
  readonly invoices: number
  readonly openBaskets: number
}

export type MergePreview = {
  readonly from: Account
  readonly into: Account
  /** Why they cannot be merged; empty where they can. */
  readonly obstacles: readonly string[]
  /** What is the other one's afterwards. */
  readonly moves: MergeCounts
  /** Where both say something, what the account that stays says holds. */
  readonly differences: readonly {
    readonly field: string
    readonly from: string
    readonly into: string
  }[]
  /** What vendors know either by. `both`: the vendor keeps both, and what runs stays under the one it was bought for. */
  readonly identities: readonly {
    readonly instance: string
    readonly outcome: 'moves' | 'stays' | 'both'
    readonly subscriptions: number
  }[]
}

function known(id: AccountId): AccountId {
  if (!isId(id)) throw new Refusal('account/not-found', 'This account does not exist.')
  return id
}

type Described = { readonly code: string; readonly name: string; readonly syncOptions: readonly SyncOption[] }

export async function viewMerge(
  db: Database | Tx,
  connectors: readonly Described[],
  actor: Actor,
  ask: { readonly fromId: AccountId; readonly intoId: AccountId },
): Promise<MergePreview> {
  assertMay(actor, 'manage-accounts')
  return reading(db, sellerScope, async (sql) => {
    const from = await loadAccount(sql, known(ask.fromId))
    const into = await loadAccount(sql, known(ask.intoId))
    const statuses = await loadSyncStatuses(sql, [from.id, into.id])
    const waiting = [
      ...(await listOrdersOfOpenAssets(sql, from.id)),
      ...(await listOrdersOfOpenSubscriptions(sql, from.id)),
    ]
    const onTheirWay = await listOrderNumbers(sql, [...new Set(waiting)])
    return {
      from,
      into,
      obstacles: mergeObstacles(from, into, {
        onTheirWay,
        statuses,
        mayChangeTerms: mayDo(actor, 'change-terms'),
      }),
      moves: await counted(sql, from.id),
      differences: [
        ...differences(from, into),
        ...(await priceListDifference(sql, from.id, into.id)),
        ...(await optionDifferences(sql, connectors, from.id, into.id)),
      ],
      identities: await identities(sql, from.id, into.id),
    }
  })
}

function counted(sql: Sql, id: AccountId): Promise<MergeCounts> {
  return sql.one<MergeCounts>`
    select (select count(*)::int from app_user where account_id = ${id}) as users,
      (select count(*)::int from account_contact where account_id = ${id}) as contacts,
      (select count(*)::int from account where parent_id = ${id} and state <> 'merged') as customers,
      (select count(*)::int from sales_order where billing_to_id = ${id} or end_customer_id = ${id}) as orders,
      (select count(*)::int from asset where billing_to_id = ${id} or end_customer_id = ${id}) as assets,
      (select count(*)::int from subscription where billing_to_id = ${id} or end_customer_id = ${id}) as subscriptions,
      (select count(*)::int from invoice where billing_to_id = ${id} or end_customer_id = ${id}) as invoices,
      (select count(*)::int from basket join app_user on app_user.id = basket.user_id
        where app_user.account_id = ${id} and basket.state = 'open') as open_baskets`
}

const { addressLine2: _line2, region: _region, currency: _currency, ...detailNames } = accountDetailNames

const compared = {
  ...detailNames,
  state: 'State',
  paymentDays: 'Days to pay',
  creditLimitMinor: 'Credit limit',
  transactionCurrency: 'Transaction currency',
  copyKeyMailsTo: 'Copies of key mails go to',
  externalReference: 'External reference',
} as const satisfies Partial<Record<keyof Account, string>>

function differences(from: Account, into: Account): MergePreview['differences'] {
  const said = (account: Account, field: keyof typeof compared) => {
    const value = account[field]
    if (value === undefined) return ''
    if (typeof value === 'bigint') return moneyText(money(value, account.currency))
    return Array.isArray(value) ? value.join(', ') : String(value)
  }
  return (Object.keys(compared) as (keyof typeof compared)[]).flatMap((field) => {
    const one = { field: compared[field], from: said(from, field), into: said(into, field) }
    // The reference moves where the other has none.
    const isTold =
      one.from !== one.into && one.from !== '' && !(field === 'externalReference' && one.into === '')
    return isTold ? [one] : []
  })
}

async function priceListDifference(
  sql: Sql,
  from: AccountId,
  into: AccountId,
): Promise<MergePreview['differences']> {
  const rows = await sql.many<{ id: AccountId; name: string | null }>`
    select account.id, price_list.name from account left join price_list on price_list.id = account.price_list_id
    where account.id in (${from}, ${into})`
  const named = (id: AccountId) => rows.find((row) => row.id === id)?.name ?? ''
  return named(from) !== named(into)
    ? [
        {
          field: 'Price list',
          from: named(from) || 'The usual prices',
          into: named(into) || 'The usual prices',
        },
      ]
    : []
}

async function optionDifferences(
  sql: Sql,
  connectors: readonly Described[],
  from: AccountId,
  into: AccountId,
): Promise<MergePreview['differences']> {
  const stored = await loadAllSyncOptions(sql, [from, into])
  return connectors.flatMap(({ code, name, syncOptions }) => {
    const [own, other] = [stored.get(code)?.get(from), stored.get(code)?.get(into)]
    // Options of a connector the other has none of are its own afterwards.
    if (!own || !other) return []
    return syncOptions.flatMap((option) => {
      const [one, two] = [own[option.id] ?? '', other[option.id] ?? '']
      return one !== two && one !== '' ? [{ field: `${name}: ${option.name}`, from: one, into: two }] : []
    })
  })
}

function identities(
  sql: Sql,
  from: AccountId,
  into: AccountId,
): Promise<MergePreview['identities'][number][]> {
  return sql.many<MergePreview['identities'][number]>`
    select instance.system_name as instance,
      case when own.account_id is null then 'stays' when other.account_id is null then 'moves' else 'both' end as outcome,
      (select count(*)::int from subscription
        where subscription.end_customer_id = ${from} and subscription.instance_id = instance.id and subscription.state = 'active') as subscriptions
    from connector_instance instance
    left join sync_status own on own.instance_id = instance.id and own.account_id = ${from}
    left join sync_status other on other.instance_id = instance.id and other.account_id = ${into}
    where own.account_id is not null or other.account_id is not null
    order by instance.system_name, instance.id`
}

export type Duplicate = {
  readonly id: AccountId
  readonly number: string
  readonly name: string
  readonly city: string
  readonly country: string
  readonly sameVatNumber: boolean
  readonly sameEmail: boolean
}

/**
 * Accounts of the same VAT number, of the same e-mail, or of the same name (without its legal form) and country. Three index look-ups; a
 * portal's row-level security closes the last two indexes, so for a portal only the first is made.
 */
export async function listDuplicates(
  db: Database | Tx,
  actor: Actor,
  ask: { readonly id: AccountId },
): Promise<readonly Duplicate[]> {
  const isPortal = actor.kind === 'portal'
  if (!isPortal) assertMay(actor, 'see-accounts')
  return reading(db, scopeOf(actor), async (sql) => {
    const { id, country, name, vatNumber, email } = await loadAccount(sql, known(ask.id))
    return sql.many<Duplicate>`
      select other.id, other.number, other.name, other.city, other.country,
        coalesce(other.vat_number = ${vatNumber ?? null}, false) as same_vat_number, lower(other.email) = lower(${email}) as same_email
      from (
        (select id from account where vat_number = ${vatNumber ?? null} order by id limit 10)
        union
        (select id from account where lower(email) = lower(${email}) and not ${isPortal} order by id limit 10)
        union
        (select id from account where country = ${country}::char(2) and account_name_key(name) = account_name_key(${name})
          and account_name_key(${name}) <> '' and not ${isPortal} order by id limit 10)
      ) alike join account other on other.id = alike.id
      where other.id <> ${id} and other.state <> 'merged'
      order by same_vat_number desc, same_email desc, other.id limit 5`
  })
}

/** The accounts that are this one now. */
export async function viewMergedInto(
  db: Database | Tx,
  actor: Actor,
  ask: { readonly id: AccountId },
): Promise<readonly { readonly id: AccountId; readonly number: string; readonly name: string }[]> {
  assertMay(actor, 'see-accounts')
  return reading(db, sellerScope, (sql) => listMergedInto(sql, known(ask.id)))
}
