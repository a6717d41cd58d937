import { type ActionFunctionArgs, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { orderQueue } from '#views/orders/list-order-queue.ts'
import { queueActions } from '#web/backoffice/list-actions.ts'
import { actAtList, listAtDesk } from '#web/backoffice/list-desk.ts'
import { Empty, Page } from '#web/ui/page.tsx'
import { ListDesk } from '../parts/list-desk.tsx'

export const meta = () => [{ title: 'Orders that need a hand' }]

export const loader = (args: LoaderFunctionArgs) => listAtDesk(args, orderQueue, queueActions)

export const action = (args: ActionFunctionArgs) => actAtList(args, orderQueue, queueActions)

export default function OrderQueue() {
  const view = useLoaderData<typeof loader>()
  return (
    <Page title="Orders that need a hand" lead="What does not go on by itself, oldest first">
      <ListDesk
        view={view}
        empty={<Empty title="Nothing needs a hand">Every order goes on by itself.</Empty>}
      />
    </Page>
  )
}
