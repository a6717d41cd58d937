// The lists of what a release changes and of what it would do to what runs.
import { Link } from 'react-router'
import type { EffectsShown } from '#web/backoffice/sheet-effects.ts'
import { Empty } from '#web/ui/page.tsx'
import { List } from '#web/ui/table.tsx'
import { State } from './state.tsx'

type ItemsOf<Show extends EffectsShown['show']> = Extract<EffectsShown, { show: Show }>['items']
type Moved = ItemsOf<'renewals'>[number]['price']

export function SheetEffects({ list }: { list: EffectsShown }) {
  const { nextCursor } = list
  switch (list.show) {
    case 'rows':
      return <Rows items={list.items} nextCursor={nextCursor} />
    case 'products':
      return <Products items={list.items} nextCursor={nextCursor} />
    case 'renewals':
      return <Renewals items={list.items} nextCursor={nextCursor} />
    case 'customers':
      return <Customers items={list.items} nextCursor={nextCursor} />
    case 'baskets':
      return <Baskets items={list.items} nextCursor={nextCursor} />
  }
}

type ListOf<Show extends EffectsShown['show']> = { items: ItemsOf<Show>; nextCursor: string | undefined }

function Rows({ items, nextCursor }: ListOf<'rows'>) {
  return (
    <List
      caption="Rows it adds, removes and changes"
      heads={['Plan', 'Change', 'Term', 'Currency', 'Cost', 'Retail price']}
      numeric={[4, 5]}
      nextCursor={nextCursor}
      empty={<Empty title="No row changes" />}
      rows={items.map((each) => ({
        key: each.key,
        cells: [
          <span key="t">
            {each.title} <span className="block font-normal text-muted">{each.sku}</span>
          </span>,
          <State key="c">{each.change}</State>,
          each.plan,
          each.currency,
          each.cost,
          each.retail,
        ],
      }))}
    />
  )
}

function Products({ items, nextCursor }: ListOf<'products'>) {
  return (
    <List
      caption="Products, what moves the margin most first"
      heads={['Product', 'Currency', 'Added', 'Removed', 'Changed', 'Margin at retail prices']}
      numeric={[2, 3, 4, 5]}
      nextCursor={nextCursor}
      empty={<Empty title="No product changes" />}
      rows={items.map((each) => ({
        key: each.key,
        cells: [
          <span key="t">
            {each.title} <span className="block font-normal text-muted">{each.code}</span>
          </span>,
          each.currency,
          each.added,
          each.removed,
          each.changed,
          <BeforeAndAfter key="m" moved={each} isGoodUp />,
        ],
      }))}
    />
  )
}

function Renewals({ items, nextCursor }: ListOf<'renewals'>) {
  return (
    <List
      caption="Renewals that cost something else, the soonest first"
      heads={['Subscription', 'End customer', 'Term ends', 'Next term, without VAT', 'Margin']}
      numeric={[3, 4]}
      nextCursor={nextCursor}
      empty={
        <Empty title="No renewal costs something else">Subscriptions that renew keep their prices.</Empty>
      }
      rows={items.map((each) => ({
        key: each.id,
        cells: [
          <span key="s">
            <Link to={`/subscriptions/${each.id}`}>{each.name}</Link>{' '}
            <span className="block font-normal text-muted">{each.about}</span>
          </span>,
          <Link key="c" to={`/accounts/${each.customer.id}`}>
            {each.customer.name}
          </Link>,
          each.endsOn,
          each.problem ? (
            <span key="p" className="text-bad">
              {each.problem}
            </span>
          ) : (
            <BeforeAndAfter key="p" moved={each.price} />
          ),
          each.problem ? '' : <BeforeAndAfter key="m" moved={each.margin} isGoodUp />,
        ],
      }))}
    />
  )
}

function Customers({ items, nextCursor }: ListOf<'customers'>) {
  return (
    <List
      caption="End customers, whose margin falls most first"
      heads={[
        'End customer',
        'Renewals',
        'Without a price',
        'Next terms, without VAT',
        'Margin',
        'Difference',
      ]}
      numeric={[1, 2, 3, 4, 5]}
      nextCursor={nextCursor}
      empty={<Empty title="No end customer is touched">No renewal costs something else.</Empty>}
      rows={items.map((each) => ({
        key: each.key,
        cells: [
          <Link key="c" to={`/accounts/${each.customer.id}`}>
            {each.customer.name}
          </Link>,
          each.renewals,
          each.problems,
          <BeforeAndAfter key="p" moved={each.price} />,
          <BeforeAndAfter key="m" moved={each.margin} isGoodUp />,
          each.difference,
        ],
      }))}
    />
  )
}

function Baskets({ items, nextCursor }: ListOf<'baskets'>) {
  return (
    <List
      caption="Open baskets with something it changes"
      heads={['Account', 'Of', 'Items it changes', 'Last changed']}
      numeric={[2]}
      nextCursor={nextCursor}
      empty={<Empty title="No open basket is touched" />}
      rows={items.map((each) => ({
        key: each.id,
        cells: [
          <Link key="a" to={`/accounts/${each.account.id}`}>
            {each.account.name}
          </Link>,
          each.buyer,
          each.items,
          each.updated,
        ],
      }))}
    />
  )
}

/** What it was and what it would be; a margin that falls stands out. */
function BeforeAndAfter({ moved, isGoodUp }: { moved: Moved; isGoodUp?: boolean }) {
  const { before, after, isWorse } = moved
  return (
    <span className="[&>span]:whitespace-nowrap">
      {before && (
        <>
          <span className="text-muted">
            {before} <span aria-hidden="true">→</span>
          </span>
          <span className="sr-only">becomes</span>{' '}
        </>
      )}
      <span className={isGoodUp && before && isWorse ? 'font-medium text-bad' : undefined}>
        {after ?? ''}
      </span>
    </span>
  )
}
