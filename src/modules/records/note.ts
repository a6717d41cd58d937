// What somebody of the seller wrote about a record, for colleagues.
import { invalid } from '#kernel/failure.ts'
import { type Id, newId, type UserId } from '#kernel/ids.ts'
import type { RecordRef } from './record-kind.ts'

export type NoteId = Id<'note'>

export type Note = RecordRef & {
  readonly id: NoteId
  readonly authorId: UserId
  /** As it was when the note was written. */
  readonly authorName: string
  readonly text: string
  readonly writtenAt: Temporal.Instant
  readonly changedAt: Temporal.Instant | undefined
}

export const NOTE_MOST = 4000

/** Keys are readable nowhere but where revealing them is written down. */
const wholeKey = /(?<![A-Z0-9-])[A-Z0-9]{5}(-[A-Z0-9]{5}){4}(?![A-Z0-9-])/i

/** Lines stay as they were typed; what cannot be seen at its ends goes. */
function checked(text: string): string {
  const said = text.replace(/\r\n?/g, '\n').trim()
  const fault = (code: string, message: string) => invalid({ pointer: '/text', code, message })
  if (said === '') throw fault('required', 'Write something first.')
  if ([...said].length > NOTE_MOST)
    throw fault('too-long', `A note has at most ${NOTE_MOST} characters; this one has ${[...said].length}.`)
  if (/[^\P{Cc}\n\t]/u.test(said))
    throw fault('not-text', 'A note is plain text; it holds a character that cannot be shown.')
  if (wholeKey.test(said))
    throw fault(
      'holds-a-key',
      'This looks like a licence key. Keys stay sealed: name the licence by its number instead.',
    )
  return said
}

export function writeNote(
  { recordType, recordId }: RecordRef,
  author: { readonly userId: UserId; readonly name: string },
  text: string,
  at: Temporal.Instant,
): Note {
  return {
    id: newId<NoteId>(),
    recordType,
    recordId,
    authorId: author.userId,
    authorName: author.name,
    text: checked(text),
    writtenAt: at,
    changedAt: undefined,
  }
}

/** The same words again are no change. */
export function rewriteNote(note: Note, text: string, at: Temporal.Instant): Note {
  const said = checked(text)
  return said === note.text ? note : { ...note, text: said, changedAt: at }
}
