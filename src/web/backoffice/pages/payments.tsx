import { type ActionFunctionArgs, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { paymentList } from '#views/invoices/list-payments.ts'
import { paymentActions } from '#web/backoffice/list-actions.ts'
import { actAtList, listAtDesk } from '#web/backoffice/list-desk.ts'
import { Empty, Page } from '#web/ui/page.tsx'
import { ListDesk } from '../parts/list-desk.tsx'

export const meta = () => [{ title: 'Payments' }]

export const loader = (args: LoaderFunctionArgs) => listAtDesk(args, paymentList, paymentActions)

export const action = (args: ActionFunctionArgs) => actAtList(args, paymentList, paymentActions)

export default function Payments() {
  const view = useLoaderData<typeof loader>()
  return (
    <Page title="Payments" lead="What came in for invoices and what was paid back, as it was entered">
      <ListDesk
        view={view}
        empty={
          <Empty title="No payments yet">
            A payment is entered on the page of its invoice, as it stands on the bank statement.
          </Empty>
        }
      />
    </Page>
  )
}
