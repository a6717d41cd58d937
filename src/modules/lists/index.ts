// The front door: what people keep of lists.
export { deleteSavedList, keepSavedList, listSavedLists } from './saved-list.store.ts'
export { SAVED_NAME_MOST, type SavedList, type SavedListId, saveList } from './saved-list.ts'
