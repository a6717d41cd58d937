import { type ActionFunctionArgs, Link, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { resendMail } from '#flows/setup/resend-mail.ts'
import { listMails } from '#views/setup/list-mails.ts'
import { askedOf, choiceOf, deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { momentDisplay } from '#web/format.ts'
import { answerForm, done, textOf } from '#web/forms.ts'
import { PostButton } from '#web/ui/button.tsx'
import { FormNotice } from '#web/ui/notice.tsx'
import { Page } from '#web/ui/page.tsx'
import { AutoRefresh } from '#web/ui/progress.tsx'
import { FilterLinks, List, SearchForm, Toolbar } from '#web/ui/table.tsx'
import { NothingFound } from '../parts/nothing-found.tsx'
import { State } from '../parts/state.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'Mail log' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const state = choiceOf(args.url, 'state', ['queued', 'sent', 'failed', 'cancelled'])
  const asked = askedOf(args.url)
  const { items, nextCursor } = await listMails(app.db, actor, { ...asked, state })
  const rows = items.map((mail) => ({
    id: mail.id,
    name: mail.notificationName,
    to: [...mail.toAddresses, ...mail.cc, ...mail.bcc].join(', '),
    subject: mail.subject,
    state: mail.state,
    tries: mail.tries,
    answer: mail.serverAnswer,
    asset: mail.assetId && mail.assetNumber ? { id: mail.assetId, number: mail.assetNumber } : undefined,
    at: momentDisplay(mail.sentAt ?? mail.queuedAt),
  }))
  return { rows, nextCursor, mayResend: actor.rights.has('manage-jobs') }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formAtDesk(args)
  return answerForm(form, async () => {
    await resendMail(app, actor, { mailId: textOf(form, 'id') as never })
    return done('/mails', 'The e-mail is queued again.')
  })
}

export default function Mails() {
  const { rows, nextCursor, mayResend } = useLoaderData<typeof loader>()
  const { state } = useAnswer()
  return (
    <Page title="Mail log" lead="Every e-mail with its recipients and what the mail server answered">
      <AutoRefresh isOn={rows.some((mail) => mail.state === 'queued')} />
      <FormNotice state={state} />
      <Toolbar>
        <SearchForm label="Search e-mails" placeholder="Recipient or licence number" />
        <FilterLinks
          name="state"
          choices={[
            { value: 'queued', label: 'Queued' },
            { value: 'sent', label: 'Sent' },
            { value: 'failed', label: 'Failed' },
            { value: 'cancelled', label: 'Cancelled' },
          ]}
        />
      </Toolbar>
      <List
        caption="E-mails"
        heads={[
          'When',
          'Notification',
          'Recipients',
          'Subject',
          'Licence',
          'State',
          'Tries',
          'Server’s answer',
          '',
        ]}
        numeric={[6]}
        empty={<NothingFound title="No e-mails yet">Every licence sends one with its key.</NothingFound>}
        nextCursor={nextCursor}
        rows={rows.map((mail) => ({
          key: mail.id,
          cells: [
            <span key="w" className="whitespace-nowrap">
              {mail.at}
            </span>,
            mail.name,
            mail.to,
            mail.subject,
            mail.asset && (
              <Link key="a" to={`/assets/${mail.asset.id}`}>
                {mail.asset.number}
              </Link>
            ),
            <State key="s">{mail.state}</State>,
            mail.tries,
            mail.answer,
            mayResend && mail.state === 'failed' && (
              <PostButton
                key="r"
                intent="resend"
                size="small"
                fields={{ id: mail.id }}
                aria-label={`Resend to ${mail.to}`}
              >
                Resend
              </PostButton>
            ),
          ],
        }))}
      />
    </Page>
  )
}
