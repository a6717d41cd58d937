// Records that an invoice was paid by bank transfer, whole or in part, or that a credit invoice was paid back (product.md section 7). The
// invoice itself never changes; what is open of it does, and so does the credit of who pays.
import { invalid } from '#kernel/failure.ts'
import type { InvoiceId } from '#kernel/ids.ts'
import { moneyJson, moneyText } from '#kernel/money.ts'
import { dayOf } from '#kernel/time.ts'
import { recordAudit } from '#modules/audit'
import {
  insertPayment,
  loadInvoice,
  loadPayment,
  lockReceivable,
  type Payment,
  type PaymentId,
  readPayment,
  saveWithdrawn,
  type TypedPayment,
} from '#modules/invoicing'
import { assertMay, type Staff, scopeOf } from '#modules/users'
import { type Tx, transaction } from '#platform/db.ts'
import type { App } from '../app.ts'
import { mailRecords } from '../notifying/reach.ts'

const MAX_REASON = 500

export async function recordPayment(
  app: Pick<App, 'db' | 'now'>,
  actor: Staff,
  input: TypedPayment & { readonly invoiceId: InvoiceId },
): Promise<Payment> {
  assertMay(actor, 'record-payments')
  const at = app.now()
  return transaction(app.db, scopeOf(actor), async (tx) => {
    const receivable = await lockReceivable(tx, input.invoiceId)
    const invoice = await loadInvoice(tx, input.invoiceId)
    const now = { at, today: dayOf(at, invoice.seller.timeZone) }
    const payment = readPayment(input, receivable, invoice.transaction?.rate, actor, now)
    await insertPayment(tx, payment)
    if (invoice.kind === 'invoice') await tellOfPayment(tx, payment, at)
    await recordAudit(tx, {
      at,
      actor,
      action: 'invoice/payment-recorded',
      subjectType: 'invoice',
      subjectId: invoice.id,
      accountId: invoice.billingToId,
      before: { open: moneyText(receivable.open) },
      after: {
        open: moneyText({
          ...receivable.open,
          amountMinor: receivable.open.amountMinor - payment.amount.amountMinor,
        }),
        amount: moneyText(payment.amount),
        currency: payment.amount.currency,
        ...(payment.transaction && { inTransactionCurrency: moneyJson(payment.transaction.amount) }),
        receivedOn: payment.receivedOn,
        reference: payment.reference,
      },
    })
    return payment
  })
}

async function tellOfPayment(tx: Tx, payment: Payment, at: Temporal.Instant): Promise<void> {
  await mailRecords(tx, 'payment-received', [payment.invoiceId], at, {
    cause: `payment-received:${payment.id}`,
    variables: {
      payment: {
        ...moneyJson(payment.transaction?.isGiven ? payment.transaction.amount : payment.amount),
        receivedOn: payment.receivedOn.toString(),
      },
    },
  })
}

/** Takes back a payment that was recorded by mistake; it stays in the list with the reason. */
export async function withdrawPayment(
  app: Pick<App, 'db' | 'now'>,
  actor: Staff,
  input: { readonly invoiceId: InvoiceId; readonly paymentId: PaymentId; readonly reason: string },
): Promise<Payment> {
  assertMay(actor, 'record-payments')
  const at = app.now()
  const because = input.reason.trim()
  if (because === '' || because.length > MAX_REASON)
    throw invalid({
      pointer: '/reason',
      code: because === '' ? 'required' : 'too-long',
      message: `Say why in up to ${MAX_REASON} characters: it is kept with the payment.`,
    })
  return transaction(app.db, scopeOf(actor), async (tx) => {
    await lockReceivable(tx, input.invoiceId)
    const payment = await loadPayment(tx, input.invoiceId, input.paymentId)
    if (!(await saveWithdrawn(tx, payment, { at, by: actor.name, because }))) return payment
    const invoice = await loadInvoice(tx, input.invoiceId)
    await recordAudit(tx, {
      at,
      actor,
      action: 'invoice/payment-withdrawn',
      subjectType: 'invoice',
      subjectId: invoice.id,
      accountId: invoice.billingToId,
      before: { amount: moneyText(payment.amount), currency: payment.amount.currency },
      after: { reason: because },
    })
    return { ...payment, withdrawn: { at, by: actor.name, because } }
  })
}
