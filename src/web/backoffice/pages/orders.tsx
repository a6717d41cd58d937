import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { listOrders, orderFilters } from '#views/orders/list-orders.ts'
import { askedOf, choiceOf, deskOf, shown } from '#web/backoffice/pages/shared/desk.ts'
import { momentDisplay, moneyDisplay } from '#web/format.ts'
import { ButtonLink, List, Page, Search, State, To } from './shared/kit.tsx'

export const meta = () => [{ title: 'Orders' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const filter = choiceOf(args.url, 'filter', orderFilters)
  const accountId = (args.url.searchParams.get('account') || undefined) as never
  const asked = askedOf(args.url)
  const { items, nextCursor } = await shown(listOrders(app.db, actor, { ...asked, filter, accountId }))
  const rows = items.map((row) => ({
    id: row.id,
    number: row.number,
    customer: row.endCustomer.name,
    payer: row.billingTo.name,
    state: row.state,
    progress: row.progress,
    items: row.itemCount,
    total: moneyDisplay(row.total),
    placed: momentDisplay(row.createdAt),
    held: row.heldBecause,
  }))
  return { rows, nextCursor, q: asked.q, filter: filter ?? '', mayOrder: actor.rights.has('order-on-behalf') }
}

export default function Orders() {
  const { rows, nextCursor, q, filter, mayOrder } = useLoaderData<typeof loader>()
  const options = [
    ['', 'All'],
    ['waiting', 'Waiting'],
    ['open', 'In progress'],
    ['trouble', 'In trouble'],
    ['cancelled', 'Cancelled'],
  ] as const
  return (
    <Page title="Orders" actions={mayOrder && <ButtonLink to="/orders/new">New order</ButtonLink>}>
      <Search
        q={q}
        label="Number, reference or customer"
        filters={[{ name: 'filter', label: 'State', value: filter, options }]}
      />
      <List
        caption="Orders"
        columns={['Order', 'Customer', 'Billing to', 'State', 'Progress', 'Items', 'Total', 'Placed']}
        empty="No orders match."
        nextCursor={nextCursor}
        rows={rows.map((row) => ({
          key: row.id,
          cells: [
            <To key="to" to={`/orders/${row.id}`}>
              {row.number}
            </To>,
            row.customer,
            row.payer,
            <State key="state">{row.state}</State>,
            row.held ?? row.progress,
            row.items,
            row.total,
            row.placed,
          ],
        }))}
      />
    </Page>
  )
}
