import {
  type ActionFunctionArgs,
  Form,
  Link,
  type LoaderFunctionArgs,
  redirect,
  useActionData,
  useLoaderData,
} from 'react-router'
import { retryLicence } from '#flows/provisioning/retry-licence.ts'
import { type AssetId, asId, type OrderId } from '#kernel/ids.ts'
import { mayDo } from '#modules/users'
import { type OrderView, viewOrder } from '#views/orders/view-order.ts'
import { whyShown } from '#web/explained.ts'
import { dayDisplay, momentDisplay, moneyDisplay, percentDisplay, priceDisplay } from '#web/format.ts'
import { isMoving } from '#web/order-moving.ts'
import { mailCounts, orderStages } from '#web/storefront/order-stages.ts'
import { isSoftwareSku, softwareWords } from '#web/storefront/software-shown.ts'
import { answerForm, buyerOf, formOf, heldForm, noSuchForm, textOf } from '#web/storefront/visitor.ts'
import { licenceInWords, orderInWords, subscriptionInWords } from '#web/storefront/words.ts'
import { Badge } from '#web/ui/badge.tsx'
import { SmallButton } from '#web/ui/button.tsx'
import { FormNotice, Notice } from '#web/ui/notice.tsx'
import { Card, Facts, Page, Section } from '#web/ui/page.tsx'
import { AutoRefresh, Timeline } from '#web/ui/progress.tsx'
import { muted } from '#web/ui/tone.ts'
import { WhyPrice } from '#web/ui/why-price.tsx'
import { OrderTracker } from '../parts/order-tracker.tsx'
import { Totals } from '../parts/totals.tsx'

export const meta = ({ loaderData }: { loaderData?: { number: string } }) => [
  { title: loaderData ? `Order ${loaderData.number}` : 'Order' },
]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor, buyer } = await buyerOf(args)
  const view = await viewOrder(app.db, actor, { id: asId<OrderId>(args.params['orderId'], 'order') })
  const { order } = view
  const rate = view.items[0]?.taxBasisPoints ?? 0
  const seesLicences = mayDo(actor, 'see-assets')
  const mails = mailCounts(view.timeline)
  const placedAt = momentDisplay(order.createdAt, buyer.language)
  const slow = isSlow(view, app.now())
  return {
    held: await heldForm(args),
    number: order.number,
    placedAt,
    placedBy: view.placedByName,
    customer: view.endCustomer.name,
    reference: order.reference,
    splitFrom: view.splitFrom,
    subOrders: view.subOrders.map(({ id, number }) => ({ id, number })),
    heldBecause: order.heldBecause,
    state: orderInWords({ ...view, heldBecause: order.heldBecause }),
    isSoftwareOnly: view.items.every(({ sku }) => isSoftwareSku(sku)),
    isNew: app.now().since(order.createdAt).total('minutes') < 5,
    // Until every key is there, every mail has left and the invoice is written, the page keeps itself fresh.
    isMoving: isMoving(view, app.now()),
    isMaking: view.progress === 'in progress',
    isCancelled: view.progress === 'cancelled',
    mails,
    isSlow: slow,
    stages: orderStages(view, {
      placedAt,
      invoiceNumbers: mayDo(actor, 'see-invoices') ? view.invoices.map(({ number }) => number) : [],
      isSlow: slow,
    }),
    totals: {
      net: moneyDisplay(order.net, buyer.language),
      tax: moneyDisplay(order.tax, buyer.language),
      total: moneyDisplay(order.total, buyer.language),
      rate: percentDisplay(rate, buyer.language),
    },
    taxNote: order.taxNote,
    items: view.items.map((item) => ({
      id: item.id,
      position: item.position,
      name: item.name,
      sku: item.sku,
      about: isSoftwareSku(item.sku) ? softwareWords(item.sku) : item.sku,
      quantity: item.quantity,
      unitPrice: item.quantity > 1 ? priceDisplay(item.unitPrice, buyer.language) : '',
      net: moneyDisplay(item.net, buyer.language),
      why: whyShown(item.explanation, buyer.language),
      subscription: item.subscription && {
        id: item.subscription.id,
        number: item.subscription.number,
        state: subscriptionInWords({
          ...item.subscription,
          // What becomes of it later is told on its own page.
          kind: 'subscription',
          autoRenew: true,
          isCancelling: false,
          renewalProblem: undefined,
        }),
        reason: item.subscription.state === 'ordered' ? item.subscription.failureReason : undefined,
        isAway:
          item.subscription.state === 'ordered' &&
          item.subscription.provisioning === 'unsynchronised' &&
          item.subscription.tries > 1,
        hasPage: seesLicences,
      },
      licence: item.licence && {
        id: item.licence.id,
        number: item.licence.number,
        state: licenceInWords(item.licence),
        reason: item.licence.state === 'active' ? item.licence.failureReason : undefined,
        tries: item.licence.provisioning === 'unsynchronised' ? item.licence.tries : 0,
        isAwaitingKey: item.licence.isAwaitingKey,
        keyMask: item.licence.keyMask,
        mayRetry:
          item.licence.provisioning === 'failed' &&
          item.licence.state === 'active' &&
          mayDo(actor, 'manage-assets'),
        hasPage: seesLicences,
      },
    })),
    invoices: mayDo(actor, 'see-invoices')
      ? view.invoices.map((invoice) => ({
          id: invoice.id,
          number: invoice.number,
          isCredit: invoice.kind === 'credit',
          day: dayDisplay(invoice.issueDate, buyer.language),
          total: moneyDisplay(invoice.total, buyer.language),
        }))
      : [],
    steps: view.timeline
      .filter((step) => step.source === 'event')
      .map((step) => ({
        key: `${step.at.epochNanoseconds} ${step.kind} ${step.assetId ?? ''}`,
        at: momentDisplay(step.at, buyer.language, { seconds: true }),
        text: step.text,
        ...(step.actor ? { about: step.actor } : {}),
        tone: toneOf(step.kind),
      })),
  }
}

function toneOf(kind: string): 'success' | 'warning' {
  return kind === 'failed' || kind === 'held' || kind === 'given-up' ? 'warning' : 'success'
}

/** The vendor was asked and did not answer, or nothing has arrived for so long that people begin to wonder. */
function isSlow(
  { order, progress, licences, subscriptions, items }: OrderView,
  now: Temporal.Instant,
): boolean {
  if (progress !== 'in progress' || !order.executedAt) return false
  const isAway = items.some(
    ({ licence }) =>
      licence?.provisioning === 'unsynchronised' && licence.tries > 0 && !licence.isAwaitingKey,
  )
  const isSoftware = subscriptions.total > 0
  // Software takes the vendor a minute or two on the best of days.
  const patienceSeconds = isSoftware ? 300 : 20
  const hasNothing = licences.delivered + subscriptions.delivered === 0
  return isAway || (hasNothing && now.since(order.executedAt).total('seconds') > patienceSeconds)
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formOf(args)
  return answerForm(form, async () => {
    if (textOf(form, 'intent') !== 'retry') throw noSuchForm()
    await retryLicence(app, actor, {
      assetId: asId<AssetId>(form.get('assetId'), 'asset'),
      orderId: asId<OrderId>(args.params['orderId'], 'order'),
    })
    throw redirect(args.url.pathname, 303)
  })
}

export default function OrderPage() {
  const order = useLoaderData<typeof loader>()
  const state = useActionData<typeof action>() ?? order.held
  return (
    <Page
      title={`Order ${order.number}`}
      lead={order.customer}
      crumbs={[{ to: '/orders', label: 'Orders' }]}
      actions={<Badge tone={order.state.tone}>{order.state.text}</Badge>}
    >
      <FormNotice state={state} />
      <AutoRefresh isOn={order.isMoving} />
      {order.isMaking && (
        <UnderWay isNew={order.isNew} isSlow={order.isSlow} isSoftware={order.isSoftwareOnly} />
      )}
      {order.mails.isDelayed && (
        <Notice tone="warning" title="The e-mails are waiting">
          Our mail server does not answer at the moment. They leave by themselves as soon as it does; your
          keys are safe, and can be seen on each licence’s page meanwhile.
        </Notice>
      )}
      <OrderTracker stages={order.stages} />
      {order.heldBecause && <Notice tone="warning">{order.heldBecause}</Notice>}
      <div className="grid gap-8 lg:grid-cols-[minmax(0,1fr)_minmax(0,20rem)]">
        <div className="grid content-start gap-8">
          <Section title="Items">
            <ol className="grid gap-3">
              {order.items.map((item) => (
                <li key={item.id} className="grid gap-2 card p-4">
                  <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-1">
                    <span className="min-w-0">
                      {item.quantity > 1 ? `${item.quantity} × ` : ''}
                      {item.name}
                      <span className={`block text-sm ${muted}`}>
                        {item.about}
                        {item.subscription?.hasPage && (
                          <>
                            {' · '}
                            <Link to={`/subscriptions/${item.subscription.id}`}>
                              {item.subscription.number}
                            </Link>
                          </>
                        )}
                        {item.licence?.hasPage && (
                          <>
                            {' · '}
                            <Link to={`/licences/${item.licence.id}`}>{item.licence.number}</Link>
                          </>
                        )}
                      </span>
                    </span>
                    <span className="flex items-center justify-between gap-3 max-sm:w-full">
                      {item.licence && (
                        <Badge tone={item.licence.state.tone}>{item.licence.state.text}</Badge>
                      )}
                      {item.subscription && (
                        <Badge tone={item.subscription.state.tone}>{item.subscription.state.text}</Badge>
                      )}
                      <span className="text-right tabular-nums">
                        {item.net}
                        <span className={`block text-xs ${muted}`}>
                          {item.unitPrice && `${item.unitPrice} each, `}excl. VAT
                        </span>
                      </span>
                    </span>
                  </div>
                  {item.subscription?.isAway && (
                    <p className={`text-sm ${muted}`}>
                      The vendor is still setting it up; we keep asking by ourselves.
                    </p>
                  )}
                  {item.subscription?.reason && (
                    <p className="text-sm">
                      {item.subscription.reason} We are looking at it; you are not charged for it until it is
                      delivered.
                    </p>
                  )}
                  {item.licence?.keyMask && <code className="text-sm">{item.licence.keyMask}</code>}
                  {item.licence?.isAwaitingKey && (
                    <p className={`text-sm ${muted}`}>
                      There is no key at the moment. It is delivered by itself as soon as one arrives.
                    </p>
                  )}
                  {item.licence && item.licence.tries > 0 && !item.licence.isAwaitingKey && (
                    <p className={`text-sm ${muted}`}>
                      The vendor did not answer yet; we keep trying by ourselves.
                    </p>
                  )}
                  {item.licence?.reason && (
                    <div className="flex flex-wrap items-center justify-between gap-3 text-sm">
                      <p>{item.licence.reason} You are not charged for it until it is delivered.</p>
                      {item.licence.mayRetry && (
                        <Form method="post" preventScrollReset>
                          <input type="hidden" name="assetId" value={item.licence.id} />
                          <SmallButton
                            name="intent"
                            value="retry"
                            aria-label={`Retry ${item.licence.number}`}
                          >
                            Retry
                          </SmallButton>
                        </Form>
                      )}
                    </div>
                  )}
                  <WhyPrice steps={item.why} of={`${item.position}. ${item.name}`} />
                </li>
              ))}
            </ol>
          </Section>
          <Section title="What happened">
            <Card>
              <Timeline steps={order.steps} />
            </Card>
          </Section>
        </div>
        <div className="grid content-start gap-4">
          <Card title="Summary">
            <Facts
              facts={[
                ['Placed', order.placedAt],
                ['By', order.placedBy],
                ['End customer', order.customer],
                ['Your reference', order.reference],
                ['Part of', order.splitFrom && <OrderLinks key="f" orders={[order.splitFrom]} />],
                [
                  'Parts of it',
                  order.subOrders.length > 0 && <OrderLinks key="p" orders={order.subOrders} />,
                ],
              ]}
            />
            <Totals totals={order.totals} isGrand />
            {order.taxNote && <p className={`text-sm ${muted}`}>{order.taxNote}</p>}
          </Card>
          <Card title="Invoices">
            {order.invoices.length === 0 ? (
              <p className={`text-sm ${muted}`}>
                {order.isCancelled
                  ? 'Nothing was delivered, and nothing is charged.'
                  : 'Written as soon as everything is delivered; if something takes long, first for what has arrived.'}
              </p>
            ) : (
              <ul className="grid gap-2">
                {order.invoices.map((invoice) => (
                  <li key={invoice.id} className="flex justify-between gap-4">
                    <span>
                      <Link to={`/invoices/${invoice.id}`}>{invoice.number}</Link>
                      <span className={`block text-sm ${muted}`}>
                        {invoice.isCredit ? 'Credit invoice, ' : ''}
                        {invoice.day}
                      </span>
                    </span>
                    <span className="tabular-nums">{invoice.total}</span>
                  </li>
                ))}
              </ul>
            )}
          </Card>
        </div>
      </div>
    </Page>
  )
}

/** Some of an order's items may be delivered before the others, as an order of their own. */
function OrderLinks({ orders }: { orders: readonly { id: string; number: string }[] }) {
  return orders.map(({ id, number }) => (
    <span key={id} className="block">
      <Link to={`/orders/${id}`}>{number}</Link>
    </span>
  ))
}

function UnderWay({ isNew, isSlow, isSoftware }: { isNew: boolean; isSlow: boolean; isSoftware: boolean }) {
  if (isSlow)
    return (
      <Notice tone="warning" title="This takes longer than usual">
        The vendor’s service does not answer at the moment. Your order stands, we keep trying by ourselves,
        and nothing is charged before it is delivered.
      </Notice>
    )
  return (
    <Notice tone="info" title={isNew ? 'Thank you, your order is placed' : 'Your licences are being made'}>
      This page follows every step. You may close it at any time;{' '}
      {isSoftware ? 'an e-mail tells when the software is ready.' : 'every key also comes by e-mail.'}
    </Notice>
  )
}
