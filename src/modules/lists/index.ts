// The front door: what people keep of lists, and have done to them.
export {
  type BulkRowShow,
  deleteBulkActionsBefore,
  findWaitingRow,
  insertBulkAction,
  listBulkActions,
  listBulkRows,
  loadBulkAction,
  lockBulkAction,
  saveBulkAction,
  saveRowOutcome,
} from './bulk-action.store.ts'
export {
  BULK_LIFE_DAYS,
  BULK_ROWS_MOST,
  type BulkAction,
  type BulkActionId,
  type BulkOutcome,
  type BulkRow,
  type BulkSource,
  cancelBulkAction,
  counted,
  finishBulkAction,
  requestBulkAction,
  stopBulkAction,
  throughCount,
} from './bulk-action.ts'
export { csvLine, type ExportCell, type ExportSource, exportFile } from './export-file.ts'
export {
  appendExportPart,
  deleteExportParts,
  deleteExportsBefore,
  findExportPart,
  insertExport,
  listExports,
  loadExport,
  lockExport,
  saveExport,
} from './list-export.store.ts'
export {
  begun,
  cancelledExport,
  EXPORT_LIFE_DAYS,
  type ExportFormat,
  exportFileName,
  failedExport,
  finished,
  isEnded,
  type ListExport,
  type ListExportId,
  requestExport,
} from './list-export.ts'
export { deleteSavedList, keepSavedList, listSavedLists } from './saved-list.store.ts'
export { SAVED_NAME_MOST, type SavedList, type SavedListId, saveList } from './saved-list.ts'
