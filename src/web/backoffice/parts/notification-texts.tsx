// A notification's words in other languages; readers of every other language get its own.
import { Form } from 'react-router'
import { Actions, Button, Submit } from '#web/ui/button.tsx'
import { Field, FormScope, TextArea } from '#web/ui/field.tsx'
import type { FormState } from '#web/ui/form-state.ts'
import { FormNotice } from '#web/ui/notice.tsx'
import { Card } from '#web/ui/page.tsx'

type Words = { readonly subject: string; readonly body: string }
type TextShown = Words & { readonly language: string; readonly label: string }

export function NotificationTexts({
  texts,
  own,
  ownLanguage,
  state,
  isRefused,
}: {
  texts: readonly TextShown[]
  /** What a new language begins with. */
  own: Words
  /** What the notification's own words are written in. */
  ownLanguage: string
  state: FormState | undefined
  isRefused: boolean
}) {
  const typed = state?.values['language']
  const isNew = state !== undefined && 'isNew' in state.values
  return (
    <Card title="In other languages">
      {isRefused && <FormNotice state={state} />}
      <p className="text-muted">
        Whoever is written to in one of these languages reads its words; everybody else reads those above,
        which are in {ownLanguage}.
      </p>
      {texts.map((text) => {
        const isOfThis = typed === text.language && !isNew
        return (
          <details key={text.language} open={isOfThis}>
            <summary className="inline-flex min-h-8 items-center gap-2 font-medium text-brand-text">
              {text.label}: {text.subject}
            </summary>
            <FormScope name={text.language}>
              <TextForm known={text} language={text.language} state={isOfThis ? state : undefined} />
            </FormScope>
          </details>
        )
      })}
      <details open={isNew}>
        <summary className="inline-flex min-h-8 items-center font-medium text-brand-text">
          Another language
        </summary>
        <FormScope name="new">
          <TextForm known={own} language={undefined} state={isNew ? state : undefined} />
        </FormScope>
      </details>
    </Card>
  )
}

function TextForm({
  known,
  language,
  state,
}: {
  known: Words
  language: string | undefined
  state: FormState | undefined
}) {
  return (
    <Form method="post" className="mt-3 grid gap-4">
      {language ? (
        <input type="hidden" name="language" value={language} />
      ) : (
        <>
          <input type="hidden" name="isNew" value="yes" />
          <Field
            label="Language"
            name="language"
            hint="Such as fr, or de-CH for Switzerland alone"
            state={state}
          />
        </>
      )}
      <Field label="Subject" name="subject" defaultValue={known.subject} lang={language} state={state} />
      <TextArea
        label="Text (Markdown)"
        name="body"
        defaultValue={known.body}
        rows={14}
        className="font-mono text-[0.9286em]"
        state={state}
      />
      <Actions>
        <Submit name="intent" value="text">
          Save
        </Submit>
        <Button name="intent" value="preview-text">
          Preview
        </Button>
        {language && (
          <Button name="intent" value="remove-text" tone="quiet">
            Remove these words
          </Button>
        )}
      </Actions>
    </Form>
  )
}
