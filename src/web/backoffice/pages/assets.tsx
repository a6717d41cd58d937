import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { assetFilters, listAssets } from '#views/assets/list-assets.ts'
import { askedOf, choiceOf, deskOf, shown } from '#web/backoffice/pages/shared/desk.ts'
import { dayDisplay, moneyDisplay } from '#web/format.ts'
import { List, Page, Search, State, To } from './shared/kit.tsx'

export const meta = () => [{ title: 'Licences' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const filter = choiceOf(args.url, 'filter', assetFilters)
  const accountId = (args.url.searchParams.get('account') || undefined) as never
  const asked = askedOf(args.url)
  const { items, nextCursor } = await shown(listAssets(app.db, actor, { ...asked, filter, accountId }))
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
    provisioning: row.provisioning,
    reason: row.failureReason ?? '',
    key: row.keyMask ?? '–',
  }))
  return { rows, nextCursor, q: asked.q, filter: filter ?? '' }
}

export default function Assets() {
  const { rows, nextCursor, q, filter } = useLoaderData<typeof loader>()
  const options = [
    ['', 'All'],
    ['active', 'Active'],
    ['pending', 'Being delivered'],
    ['trouble', 'Failed or awaiting a key'],
    ['return-requested', 'Cancellation requested'],
    ['cancelled', 'Cancelled'],
  ] as const
  return (
    <Page title="Licences">
      <Search
        q={q}
        label="Number, customer, product or SKU"
        filters={[{ name: 'filter', label: 'State', value: filter, options }]}
      />
      <List
        caption="Licences"
        columns={[
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
        empty="No licences match."
        nextCursor={nextCursor}
        rows={rows.map((row) => ({
          key: row.id,
          cells: [
            <To key="t" to={`/assets/${row.id}`}>
              {row.number}
            </To>,
            row.name,
            row.customer,
            <To key="o" to={`/orders/${row.orderId}`}>
              {row.order}
            </To>,
            <State key="s">{row.state}</State>,
            <div key="p">
              <State>{row.provisioning}</State> {row.reason}
            </div>,
            row.key,
            row.price,
            row.bought,
          ],
        }))}
      />
    </Page>
  )
}
