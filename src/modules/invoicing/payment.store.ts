// Every statement that writes payment, and what payments change of receivable; rows of receivable are made by the database itself
// when an invoice is issued.
import { invariant, Refusal } from '#kernel/failure.ts'
import type { InvoiceId, UserId } from '#kernel/ids.ts'
import { currency as currencyOf, money } from '#kernel/money.ts'
import type { Sql, Tx } from '#platform/db.ts'
import type { Payment, PaymentId, Receivable } from './payment.ts'

type ReceivableRow = {
  readonly invoiceId: InvoiceId
  readonly currency: string
  readonly totalMinor: bigint
  readonly openMinor: bigint
  readonly transactionCurrency: string | null
  readonly transactionTotalMinor: bigint | null
  readonly transactionOpenMinor: bigint | null
  readonly dueDate: Temporal.PlainDate | null
}

const receivableColumns = (sql: Sql) => sql.part`
  invoice_id, currency, total_minor, open_minor, transaction_currency, transaction_total_minor, transaction_open_minor, due_date`

function receivableOf(row: ReceivableRow): Receivable {
  const { invoiceId, totalMinor, openMinor, dueDate } = row
  const code = currencyOf(row.currency)
  const other = row.transactionCurrency === null ? undefined : currencyOf(row.transactionCurrency)
  return {
    invoiceId,
    total: money(totalMinor, code),
    open: money(openMinor, code),
    transaction: other && {
      total: money(row.transactionTotalMinor ?? 0n, other),
      open: money(row.transactionOpenMinor ?? 0n, other),
    },
    dueDate: dueDate ?? undefined,
  }
}

/** Undefined for a draft: nothing is owed yet. */
export async function findReceivable(sql: Sql, invoiceId: InvoiceId): Promise<Receivable | undefined> {
  const row = await sql.maybe<ReceivableRow>`
    select ${receivableColumns(sql)} from receivable where invoice_id = ${invoiceId}`
  return row && receivableOf(row)
}

export async function lockReceivable(tx: Tx, invoiceId: InvoiceId): Promise<Receivable> {
  const row = await tx.maybe<ReceivableRow>`
    select ${receivableColumns(tx)} from receivable where invoice_id = ${invoiceId} for update`
  if (!row)
    throw new Refusal('invoice/not-found', 'This invoice does not exist, or it has not been issued yet.')
  return receivableOf(row)
}

/** The receivable is locked by the caller. */
export async function insertPayment(
  tx: Tx,
  payment: Payment & { readonly userId: UserId | undefined },
): Promise<void> {
  const { transaction } = payment
  const there = transaction?.amount.amountMinor ?? null
  await tx.run`
    insert into payment (id, invoice_id, method, currency, amount_minor, transaction_currency, transaction_amount_minor,
      is_in_transaction_currency, received_on, reference, recorded_at, recorded_by, recorded_by_name)
    values (${payment.id}, ${payment.invoiceId}, ${payment.method}, ${payment.amount.currency}, ${payment.amount.amountMinor},
      ${transaction?.amount.currency ?? null}, ${there}, ${transaction?.isGiven ?? false}, ${payment.receivedOn},
      ${payment.reference}, ${payment.recordedAt}, ${payment.userId ?? null}, ${payment.recordedBy ?? ''})`
  await tx.run`
    update receivable set open_minor = open_minor - ${payment.amount.amountMinor},
      transaction_open_minor = transaction_open_minor - ${there}::bigint,
      paid_on = case when open_minor = ${payment.amount.amountMinor} then ${payment.receivedOn}::date end
    where invoice_id = ${payment.invoiceId}`
}

/** What it paid is open again. Answers false where it had been withdrawn before. */
export async function saveWithdrawn(
  tx: Tx,
  payment: Payment,
  { at, by, because }: { at: Temporal.Instant; by: string; because: string },
): Promise<boolean> {
  const touched = await tx.run`
    update payment set withdrawn_at = ${at}, withdrawn_by_name = ${by}, withdrawn_because = ${because}
    where id = ${payment.id} and withdrawn_at is null`
  if (touched === 0) return false
  const opened = await tx.run`
    update receivable set open_minor = open_minor + ${payment.amount.amountMinor},
      transaction_open_minor = transaction_open_minor + ${payment.transaction?.amount.amountMinor ?? null}::bigint, paid_on = null
    where invoice_id = ${payment.invoiceId}`
  invariant(opened === 1, 'a payment has its receivable')
  return true
}

type PaymentRow = Omit<Payment, 'amount' | 'transaction' | 'recordedBy' | 'withdrawn'> & {
  readonly currency: string
  readonly amountMinor: bigint
  readonly transactionCurrency: string | null
  readonly transactionAmountMinor: bigint | null
  readonly isInTransactionCurrency: boolean
  readonly withdrawnAt: Temporal.Instant | null
  readonly recordedByName?: string
  readonly withdrawnByName?: string | null
  readonly withdrawnBecause?: string | null
}

const paymentColumns = (sql: Sql) => sql.part`
  id, invoice_id, method, currency, amount_minor, transaction_currency, transaction_amount_minor, is_in_transaction_currency, received_on,
  reference, recorded_at, withdrawn_at`

/** Withdrawn ones too, in the order they were recorded. A customer's eyes see no names and no reasons of the seller. */
export async function listPayments(
  sql: Sql,
  invoiceId: InvoiceId,
  { isForSeller }: { readonly isForSeller: boolean },
): Promise<Payment[]> {
  const rows = await sql.many<PaymentRow>`
    select ${paymentColumns(sql)}
      ${isForSeller ? sql.part`, recorded_by_name, withdrawn_by_name, withdrawn_because` : sql.part``}
    from payment where invoice_id = ${invoiceId} ${isForSeller ? sql.part`` : sql.part`and withdrawn_at is null`} order by id`
  return rows.map(paymentOf)
}

export async function loadPayment(sql: Sql, invoiceId: InvoiceId, id: PaymentId): Promise<Payment> {
  const row = await sql.maybe<PaymentRow>`
    select ${paymentColumns(sql)}, recorded_by_name, withdrawn_by_name, withdrawn_because
    from payment where id = ${id} and invoice_id = ${invoiceId}`
  if (!row) throw new Refusal('payment/not-found', 'This payment does not exist.', { id })
  return paymentOf(row)
}

function paymentOf({
  currency,
  amountMinor,
  transactionCurrency,
  transactionAmountMinor,
  isInTransactionCurrency,
  withdrawnAt,
  recordedByName,
  withdrawnByName,
  withdrawnBecause,
  ...row
}: PaymentRow): Payment {
  return {
    ...row,
    amount: money(amountMinor, currencyOf(currency)),
    transaction:
      transactionCurrency === null
        ? undefined
        : {
            amount: money(transactionAmountMinor ?? 0n, currencyOf(transactionCurrency)),
            isGiven: isInTransactionCurrency,
          },
    recordedBy: recordedByName,
    withdrawn: withdrawnAt
      ? {
          at: withdrawnAt,
          ...(withdrawnByName ? { by: withdrawnByName } : {}),
          ...(withdrawnBecause ? { because: withdrawnBecause } : {}),
        }
      : undefined,
  }
}
