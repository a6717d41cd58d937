// Volume discounts count the same plan across the whole order, ESD items of quantity 1 included (product.md S5).
//   continuous: every unit at the tier the whole quantity reaches
//   scale:      each unit at its own tier, the lines taking units in order of position

import { type Exact, exact, sumOf, times } from '#kernel/exact.ts'
import type { Currency } from '#kernel/money.ts'
import type { StandingApproval } from './below-cost.ts'
import { type Discount, discounted, isUsable } from './discount.ts'
import { mostSpecific, type PriceScope, type Scoped, type Validity } from './scope.ts'

/** Holds from this quantity up to the next tier; the last one is open. Below the first tier there is no discount. */
export type VolumeTier = { readonly from: number; readonly discount: Discount }

export type VolumeDiscount = Validity & {
  readonly id: string
  readonly name: string
  readonly scope: PriceScope
  readonly mode: 'scale' | 'continuous'
  /** In rising order of `from`. */
  readonly tiers: readonly VolumeTier[]
  readonly belowCost: StandingApproval | undefined
}

/** So many units of a line at one tier; no discount: below the first tier. */
export type TierPart = {
  readonly units: number
  readonly from?: number
  readonly discount?: Discount
}

export function volumeDiscountFor(
  discounts: readonly VolumeDiscount[],
  line: Scoped,
  code: Currency,
): VolumeDiscount | undefined {
  const usable = discounts.filter(({ tiers }) => tiers.every(({ discount }) => isUsable(discount, code)))
  return mostSpecific(usable, line)
}

/** How a line's units lie in the tiers. `before`: units of the same plan on earlier lines; `whole`: on all of them. */
export function tierParts(
  { mode, tiers }: Pick<VolumeDiscount, 'mode' | 'tiers'>,
  { before, quantity, whole }: { before: number; quantity: number; whole: number },
): TierPart[] {
  if (mode === 'continuous') {
    const reached = tiers.findLast((tier) => tier.from <= whole)
    return [{ units: quantity, ...reached }]
  }
  const first = before + 1
  const last = before + quantity
  const bounds = [{ from: 1 }, ...tiers] as readonly { from: number; discount?: Discount }[]
  return bounds.flatMap((tier, index): TierPart[] => {
    const start = Math.max(first, tier.from)
    const end = Math.min(last, (bounds[index + 1]?.from ?? Number.POSITIVE_INFINITY) - 1)
    if (end < start) return []
    return [
      { units: end - start + 1, ...(tier.discount ? { from: tier.from, discount: tier.discount } : {}) },
    ]
  })
}

/** What a line costs with its units in these parts. */
export function priceOfParts(unitPrice: Exact, parts: readonly TierPart[]): Exact {
  return sumOf(
    parts.map(({ units, discount }) => {
      const count = exact(units)
      const price = times(unitPrice, count)
      return discount ? discounted(price, discount, count) : price
    }),
  )
}
