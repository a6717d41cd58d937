// All notes on a record. The forms at the foot of the record's page are answered here too: what is wrong with one is shown here.
import { type ActionFunctionArgs, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { addNote, changeNote, deleteNote } from '#flows/records/notes.ts'
import { Refusal } from '#kernel/failure.ts'
import { asId } from '#kernel/ids.ts'
import { isRecordKind, NOTE_MOST, type NoteId, type RecordRef } from '#modules/records'
import { kindWords } from '#views/records/history-words.ts'
import { listNotes } from '#views/records/list-notes.ts'
import { recordPath } from '#views/records/record-paths.ts'
import { askedOf, deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { noteShown, notesPath } from '#web/backoffice/record-foot.ts'
import { answerForm, done, noSuchForm, textOf } from '#web/forms.ts'
import { FormNotice } from '#web/ui/notice.tsx'
import { Card, Page } from '#web/ui/page.tsx'
import { Pager } from '#web/ui/table.tsx'
import { Notes } from '../parts/record-foot.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'Notes' }]

function recordOf({ params }: { params: Readonly<Record<string, string | undefined>> }): RecordRef {
  const { recordType, recordId } = params
  if (!isRecordKind(recordType)) throw new Refusal('record/not-found', 'This record does not exist.')
  return { recordType, recordId: asId(recordId, 'record') }
}

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const asked = recordOf(args)
  const { cursor } = askedOf(args.url)
  const { record, items, nextCursor } = await listNotes(app.db, actor, { ...asked, cursor })
  return {
    title: record.title,
    about: record.about,
    kind: kindWords[record.recordType],
    to: recordPath(record),
    notes: {
      path: notesPath(record.recordType, record.recordId),
      items: items.map((note) => noteShown(note, actor)),
      hasMore: nextCursor !== undefined,
      most: NOTE_MOST,
    },
    nextCursor,
  }
}

const isTabOf = (record: string, path: string) =>
  path.startsWith(`${record}/`) && /^[a-z-]+$/.test(path.slice(record.length + 1))

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formAtDesk(args)
  const record = recordOf(args)
  const [back, here] = [textOf(form, 'back'), recordPath(record)]
  const path =
    back === 'notes'
      ? notesPath(record.recordType, record.recordId)
      : `${isTabOf(here, back) ? back : here}#notes`
  return answerForm(form, async () => {
    const id = () => asId<NoteId>(textOf(form, 'id'), 'note')
    switch (textOf(form, 'intent')) {
      case 'change':
        await changeNote(app, actor, { id: id(), text: textOf(form, 'text') })
        return done(path, 'The note is changed.')
      case 'delete':
        await deleteNote(app, actor, { id: id() })
        return done(path, 'The note is deleted.')
      case 'add':
        await addNote(app, actor, { ...record, text: textOf(form, 'text') })
        return done(path, 'The note is added.')
      default:
        throw noSuchForm()
    }
  })
}

export default function NotesPage() {
  const { title, about, kind, to, notes, nextCursor } = useLoaderData<typeof loader>()
  const { state } = useAnswer()
  return (
    <Page title={`Notes on ${title}`} lead={about} crumbs={[{ to, label: `${kind} ${title}` }]} isNarrow>
      {state && !['add', 'change'].includes(state.intent ?? '') && <FormNotice state={state} />}
      <Card>
        <Notes notes={notes} back="notes" state={state} />
      </Card>
      <Pager nextCursor={nextCursor} />
    </Page>
  )
}
