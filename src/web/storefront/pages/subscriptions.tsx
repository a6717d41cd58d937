import { Link, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import {
  listSubscriptions,
  type SubscriptionFilter,
  subscriptionFilters,
} from '#views/subscriptions/list-subscriptions.ts'
import { subscriptionRow } from '#web/storefront/subscription-shown.ts'
import { buyerOf } from '#web/storefront/visitor.ts'
import { Badge } from '#web/ui/badge.tsx'
import { LinkButton } from '#web/ui/button.tsx'
import { Empty, Page } from '#web/ui/page.tsx'
import { FilterLinks, Pager, SearchForm, Table } from '#web/ui/table.tsx'
import { muted } from '#web/ui/tone.ts'

export const meta = () => [{ title: 'Subscriptions' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor, buyer } = await buyerOf(args)
  const ask = args.url.searchParams
  const q = ask.get('q') ?? ''
  const filter = subscriptionFilters.find((each) => each === ask.get('filter'))
  const cursor = ask.get('cursor') ?? undefined
  const { items, nextCursor } = await listSubscriptions(app.db, actor, { q, filter, cursor })
  return {
    q,
    filter,
    cursor,
    nextCursor,
    subscriptions: items.map((each) => subscriptionRow(each, buyer)),
  }
}

const filterLabels: Readonly<Record<SubscriptionFilter, string>> = {
  active: 'Active',
  pending: 'On its way',
  trouble: 'Needs a hand',
  ending: 'Not renewing',
  ended: 'Ended',
}

export default function Subscriptions() {
  const { q, filter, cursor, nextCursor, subscriptions } = useLoaderData<typeof loader>()
  const isNarrowed = Boolean(q || filter)
  return (
    <Page title="Subscriptions">
      <SearchForm
        label="Search subscriptions"
        q={q}
        placeholder="Number, product, customer, order…"
        keep={{ filter }}
      />
      <FilterLinks
        name="filter"
        current={filter}
        keep={{ q }}
        choices={Object.entries(filterLabels).map(([value, label]) => ({ value, label }))}
      />
      {subscriptions.length > 0 ? (
        <Table
          caption="Subscriptions"
          heads={['Subscription', 'Product', 'Customer', 'Licences', 'Next', 'Price of the term', 'State']}
          numeric={[3, 5]}
          rows={subscriptions.map((each) => ({
            key: each.id,
            cells: [
              <span key="number" className="whitespace-nowrap">
                <Link to={`/subscriptions/${each.id}`}>{each.number}</Link>
              </span>,
              <span key="product">
                {each.name}
                <span className={`block text-sm ${muted}`}>{each.variant}</span>
              </span>,
              each.customer,
              each.quantity,
              each.ends,
              each.net,
              <Badge key="state" tone={each.state.tone}>
                {each.state.text}
              </Badge>,
            ],
          }))}
        />
      ) : (
        <Empty
          title={isNarrowed ? 'No subscription fits' : 'No subscriptions yet'}
          action={
            <LinkButton to={isNarrowed ? '/subscriptions' : '/products'}>
              {isNarrowed ? 'Show all subscriptions' : 'Browse products'}
            </LinkButton>
          }
        >
          {isNarrowed
            ? 'Try part of a product’s or a customer’s name.'
            : 'Software you buy is kept here, with its term, its renewal and its price.'}
        </Empty>
      )}
      <Pager cursor={cursor} nextCursor={nextCursor} keep={{ q, filter }} />
    </Page>
  )
}
