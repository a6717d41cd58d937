import {
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  useLoaderData,
  useSearchParams,
} from 'react-router'
import { invoiceList } from '#views/invoices/list-invoices.ts'
import { actAtList, listAtDesk } from '#web/backoffice/list-desk.ts'
import { Empty, Page } from '#web/ui/page.tsx'
import { ListDesk } from '../parts/list-desk.tsx'

export const meta = () => [{ title: 'Invoices' }]

export const loader = (args: LoaderFunctionArgs) => listAtDesk(args, invoiceList)

export const action = (args: ActionFunctionArgs) => actAtList(args, invoiceList)

export default function Invoices() {
  const view = useLoaderData<typeof loader>()
  const isCredits = useSearchParams()[0].get('kind') === 'credit'
  return (
    <Page title={isCredits ? 'Credit invoices' : 'Invoices'}>
      <ListDesk
        view={view}
        empty={<Empty title="No invoices yet">An order is invoiced when its licences are delivered.</Empty>}
      />
    </Page>
  )
}
