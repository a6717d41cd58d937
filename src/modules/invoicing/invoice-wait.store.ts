// The table invoice_wait: orders that cannot be invoiced yet because there is no rate of the payer's transaction currency.
import type { OrderId } from '#kernel/ids.ts'
import type { Currency } from '#kernel/money.ts'
import type { Sql, Tx } from '#platform/db.ts'

export type InvoiceWait = {
  readonly orderId: OrderId
  readonly currency: Currency
  readonly transactionCurrency: Currency
  readonly since: Temporal.Instant
}

/** Answers true where it did not wait before. */
export async function saveWait(tx: Tx, wait: InvoiceWait): Promise<boolean> {
  const { isNew } = await tx.one<{ isNew: boolean }>`
    insert into invoice_wait (order_id, currency, transaction_currency, since)
    values (${wait.orderId}, ${wait.currency}, ${wait.transactionCurrency}, ${wait.since})
    on conflict (order_id) do update set transaction_currency = excluded.transaction_currency
    returning since = ${wait.since} as is_new`
  return isNew
}

export async function deleteWait(tx: Tx, orderId: OrderId): Promise<void> {
  await tx.run`delete from invoice_wait where order_id = ${orderId}`
}

/** A page of the orders that wait, by their ids. */
export async function listWaitingOrders(
  sql: Sql,
  after: OrderId | undefined,
  most: number,
): Promise<OrderId[]> {
  const rows = await sql.many<{ orderId: OrderId }>`
    select order_id from invoice_wait where ${after ? sql.part`order_id > ${after}::uuid` : sql.part`true`}
    order by order_id limit ${most}`
  return rows.map(({ orderId }) => orderId)
}

/** Which of these orders wait. */
export async function listWaitsAmong(
  sql: Sql,
  orderIds: readonly OrderId[],
): Promise<ReadonlyMap<OrderId, InvoiceWait>> {
  const rows = await sql.many<InvoiceWait>`
    select order_id, currency, transaction_currency, since from invoice_wait where order_id = any (${[...orderIds]}::uuid[])`
  return new Map(rows.map((row) => [row.orderId, row]))
}

/** The rates that are waited for. */
export async function listWaitPairs(
  sql: Sql,
): Promise<Pick<InvoiceWait, 'currency' | 'transactionCurrency'>[]> {
  return sql.many<Pick<InvoiceWait, 'currency' | 'transactionCurrency'>>`
    select distinct currency, transaction_currency from invoice_wait`
}

export async function findWait(sql: Sql, orderId: OrderId): Promise<InvoiceWait | undefined> {
  return sql.maybe<InvoiceWait>`
    select order_id, currency, transaction_currency, since from invoice_wait where order_id = ${orderId}`
}
