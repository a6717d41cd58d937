// What the loader of every record's page ends with: its notes and its history, and that this person has opened it.
import { rememberVisit } from '#flows/records/remember-visit.ts'
import { type HistoryKind, isRecordKind, NOTE_MOST, type Note } from '#modules/records'
import type { Staff } from '#modules/users'
import { viewRecordFoot } from '#views/records/view-record-foot.ts'
import { type Ask, deskOf } from '#web/backoffice/desk.ts'
import { pageOf } from '#web/context.ts'
import { momentDisplay } from '#web/format.ts'
import { type EntryShown, entryShown } from './history-words.ts'

export type NoteShown = {
  readonly id: string
  readonly text: string
  readonly author: string
  readonly at: string
  readonly changed: string
  readonly mayChange: boolean
  readonly mayDelete: boolean
}

export type NotesShown = {
  /** The page of all notes, which takes the forms. */
  readonly path: string
  readonly items: readonly NoteShown[]
  readonly hasMore: boolean
  readonly most: number
}

export type FootShown = {
  readonly notes: NotesShown | undefined
  readonly history: readonly EntryShown[]
  /** Where all of the history is, when there is more. */
  readonly allHistory: string | undefined
}

export async function recordFoot(args: Ask, kind: HistoryKind, id: string): Promise<FootShown> {
  const { app, actor } = deskOf(args)
  const foot = await viewRecordFoot(app.db, actor, { kind, id })
  if (isRecordKind(kind))
    pageOf(args.context).afterwards(() => rememberVisit(app, actor, { recordType: kind, recordId: id }))
  return {
    notes: isRecordKind(kind)
      ? {
          path: notesPath(kind, id),
          items: foot.notes.map((note) => noteShown(note, actor)),
          hasMore: foot.hasMoreNotes,
          most: NOTE_MOST,
        }
      : undefined,
    history: foot.history.map(entryShown),
    allHistory: foot.hasMoreHistory ? historyPath(kind, id) : undefined,
  }
}

export const notesPath = (kind: string, id: string) => `/notes/${kind}/${id}`

export const historyPath = (kind: string, id: string) => `/history/${kind}/${id}`

export function noteShown(note: Note, actor: Staff): NoteShown {
  const isOwn = note.authorId === actor.userId
  return {
    id: note.id,
    text: note.text,
    author: note.authorName,
    at: momentDisplay(note.writtenAt),
    changed: note.changedAt ? momentDisplay(note.changedAt) : '',
    mayChange: isOwn,
    mayDelete: isOwn || actor.rights.has('manage-users'),
  }
}
