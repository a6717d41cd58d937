// Every statement that writes accounts.
import { Refusal } from '#kernel/failure.ts'
import type { AccountId } from '#kernel/ids.ts'
import type { Sql, Tx } from '#platform/db.ts'
import type { Account, NewAccount } from './account.ts'

type Row = Omit<Account, 'parentId' | 'vatNumber' | 'creditLimitMinor' | 'paymentDays'> & {
  readonly parentId: AccountId | null
  readonly vatNumber: string | null
  readonly creditLimitMinor: bigint | null
  readonly paymentDays: number | null
}

function accountOf(row: Row): Account {
  return {
    ...row,
    parentId: row.parentId ?? undefined,
    vatNumber: row.vatNumber ?? undefined,
    creditLimitMinor: row.creditLimitMinor ?? undefined,
    paymentDays: row.paymentDays ?? undefined,
  }
}

const columns = (sql: Sql) => sql.part`
  id, number, kind, parent_id, state, name, contact_first_name, contact_last_name, email, phone, address_line1, address_line2,
  city, region, postal_code, country, vat_number, currency, language, payment_days, credit_limit_minor, copy_key_mails_to,
  created_at, updated_at`

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

/** Inserts it and gives it its number. */
export async function insertAccount(tx: Tx, account: NewAccount): Promise<Account> {
  const { number } = await tx.one<{ number: string }>`
    insert into account (id, number, kind, parent_id, state, name, contact_first_name, contact_last_name, email, phone,
      address_line1, address_line2, city, region, postal_code, country, vat_number, currency, language, payment_days,
      credit_limit_minor, copy_key_mails_to, created_at, updated_at)
    values (${account.id}, 'A-' || (100000 + nextval('account_number')), ${account.kind}, ${account.parentId ?? null},
      ${account.state}, ${account.name}, ${account.contactFirstName}, ${account.contactLastName}, ${account.email}, ${account.phone},
      ${account.addressLine1}, ${account.addressLine2}, ${account.city}, ${account.region}, ${account.postalCode},
      ${account.country}, ${account.vatNumber ?? null}, ${account.currency}, ${account.language}, ${account.paymentDays ?? null},
      ${account.creditLimitMinor ?? null}, ${account.copyKeyMailsTo}, ${account.createdAt}, ${account.updatedAt})
    returning number`
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
  const saved = await tx.run`
    update account set state = ${account.state}, name = ${account.name}, contact_first_name = ${account.contactFirstName},
      contact_last_name = ${account.contactLastName}, email = ${account.email}, phone = ${account.phone},
      address_line1 = ${account.addressLine1}, address_line2 = ${account.addressLine2}, city = ${account.city},
      region = ${account.region}, postal_code = ${account.postalCode}, country = ${account.country},
      vat_number = ${account.vatNumber ?? null}, currency = ${account.currency}, language = ${account.language},
      payment_days = ${account.paymentDays ?? null}, credit_limit_minor = ${account.creditLimitMinor ?? null},
      copy_key_mails_to = ${account.copyKeyMailsTo}, updated_at = ${account.updatedAt}
    where id = ${account.id}`
  if (saved !== 1) throw new Refusal('account/not-found', 'This account does not exist.', { id: account.id })
}
