// What a buyer is told of why something failed, decided by its code alone. A list of what is told: a code that is not here, as one of a
// connector to come, is nothing for a buyer.

export type Failure = { readonly code: string | undefined; readonly reason: string | undefined }

/** Told in the words that were stored: they speak of the vendor and of what was ordered, and to nobody's staff. */
const asTheyAre: ReadonlySet<string> = new Set([
  // of an order
  'price/vendor-above-quote',
  'vendor/out-of-keys',
  'vendor/quantity',
  'vendor/sku-discontinued',
  'vendor/term',
  // of a return, a cancellation or the automatic renewal
  'vendor/already-redeemed',
  'vendor/already-returned',
  'vendor/no-auto-renew',
  'vendor/not-cancellable',
  'vendor/not-returnable',
  'vendor/quantity-fixed',
  'vendor/return-rejected',
  'vendor/return-window-closed',
  'vendor/too-many-changes',
  'vendor/window-closed',
])

/** A buyer's to know or to mend as well, but stored in words that tell the seller's people what to press. */
const inOtherWords: ReadonlyMap<string, string> = new Map([
  [
    'vendor/agreement-missing',
    'The Microsoft Customer Agreement has not been confirmed for this customer yet.',
  ],
  [
    'vendor/cancellation-unanswered',
    'The vendor did not answer, although it was asked many times. Please send the cancellation again while it is possible.',
  ],
  [
    'vendor/customer-data',
    'The vendor needs more of this customer: check the phone number and the VAT number of the company.',
  ],
  ['vendor/domain-missing', 'The domain of the customer’s Microsoft tenant is missing.'],
  ['vendor/no-inventory', 'The vendor has none of this product left at the moment.'],
  [
    'vendor/no-relationship',
    'The customer has not accepted the invitation to buy through us yet; its administrator has to accept it at Microsoft.',
  ],
  ['vendor/not-for-sale', 'The vendor no longer sells this plan to this customer. Choose another plan.'],
  ['vendor/purchase-order-needed', 'The vendor holds the order until it has the customer’s purchase order.'],
  [
    'vendor/reseller-agreement',
    'The reseller has not accepted the Microsoft Partner Agreement yet. It has to do so at Microsoft.',
  ],
  [
    'vendor/under-review',
    'The vendor is reviewing this customer and takes no orders for it until the review is over.',
  ],
])

/** The code a program reads in the place of every code that is not told. */
export const UNTOLD = 'failure/untold'

/** What is said where the reason is not. A page may go on with "You are not charged for it until it is delivered." */
export const neutral = {
  delivery: 'It could not be delivered yet.',
  partOfOrder: 'Part of this order could not be delivered yet. We are looking into it.',
  renewal: 'The next term could not be made yet. We are looking into it; you do not have to do anything.',
  change: 'The vendor did not agree to it. Please ask us if you need to know more.',
  account: 'The vendor does not know this company yet.',
} as const

export function isTold(code: string | undefined): code is string {
  return code !== undefined && (asTheyAre.has(code) || inOtherWords.has(code))
}

/** `otherwise`: the neutral sentence that fits. */
export function toldReason({ code, reason }: Failure, otherwise: string): string {
  if (code === undefined) return otherwise
  return inOtherWords.get(code) ?? (asTheyAre.has(code) && reason ? reason : otherwise)
}

/** The same of a record that carries both: where nothing failed there is nothing to tell. */
export function toldFailure(failure: Failure, otherwise: string): Failure {
  if (failure.code === undefined && failure.reason === undefined) return failure
  return {
    code: isTold(failure.code) ? failure.code : UNTOLD,
    reason: toldReason(failure, otherwise),
  }
}
