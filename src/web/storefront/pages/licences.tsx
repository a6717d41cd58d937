import { Link, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { type AssetFilter, assetFilters, listAssets } from '#views/assets/list-assets.ts'
import { momentDisplay } from '#web/format.ts'
import { buyerOf } from '#web/storefront/visitor.ts'
import { licenceInWords } from '#web/storefront/words.ts'
import { Badge } from '#web/ui/badge.tsx'
import { LinkButton } from '#web/ui/button.tsx'
import { Empty, Page } from '#web/ui/page.tsx'
import { FilterLinks, Pager, SearchForm, Table } from '#web/ui/table.tsx'

export const meta = () => [{ title: 'Licences' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor, buyer } = await buyerOf(args)
  const ask = args.url.searchParams
  const q = ask.get('q') ?? ''
  const filter = assetFilters.find((each) => each === ask.get('filter'))
  const cursor = ask.get('cursor') ?? undefined
  const { items, nextCursor } = await listAssets(app.db, actor, { q, filter, cursor })
  return {
    q,
    filter,
    cursor,
    nextCursor,
    licences: items.map((licence) => ({
      id: licence.id,
      number: licence.number,
      name: licence.name,
      customer: licence.endCustomer.name,
      keyMask: licence.keyMask ?? '—',
      boughtAt: momentDisplay(licence.purchasedAt, buyer.language),
      state: licenceInWords(licence),
    })),
  }
}

const filterLabels: Readonly<Record<AssetFilter, string>> = {
  active: 'Delivered',
  pending: 'On its way',
  trouble: 'Needs a hand',
  'return-requested': 'Cancellation requested',
  cancelled: 'Cancelled',
}

export default function Licences() {
  const { q, filter, cursor, nextCursor, licences } = useLoaderData<typeof loader>()
  const isNarrowed = Boolean(q || filter)
  return (
    <Page title="Licences">
      <SearchForm
        label="Search licences"
        q={q}
        placeholder="Number, product, customer, SKU…"
        keep={{ filter }}
      />
      <FilterLinks
        name="filter"
        current={filter}
        keep={{ q }}
        choices={Object.entries(filterLabels).map(([value, label]) => ({ value, label }))}
      />
      {licences.length > 0 ? (
        <Table
          caption="Licences"
          heads={['Licence', 'Product', 'Customer', 'Key', 'Bought', 'State']}
          rows={licences.map((licence) => ({
            key: licence.id,
            cells: [
              <span key="number" className="whitespace-nowrap">
                <Link to={`/licences/${licence.id}`}>{licence.number}</Link>
              </span>,
              licence.name,
              licence.customer,
              <code key="mask" className="text-sm lg:whitespace-nowrap">
                {licence.keyMask}
              </code>,
              licence.boughtAt,
              <Badge key="state" tone={licence.state.tone}>
                {licence.state.text}
              </Badge>,
            ],
          }))}
        />
      ) : (
        <Empty
          title={isNarrowed ? 'No licence fits' : 'No licences yet'}
          action={
            <LinkButton to={isNarrowed ? '/licences' : '/products'}>
              {isNarrowed ? 'Show all licences' : 'Browse products'}
            </LinkButton>
          }
        >
          {isNarrowed
            ? 'Try part of a product’s or a customer’s name.'
            : 'Every licence you buy is kept here, with its key and links.'}
        </Empty>
      )}
      <Pager cursor={cursor} nextCursor={nextCursor} keep={{ q, filter }} />
    </Page>
  )
}
