// What an account owes: its credit and how much of it is used, what waits for an approval, and what is open of its invoices by age.

import { Refusal } from '#kernel/failure.ts'
import { type AccountId, isId } from '#kernel/ids.ts'
import { add, type Currency, currency as currencyOf, type Money, money, negate } from '#kernel/money.ts'
import { creditLimitOf, creditUsed, loadAccount, loadCreditUse } from '#modules/accounts'
import { type Actor, assertMay, scopeOf } from '#modules/users'
import { type Database, reading, type Tx } from '#platform/db.ts'
import { type Aged, type AgedRow, agedOf, ageInSql, sellersToday } from '../invoices/ages.ts'

export type Balance = {
  /** In the account's own currency. */
  readonly credit: {
    /** Undefined: without limit. */
    readonly limit: Money | undefined
    readonly used: Money
    readonly openInvoices: Money
    readonly uninvoicedOrders: Money
    /** Below zero where more is used than the limit; undefined without one. */
    readonly left: Money | undefined
  }
  /** Orders that wait to be executed use no credit yet; with VAT. */
  readonly waiting: readonly { readonly orders: number; readonly total: Money }[]
  /** Of each currency something is open in. */
  readonly receivables: readonly {
    readonly open: Money
    readonly overdue: Money
    /** What the seller owes: credit invoices nothing has used up. */
    readonly owed: Money
    readonly aged: readonly Aged[]
  }[]
  /** Where the seller is: ages are counted to it. */
  readonly today: Temporal.PlainDate
}

type Found = {
  readonly open: readonly (AgedRow & { readonly currency: string })[]
  readonly owed: readonly { readonly currency: string; readonly owed: string }[]
  readonly waiting: readonly { readonly currency: string; readonly orders: number; readonly total: string }[]
  readonly today: Temporal.PlainDate
}

export async function viewBalance(
  db: Database | Tx,
  actor: Actor,
  ask: { readonly accountId: AccountId; readonly now: Temporal.Instant },
): Promise<Balance> {
  assertMay(actor, 'see-invoices')
  if (!isId(ask.accountId)) throw new Refusal('account/not-found', 'This account does not exist.')
  return reading(db, scopeOf(actor), async (sql) => {
    const account = await loadAccount(sql, ask.accountId)
    const [use, found] = await Promise.all([
      loadCreditUse(sql, account),
      sql.one<Found>`
        with today as (${sellersToday(sql, ask.now)})
        select
          (select coalesce(jsonb_agg(each), '[]') from (
            select currency, ${ageInSql(sql)} as age, sum(open_minor)::text as open, count(*)::int as invoices
            from receivable cross join today where billing_to_id = ${account.id} and open_minor > 0 group by 1, 2
          ) each) as open,
          (select coalesce(jsonb_agg(each), '[]') from (
            select currency, (-sum(open_minor))::text as owed from receivable
            where billing_to_id = ${account.id} and open_minor < 0 group by 1
          ) each) as owed,
          (select coalesce(jsonb_agg(each), '[]') from (
            select currency, count(*)::int as orders, sum(total_minor)::text as total from sales_order
            where billing_to_id = ${account.id} and state = 'submitted' group by 1
          ) each) as waiting,
          (select day from today) as today`,
    ])
    const used = creditUsed(use)
    const limit = creditLimitOf(account)
    const codes = [...new Set([...found.open, ...found.owed].map(({ currency }) => currency))].sort()
    return {
      credit: { limit, used, ...use, left: limit && add(limit, negate(used)) },
      waiting: found.waiting.map(({ currency, orders, total }) => ({
        orders,
        total: money(BigInt(total), currencyOf(currency)),
      })),
      today: found.today,
      receivables: codes.map((each) => receivableIn(found, currencyOf(each))),
    }
  })
}

function receivableIn({ open, owed }: Found, code: Currency): Balance['receivables'][number] {
  const own = open.filter(({ currency }) => currency === code)
  const sumOf = (rows: typeof own) =>
    money(
      rows.reduce((sum, row) => sum + BigInt(row.open), 0n),
      code,
    )
  return {
    open: sumOf(own),
    overdue: sumOf(own.filter(({ age }) => age > 0)),
    owed: money(BigInt(owed.find(({ currency }) => currency === code)?.owed ?? 0), code),
    aged: agedOf(own, code),
  }
}
