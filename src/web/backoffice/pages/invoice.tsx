// An invoice or credit invoice as it was issued; the paper itself is the PDF.
import { Download } from 'lucide-react'
import { type ActionFunctionArgs, Link, type LoaderFunctionArgs, useHref, useLoaderData } from 'react-router'
import { recordPayment, withdrawPayment } from '#flows/invoicing/record-payment.ts'
import { countryName } from '#kernel/countries.ts'
import { moneyText, negate } from '#kernel/money.ts'
import { dayOf } from '#kernel/time.ts'
import { viewInvoice } from '#views/invoices/view-invoice.ts'
import { deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { recordFoot } from '#web/backoffice/record-foot.ts'
import { whyOnce } from '#web/explained.ts'
import { dayDisplay, momentDisplay, moneyDisplay, percentDisplay, priceDisplay } from '#web/format.ts'
import { answerForm, done, textOf } from '#web/forms.ts'
import { transactionShown } from '#web/transaction-shown.ts'
import { Card, Columns, Facts, Page, Section } from '#web/ui/page.tsx'
import { Table } from '#web/ui/table.tsx'
import { Payments, type ShownPayments } from '../parts/payments.tsx'
import { RecordFoot } from '../parts/record-foot.tsx'
import { State } from '../parts/state.tsx'
import { WhyPrices } from '../parts/why-prices.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'Invoice' }]

type View = Awaited<ReturnType<typeof viewInvoice>>

function partyLines(party: View['invoice']['buyer']): string[] {
  return [
    party.name,
    party.contact,
    party.addressLine1,
    party.addressLine2,
    `${party.postalCode} ${party.city}`.trim(),
    [party.region, countryName(party.country, 'en')].filter(Boolean).join(', '),
    party.vatNumber && `VAT number ${party.vatNumber}`,
    party.email,
  ].filter(Boolean)
}

/** `€100.00 (VES 4,050.00)` */
function inBoth(amount: View['invoice']['total'], other: View['invoice']['total'] | undefined): string {
  return other ? `${moneyDisplay(amount)} (${moneyDisplay(other)})` : moneyDisplay(amount)
}

function related(each: View['creditedBy'][number]) {
  const { id, number, total, transactionTotal, issueDate } = each
  return { id, number, total: inBoth(total, transactionTotal), issued: dayDisplay(issueDate) }
}

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const view = await viewInvoice(app.db, actor, { id: args.params['id'] as never, at: app.now() })
  const { invoice, credits, creditedBy, owed, pricing } = view
  const why = whyOnce(invoice.lines.map((line) => pricing.get(line.id) ?? line.explanation))
  return {
    id: invoice.id,
    foot: await recordFoot(args, 'invoice', invoice.id),
    isCredit: invoice.kind === 'credit',
    state: owed?.standing ?? invoice.state,
    open: owed && owed.open.amountMinor !== 0n ? inBoth(owed.open, owed.transactionOpen) : '',
    transaction: transactionShown(invoice),
    paid: owed && paymentsShown(view, actor.rights.has('record-payments'), app.now()),
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
    lines: invoice.lines.map((line, at) => ({
      id: line.id,
      // With costs where they may be seen.
      why: invoice.kind === 'invoice' ? (why[at] ?? []) : [],
      period: line.period && `${dayDisplay(line.period.startsOn)} – ${dayDisplay(line.period.endsOn)}`,
      supplied: line.suppliedOn && `Delivered on ${dayDisplay(line.suppliedOn)}`,
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

function paymentsShown(
  { invoice, owed, payments }: View,
  mayRecord: boolean,
  now: Temporal.Instant,
): ShownPayments {
  const isCredit = invoice.kind === 'credit'
  const shown = (amount: View['invoice']['total']) => (isCredit ? negate(amount) : amount)
  return {
    isCredit,
    // Money comes in the currency that was invoiced, as a rule.
    openText: owed ? moneyText(shown(owed.transactionOpen ?? owed.open)) : '',
    currencies: [owed?.transactionOpen, owed?.open].flatMap((open) =>
      open
        ? [{ value: open.currency as string, label: `${open.currency}: ${moneyText(shown(open))} open` }]
        : [],
    ),
    currency: invoice.currency,
    isOpen: owed !== undefined && owed.open.amountMinor !== 0n,
    mayRecord,
    today: dayOf(now, invoice.seller.timeZone).toString(),
    list: payments.map(
      ({ id, receivedOn, amount, transaction, reference, recordedAt, recordedBy, withdrawn }) => ({
        id,
        receivedOn: dayDisplay(receivedOn),
        amount: transaction?.isGiven
          ? inBoth(shown(transaction.amount), shown(amount))
          : inBoth(shown(amount), transaction && shown(transaction.amount)),
        reference,
        recorded: `${momentDisplay(recordedAt)} by ${recordedBy ?? 'the system'}`,
        withdrawn: withdrawn && `${momentDisplay(withdrawn.at)} by ${withdrawn.by}: ${withdrawn.because}`,
      }),
    ),
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formAtDesk(args)
  const invoiceId = args.params['id'] as never
  return answerForm(form, async () => {
    if (textOf(form, 'intent') === 'withdraw') {
      const payment = await withdrawPayment(app, actor, {
        invoiceId,
        paymentId: textOf(form, 'paymentId') as never,
        reason: textOf(form, 'reason'),
      })
      return done(`/invoices/${invoiceId}`, `The payment of ${moneyDisplay(payment.amount)} is withdrawn.`)
    }
    const payment = await recordPayment(app, actor, {
      invoiceId,
      amount: textOf(form, 'amount'),
      currency: textOf(form, 'currency'),
      receivedOn: textOf(form, 'receivedOn'),
      reference: textOf(form, 'reference'),
    })
    return done(
      `/invoices/${invoiceId}`,
      `${inBoth(payment.amount, payment.transaction?.amount)} are recorded.`,
    )
  })
}

export default function InvoicePage() {
  const invoice = useLoaderData<typeof loader>()
  const { state } = useAnswer()
  const kind = invoice.isCredit ? 'Credit invoice' : 'Invoice'
  const pdf = useHref(`/invoices/${invoice.id}/pdf`)
  return (
    <Page
      title={invoice.number ? `${kind} ${invoice.number}` : `Draft of order ${invoice.orderNumber}`}
      lead={
        <span className="flex flex-wrap items-center gap-2">
          <State>{invoice.state}</State>
          {invoice.open && <span>{`${invoice.open} open`}</span>}
          {invoice.open && invoice.due && <span>{`due ${invoice.due}`}</span>}
        </span>
      }
      actions={
        invoice.number && (
          <a href={pdf} className="button" data-look="primary">
            <Download size={16} aria-hidden="true" /> PDF
          </a>
        )
      }
    >
      <Columns aside={<About invoice={invoice} />}>
        <div className="grid gap-5 sm:grid-cols-2">
          <Card title="Billing to">
            <Company id={invoice.billingToId} lines={invoice.buyer} />
          </Card>
          <Card title="End customer">
            <Company id={invoice.endCustomerId} lines={invoice.endCustomer} />
          </Card>
        </div>
        <Section title="Lines">
          <Table
            caption="Lines"
            heads={['Product', 'Licence', 'Quantity', 'Price', 'VAT', 'Net']}
            numeric={[2, 3, 4, 5]}
            rows={invoice.lines.map((line) => ({
              key: line.id,
              cells: [
                <>
                  {line.name}
                  {[line.description, line.period, line.supplied].filter(Boolean).map((words) => (
                    <span key={words} className="block text-[0.9286em] font-normal text-muted">
                      {words}
                    </span>
                  ))}
                </>,
                line.assetId && (
                  <Link key="l" to={`/assets/${line.assetId}`}>
                    Licence
                  </Link>
                ),
                line.quantity,
                line.price,
                line.rate,
                line.net,
              ],
            }))}
          />
          <WhyPrices items={invoice.lines} />
        </Section>
        {invoice.paid && <Payments paid={invoice.paid} state={state} />}
        <Section title="VAT">
          <Table
            caption="VAT"
            heads={['Rate', 'Net', 'VAT', 'Note']}
            numeric={[1, 2]}
            rows={invoice.taxes.map((each) => ({
              key: each.key,
              cells: [each.rate, each.net, each.tax, each.note],
            }))}
          />
        </Section>
        <RecordFoot foot={invoice.foot} />
      </Columns>
    </Page>
  )
}

type Shown = ReturnType<typeof useLoaderData<typeof loader>>

function About({ invoice }: { invoice: Shown }) {
  return (
    <>
      <Card title="Amounts">
        <Facts
          facts={[
            ['Net', invoice.net],
            ['VAT', invoice.tax],
            ['Total', <strong key="t">{invoice.total}</strong>],
            ['Open', invoice.open],
          ]}
        />
      </Card>
      {invoice.transaction && (
        <Card title={`In ${invoice.transaction.currency}`}>
          <Facts
            facts={[
              ['Net', invoice.transaction.net],
              ['VAT', invoice.transaction.tax],
              ['Total', <strong key="t">{invoice.transaction.total}</strong>],
              [
                'Rate',
                <>
                  {invoice.transaction.rate}
                  <span className="block text-[0.9286em] text-muted">{invoice.transaction.rateOf}</span>
                </>,
              ],
            ]}
          />
        </Card>
      )}
      <Card title="Details">
        <Facts
          facts={[
            [
              'Order',
              <Link key="o" to={`/orders/${invoice.orderId}`}>
                {invoice.orderNumber}
              </Link>,
            ],
            ['Reference', invoice.reference],
            ['Seller', invoice.seller],
            ['Issued', invoice.issued],
            ['Due', invoice.due],
            ['Credits', invoice.credits && <Related key="c" of={invoice.credits} />],
            [
              'Credited by',
              invoice.creditedBy.length > 0 &&
                invoice.creditedBy.map((each) => <Related key={each.id} of={each} />),
            ],
          ]}
        />
      </Card>
    </>
  )
}

function Company({ id, lines }: { id: string; lines: readonly string[] }) {
  const [name = '', ...rest] = lines
  return (
    <address className="not-italic">
      <Link to={`/accounts/${id}`}>{name}</Link>
      {rest.map((line) => (
        <div key={line}>{line}</div>
      ))}
    </address>
  )
}

function Related({ of: { id, number, total, issued } }: { of: ReturnType<typeof related> }) {
  return (
    <div>
      <Link to={`/invoices/${id}`}>{number}</Link> {total}, {issued}
    </div>
  )
}
