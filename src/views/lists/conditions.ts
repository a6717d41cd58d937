// Conditions that several lists make.
import type { Sql } from '#platform/db.ts'

/** A moment on one of these days, both included, in UTC. */
export function withinDays(
  sql: Sql,
  moment: unknown,
  from: Temporal.PlainDate | undefined,
  to: Temporal.PlainDate | undefined,
): unknown {
  const begins = from?.toZonedDateTime('UTC').toInstant()
  const ends = to?.add({ days: 1 }).toZonedDateTime('UTC').toInstant()
  return sql.part`${begins ? sql.part`${moment} >= ${begins}` : sql.part`true`} and ${ends ? sql.part`${moment} < ${ends}` : sql.part`true`}`
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
