import { Link, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { dayOf } from '#kernel/time.ts'
import { listProducts } from '#views/catalogue/list-products.ts'
import { askedOf, choiceOf, deskOf } from '#web/backoffice/desk.ts'
import { dayDisplay, timeZoneShown } from '#web/format.ts'
import { LinkButton } from '#web/ui/button.tsx'
import { Page } from '#web/ui/page.tsx'
import { FilterLinks, List, SearchForm, Toolbar } from '#web/ui/table.tsx'
import { NothingFound } from '../parts/nothing-found.tsx'
import { State } from '../parts/state.tsx'

export const meta = () => [{ title: 'Products' }]

const filters = ['published', 'new', 'discontinued', 'unpriced'] as const

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const filter = choiceOf(args.url, 'filter', filters)
  const { q, cursor } = askedOf(args.url)
  const { items, nextCursor } = await listProducts(app.db, actor, {
    search: q,
    cursor,
    filter: filter ?? 'all',
  })
  const rows = items.map((row) => ({
    id: row.id,
    name: row.name,
    code: row.code,
    connector: app.connectors.find((each) => each.code === row.connector)?.name ?? row.connector,
    state: row.isPublished ? 'published' : 'hidden',
    isDiscontinued: row.isDiscontinued,
    isFeatured: row.isFeatured,
    position: String(row.position),
    plans: `${row.activePlanCount} of ${row.planCount}`,
    currencies: row.currencies.join(', ') || 'no price',
    created: dayDisplay(dayOf(row.createdAt, timeZoneShown())),
  }))
  return { rows, nextCursor }
}

export default function Products() {
  const { rows, nextCursor } = useLoaderData<typeof loader>()
  return (
    <Page
      title="Products"
      actions={
        <LinkButton to="/products/new-pool" tone="plain">
          New product of a key pool
        </LinkButton>
      }
    >
      <Toolbar>
        <SearchForm label="Search products" placeholder="Name or SKU" />
        <FilterLinks
          name="filter"
          choices={[
            { value: 'published', label: 'Published' },
            { value: 'new', label: 'New: not yet published' },
            { value: 'unpriced', label: 'Without a price' },
            { value: 'discontinued', label: 'Discontinued' },
          ]}
        />
      </Toolbar>
      <List
        caption="Products"
        heads={['Product', 'SKU', 'Application', 'State', 'Place', 'Plans on sale', 'Prices in', 'Since']}
        numeric={[4, 5]}
        empty={
          <NothingFound
            title="No products yet"
            action={<LinkButton to="/setup/applications">Applications Setup</LinkButton>}
          >
            Get Services Definition of an application brings its products.
          </NothingFound>
        }
        nextCursor={nextCursor}
        rows={rows.map((row) => ({
          key: row.id,
          cells: [
            <Link key="to" to={`/products/${row.id}`}>
              {row.name}
            </Link>,
            row.code,
            row.connector,
            <span key="state" className="inline-flex flex-wrap gap-1">
              <State>{row.state}</State>
              {row.isDiscontinued && <State>discontinued</State>}
              {row.isFeatured && <State>featured</State>}
            </span>,
            row.position,
            row.plans,
            row.currencies,
            row.created,
          ],
        }))}
      />
    </Page>
  )
}
