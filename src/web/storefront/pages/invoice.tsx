import { Link, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { countryName } from '#kernel/countries.ts'
import { asId, type InvoiceId } from '#kernel/ids.ts'
import type { Party } from '#modules/invoicing'
import { viewInvoice } from '#views/invoices/view-invoice.ts'
import { whyShown } from '#web/explained.ts'
import { dayDisplay, moneyDisplay, percentDisplay, priceDisplay } from '#web/format.ts'
import { buyerOf } from '#web/storefront/visitor.ts'
import { type TransactionShown, transactionShown } from '#web/transaction-shown.ts'
import { Card, Facts, Page, Section } from '#web/ui/page.tsx'
import { Table } from '#web/ui/table.tsx'
import { muted } from '#web/ui/tone.ts'
import { WhyPrice } from '#web/ui/why-price.tsx'
import { Totals } from '../parts/totals.tsx'

export const meta = ({ loaderData }: { loaderData?: { title: string } }) => [
  { title: loaderData?.title ?? 'Invoice' },
]

function addressOf(party: Party): string[] {
  const place = [party.postalCode, party.city, party.region].filter(Boolean).join(' ')
  return [
    party.contact,
    party.addressLine1,
    party.addressLine2,
    place,
    party.country && countryName(party.country),
  ].filter(Boolean)
}

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor, buyer } = await buyerOf(args)
  const { invoice, credits, creditedBy, owed, payments } = await viewInvoice(app.db, actor, {
    id: asId<InvoiceId>(args.params['invoiceId'], 'invoice'),
    at: app.now(),
  })
  const say = (amount: typeof invoice.net) => moneyDisplay(amount, buyer.language)
  const both = (amount: typeof invoice.net, other: typeof invoice.net | undefined) =>
    other ? `${say(amount)} / ${say(other)}` : say(amount)
  const related = (each: NonNullable<typeof credits>) => ({
    id: each.id,
    number: each.number,
    total: both(each.total, each.transactionTotal),
  })

  return {
    id: invoice.id,
    title: `${invoice.kind === 'credit' ? 'Credit invoice' : 'Invoice'} ${invoice.number ?? ''}`,
    isCredit: invoice.kind === 'credit',
    issued: invoice.issueDate ? dayDisplay(invoice.issueDate, buyer.language) : '',
    due: invoice.dueDate ? dayDisplay(invoice.dueDate, buyer.language) : '',
    order: { id: invoice.orderId, number: invoice.orderNumber },
    reference: invoice.reference,
    payer: {
      name: invoice.buyer.name,
      address: addressOf(invoice.buyer),
      vatNumber: invoice.buyer.vatNumber,
    },
    customer:
      invoice.endCustomerId === invoice.billingToId
        ? undefined
        : { name: invoice.endCustomer.name, address: addressOf(invoice.endCustomer) },
    credits: credits && related(credits),
    creditedBy: creditedBy.map(related),
    paid: owed?.standing ?? '',
    open: owed && owed.open.amountMinor > 0n ? both(owed.open, owed.transactionOpen) : '',
    transaction: transactionShown(invoice, buyer.language),
    payments: payments.map(
      ({ amount, transaction, receivedOn }) =>
        `${both(amount, transaction?.amount)}, ${dayDisplay(receivedOn, buyer.language)}`,
    ),
    lines: invoice.lines.map((line) => ({
      id: line.id,
      position: line.position,
      name: line.name,
      description: line.description,
      quantity: line.quantity,
      unitPrice: priceDisplay(line.unitPrice, buyer.language),
      rate: percentDisplay(line.taxBasisPoints, buyer.language),
      net: say(line.net),
      period:
        line.period &&
        `${dayDisplay(line.period.startsOn, buyer.language)} – ${dayDisplay(line.period.endsOn, buyer.language)}`,
      why: invoice.kind === 'invoice' ? whyShown(line.explanation, buyer.language) : [],
    })),
    totals: {
      net: say(invoice.net),
      tax: say(invoice.tax),
      total: say(invoice.total),
      rate: invoice.taxSummary.map((group) => percentDisplay(group.basisPoints, buyer.language)).join(', '),
    },
    notes: invoice.taxSummary.map((group) => group.note).filter((note) => note !== ''),
  }
}

export default function InvoicePage() {
  const invoice = useLoaderData<typeof loader>()
  const { payer, customer } = invoice
  return (
    <Page
      title={invoice.title}
      lead={invoice.issued}
      crumbs={[{ to: '/invoices', label: 'Invoices' }]}
      actions={
        <a href={`/invoices/${invoice.id}/pdf`} className="button">
          Open PDF
        </a>
      }
    >
      <div className="grid gap-4 md:grid-cols-3">
        <Card title="Billed to">
          <address className="not-italic">
            {[payer.name, ...payer.address].map((line) => (
              <span key={line} className="block">
                {line}
              </span>
            ))}
          </address>
          {payer.vatNumber && <p className={`text-sm ${muted}`}>VAT {payer.vatNumber}</p>}
        </Card>
        {customer && (
          <Card title="End customer">
            <address className="not-italic">
              {[customer.name, ...customer.address].map((line) => (
                <span key={line} className="block">
                  {line}
                </span>
              ))}
            </address>
          </Card>
        )}
        <Card title="Details">
          <Facts
            facts={[
              ['Date', invoice.issued],
              ['Due', invoice.due],
              [
                'State',
                <span key="s" className="inline-block first-letter:uppercase">
                  {invoice.paid}
                </span>,
              ],
              ['Open', invoice.open],
              ['Payments', invoice.payments.join('; ')],
              [
                'Order',
                <Link key="order" to={`/orders/${invoice.order.id}`}>
                  {invoice.order.number}
                </Link>,
              ],
              ['Your reference', invoice.reference],
              [
                'Credits',
                invoice.credits && (
                  <Link to={`/invoices/${invoice.credits.id}`}>{invoice.credits.number}</Link>
                ),
              ],
              ...invoice.creditedBy.map((credit): [string, React.ReactNode] => [
                'Credited by',
                <Link key={credit.id} to={`/invoices/${credit.id}`}>
                  {credit.number} ({credit.total})
                </Link>,
              ]),
            ]}
          />
        </Card>
      </div>
      <Section title="Lines">
        <Table
          caption="Lines"
          heads={['#', 'Item', 'Quantity', 'Unit price', 'VAT', 'Net']}
          numeric={[2, 3, 4, 5]}
          rows={invoice.lines.map((line) => ({
            key: line.id,
            cells: [
              line.position,
              <div key="name">
                {line.name}
                {line.description && <span className={`block text-sm ${muted}`}>{line.description}</span>}
                {line.period && <span className={`block text-sm ${muted}`}>{line.period}</span>}
                <WhyPrice steps={line.why} of={`${line.position}. ${line.name}`} />
              </div>,
              line.quantity,
              line.unitPrice,
              line.rate,
              line.net,
            ],
          }))}
        />
        <div className="ml-auto w-full max-w-sm">
          <Totals totals={invoice.totals} isGrand />
          {invoice.transaction && <InTransactionCurrency shown={invoice.transaction} />}
          {invoice.notes.map((note) => (
            <p key={note} className={`mt-2 text-sm ${muted}`}>
              {note}
            </p>
          ))}
        </div>
      </Section>
    </Page>
  )
}

/** What is paid in the currency this company is invoiced in. */
function InTransactionCurrency({ shown }: { shown: TransactionShown }) {
  return (
    <section
      aria-label={`In ${shown.currency}`}
      className="mt-4 grid gap-1 rounded-xl bg-sunken p-4 tabular-nums"
    >
      <h3 className="font-semibold">In {shown.currency}</h3>
      <Totals totals={{ ...shown, rate: '' }} isGrand />
      <p className={`mt-1 text-sm ${muted}`}>
        {shown.rate} · {shown.rateOf}
      </p>
    </section>
  )
}
