// Promotions come off the price of billing periods: of the first one, of all, or of the first n. A line takes the best single one
// for the buyer, or all that may be combined, whichever costs less.

import { compare, type Exact, exact, sumOf } from '#kernel/exact.ts'
import { asId, isId, type ProductId } from '#kernel/ids.ts'
import type { Currency } from '#kernel/money.ts'
import type { StandingApproval } from './below-cost.ts'
import { type Discount, discounted, isUsable, takesMore } from './discount.ts'
import { isAbout, type PriceScope, type Scoped, type Validity } from './scope.ts'
import {
  complete,
  type DiscountInput,
  discountInput,
  type Faults,
  fault,
  readDiscount,
  readName,
  readScope,
  readValidity,
  type ScopeInput,
  scopeInput,
  type ValidityInput,
  validityInput,
} from './typed-in.ts'

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

/** Whether an order may have it at all, whatever its lines are. */
export function isForOrder(
  { discount, newCustomersOnly, prerequisiteProductId }: Promotion,
  facts: PromotionFacts,
): boolean {
  return (
    isUsable(discount, facts.currency) &&
    (!newCustomersOnly || facts.isNewCustomer) &&
    (prerequisiteProductId === undefined || facts.productsAtHand.has(prerequisiteProductId))
  )
}

export function isForLine(
  { scopes, terms }: Promotion,
  line: Scoped & { readonly term: string | undefined },
): boolean {
  return (
    scopes.some((scope) => isAbout(scope, line)) &&
    (terms.length === 0 || terms.includes(line.term ?? 'OneTime'))
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

/** The prices of a line's billing periods after a promotion; `units` is the line's quantity. */
export function promoted(
  prices: readonly Exact[],
  { promotion, periods }: AppliedPromotion,
  units: Exact,
): Exact[] {
  return prices.map((price, index) =>
    index < periods ? discounted(price, promotion.discount, units) : price,
  )
}

/** The order in which promotions are applied: percentages before amounts, of equals the older one first. */
export function inOrder(a: Promotion, b: Promotion): number {
  const kind = Number(a.discount.kind === 'amount') - Number(b.discount.kind === 'amount')
  if (kind !== 0) return kind
  return Temporal.PlainDate.compare(a.validFrom, b.validFrom) || (a.id < b.id ? -1 : 1)
}

/**
 * What is applied to a line; the candidates come in order. Of several choices the one that costs the buyer least; between equals a single
 * promotion, the first in that order.
 */
export function bestPromotions(
  candidates: readonly AppliedPromotion[],
  prices: readonly Exact[],
  units: Exact,
): readonly AppliedPromotion[] {
  const useful = candidates.filter(({ periods }) => periods > 0)
  if (useful.length === 0) return []
  const combined = useful.filter(({ promotion }) => promotion.isCombinable)
  const choices = [...bestAlone(useful).map((one) => [one]), ...(combined.length > 1 ? [combined] : [])]
  let best: { choice: readonly AppliedPromotion[]; total: Exact } = { choice: [], total: sumOf(prices) }
  for (const choice of choices) {
    const total = sumOf(choice.reduce((left, one) => promoted(left, one, units), prices))
    if (compare(total, best.total) < 0) best = { choice, total }
  }
  return best.choice
}

/** Of percentages off the same billing periods only the largest can be the best single one: the others are not computed for every line. */
function bestAlone(useful: readonly AppliedPromotion[]): readonly AppliedPromotion[] {
  const largest = new Map<number, AppliedPromotion>()
  for (const one of useful) {
    if (one.promotion.discount.kind === 'amount') continue
    const known = largest.get(one.periods)
    if (!known || takesMore(one.promotion.discount, known.promotion.discount)) largest.set(one.periods, one)
  }
  return useful.filter((one) => one.promotion.discount.kind === 'amount' || largest.get(one.periods) === one)
}

export type PromotionInput = ValidityInput & {
  readonly name: string
  readonly discount: DiscountInput
  readonly recurrence: string
  /** Of a limited one. */
  readonly periods?: unknown
  readonly scopes: readonly ScopeInput[]
  readonly terms: readonly string[]
  readonly newCustomersOnly: boolean
  readonly prerequisiteProductId?: string | undefined
  readonly isCombinable: boolean
}

/** What forms and changes begin with. */
export const promotionInput = (promotion: Promotion): PromotionInput => ({
  name: promotion.name,
  discount: discountInput(promotion.discount),
  recurrence: promotion.recurrence.kind,
  periods: promotion.recurrence.kind === 'limited' ? promotion.recurrence.periods : undefined,
  scopes: promotion.scopes.map(scopeInput),
  terms: promotion.terms,
  newCustomersOnly: promotion.newCustomersOnly,
  prerequisiteProductId: promotion.prerequisiteProductId,
  isCombinable: promotion.isCombinable,
  ...validityInput(promotion),
})

export function readPromotion(input: PromotionInput): Omit<Promotion, 'id' | 'belowCost'> {
  const faults: Faults = []
  const name = readName(input.name, faults)
  const discount = readDiscount(input.discount, faults, '/discount', false)
  const recurrence = readRecurrence(input, faults)
  const scopes = input.scopes.map((scope, index) => readScope(scope, faults, `/scopes/${index}`))
  if (scopes.length === 0 || scopes.length > 200)
    fault(
      faults,
      '/scopes',
      'out-of-range',
      'Say what it is for: 1 to 200 plans, products or groups, or all.',
    )
  const terms = [...new Set(input.terms.map((term) => term.trim()).filter((term) => term !== ''))]
  terms.forEach((term, index) => {
    if (!/^(OneTime|P\d{1,2}[MY])$/.test(term))
      fault(faults, `/terms/${index}`, 'unknown', `"${term}" is not a term such as P1Y, P3Y or OneTime.`)
  })
  const prerequisite = input.prerequisiteProductId?.trim()
  if (prerequisite && !isId(prerequisite.toLowerCase()))
    fault(faults, '/prerequisiteProductId', 'unknown', 'Choose the product a customer must have.')
  const validity = readValidity(input, faults)
  complete(faults)
  return {
    ...validity,
    name,
    discount,
    recurrence,
    scopes,
    terms,
    newCustomersOnly: input.newCustomersOnly,
    prerequisiteProductId: prerequisite ? asId<ProductId>(prerequisite, 'product') : undefined,
    isCombinable: input.isCombinable,
  }
}

function readRecurrence({ recurrence, periods }: PromotionInput, faults: Faults): Recurrence {
  switch (recurrence) {
    case 'one-time':
    case 'recurring':
      return { kind: recurrence }
    case 'limited': {
      const count =
        typeof periods === 'string' && /^\d{1,4}$/.test(periods.trim()) ? Number(periods) : periods
      if (typeof count === 'number' && Number.isInteger(count) && count >= 1 && count <= 1200)
        return { kind: 'limited', periods: count }
      fault(faults, '/periods', 'out-of-range', 'Say for how many billing periods, from 1 to 1200.')
      return { kind: 'one-time' }
    }
    default:
      fault(
        faults,
        '/recurrence',
        'unknown',
        'It applies one-time, recurring, or limited to a number of periods.',
      )
      return { kind: 'one-time' }
  }
}
