// What a review shows of a basket, as a short text that goes out with the page and comes back with the click: nothing is ordered that its
// buyer did not see, whatever was put into the basket meanwhile in another tab.
import { createHash } from 'node:crypto'
import { Refusal } from '#kernel/failure.ts'
import type { AccountId } from '#kernel/ids.ts'
import { type Money, moneyText, priceText } from '#kernel/money.ts'
import type { ServiceDetails } from './basket.store.ts'
import type { BasketItem } from './basket.ts'

export type Shown = {
  readonly items: readonly BasketItem[]
  /** What was typed in this checkout. */
  readonly serviceDetails: readonly ServiceDetails[]
  /** One for each end customer and currency, with the tax of today. */
  readonly orders: readonly { readonly endCustomerId: AccountId; readonly total: Money }[]
}

/** Another one as soon as an item, for whom it is, its price, where keys are sent or a total is another. When it was shown does not count. */
export function versionOf({ items, serviceDetails, orders }: Shown): string {
  const parts = [
    ...items.map(({ id, quantity, isForResale, endCustomerId, seenPrice }) => [
      id,
      quantity,
      isForResale,
      endCustomerId,
      priceText(seenPrice),
      seenPrice.currency,
    ]),
    ...serviceDetails.map(({ accountId, connector, options }) => [
      accountId,
      connector,
      ...Object.entries(options).flat(),
    ]),
    ...orders.map(({ endCustomerId, total }) => [endCustomerId, moneyText(total), total.currency]),
  ]
  const lines = parts.map((part) => JSON.stringify(part)).sort()
  return createHash('sha256').update(lines.join('\n')).digest('base64url')
}

/** `version`: of what the buyer was shown; undefined where the caller says it takes the basket as it is. */
export function assertAsShown(version: string | undefined, now: Shown): void {
  if (version !== undefined && version !== versionOf(now))
    throw new Refusal(
      'basket/changed',
      'Nothing was ordered: the basket has changed since you looked at it, perhaps in another window. This is how it is now. Look at it again and complete the order.',
    )
}
