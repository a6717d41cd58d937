// The front door: price sheets as releases, how they are read and compared, which row holds when, and what one would do to what runs.
export {
  compareSheets,
  listProductChanges,
  listRowChanges,
  type ProductChange,
  type RowChange,
} from './comparison.store.ts'
export { type FetchOutcome, saveAsked, saveOutcome } from './fetch.store.ts'
export { countLosses, type Losses } from './losses.store.ts'
export { type PointInForce, type PricePoint, pointInForce } from './price-point.ts'
export {
  copyRows,
  copyRowsOf,
  countAmbiguous,
  deleteParts,
  findCurrenciesInForce,
  findHeader,
  findPart,
  insertFaults,
  insertPriceSheet,
  listFaults,
  listPricePoints,
  listPriceSheets,
  listSheetMarkets,
  loadPriceSheet,
  lockActiveSheet,
  lockMarketOf,
  lockPriceSheet,
  placeKey,
  type SheetPlaceKey,
  saveCurrencies,
  saveHeader,
  saveImportProgress,
  saveParts,
  savePriceSheet,
} from './price-sheet.store.ts'
export {
  activate,
  type Comparison,
  consentToLosses,
  lookedAtFor,
  type PriceSheet,
  type PriceSheetState,
  type PriceSheetView,
  priceSheetMoves,
  readPlace,
  type SheetPlace,
  supersede,
} from './price-sheet.ts'
export type { PriceSheetSource, SheetAnswer } from './price-sheet-source.ts'
export { type FileLimits, hashSheet, openSheet, readSheetRecords, usualLimits } from './sheet-file.ts'
export {
  type Columns,
  type PlanKey,
  type RowFault,
  readHeader,
  readMoment,
  readRow,
  type Segment,
  type SheetRow,
} from './sheet-row.ts'
export {
  appendRenewals,
  beginSimulation,
  countTouched,
  deleteSimulation,
  findSimulation,
  finishSimulation,
  insertSimulation,
  listTouched,
  lockSimulation,
  type RenewalEffect,
  type Simulation,
} from './simulation.store.ts'
