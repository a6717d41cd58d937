import { type ActionFunctionArgs, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { orderList } from '#views/orders/list-orders.ts'
import { deskOf } from '#web/backoffice/desk.ts'
import { orderActions } from '#web/backoffice/list-actions.ts'
import { actAtList, listAtDesk } from '#web/backoffice/list-desk.ts'
import { LinkButton } from '#web/ui/button.tsx'
import { Empty, Page } from '#web/ui/page.tsx'
import { ListDesk } from '../parts/list-desk.tsx'

export const meta = () => [{ title: 'Orders' }]

export async function loader(args: LoaderFunctionArgs) {
  const { actor } = deskOf(args)
  return {
    view: await listAtDesk(args, orderList, orderActions),
    mayOrder: actor.rights.has('order-on-behalf'),
  }
}

export const action = (args: ActionFunctionArgs) => actAtList(args, orderList, orderActions)

export default function Orders() {
  const { view, mayOrder } = useLoaderData<typeof loader>()
  const create = mayOrder && <LinkButton to="/orders/new">New order</LinkButton>
  return (
    <Page title="Orders" actions={create}>
      <ListDesk
        view={view}
        empty={
          <Empty title="No orders yet" action={create}>
            Orders of the Storefront appear here; or order on behalf of a customer.
          </Empty>
        }
      />
    </Page>
  )
}
