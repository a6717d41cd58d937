import {
  type ActionFunctionArgs,
  Link,
  type LoaderFunctionArgs,
  redirect,
  useActionData,
  useLoaderData,
} from 'react-router'
import { cancelSubscription, previewRefund } from '#flows/subscriptions/cancel-subscription.ts'
import { priceRenewals } from '#flows/subscriptions/price-renewals.ts'
import { setAutoRenew } from '#flows/subscriptions/set-auto-renew.ts'
import { Refusal } from '#kernel/failure.ts'
import { asId, type SubscriptionId } from '#kernel/ids.ts'
import { viewSubscription } from '#views/subscriptions/view-subscription.ts'
import { moneyDisplay } from '#web/format.ts'
import { type SubscriptionPage, subscriptionPage } from '#web/storefront/subscription-shown.ts'
import { answerForm, buyerOf, done, formOf, heldForm, noSuchForm, textOf } from '#web/storefront/visitor.ts'
import { Badge } from '#web/ui/badge.tsx'
import { FormNotice, Notice } from '#web/ui/notice.tsx'
import { Card, Facts, Page, Section } from '#web/ui/page.tsx'
import { AutoRefresh, Timeline } from '#web/ui/progress.tsx'
import { Table } from '#web/ui/table.tsx'
import { muted } from '#web/ui/tone.ts'
import { WhyPrice } from '#web/ui/why-price.tsx'
import { formStateIn, stateOf } from '../form-state.ts'
import { SubscriptionCancellation } from '../parts/subscription-cancellation.tsx'
import { SubscriptionRenewal } from '../parts/subscription-renewal.tsx'

export const meta = ({ loaderData }: { loaderData?: { number: string } }) => [
  { title: loaderData ? `Subscription ${loaderData.number}` : 'Subscription' },
]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor, buyer } = await buyerOf(args)
  const id = asId<SubscriptionId>(args.params['subscriptionId'], 'subscription')
  const now = app.now()
  const view = await viewSubscription(app.db, actor, { id, now })
  const { subscription } = view
  const renews =
    subscription.kind === 'subscription' && subscription.state === 'active' && subscription.autoRenew
  const [refund, next] = await Promise.all([
    view.may.cancel ? previewRefund(app, actor, { subscriptionId: id }) : undefined,
    renews ? priceRenewals(app, actor, [subscription]) : undefined,
  ])
  return {
    held: await heldForm(args),
    ...subscriptionPage(view, { refund, next: next?.get(id), now }, buyer),
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formOf(args)
  const { buyer } = await buyerOf(args)
  const subscriptionId = asId<SubscriptionId>(args.params['subscriptionId'], 'subscription')
  return answerForm(form, async () => {
    switch (form.get('intent')) {
      case 'auto-renew': {
        const autoRenew = form.get('autoRenew') === 'on'
        await setAutoRenew(app, actor, { subscriptionId, autoRenew })
        return done(
          args.url.pathname,
          autoRenew ? 'It renews by itself.' : 'It ends with its term and does not renew.',
        )
      }
      case 'cancel': {
        // Days pass while a page stands open: nobody gets less back than they confirmed.
        const { refund } = await previewRefund(app, actor, { subscriptionId })
        if (refund.amountMinor.toString() !== textOf(form, 'refund'))
          throw new Refusal(
            'subscription/refund-changed',
            `Meanwhile the refund is ${moneyDisplay(refund, buyer.language)}, excl. VAT. Look at it and confirm again.`,
          )
        await cancelSubscription(app, actor, { subscriptionId, comment: textOf(form, 'comment') })
        return done(args.url.pathname, 'The cancellation is on its way to the vendor.')
      }
      default:
        throw noSuchForm()
    }
  })
}

export default function Subscription() {
  const page = useLoaderData<typeof loader>()
  const state = formStateIn(useActionData<typeof action>() ?? page.held)
  const cancelling = stateOf(state, 'cancel')
  return (
    <Page
      title={page.name}
      lead={`${page.number} · ${page.customer}`}
      crumbs={[{ to: '/subscriptions', label: 'Subscriptions' }]}
      actions={<Badge tone={page.state.tone}>{page.state.text}</Badge>}
    >
      {!cancelling && <FormNotice state={state} />}
      <AutoRefresh isOn={page.isMoving} />
      <Standing page={page} />
      <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,22rem)]">
        <div className="grid min-w-0 content-start gap-6">
          <TermCard page={page} />
          {page.charges.length > 0 && <Charges page={page} />}
          <Section title="History">
            <Card>
              <Timeline steps={page.history} />
            </Card>
          </Section>
        </div>
        <div className="grid content-start gap-6">
          {page.renewal && <SubscriptionRenewal renewal={page.renewal} />}
          <SubscriptionCancellation page={page} state={cancelling} />
          <Details page={page} />
        </div>
      </div>
    </Page>
  )
}

/** What stands out about it just now. */
function Standing({ page }: { page: SubscriptionPage }) {
  if (page.failureReason)
    return (
      <Notice tone="warning" title="It could not be set up yet">
        {page.failureReason} We are looking at it; nothing is charged before it is delivered.
      </Notice>
    )
  if (page.isPending)
    return (
      <Notice tone="info" title="The vendor is setting it up">
        This page follows by itself, and an e-mail tells when it is ready.
      </Notice>
    )
  if (page.isCancelling)
    return (
      <Notice tone="info" title="Being cancelled">
        The vendor has been asked. When it agrees, you get the credit invoice.
      </Notice>
    )
  if (page.renewalProblem)
    return (
      <Notice tone="warning" title="The renewal needs a hand">
        {page.renewalProblem}
      </Notice>
    )
  return null
}

function TermCard({ page }: { page: SubscriptionPage }) {
  return (
    <Card title={page.isPerpetual ? 'Licences' : 'Term and price'}>
      <Facts
        facts={[
          ['Licences', page.quantity],
          ['Plan', page.variant],
          ['Term', page.isPerpetual ? 'for ever' : page.endsOn && `${page.startsOn} – ${page.endsOn}`],
          ['Term number', page.termNumber > 1 && page.termNumber],
          ['Price', `${page.unitPrice} ${page.each}, excl. VAT`],
          [
            'Total of the term',
            <strong key="net" className="font-semibold tabular-nums">
              {page.net}
            </strong>,
          ],
        ]}
      />
      {!page.isPerpetual && (
        <p className={`text-sm ${muted}`}>The price holds until the term ends, whatever lists say.</p>
      )}
      <WhyPrice steps={page.why} of={page.number} />
    </Card>
  )
}

function Charges({ page }: { page: SubscriptionPage }) {
  return (
    <Section title="Charges and invoices">
      <Table
        caption="Charges"
        heads={['Period', 'Due', 'Amount, excl. VAT', 'State', 'Invoice']}
        numeric={[2]}
        rows={page.charges.map((charge) => ({
          key: charge.id,
          cells: [
            charge.period,
            charge.due,
            charge.net,
            <Badge key="state" tone={charge.state.tone}>
              {charge.state.text}
            </Badge>,
            charge.invoice && (
              <span key="invoices" className="grid">
                {[charge.invoice, charge.credit].map(
                  (invoice) =>
                    invoice && (
                      <Link
                        key={invoice.id}
                        to={`/invoices/${invoice.id}`}
                        className="inline-flex min-h-6 items-center text-brand-text underline"
                      >
                        {invoice.number}
                      </Link>
                    ),
                )}
              </span>
            ),
          ],
        }))}
      />
    </Section>
  )
}

function Details({ page }: { page: SubscriptionPage }) {
  return (
    <Card title="Details">
      <Facts
        facts={[
          ['End customer', page.customer],
          ['Billed to', page.billingTo],
          [
            'Order',
            <Link key="order" to={`/orders/${page.order.id}`}>
              {page.order.number}
            </Link>,
          ],
          ['Bought', page.boughtAt],
          ['Cancelled', page.cancelledAt],
          ['SKU', page.sku],
          ['Vendor’s number', page.vendorNumber],
        ]}
      />
    </Card>
  )
}
