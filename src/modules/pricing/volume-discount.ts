// Volume discounts count the same plan across the whole order, ESD items of quantity 1 included (product.md S5).
//   continuous: every unit at the tier the whole quantity reaches
//   scale:      each unit at its own tier, the lines taking units in order of position

import { type Exact, exact, sumOf, times } from '#kernel/exact.ts'
import type { Currency } from '#kernel/money.ts'
import type { StandingApproval } from './below-cost.ts'
import { type Discount, discounted, isUsable } from './discount.ts'
import { isSameScope, mostSpecific, overlap, type PriceScope, type Scoped, type Validity } from './scope.ts'
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
  return mostSpecific(
    discounts.filter((discount) => isVolumeDiscountIn(discount, code)),
    line,
  )
}

/** Amounts in another currency say nothing about an order. */
export function isVolumeDiscountIn({ tiers }: VolumeDiscount, code: Currency): boolean {
  return tiers.every(({ discount }) => isUsable(discount, code))
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

export type VolumeDiscountInput = ValidityInput & {
  readonly name: string
  readonly scope: ScopeInput
  readonly mode: string
  readonly tiers: readonly (DiscountInput & { readonly from: unknown })[]
}

/** What forms and changes begin with. */
export const volumeDiscountInput = (discount: VolumeDiscount): VolumeDiscountInput => ({
  name: discount.name,
  scope: scopeInput(discount.scope),
  mode: discount.mode,
  tiers: discount.tiers.map((tier) => ({ from: tier.from, ...discountInput(tier.discount) })),
  ...validityInput(discount),
})

/** Of two about the same on the same day nobody could say which one holds; amounts in two currencies do not meet. */
export function collidingVolumeDiscount<Discounted extends VolumeDiscount>(
  discounts: readonly Discounted[],
  wanted: VolumeDiscount,
): Discounted | undefined {
  const code = currencyOf(wanted)
  return discounts.find((other) => {
    const otherCode = currencyOf(other)
    const meet = code === undefined || otherCode === undefined || code === otherCode
    return other.id !== wanted.id && meet && isSameScope(other.scope, wanted.scope) && overlap(other, wanted)
  })
}

function currencyOf({ tiers }: VolumeDiscount): Currency | undefined {
  return tiers.flatMap(({ discount }) => (discount.kind === 'amount' ? [discount.currency] : []))[0]
}

export function readVolumeDiscount(input: VolumeDiscountInput): Omit<VolumeDiscount, 'id' | 'belowCost'> {
  const faults: Faults = []
  const name = readName(input.name, faults)
  const scope = readScope(input.scope, faults)
  const validity = readValidity(input, faults)
  if (input.mode !== 'scale' && input.mode !== 'continuous')
    fault(
      faults,
      '/mode',
      'unknown',
      'The mode is scale (each unit at its tier) or continuous (all at the reached tier).',
    )
  if (input.tiers.length === 0 || input.tiers.length > 50)
    fault(faults, '/tiers', 'out-of-range', 'A volume discount has 1 to 50 tiers.')
  const tiers = input.tiers.map((tier, index): VolumeTier => {
    const discount = readDiscount(tier, faults, `/tiers/${index}`, true)
    return { from: readFrom(tier.from, faults, `/tiers/${index}/from`), discount }
  })
  const quantities = tiers.map(({ from }) => from)
  quantities.forEach((from, index) => {
    if (from > 0 && quantities.indexOf(from) !== index)
      fault(faults, `/tiers/${index}/from`, 'twice', `Two tiers begin at ${from}.`)
  })
  const currencies = new Set(
    tiers.flatMap(({ discount }) => (discount.kind === 'amount' ? [discount.currency] : [])),
  )
  if (currencies.size > 1)
    fault(faults, '/tiers', 'mixed-currencies', 'The amounts of one volume discount are in one currency.')
  complete(faults)
  return {
    ...validity,
    name,
    scope,
    mode: input.mode as VolumeDiscount['mode'],
    tiers: tiers.sort((a, b) => a.from - b.from),
  }
}

function readFrom(given: unknown, faults: Faults, pointer: string): number {
  const from = typeof given === 'string' && /^\d{1,7}$/.test(given.trim()) ? Number(given) : given
  if (typeof from === 'number' && Number.isInteger(from) && from >= 1 && from <= 1_000_000) return from
  fault(faults, pointer, 'out-of-range', 'A tier begins at a whole number from 1 to 1,000,000.')
  return 0
}
