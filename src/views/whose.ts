// The conditions by which lists keep to one record: of this account, this order, this basket. An address may name anything;
// what is no id matches nothing.
import { isId } from '#kernel/ids.ts'
import type { Sql } from '#platform/db.ts'

/** `column` is the record asked for; without one asked for, everything matches. */
export function isOf(sql: Sql, column: unknown, id: string | undefined): unknown {
  if (!id) return sql.part`true`
  return isId(id) ? sql.part`${column} = ${id}` : sql.part`false`
}

/** An account is concerned by what it pays for and by what it is the end customer of. */
export function isOfAccount(
  sql: Sql,
  columns: { payer: unknown; endCustomer: unknown },
  id: string | undefined,
): unknown {
  return sql.part`(${isOf(sql, columns.payer, id)} or ${isOf(sql, columns.endCustomer, id)})`
}
