// The foot of every record's page: notes for colleagues, and what was changed by whom.
import { useId } from 'react'
import { Form, Link, useLocation } from 'react-router'
import { Actions, Button, SmallButton } from '#web/ui/button.tsx'
import { ConfirmButton } from '#web/ui/dialog.tsx'
import { FormScope, TextArea } from '#web/ui/field.tsx'
import { type FormState, stateFor } from '#web/ui/form-state.ts'
import { Card } from '#web/ui/page.tsx'
import type { EntryShown } from '../history-words.ts'
import type { FootShown, NoteShown, NotesShown } from '../record-foot.ts'
import { Changes } from './changes.tsx'

export function RecordFoot({ foot }: { foot: FootShown }) {
  const { pathname } = useLocation()
  return (
    <>
      {foot.notes && (
        <div id="notes" className="scroll-mt-20">
          <Card title="Notes">
            <Notes notes={foot.notes} back={pathname} />
            {foot.notes.hasMore && (
              <p>
                <Link to={foot.notes.path} className="text-brand-text underline">
                  Show all notes
                </Link>
              </p>
            )}
          </Card>
        </div>
      )}
      <Card title="History">
        <History entries={foot.history} />
        {foot.allHistory && (
          <p>
            <Link to={foot.allHistory} className="text-brand-text underline">
              Show all
            </Link>
          </p>
        )}
      </Card>
    </>
  )
}

/** `back`: where on the record a form leads back to, or `notes`: to the page of its notes. */
export function Notes({
  notes,
  back,
  state,
}: {
  notes: NotesShown
  back: string
  state?: FormState | undefined
}) {
  const change = stateFor(state, 'change')
  return (
    <>
      <Form
        method="post"
        action={notes.path}
        className="grid gap-3"
        preventScrollReset
        key={notes.items[0]?.id}
      >
        <input type="hidden" name="back" value={back} />
        <FormScope name="new-note">
          <TextArea
            label="New note"
            name="text"
            rows={2}
            required
            maxLength={notes.most}
            hint="For colleagues only: customers and resellers never see it."
            state={stateFor(state, 'add')}
          />
        </FormScope>
        <Actions>
          <Button name="intent" value="add">
            Add note
          </Button>
        </Actions>
      </Form>
      {notes.items.length > 0 && (
        <ol className="divide-y divide-line border-t border-line">
          {notes.items.map((note) => (
            <OneNote
              key={`${note.id} ${note.changed}`}
              note={note}
              path={notes.path}
              most={notes.most}
              back={back}
              state={change?.values['id'] === note.id ? change : undefined}
            />
          ))}
        </ol>
      )}
    </>
  )
}

function OneNote({
  note,
  path,
  most,
  back,
  state,
}: {
  note: NoteShown
  path: string
  most: number
  back: string
  state: FormState | undefined
}) {
  const form = useId()
  const hidden = (
    <>
      <input type="hidden" name="id" value={note.id} />
      <input type="hidden" name="back" value={back} />
    </>
  )
  return (
    <li className="grid gap-1.5 py-3 last:pb-0">
      <p className="flex flex-wrap items-baseline justify-between gap-x-4 text-[0.9286em] text-muted">
        <span className="font-medium text-ink">{note.author}</span>
        <span className="tabular-nums">
          {note.at}
          {note.changed && `, changed ${note.changed}`}
        </span>
      </p>
      <p className="whitespace-pre-wrap [overflow-wrap:anywhere]">{note.text}</p>
      {note.mayDelete && (
        <div className="-ml-2.5 flex flex-wrap items-start gap-x-1 gap-y-2">
          {note.mayChange && (
            <details open={state !== undefined} className="open:basis-full">
              <summary className="button" data-look="quiet">
                Change
              </summary>
              <Form
                method="post"
                action={path}
                id={form}
                className="mt-2 ml-2.5 grid gap-3"
                preventScrollReset
              >
                {hidden}
                <FormScope name={note.id}>
                  <TextArea
                    label="Note"
                    name="text"
                    rows={3}
                    required
                    maxLength={most}
                    defaultValue={note.text}
                    state={state}
                  />
                </FormScope>
                <Actions>
                  <SmallButton name="intent" value="change">
                    Save note
                  </SmallButton>
                </Actions>
              </Form>
            </details>
          )}
          <Form method="post" action={path} className="inline-flex" preventScrollReset>
            {hidden}
            <ConfirmButton
              button="Delete"
              tone="quiet"
              title="Delete this note?"
              question={<p className="line-clamp-3 whitespace-pre-wrap">{note.text}</p>}
              ok="Delete note"
              value="delete"
            />
          </Form>
        </div>
      )}
    </li>
  )
}

function History({ entries }: { entries: readonly EntryShown[] }) {
  if (entries.length === 0) return <p className="text-muted">Nobody has changed anything yet.</p>
  return (
    <ol className="divide-y divide-line">
      {entries.map((entry) => (
        <li key={entry.key} className="grid gap-1 py-3 first:pt-0 last:pb-0">
          <p className="flex flex-wrap items-baseline justify-between gap-x-4">
            <span>
              <span className="font-medium">{entry.what}</span>{' '}
              <span className="text-muted">by {entry.who}</span>
            </span>
            <span className="text-[0.9286em] text-muted tabular-nums">{entry.at}</span>
          </p>
          <Changes changes={entry.changes} />
        </li>
      ))}
    </ol>
  )
}
