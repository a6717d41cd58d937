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
import { deleteNotification } from '#flows/setup/create-notification.ts'
import { previewNotification, sendTestMail } from '#flows/setup/preview-notification.ts'
import { checkNotification, saveNotification } from '#flows/setup/save-notification.ts'
import { removeNotificationText, saveNotificationText } from '#flows/setup/save-notification-text.ts'
import { invalid } from '#kernel/failure.ts'
import { asksForProductKind, eventLike, isDated } from '#modules/notifications'
import { mayDo } from '#modules/users'
import { findPreviewRecord, viewNotification } from '#views/setup/notifications.ts'
import { deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { languageLabel } from '#web/backoffice/language-label.ts'
import { notificationDays } from '#web/backoffice/notification-days.ts'
import {
  conditionsTyped,
  eventWords,
  previewFound,
  productKindChoices,
} from '#web/backoffice/notification-shown.ts'
import { recordFoot } from '#web/backoffice/record-foot.ts'
import { answerForm, done, textOf, typedState } from '#web/forms.ts'
import { languageChoices } from '#web/language-choices.ts'
import { Actions, Button, LinkButton, Submit } from '#web/ui/button.tsx'
import { Combobox } from '#web/ui/combobox.tsx'
import { ConfirmButton } from '#web/ui/dialog.tsx'
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
  const { notification, variables, texts, recentRecords, run, recipients, account } = await viewNotification(
    app.db,
    actor,
    {
      code: args.params['code'] ?? '',
    },
  )
  const { updatedAt: _, inForceSince: _since, days, conditions, ...shownNotification } = notification
  const about = reachOf(notification)
  const sum = (wanted: readonly number[]) => wanted.join(', ')
  const foot = await recordFoot(args, 'notification', notification.code)
  const shownTexts = texts.map((text) => ({ ...text, label: languageLabel(text.language) }))
  return {
    ...shownNotification,
    variables,
    texts: shownTexts,
    recentRecords: recentRecords.map(previewFound),
    recipients,
    own: notification.event && {
      words: eventWords(notification.event),
      account: account && { id: account.id as string, name: account.name },
      countries: (conditions.countries ?? []).join(', '),
      language: conditions.language ?? '',
      productKind: conditions.productKind ?? '',
      asksForKind: asksForProductKind(notification.entity),
    },
    isToEnd: notification.event === 'subscription.renewal-due',
    mayBeCopied: Boolean(notification.event ?? eventLike(notification.code)),
    languageName: languageLabel(notification.language),
    languages: languageChoices(notification.language),
    kinds: productKindChoices,
    foot,
    whyNotExisting: 'whyNot' in about ? about.whyNot : undefined,
    isReminder: notification.code === PAYMENT_REMINDER || isDated(notification.event),
    daysBefore: sum(days.filter((each) => each < 0).map((each) => -each)),
    daysAfter: sum(days.filter((each) => each >= 0)),
    run: run && { state: run.state, mails: run.mailCount, problem: run.problem },
    maySeeJobs: mayDo(actor, 'see-jobs'),
  }
}

type Previewed = {
  chosen?: { id: string; name: string; about?: string }
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
        ...recordIn(textOf(form, 'entity'), textOf(form, 'record')),
      }
      if (intent === 'preview' || intent === 'test') {
        const spoken = { ...draft, language: textOf(form, 'wordsLanguage') }
        const preview = await previewNotification(app, actor, spoken)
        const sent =
          intent === 'test'
            ? await sendTestMail(app, actor, { ...spoken, to: textOf(form, 'testTo') })
            : undefined
        const test = sent && { accepted: sent.accepted, answer: sent.answer }
        const record = await findPreviewRecord(app.db, actor, { code, id: textOf(form, 'record') })
        const chosen = record && previewFound(record)
        return data({ ...typedState(form), preview, ...(test && { test }), ...(chosen && { chosen }) })
      }
      const here = `/setup/notifications/${code}`
      const language = textOf(form, 'language')
      if (intent === 'preview-text')
        return data({
          ...typedState(form),
          preview: await previewNotification(app, actor, { ...draft, language }),
        })
      if (intent === 'text') {
        if (form.has('isNew')) await refuseSecond(args, { code, language: language.trim() })
        const saved = await saveNotificationText(app, actor, { ...draft, language })
        return done(here, `The words in ${languageLabel(saved.language)} are saved.`)
      }
      if (intent === 'remove-text') {
        await removeNotificationText(app, actor, { code, language })
        return done(here, `Readers of ${languageLabel(language)} get the words above again.`)
      }
      const { notification: before } = await viewNotification(app.db, actor, { code })
      if (intent === 'delete') {
        await deleteNotification(app, actor, { code })
        return done('/setup/notifications', `"${before.name}" is deleted.`)
      }
      const isOffered = !('whyNot' in reachOf(before))
      const input = {
        ...draft,
        version: Number(textOf(form, 'version')),
        isActive: form.has('isActive'),
        to: textOf(form, 'to'),
        cc: textOf(form, 'cc'),
        bcc: textOf(form, 'bcc'),
        onlyNew: !isOffered || form.has('onlyNew'),
        days: code === PAYMENT_REMINDER || isDated(before.event) ? notificationDays(form) : [],
        language: textOf(form, 'wordsLanguage'),
        ...(before.event ? { name: textOf(form, 'name'), conditions: conditionsTyped(form) } : {}),
      }
      // Activating asks first, with whom it would reach.
      if (intent === 'save' && input.isActive && !before.isActive) {
        const draft = await checkNotification(app, actor, input)
        const reach = await countReach(app, actor, { code, draft })
        return data({ ...typedState(form), reach: { ...reach, onlyNew: input.onlyNew } })
      }
      const saved = await saveNotification(app, actor, input)
      return done(here, saidOf(saved.name, { isActivated: saved.isActive && !before.isActive, ...input }))
    },
    // The form of another language calls its own field so.
    (name) => (textOf(form, 'intent').endsWith('text') ? name : fieldOf(name)),
  )
}

/** A new language never takes the place of words that are there. */
async function refuseSecond(
  args: ActionFunctionArgs,
  { code, language }: { code: string; language: string },
) {
  const { app, actor } = deskOf(args)
  const { texts } = await viewNotification(app.db, actor, { code })
  if (!texts.some((text) => text.language === language)) return
  throw invalid({
    pointer: '/language',
    code: 'exists-already',
    message: `There are words in ${languageLabel(language)} already: change those.`,
  })
}

const fields: Readonly<Record<string, string>> = {
  days: 'daysBefore',
  language: 'wordsLanguage',
  'conditions.accountId': 'accountId',
  'conditions.countries': 'countries',
  'conditions.language': 'conditionLanguage',
  'conditions.productKind': 'productKind',
}
const fieldOf = (name: string) => fields[name] ?? name

function saidOf(name: string, saved: { isActivated: boolean; onlyNew: boolean }): string {
  if (!saved.isActivated) return `"${name}" is saved.`
  return saved.onlyNew
    ? `"${name}" is active: what happens from now on is mailed.`
    : `"${name}" is active, and what matches already is being mailed.`
}

function recordIn(entity: string, id: string) {
  const key = recordKeys[entity]
  return key && id ? { [key]: id } : {}
}

const recordKeys: Readonly<Record<string, string>> = {
  asset: 'assetId',
  order: 'orderId',
  subscription: 'subscriptionId',
  invoice: 'invoiceId',
  account: 'accountId',
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
      actions={
        <>
          <LinkButton to={`/mails?notification=${mail.code}`} tone="quiet">
            Its mails
          </LinkButton>
          {mail.mayBeCopied && (
            <LinkButton to={`/setup/notifications/new?from=${mail.code}`} tone="plain">
              Copy
            </LinkButton>
          )}
        </>
      }
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
        <Editor
          key={mail.version}
          mail={mail}
          state={isOfText ? undefined : state}
          reach={more?.reach}
          chosen={more?.chosen}
        />
        <NotificationTexts
          key={`${mail.language} ${mail.texts.map(({ language }) => language).join()}`}
          texts={mail.texts}
          own={mail}
          ownLanguage={mail.languageName}
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
  chosen,
}: {
  mail: Shown
  state: FormState | undefined
  reach: ReachShown | undefined
  chosen: Previewed['chosen'] | undefined
}) {
  return (
    <Form method="post" className="grid gap-5">
      {/* After a conflict the form still carries the version it was opened with: the editor reloads to see the other text. */}
      <input type="hidden" name="version" value={valueOf(state, 'version', String(mail.version))} />
      <input type="hidden" name="entity" value={mail.entity} />
      {mail.own && <Sending mail={mail} own={mail.own} state={state} />}
      <Card title="Text">
        <SelectField
          label="Language of these words"
          name="wordsLanguage"
          defaultValue={mail.language}
          options={mail.languages}
          hint="Whoever reads a language that has no words of its own below gets these."
          state={state}
        />
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
              label={mail.isToEnd ? 'Days before the end of the term' : 'Days before the due day'}
              name="daysBefore"
              isOptional
              defaultValue={mail.daysBefore}
              hint={
                mail.isToEnd
                  ? 'Such as 60, 14. Each term is mailed once for each day.'
                  : 'Such as 3. An invoice is mailed once for each day, while something of it is open.'
              }
              state={state}
            />
            {!mail.isToEnd && (
              <Field
                label="Days after the due day"
                name="daysAfter"
                isOptional
                defaultValue={mail.daysAfter}
                hint="Such as 7, 14; 0 is the due day itself."
                state={state}
              />
            )}
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
            isOptional={!mail.own}
            hint={mail.own ? 'Addresses and variables.' : 'Besides the usual recipient.'}
            defaultValue={mail.toExtra.join(', ')}
            state={state}
          />
          <Field label="CC" name="cc" isOptional defaultValue={mail.cc.join(', ')} state={state} />
          <Field label="BCC" name="bcc" isOptional defaultValue={mail.bcc.join(', ')} state={state} />
        </FieldGrid>
        {mail.recipients.length > 0 && (
          <dl className="grid gap-1 sm:grid-cols-[auto_1fr] sm:gap-x-4">
            {mail.recipients.map(({ name, description }) => (
              <div key={name} className="contents">
                <dt>
                  <code className="text-[0.9286em]">{`{{ ${name} }}`}</code>
                </dt>
                <dd className="text-muted">{description}</dd>
              </div>
            ))}
          </dl>
        )}
      </Card>
      <Card title="Preview and test">
        <FieldGrid>
          {(mail.own || mail.entity !== 'account') && (
            <Combobox
              label="Preview with"
              name="record"
              searchPath={`/setup/notifications/records/${mail.entity}`}
              found={mail.recentRecords}
              chosen={chosen}
              placeholder="Sample values; type to search for a record"
            />
          )}
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
      {mail.own && (
        <Actions>
          <ConfirmButton
            button="Delete"
            tone="danger"
            title={`Delete “${mail.name}”?`}
            question={<p>It is sent no more. The mails it became keep their entries in the log.</p>}
            ok="Delete"
            value="delete"
          />
        </Actions>
      )}
      {reach && <ActivationDialog name={mail.name} reach={reach} />}
    </Form>
  )
}

function Sending({
  mail,
  own,
  state,
}: {
  mail: Shown
  own: NonNullable<Shown['own']>
  state: FormState | undefined
}) {
  const any = { value: '', label: 'Any' }
  return (
    <Card title="What sends it">
      <p>{own.words}. Each record is mailed once.</p>
      <Field label="Name" name="name" defaultValue={mail.name} maxLength={80} state={state} />
      <FieldGrid>
        <Combobox
          label="Only for the account"
          name="accountId"
          searchPath="/accounts/search"
          found={[]}
          chosen={own.account}
          placeholder="Any"
          hint="That pays, or that it is for."
          error={state?.errors['accountId']}
        />
        <Field
          label="Only for customers in"
          name="countries"
          isOptional
          defaultValue={own.countries}
          hint="Countries, such as DE, AT."
          state={state}
        />
        <SelectField
          label="Only for readers of"
          name="conditionLanguage"
          defaultValue={own.language}
          options={[any, ...mail.languages]}
          state={state}
        />
        {own.asksForKind && (
          <SelectField
            label="Only with"
            name="productKind"
            defaultValue={own.productKind}
            options={[any, ...mail.kinds]}
            state={state}
          />
        )}
      </FieldGrid>
    </Card>
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
