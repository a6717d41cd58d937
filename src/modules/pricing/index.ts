// The front door: prices, why they are what they are, and VAT.
export { type Explanation, type Quote, type QuotedLine, type QuoteRequest, quote } from './quote.ts'
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
