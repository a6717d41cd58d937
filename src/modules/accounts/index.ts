// The front door: companies, who may buy for whom, and what vendors know about them.

export {
  findAccount,
  findAccountsNamed,
  holdAccounts,
  insertAccount,
  listCustomerCountries,
  listMergedInto,
  loadAccount,
  loadAccounts,
  lockAccounts,
  saveAccount,
  saveMerged,
  savePriceListOf,
} from './account.store.ts'
export {
  type Account,
  type AccountChange,
  type AccountKind,
  type AccountState,
  type AccountTerms,
  assertMayBuy,
  assertNotMerged,
  billingToOf,
  changeAccount,
  changedTradeTerms,
  detailsOf,
  isDirect,
  isPaymentDays,
  mayBuyFor,
  type NewAccount,
  newAccount,
  type TradeTerm,
  termsOf,
} from './account.ts'
export { findBlock, saveBlock } from './account-block.store.ts'
export {
  type AccountBlock,
  assertMayExecuteFor,
  BLOCK_REASON_MOST,
  readBlockReason,
} from './account-block.ts'
export {
  type AccountDetails,
  type AccountDetailsInput,
  accountDetailFields,
  accountDetailNames,
  needsRegion,
  readDetails,
} from './account-details.ts'
export {
  type CheckedRow,
  deleteImportParts,
  deleteImportsBefore,
  findImportPart,
  findLikeAccounts,
  findLinesOf,
  findRowsByReference,
  type ImportRowShow,
  insertImport,
  insertImportRows,
  type Likeness,
  listImportRows,
  listImports,
  loadImport,
  lockImport,
  saveChecked,
  saveImport,
  saveImportParts,
  saveOutcomes,
  takeUnchecked,
  takeWaiting,
  type UncheckedRow,
} from './account-import.store.ts'
export {
  type AccountImport,
  type AccountImportId,
  type AccountImportState,
  accountImportMoves,
  cancelImport,
  finishImport,
  IMPORT_LIFE_DAYS,
  type ImportAction,
  type ImportRow,
  receiveImport,
  refuseImport,
  startImport,
  toImport,
} from './account-import.ts'
export {
  deleteContact,
  insertContact,
  listContacts,
  loadContact,
  moveContacts,
  saveContact,
} from './contact.store.ts'
export {
  CONTACTS_MOST,
  type Contact,
  type ContactId,
  type ContactInput,
  type ContactRole,
  changeContact,
  contactRoles,
  getsCopies,
  newContact,
  withCopies,
  withoutCopies,
} from './contact.ts'
export { loadCreditUse, lockCredit } from './credit.store.ts'
export {
  type CreditUse,
  creditLimitOf,
  creditUsed,
  type OverCredit,
  overCredit,
} from './credit.ts'
export {
  cellsByField,
  type ImportCells,
  type ImportField,
  type ImportHead,
  importColumn,
  importFields,
  importTemplate,
  REASON_COLUMN,
  readImportHead,
} from './import-columns.ts'
export {
  formOf,
  type ImportFormat,
  type ImportLimits,
  importLimits,
  readImportFile,
  type Separator,
} from './import-file.ts'
export {
  faultsOf,
  type ImportDifference,
  type ImportFault,
  type ImportParent,
  type ImportPlan,
  type ImportWorld,
  importDifferences,
  ofFirstRank,
  planRow,
  tradeTermsOf,
} from './import-row.ts'
export { type MergeFacts, mergeObstacles } from './merge.ts'
export {
  findSyncOptions,
  findSyncStatus,
  loadAllSyncOptions,
  loadSyncOptions,
  loadSyncStatuses,
  markSynchronizing,
  mergeSync,
  type SyncPair,
  saveSyncOptions,
  saveSyncStatus,
  takeCallId,
} from './sync.store.ts'
export {
  applyingOptions,
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
