// The list of invoices and credit invoices, for both kinds of actor. A portal sees issued ones only.
import type { AccountId, InvoiceId, OrderId } from '#kernel/ids.ts'
import { type Currency, type Money, money } from '#kernel/money.ts'
import type { Actor } from '#modules/users'
import type { Database, Sql, Tx } from '#platform/db.ts'
import { pageSize } from '../accounts/search-text.ts'
import { askFor } from '../lists/ask.ts'
import { betweenDays, bothWays, startsWith } from '../lists/conditions.ts'
import { isOneOf } from '../lists/found.ts'
import { list } from '../lists/list.ts'
import { readList } from '../lists/read-list.ts'
import type { Party } from '../orders/list-orders.ts'
import { isOfAccount } from '../whose.ts'

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

export const invoiceSorts = bothWays('created', 'issued', 'due', 'total')

export const invoiceList = list<InvoiceRow>({
  name: 'invoices',
  path: '/invoices',
  title: 'Invoices',
  columns: {
    number: {
      label: 'Number',
      kind: 'text',
      value: (row) => row.number ?? 'Draft',
      to: (row) => `/invoices/${row.id}`,
    },
    kind: {
      label: 'Kind',
      kind: 'text',
      value: (row) => (row.kind === 'credit' ? 'Credit invoice' : 'Invoice'),
    },
    payer: {
      label: 'Billing to',
      kind: 'text',
      value: (row) => row.billingTo.name,
      to: (row) => `/accounts/${row.billingTo.id}`,
    },
    customer: {
      label: 'End customer',
      kind: 'text',
      value: (row) => row.endCustomer.name,
      to: (row) => `/accounts/${row.endCustomer.id}`,
      isExtra: true,
    },
    order: {
      label: 'Order',
      kind: 'text',
      value: (row) => row.orderNumber,
      to: (row) => `/orders/${row.orderId}`,
    },
    reference: { label: 'Reference', kind: 'text', value: (row) => row.reference, isExtra: true },
    state: { label: 'State', kind: 'state', value: (row) => row.state },
    issued: { label: 'Issued', kind: 'day', value: (row) => row.issueDate, sort: 'issued' },
    due: { label: 'Due', kind: 'day', value: (row) => row.dueDate, sort: 'due' },
    created: {
      label: 'Created',
      kind: 'moment',
      value: (row) => row.createdAt,
      sort: 'created',
      isExtra: true,
    },
    net: { label: 'Net', kind: 'money', value: (row) => row.net },
    tax: { label: 'VAT', kind: 'money', value: (row) => row.tax },
    total: { label: 'Total', kind: 'money', value: (row) => row.total, sort: 'total' },
  },
  sorts: {
    created: { keys: (sql) => [['timestamptz', sql.part`invoice.created_at`]] },
    // Drafts have no day yet: they stand after all days.
    issued: { keys: (sql) => [['date', sql.part`coalesce(invoice.issue_date, 'infinity')`]] },
    due: { keys: (sql) => [['date', sql.part`coalesce(invoice.due_date, 'infinity')`]] },
    total: {
      keys: (sql) => [
        ['text', sql.part`invoice.currency`],
        ['bigint', sql.part`invoice.total_minor`],
      ],
    },
  },
  defaultSort: '-created',
  filters: {
    kind: {
      kind: 'choice',
      label: 'Kind',
      isMain: true,
      choices: [
        { value: 'invoice', label: 'Invoices' },
        { value: 'credit', label: 'Credit invoices' },
      ],
      // Written out, so that the small index of the rare one serves.
      where: (sql, value) =>
        value === 'credit' ? sql.part`invoice.kind = 'credit'` : sql.part`invoice.kind = 'invoice'`,
    },
    state: {
      kind: 'choice',
      label: 'State',
      choices: [
        { value: 'draft', label: 'Draft' },
        { value: 'issued', label: 'Issued' },
      ],
      where: (sql, value) =>
        value === 'draft' ? sql.part`invoice.state = 'draft'` : sql.part`invoice.state = 'issued'`,
    },
    issued: {
      kind: 'days',
      sort: 'issued',
      label: 'Issued',
      where: (sql, from, to) =>
        betweenDays(sql, sql.part`coalesce(invoice.issue_date, 'infinity')`, from, to),
    },
    due: {
      kind: 'days',
      sort: 'due',
      label: 'Due',
      where: (sql, from, to) => betweenDays(sql, sql.part`coalesce(invoice.due_date, 'infinity')`, from, to),
    },
    account: {
      kind: 'record',
      label: 'Account',
      where: (sql, id) =>
        isOfAccount(
          sql,
          { payer: sql.part`invoice.billing_to_id`, endCustomer: sql.part`invoice.end_customer_id` },
          id,
        ),
    },
    order: { kind: 'record', label: 'One order', where: (sql, id) => sql.part`invoice.order_id = ${id}` },
  },
  searches: 'Invoice, order, reference or customer',
  right: 'see-invoices',
  table: (sql) => sql.part`invoice`,
  id: (sql) => sql.part`invoice.id`,
  looksUp: ['accounts'],
  search: (sql, { text }, { accounts }) => sql.part`
    ${startsWith(sql, sql.part`invoice.number`, text.toUpperCase())}
    or ${startsWith(sql, sql.part`invoice.order_number`, text.toUpperCase())}
    or (invoice.reference <> '' and ${startsWith(sql, sql.part`lower(invoice.reference)`, text.toLowerCase())})
    or ${isOneOf(sql, sql.part`invoice.end_customer_id`, accounts)}
    or ${isOneOf(sql, sql.part`invoice.billing_to_id`, accounts)}`,
  read: async (sql, ids) => (await readRows(sql, ids)).map(invoiceRowOf),
})

export type InvoiceSearch = {
  /** The start of an invoice's or an order's number or of a reference, or words of a company. */
  readonly q?: string | undefined
  readonly kind?: 'invoice' | 'credit' | undefined
  readonly accountId?: AccountId | undefined
  readonly orderId?: OrderId | undefined
  readonly sort?: (typeof invoiceSorts)[number] | undefined
  readonly cursor?: string | undefined
  readonly limit?: number | undefined
}

export async function listInvoices(
  db: Database | Tx,
  actor: Actor,
  { q, kind, accountId, orderId, sort, cursor, limit }: InvoiceSearch = {},
): Promise<{ items: InvoiceRow[]; nextCursor: string | undefined }> {
  const filters = { kind, account: accountId, order: orderId }
  const ask = askFor(invoiceList, { q, filters, sort, cursor, limit: pageSize(limit) })
  const { items, next } = await readList(db, actor, invoiceList, ask)
  return { items, nextCursor: next }
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

function readRows(sql: Sql, ids: readonly string[]): Promise<Row[]> {
  return sql.many<Row>`
    select id, kind, state, number, order_id, order_number, reference, currency, net_minor, tax_minor, total_minor, created_at,
      issue_date, due_date, credits_invoice_id, billing_to_id, end_customer_id, buyer, end_customer
    from invoice where invoice.id = any (${ids}::uuid[])`
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
