// The notes on a record, newest first, for whoever may see the record.
import { Refusal } from '#kernel/failure.ts'
import {
  listNotes as list,
  loadNote,
  loadRecord,
  type NamedRecord,
  type Note,
  type NoteId,
  type RecordRef,
  recordKinds,
} from '#modules/records'
import { assertMay, mayDo, type Staff } from '#modules/users'
import { type Database, reading, sellerScope, type Tx } from '#platform/db.ts'
import { idCursor, pageSize } from '../accounts/search-text.ts'

export async function listNotes(
  db: Database | Tx,
  actor: Staff,
  ask: RecordRef & { cursor?: string | undefined; limit?: number },
): Promise<{
  record: NamedRecord
  items: readonly Note[]
  nextCursor: string | undefined
}> {
  assertMay(actor, recordKinds[ask.recordType])
  const limit = pageSize(ask.limit ?? 50)
  const before = idCursor(ask.cursor) as NoteId | undefined
  return reading(db, sellerScope, async (sql) => {
    const [record, rows] = await Promise.all([
      loadRecord(sql, ask),
      list(sql, { recordType: ask.recordType, recordId: ask.recordId, before, limit: limit + 1 }),
    ])
    const items = rows.slice(0, limit)
    return { record, items, nextCursor: rows.length > limit ? items.at(-1)?.id : undefined }
  })
}

export async function viewNote(db: Database | Tx, actor: Staff, { id }: { id: NoteId }): Promise<Note> {
  return reading(db, sellerScope, async (sql) => {
    const note = await loadNote(sql, id)
    if (!mayDo(actor, recordKinds[note.recordType]))
      throw new Refusal('note/not-found', 'This note does not exist.', { id })
    return note
  })
}
