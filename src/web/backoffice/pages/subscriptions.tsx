import { Link, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { findParty } from '#views/accounts/find-party.ts'
import { listSubscriptions, subscriptionFilters } from '#views/subscriptions/list-subscriptions.ts'
import { askedOf, choiceOf, deskOf } from '#web/backoffice/desk.ts'
import { termWords } from '#web/backoffice/software-words.ts'
import { dayDisplay, moneyDisplay } from '#web/format.ts'
import { LinkButton } from '#web/ui/button.tsx'
import { Page } from '#web/ui/page.tsx'
import { FilterLinks, List, Narrowed, SearchForm, Toolbar } from '#web/ui/table.tsx'
import { NothingFound } from '../parts/nothing-found.tsx'
import { State } from '../parts/state.tsx'

export const meta = () => [{ title: 'Subscriptions' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const filter = choiceOf(args.url, 'filter', subscriptionFilters)
  const account = args.url.searchParams.get('account') || undefined
  const asked = { ...askedOf(args.url), filter, accountId: account as never }
  const [{ items, nextCursor }, party] = await Promise.all([
    listSubscriptions(app.db, actor, asked),
    findParty(app.db, actor, account),
  ])
  const rows = items.map((row) => ({
    id: row.id,
    number: row.number,
    name: row.name,
    term: termWords(row.term),
    quantity: row.quantity,
    customer: row.endCustomer.name,
    orderId: row.orderId,
    order: row.orderNumber,
    price: moneyDisplay(row.net),
    state: row.isCancelling ? 'being cancelled' : row.state,
    // Once the vendor has begun it, its provisioning tells nothing more.
    provisioning: row.state === 'ordered' ? row.provisioning : '',
    reason: (row.state === 'ordered' && row.failureReason) || row.renewalProblem || '',
    ends: row.endsOn ? dayDisplay(row.endsOn) : '',
    after: endWords(row),
  }))
  return { rows, nextCursor, party }
}

function endWords(row: { state: string; kind: string; autoRenew: boolean }): string {
  if (row.kind === 'perpetual') return row.state === 'active' ? 'Never ends' : ''
  if (row.state !== 'active') return ''
  return row.autoRenew ? 'then renews' : 'then ends'
}

export default function Subscriptions() {
  const { rows, nextCursor, party } = useLoaderData<typeof loader>()
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
      <Toolbar>
        <SearchForm label="Search subscriptions" placeholder="Number, customer, product or order" />
        <FilterLinks
          name="filter"
          choices={[
            { value: 'active', label: 'Active' },
            { value: 'pending', label: 'Being set up' },
            { value: 'trouble', label: 'In trouble' },
            { value: 'ending', label: 'Not renewing' },
            { value: 'ended', label: 'Ended' },
          ]}
        />
        {party && <Narrowed name="account">{party.name}</Narrowed>}
      </Toolbar>
      <List
        caption="Subscriptions"
        heads={['Subscription', 'Product', 'Customer', 'Order', 'Status', 'Term ends', 'Licences', 'Price']}
        numeric={[6, 7]}
        empty={
          <NothingFound title="No subscriptions yet">
            A subscription appears here when an order with software is executed.
          </NothingFound>
        }
        nextCursor={nextCursor}
        rows={rows.map((row) => ({
          key: row.id,
          cells: [
            <span key="t" className="whitespace-nowrap">
              <Link to={`/subscriptions/${row.id}`}>{row.number}</Link>
            </span>,
            <>
              {row.name}
              <span className="block text-[0.9286em] text-muted">{row.term}</span>
            </>,
            row.customer,
            <span key="o" className="whitespace-nowrap">
              <Link to={`/orders/${row.orderId}`}>{row.order}</Link>
            </span>,
            <>
              <State>{row.provisioning || row.state}</State>
              {row.reason && <span className="mt-1 block text-[0.9286em] text-muted">{row.reason}</span>}
            </>,
            <span key="e" className="whitespace-nowrap">
              {row.ends || (row.after ? '' : 'Not begun')}
              {row.after && <span className="block text-[0.9286em] text-muted">{row.after}</span>}
            </span>,
            row.quantity,
            row.price,
          ],
        }))}
      />
    </Page>
  )
}
