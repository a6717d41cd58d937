import { type ActionFunctionArgs, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { jobList } from '#views/setup/list-jobs.ts'
import { jobActions } from '#web/backoffice/list-actions.ts'
import { actAtList, listAtDesk } from '#web/backoffice/list-desk.ts'
import { Empty, Page } from '#web/ui/page.tsx'
import { ListDesk } from '../parts/list-desk.tsx'

export const meta = () => [{ title: 'Jobs' }]

export const loader = (args: LoaderFunctionArgs) => listAtDesk(args, jobList, jobActions)

export const action = (args: ActionFunctionArgs) => actAtList(args, jobList, jobActions)

export default function Jobs() {
  const view = useLoaderData<typeof loader>()
  return (
    <Page title="Jobs" lead="What is done behind the pages: keys, mails, invoices, synchronizations">
      <ListDesk
        view={view}
        empty={<Empty title="No jobs yet">Jobs appear here with the first order.</Empty>}
      />
    </Page>
  )
}
