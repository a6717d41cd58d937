import { z } from 'zod'
import type { App } from '#flows/app.ts'
import { addNote, changeNote, deleteNote } from '#flows/records/notes.ts'
import { asId } from '#kernel/ids.ts'
import { NOTE_MOST, type Note, type NoteId, type RecordRef, recordKindNames } from '#modules/records'
import { listNotes, viewNote } from '#views/records/list-notes.ts'
import { staffFor } from './auth.ts'
import type { Api } from './fastify.ts'
import { answerOnce } from './idempotency.ts'
import { Id, IdParams, ListQuery, listOf, Moment, momentOf, momentOrNull, pageOf } from './schemas.ts'

const tags = ['Notes']

const recordType = z.enum(recordKindNames).describe('What kind of record it is about.')

const text = z
  .string()
  .describe(`Plain text of at most ${NOTE_MOST} characters; no keys.`)
  .meta({ examples: ['They pay on Friday.'] })

const NoteBody = z
  .object({
    id: Id,
    recordType,
    recordId: Id,
    text: z.string(),
    authorId: Id,
    author: z.string(),
    writtenAt: Moment,
    changedAt: Moment.nullable(),
  })
  .meta({ id: 'Note', description: 'What somebody of the seller wrote about a record, for colleagues.' })

const noteBody = (note: Note): z.infer<typeof NoteBody> => ({
  id: note.id,
  recordType: note.recordType,
  recordId: note.recordId,
  text: note.text,
  authorId: note.authorId,
  author: note.authorName,
  writtenAt: momentOf(note.writtenAt),
  changedAt: momentOrNull(note.changedAt),
})

export function noteRoutes(api: Api, app: App): void {
  const idIn = ({ id }: { id: string }) => asId<NoteId>(id, 'note')
  const recordIn = (asked: RecordRef) => ({
    recordType: asked.recordType,
    recordId: asId(asked.recordId, 'record') as string,
  })

  api.get(
    '/notes',
    {
      schema: {
        tags,
        summary: 'List the notes on a record',
        description: 'Newest first, for whoever may see the record.',
        querystring: ListQuery.extend({ recordType, recordId: Id }),
        response: { 200: listOf(NoteBody, 'NoteList') },
      },
    },
    async (request) => {
      const actor = staffFor(request, 'record')
      const { limit, cursor, ...record } = request.query
      return pageOf(await listNotes(app.db, actor, { ...recordIn(record), limit, cursor }), noteBody)
    },
  )

  api.post(
    '/notes',
    {
      schema: {
        tags,
        summary: 'Write a note on a record',
        description: 'Whoever may see the record may write one. Customers and resellers never see it.',
        body: z.strictObject({ recordType, recordId: Id, text }).meta({ id: 'NewNote' }),
        response: { 201: NoteBody },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = staffFor(request, 'record')
        const { text, ...record } = request.body
        const note = await addNote(inside, actor, { ...recordIn(record), text })
        return { status: 201, body: noteBody(note) }
      }),
  )

  api.get(
    '/notes/:id',
    {
      schema: {
        tags,
        summary: 'Read a note',
        description: 'For whoever may see its record.',
        params: IdParams,
        response: { 200: NoteBody },
      },
    },
    async (request) =>
      noteBody(await viewNote(app.db, staffFor(request, 'note'), { id: idIn(request.params) })),
  )

  api.patch(
    '/notes/:id',
    {
      schema: {
        tags,
        summary: 'Change a note',
        description: 'For its author.',
        params: IdParams,
        body: z.strictObject({ text }).meta({ id: 'NoteChange' }),
        response: { 200: NoteBody },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = staffFor(request, 'note')
        return {
          body: noteBody(
            await changeNote(inside, actor, { id: idIn(request.params), text: request.body.text }),
          ),
        }
      }),
  )

  api.delete(
    '/notes/:id',
    {
      schema: {
        tags,
        summary: 'Delete a note',
        description: 'For its author, or who manages people. The audit log keeps what it said.',
        params: IdParams,
        response: { 200: NoteBody },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = staffFor(request, 'note')
        return { body: noteBody(await deleteNote(inside, actor, { id: idIn(request.params) })) }
      }),
  )
}
