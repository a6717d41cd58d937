// Invoices and credit invoices, newest first, for both kinds of actor. A portal sees issued ones only.
import type { AccountId, InvoiceId, OrderId } from '#kernel/ids.ts'
import { type Currency, type Money, money } from '#kernel/money.ts'
import { type Actor, assertMay, scopeOf } from '#modules/users'
import { type Database, reading, type Sql, type Tx } from '#platform/db.ts'
import { holdsWords, page, pageSize, readCursor, searchWords } from '../accounts/search-text.ts'
import type { Party } from '../orders/list-orders.ts'
import { isOf, isOfAccount } from '../whose.ts'

export type InvoiceRow = {
  readonly id: InvoiceId
  readonly kind: 'invoice' | 'credit'
  readonly state: 'draft' | 'issued'
  readonly number: string | undefined
  readonly orderId: OrderId
  readonly orderNumber: string
  readonly reference: string
  readonly billingTo: Party
  readonly endCustomer: Party
  readonly net: Money
  readonly tax: Money
  readonly total: Money
  readonly createdAt: Temporal.Instant
  readonly issueDate: Temporal.PlainDate | undefined
  readonly dueDate: Temporal.PlainDate | undefined
  /** Of a credit invoice: what it credits. */
  readonly creditsInvoiceId: InvoiceId | undefined
}

export type InvoiceSearch = {
  /** A number of an invoice or an order, a reference, or words of a customer's name. */
  readonly q?: string | undefined
  readonly kind?: 'invoice' | 'credit' | undefined
  readonly accountId?: AccountId | undefined
  readonly orderId?: OrderId | undefined
  readonly cursor?: string | undefined
  readonly limit?: number | undefined
}

type Row = {
  id: InvoiceId
  kind: 'invoice' | 'credit'
  state: 'draft' | 'issued'
  number: string | null
  orderId: OrderId
  orderNumber: string
  reference: string
  currency: Currency
  netMinor: bigint
  taxMinor: bigint
  totalMinor: bigint
  createdAt: Temporal.Instant
  issueDate: Temporal.PlainDate | null
  dueDate: Temporal.PlainDate | null
  creditsInvoiceId: InvoiceId | null
  billingToId: AccountId
  endCustomerId: AccountId
  buyer: { number: string; name: string }
  endCustomer: { number: string; name: string }
}

export async function listInvoices(
  db: Database | Tx,
  actor: Actor,
  search: InvoiceSearch = {},
): Promise<{ items: InvoiceRow[]; nextCursor: string | undefined }> {
  assertMay(actor, 'see-invoices')
  const size = pageSize(search.limit)
  const after = readCursor(search.cursor)
  const rows = await reading(
    db,
    scopeOf(actor),
    (sql) =>
      sql.many<Row>`
      select id, kind, state, number, order_id, order_number, reference, currency, net_minor, tax_minor, total_minor, created_at,
        issue_date, due_date, credits_invoice_id, billing_to_id, end_customer_id, buyer, end_customer
      from invoice
      where ${after ? sql.part`invoice.id < ${after.id}::uuid` : sql.part`true`}
        and ${matching(sql, search)}
      order by invoice.id desc limit ${size + 1}`,
  )
  const { items, nextCursor } = page(rows, size, () => '')
  return { items: items.map(invoiceRowOf), nextCursor }
}

function matching(sql: Sql, { q, kind, accountId, orderId }: InvoiceSearch): unknown {
  const words = searchWords(q)
  const text = q?.trim().slice(0, 100) ?? ''
  const found =
    words.length === 0
      ? sql.part`true`
      : sql.part`(invoice.number = upper(${text}) or invoice.order_number = upper(${text}) or lower(invoice.reference) = lower(${text})
          or invoice.end_customer_id in (select account.id from account where ${holdsWords(sql, words)})
          or invoice.billing_to_id in (select account.id from account where ${holdsWords(sql, words)}))`
  const parties = { payer: sql.part`invoice.billing_to_id`, endCustomer: sql.part`invoice.end_customer_id` }
  return sql.part`${found} and ${isOfAccount(sql, parties, accountId)}
    and ${isOf(sql, sql.part`invoice.order_id`, orderId)}
    and ${kind ? sql.part`invoice.kind = ${kind}` : sql.part`true`}`
}

function invoiceRowOf(row: Row): InvoiceRow {
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    number: row.number ?? undefined,
    orderId: row.orderId,
    orderNumber: row.orderNumber,
    reference: row.reference,
    // Names as they stood on the paper, not as they are today.
    billingTo: { id: row.billingToId, number: row.buyer.number, name: row.buyer.name },
    endCustomer: { id: row.endCustomerId, number: row.endCustomer.number, name: row.endCustomer.name },
    net: money(row.netMinor, row.currency),
    tax: money(row.taxMinor, row.currency),
    total: money(row.totalMinor, row.currency),
    createdAt: row.createdAt,
    issueDate: row.issueDate ?? undefined,
    dueDate: row.dueDate ?? undefined,
    creditsInvoiceId: row.creditsInvoiceId ?? undefined,
  }
}
