// A subscription: software for one or three years (or for ever, where it is a perpetual licence), bought through a vendor that keeps
// a record of its own. Its price holds for the whole term (product.md S11); the next term is priced anew.
import { Refusal } from '#kernel/failure.ts'
import type {
  AccountId,
  InstanceId,
  OrderId,
  OrderItemId,
  PlanId,
  ProductId,
  SubscriptionId,
} from '#kernel/ids.ts'
import type { Money, Price } from '#kernel/money.ts'
import { type Moves, mayMove, move } from '#kernel/moves.ts'
import type { BillingPlan } from '#kernel/term.ts'

export type SubscriptionState = 'ordered' | 'active' | 'cancelled' | 'expired' | 'dropped'
export type SubscriptionProvisioning = 'unsynchronised' | 'synchronized' | 'failed'
export type SubscriptionKind = 'subscription' | 'perpetual'

export const subscriptionMoves = {
  activate: { from: ['ordered'], to: 'active' },
  cancel: { from: ['active'], to: 'cancelled' },
  expire: { from: ['active'], to: 'expired' },
  drop: { from: ['ordered'], to: 'dropped' },
} as const satisfies Moves<SubscriptionState, string>

export const subscriptionProvisioningMoves = {
  deliver: { from: ['unsynchronised', 'failed'], to: 'synchronized' },
  fail: { from: ['unsynchronised'], to: 'failed' },
  retry: { from: ['failed'], to: 'unsynchronised' },
} as const satisfies Moves<SubscriptionProvisioning, string>

/** What the vendor knows it by. Everything is stored as soon as it is known, so that a lost answer can be looked up. */
export type VendorFacts = {
  /** Counts orders the vendor itself ended without delivering: each is another purchase, with another reference. */
  readonly orderTry: number
  readonly cartId: string | undefined
  readonly orderId: string | undefined
  readonly subscriptionId: string | undefined
}

export type Subscription = {
  readonly id: SubscriptionId
  /** Ours, and the line reference the vendor keeps: `SUB-100001`. */
  readonly number: string
  readonly orderId: OrderId
  readonly orderItemId: OrderItemId
  readonly billingToId: AccountId
  readonly endCustomerId: AccountId
  /** Under whose customer it lives at the vendor: the end customer's, or that of an account merged into it since. */
  readonly vendorCustomerOf: AccountId
  readonly productId: ProductId
  readonly planId: PlanId
  readonly instanceId: InstanceId
  readonly kind: SubscriptionKind
  readonly name: string
  readonly sku: string
  /** `P1Y`, `P3Y`, …; `OneTime` for a perpetual licence. */
  readonly term: string
  readonly billingPlan: BillingPlan
  readonly quantity: number
  /** Of one licence for the present term. */
  readonly unitPrice: Price
  /** Of the present term, all licences. */
  readonly net: Money
  readonly taxBasisPoints: number
  readonly taxCategory: string
  readonly taxNote: string
  /** Why it costs what it costs, for buyers; never holds a cost. */
  readonly explanation: object
  readonly state: SubscriptionState
  readonly provisioning: SubscriptionProvisioning
  readonly failureCode: string | undefined
  readonly failureReason: string | undefined
  readonly tries: number
  readonly retriedAt: Temporal.Instant | undefined
  readonly termNumber: number
  readonly purchasedAt: Temporal.Instant
  /** The day the first term began; every later day is counted from it. */
  readonly anchor: Temporal.PlainDate | undefined
  readonly startedAt: Temporal.Instant | undefined
  readonly startsOn: Temporal.PlainDate | undefined
  /** The last day of the present term; undefined while ordered and for a perpetual licence. */
  readonly endsOn: Temporal.PlainDate | undefined
  readonly cancellableUntil: Temporal.Instant | undefined
  /** What the customer wants; the vendor is told by a job. */
  readonly autoRenew: boolean
  readonly vendorAutoRenew: boolean | undefined
  /** A cancellation has been sent to the vendor at this moment and is not answered yet. */
  readonly cancelRequestedAt: Temporal.Instant | undefined
  readonly vendor: VendorFacts
  /** How the vendor's record stood when it was read last: a running one may be suspended there. */
  readonly vendorState: 'active' | 'pending' | 'suspended' | 'expired' | 'cancelled' | undefined
  /** Why the next term could not be made, in plain words. */
  readonly renewalProblem: string | undefined
  readonly cancelledAt: Temporal.Instant | undefined
  /** The order that took its place, where it was dropped. */
  readonly replacedByOrderId: OrderId | undefined
  readonly checkedAt: Temporal.Instant | undefined
}

/** What the vendor keeps on its order and subscription, so that we find them again: our number, and `-2` for a second order. */
export function referenceOf({ number, vendor }: Pick<Subscription, 'number' | 'vendor'>): string {
  return vendor.orderTry === 1 ? number : `${number}-${vendor.orderTry}`
}

export function failed(subscription: Subscription, code: string, reason: string): Subscription {
  return {
    ...subscription,
    provisioning: move(subscriptionProvisioningMoves, subscription.provisioning, 'fail'),
    failureCode: code,
    failureReason: reason,
  }
}

/** A person asks to try again: with the same number, so that at most one vendor order can come of it. */
export function retried(subscription: Subscription, at: Temporal.Instant): Subscription {
  if (subscription.state !== 'ordered')
    throw new Refusal(
      'state/illegal-move',
      `A subscription that is ${subscription.state} is not ordered again.`,
    )
  return {
    ...subscription,
    provisioning: move(subscriptionProvisioningMoves, subscription.provisioning, 'retry'),
    failureCode: undefined,
    failureReason: undefined,
    tries: 0,
    retriedAt: at,
  }
}

export function mayRetry(subscription: Pick<Subscription, 'state' | 'provisioning'>): boolean {
  return (
    subscription.state === 'ordered' &&
    mayMove(subscriptionProvisioningMoves, subscription.provisioning, 'retry')
  )
}

/** Nothing more will happen to it by itself. */
export function isSettled(subscription: Pick<Subscription, 'state' | 'provisioning'>): boolean {
  return subscription.state !== 'ordered' || subscription.provisioning === 'failed'
}

/** Never came to be and never will: nothing is charged for it. */
export function drop(subscription: Subscription, at: Temporal.Instant): Subscription {
  return {
    ...subscription,
    state: move(subscriptionMoves, subscription.state, 'drop'),
    cancelledAt: at,
  }
}

export function cancelled(subscription: Subscription, at: Temporal.Instant): Subscription {
  return {
    ...subscription,
    state: move(subscriptionMoves, subscription.state, 'cancel'),
    cancelledAt: at,
    cancelRequestedAt: undefined,
    autoRenew: false,
  }
}

export function expired(subscription: Subscription): Subscription {
  return { ...subscription, state: move(subscriptionMoves, subscription.state, 'expire') }
}
