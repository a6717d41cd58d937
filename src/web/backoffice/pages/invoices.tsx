import { Link, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { findParty } from '#views/accounts/find-party.ts'
import { listInvoices } from '#views/invoices/list-invoices.ts'
import { askedOf, choiceOf, deskOf } from '#web/backoffice/desk.ts'
import { dayDisplay, moneyDisplay } from '#web/format.ts'
import { Page } from '#web/ui/page.tsx'
import { FilterLinks, List, Narrowed, SearchForm, Toolbar } from '#web/ui/table.tsx'
import { NothingFound } from '../parts/nothing-found.tsx'
import { State } from '../parts/state.tsx'

export const meta = () => [{ title: 'Invoices' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const kind = choiceOf(args.url, 'kind', ['invoice', 'credit'])
  const account = args.url.searchParams.get('account') || undefined
  const asked = { ...askedOf(args.url), kind, accountId: account as never }
  const [{ items, nextCursor }, party] = await Promise.all([
    listInvoices(app.db, actor, asked),
    findParty(app.db, actor, account),
  ])
  const rows = items.map((row) => ({
    id: row.id,
    number: row.number,
    isCredit: row.kind === 'credit',
    state: row.state,
    payer: row.billingTo.name,
    orderId: row.orderId,
    order: row.orderNumber,
    net: moneyDisplay(row.net),
    tax: moneyDisplay(row.tax),
    total: moneyDisplay(row.total),
    issued: row.issueDate ? dayDisplay(row.issueDate) : '',
    due: row.dueDate ? dayDisplay(row.dueDate) : '',
  }))
  return { rows, nextCursor, party }
}

export default function Invoices() {
  const { rows, nextCursor, party } = useLoaderData<typeof loader>()
  return (
    <Page title="Invoices">
      <Toolbar>
        <SearchForm label="Search invoices" placeholder="Invoice, order or customer" />
        <FilterLinks
          name="kind"
          choices={[
            { value: 'invoice', label: 'Invoices' },
            { value: 'credit', label: 'Credit invoices' },
          ]}
        />
        {party && <Narrowed name="account">{party.name}</Narrowed>}
      </Toolbar>
      <List
        caption="Invoices"
        heads={['Number', 'Kind', 'Billing to', 'Order', 'State', 'Issued', 'Due', 'Net', 'VAT', 'Total']}
        numeric={[7, 8, 9]}
        empty={
          <NothingFound title="No invoices yet">
            An order is invoiced when its licences are delivered.
          </NothingFound>
        }
        nextCursor={nextCursor}
        rows={rows.map((row) => ({
          key: row.id,
          cells: [
            <Link key="i" to={`/invoices/${row.id}`} className="whitespace-nowrap">
              {row.number ?? 'Draft'}
            </Link>,
            row.isCredit ? 'Credit invoice' : 'Invoice',
            row.payer,
            <Link key="o" to={`/orders/${row.orderId}`}>
              {row.order}
            </Link>,
            <State key="s">{row.state}</State>,
            row.issued,
            row.due,
            row.net,
            row.tax,
            row.total,
          ],
        }))}
      />
    </Page>
  )
}
