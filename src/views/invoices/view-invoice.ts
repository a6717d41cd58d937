// One invoice or credit invoice as it was issued, with what it credits or what credits it.
import { Refusal } from '#kernel/failure.ts'
import { type InvoiceId, isId } from '#kernel/ids.ts'
import { type Money, money } from '#kernel/money.ts'
import { dayOf } from '#kernel/time.ts'
import {
  findReceivable,
  type Invoice,
  listLinePricing,
  listPayments,
  loadInvoice,
  type Payment,
  type PaymentState,
  paymentStateOf,
} from '#modules/invoicing'
import { type Actor, assertMay, mayDo, scopeOf } from '#modules/users'
import { type Database, reading, type Tx } from '#platform/db.ts'
import { type Standing, standingOf } from './standing.ts'

export type RelatedInvoice = {
  readonly id: InvoiceId
  readonly number: string
  readonly total: Money
  /** In the transaction currency, where there is one. */
  readonly transactionTotal: Money | undefined
  readonly issueDate: Temporal.PlainDate
}

export type InvoiceView = {
  readonly invoice: Invoice
  /** Of a credit invoice: the invoice it credits. */
  readonly credits: RelatedInvoice | undefined
  /** Of an invoice: its credit invoices. */
  readonly creditedBy: readonly RelatedInvoice[]
  /** Undefined for a draft: nothing is owed yet. */
  readonly owed:
    | {
        readonly open: Money
        /** The same in the transaction currency, where there is one. */
        readonly transactionOpen: Money | undefined
        readonly state: PaymentState
        /** The same in a bookkeeper's words. */
        readonly standing: Standing
      }
    | undefined
  readonly payments: readonly Payment[]
  /** Full explanations of its lines, which hold costs, by the id of the line; empty for those who may not see costs. */
  readonly pricing: ReadonlyMap<string, object>
}

export async function viewInvoice(
  db: Database | Tx,
  actor: Actor,
  ask: { id: InvoiceId; at: Temporal.Instant },
): Promise<InvoiceView> {
  assertMay(actor, 'see-invoices')
  if (!isId(ask.id)) throw new Refusal('invoice/not-found', 'This invoice does not exist.')
  return reading(db, scopeOf(actor), async (sql) => {
    const invoice = await loadInvoice(sql, ask.id)
    const rows = await sql.many<
      Omit<RelatedInvoice, 'total' | 'transactionTotal'> & {
        totalMinor: bigint
        transactionTotalMinor: bigint | null
        isCredit: boolean
      }
    >`
      select id, number, total_minor, transaction_total_minor, issue_date, kind = 'credit' as is_credit from invoice
      where state = 'issued' and (credits_invoice_id = ${invoice.id} or id = ${invoice.creditsInvoiceId ?? null}) order by issued_at, id`
    const receivable = await findReceivable(sql, invoice.id)
    const related = rows.map(({ totalMinor, transactionTotalMinor, ...row }) => ({
      ...row,
      total: money(totalMinor, invoice.currency),
      transactionTotal:
        invoice.transaction && transactionTotalMinor !== null
          ? money(transactionTotalMinor, invoice.transaction.currency)
          : undefined,
    }))
    const seesCosts = actor.kind !== 'portal' && mayDo(actor, 'see-costs')
    const payments = await listPayments(sql, invoice.id, { isForSeller: actor.kind !== 'portal' })
    const paid = receivable && paymentStateOf(receivable, dayOf(ask.at, invoice.seller.timeZone))
    const isCredited = related.some(({ isCredit }) => isCredit)
    return {
      invoice,
      credits: related.find(({ isCredit }) => !isCredit),
      creditedBy: related.filter(({ isCredit }) => isCredit),
      owed: receivable &&
        paid && {
          open: receivable.open,
          transactionOpen: receivable.transaction?.open,
          state: paid,
          standing: standingOf({
            kind: invoice.kind,
            paid,
            isCredited,
            hasPayments: payments.some(({ withdrawn }) => !withdrawn),
          }),
        },
      payments,
      pricing: seesCosts ? await listLinePricing(sql, invoice.id) : new Map(),
    }
  })
}
