// What comes off a price: a percentage, or an amount of money per licence.

import { compare, type Exact, exact, minus, notNegative, ONE, share, times } from '#kernel/exact.ts'
import type { Currency } from '#kernel/money.ts'

export type Discount =
  | { readonly kind: 'percent'; readonly percent: string }
  | { readonly kind: 'amount'; readonly amount: string; readonly currency: Currency }

/** A price of `units` licences after the discount; never below zero. */
export function discounted(price: Exact, discount: Discount, units: Exact): Exact {
  return discount.kind === 'percent'
    ? times(price, numberOf(discount))
    : notNegative(minus(price, times(numberOf(discount), units)))
}

/** Of two percentages, whether the first is the larger. */
export function takesMore(one: Discount, other: Discount): boolean {
  return compare(numberOf(one), numberOf(other)) < 0
}

/** One discount is tried on many lines: what is left of a price, or what comes off each licence, is read once. */
const numbers = new WeakMap<Discount, Exact>()

function numberOf(discount: Discount): Exact {
  const known = numbers.get(discount)
  if (known) return known
  const number = discount.kind === 'percent' ? minus(ONE, share(discount.percent)) : exact(discount.amount)
  numbers.set(discount, number)
  return number
}

/** An amount in another currency says nothing about this order. */
export function isUsable(discount: Discount, code: Currency): boolean {
  return discount.kind === 'percent' || discount.currency === code
}
