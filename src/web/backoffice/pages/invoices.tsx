import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { listInvoices } from '#views/invoices/list-invoices.ts'
import { askedOf, choiceOf, deskOf, shown } from '#web/backoffice/pages/shared/desk.ts'
import { dayDisplay, moneyDisplay } from '#web/format.ts'
import { List, Page, Search, To } from './shared/kit.tsx'

export const meta = () => [{ title: 'Invoices' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const kind = choiceOf(args.url, 'kind', ['invoice', 'credit'])
  const accountId = (args.url.searchParams.get('account') || undefined) as never
  const asked = askedOf(args.url)
  const { items, nextCursor } = await shown(listInvoices(app.db, actor, { ...asked, kind, accountId }))
  const rows = items.map((row) => ({
    id: row.id,
    number: row.number,
    kind: row.kind,
    payer: row.billingTo.name,
    orderId: row.orderId,
    order: row.orderNumber,
    net: moneyDisplay(row.net),
    tax: moneyDisplay(row.tax),
    total: moneyDisplay(row.total),
    issued: row.issueDate ? dayDisplay(row.issueDate) : '–',
    due: row.dueDate ? dayDisplay(row.dueDate) : '–',
  }))
  return { rows, nextCursor, q: asked.q, kind: kind ?? '' }
}

export default function Invoices() {
  const { rows, nextCursor, q, kind } = useLoaderData<typeof loader>()
  return (
    <Page title="Invoices">
      <Search
        q={q}
        label="Invoice, order or customer"
        filters={[
          {
            name: 'kind',
            label: 'Kind',
            value: kind,
            options: [
              ['', 'All'],
              ['invoice', 'Invoices'],
              ['credit', 'Credit invoices'],
            ],
          },
        ]}
      />
      <List
        caption="Invoices"
        columns={['Number', 'Kind', 'Billing to', 'Order', 'Net', 'VAT', 'Total', 'Issued', 'Due']}
        empty="No invoices match."
        nextCursor={nextCursor}
        rows={rows.map((row) => ({
          key: row.id,
          cells: [
            <To key="i" to={`/invoices/${row.id}`}>
              {row.number ?? 'Draft'}
            </To>,
            row.kind,
            row.payer,
            <To key="o" to={`/orders/${row.orderId}`}>
              {row.order}
            </To>,
            row.net,
            row.tax,
            row.total,
            row.issued,
            row.due,
          ],
        }))}
      />
    </Page>
  )
}
