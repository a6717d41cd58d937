import { Link, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { findParty } from '#views/accounts/find-party.ts'
import { listOrders, orderFilters } from '#views/orders/list-orders.ts'
import { askedOf, choiceOf, deskOf } from '#web/backoffice/desk.ts'
import { momentDisplay, moneyDisplay } from '#web/format.ts'
import { LinkButton } from '#web/ui/button.tsx'
import { Page } from '#web/ui/page.tsx'
import { FilterLinks, List, Narrowed, SearchForm, Toolbar } from '#web/ui/table.tsx'
import { NothingFound } from '../parts/nothing-found.tsx'
import { State } from '../parts/state.tsx'

export const meta = () => [{ title: 'Orders' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const filter = choiceOf(args.url, 'filter', orderFilters)
  const account = args.url.searchParams.get('account') || undefined
  const asked = { ...askedOf(args.url), filter, accountId: account as never }
  const [{ items, nextCursor }, party] = await Promise.all([
    listOrders(app.db, actor, asked),
    findParty(app.db, actor, account),
  ])
  const rows = items.map((row) => ({
    id: row.id,
    number: row.number,
    reference: row.reference,
    customer: row.endCustomer,
    payer: row.billingTo,
    state: row.heldBecause ? 'on hold' : row.state,
    progress: row.progress,
    items: row.itemCount,
    total: moneyDisplay(row.total),
    placed: momentDisplay(row.createdAt),
    held: row.heldBecause,
  }))
  return { rows, nextCursor, party, mayOrder: actor.rights.has('order-on-behalf') }
}

export default function Orders() {
  const { rows, nextCursor, party, mayOrder } = useLoaderData<typeof loader>()
  const create = mayOrder && <LinkButton to="/orders/new">New order</LinkButton>
  return (
    <Page title="Orders" actions={create}>
      <Toolbar>
        <SearchForm label="Search orders" placeholder="Number, reference or customer" />
        <FilterLinks
          name="filter"
          choices={[
            { value: 'waiting', label: 'Waiting' },
            { value: 'open', label: 'In progress' },
            { value: 'trouble', label: 'In trouble' },
            { value: 'cancelled', label: 'Cancelled' },
          ]}
        />
        {party && <Narrowed name="account">{party.name}</Narrowed>}
      </Toolbar>
      <List
        caption="Orders"
        heads={['Order', 'Customer', 'Billing to', 'State', 'Progress', 'Items', 'Total', 'Placed']}
        numeric={[5, 6]}
        empty={
          <NothingFound title="No orders yet" action={create}>
            Orders of the Storefront appear here; or order on behalf of a customer.
          </NothingFound>
        }
        nextCursor={nextCursor}
        rows={rows.map((row) => ({
          key: row.id,
          cells: [
            <Link key="to" to={`/orders/${row.id}`}>
              {row.number}
            </Link>,
            row.customer.name,
            row.payer.id === row.customer.id ? '' : row.payer.name,
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
