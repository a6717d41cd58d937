// Promotions come off the price of billing periods: of the first one, of all, or of the first n. A line takes the best single one
// for the buyer, or all that may be combined, whichever costs less.

import { compare, type Exact, exact, sumOf } from '#kernel/exact.ts'
import type { ProductId } from '#kernel/ids.ts'
import type { Currency } from '#kernel/money.ts'
import type { StandingApproval } from './below-cost.ts'
import { type Discount, discounted, isUsable } from './discount.ts'
import { isAbout, type PriceScope, type Scoped, type Validity } from './scope.ts'

export type Recurrence =
  /** the first billing period of the first term */
  | { readonly kind: 'one-time' }
  /** every billing period; of a renewal too, where the promotion is valid then */
  | { readonly kind: 'recurring' }
  /** the first n billing periods, counted from the purchase */
  | { readonly kind: 'limited'; readonly periods: number }

export type Promotion = Validity & {
  readonly id: string
  /** Buyers see it. */
  readonly name: string
  /** A percentage of the period's price, or an amount per licence and billing period. */
  readonly discount: Discount
  readonly recurrence: Recurrence
  /** What it is for; one of them is enough. */
  readonly scopes: readonly PriceScope[]
  /** `P1Y`, `OneTime`; empty: any. */
  readonly terms: readonly string[]
  readonly newCustomersOnly: boolean
  /** Owned by the customer already, or in the same order. */
  readonly prerequisiteProductId: ProductId | undefined
  readonly isCombinable: boolean
  readonly belowCost: StandingApproval | undefined
}

export type PromotionFacts = {
  readonly currency: Currency
  readonly isNewCustomer: boolean
  /** Owned, or in this order. */
  readonly productsAtHand: ReadonlySet<ProductId>
}

export function isForLine(
  promotion: Promotion,
  line: Scoped & { readonly term: string | undefined },
  facts: PromotionFacts,
): boolean {
  const { terms, prerequisiteProductId } = promotion
  return (
    isUsable(promotion.discount, facts.currency) &&
    promotion.scopes.some((scope) => isAbout(scope, line)) &&
    (terms.length === 0 || terms.includes(line.term ?? 'OneTime')) &&
    (!promotion.newCustomersOnly || facts.isNewCustomer) &&
    (prerequisiteProductId === undefined || facts.productsAtHand.has(prerequisiteProductId))
  )
}

/** How many of a term's billing periods, from its first on, a promotion is taken off. */
export function periodsWith(recurrence: Recurrence, periods: number, termNumber: number): number {
  switch (recurrence.kind) {
    case 'one-time':
      return termNumber === 1 ? 1 : 0
    case 'recurring':
      return periods
    case 'limited':
      return Math.min(periods, Math.max(0, recurrence.periods - periods * (termNumber - 1)))
  }
}

/** One promotion on one line. */
export type AppliedPromotion = { readonly promotion: Promotion; readonly periods: number }

/** The prices of a line's billing periods after a discount on the first `count` of them. */
export function withDiscount(
  prices: readonly Exact[],
  { discount, count, quantity }: { discount: Discount; count: number; quantity: number },
): Exact[] {
  const units = exact(quantity)
  return prices.map((price, index) => (index < count ? discounted(price, discount, units) : price))
}

/**
 * What is applied to a line, in order: percentages before amounts, of equals the older promotion first. Of several choices the one
 * that costs the buyer least; between equals a single promotion, the first in that order.
 */
export function bestPromotions(
  candidates: readonly AppliedPromotion[],
  prices: readonly Exact[],
  quantity: number,
): readonly AppliedPromotion[] {
  const useful = candidates.filter(({ periods }) => periods > 0).sort(inOrder)
  if (useful.length === 0) return []
  const combined = useful.filter(({ promotion }) => promotion.isCombinable)
  const choices = [...useful.map((one) => [one]), ...(combined.length > 1 ? [combined] : [])]
  let best: { choice: readonly AppliedPromotion[]; total: Exact } = { choice: [], total: sumOf(prices) }
  for (const choice of choices) {
    const total = sumOf(applied(choice, prices, quantity))
    if (compare(total, best.total) < 0) best = { choice, total }
  }
  return best.choice
}

function applied(choice: readonly AppliedPromotion[], prices: readonly Exact[], quantity: number): Exact[] {
  return choice.reduce<Exact[]>(
    (left, { promotion, periods }) =>
      withDiscount(left, { discount: promotion.discount, count: periods, quantity }),
    [...prices],
  )
}

function inOrder(a: AppliedPromotion, b: AppliedPromotion): number {
  const kind = Number(a.promotion.discount.kind === 'amount') - Number(b.promotion.discount.kind === 'amount')
  if (kind !== 0) return kind
  return (
    Temporal.PlainDate.compare(a.promotion.validFrom, b.promotion.validFrom) ||
    (a.promotion.id < b.promotion.id ? -1 : 1)
  )
}
