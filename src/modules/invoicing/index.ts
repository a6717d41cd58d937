// The front door: invoices and credit invoices.

export {
  countInvoices,
  findInvoiceOfAsset,
  insertDraft,
  insertLegalEntity,
  listInvoicedAssets,
  loadInvoice,
  loadLegalEntity,
  saveIssued,
  saveLegalEntity,
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
export {
  highestCounter,
  listNumberSeries,
  lockNumberSeries,
  saveNumberSeries,
  takeNumber,
} from './number-series.store.ts'
export {
  checkedSeries,
  mayCollide,
  type NumberSeries,
  nextNumberOf,
  type SeriesInput,
  type SeriesKind,
} from './number-series.ts'
export { type InvoicePaper, invoicePaperPdf, paperWords, vatNotices } from './paper.ts'
export {
  findReceivable,
  insertPayment,
  listPayments,
  loadPayment,
  lockReceivable,
  saveWithdrawn,
} from './payment.store.ts'
export {
  type Payment,
  type PaymentId,
  type PaymentState,
  paymentStateOf,
  paymentStates,
  type Receivable,
  readPayment,
  type TypedPayment,
} from './payment.ts'
