// The front door: what people keep of lists.
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
