// The front door: price sheets as releases, how they are read, and which row holds when.
export { type CsvRecord, readCsv } from './csv.ts'
export { type PointInForce, type PricePoint, pointInForce } from './price-point.ts'
export {
  compareSheets,
  copyRows,
  copyRowsOf,
  countAmbiguous,
  deleteParts,
  findHeader,
  findPart,
  insertFaults,
  insertPriceSheet,
  listFaults,
  listPricePoints,
  listPriceSheets,
  listRowChanges,
  listSheetMarkets,
  loadPriceSheet,
  lockActiveSheet,
  lockPriceSheet,
  type RowChange,
  saveHeader,
  saveImportProgress,
  saveParts,
  savePriceSheet,
} from './price-sheet.store.ts'
export {
  activate,
  type Comparison,
  type PriceSheet,
  type PriceSheetState,
  type PriceSheetView,
  priceSheetMoves,
  readPlace,
  type SheetPlace,
  supersede,
} from './price-sheet.ts'
export type { PriceSheetSource, SheetAnswer } from './price-sheet-source.ts'
export { type FileLimits, hashSheet, openSheet, usualLimits } from './sheet-file.ts'
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
