// What comes back when a subscription is cancelled inside its window (product.md S9): a credit invoice for each invoice that charged
// it, over the part that is refunded. A charge that was never invoiced is waived instead. The caller holds the order's lock.
import type { InvoiceId } from '#kernel/ids.ts'
import type { Money } from '#kernel/money.ts'
import { loadInvoice } from '#modules/invoicing'
import type { Charge } from '#modules/subscriptions'
import type { Tx } from '#platform/db.ts'
import { issueCredit } from './issue-credit.ts'

/** Answers the credit invoices' numbers; charges without an invoice or a refund are passed over. */
export async function creditCharges(
  tx: Tx,
  refunds: readonly { readonly charge: Charge; readonly net: Money }[],
  at: Temporal.Instant,
): Promise<string[]> {
  const numbers: string[] = []
  const byInvoice = new Map<InvoiceId, { charge: Charge; net: Money }[]>()
  for (const refund of refunds) {
    const { invoiceId } = refund.charge
    if (!invoiceId || refund.net.amountMinor === 0n) continue
    byInvoice.set(invoiceId, [...(byInvoice.get(invoiceId) ?? []), refund])
  }
  for (const [invoiceId, members] of byInvoice) {
    const original = await loadInvoice(tx, invoiceId)
    const parts = members.flatMap(({ charge, net }) =>
      original.lines.filter((line) => line.chargeId === charge.id).map((line) => ({ line, net })),
    )
    const [first] = members
    const cause = `cancellation:${first?.charge.subscriptionId}:${invoiceId}`
    const number = await issueCredit(tx, original, { parts, cause, at })
    if (number) numbers.push(number)
  }
  return numbers
}
