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
}

/** More would be no basket but an import. */
export const MAX_ITEMS = 1000

/** What E3 says when somebody wants to change the quantity of ESD licences. */
export const ESD_CHANGE_WARNING =
  'To decrease the number of licences, remove items from the basket. To increase it, purchase more by running the "buy" process.'

/** Reads a quantity as people and forms write it: a whole number from 1 to `most`. */
export function readQuantity(text: unknown, most: number, pointer = '/quantity'): number {
  const quantity =
    typeof text === 'number'
      ? text
      : typeof text === 'string' && /^\d{1,9}$/.test(text.trim())
        ? Number(text)
        : Number.NaN
  if (!Number.isSafeInteger(quantity) || quantity < 1 || quantity > most)
    throw invalid({ pointer, code: 'quantity', message: `The quantity is a whole number from 1 to ${most}.` })
  return quantity
}

/** Quantity N of an ESD plan becomes N items of quantity 1 (E2), anything else one item. */
export function itemsFor(
  kind: 'esd' | 'subscription',
  planId: PlanId,
  quantity: number,
  seenPrice: Price,
  after: number,
): BasketItem[] {
  const item = (position: number, of: number): BasketItem => ({
    id: newId(),
    planId,
    position,
    quantity: of,
    isForResale: undefined,
    endCustomerId: undefined,
    seenPrice,
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

/** What still has to be said before a reseller's basket can be ordered (E4). */
export function undecided(items: readonly BasketItem[]): BasketItem[] {
  return items.filter((item) => item.isForResale === true && item.endCustomerId === undefined)
}
