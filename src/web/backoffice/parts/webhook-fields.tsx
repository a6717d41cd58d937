import { KeyText } from '#web/ui/copy-button.tsx'
import { Field } from '#web/ui/field.tsx'
import type { FormState } from '#web/ui/form-state.ts'
import { Notice } from '#web/ui/notice.tsx'
import { FieldGrid } from '#web/ui/page.tsx'
import type { EventGroup } from '../webhook-shown.ts'
import { Ticks } from './ticks.tsx'

/** The fields of a webhook, new or not. */
export function WebhookFields({
  groups,
  known = { name: '', url: '', events: [] },
  state,
}: {
  groups: readonly EventGroup[]
  known?: { readonly name: string; readonly url: string; readonly events: readonly string[] }
  state: FormState | undefined
}) {
  return (
    <>
      <FieldGrid>
        <Field
          label="Name"
          name="name"
          required
          maxLength={80}
          autoComplete="off"
          defaultValue={known.name}
          hint="What listens there, for example ERP."
          state={state}
        />
        <Field
          label="Address"
          name="url"
          type="url"
          required
          maxLength={2000}
          autoComplete="off"
          defaultValue={known.url}
          hint="https, reached from the Internet unless private addresses are allowed (WEBHOOKS_TO_PRIVATE)."
          state={state}
        />
      </FieldGrid>
      {state?.errors['events'] && <p className="font-medium text-bad">{state.errors['events']}</p>}
      <div className="grid gap-x-8 gap-y-6 md:grid-cols-2 xl:grid-cols-3">
        {groups.map(({ legend, choices }) => (
          <Ticks
            key={legend}
            legend={legend}
            name="events"
            choices={choices}
            chosen={known.events}
            state={state && { ...state, errors: {} }}
          />
        ))}
      </div>
    </>
  )
}

/** Shown once, in the answer to its making. */
export function WebhookSecret({ title, secret }: { title: string; secret: string }) {
  return (
    <Notice tone="success" isAlert title={title}>
      <KeyText text={secret} />
      <p>It is shown this once. By it the other side checks that a call is ours.</p>
    </Notice>
  )
}
