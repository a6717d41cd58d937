import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { listProducts } from '#views/catalogue/list-products.ts'
import { askedOf, choiceOf, deskOf, shown } from '#web/backoffice/pages/shared/desk.ts'
import { dayDisplay } from '#web/format.ts'
import { ButtonLink, List, Page, Search, State, To } from './shared/kit.tsx'

export const meta = () => [{ title: 'Products' }]

const filters = ['published', 'new', 'discontinued', 'unpriced'] as const

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const filter = choiceOf(args.url, 'filter', filters)
  const { q, cursor } = askedOf(args.url)
  const { items, nextCursor } = await shown(
    listProducts(app.db, actor, { search: q, cursor, filter: filter ?? 'all' }),
  )
  const rows = items.map((row) => ({
    id: row.id,
    name: row.name,
    code: row.code,
    connector: app.connectors.find((each) => each.code === row.connector)?.name ?? row.connector,
    state: row.isPublished ? 'published' : 'hidden',
    isDiscontinued: row.isDiscontinued,
    isFeatured: row.isFeatured,
    plans: `${row.activePlanCount} of ${row.planCount} on sale at the vendor`,
    currencies: row.currencies.join(', ') || 'no price',
    created: dayDisplay(row.createdAt.toZonedDateTimeISO('UTC').toPlainDate()),
  }))
  return { rows, nextCursor, q, filter: filter ?? '' }
}

export default function Products() {
  const { rows, nextCursor, q, filter } = useLoaderData<typeof loader>()
  const options = [
    ['', 'All'],
    ['published', 'Published'],
    ['new', 'New: not yet published'],
    ['discontinued', 'Discontinued by the vendor'],
    ['unpriced', 'Without a price'],
  ] as const
  return (
    <Page
      title="Products"
      actions={<ButtonLink to="/products/new-pool">New product of a key pool</ButtonLink>}
    >
      <Search
        q={q}
        label="Name or SKU"
        filters={[{ name: 'filter', label: 'Show', value: filter, options }]}
      />
      <List
        caption="Products"
        columns={['Product', 'SKU', 'Application', 'State', 'Plans', 'Prices in', 'Since']}
        empty="No products match."
        nextCursor={nextCursor}
        rows={rows.map((row) => ({
          key: row.id,
          cells: [
            <To key="to" to={`/products/${row.id}`}>
              {row.name}
            </To>,
            row.code,
            row.connector,
            <span key="state">
              <State>{row.state}</State> {row.isDiscontinued && <State>discontinued</State>}{' '}
              {row.isFeatured && 'featured'}
            </span>,
            row.plans,
            row.currencies,
            row.created,
          ],
        }))}
      />
    </Page>
  )
}
