import { Link, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { listInvoices } from '#views/invoices/list-invoices.ts'
import { dayDisplay, moneyDisplay } from '#web/format.ts'
import { buyerOf } from '#web/storefront/visitor.ts'
import { LinkButton } from '#web/ui/button.tsx'
import { Empty, Page } from '#web/ui/page.tsx'
import { FilterLinks, Pager, SearchForm, Table } from '#web/ui/table.tsx'

export const meta = () => [{ title: 'Invoices' }]

const kinds = ['invoice', 'credit'] as const

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor, buyer } = await buyerOf(args)
  const ask = args.url.searchParams
  const q = ask.get('q') ?? ''
  const kind = kinds.find((each) => each === ask.get('kind'))
  const cursor = ask.get('cursor') ?? undefined
  const { items, nextCursor } = await listInvoices(app.db, actor, { q, kind, cursor })
  return {
    q,
    kind,
    cursor,
    nextCursor,
    invoices: items.map((invoice) => ({
      id: invoice.id,
      number: invoice.number ?? '',
      kind: invoice.kind === 'credit' ? 'Credit invoice' : 'Invoice',
      day: invoice.issueDate ? dayDisplay(invoice.issueDate, buyer.language) : '',
      due: invoice.dueDate ? dayDisplay(invoice.dueDate, buyer.language) : '—',
      order: { id: invoice.orderId, number: invoice.orderNumber },
      customer: invoice.endCustomer.name,
      total: moneyDisplay(invoice.total, buyer.language),
      paid: invoice.standing ?? '',
    })),
  }
}

export default function Invoices() {
  const { q, kind, cursor, nextCursor, invoices } = useLoaderData<typeof loader>()
  const isNarrowed = Boolean(q || kind)
  return (
    <Page title="Invoices">
      <SearchForm
        label="Search invoices"
        q={q}
        placeholder="Number, order, reference, customer…"
        keep={{ kind }}
      />
      <FilterLinks
        name="kind"
        current={kind}
        keep={{ q }}
        choices={[
          { value: 'invoice', label: 'Invoices' },
          { value: 'credit', label: 'Credit invoices' },
        ]}
      />
      {invoices.length > 0 ? (
        <Table
          caption="Invoices"
          heads={['Number', 'Kind', 'Date', 'Due', 'Order', 'Customer', 'Total incl. VAT', 'State', 'PDF']}
          numeric={[6]}
          rows={invoices.map((invoice) => ({
            key: invoice.id,
            cells: [
              <span key="number" className="whitespace-nowrap">
                <Link to={`/invoices/${invoice.id}`}>{invoice.number}</Link>
              </span>,
              invoice.kind,
              invoice.day,
              invoice.due,
              <Link key="order" to={`/orders/${invoice.order.id}`}>
                {invoice.order.number}
              </Link>,
              invoice.customer,
              invoice.total,
              <span key="state" className="inline-block first-letter:uppercase">
                {invoice.paid}
              </span>,
              <a key="pdf" href={`/invoices/${invoice.id}/pdf`} aria-label={`PDF of ${invoice.number}`}>
                PDF
              </a>,
            ],
          }))}
        />
      ) : (
        <Empty
          title={isNarrowed ? 'No invoice fits' : 'No invoices yet'}
          action={isNarrowed && <LinkButton to="/invoices">Show all invoices</LinkButton>}
        >
          {isNarrowed
            ? 'Try an invoice or order number, or part of a customer’s name.'
            : 'An invoice is written when an order is delivered, for what was delivered.'}
        </Empty>
      )}
      <Pager cursor={cursor} nextCursor={nextCursor} keep={{ q, kind }} />
    </Page>
  )
}
