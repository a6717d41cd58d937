// Conditions that several lists make.
import type { Sql } from '#platform/db.ts'

/** Where the seller is, and the days of its lists begin and end. */
export const sellerZone = (sql: Sql): unknown =>
  sql.part`coalesce((select time_zone from legal_entity where is_default), 'UTC')`

/** A moment on one of these days of the seller's, both included. */
export function withinDays(
  sql: Sql,
  moment: unknown,
  from: Temporal.PlainDate | undefined,
  to: Temporal.PlainDate | undefined,
): unknown {
  const begins = (day: Temporal.PlainDate) =>
    sql.part`${day}::date::timestamp at time zone ${sellerZone(sql)}`
  return sql.part`${from ? sql.part`${moment} >= ${begins(from)}` : sql.part`true`}
    and ${to ? sql.part`${moment} < ${begins(to.add({ days: 1 }))}` : sql.part`true`}`
}

/** A day from … to, both included. */
export function betweenDays(
  sql: Sql,
  day: unknown,
  from: Temporal.PlainDate | undefined,
  to: Temporal.PlainDate | undefined,
): unknown {
  return sql.part`${from ? sql.part`${day} >= ${from}` : sql.part`true`} and ${to ? sql.part`${day} <= ${to}` : sql.part`true`}`
}

/** The beginning of a text, taken literally; in a database that sorts by code point an index on it serves this. */
export function startsWith(sql: Sql, column: unknown, text: string): unknown {
  return text === '' ? sql.part`false` : sql.part`${column} like ${`${text.replace(/[\\%_]/g, '\\$&')}%`}`
}

/** The end of a text of at least three signs; an index on the text read backwards serves this. */
export function endsWith(sql: Sql, column: unknown, text: string): unknown {
  if ([...text].length < 3) return sql.part`false`
  return startsWith(sql, sql.part`reverse(${column})`, [...text].toReversed().join(''))
}

/** `-number` and its like: each sort, and each from its end. */
export function bothWays<Name extends string>(
  ...names: readonly Name[]
): [Name | `-${Name}`, ...(Name | `-${Name}`)[]] {
  return names.flatMap((name) => [name, `-${name}` as const]) as never
}
