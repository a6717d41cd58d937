// An order is a quote that somebody accepted: its prices never move again. It belongs to one end customer; several end
// customers in a basket make several orders. Executing it sets it in motion: only then is a vendor asked for anything.
import { Refusal } from '#kernel/failure.ts'
import type {
  AccountId,
  BasketId,
  InstanceId,
  OrderId,
  OrderItemId,
  PlanId,
  ProductId,
  UserId,
} from '#kernel/ids.ts'
import { newId } from '#kernel/ids.ts'
import type { Currency, Money, Price } from '#kernel/money.ts'
import { add, sum } from '#kernel/money.ts'
import { type Moves, move } from '#kernel/moves.ts'

export type OrderState = 'draft' | 'submitted' | 'executed' | 'cancelled'
export type Channel = 'storefront' | 'backoffice' | 'api'

export const orderMoves = {
  execute: { from: ['submitted'], to: 'executed' },
  cancel: { from: ['draft', 'submitted'], to: 'cancelled' },
} as const satisfies Moves<OrderState, string>

export type OrderItem = {
  readonly id: OrderItemId
  readonly position: number
  readonly planId: PlanId
  readonly productId: ProductId
  readonly instanceId: InstanceId
  readonly name: string
  readonly sku: string
  readonly quantity: number
  readonly unitPrice: Price
  readonly unitCost: Price | undefined
  readonly net: Money
  readonly tax: Money
  readonly taxBasisPoints: number
  readonly taxCategory: string
  /** Why it costs what it costs; never holds a cost. */
  readonly explanation: object
  /** The full explanation, costs included; undefined for orders from before there was one. */
  readonly pricing?: object | undefined
  readonly isForResale: boolean
}

export type Order = {
  readonly id: OrderId
  readonly number: string
  readonly basketId: BasketId | undefined
  readonly state: OrderState
  readonly channel: Channel
  readonly billingToId: AccountId
  readonly endCustomerId: AccountId
  readonly placedBy: UserId
  readonly currency: Currency
  readonly reference: string
  readonly net: Money
  readonly tax: Money
  readonly total: Money
  readonly taxNote: string
  readonly heldBecause: string | undefined
  readonly createdAt: Temporal.Instant
  /** When its prices were calculated last. */
  readonly quotedAt: Temporal.Instant
  readonly executedAt: Temporal.Instant | undefined
  /** What is delivered by then is invoiced, the rest later (E13). */
  readonly settleBy: Temporal.Instant | undefined
  readonly cancelledAt: Temporal.Instant | undefined
}

export type NewOrder = Omit<Order, 'number'> & { readonly items: readonly OrderItem[] }

/** The parts that make an order; prices and tax come from a quote. */
export function place(
  given: Pick<
    Order,
    | 'basketId'
    | 'channel'
    | 'billingToId'
    | 'endCustomerId'
    | 'placedBy'
    | 'currency'
    | 'reference'
    | 'taxNote'
  >,
  items: readonly OrderItem[],
  createdAt: Temporal.Instant,
): NewOrder {
  if (items.length === 0) throw new Refusal('order/empty', 'There is nothing to order.')
  const net = sum(
    items.map((item) => item.net),
    given.currency,
  )
  const tax = sum(
    items.map((item) => item.tax),
    given.currency,
  )
  return {
    ...given,
    id: newId(),
    state: 'submitted',
    items,
    net,
    tax,
    total: add(net, tax),
    heldBecause: undefined,
    createdAt,
    quotedAt: createdAt,
    executedAt: undefined,
    settleBy: undefined,
    cancelledAt: undefined,
  }
}

/** Its prices are calculated anew, before it is executed: a quote holds for a while only. */
export function reprice(order: Order, items: readonly OrderItem[], at: Temporal.Instant): Order {
  if (order.state !== 'submitted')
    throw new Refusal('state/illegal-move', `The prices of an order that is ${order.state} do not move.`)
  const net = sum(
    items.map((item) => item.net),
    order.currency,
  )
  const tax = sum(
    items.map((item) => item.tax),
    order.currency,
  )
  return { ...order, net, tax, total: add(net, tax), quotedAt: at }
}

export function execute<Placed extends Omit<Order, 'number'>>(
  order: Placed,
  at: Temporal.Instant,
  settleWithinMinutes: number,
): Placed {
  return {
    ...order,
    state: move(orderMoves, order.state, 'execute'),
    executedAt: at,
    settleBy: at.add({ minutes: settleWithinMinutes }),
    heldBecause: undefined,
  }
}

export function cancel(order: Order, at: Temporal.Instant): Order {
  return { ...order, state: move(orderMoves, order.state, 'cancel'), cancelledAt: at }
}

/** How many records an order made (licences, subscriptions), and how far they are; cancelled ones came as far as they came. */
export type DeliveryCounts = {
  readonly total: number
  readonly delivered: number
  readonly failed: number
  readonly cancelled: number
  /** Of the cancelled ones: those nobody tries to deliver any more. */
  readonly givenUp: number
}

/** How far an executed order has come, told from what it made of each kind. */
export type Progress = 'waiting' | 'in progress' | 'delivered' | 'partly delivered' | 'failed' | 'cancelled'

export function progressOf(order: Pick<Order, 'state'>, ...kinds: readonly DeliveryCounts[]): Progress {
  const count = (field: keyof DeliveryCounts) => kinds.reduce((sum, each) => sum + each[field], 0)
  const [total, delivered, failed, givenUp] = [
    count('total'),
    count('delivered'),
    count('failed'),
    count('givenUp'),
  ]
  if (order.state === 'cancelled') return 'cancelled'
  if (order.state !== 'executed') return 'waiting'
  if (total > 0 && count('cancelled') === total) return 'cancelled'
  // An order is complete without what was given up.
  if (delivered + failed < total - givenUp) return 'in progress'
  if (failed === 0) return 'delivered'
  return delivered === 0 ? 'failed' : 'partly delivered'
}
