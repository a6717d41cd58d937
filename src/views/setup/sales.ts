// What the seller sold, month by month, of what and to whom most, and how much of it is still to be paid. From sums by month (flows/invoicing/
// sum-sales.ts) and from what is open; one statement. Costs only for those who may see them.
import { type Currency, currency as currencyOf, type Money, money } from '#kernel/money.ts'
import { firstMonthSummed } from '#modules/invoicing'
import { type Actor, assertMay, mayDo } from '#modules/users'
import { type Database, reading, sellerScope, type Tx } from '#platform/db.ts'
import { type Aged, type AgedRow, agedOf, ageInSql, sellersToday } from '../invoices/ages.ts'

export type SalesFigures = {
  /** Without VAT, credit invoices taken off. */
  readonly net: Money
  /** Undefined for those who may not see costs. */
  readonly cost: Money | undefined
  readonly margin: Money | undefined
  /** Of `net`: sold without a known cost, and so in no margin. */
  readonly withoutCost: Money | undefined
}

export type MonthSold = SalesFigures & { readonly month: Temporal.PlainYearMonth }
export type SubjectSold = SalesFigures & { readonly id: string; readonly name: string }

export type Sales = {
  readonly currency: Currency
  /** All there are figures in, the largest first. */
  readonly currencies: readonly Currency[]
  /** Every month from the first to this one, also those without a sale. */
  readonly months: readonly MonthSold[]
  /** Over the months shown. */
  readonly products: readonly SubjectSold[]
  readonly payers: readonly SubjectSold[]
  readonly aged: readonly Aged[]
  readonly summedAt: Temporal.Instant | undefined
  /** Where the seller is: ages are counted to it. */
  readonly today: Temporal.PlainDate
}

type Row = { net: string; cost: string; unknown: string }
type Found = {
  readonly currencies: readonly string[]
  readonly currency: string
  readonly months: readonly (Row & { month: string })[]
  readonly products: readonly (Row & { id: string; name: string })[]
  readonly payers: readonly (Row & { id: string; name: string })[]
  readonly aged: readonly AgedRow[]
  readonly summedAt: Temporal.Instant | null
  readonly today: Temporal.PlainDate
}

const MOST_SUBJECTS = 5

/** A currency nothing was sold in is as if none was asked for. */
export async function viewSales(
  db: Database | Tx,
  actor: Actor,
  ask: {
    readonly now: Temporal.Instant
    readonly currency?: string | undefined
  },
): Promise<Sales> {
  assertMay(actor, 'see-invoices')
  const from = firstMonthSummed(ask.now)
  const found = await reading(
    db,
    sellerScope,
    (sql) => sql.one<Found>`
      with known as (
        select currency, sum(net_minor) as net from (
          select currency, net_minor from sales_figure where kind = 'all' and month >= ${from}
          union all select currency, 0 from receivable where open_minor > 0
        ) each group by currency
      ), chosen as (
        select currency from known order by currency = ${ask.currency ?? ''} desc, net desc, currency limit 1
      ), figure as (
        select month, kind, subject_id, net_minor, cost_minor, unknown_minor from sales_figure join chosen using (currency)
        where month >= ${from}
      ), best as (
        select kind, subject_id, sum(net_minor) as net, sum(cost_minor) as cost, sum(unknown_minor) as unknown,
          row_number() over (partition by kind order by sum(net_minor) desc, subject_id) as place
        from figure where kind <> 'all' group by kind, subject_id having sum(net_minor) > 0
      ), today as (${sellersToday(sql, ask.now)})
      select
        coalesce((select array_agg(currency::text order by net desc, currency) from known), '{}') as currencies,
        coalesce((select currency from chosen), 'EUR') as currency,
        (select coalesce(jsonb_agg(jsonb_build_object('month', to_char(month, 'YYYY-MM'), 'net', net_minor::text, 'cost', cost_minor::text,
          'unknown', unknown_minor::text) order by month), '[]') from figure where kind = 'all') as months,
        (select coalesce(jsonb_agg(jsonb_build_object('id', best.subject_id, 'name', product.name, 'net', best.net::text, 'cost',
          best.cost::text, 'unknown', best.unknown::text) order by place), '[]')
          from best join product on product.id = best.subject_id where best.kind = 'product' and place <= ${MOST_SUBJECTS}) as products,
        (select coalesce(jsonb_agg(jsonb_build_object('id', best.subject_id, 'name', account.name, 'net', best.net::text, 'cost',
          best.cost::text, 'unknown', best.unknown::text) order by place), '[]')
          from best join account on account.id = best.subject_id where best.kind = 'payer' and place <= ${MOST_SUBJECTS}) as payers,
        (select coalesce(jsonb_agg(jsonb_build_object('age', age, 'open', open::text, 'invoices', invoices) order by age), '[]') from (
          select ${ageInSql(sql)} as age,
            sum(open_minor) as open, count(*)::int as invoices
          from receivable join chosen using (currency) cross join today where open_minor > 0 group by 1
        ) each) as aged,
        (select max(summed_at) from sales_month) as summed_at,
        (select day from today) as today`,
  )
  const code = currencyOf(found.currency)
  const seesCosts = actor.kind !== 'portal' && mayDo(actor, 'see-costs')
  const figures = (row: Row) => figuresOf(row, code, seesCosts)
  const byMonth = new Map(found.months.map((row) => [row.month, row]))
  const subjects = (rows: Found['products']): SubjectSold[] =>
    rows.map((row) => ({ id: row.id, name: row.name, ...figures(row) }))
  return {
    currency: code,
    currencies: found.currencies.map((each) => currencyOf(each)),
    months: monthsBetween(from, ask.now).map((month) => ({
      month,
      ...figures(byMonth.get(month.toString()) ?? NOTHING),
    })),
    products: subjects(found.products),
    payers: subjects(found.payers),
    aged: agedOf(found.aged, code),
    summedAt: found.summedAt ?? undefined,
    today: found.today,
  }
}

const NOTHING: Row = { net: '0', cost: '0', unknown: '0' }

/** What was sold without a known cost is in no margin: its margin is not known either. */
function figuresOf({ net, cost, unknown }: Row, code: Currency, seesCosts: boolean): SalesFigures {
  const amount = (minor: bigint) => (seesCosts ? money(minor, code) : undefined)
  return {
    net: money(BigInt(net), code),
    cost: amount(BigInt(cost)),
    margin: amount(BigInt(net) - BigInt(unknown) - BigInt(cost)),
    withoutCost: amount(BigInt(unknown)),
  }
}

function monthsBetween(from: Temporal.PlainDate, now: Temporal.Instant): Temporal.PlainYearMonth[] {
  const last = now.toZonedDateTimeISO('UTC').toPlainDate().toPlainYearMonth()
  const months: Temporal.PlainYearMonth[] = []
  for (
    let month = from.toPlainYearMonth();
    Temporal.PlainYearMonth.compare(month, last) <= 0;
    month = month.add({ months: 1 })
  )
    months.push(month)
  return months
}
