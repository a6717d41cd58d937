// Every statement that writes accounts.
import { invalid, Refusal } from '#kernel/failure.ts'
import type { AccountId } from '#kernel/ids.ts'
import type { Currency } from '#kernel/money.ts'
import { type Sql, type Tx, violatedConstraint } from '#platform/db.ts'
import { type Account, isAccountNumber, type NewAccount } from './account.ts'

type Row = Omit<
  Account,
  | 'parentId'
  | 'vatNumber'
  | 'creditLimitMinor'
  | 'transactionCurrency'
  | 'paymentDays'
  | 'externalReference'
  | 'mergedIntoId'
> & {
  readonly parentId: AccountId | null
  readonly vatNumber: string | null
  readonly creditLimitMinor: bigint | null
  readonly transactionCurrency: Currency | null
  readonly paymentDays: number | null
  readonly externalReference: string | null
  readonly mergedIntoId: AccountId | null
}

function accountOf(row: Row): Account {
  return {
    ...row,
    parentId: row.parentId ?? undefined,
    vatNumber: row.vatNumber ?? undefined,
    creditLimitMinor: row.creditLimitMinor ?? undefined,
    transactionCurrency: row.transactionCurrency ?? undefined,
    paymentDays: row.paymentDays ?? undefined,
    externalReference: row.externalReference ?? undefined,
    mergedIntoId: row.mergedIntoId ?? undefined,
  }
}

const columns = (sql: Sql) => sql.part`
  id, number, kind, parent_id, state, name, contact_first_name, contact_last_name, email, phone, address_line1, address_line2,
  city, region, postal_code, country, vat_number, currency, language, payment_days, credit_limit_minor, transaction_currency,
  copy_key_mails_to, external_reference, merged_into_id, created_at, updated_at`

export async function findAccount(
  sql: Sql,
  id: AccountId,
  options: { readonly forUpdate?: boolean } = {},
): Promise<Account | undefined> {
  const lock = options.forUpdate ? sql.part`for update` : sql.part``
  const row = await sql.maybe<Row>`select ${columns(sql)} from account where id = ${id} ${lock}`
  return row && accountOf(row)
}

/** Where those sit who use what is sold. */
export async function listCustomerCountries(sql: Sql): Promise<string[]> {
  const rows = await sql.many<{ country: string }>`
    select distinct country from account where state = 'active' order by country`
  return rows.map(({ country }) => country)
}

/** Another tenant's account does not exist for a portal scope: refused as not found. */
export async function loadAccount(
  sql: Sql,
  id: AccountId,
  options: { readonly forUpdate?: boolean } = {},
): Promise<Account> {
  const account = await findAccount(sql, id, options)
  if (!account) throw new Refusal('account/not-found', 'This account does not exist.', { id })
  return account
}

/** By account number or external reference, whichever a name is; a name nobody has is not in the map, whose keys are in lower case. */
export async function findAccountsNamed(
  sql: Sql,
  names: readonly string[],
): Promise<ReadonlyMap<string, Account>> {
  const wanted = [...new Set(names.map((name) => name.toLowerCase()))]
  if (wanted.length === 0) return new Map()
  const numbers = wanted.filter(isAccountNumber).map((name) => name.toUpperCase())
  const rows = await sql.many<Row>`
    select ${columns(sql)} from account
    where number = any (${numbers}::text[]) or lower(external_reference) = any (${wanted}::text[])`
  const accounts = rows.map(accountOf)
  return new Map([
    ...accounts.flatMap((account): [string, Account][] =>
      account.externalReference ? [[account.externalReference.toLowerCase(), account]] : [],
    ),
    ...accounts.map((account): [string, Account] => [account.number.toLowerCase(), account]),
  ])
}

/** Both, locked in one order whoever asks: until the end nothing new can name them. */
export async function lockAccounts(tx: Tx, ids: readonly AccountId[]): Promise<Map<AccountId, Account>> {
  const rows = await tx.many<Row>`
    select ${columns(tx)} from account where id = any (${[...ids]}::uuid[]) order by id for update`
  return new Map(rows.map((row) => [row.id, accountOf(row)]))
}

/** Until the end nobody merges them into another; refuses where somebody just did. What names them is written after it. */
export async function holdAccounts(tx: Tx, ids: readonly AccountId[]): Promise<void> {
  const rows = await tx.many<Pick<Row, 'name' | 'state'>>`
    select name, state from account where id = any (${[...new Set(ids)]}::uuid[]) order by id for key share`
  const merged = rows.find(({ state }) => state === 'merged')
  if (merged)
    throw new Refusal(
      'account/merged',
      `${merged.name} was merged into another account a moment ago. Nothing was done: use that one.`,
    )
}

/** The accounts that are this one now. */
export async function listMergedInto(
  sql: Sql,
  id: AccountId,
): Promise<{ id: AccountId; number: string; name: string }[]> {
  return sql.many<{ id: AccountId; number: string; name: string }>`
    select id, number, name from account where merged_into_id = ${id} order by id limit 100`
}

/**
 * Gives an account up for another: its customers follow, and its external reference where the other has none. It pays by no list any more.
 */
export async function saveMerged(
  tx: Tx,
  from: Account,
  into: Account,
  at: Temporal.Instant,
): Promise<{ readonly customers: number }> {
  const isReferenceTaken = into.externalReference !== undefined
  await tx.run`
    update account set state = 'merged', merged_into_id = ${into.id}, merged_at = ${at}, updated_at = ${at}, price_list_id = null,
      external_reference = case when ${isReferenceTaken} then external_reference end
    where id = ${from.id}`
  // Those that were merged into it before are the other one now as well.
  await tx.run`update account set merged_into_id = ${into.id} where merged_into_id = ${from.id}`
  await tx.run`
    update account set external_reference = coalesce(external_reference, ${from.externalReference ?? null}), updated_at = ${at}
    where id = ${into.id}`
  const customers = await tx.run`
    update account set parent_id = ${into.id}, updated_at = ${at} where parent_id = ${from.id}`
  await tx.run`select notes_follow_merge(${from.id}, ${into.id})`
  return { customers }
}

/** All of them in one statement, in no order; refuses where one is missing. */
export async function loadAccounts(sql: Sql, ids: readonly AccountId[]): Promise<Account[]> {
  const wanted = [...new Set(ids)]
  const rows = await sql.many<Row>`select ${columns(sql)} from account where id = any (${wanted}::uuid[])`
  if (rows.length !== wanted.length) {
    const found = new Set(rows.map((row) => row.id))
    throw new Refusal('account/not-found', 'This account does not exist.', {
      id: wanted.find((id) => !found.has(id)),
    })
  }
  return rows.map(accountOf)
}

/** Two accounts cannot have one external reference; whoever is second is told. */
async function withoutDoubles<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work
  } catch (error) {
    if (violatedConstraint(error) !== 'account_external_reference') throw error
    throw invalid({
      pointer: '/externalReference',
      code: 'taken',
      message: 'Another account has this external reference.',
    })
  }
}

/** Inserts it and gives it its number. */
export async function insertAccount(tx: Tx, account: NewAccount): Promise<Account> {
  const { number } = await withoutDoubles(tx.one<{ number: string }>`
    insert into account (id, number, kind, parent_id, state, name, contact_first_name, contact_last_name, email, phone,
      address_line1, address_line2, city, region, postal_code, country, vat_number, currency, language, payment_days,
      credit_limit_minor, transaction_currency, copy_key_mails_to, external_reference, created_at, updated_at)
    values (${account.id}, 'A-' || (100000 + nextval('account_number')), ${account.kind}, ${account.parentId ?? null},
      ${account.state}, ${account.name}, ${account.contactFirstName}, ${account.contactLastName}, ${account.email}, ${account.phone},
      ${account.addressLine1}, ${account.addressLine2}, ${account.city}, ${account.region}, ${account.postalCode},
      ${account.country}, ${account.vatNumber ?? null}, ${account.currency}, ${account.language}, ${account.paymentDays ?? null},
      ${account.creditLimitMinor ?? null}, ${account.transactionCurrency ?? null}, ${account.copyKeyMailsTo}, ${account.externalReference ?? null}, ${account.createdAt},
      ${account.updatedAt})
    returning number`)
  return { ...account, number }
}

/** By which price list it pays; undefined: by the default one. */
export async function savePriceListOf(
  tx: Tx,
  id: AccountId,
  priceListId: string | undefined,
  at: Temporal.Instant,
): Promise<void> {
  await tx.run`update account set price_list_id = ${priceListId ?? null}, updated_at = ${at} where id = ${id}`
}

/** Saves everything that may change; number, kind and parent never do. */
export async function saveAccount(tx: Tx, account: Account): Promise<void> {
  const saved = await withoutDoubles(tx.run`
    update account set state = ${account.state}, name = ${account.name}, contact_first_name = ${account.contactFirstName},
      contact_last_name = ${account.contactLastName}, email = ${account.email}, phone = ${account.phone},
      address_line1 = ${account.addressLine1}, address_line2 = ${account.addressLine2}, city = ${account.city},
      region = ${account.region}, postal_code = ${account.postalCode}, country = ${account.country},
      vat_number = ${account.vatNumber ?? null}, currency = ${account.currency}, language = ${account.language},
      payment_days = ${account.paymentDays ?? null}, credit_limit_minor = ${account.creditLimitMinor ?? null},
      transaction_currency = ${account.transactionCurrency ?? null}, copy_key_mails_to = ${account.copyKeyMailsTo},
      external_reference = ${account.externalReference ?? null},
      updated_at = ${account.updatedAt}
    where id = ${account.id}`)
  if (saved !== 1) throw new Refusal('account/not-found', 'This account does not exist.', { id: account.id })
}
