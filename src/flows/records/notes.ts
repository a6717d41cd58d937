// Notes on a record: whoever may see the record may write one; its author may change it, its author or an administrator delete it.
import { Refusal } from '#kernel/failure.ts'
import { recordAudit } from '#modules/audit'
import {
  deleteNote as forget,
  insertNote,
  loadRecord,
  lockNote,
  type Note,
  type NoteId,
  type RecordRef,
  recordKinds,
  rewriteNote,
  saveNote,
  writeNote,
} from '#modules/records'
import { assertMay, mayDo, type Staff } from '#modules/users'
import { sellerScope, type Tx, transaction } from '#platform/db.ts'
import type { App } from '../app.ts'

type Needs = Pick<App, 'db' | 'now'>

export async function addNote(
  app: Needs,
  actor: Staff,
  { text, ...record }: RecordRef & { readonly text: string },
): Promise<Note> {
  assertMay(actor, recordKinds[record.recordType])
  const at = app.now()
  return transaction(app.db, sellerScope, async (tx) => {
    await loadRecord(tx, record)
    const note = writeNote(record, actor, text, at)
    await insertNote(tx, note)
    await audit(tx, actor, at, 'added', { after: note })
    return note
  })
}

export async function changeNote(
  app: Needs,
  actor: Staff,
  input: { readonly id: NoteId; readonly text: string },
): Promise<Note> {
  const at = app.now()
  return transaction(app.db, sellerScope, async (tx) => {
    const before = await lockSeenNote(tx, actor, input.id)
    if (before.authorId !== actor.userId)
      throw new Refusal(
        'right/not-the-author',
        `Only ${before.authorName} may change this note. Add one of your own.`,
      )
    const after = rewriteNote(before, input.text, at)
    if (after === before) return before
    await saveNote(tx, after)
    await audit(tx, actor, at, 'changed', { before, after })
    return after
  })
}

export async function deleteNote(app: Needs, actor: Staff, input: { readonly id: NoteId }): Promise<Note> {
  const at = app.now()
  return transaction(app.db, sellerScope, async (tx) => {
    const note = await lockSeenNote(tx, actor, input.id)
    if (note.authorId !== actor.userId && !mayDo(actor, 'manage-users'))
      throw new Refusal(
        'right/not-the-author',
        `Only ${note.authorName} or an administrator may delete this note.`,
      )
    await forget(tx, note.id)
    await audit(tx, actor, at, 'deleted', { before: note })
    return note
  })
}

/** A note of a record this person may not see does not exist for them. */
async function lockSeenNote(tx: Tx, actor: Staff, id: NoteId): Promise<Note> {
  const note = await lockNote(tx, id)
  if (!mayDo(actor, recordKinds[note.recordType]))
    throw new Refusal('note/not-found', 'This note does not exist.', { id })
  return note
}

/** In the history of its record, and in nobody's log but the seller's: an account never reads a note. */
async function audit(
  tx: Tx,
  actor: Staff,
  at: Temporal.Instant,
  verb: 'added' | 'changed' | 'deleted',
  { before, after }: { readonly before?: Note; readonly after?: Note },
): Promise<void> {
  const { recordType, recordId } = (after ?? before) as Note
  const facts = (note: Note | undefined) =>
    note && { note: note.text, ...(note.authorId === actor.userId ? {} : { author: note.authorName }) }
  await recordAudit(tx, {
    at,
    actor,
    action: `note/${verb}`,
    subjectType: recordType,
    subjectId: recordId,
    before: facts(before),
    after: facts(after),
  })
}
