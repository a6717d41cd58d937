import type { OrderView } from '#views/orders/view-order.ts'

/**
 * Whether an order's page keeps itself fresh: something is being delivered, a mail is under way, or it was executed so lately that its
 * invoice is still following. One that waits for a rate has come to rest.
 */
export function isMoving(
  { order, progress, timeline, invoices, invoiceWait }: OrderView,
  now: Temporal.Instant,
): boolean {
  if (progress === 'in progress') return true
  if (timeline.some(({ source, outcome }) => source === 'mail' && outcome === 'queued')) return true
  const last = timeline.at(-1)?.at ?? order.createdAt
  const isInvoiceDue = order.executedAt !== undefined && invoices.length === 0 && !invoiceWait
  return isInvoiceDue && now.since(last).total('seconds') < 60
}
