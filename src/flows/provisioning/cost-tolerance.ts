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

/** Costs in two currencies cannot be compared: then the vendor's word stands, as it does where nothing was quoted. */
export function isCostAbove(given: {
  readonly quoted: Cost | undefined
  readonly asked: Cost
  readonly accepted: string | undefined
  readonly tolerancePercent: string
}): boolean {
  const { quoted, asked, accepted, tolerancePercent } = given
  if (!quoted || quoted.currency !== asked.currency) return false
  const most = times(exact(quoted.unitCost), plus(ONE, share(tolerancePercent)))
  if (compare(exact(asked.unitCost), most) <= 0) return false
  return accepted === undefined || compare(exact(asked.unitCost), exact(accepted)) > 0
}
