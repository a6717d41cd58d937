// The front door: prices, why they are what they are, and VAT.
export { approvalIn, manualIn } from './agreed.ts'
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
export {
  deleteConversionRule,
  findInvoiceRate,
  insertConversionRule,
  type KeptConversionRule,
  listConversionRules,
  listMarketsOfRules,
  lockConversionRule,
  saveConversionRule,
} from './conversion.store.ts'
export {
  type ConversionInput,
  type ConversionRule,
  conversionInput,
  type EnteredRate,
  readConversion,
  whereToLook,
} from './conversion.ts'
export type { Discount } from './discount.ts'
export { discountsIn, type HeldDiscount } from './discounts-in.ts'
export { AT_ONCE, endOn } from './ending.ts'
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
export {
  clearDefault,
  countAccountsOn,
  deletePriceList,
  deletePriceListRule,
  findPriceListOf,
  insertPriceList,
  insertPriceListRule,
  type KeptPriceList,
  type KeptPriceListRule,
  listPriceListRules,
  listPriceLists,
  listRulesAbout,
  loadPriceList,
  lockPriceList,
  lockPriceListRule,
  savePriceList,
  savePriceListRule,
} from './price-list.store.ts'
export {
  collidingRule,
  isBelowCostByItself,
  type PriceList,
  type PriceListInput,
  type PriceListRule,
  type PriceListRuleInput,
  type PriceMethod,
  priceListInput,
  priceListRuleInput,
  readPriceList,
  readPriceListRule,
} from './price-list.ts'
export { loadRulesInForce, type RulesInForce, type RulesRequest } from './price-rules.store.ts'
export {
  deletePromotion,
  insertPromotion,
  type KeptPromotion,
  listPromotions,
  lockPromotion,
  savePromotion,
} from './promotion.store.ts'
export {
  type Promotion,
  type PromotionInput,
  promotionInput,
  type Recurrence,
  readPromotion,
} from './promotion.ts'
export { type PricedQuote, type PricedQuoteLine, quoteLines } from './quote-lines.ts'
export { type Recomputed, recompute } from './recompute.ts'
export { assertVersion, type Kept } from './record.ts'
export { type PriceScope, type Scoped, scopeId, untilText, type Validity } from './scope.ts'
export {
  deleteTaxRate,
  findTaxRate,
  listTaxedCountries,
  lockTaxRate,
  saveTaxRate,
} from './tax.store.ts'
export {
  EXPORT,
  OUTSIDE,
  REVERSE_CHARGE,
  type Tax,
  type TaxCategory,
  type TaxExceptions,
  type TaxGroup,
  type TaxParties,
  type TaxRates,
  taxExceptions,
  taxFor,
  taxLines,
} from './tax.ts'
export {
  partlyRated,
  percentText,
  readTaxRate,
  standardRates,
  type TaxRate,
  type TaxRateInput,
  taxProductTypes,
} from './tax-rate.ts'
export type { DiscountInput, ScopeInput, ValidityInput } from './typed-in.ts'
export { type Difference, differencesOf, type StoredLine } from './verify.ts'
export {
  deleteVolumeDiscount,
  insertVolumeDiscount,
  type KeptVolumeDiscount,
  listVolumeDiscounts,
  lockVolumeDiscount,
  lockVolumeDiscounts,
  saveVolumeDiscount,
} from './volume-discount.store.ts'
export {
  collidingVolumeDiscount,
  readVolumeDiscount,
  type VolumeDiscount,
  type VolumeDiscountInput,
  type VolumeTier,
  volumeDiscountFor,
  volumeDiscountInput,
} from './volume-discount.ts'
export { type ExplainedStep, inWords } from './words.ts'
