// The list of invoices and credit invoices, for both kinds of actor. A portal sees issued ones only.
import type { AccountId, InvoiceId, OrderId, ProductId } from '#kernel/ids.ts'
import { type Currency, type Money, money } from '#kernel/money.ts'
import {
  type InTransactionCurrency,
  type PaymentState,
  paymentStateOf,
  type TransactionRow,
  transactionColumns,
  transactionOf,
} from '#modules/invoicing'
import type { Actor } from '#modules/users'
import type { Database, Sql, Tx } from '#platform/db.ts'
import { pageSize } from '../accounts/search-text.ts'
import { askFor } from '../lists/ask.ts'
import { betweenDays, bothWays, startsWith } from '../lists/conditions.ts'
import { isOneOf } from '../lists/found.ts'
import { type Choice, list } from '../lists/list.ts'
import { readList } from '../lists/read-list.ts'
import type { Party } from '../orders/list-orders.ts'
import { isOfAccount } from '../whose.ts'
import { sellersDay } from './ages.ts'
import { type Standing, standingOf } from './standing.ts'

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
  /** Undefined for a draft, and where the payer is invoiced in the order's currency. */
  readonly transaction: InTransactionCurrency | undefined
  readonly transactionOpen: Money | undefined
  /** Undefined for a draft. */
  readonly paid: PaymentState | undefined
  /** The same in a bookkeeper's words; undefined for a draft. */
  readonly standing: Standing | undefined
  readonly open: Money | undefined
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
    // Of an issued one how far it is paid says more than that it is issued.
    state: { label: 'State', kind: 'state', value: (row) => row.standing ?? row.state },
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
    open: { label: 'Open', kind: 'money', value: (row) => row.open },
    transactionNet: {
      label: 'Net in transaction currency',
      kind: 'money',
      value: (row) => row.transaction?.net,
      isExtra: true,
    },
    transactionTax: {
      label: 'VAT in transaction currency',
      kind: 'money',
      value: (row) => row.transaction?.tax,
      isExtra: true,
    },
    transactionTotal: {
      label: 'Total in transaction currency',
      kind: 'money',
      value: (row) => row.transaction?.total,
      isExtra: true,
    },
    transactionOpen: {
      label: 'Open in transaction currency',
      kind: 'money',
      value: (row) => row.transactionOpen,
      isExtra: true,
    },
    rate: { label: 'Rate', kind: 'text', value: (row) => row.transaction?.rate, isExtra: true },
    rateDate: { label: 'Rate of', kind: 'day', value: (row) => row.transaction?.rateDate, isExtra: true },
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
    paid: {
      kind: 'choice',
      label: 'Paid',
      isMain: true,
      choices: [
        { value: 'open', label: 'Open' },
        { value: 'overdue', label: 'Overdue' },
        { value: 'paid', label: 'Paid' },
      ],
      where: (sql, value) => isPaid(sql, value),
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
      searches: 'accounts',
      where: (sql, id) =>
        isOfAccount(
          sql,
          { payer: sql.part`invoice.billing_to_id`, endCustomer: sql.part`invoice.end_customer_id` },
          id,
        ),
    },
    payer: {
      kind: 'record',
      label: 'Billing to',
      // With what was billed to an account that was merged into it: sales count that as well.
      where: (sql, id) => sql.part`(invoice.billing_to_id = ${id}
        or invoice.billing_to_id in (select account.id from account where account.merged_into_id = ${id}))`,
    },
    product: {
      kind: 'record',
      label: 'With the product',
      where: (sql, id) => sql.part`(
        invoice.order_id in (select sold.order_id from order_item sold where sold.product_id = ${id})
        and exists (
          select from invoice_line line join order_item item on item.id = line.order_item_id
          where line.invoice_id = invoice.id and item.product_id = ${id}))`,
    },
    currency: {
      kind: 'record',
      label: 'Currency',
      isNamedByCode: true,
      offers: (sql) =>
        sql.many<Choice>`
          select distinct currency::text as value, currency::text as label from sales_figure where kind = 'all' order by 1`,
      where: (sql, code) => sql.part`invoice.currency = ${code}`,
    },
    order: { kind: 'record', label: 'One order', where: (sql, id) => sql.part`invoice.order_id = ${id}` },
  },
  searchesShort: 'numbers and references that begin with them, and a company of exactly that name',
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
  readonly paid?: 'open' | 'overdue' | 'paid' | undefined
  readonly accountId?: AccountId | undefined
  readonly billingToId?: AccountId | undefined
  readonly productId?: ProductId | undefined
  readonly currency?: string | undefined
  readonly orderId?: OrderId | undefined
  readonly sort?: (typeof invoiceSorts)[number] | undefined
  readonly cursor?: string | undefined
  readonly limit?: number | undefined
}

export async function listInvoices(
  db: Database | Tx,
  actor: Actor,
  { q, kind, paid, sort, cursor, limit, ...asked }: InvoiceSearch = {},
): Promise<{ items: InvoiceRow[]; nextCursor: string | undefined }> {
  const filters = {
    kind,
    paid,
    account: asked.accountId,
    payer: asked.billingToId,
    product: asked.productId,
    currency: asked.currency,
    order: asked.orderId,
  }
  const ask = askFor(invoiceList, { q, filters, sort, cursor, limit: pageSize(limit) })
  const { items, next } = await readList(db, actor, invoiceList, ask)
  return { items, nextCursor: next }
}

type Row = TransactionRow & {
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
  openMinor: bigint | null
  isCredited: boolean
  hasPayments: boolean
  transactionOpenMinor: bigint | null
  today: Temporal.PlainDate
  billingToId: AccountId
  endCustomerId: AccountId
  buyer: { number: string; name: string }
  endCustomer: { number: string; name: string }
}

function readRows(sql: Sql, ids: readonly string[]): Promise<Row[]> {
  return sql.many<Row>`
    select invoice.id, invoice.kind, state, number, order_id, order_number, reference, invoice.currency, net_minor, tax_minor,
      invoice.total_minor, receivable.open_minor, receivable.transaction_open_minor, ${sellersDay(sql)} as today, created_at, invoice.issue_date, invoice.due_date,
      credits_invoice_id, invoice.billing_to_id, end_customer_id, buyer, end_customer,
      exists (select from invoice credit where credit.credits_invoice_id = invoice.id and credit.state = 'issued') as is_credited,
      exists (select from payment where payment.invoice_id = invoice.id and payment.withdrawn_at is null) as has_payments,
      ${transactionColumns(sql)}
    from invoice left join receivable on receivable.invoice_id = invoice.id where invoice.id = any (${ids}::uuid[])`
}

/** Overdue is counted where the seller is, as on the invoice’s own page. */
function isPaid(sql: Sql, value: string): unknown {
  if (value === 'overdue')
    return sql.part`invoice.id in (
      select receivable.invoice_id from receivable where receivable.open_minor > 0 and receivable.due_date < ${sellersDay(sql)})`
  const open = sql.part`exists (
    select 1 from receivable where receivable.invoice_id = invoice.id and receivable.open_minor <> 0)`
  return value === 'open' ? open : sql.part`invoice.state = 'issued' and not ${open}`
}

function invoiceRowOf(row: Row): InvoiceRow {
  const total = money(row.totalMinor, row.currency)
  const open = row.openMinor === null ? undefined : money(row.openMinor, row.currency)
  const transaction = transactionOf(row)
  const paid = open && paymentStateOf({ total, open, dueDate: row.dueDate ?? undefined }, row.today)
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
    total,
    transaction,
    transactionOpen:
      transaction && row.transactionOpenMinor !== null
        ? money(row.transactionOpenMinor, transaction.currency)
        : undefined,
    open,
    paid,
    standing: paid && standingOf({ ...row, paid }),
    createdAt: row.createdAt,
    issueDate: row.issueDate ?? undefined,
    dueDate: row.dueDate ?? undefined,
    creditsInvoiceId: row.creditsInvoiceId ?? undefined,
  }
}
