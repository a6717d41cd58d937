// The port behind which subscriptions are made: in our words, whatever the vendor's are. Every call carries an id that was stored
// before it: `callId` stays the same while the fate of a call is unknown and is new once any answer was received. Every call may
// throw an Outage: nobody knows whether it happened; the caller looks it up before asking again.
import type { BillingPlan } from '#kernel/term.ts'

/** What the vendor must know of a company before it can sell to it. */
export type VendorCustomer = {
  /** Minted by us before the first call; never changes. */
  readonly externalId: string
  readonly callId: string
  /** The vendor's own id, where an earlier call found or made it. */
  readonly vendorAccountId: string | undefined
  readonly role: 'Reseller' | 'User'
  readonly name: string
  readonly firstName: string
  readonly lastName: string
  readonly email: string
  readonly phone: string
  readonly addressLine1: string
  readonly addressLine2: string
  readonly city: string
  readonly region: string
  readonly postalCode: string
  readonly country: string
  readonly language: string
  readonly vatNumber: string | undefined
  /** The account's sync options, presets filled in. */
  readonly options: Readonly<Record<string, string>>
  /** Of the reseller it belongs to, where it does: the reseller's own number at the vendor. */
  readonly resellerPartnerId: string | undefined
}

export type CustomerAnswer =
  | { readonly outcome: 'synchronized'; readonly vendorAccountId: string }
  /** A person must act first, e.g. the customer must accept an invitation; asked again later. */
  | {
      readonly outcome: 'waiting'
      readonly code: string
      readonly reason: string
      readonly link: string | undefined
    }
  | {
      readonly outcome: 'refused'
      readonly code: string
      readonly reason: string
      /** The sync option or account field at fault. */
      readonly field: string | undefined
    }

/** One order line as the vendor sells it. */
export type SoftwareLine = {
  /** Our subscription's number; ends up on the vendor's order and subscription. */
  readonly reference: string
  readonly productCode: string
  readonly skuCode: string
  readonly segment: string
  readonly term: string
  readonly billingPlan: BillingPlan
  readonly quantity: number
  readonly currency: string
  readonly promotionId: string | undefined
}

export type VendorRefusal = {
  readonly outcome: 'refused'
  readonly code: string
  /** In plain words. */
  readonly reason: string
  /** Asking again helps after a while, without anybody's hand (credit line, review). */
  readonly isTemporary: boolean
}

export type CartAnswer =
  | {
      readonly outcome: 'priced'
      readonly cartId: string
      /** For one licence and the whole term, before tax, exact decimal. */
      readonly unitCost: string
      readonly currency: string
      readonly expiresAt: Temporal.Instant
    }
  | VendorRefusal

export type VendorOrder = {
  readonly orderId: string
  readonly reference: string
  readonly state: 'in progress' | 'fulfilled' | 'on hold' | 'action needed' | 'failed' | 'cancelled'
  /** What the vendor calls the state, for the timeline. */
  readonly detail: string
  /** May come later than the order. */
  readonly subscriptionId: string | undefined
}

export type CheckoutAnswer =
  | { readonly outcome: 'ordered'; readonly order: VendorOrder }
  /** The cart is gone or its item is: nothing was ordered, a new cart may be made. */
  | { readonly outcome: 'rebuild'; readonly reason: string }
  | { readonly outcome: 'busy'; readonly retryAfterMs: number }
  | VendorRefusal

export type CartState = 'open' | 'ordered' | 'unknown'

export type VendorSubscription = {
  readonly subscriptionId: string
  readonly orderId: string | undefined
  readonly state: 'active' | 'pending' | 'suspended' | 'expired' | 'cancelled'
  readonly quantity: number
  readonly startedAt: Temporal.Instant | undefined
  /** The last day of the present term, inclusive. */
  readonly endsOn: Temporal.PlainDate | undefined
  readonly cancellableUntil: Temporal.Instant | undefined
  readonly autoRenew: boolean
}

export type ChangeAnswer =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'pending'; readonly retryAfterMs: number }
  | VendorRefusal

export type SubscriptionVendor = {
  /** Finds or makes the customer, its relationship with the reseller, and the customer agreement's attestation. */
  syncCustomer(customer: VendorCustomer): Promise<CustomerAnswer>
  /** Makes a cart with one line and answers what the vendor will charge us. */
  makeCart(request: {
    readonly callId: string
    readonly vendorAccountId: string
    readonly resellerPartnerId: string | undefined
    readonly line: SoftwareLine
  }): Promise<CartAnswer>
  /** Repeats the first result when the cart was ordered already. */
  checkOut(request: {
    readonly callId: string
    readonly vendorAccountId: string
    readonly cartId: string
    readonly reference: string
  }): Promise<CheckoutAnswer>
  readCart(request: {
    readonly callId: string
    readonly vendorAccountId: string
    readonly cartId: string
  }): Promise<CartState>
  /** By our reference; an order may take up to 15 minutes to show. */
  findOrder(request: {
    readonly callId: string
    readonly vendorAccountId: string
    readonly line: SoftwareLine
  }): Promise<VendorOrder | undefined>
  readOrder(request: {
    readonly callId: string
    readonly vendorAccountId: string
    readonly orderId: string
    readonly reference: string
  }): Promise<VendorOrder>
  readSubscription(request: {
    readonly callId: string
    readonly vendorAccountId: string
    readonly subscriptionId: string
  }): Promise<VendorSubscription>
  /** A perpetual licence has no subscription at the vendor: its order's line is cancelled instead. */
  cancel(request: {
    readonly callId: string
    readonly vendorAccountId: string
    readonly orderId: string
    readonly subscriptionId: string | undefined
    readonly reference: string
  }): Promise<ChangeAnswer>
  /** Reads the whole record, changes one thing, writes the whole back: what is left out would be deleted. */
  setAutoRenew(request: {
    readonly callId: string
    readonly vendorAccountId: string
    readonly subscriptionId: string
    readonly autoRenew: boolean
  }): Promise<ChangeAnswer>
  /** Asks for nothing but whether we are known, on every address the contract uses. */
  test(): Promise<{ readonly ok: true } | { readonly ok: false; readonly reason: string }>
}
