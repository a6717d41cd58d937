// The vendor's price at the last moment: what its cart asks is compared with the cost the line was sold at. Above the instance's
// tolerance the order stops for a person's decision, and nothing is lost.
import { compare, exact, ONE, plus, share, times } from '#kernel/exact.ts'
import type { FullExplanation } from '#modules/pricing'

export type Cost = { readonly unitCost: string; readonly currency: string }

/** The cost of one licence for the term as the sheet said it, in the sheet's own currency; undefined where no sheet was used. */
export function quotedCost(pricing: object): Cost | undefined {
  const { steps } = pricing as Partial<FullExplanation>
  const sheet = steps?.find((step) => step.step === 'price sheet')
  return sheet?.step === 'price sheet' ? { unitCost: sheet.cost, currency: sheet.currency } : undefined
}

/**
 * The cart is asked in the currency the cost was quoted in. Where it answers another, the two cannot be compared, and a person decides; where
 * nothing was quoted, the vendor's word stands.
 */
export function isCostAbove(given: {
  readonly quoted: Cost | undefined
  readonly asked: Cost
  readonly accepted: string | undefined
  readonly tolerancePercent: string
}): boolean {
  const { quoted, asked, accepted, tolerancePercent } = given
  if (!quoted) return false
  const most = times(exact(quoted.unitCost), plus(ONE, share(tolerancePercent)))
  if (quoted.currency === asked.currency && compare(exact(asked.unitCost), most) <= 0) return false
  return accepted === undefined || compare(exact(asked.unitCost), exact(accepted)) > 0
}
