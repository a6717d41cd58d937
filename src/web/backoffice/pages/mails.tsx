import { type ActionFunctionArgs, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { mailList } from '#views/setup/list-mails.ts'
import { mailActions } from '#web/backoffice/list-actions.ts'
import { actAtList, listAtDesk } from '#web/backoffice/list-desk.ts'
import { Empty, Page } from '#web/ui/page.tsx'
import { AutoRefresh } from '#web/ui/progress.tsx'
import { ListDesk } from '../parts/list-desk.tsx'

export const meta = () => [{ title: 'Mail log' }]

export const loader = (args: LoaderFunctionArgs) => listAtDesk(args, mailList, mailActions)

export const action = (args: ActionFunctionArgs) => actAtList(args, mailList, mailActions)

export default function Mails() {
  const view = useLoaderData<typeof loader>()
  const isMoving = view.rows.some(({ cells }) =>
    cells.some(({ look, text }) => look === 'state' && text === 'queued'),
  )
  return (
    <Page title="Mail log" lead="Every e-mail with its recipients and what the mail server answered">
      <AutoRefresh isOn={isMoving} />
      <ListDesk
        view={view}
        empty={<Empty title="No e-mails yet">Every licence sends one with its key.</Empty>}
      />
    </Page>
  )
}
