import { Link, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { findParty } from '#views/accounts/find-party.ts'
import { assetFilters, listAssets } from '#views/assets/list-assets.ts'
import { askedOf, choiceOf, deskOf } from '#web/backoffice/desk.ts'
import { dayDisplay, moneyDisplay } from '#web/format.ts'
import { Page } from '#web/ui/page.tsx'
import { FilterLinks, List, Narrowed, SearchForm, Toolbar } from '#web/ui/table.tsx'
import { NothingFound } from '../parts/nothing-found.tsx'
import { State } from '../parts/state.tsx'

export const meta = () => [{ title: 'Assets' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const filter = choiceOf(args.url, 'filter', assetFilters)
  const account = args.url.searchParams.get('account') || undefined
  const asked = { ...askedOf(args.url), filter, accountId: account as never }
  const [{ items, nextCursor }, party] = await Promise.all([
    listAssets(app.db, actor, asked),
    findParty(app.db, actor, account),
  ])
  const rows = items.map((row) => ({
    id: row.id,
    number: row.number,
    name: row.name,
    customer: row.endCustomer.name,
    orderId: row.orderId,
    order: row.orderNumber,
    price: moneyDisplay(row.price),
    bought: dayDisplay(row.purchasedAt.toZonedDateTimeISO('UTC').toPlainDate()),
    state: row.state,
    provisioning: row.isAwaitingKey ? 'awaiting key' : row.provisioning,
    reason: row.failureReason ?? '',
    key: row.keyMask ?? '',
  }))
  return { rows, nextCursor, party }
}

export default function Assets() {
  const { rows, nextCursor, party } = useLoaderData<typeof loader>()
  return (
    <Page title="Assets" lead="Licences, each with its own key">
      <Toolbar>
        <SearchForm label="Search licences" placeholder="Number, customer, product or SKU" />
        <FilterLinks
          name="filter"
          choices={[
            { value: 'active', label: 'Active' },
            { value: 'pending', label: 'Being delivered' },
            { value: 'trouble', label: 'In trouble' },
            { value: 'return-requested', label: 'Cancellation requested' },
            { value: 'cancelled', label: 'Cancelled' },
          ]}
        />
        {party && <Narrowed name="account">{party.name}</Narrowed>}
      </Toolbar>
      <List
        caption="Licences"
        heads={[
          'Licence',
          'Product',
          'Customer',
          'Order',
          'Status',
          'Provisioning',
          'Key',
          'Price',
          'Bought',
        ]}
        numeric={[7]}
        empty={
          <NothingFound title="No licences yet">
            A licence appears here when an order is executed.
          </NothingFound>
        }
        nextCursor={nextCursor}
        rows={rows.map((row) => ({
          key: row.id,
          cells: [
            <Link key="t" to={`/assets/${row.id}`}>
              {row.number}
            </Link>,
            row.name,
            row.customer,
            <Link key="o" to={`/orders/${row.orderId}`}>
              {row.order}
            </Link>,
            <State key="s">{row.state}</State>,
            <>
              <State>{row.provisioning}</State>
              {row.reason && <span className="mt-1 block text-[0.9286em] text-muted">{row.reason}</span>}
            </>,
            row.key && <code className="text-[0.9286em] whitespace-nowrap">{row.key}</code>,
            row.price,
            <span key="b" className="whitespace-nowrap">
              {row.bought}
            </span>,
          ],
        }))}
      />
    </Page>
  )
}
