// An order is a quote that somebody accepted: its prices never move again. It belongs to one end customer; several end
// customers in a basket make several orders. Executing it sets it in motion: only then is a vendor asked for anything. Some of its items
// can be executed before the others: they become an order of their own, a sub-order.
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
  submit: { from: ['draft'], to: 'submitted' },
  reopen: { from: ['submitted'], to: 'draft' },
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
  /** Of a sub-order: the order its items were agreed in. */
  readonly splitFromId?: OrderId | undefined
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
  /** Submitted once: a draft that never was is nothing to whoever would pay for it. */
  readonly wasPlaced: boolean
  /** When it was placed; of a draft, when it was begun. */
  readonly createdAt: Temporal.Instant
  /** When its prices were calculated last. */
  readonly quotedAt: Temporal.Instant
  readonly executedAt: Temporal.Instant | undefined
  /** What is delivered by then is invoiced, the rest later (E13). */
  readonly settleBy: Temporal.Instant | undefined
  readonly cancelledAt: Temporal.Instant | undefined
}

/** Who pays for it, where they know of it: of a draft nobody but the seller does. */
export function buyerKnowing({
  wasPlaced,
  billingToId,
}: Pick<Order, 'wasPlaced' | 'billingToId'>): AccountId | undefined {
  return wasPlaced ? billingToId : undefined
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
  return {
    ...given,
    id: newId(),
    state: 'submitted',
    items,
    ...amountsOf(items, given.currency),
    heldBecause: undefined,
    wasPlaced: true,
    createdAt,
    quotedAt: createdAt,
    executedAt: undefined,
    settleBy: undefined,
    cancelledAt: undefined,
  }
}

function amountsOf(items: readonly OrderItem[], currency: Currency): Pick<Order, 'net' | 'tax' | 'total'> {
  if (items.length === 0) throw new Refusal('order/empty', 'There is nothing to order.')
  const net = sum(
    items.map((item) => item.net),
    currency,
  )
  const tax = sum(
    items.map((item) => item.tax),
    currency,
  )
  return { net, tax, total: add(net, tax) }
}

/**
 * Takes the items `taken` out of an order that waits and makes an order of their own of them, agreed as they were: who pays, for whom, in
 * whose words, and how long the prices hold. Items keep ids, positions and net; their tax is handed in as each of the two orders has it.
 */
export function split(
  order: Order,
  { taken, left }: { readonly taken: readonly OrderItem[]; readonly left: readonly OrderItem[] },
  at: Temporal.Instant,
): { readonly part: NewOrder; readonly rest: Order } {
  if (order.state !== 'submitted')
    throw new Refusal(
      'state/illegal-move',
      `Only a submitted order is split, and this one is ${order.state}.`,
    )
  const { number: _, ...agreed } = order
  return {
    // The basket stays with the order it became, and what held that order is looked at again for the part.
    part: {
      ...agreed,
      ...amountsOf(taken, order.currency),
      id: newId(),
      basketId: undefined,
      splitFromId: order.id,
      heldBecause: undefined,
      createdAt: at,
      items: taken,
    },
    rest: { ...order, ...amountsOf(left, order.currency) },
  }
}

/** Begun and not submitted: it may still be edited, and nothing follows from it. */
export function draft(...parts: Parameters<typeof place>): NewOrder {
  return { ...place(...parts), state: 'draft', wasPlaced: false }
}

export function assertDraft({ state }: Pick<Order, 'state'>): void {
  if (state === 'draft') return
  throw new Refusal(
    'state/not-a-draft',
    state === 'submitted'
      ? 'Only a draft is edited, and this order is submitted. Take it back to draft first.'
      : `Only a draft is edited, and this order is ${state}. Copy it to a new one.`,
  )
}

/** A draft holds other things from now on. */
export function edit(
  order: Order,
  given: Pick<Order, 'currency' | 'reference' | 'taxNote'>,
  items: readonly OrderItem[],
  at: Temporal.Instant,
): Order {
  assertDraft(order)
  const { currency, reference, taxNote } = given
  return { ...order, currency, reference, taxNote, ...amountsOf(items, currency), quotedAt: at }
}

/** A draft is placed. */
export function submit(order: Order, at: Temporal.Instant): Order {
  return { ...order, state: move(orderMoves, order.state, 'submit'), wasPlaced: true, createdAt: at }
}

/** Back to draft, to be edited; what a buyer placed in the Storefront is the buyer's word and stays as it is. */
export function reopen(order: Order): Order {
  if (order.channel === 'storefront')
    throw new Refusal(
      'order/of-the-storefront',
      'This order was placed in the Storefront and stays as it was placed. Cancel it, or copy it to a new one.',
    )
  return { ...order, state: move(orderMoves, order.state, 'reopen'), heldBecause: undefined }
}

/** Its prices are calculated anew, before it is executed: a quote holds for a while only. */
export function reprice(order: Order, items: readonly OrderItem[], at: Temporal.Instant): Order {
  if (order.state !== 'submitted')
    throw new Refusal('state/illegal-move', `The prices of an order that is ${order.state} do not move.`)
  return { ...order, ...amountsOf(items, order.currency), quotedAt: at }
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
