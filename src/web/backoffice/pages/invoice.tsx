// An invoice or credit invoice as it was issued; the paper itself is the PDF.
import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { viewInvoice } from '#views/invoices/view-invoice.ts'
import { deskOf, shown } from '#web/backoffice/pages/shared/desk.ts'
import { dayDisplay, moneyDisplay, percentDisplay, priceDisplay } from '#web/format.ts'
import { Facts, List, Page, Panel, State, To } from './shared/kit.tsx'

export const meta = () => [{ title: 'Invoice' }]

type View = Awaited<ReturnType<typeof viewInvoice>>

function partyLines(party: View['invoice']['buyer']): string[] {
  return [
    party.name,
    party.contact,
    party.addressLine1,
    party.addressLine2,
    `${party.postalCode} ${party.city}`.trim(),
    [party.region, party.country].filter(Boolean).join(', '),
    party.vatNumber,
    party.email,
  ].filter(Boolean)
}

function related(each: View['creditedBy'][number]) {
  const { id, number, total, issueDate } = each
  return { id, number, total: moneyDisplay(total), issued: dayDisplay(issueDate) }
}

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const { invoice, credits, creditedBy } = await shown(
    viewInvoice(app.db, actor, { id: args.params['id'] as never }),
  )
  return {
    id: invoice.id,
    isCredit: invoice.kind === 'credit',
    state: invoice.state,
    number: invoice.number ?? '',
    orderId: invoice.orderId,
    orderNumber: invoice.orderNumber,
    reference: invoice.reference,
    billingToId: invoice.billingToId,
    endCustomerId: invoice.endCustomerId,
    seller: invoice.seller.name,
    buyer: partyLines(invoice.buyer),
    endCustomer: partyLines(invoice.endCustomer),
    issued: invoice.issueDate ? dayDisplay(invoice.issueDate) : '',
    due: invoice.dueDate ? dayDisplay(invoice.dueDate) : '',
    net: moneyDisplay(invoice.net),
    tax: moneyDisplay(invoice.tax),
    total: moneyDisplay(invoice.total),
    lines: invoice.lines.map((line) => ({
      id: line.id,
      position: line.position,
      name: line.name,
      description: line.description,
      assetId: line.assetId,
      quantity: line.quantity,
      price: priceDisplay(line.unitPrice),
      rate: percentDisplay(line.taxBasisPoints),
      net: moneyDisplay(line.net),
    })),
    taxes: invoice.taxSummary.map((each) => ({
      key: `${each.category} ${each.basisPoints}`,
      rate: percentDisplay(each.basisPoints),
      net: moneyDisplay(each.net),
      tax: moneyDisplay(each.tax),
      note: each.note,
    })),
    credits: credits && related(credits),
    creditedBy: creditedBy.map(related),
  }
}

export default function InvoicePage() {
  const invoice = useLoaderData<typeof loader>()
  const kind = invoice.isCredit ? 'Credit invoice' : 'Invoice'
  return (
    <Page
      title={invoice.number ? `${kind} ${invoice.number}` : `Draft of order ${invoice.orderNumber}`}
      lead={<State>{invoice.state}</State>}
      actions={
        invoice.number && (
          <a
            href={`/bss/invoices/${invoice.id}/pdf`}
            className="inline-flex min-h-10 items-center rounded-md bg-blue-700 px-4 font-medium text-white hover:bg-blue-800"
          >
            PDF
          </a>
        )
      }
    >
      <Facts
        of={[
          [
            'Order',
            <To key="o" to={`/orders/${invoice.orderId}`}>
              {invoice.orderNumber}
            </To>,
          ],
          ['Reference', invoice.reference],
          ['Seller', invoice.seller],
          ['Issued', invoice.issued],
          ['Due', invoice.due],
          ...(invoice.credits ? [['Credits', <Related key="c" of={invoice.credits} />] as const] : []),
          ...(invoice.creditedBy.length > 0
            ? [
                [
                  'Credited by',
                  invoice.creditedBy.map((each) => <Related key={each.id} of={each} />),
                ] as const,
              ]
            : []),
          ['Net', invoice.net],
          ['VAT', invoice.tax],
          ['Total', invoice.total],
        ]}
      />
      <div className="grid gap-6 md:grid-cols-2">
        <Panel title="Billing to">
          <Company id={invoice.billingToId} lines={invoice.buyer} />
        </Panel>
        <Panel title="End customer">
          <Company id={invoice.endCustomerId} lines={invoice.endCustomer} />
        </Panel>
      </div>
      <Panel title="Lines">
        <List
          caption="Lines"
          columns={['No.', 'Product', 'Licence', 'Quantity', 'Price', 'VAT', 'Net']}
          empty="No lines."
          rows={invoice.lines.map((line) => ({
            key: line.id,
            cells: [
              line.position,
              <>
                {line.name}
                {line.description && <div className="text-muted">{line.description}</div>}
              </>,
              line.assetId ? <To to={`/assets/${line.assetId}`}>Licence</To> : '–',
              line.quantity,
              line.price,
              line.rate,
              line.net,
            ],
          }))}
        />
      </Panel>
      <Panel title="VAT">
        <List
          caption="VAT"
          columns={['Rate', 'Net', 'VAT', 'Note']}
          empty="No VAT."
          rows={invoice.taxes.map((each) => ({
            key: each.key,
            cells: [each.rate, each.net, each.tax, each.note || '–'],
          }))}
        />
      </Panel>
    </Page>
  )
}

function Company({ id, lines }: { id: string; lines: readonly string[] }) {
  const [name = '', ...rest] = lines
  return (
    <address className="not-italic">
      <To to={`/accounts/${id}`}>{name}</To>
      {rest.map((line) => (
        <div key={line}>{line}</div>
      ))}
    </address>
  )
}

function Related({ of: { id, number, total, issued } }: { of: ReturnType<typeof related> }) {
  return (
    <div>
      <To to={`/invoices/${id}`}>{number}</To> {total}, {issued}
    </div>
  )
}
