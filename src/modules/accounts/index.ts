// The front door: companies, who may buy for whom, and what vendors know about them.

export {
  findAccount,
  insertAccount,
  listCustomerCountries,
  loadAccount,
  loadAccounts,
  saveAccount,
  savePriceListOf,
} from './account.store.ts'
export {
  type Account,
  type AccountChange,
  type AccountKind,
  type AccountState,
  type AccountTerms,
  billingToOf,
  changeAccount,
  detailsOf,
  isDirect,
  isPaymentDays,
  mayBuyFor,
  type NewAccount,
  newAccount,
  termsOf,
} from './account.ts'
export {
  type AccountDetails,
  type AccountDetailsInput,
  accountDetailFields,
  accountDetailNames,
  needsRegion,
  readDetails,
} from './account-details.ts'
export { loadCreditUse, lockCredit } from './credit.store.ts'
export {
  type CreditUse,
  creditLimitOf,
  creditUsed,
  type OverCredit,
  overCredit,
} from './credit.ts'
export {
  findSyncOptions,
  findSyncStatus,
  loadAllSyncOptions,
  loadSyncOptions,
  loadSyncStatuses,
  markSynchronizing,
  type SyncPair,
  saveSyncOptions,
  saveSyncStatus,
  takeCallId,
} from './sync.store.ts'
export {
  checkOptions,
  effectiveOptions,
  isEmailAddress,
  missingOptions,
  type PresetFrom,
  type SyncOption,
  type SyncValues,
  takeOptions,
} from './sync-options.ts'
export { type SyncState, type SyncStatus, syncState } from './sync-status.ts'
export { readVatNumber, type VatNumberAnswer } from './vat-number.ts'
