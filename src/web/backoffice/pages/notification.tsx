// The editor of a notification. A preview shows the draft as typed; only Save stores it.
import {
  type ActionFunctionArgs,
  data,
  Form,
  type LoaderFunctionArgs,
  useActionData,
  useLoaderData,
} from 'react-router'
import { previewNotification, sendTestMail } from '#flows/setup/preview-notification.ts'
import { saveNotification } from '#flows/setup/save-notification.ts'
import { viewNotification } from '#views/setup/notifications.ts'
import { answer, deskOf, done, type FormState, shown, textOf } from '#web/backoffice/pages/shared/desk.ts'
import { Check, Field, FormNotice, Notice, Page, Panel, Submit } from './shared/kit.tsx'

export const meta = () => [{ title: 'Notification' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const { notification, variables, recentAssets } = await shown(
    viewNotification(app.db, actor, { code: args.params['code'] ?? '' }),
  )
  const { updatedAt: _, ...shownNotification } = notification
  return { ...shownNotification, variables, recentAssets }
}

type Preview = FormState & { preview?: { subject: string; html: string; text: string }; notice?: string }

export async function action(args: ActionFunctionArgs) {
  const { app, actor } = deskOf(args)
  const form = await args.request.formData()
  const code = args.params['code'] ?? ''
  return answer(form, async () => {
    const intent = textOf(form, 'intent')
    const draft = {
      code,
      subject: textOf(form, 'subject'),
      body: textOf(form, 'body'),
      assetId: (textOf(form, 'assetId') || undefined) as never,
    }
    if (intent === 'preview' || intent === 'test') {
      const typed: Record<string, string[]> = {}
      for (const [name, value] of form) if (typeof value === 'string') (typed[name] ??= []).push(value)
      const preview = await previewNotification(app, actor, draft)
      const sent =
        intent === 'test'
          ? await sendTestMail(app, actor, { ...draft, to: textOf(form, 'testTo') })
          : undefined
      const notice =
        sent &&
        `${sent.accepted ? 'The test mail was accepted' : 'The test mail was refused'}: ${sent.answer}`
      const state: Preview = {
        intent,
        code: '',
        message: '',
        faults: {},
        typed,
        details: {},
        preview,
        ...(notice ? { notice } : {}),
      }
      return data(state)
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

export default function NotificationPage() {
  const mail = useLoaderData<typeof loader>()
  const state = useActionData() as Preview | undefined
  const preview = state?.preview
  return (
    <Page title={mail.name} lead="Setup > Administration > Notifications > Customer Notifications">
      {state?.message && <FormNotice state={state} />}
      {state?.notice && <Notice tone="good">{state.notice}</Notice>}
      <Form method="post" className="grid gap-4" key={mail.version}>
        {/* After a conflict the form still carries the version it was opened with: the editor reloads to see the other text. */}
        <input type="hidden" name="version" value={state?.typed['version']?.[0] ?? String(mail.version)} />
        <Check label="Active" name="isActive" checked={mail.isActive} state={state} />
        <Field label="Subject" name="subject" value={mail.subject} state={state} />
        <Field
          label="Text (Markdown)"
          name="body"
          value={mail.body}
          rows={18}
          state={state}
          hint="A button: [[button: Words | {{ licence.activationLink }}]] on a line of its own. A condition: {% if order.number %} … {% endif %}."
        />
        <div className="grid gap-4 sm:grid-cols-3">
          <Field
            label="TO, besides the usual recipient"
            name="to"
            value={mail.toExtra.join(', ')}
            state={state}
          />
          <Field label="CC" name="cc" value={mail.cc.join(', ')} state={state} />
          <Field label="BCC" name="bcc" value={mail.bcc.join(', ')} state={state} />
        </div>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field
            label="Preview with"
            name="assetId"
            state={state}
            options={[
              ['', 'Sample values'],
              ...mail.recentAssets.map(
                (each) => [each.id, `${each.number} ${each.name}, ${each.customer}`] as const,
              ),
            ]}
          />
          <Field label="Test mail to" name="testTo" type="email" state={state} />
        </div>
        <div className="flex flex-wrap gap-2">
          <Submit>Save</Submit>
          <Submit intent="preview" plain>
            Preview
          </Submit>
          <Submit intent="test" plain>
            Send test mail
          </Submit>
        </div>
      </Form>
      {preview && (
        <Panel title={`Preview: ${preview.subject}`}>
          <iframe
            title="The mail as HTML"
            sandbox=""
            srcDoc={preview.html}
            className="h-150 w-full border bg-white"
          />
          <pre className="overflow-auto whitespace-pre-wrap text-sm">{preview.text}</pre>
        </Panel>
      )}
      <Panel title="Variables">
        <dl className="grid gap-2">
          {mail.variables.map((each) => (
            <div key={each.name}>
              <dt>
                <code>{`{{ ${each.name} }}`}</code>
              </dt>
              <dd className="text-sm">
                {each.description} Example: {each.sample}
              </dd>
            </div>
          ))}
        </dl>
      </Panel>
    </Page>
  )
}
