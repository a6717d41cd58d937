// The front door: what people add to records of any kind.

export { deleteNote, insertNote, listNotes, loadNote, lockNote, saveNote } from './note.store.ts'
export { NOTE_MOST, type Note, type NoteId, rewriteNote, writeNote } from './note.ts'
export {
  findRecord,
  listRecentRecords,
  loadRecord,
  type NamedRecord,
  nameIds,
  nameRecords,
  RECENT_MOST,
  rememberRecord,
} from './record.store.ts'
export {
  type HistoryKind,
  isRecordKind,
  type RecordKind,
  type RecordRef,
  recordKindNames,
  recordKinds,
  rightToSee,
} from './record-kind.ts'
