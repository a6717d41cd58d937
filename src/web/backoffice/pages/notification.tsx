// The editor of a notification. A preview shows the draft as typed; only Save stores it.
import { type ActionFunctionArgs, data, Form, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { previewNotification, sendTestMail } from '#flows/setup/preview-notification.ts'
import { saveNotification } from '#flows/setup/save-notification.ts'
import { viewNotification } from '#views/setup/notifications.ts'
import { deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { answerForm, done, textOf, typedState } from '#web/forms.ts'
import { Actions, Button, Submit } from '#web/ui/button.tsx'
import { Checkbox, EmailField, Field, SelectField, TextArea } from '#web/ui/field.tsx'
import { type FormState, valueOf } from '#web/ui/form-state.ts'
import { FormNotice, Notice } from '#web/ui/notice.tsx'
import { Card, Columns, FieldGrid, Page } from '#web/ui/page.tsx'
import { State } from '../parts/state.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'Notification' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const { notification, variables, recentAssets } = await viewNotification(app.db, actor, {
    code: args.params['code'] ?? '',
  })
  const { updatedAt: _, ...shownNotification } = notification
  return { ...shownNotification, variables, recentAssets }
}

type Previewed = {
  preview?: { subject: string; html: string; text: string }
  test?: { accepted: boolean; answer: string }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formAtDesk(args)
  const code = args.params['code'] ?? ''
  return answerForm(form, async () => {
    const intent = textOf(form, 'intent')
    const draft = {
      code,
      subject: textOf(form, 'subject'),
      body: textOf(form, 'body'),
      assetId: (textOf(form, 'assetId') || undefined) as never,
    }
    if (intent === 'preview' || intent === 'test') {
      const preview = await previewNotification(app, actor, draft)
      const sent =
        intent === 'test'
          ? await sendTestMail(app, actor, { ...draft, to: textOf(form, 'testTo') })
          : undefined
      const test = sent && { accepted: sent.accepted, answer: sent.answer }
      return data({ ...typedState(form), preview, ...(test && { test }) })
    }
    const saved = await saveNotification(app, actor, {
      ...draft,
      version: Number(textOf(form, 'version')),
      isActive: form.has('isActive'),
      to: textOf(form, 'to'),
      cc: textOf(form, 'cc'),
      bcc: textOf(form, 'bcc'),
    })
    return done(`/setup/notifications/${code}`, `"${saved.name}" is saved.`)
  })
}

type Shown = ReturnType<typeof useLoaderData<typeof loader>>

export default function NotificationPage() {
  const mail = useLoaderData<typeof loader>()
  const { state, more } = useAnswer<Previewed>()
  const isRefused = state && !more?.preview
  return (
    <Page
      title={mail.name}
      lead={<State>{mail.isActive ? 'active' : 'inactive'}</State>}
      crumbs={[{ to: `/setup/notifications#${mail.entity}`, label: entities[mail.entity] ?? mail.entity }]}
    >
      {isRefused && <FormNotice state={state} />}
      {more?.test && (
        <Notice tone={more.test.accepted ? 'success' : 'danger'} isAlert>
          {`${more.test.accepted ? 'The test mail was accepted' : 'The test mail was refused'}: ${more.test.answer}`}
        </Notice>
      )}
      <Columns aside={<Variables mail={mail} />}>
        {more?.preview && <Preview {...more.preview} />}
        <Editor key={mail.version} mail={mail} state={state} />
      </Columns>
    </Page>
  )
}

const entities: Readonly<Record<string, string>> = {
  asset: 'Assets',
  order: 'Orders',
  subscription: 'Subscriptions',
  invoice: 'Invoices',
  account: 'Accounts',
}

function Editor({ mail, state }: { mail: Shown; state: FormState | undefined }) {
  return (
    <Form method="post" className="grid gap-5">
      {/* After a conflict the form still carries the version it was opened with: the editor reloads to see the other text. */}
      <input type="hidden" name="version" value={valueOf(state, 'version', String(mail.version))} />
      <Card title="Text">
        <Field label="Subject" name="subject" defaultValue={mail.subject} state={state} />
        <TextArea
          label="Text (Markdown)"
          name="body"
          defaultValue={mail.body}
          rows={18}
          className="font-mono text-[0.9286em]"
          state={state}
          hint="A button: [[button: Words | {{ licence.activationLink }}]] on a line of its own. A condition: {% if order.number %} … {% endif %}."
        />
        <Checkbox label="Active" name="isActive" defaultChecked={mail.isActive} state={state} />
      </Card>
      <Card title="Recipients">
        <FieldGrid columns={3}>
          <Field
            label="TO, besides the usual recipient"
            name="to"
            isOptional
            defaultValue={mail.toExtra.join(', ')}
            state={state}
          />
          <Field label="CC" name="cc" isOptional defaultValue={mail.cc.join(', ')} state={state} />
          <Field label="BCC" name="bcc" isOptional defaultValue={mail.bcc.join(', ')} state={state} />
        </FieldGrid>
      </Card>
      <Card title="Preview and test">
        <FieldGrid>
          <SelectField
            label="Preview with"
            name="assetId"
            placeholder="Sample values"
            options={mail.recentAssets.map((each) => ({
              value: each.id,
              label: `${each.number} ${each.name}, ${each.customer}`,
            }))}
            state={state}
          />
          <EmailField label="Test mail to" name="testTo" isOptional autoComplete="off" state={state} />
        </FieldGrid>
        <Actions>
          <Button name="intent" value="preview">
            Preview
          </Button>
          <Button name="intent" value="test">
            Send test mail
          </Button>
        </Actions>
      </Card>
      <Actions>
        <Submit name="intent" value="save">
          Save
        </Submit>
      </Actions>
    </Form>
  )
}

/** The page's policy holds inside the frame too: style sheets are refused there, styles on the elements are not, and a mail has both. */
const withoutStyleSheet = (html: string) => html.replace(/<style[\s\S]*?<\/style>/g, '')

function Preview({ subject, html, text }: NonNullable<Previewed['preview']>) {
  return (
    <Card title={`Preview: ${subject}`}>
      <iframe
        title="The mail as HTML"
        sandbox=""
        srcDoc={withoutStyleSheet(html)}
        className="h-150 w-full rounded-lg border border-line bg-white"
      />
      <details>
        <summary className="inline-flex min-h-8 items-center font-medium text-brand-text">
          The text part
        </summary>
        <pre className="overflow-auto rounded-lg bg-sunken p-3 text-[0.9286em] whitespace-pre-wrap">
          {text}
        </pre>
      </details>
    </Card>
  )
}

function Variables({ mail }: { mail: Shown }) {
  return (
    <Card title="Variables">
      <dl className="grid gap-3">
        {mail.variables.map((each) => (
          <div key={each.name}>
            <dt>
              <code className="text-[0.9286em]">{`{{ ${each.name} }}`}</code>
            </dt>
            <dd className="text-muted">
              {each.description} <span className="break-words">Example: {each.sample}</span>
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  )
}
