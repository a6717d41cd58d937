// What somebody of the seller decided about one line of an order, read from the explanation of its price.
import type { StandingApproval } from './below-cost.ts'
import type { ManualPrice } from './engine.ts'
import type { FullExplanation } from './explanation.ts'

/** The price that was agreed for it. */
export function manualIn(pricing: FullExplanation | undefined): ManualPrice | undefined {
  const step = pricing?.steps.find((each) => each.step === 'manual price')
  return step && { unitPrice: step.unitPrice, by: step.by, at: step.at, reason: step.reason }
}

/** The approval that was given on its order, to sell it below its cost. */
export function approvalIn(pricing: FullExplanation | undefined): StandingApproval | undefined {
  const given = pricing?.belowCost?.approvals.find(({ on }) => on === 'order')
  return given?.by && given.at && given.reason
    ? { by: given.by, at: given.at, reason: given.reason }
    : undefined
}
