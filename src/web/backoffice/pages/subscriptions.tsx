import { type ActionFunctionArgs, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { subscriptionList } from '#views/subscriptions/list-subscriptions.ts'
import { subscriptionActions } from '#web/backoffice/list-actions.ts'
import { actAtList, listAtDesk } from '#web/backoffice/list-desk.ts'
import { LinkButton } from '#web/ui/button.tsx'
import { Empty, Page } from '#web/ui/page.tsx'
import { ListDesk } from '../parts/list-desk.tsx'

export const meta = () => [{ title: 'Subscriptions' }]

export const loader = (args: LoaderFunctionArgs) => listAtDesk(args, subscriptionList, subscriptionActions)

export const action = (args: ActionFunctionArgs) => actAtList(args, subscriptionList, subscriptionActions)

export default function Subscriptions() {
  const view = useLoaderData<typeof loader>()
  return (
    <Page
      title="Subscriptions"
      lead="Software for a term, and perpetual licences"
      actions={
        <LinkButton to="/renewals" tone="plain">
          Renewal desk
        </LinkButton>
      }
    >
      <ListDesk
        view={view}
        empty={
          <Empty title="No subscriptions yet">
            A subscription appears here when an order with software is executed.
          </Empty>
        }
      />
    </Page>
  )
}
