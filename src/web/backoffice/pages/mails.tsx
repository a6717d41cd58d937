import { type ActionFunctionArgs, type LoaderFunctionArgs, useActionData, useLoaderData } from 'react-router'
import { resendMail } from '#flows/setup/resend-mail.ts'
import { listMails } from '#views/setup/list-mails.ts'
import {
  answer,
  askedOf,
  choiceOf,
  deskOf,
  done,
  type FormState,
  shown,
  textOf,
} from '#web/backoffice/pages/shared/desk.ts'
import { momentDisplay } from '#web/format.ts'
import { Act, FormNotice, List, Page, Search, State } from './shared/kit.tsx'

export const meta = () => [{ title: 'Mail log' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const state = choiceOf(args.url, 'state', ['queued', 'sent', 'failed', 'cancelled'])
  const asked = askedOf(args.url)
  const { items, nextCursor } = await shown(listMails(app.db, actor, { ...asked, state }))
  const rows = items.map((mail) => ({
    id: mail.id,
    name: mail.notificationName,
    to: [...mail.toAddresses, ...mail.cc, ...mail.bcc].join(', '),
    subject: mail.subject,
    state: mail.state,
    tries: mail.tries,
    answer: mail.serverAnswer,
    at: momentDisplay(mail.sentAt ?? mail.queuedAt),
  }))
  return { rows, nextCursor, q: asked.q, state: state ?? '', mayResend: actor.rights.has('manage-jobs') }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor } = deskOf(args)
  const form = await args.request.formData()
  return answer(form, async () => {
    await resendMail(app, actor, { mailId: textOf(form, 'id') as never })
    return done('/mails', 'The e-mail is queued again.')
  })
}

export default function Mails() {
  const { rows, nextCursor, q, state, mayResend } = useLoaderData<typeof loader>()
  const refused = useActionData() as FormState | undefined
  return (
    <Page title="Mail log">
      <FormNotice state={refused} />
      <Search
        q={q}
        label="Recipient or licence number"
        filters={[
          {
            name: 'state',
            label: 'State',
            value: state,
            options: [
              ['', 'All'],
              ['queued', 'Queued'],
              ['sent', 'Sent'],
              ['failed', 'Failed'],
              ['cancelled', 'Cancelled'],
            ],
          },
        ]}
      />
      <List
        caption="E-mails"
        columns={[
          'When',
          'Notification',
          'Recipients',
          'Subject',
          'State',
          'Tries',
          'Server’s answer',
          'Action',
        ]}
        empty="No e-mails match."
        nextCursor={nextCursor}
        rows={rows.map((mail) => ({
          key: mail.id,
          cells: [
            mail.at,
            mail.name,
            mail.to,
            mail.subject,
            <State key="s">{mail.state}</State>,
            mail.tries,
            mail.answer,
            mayResend && mail.state === 'failed' ? (
              <Act key="r" intent="resend" fields={{ id: mail.id }}>
                Resend
              </Act>
            ) : (
              ''
            ),
          ],
        }))}
      />
    </Page>
  )
}
