// One mail of the log: what it said, to whom, each try with the server's answer, and sending it again.
import {
  type ActionFunctionArgs,
  data,
  Form,
  Link,
  type LoaderFunctionArgs,
  useLoaderData,
  useLocation,
} from 'react-router'
import { resendMail } from '#flows/setup/resend-mail.ts'
import { revealMail } from '#flows/setup/reveal-mail.ts'
import { asId, type MailId } from '#kernel/ids.ts'
import { WELCOME } from '#modules/notifications'
import { mayDo } from '#modules/users'
import { openMail } from '#views/setup/view-mail.ts'
import { deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { languageLabel } from '#web/backoffice/language-label.ts'
import { momentDisplay } from '#web/format.ts'
import { answerForm, done, noSuchForm, textOf } from '#web/forms.ts'
import { Actions, Button, PostButton } from '#web/ui/button.tsx'
import { EmailField } from '#web/ui/field.tsx'
import { type FormState, stateFor } from '#web/ui/form-state.ts'
import { FormNotice, Notice } from '#web/ui/notice.tsx'
import { Card, Columns, Facts, Page } from '#web/ui/page.tsx'
import { AutoRefresh } from '#web/ui/progress.tsx'
import { Table } from '#web/ui/table.tsx'
import { MailShown } from '../parts/mail-shown.tsx'
import { State } from '../parts/state.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'E-mail' }]

const moment = (at: Temporal.Instant | null) => (at ? momentDisplay(at, 'en', { seconds: true }) : '')

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const id = asId<MailId>(args.params['id'] ?? '', 'mail')
  const { mail, body, tries, copies, may } = await openMail(app.db, actor, { id })
  const link = (to: string, key: string | null, text: string | null) =>
    key && text ? { to: `${to}/${key}`, text } : undefined
  return {
    id: mail.id,
    subject: mail.subject,
    state: mail.state,
    notification: mail.notificationName,
    notificationCode: mayDo(actor, 'manage-setup') ? mail.notificationCode : '',
    to: mail.toAddresses.join(', '),
    cc: mail.cc.join(', '),
    bcc: mail.bcc.join(', '),
    queuedAt: moment(mail.queuedAt),
    sentAt: moment(mail.sentAt),
    answer: mail.serverAnswer,
    copyOf: mail.copyOf,
    order: link('/orders', mail.orderId, mail.orderNumber),
    licence: link('/assets', mail.assetId, mail.assetNumber),
    subscription: link('/subscriptions', mail.subscriptionId, mail.subscriptionNumber),
    invoice: link('/invoices', mail.invoiceId, mail.invoiceNumber),
    account: link('/accounts', mail.accountId, mail.accountName),
    body: body && { ...body, language: languageLabel(body.language) },
    tries: tries.map(({ number, at, outcome, answer }) => ({
      number,
      at: moment(at),
      outcome: outcome ?? (mail.state === 'queued' ? 'under way' : 'unknown'),
      answer,
    })),
    copies: copies.map((each) => ({
      id: each.id,
      to: each.toAddresses.join(', '),
      state: each.state,
      at: moment(each.queuedAt),
    })),
    may,
    isKey: mail.notificationCode === WELCOME,
    whyNotAgain: mail.whyNotAgain ?? '',
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formAtDesk(args)
  const mailId = asId<MailId>(args.params['id'] ?? '', 'mail')
  return answerForm(form, async () => {
    switch (textOf(form, 'intent')) {
      case 'reveal': {
        const { html, text } = await revealMail(app, actor, { mailId })
        return data({ revealed: { html, text } }, { headers: { 'cache-control': 'no-store' } })
      }
      case 'resend': {
        const id = await resendMail(app, actor, { mailId, to: textOf(form, 'to') })
        return done(`/mails/${id}`, 'The e-mail is on its way again.')
      }
      default:
        throw noSuchForm()
    }
  })
}

type Shown = ReturnType<typeof useLoaderData<typeof loader>>
type Revealed = { revealed?: { html: string; text: string } }

export default function MailPage() {
  const mail = useLoaderData<typeof loader>()
  const { state, more } = useAnswer<Revealed>()
  return (
    <Page
      title={mail.subject || mail.notification}
      lead={
        <span className="flex flex-wrap items-center gap-2" aria-live="polite">
          {mail.to} <State>{mail.state}</State>
        </span>
      }
      crumbs={[{ to: '/mails', label: 'Mail log' }]}
    >
      <AutoRefresh isOn={mail.state === 'queued' && !more?.revealed} />
      <FormNotice state={state?.intent === 'resend' ? undefined : state} />
      {mail.state === 'failed' && (
        <Notice tone="danger" title="Not sent">
          {mail.answer}
        </Notice>
      )}
      {mail.state === 'cancelled' && <Notice tone="info">{mail.answer || mail.whyNotAgain}</Notice>}
      <Columns aside={<About mail={mail} />}>
        <Body mail={mail} revealed={more?.revealed} />
        <Tries mail={mail} />
        <Resend mail={mail} state={stateFor(state, 'resend')} />
      </Columns>
    </Page>
  )
}

function Body({ mail, revealed }: { mail: Shown; revealed: Revealed['revealed'] }) {
  if (!mail.body)
    return (
      <Card title="What it says">
        <p className="text-muted">
          {mail.tries.length === 0 && mail.state === 'queued'
            ? 'It is written when it is sent for the first time.'
            : 'What it said was not kept.'}
        </p>
      </Card>
    )
  return (
    <Card title="What it says">
      <MailShown {...(revealed ?? mail.body)} />
      <p className="text-muted">
        {revealed
          ? `As it left, in ${mail.body.language}.`
          : `As it left, in ${mail.body.language}; keys are masked, and links that open something say only where they lead.`}
      </p>
      {mail.may.reveal && !revealed && (
        <Actions>
          <PostButton intent="reveal">Show with the key</PostButton>
          <span className="text-muted">Who reveals a key stands in the audit log.</span>
        </Actions>
      )}
    </Card>
  )
}

function Tries({ mail }: { mail: Shown }) {
  return (
    <Card title="Tries">
      {mail.tries.length === 0 ? (
        <p className="text-muted">
          {mail.answer || 'The mail server has not been asked, or its answers were not kept one by one yet.'}
        </p>
      ) : (
        <Table
          caption="Tries"
          heads={['Try', 'When', 'Outcome', 'Server’s answer']}
          rows={mail.tries.map((each) => ({
            key: String(each.number),
            cells: [
              each.number,
              <span key="at" className="whitespace-nowrap">
                {each.at}
              </span>,
              <State key="o">{each.outcome}</State>,
              each.answer,
            ],
          }))}
        />
      )}
    </Card>
  )
}

function Resend({ mail, state }: { mail: Shown; state: FormState | undefined }) {
  const { key } = useLocation()
  if (!mail.may.resend)
    return mail.whyNotAgain && mail.state !== 'queued' ? (
      <Card title="Send again">
        <p className="text-muted">{mail.whyNotAgain}</p>
      </Card>
    ) : null
  const usual = mail.isKey
    ? 'Empty: to the address that receives this customer’s keys now.'
    : 'Empty: to everybody who got this one.'
  return (
    <Card title="Send again">
      <FormNotice state={state} />
      <p className="text-muted">
        {mail.state === 'failed'
          ? 'Without an address this mail itself is tried again. To another one a copy goes out, with an entry of its own in the log.'
          : 'A copy goes out, written anew from the record as it is now, with an entry of its own in the log.'}
      </p>
      <Form key={key} method="post" className="flex flex-wrap items-start gap-3">
        <div className="min-w-0 flex-[1_1_18rem] sm:max-w-md">
          <EmailField
            label="To another address"
            name="to"
            isOptional
            hint={mail.state === 'failed' ? undefined : usual}
            autoComplete="off"
            state={state}
          />
        </div>
        <Button name="intent" value="resend" className="sm:mt-[1.6rem]">
          Resend
        </Button>
      </Form>
    </Card>
  )
}

function About({ mail }: { mail: Shown }) {
  const { notificationCode: code } = mail
  const linked = (to: { to: string; text: string } | undefined) => to && <Link to={to.to}>{to.text}</Link>
  return (
    <>
      <Card title="Details">
        <Facts
          facts={[
            [
              'Notification',
              code ? <Link to={`/setup/notifications/${code}`}>{mail.notification}</Link> : mail.notification,
            ],
            ['To', mail.to],
            ['Cc', mail.cc],
            ['Bcc', mail.bcc],
            ['Queued', mail.queuedAt],
            ['Sent', mail.sentAt],
            ['Order', linked(mail.order)],
            ['Licence', linked(mail.licence)],
            ['Subscription', linked(mail.subscription)],
            ['Invoice', linked(mail.invoice)],
            ['Account', linked(mail.account)],
            ['Copy of', mail.copyOf && <Link to={`/mails/${mail.copyOf}`}>The first mail</Link>],
          ]}
        />
      </Card>
      {mail.copies.length > 0 && (
        <Card title="Sent again">
          <ul className="grid gap-2">
            {mail.copies.map((copy) => (
              <li key={copy.id}>
                <Link to={`/mails/${copy.id}`}>{copy.at}</Link> <State>{copy.state}</State>
                <span className="block break-words text-muted">to {copy.to}</span>
              </li>
            ))}
          </ul>
        </Card>
      )}
    </>
  )
}
