// Why a line costs what it costs (product.md S6). Two forms: the full one is kept with the line and holds everything the price was
// made from, so that `recompute` needs nothing else; the public one is shown to buyers, without costs and without anything a cost
// could be computed from (a percentage over cost, for one). Steps stand in the order they were applied.
import type { AppliedConversion } from './base.ts'
import type { BelowCostApproval } from './below-cost.ts'
import type { Discount } from './discount.ts'
import type { PriceMethod } from './price-list.ts'
import type { Recurrence } from './promotion.ts'
import type { PriceScope } from './scope.ts'
import type { TierPart } from './volume-discount.ts'

export type RoundingStep = {
  readonly step: 'rounding'
  readonly mode: 'half away from zero'
  readonly digits: number
}

type Sheet = {
  readonly step: 'price sheet'
  readonly file: string
  readonly line: number
  readonly market: string
  readonly month: string
  readonly currency: string
  /** The vendor's suggested retail price of one licence for the whole term. */
  readonly retail?: string
  /** The quantities this row of the sheet is for. */
  readonly tier?: { readonly min?: string; readonly max?: string }
  readonly validFrom?: string
  readonly validTo?: string
}
type Catalogue = { readonly step: 'catalogue price'; readonly currency: string; readonly retail: string }
type Conversion = AppliedConversion & { readonly step: 'conversion'; readonly retail?: string }
type PriceListName = {
  readonly step: 'price list'
  readonly name: string
  /** After it, of one licence; up to six decimals. */
  readonly unitPrice: string
}
type Manual = { readonly step: 'manual price'; readonly unitPrice: string }
type Volume = {
  readonly step: 'volume discount'
  readonly name: string
  readonly mode: 'scale' | 'continuous'
  /** Of this plan in the whole order. */
  readonly orderQuantity: number
  readonly parts: readonly TierPart[]
  /** After it, of the whole line; up to six decimals. */
  readonly total: string
}
type Promoted = {
  readonly step: 'promotion'
  readonly name: string
  readonly discount: Discount
  readonly recurrence: Recurrence
  /** It was taken off so many billing periods of the term, from the first on. */
  readonly periods: number
  readonly total: string
}

export type FullStep =
  | (Sheet & { readonly sheetId: string; readonly cost: string; readonly isAmbiguous: boolean })
  | (Catalogue & { readonly cost?: string })
  | (Conversion & { readonly cost?: string })
  | (PriceListName & {
      readonly priceListId: string
      readonly ruleId: string
      readonly scope: PriceScope
      readonly method: PriceMethod
      readonly validFrom: string
      readonly validTo?: string
    })
  | (Manual & { readonly by: string; readonly at: string; readonly reason: string })
  | (Volume & { readonly volumeDiscountId: string; readonly scope: PriceScope; readonly unitsBefore: number })
  | (Promoted & { readonly promotionId: string })
  | RoundingStep

export type PublicStep =
  | Sheet
  | Catalogue
  | Conversion
  | PriceListName
  | Manual
  | Volume
  | Promoted
  | RoundingStep

type About = {
  readonly planId: string
  readonly sku: string
  readonly quantity: number
  readonly currency: string
  /** The moment it was priced for, RFC 3339. */
  readonly at: string
  readonly term?: string
  readonly billingPlan?: string
  /** 1: the purchase; 2 and on: renewals. */
  readonly termNumber: number
  /** Billing periods of the term. */
  readonly periods: number
}

type Result = {
  /** Of one licence and the whole term, after everything; up to six decimals. */
  readonly unitPrice: string
  readonly net: string
  /** One per billing period; they add up to `net`. */
  readonly charges: readonly string[]
}

export type FullExplanation = About & {
  readonly version: 2
  readonly form: 'full'
  readonly steps: readonly FullStep[]
  readonly result: Result & { readonly unitCost?: string; readonly cost?: string }
  readonly belowCost?: { readonly approvals: readonly BelowCostApproval[] }
}

export type PublicExplanation = About & {
  readonly version: 2
  readonly form: 'public'
  readonly steps: readonly PublicStep[]
  readonly result: Result
}

/** The form of orders before there were price sheets: a typed price times a quantity; never holds a cost. */
export type CataloguePriceExplanation = {
  readonly version: 1
  readonly source: {
    readonly kind: 'catalogue price'
    readonly planId: string
    readonly sku: string
    readonly unitPrice: string
    readonly currency: string
  }
  readonly quantity: number
  readonly rounding: { readonly mode: 'half away from zero'; readonly digits: number }
  /** In the currency's smallest unit. */
  readonly net: string
}

/** What buyers may see, of every version ever stored. */
export type Explanation = CataloguePriceExplanation | PublicExplanation

export function isFull(explanation: Explanation | FullExplanation): explanation is FullExplanation {
  return explanation.version === 2 && explanation.form === 'full'
}

/** What a buyer is told. Field by field, so that whatever is added to the full form stays inside until somebody lets it out. */
export function publicExplanation(full: FullExplanation): PublicExplanation {
  const { planId, sku, quantity, currency, at, term, billingPlan, termNumber, periods } = full
  const { unitPrice, net, charges } = full.result
  return {
    version: 2,
    form: 'public',
    planId,
    sku,
    quantity,
    currency,
    at,
    ...(term === undefined ? {} : { term }),
    ...(billingPlan === undefined ? {} : { billingPlan }),
    termNumber,
    periods,
    steps: full.steps.map(publicStep),
    result: { unitPrice, net, charges },
  }
}

function publicStep(step: FullStep): PublicStep {
  switch (step.step) {
    case 'price sheet': {
      const { file, line, market, month, currency, retail, tier, validFrom, validTo } = step
      return {
        step: 'price sheet',
        file,
        line,
        market,
        month,
        currency,
        ...(retail === undefined ? {} : { retail }),
        ...(tier === undefined ? {} : { tier }),
        ...(validFrom === undefined ? {} : { validFrom }),
        ...(validTo === undefined ? {} : { validTo }),
      }
    }
    case 'catalogue price':
      return { step: 'catalogue price', currency: step.currency, retail: step.retail }
    case 'conversion': {
      const { ruleId, from, to, rate, source, validFrom, market, overridesSheet, retail } = step
      return {
        step: 'conversion',
        ruleId,
        from,
        to,
        rate,
        source,
        validFrom,
        market,
        ...(overridesSheet === undefined ? {} : { overridesSheet }),
        ...(retail === undefined ? {} : { retail }),
      }
    }
    case 'price list':
      return { step: 'price list', name: step.name, unitPrice: step.unitPrice }
    case 'manual price':
      return { step: 'manual price', unitPrice: step.unitPrice }
    case 'volume discount': {
      const { name, mode, orderQuantity, parts, total } = step
      return { step: 'volume discount', name, mode, orderQuantity, parts, total }
    }
    case 'promotion': {
      const { name, discount, recurrence, periods, total } = step
      return { step: 'promotion', name, discount, recurrence, periods, total }
    }
    case 'rounding':
      return { step: 'rounding', mode: step.mode, digits: step.digits }
  }
}
