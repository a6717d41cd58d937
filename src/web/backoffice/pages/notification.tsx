// The editor of a notification. A preview shows the draft as typed; only Save stores it.
import {
  type ActionFunctionArgs,
  data,
  Form,
  Link,
  type LoaderFunctionArgs,
  useLoaderData,
} from 'react-router'
import { countReach } from '#flows/notifying/count-reach.ts'
import { PAYMENT_REMINDER } from '#flows/notifying/payment-reminders.ts'
import { reachOf } from '#flows/notifying/reach.ts'
import { previewNotification, sendTestMail } from '#flows/setup/preview-notification.ts'
import { readNotification, saveNotification } from '#flows/setup/save-notification.ts'
import { removeNotificationText, saveNotificationText } from '#flows/setup/save-notification-text.ts'
import { mayDo } from '#modules/users'
import { viewNotification } from '#views/setup/notifications.ts'
import { deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { languageLabel } from '#web/backoffice/language-label.ts'
import { notificationDays } from '#web/backoffice/notification-days.ts'
import { recordFoot } from '#web/backoffice/record-foot.ts'
import { answerForm, done, textOf, typedState } from '#web/forms.ts'
import { Actions, Button, Submit } from '#web/ui/button.tsx'
import { Checkbox, EmailField, Field, SelectField, TextArea } from '#web/ui/field.tsx'
import { type FormState, valueOf } from '#web/ui/form-state.ts'
import { FormNotice, Notice } from '#web/ui/notice.tsx'
import { Card, Columns, FieldGrid, Page } from '#web/ui/page.tsx'
import { AutoRefresh } from '#web/ui/progress.tsx'
import { ActivationDialog, type ReachShown } from '../parts/activation-dialog.tsx'
import { MailShown } from '../parts/mail-shown.tsx'
import { NotificationTexts } from '../parts/notification-texts.tsx'
import { RecordFoot } from '../parts/record-foot.tsx'
import { State } from '../parts/state.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'Notification' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const { notification, variables, texts, recentRecords, run } = await viewNotification(app.db, actor, {
    code: args.params['code'] ?? '',
  })
  const { updatedAt: _, inForceSince: _since, days, ...shownNotification } = notification
  const about = reachOf(notification.code)
  const sum = (wanted: readonly number[]) => wanted.join(', ')
  const foot = await recordFoot(args, 'notification', notification.code)
  const shownTexts = texts.map((text) => ({ ...text, label: languageLabel(text.language) }))
  return {
    ...shownNotification,
    variables,
    texts: shownTexts,
    recentRecords,
    foot,
    whyNotExisting: 'whyNot' in about ? about.whyNot : undefined,
    isReminder: notification.code === PAYMENT_REMINDER,
    daysBefore: sum(days.filter((each) => each < 0).map((each) => -each)),
    daysAfter: sum(days.filter((each) => each >= 0)),
    run: run && { state: run.state, mails: run.mailCount, problem: run.problem },
    maySeeJobs: mayDo(actor, 'see-jobs'),
  }
}

type Previewed = {
  preview?: { subject: string; html: string; text: string }
  test?: { accepted: boolean; answer: string }
  reach?: ReachShown
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formAtDesk(args)
  const code = args.params['code'] ?? ''
  return answerForm(
    form,
    async () => {
      const intent = textOf(form, 'intent')
      const draft = {
        code,
        subject: textOf(form, 'subject'),
        body: textOf(form, 'body'),
        ...recordIn(textOf(form, 'record')),
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
      const here = `/setup/notifications/${code}`
      const language = textOf(form, 'language')
      if (intent === 'preview-text')
        return data({ ...typedState(form), preview: await previewNotification(app, actor, draft) })
      if (intent === 'text') {
        const saved = await saveNotificationText(app, actor, { ...draft, language })
        return done(here, `The words in ${languageLabel(saved.language)} are saved.`)
      }
      if (intent === 'remove-text') {
        await removeNotificationText(app, actor, { code, language })
        return done(here, `Readers of ${languageLabel(language)} get the words above again.`)
      }
      const { notification: before } = await viewNotification(app.db, actor, { code })
      const isOffered = !('whyNot' in reachOf(code))
      const input = {
        ...draft,
        version: Number(textOf(form, 'version')),
        isActive: form.has('isActive'),
        to: textOf(form, 'to'),
        cc: textOf(form, 'cc'),
        bcc: textOf(form, 'bcc'),
        onlyNew: !isOffered || form.has('onlyNew'),
        days: code === PAYMENT_REMINDER ? notificationDays(form) : [],
      }
      // Activating asks first, with whom it would reach.
      if (intent === 'save' && input.isActive && !before.isActive) {
        const { lists, days } = readNotification(input)
        const wanted = { toExtra: lists.to, cc: lists.cc, bcc: lists.bcc, days }
        const reach = await countReach(app, actor, { code, draft: wanted })
        return data({ ...typedState(form), reach: { ...reach, onlyNew: input.onlyNew } })
      }
      const saved = await saveNotification(app, actor, input)
      return done(here, saidOf(saved.name, { isActivated: saved.isActive && !before.isActive, ...input }))
    },
    fieldOf,
  )
}

const fieldOf = (name: string) => (name === 'days' ? 'daysAfter' : name)

function saidOf(name: string, saved: { isActivated: boolean; onlyNew: boolean }): string {
  if (!saved.isActivated) return `"${name}" is saved.`
  return saved.onlyNew
    ? `"${name}" is active: what happens from now on is mailed.`
    : `"${name}" is active, and what matches already is being mailed.`
}

/** `invoiceId:0193…` as the field of records says it. */
function recordIn(choice: string) {
  const [kind = '', id] = choice.split(':')
  return Object.values(recordKeys).includes(kind) && id ? { [kind]: id } : {}
}

const recordKeys: Readonly<Record<string, string>> = {
  asset: 'assetId',
  order: 'orderId',
  subscription: 'subscriptionId',
  invoice: 'invoiceId',
}

type Shown = ReturnType<typeof useLoaderData<typeof loader>>

export default function NotificationPage() {
  const mail = useLoaderData<typeof loader>()
  const { state, more } = useAnswer<Previewed>()
  const isOfText = ['text', 'remove-text', 'preview-text'].includes(state?.intent ?? '')
  const isRefused = state && !more?.preview && !more?.reach && !isOfText
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
      {mail.run && <RunNotice run={mail.run} maySeeJobs={mail.maySeeJobs} />}
      <Columns aside={<Variables mail={mail} />} isAsideLast>
        {more?.preview && <Preview {...more.preview} />}
        <Editor key={mail.version} mail={mail} state={isOfText ? undefined : state} reach={more?.reach} />
        <NotificationTexts
          key={mail.texts.map(({ language }) => language).join()}
          texts={mail.texts}
          own={mail}
          state={isOfText ? state : undefined}
          isRefused={!more?.preview}
        />
        <RecordFoot foot={mail.foot} />
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

function RunNotice({ run, maySeeJobs }: { run: NonNullable<Shown['run']>; maySeeJobs: boolean }) {
  const mails = run.mails === 1 ? '1 mail' : `${run.mails.toLocaleString('en')} mails`
  const words: Readonly<Record<string, string>> = {
    running: `What matched when it was activated is being mailed: ${mails} until now.`,
    done: `What matched when it was last activated was mailed: ${mails}.`,
    stopped: `Mailing what matched was stopped after ${mails}. ${run.problem}`,
    failed: `Mailing what matched failed after ${mails}. ${run.problem}`,
  }
  const tone = { running: 'info', done: 'neutral', stopped: 'warning', failed: 'danger' } as const
  return (
    <Notice tone={tone[run.state]}>
      <p>
        {words[run.state]}{' '}
        {maySeeJobs && run.state !== 'stopped' && <Link to="/jobs?queue=mail-existing">Look at its job</Link>}
      </p>
      <AutoRefresh isOn={run.state === 'running'} />
    </Notice>
  )
}

function Editor({
  mail,
  state,
  reach,
}: {
  mail: Shown
  state: FormState | undefined
  reach: ReachShown | undefined
}) {
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
      </Card>
      {mail.isReminder && (
        <Card title="Days">
          <FieldGrid>
            <Field
              label="Days before the due day"
              name="daysBefore"
              isOptional
              defaultValue={mail.daysBefore}
              hint="Such as 3. An invoice is mailed once for each day, while something of it is open."
              state={state}
            />
            <Field
              label="Days after the due day"
              name="daysAfter"
              isOptional
              defaultValue={mail.daysAfter}
              hint="Such as 7, 14; 0 is the due day itself."
              state={state}
            />
          </FieldGrid>
        </Card>
      )}
      <Card title="When it is sent">
        <Checkbox label="Active" name="isActive" defaultChecked={mail.isActive} state={state} />
        {mail.whyNotExisting ? (
          <p className="text-muted">It is sent for what happens from now on only. {mail.whyNotExisting}</p>
        ) : (
          <Checkbox
            label="Only new records"
            name="onlyNew"
            defaultChecked={mail.onlyNew}
            hint={
              mail.isActive
                ? 'Counts when it is activated the next time: without it, what matches at that moment is mailed as well.'
                : 'Without it, what matches at the moment of activating is mailed as well. You see first how many mails that would be.'
            }
            state={state}
          />
        )}
      </Card>
      <Card title="Recipients">
        <FieldGrid columns={3}>
          <Field
            label="TO"
            name="to"
            isOptional
            hint="Besides the usual recipient."
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
            name="record"
            placeholder="Sample values"
            options={mail.recentRecords.map((each) => ({
              value: `${recordKeys[mail.entity]}:${each.id}`,
              label: `${each.name}, ${each.customer}`,
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
      {reach && <ActivationDialog name={mail.name} reach={reach} />}
    </Form>
  )
}

function Preview({ subject, html, text }: NonNullable<Previewed['preview']>) {
  return (
    <Card title={`Preview: ${subject}`}>
      <MailShown html={html} text={text} />
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
              {each.description}{' '}
              <span className="block text-[0.9286em] break-words">Example: {each.sample}</span>
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  )
}
