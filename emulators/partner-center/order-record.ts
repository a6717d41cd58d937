// How an order is kept: with the moment at which time alone will move it.
import type { Order, Subscription } from './records.ts'
import type { World } from './world.ts'

const inMotion = ['pending', 'po_upload_complete', 'pending_review']

export function saveOrder(world: World, order: Order): void {
  const dueAt = inMotion.includes(order.status) ? order.readyAt : undefined
  world.store.save('order', order.id, order, { owner: order.customerId, dueAt })
}

/** Called when a subscription was cancelled by the other route. */
export function lineCancelled(world: World, subscription: Subscription): void {
  const order = world.store.find<Order>('order', subscription.orderId)
  if (!order) return
  const lines = order.lines.map((line) =>
    line.subscriptionId === subscription.id ? { ...line, quantity: 0, isCancelled: true } : line,
  )
  saveOrder(world, {
    ...order,
    lines,
    status: lines.every((line) => line.isCancelled) ? 'cancelled' : order.status,
  })
}
