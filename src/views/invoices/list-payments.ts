// The list of payments: what came in for invoices and what was paid back, to be compared with the statements of the bank.
import type { AccountId, InvoiceId } from '#kernel/ids.ts'
import { type Currency, type Money, money } from '#kernel/money.ts'
import type { PaymentId } from '#modules/invoicing'
import type { Actor } from '#modules/users'
import type { Database, Sql, Tx } from '#platform/db.ts'
import { pageSize } from '../accounts/search-text.ts'
import { askFor } from '../lists/ask.ts'
import { betweenDays, bothWays, startsWith, withinDays } from '../lists/conditions.ts'
import { isOneOf } from '../lists/found.ts'
import { list } from '../lists/list.ts'
import { readList } from '../lists/read-list.ts'
import type { Party } from '../orders/list-orders.ts'

export const paymentStates = ['received', 'paid-back', 'withdrawn'] as const
export type PaymentStanding = (typeof paymentStates)[number]

export type PaymentRow = {
  readonly id: PaymentId
  readonly invoiceId: InvoiceId
  readonly invoiceNumber: string
  readonly billingTo: Party
  readonly method: 'bank-transfer'
  /** In the invoice's currency; below zero: paid back. */
  readonly amount: Money
  /** The same in the transaction currency of the invoice, where it has one. */
  readonly transactionAmount: Money | undefined
  readonly isInTransactionCurrency: boolean
  readonly receivedOn: Temporal.PlainDate
  readonly reference: string
  readonly recordedAt: Temporal.Instant
  readonly recordedBy: string
  readonly withdrawnAt: Temporal.Instant | undefined
  readonly withdrawnBy: string | undefined
  readonly withdrawnBecause: string | undefined
}

export const paymentSorts = bothWays('received', 'recorded', 'amount')

const stateWords = { received: 'received', 'paid-back': 'paid back', withdrawn: 'taken back' } as const

function stateOf({ withdrawnAt, amount }: PaymentRow): PaymentStanding {
  if (withdrawnAt) return 'withdrawn'
  return amount.amountMinor < 0n ? 'paid-back' : 'received'
}

export const paymentList = list<PaymentRow>({
  name: 'payments',
  path: '/payments',
  title: 'Payments',
  right: 'see-invoices',
  // A payment is taken back from its invoice.
  key: ({ invoiceId, id }) => `${invoiceId}:${id}`,
  naming: 'invoice',
  columns: {
    received: { label: 'Day', kind: 'day', value: (row) => row.receivedOn, sort: 'received' },
    amount: {
      label: 'Amount',
      kind: 'money',
      value: (row) => row.amount,
      sort: 'amount',
    },
    method: { label: 'Method', kind: 'text', value: () => 'Bank transfer' },
    reference: { label: 'Reference', kind: 'text', value: (row) => row.reference },
    invoice: {
      label: 'Invoice',
      kind: 'text',
      value: (row) => row.invoiceNumber,
      to: (row) => `/invoices/${row.invoiceId}`,
    },
    payer: {
      label: 'Payer',
      kind: 'text',
      value: (row) => row.billingTo.name,
      to: (row) => `/accounts/${row.billingTo.id}`,
    },
    payerNumber: {
      label: 'Payer’s number',
      kind: 'text',
      value: (row) => row.billingTo.number,
      isExtra: true,
    },
    state: {
      label: 'State',
      kind: 'state',
      value: (row) => stateWords[stateOf(row)],
      note: (row) => row.withdrawnAt && `By ${row.withdrawnBy}: ${row.withdrawnBecause}`,
    },
    by: { label: 'Entered by', kind: 'text', value: (row) => row.recordedBy },
    recorded: {
      label: 'Entered',
      kind: 'moment',
      value: (row) => row.recordedAt,
      sort: 'recorded',
      isExtra: true,
    },
    transaction: {
      label: 'Amount in transaction currency',
      kind: 'money',
      value: (row) => row.transactionAmount,
      isExtra: true,
    },
    withdrawn: { label: 'Taken back', kind: 'moment', value: (row) => row.withdrawnAt, isExtra: true },
    because: {
      label: 'Taken back because',
      kind: 'text',
      value: (row) => row.withdrawnBecause,
      isExtra: true,
    },
  },
  sorts: {
    received: { keys: (sql) => [['date', sql.part`payment.received_on`]] },
    recorded: { keys: (sql) => [['timestamptz', sql.part`payment.recorded_at`]] },
    // Amounts compare within their currency.
    amount: {
      keys: (sql) => [
        ['text', sql.part`payment.currency`],
        ['bigint', sql.part`payment.amount_minor`],
      ],
    },
  },
  defaultSort: '-received',
  // There is one method of payment so far: a filter for it would keep everything.
  filters: {
    state: {
      kind: 'choice',
      label: 'State',
      isMain: true,
      choices: [
        { value: 'received', label: 'Received' },
        { value: 'paid-back', label: 'Paid back' },
        { value: 'withdrawn', label: 'Taken back' },
      ] satisfies { value: PaymentStanding; label: string }[],
      isRare: (value) => value !== 'received',
      where: (sql, value) => standing(sql, value as PaymentStanding),
    },
    received: {
      kind: 'days',
      sort: 'received',
      label: 'Day',
      where: (sql, from, to) => betweenDays(sql, sql.part`payment.received_on`, from, to),
    },
    recorded: {
      kind: 'days',
      sort: 'recorded',
      label: 'Entered',
      where: (sql, from, to) => withinDays(sql, sql.part`payment.recorded_at`, from, to),
    },
    account: {
      kind: 'record',
      label: 'Payer',
      where: (sql, id) => sql.part`exists (
        select 1 from invoice where invoice.id = payment.invoice_id and invoice.billing_to_id = ${id})`,
    },
    invoice: {
      kind: 'record',
      label: 'One invoice',
      where: (sql, id) => sql.part`payment.invoice_id = ${id}`,
    },
  },
  searchesShort: 'references and invoices that begin with them, and a company of exactly that name',
  searches: 'Reference, invoice or payer',
  looksUp: ['accounts'],
  table: (sql) => sql.part`payment`,
  id: (sql) => sql.part`payment.id`,
  search: (sql, { text }, { accounts }) => {
    const byReference = sql.part`payment.reference <> '' and ${startsWith(sql, sql.part`lower(payment.reference)`, text.toLowerCase())}`
    const byInvoice = sql.part`${startsWith(sql, sql.part`invoice.number`, text.toUpperCase())}`
    const byPayer = isOneOf(sql, sql.part`invoice.billing_to_id`, accounts)
    // Each kind of question has an index of its own, in two tables: together they would have none.
    if (accounts.kind === 'few')
      return sql.part`payment.id in (
        select payment.id from payment where ${byReference}
        union all select payment.id from invoice join payment on payment.invoice_id = invoice.id where ${byInvoice}
        union all select payment.id from invoice join payment on payment.invoice_id = invoice.id where ${byPayer})`
    // A subquery of one value, asked row by row: `exists` could be turned into reading all invoices first.
    return sql.part`${byReference} or (
      select coalesce(${byInvoice}, false) or ${byPayer} from invoice where invoice.id = payment.invoice_id)`
  },
  read: async (sql, ids) => (await readRows(sql, ids)).map(paymentRowOf),
})

/** Written out, so that the small indexes of the rare ones serve. */
function standing(sql: Sql, state: PaymentStanding): unknown {
  switch (state) {
    case 'withdrawn':
      return sql.part`payment.withdrawn_at is not null`
    case 'paid-back':
      return sql.part`payment.amount_minor < 0 and payment.withdrawn_at is null`
    case 'received':
      return sql.part`payment.amount_minor > 0 and payment.withdrawn_at is null`
  }
}

export type PaymentSearch = {
  /** The start of a reference or of an invoice's number, or words of a company. */
  readonly q?: string | undefined
  readonly state?: PaymentStanding | undefined
  /** Who paid. */
  readonly accountId?: AccountId | undefined
  readonly invoiceId?: InvoiceId | undefined
  readonly receivedFrom?: Temporal.PlainDate | undefined
  readonly receivedTo?: Temporal.PlainDate | undefined
  readonly sort?: (typeof paymentSorts)[number] | undefined
  readonly cursor?: string | undefined
  readonly limit?: number | undefined
}

export async function browsePayments(
  db: Database | Tx,
  actor: Actor,
  { q, state, accountId, invoiceId, receivedFrom, receivedTo, sort, cursor, limit }: PaymentSearch = {},
): Promise<{ items: PaymentRow[]; nextCursor: string | undefined }> {
  const ask = askFor(paymentList, {
    q,
    filters: { state, account: accountId, invoice: invoiceId },
    days: { received: { from: receivedFrom, to: receivedTo } },
    sort,
    cursor,
    limit: pageSize(limit),
  })
  const { items, next } = await readList(db, actor, paymentList, ask)
  return { items, nextCursor: next }
}

type Row = {
  id: PaymentId
  invoiceId: InvoiceId
  invoiceNumber: string
  billingToId: AccountId
  billingToNumber: string
  billingToName: string
  method: 'bank-transfer'
  currency: Currency
  amountMinor: bigint
  transactionCurrency: Currency | null
  transactionAmountMinor: bigint | null
  isInTransactionCurrency: boolean
  receivedOn: Temporal.PlainDate
  reference: string
  recordedAt: Temporal.Instant
  recordedByName: string
  withdrawnAt: Temporal.Instant | null
  withdrawnByName: string | null
  withdrawnBecause: string | null
}

function readRows(sql: Sql, ids: readonly string[]): Promise<Row[]> {
  return sql.many<Row>`
    select payment.id, payment.invoice_id, invoice.number as invoice_number, payer.id as billing_to_id, payer.number as billing_to_number,
      payer.name as billing_to_name, payment.method, payment.currency, payment.amount_minor, payment.transaction_currency,
      payment.transaction_amount_minor, payment.is_in_transaction_currency, payment.received_on, payment.reference, payment.recorded_at,
      payment.recorded_by_name, payment.withdrawn_at, payment.withdrawn_by_name, payment.withdrawn_because
    from payment join invoice on invoice.id = payment.invoice_id join account payer on payer.id = invoice.billing_to_id
    where payment.id = any (${ids}::uuid[])`
}

function paymentRowOf(row: Row): PaymentRow {
  return {
    id: row.id,
    invoiceId: row.invoiceId,
    invoiceNumber: row.invoiceNumber,
    billingTo: { id: row.billingToId, number: row.billingToNumber, name: row.billingToName },
    method: row.method,
    amount: money(row.amountMinor, row.currency),
    transactionAmount:
      row.transactionCurrency === null
        ? undefined
        : money(row.transactionAmountMinor ?? 0n, row.transactionCurrency),
    isInTransactionCurrency: row.isInTransactionCurrency,
    receivedOn: row.receivedOn,
    reference: row.reference,
    recordedAt: row.recordedAt,
    recordedBy: row.recordedByName,
    withdrawnAt: row.withdrawnAt ?? undefined,
    withdrawnBy: row.withdrawnByName ?? undefined,
    withdrawnBecause: row.withdrawnBecause ?? undefined,
  }
}
