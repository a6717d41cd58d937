// The front door: invoices and credit invoices.

export {
  addRunOrders,
  findOpenRun,
  insertRun,
  lastMoveOf,
  listOpenRunOrders,
  listRuns,
  loadRun,
  lockOpenRunOrder,
  lockRun,
  reopenFailed,
  saveCollected,
  saveEnded,
  saveRunOutcome,
  sumRuns,
} from './billing-run.store.ts'
export {
  type BillingRun,
  type BillingRunId,
  beginRun,
  type DueOrder,
  foundBy,
  type OrderOutcome,
  type RunAmount,
  type RunCount,
  type RunCounts,
  type RunOutcome,
  type RunStarter,
  runOutcomes,
} from './billing-run.ts'
export {
  countInvoices,
  findInvoiceOfAsset,
  insertDraft,
  insertLegalEntity,
  listInvoicedAssets,
  listLinePricing,
  loadInvoice,
  loadLegalEntity,
  lockInvoicesOf,
  moveInvoices,
  saveIssued,
  saveLegalEntity,
  sumCredited,
  type TransactionRow,
  transactionColumns,
  transactionOf,
} from './invoice.store.ts'
export {
  type CreditedPart,
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
  deleteWait,
  findWait,
  type InvoiceWait,
  listWaitingOrders,
  listWaitPairs,
  listWaitsAmong,
  saveWait,
} from './invoice-wait.store.ts'
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
export { firstMonthSummed, listMonthsToSum, saveSummed, sumMonth } from './sales.store.ts'
export {
  type BillingRate,
  creditedInTransaction,
  type InTransactionCurrency,
  inTransactionCurrency,
} from './transaction.ts'
