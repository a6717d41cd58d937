// How long what is open of invoices is overdue, in whole days where the seller is: in steps as bookkeepers read them.
import { type Currency, type Money, money } from '#kernel/money.ts'
import type { Sql } from '#platform/db.ts'
import { sellerZone } from '../lists/conditions.ts'

export const ages = ['not due', '1–30 days', '31–60 days', '61–90 days', 'over 90 days'] as const

export type Aged = { readonly age: (typeof ages)[number]; readonly open: Money; readonly invoices: number }

/** Days past due of each age, as lists of invoices are asked for them. */
export const daysLate: readonly (readonly [from: number | undefined, to: number | undefined])[] = [
  [undefined, 0],
  [1, 30],
  [31, 60],
  [61, 90],
  [91, undefined],
]

/** The day it is where the seller is: now, or at a moment. */
export const sellersDay = (sql: Sql, now?: Temporal.Instant) => sql.part`
  (${now ? sql.part`${now}::timestamptz` : sql.part`now()`} at time zone ${sellerZone(sql)})::date`

/** For a `with`: the row `today (day)`. */
export const sellersToday = (sql: Sql, now: Temporal.Instant) =>
  sql.part`select ${sellersDay(sql, now)} as day`

/** The place of a receivable's age in `ages`; beside `receivable` and `today`. */
export const ageInSql = (sql: Sql) =>
  sql.part`case when due_date >= today.day then 0 else least(4, 1 + (today.day - due_date - 1) / 30) end`

export type AgedRow = { readonly age: number; readonly open: string; readonly invoices: number }

/** Every age, also those of which nothing is open. */
export function agedOf(rows: readonly AgedRow[], code: Currency): Aged[] {
  return ages.map((age, index) => {
    const row = rows.find((each) => each.age === index)
    return { age, open: money(BigInt(row?.open ?? 0), code), invoices: row?.invoices ?? 0 }
  })
}
