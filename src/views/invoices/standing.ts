// How a document stands, in a bookkeeper's words: an invoice that was credited was not paid, and a credit invoice is settled.
import type { PaymentState } from '#modules/invoicing'

export type Standing = PaymentState | 'credited' | 'partly credited' | 'settled' | 'partly settled'

export function standingOf({
  kind,
  paid,
  isCredited,
  hasPayments,
}: {
  readonly kind: 'invoice' | 'credit'
  readonly paid: PaymentState
  readonly isCredited: boolean
  /** Payments that were not taken back. */
  readonly hasPayments: boolean
}): Standing {
  const isPart = paid === 'partly paid'
  if (paid !== 'paid' && !isPart) return paid
  if (kind === 'credit') return isPart ? 'partly settled' : 'settled'
  if (!isCredited || hasPayments) return paid
  return isPart ? 'partly credited' : 'credited'
}
