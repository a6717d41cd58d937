import type { AccountId } from '#kernel/ids.ts'
import type { Order } from '#modules/orders'

/** The accounts a vendor must know before it makes keys for an order: the reseller who pays, and the end customer. */
export function accountsOf(order: Pick<Order, 'billingToId' | 'endCustomerId'>): AccountId[] {
  return [...new Set([order.billingToId, order.endCustomerId])]
}
