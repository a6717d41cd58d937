import { Refusal } from '#kernel/failure.ts'
import type { Sql, Tx } from '#platform/db.ts'
import type { Note, NoteId } from './note.ts'
import type { RecordRef } from './record-kind.ts'

type Row = { [Field in keyof Note]: Note[Field] | null }

const noteOf = (row: Row): Note => ({ ...(row as Note), changedAt: row.changedAt ?? undefined })

const columns = (sql: Sql) =>
  sql.part`id, record_type, record_id, author_id, author_name, text, written_at, changed_at`

/** For a change: held until it is done. */
export async function lockNote(tx: Tx, id: NoteId): Promise<Note> {
  const row = await tx.maybe<Row>`select ${columns(tx)} from note where id = ${id} for update`
  return found(row, id)
}

export async function loadNote(sql: Sql, id: NoteId): Promise<Note> {
  return found(await sql.maybe<Row>`select ${columns(sql)} from note where id = ${id}`, id)
}

function found(row: Row | undefined, id: NoteId): Note {
  if (!row) throw new Refusal('note/not-found', 'This note does not exist.', { id })
  return noteOf(row)
}

/** The newest first, `before` one of them. */
export async function listNotes(
  sql: Sql,
  { recordType, recordId, before, limit }: RecordRef & { before?: NoteId | undefined; limit: number },
): Promise<Note[]> {
  const rows = await sql.many<Row>`
    select ${columns(sql)} from note where record_type = ${recordType} and record_id = ${recordId}
      and ${before === undefined ? sql.part`true` : sql.part`id < ${before}`}
    order by id desc limit ${limit}`
  return rows.map(noteOf)
}

export async function insertNote(tx: Tx, note: Note): Promise<void> {
  await tx.run`
    insert into note (id, record_type, record_id, author_id, author_name, text, written_at)
    values (${note.id}, ${note.recordType}, ${note.recordId}, ${note.authorId}, ${note.authorName}, ${note.text}, ${note.writtenAt})`
}

export async function saveNote(tx: Tx, { id, text, changedAt }: Note): Promise<void> {
  await tx.run`update note set text = ${text}, changed_at = ${changedAt ?? null} where id = ${id}`
}

export async function deleteNote(tx: Tx, id: NoteId): Promise<void> {
  await tx.run`delete from note where id = ${id}`
}
