// The front door: prices, why they are what they are, and VAT.
export {
  type AppliedConversion,
  type Base,
  catalogueBase,
  notCalculable,
  type Place,
  type SheetPoint,
  sheetBase,
} from './base.ts'
export {
  assertNotBelowCost,
  type BelowCostApproval,
  needsApproval,
  type StandingApproval,
} from './below-cost.ts'
export { type ConversionInput, type ConversionRule, readConversion, whereToLook } from './conversion.ts'
export type { Discount } from './discount.ts'
export {
  type ManualPrice,
  NO_RULES,
  type PricedLine,
  type PriceRules,
  type PricingFacts,
  type PricingLine,
  priceLines,
} from './engine.ts'
export {
  type CataloguePriceExplanation,
  type Explanation,
  type FullExplanation,
  isFull,
  type PublicExplanation,
  publicExplanation,
} from './explanation.ts'
export type { PriceList, PriceListRule, PriceMethod } from './price-list.ts'
export type { Promotion, Recurrence } from './promotion.ts'
export { type Quote, type QuotedLine, type QuoteRequest, quote } from './quote.ts'
export { type PricedQuote, type PricedQuoteLine, quoteLines } from './quote-lines.ts'
export { type Recomputed, recompute } from './recompute.ts'
export type { PriceScope, Validity } from './scope.ts'
export { loadTaxRates, saveTaxRate } from './tax.store.ts'
export {
  EXPORT,
  OUTSIDE,
  REVERSE_CHARGE,
  type Tax,
  type TaxCategory,
  type TaxGroup,
  type TaxParties,
  type TaxRates,
  taxFor,
  taxLines,
} from './tax.ts'
export type { VolumeDiscount, VolumeTier } from './volume-discount.ts'
export { type ExplainedStep, inWords } from './words.ts'
