// The front door: invoices and credit invoices.

export {
  countInvoices,
  findInvoiceOfAsset,
  insertDraft,
  insertLegalEntity,
  listInvoicedAssets,
  loadInvoice,
  loadLegalEntity,
  loadOwed,
  saveIssued,
  takeNumber,
} from './invoice.store.ts'
export {
  credit,
  draft,
  type Invoice,
  type InvoiceLine,
  issue,
  type LegalEntity,
  type Party,
  type TaxSummary,
  unitOf,
} from './invoice.ts'
export { type InvoicePaper, invoicePaperPdf, paperWords, vatNotices } from './paper.ts'
