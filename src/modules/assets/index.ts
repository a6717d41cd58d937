// The front door: licences, the port behind which they are made, and the pool of keys the seller uploads.

export {
  type AttemptKind,
  closeAttempt,
  findOpenReturnRequest,
  findSealedKey,
  hasUnknownOutcome,
  insertAssets,
  insertAttempt,
  insertReturnRequest,
  listAssetsOfOrder,
  listAssetsToCheck,
  listAwaitingAssets,
  loadAsset,
  loadReturnRequest,
  lockAsset,
  markAssetsInvoiced,
  type NewAsset,
  saveCancelled,
  saveDelivery,
  saveProvisioning,
  saveReturnRejected,
  saveReturnRequest,
  saveTokenState,
} from './asset.store.ts'
export {
  type Asset,
  type AssetState,
  assertReturnable,
  DEAD_TRANSACTION,
  failed,
  isSettled,
  mayRetry,
  type Provisioning,
  type ReturnStatus,
  retried,
  whyNotReturnable,
} from './asset.ts'
export {
  ACTIVATION_LINK_PURPOSE,
  cleanKey,
  KEY_PURPOSE,
  keyPrint,
  maskKey,
  openKey,
  type SealedKey,
  sealKey,
} from './key.ts'
export { countFreePoolKeys, insertPoolKeys, poolVendor } from './key-pool.store.ts'
export { LOW_STOCK, type PoolRow, readKeyFile, type WrongPoolRow, wrongRowsFile } from './key-pool.ts'
export type {
  AccountAnswer,
  CatalogueEntry,
  IssueAnswer,
  Licence,
  LicenceOrder,
  LicenceVendor,
  LookupAnswer,
  ReturnAnswer,
  TokenStatus,
  VendorAccount,
} from './licence-vendor.ts'
export { moved, type ReturnRequest, type ReturnRequestState, requestReturn } from './return-request.ts'
