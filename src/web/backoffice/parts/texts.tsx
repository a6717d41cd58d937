// A product's words in the other languages of the shop; what is empty shows our own words.
import { Form } from 'react-router'
import { Actions, Button, Submit } from '#web/ui/button.tsx'
import { Field, FormScope, TextArea } from '#web/ui/field.tsx'
import type { FormState } from '#web/ui/form-state.ts'
import { FormNotice } from '#web/ui/notice.tsx'
import { Card } from '#web/ui/page.tsx'

export type TextShown = {
  language: string
  label: string
  name: string
  summary: string
  description: string
}

export function Texts({ texts, state }: { texts: readonly TextShown[]; state: FormState | undefined }) {
  const typed = state?.values['language']
  const isOf = (language: string) => typed === language
  const isNew = state !== undefined && !texts.some((text) => isOf(text.language))
  return (
    <Card title="In other languages">
      <FormNotice state={state} />
      <p className="text-muted">
        Readers see the words of their language, where there are some; everybody else sees those above.
      </p>
      {texts.map((text) => (
        <details key={text.language} open={isOf(text.language)}>
          <summary className="inline-flex min-h-8 items-center gap-2 font-medium text-brand-text">
            {text.label}: {text.name}
          </summary>
          <FormScope name={text.language}>
            <TextForm text={text} state={isOf(text.language) ? state : undefined} />
          </FormScope>
        </details>
      ))}
      <details open={isNew}>
        <summary className="inline-flex min-h-8 items-center font-medium text-brand-text">
          Another language
        </summary>
        <FormScope name="new">
          <TextForm text={undefined} state={isNew ? state : undefined} />
        </FormScope>
      </details>
    </Card>
  )
}

function TextForm({ text, state }: { text: TextShown | undefined; state: FormState | undefined }) {
  return (
    <Form method="post" className="mt-3 grid gap-4">
      {text ? (
        <input type="hidden" name="language" value={text.language} />
      ) : (
        <Field
          label="Language"
          name="language"
          hint="Such as de, or de-CH for Switzerland alone"
          state={state}
        />
      )}
      <Field label="Name" name="name" defaultValue={text?.name} lang={text?.language} state={state} />
      <TextArea label="Summary" name="summary" defaultValue={text?.summary ?? ''} rows={2} state={state} />
      <TextArea
        label="Description"
        name="description"
        defaultValue={text?.description ?? ''}
        rows={6}
        state={state}
      />
      <Actions>
        <Submit name="intent" value="text">
          Save
        </Submit>
        {text && (
          <Button name="intent" value="remove-text" tone="quiet">
            Remove these words
          </Button>
        )}
      </Actions>
    </Form>
  )
}
