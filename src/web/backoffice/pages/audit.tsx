import { type ActionFunctionArgs, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { auditList } from '#views/setup/list-audit.ts'
import { actAtList, listAtDesk } from '#web/backoffice/list-desk.ts'
import { Empty, Page } from '#web/ui/page.tsx'
import { ListDesk } from '../parts/list-desk.tsx'

export const meta = () => [{ title: 'Audit log' }]

export const loader = (args: LoaderFunctionArgs) => listAtDesk(args, auditList)

export const action = (args: ActionFunctionArgs) => actAtList(args, auditList)

export default function Audit() {
  const view = useLoaderData<typeof loader>()
  return (
    <Page title="Audit log" lead="Who changed what, and when">
      <ListDesk view={view} empty={<Empty title="Nothing yet">Every change is written down here.</Empty>} />
    </Page>
  )
}
