// A basket is a draft: what somebody means to buy, for whom. It remembers what it became (its orders carry its id), so a second
// click on "complete" is answered with the first click's orders.
import { invalid, Refusal } from '#kernel/failure.ts'
import {
  type AccountId,
  type BasketId,
  type BasketItemId,
  newId,
  type PlanId,
  type UserId,
} from '#kernel/ids.ts'
import type { Currency, Price } from '#kernel/money.ts'

export type BasketState = 'open' | 'ordered' | 'discarded'

export type Basket = {
  readonly id: BasketId
  readonly accountId: AccountId
  readonly userId: UserId
  readonly state: BasketState
  readonly currency: Currency
  readonly reference: string
}

export type BasketItem = {
  readonly id: BasketItemId
  readonly planId: PlanId
  readonly position: number
  readonly quantity: number
  /** Undefined until the buyer has said. */
  readonly isForResale: boolean | undefined
  readonly endCustomerId: AccountId | undefined
  /** The price the buyer saw last; a different one is asked about before anything is ordered. */
  readonly seenPrice: Price
  readonly seenAt: Temporal.Instant
  /** Of software: what was shown before the end customer was known, and for which country (product.md S2). */
  readonly indicative: IndicativePrice | undefined
}

export type IndicativePrice = { readonly price: Price; readonly country: string }

/** A price that was seen longer ago is asked about again, even where it has not moved. */
export const QUOTE_VALID_MINUTES = 30

export function isSeenTooLongAgo({ seenAt }: Pick<BasketItem, 'seenAt'>, at: Temporal.Instant): boolean {
  return at.epochMilliseconds - seenAt.epochMilliseconds > QUOTE_VALID_MINUTES * 60_000
}

export function isSamePrice(a: Price, b: Price): boolean {
  return a.micros === b.micros && a.currency === b.currency
}

/** No plan is sold in larger numbers at once, whatever it says (the database keeps to it, too). */
export const MOST_QUANTITY = 100_000

/** More would be no basket but an import. */
export const MAX_ITEMS = 1000

/** What E3 says when somebody wants to change the quantity of ESD licences. */
export const ESD_CHANGE_WARNING =
  'To decrease the number of licences, remove items from the basket. To increase it, purchase more by running the "buy" process.'

/** Reads a quantity as people and forms write it: a whole number from `least` to `most`. */
export function readQuantity(text: unknown, most: number, pointer = '/quantity', least = 1): number {
  const quantity =
    typeof text === 'number'
      ? text
      : typeof text === 'string' && /^\d{1,9}$/.test(text.trim())
        ? Number(text)
        : Number.NaN
  if (!Number.isSafeInteger(quantity) || quantity < least || quantity > most)
    throw invalid({
      pointer,
      code: 'quantity',
      message: `The quantity is a whole number from ${least} to ${most}.`,
    })
  return quantity
}

/** Quantity N of an ESD plan becomes N items of quantity 1 (E2), anything else one item. */
export function itemsFor(
  wanted: {
    readonly kind: 'esd' | 'subscription' | 'perpetual'
    readonly planId: PlanId
    readonly quantity: number
    readonly seenPrice: Price
    readonly seenAt: Temporal.Instant
    readonly indicative: IndicativePrice | undefined
  },
  after: number,
): BasketItem[] {
  const { kind, planId, quantity, seenPrice, seenAt, indicative } = wanted
  const item = (position: number, of: number): BasketItem => ({
    id: newId(),
    planId,
    position,
    quantity: of,
    isForResale: undefined,
    endCustomerId: undefined,
    seenPrice,
    seenAt,
    indicative,
  })
  return kind === 'esd'
    ? Array.from({ length: quantity }, (_, n) => item(after + n + 1, 1))
    : [item(after + 1, quantity)]
}

export function assertOpen(basket: Basket): void {
  if (basket.state !== 'open')
    throw new Refusal('basket/closed', 'This basket has been ordered already.', { basketId: basket.id })
}

/** For whom an item is: the end customer named, or the buyer itself. */
export function endCustomerOf(item: BasketItem, buyerId: AccountId): AccountId {
  return item.isForResale && item.endCustomerId ? item.endCustomerId : buyerId
}

/**
 * What still has to be said before a basket can be ordered (E4): for whom, where it is for reselling, and where its price was
 * looked at for another country than the buyer's own.
 */
export function undecided(
  items: readonly BasketItem[],
  buyer: { readonly country: string; readonly currency: Currency },
): BasketItem[] {
  return items.filter((item) => {
    if (item.isForResale !== undefined) return item.isForResale && item.endCustomerId === undefined
    const { indicative } = item
    return (
      indicative !== undefined &&
      (indicative.country !== buyer.country || indicative.price.currency !== buyer.currency)
    )
  })
}
