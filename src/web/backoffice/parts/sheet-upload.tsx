// Sends a price sheet. With scripts the file goes straight to the API, as large as sheets are, and the page shows how much of it has
// arrived; without, it goes with the form.
import { type FormEvent, useState } from 'react'
import { Form, useNavigate } from 'react-router'
import { Actions, Submit } from '#web/ui/button.tsx'
import { Field, type Option, SelectField } from '#web/ui/field.tsx'
import type { FormState } from '#web/ui/form-state.ts'
import { FormNotice } from '#web/ui/notice.tsx'
import { FieldGrid } from '#web/ui/page.tsx'
import { Progress } from '#web/ui/progress.tsx'

type Problem = { detail?: string; errors?: { pointer: string; message: string }[] }

export type SheetPlaceShown = { market: string; view: string; month: string }

export function SheetUpload({
  place,
  markets,
  views,
  corrects,
  state: answered,
}: {
  /** What stands there at first; fixed where the file corrects a release. */
  place: SheetPlaceShown
  markets: readonly Option[]
  views: readonly Option[]
  corrects?: string
  state: FormState | undefined
}) {
  const navigate = useNavigate()
  const [sent, setSent] = useState<{ done: number; of: number }>()
  const [failed, setFailed] = useState<FormState>()
  const state = failed ?? answered

  function send(event: FormEvent<HTMLFormElement>) {
    const form = new FormData(event.currentTarget)
    const file = form.get('file')
    // What is missing is said by the server, as without scripts.
    if (!(file instanceof File) || file.size === 0) return
    event.preventDefault()
    const field = (name: string) => String(form.get(name) ?? '')
    const query = new URLSearchParams({
      market: field('market'),
      view: field('view'),
      month: field('month'),
      fileName: file.name.slice(0, 200),
      ...(corrects ? { corrects } : {}),
    })
    const fail = (problem: Problem) => {
      setSent(undefined)
      const errors = Object.fromEntries(
        (problem.errors ?? []).map(({ pointer, message }) => [pointer.slice(1), message]),
      )
      setFailed({
        intent: 'upload',
        values: {},
        errors,
        ...(Object.keys(errors).length > 0 ? {} : { message: problem.detail ?? 'The file did not arrive.' }),
      })
    }
    const request = new XMLHttpRequest()
    request.open('POST', `/api/v1/price-sheets?${query}`)
    request.setRequestHeader('content-type', 'application/octet-stream')
    request.setRequestHeader('idempotency-key', crypto.randomUUID())
    request.setRequestHeader('x-emporion-door', 'backoffice')
    request.upload.onprogress = ({ loaded, total }) => setSent({ done: loaded, of: total })
    request.onerror = () =>
      fail({ detail: 'The connection was lost. Nothing was changed: send the file again.' })
    request.onload = () => {
      const answer = read(request.responseText)
      if (request.status === 202 && answer.id) void navigate(`/setup/price-sheets/${answer.id}`)
      else fail(answer)
    }
    setFailed(undefined)
    setSent({ done: 0, of: file.size })
    request.send(file)
  }

  const megabytes = (bytes: number) => Math.round(bytes / 100_000) / 10
  return (
    <Form
      method="post"
      action="/setup/price-sheets"
      encType="multipart/form-data"
      onSubmit={send}
      className="grid gap-4"
    >
      <FormNotice state={state} />
      {corrects ? (
        <>
          {Object.entries(place).map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          <input type="hidden" name="corrects" value={corrects} />
        </>
      ) : (
        <FieldGrid columns={3}>
          <SelectField
            label="Market"
            name="market"
            defaultValue={place.market}
            options={markets}
            hint="The country of the customers"
            state={state}
          />
          <SelectField label="View" name="view" defaultValue={place.view} options={views} state={state} />
          <Field label="Month" name="month" type="month" defaultValue={place.month} state={state} />
        </FieldGrid>
      )}
      <Field
        label={corrects ? 'Corrected rows' : 'File'}
        name="file"
        type="file"
        accept=".csv,.zip,text/csv,application/zip"
        hint={
          corrects
            ? 'The error file, with its rows corrected. Leave the columns Line and Reason where they are.'
            : 'CSV, or a ZIP holding one, as the vendor publishes it'
        }
        state={state}
      />
      {sent && (
        <Progress label="Sending the file (MB)" done={megabytes(sent.done)} of={megabytes(sent.of) || 0.1} />
      )}
      <Actions>
        <Submit name="intent" value="upload" aria-disabled={sent ? true : undefined}>
          {corrects ? 'Send the corrected rows' : 'Upload'}
        </Submit>
      </Actions>
    </Form>
  )
}

function read(text: string): Problem & { id?: string } {
  try {
    return JSON.parse(text)
  } catch {
    return { detail: 'The server did not take the file. Please try again.' }
  }
}
