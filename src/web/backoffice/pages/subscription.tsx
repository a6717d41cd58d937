// One subscription with all of S9, and what can be done with it: cancelled with the refund shown before anybody confirms, its automatic
// renewal switched, tried again, replaced or dropped where it did not come to be.
import {
  type ActionFunctionArgs,
  data,
  Form,
  Link,
  type LoaderFunctionArgs,
  useLoaderData,
  useLocation,
} from 'react-router'
import { PRICE_ABOVE_QUOTE } from '#flows/provisioning/provision-subscription.ts'
import { approveRenewal } from '#flows/subscriptions/approve-renewal.ts'
import {
  cancelSubscription,
  previewRefund,
  undoSubscriptionCancellation,
} from '#flows/subscriptions/cancel-subscription.ts'
import { priceRenewals } from '#flows/subscriptions/price-renewals.ts'
import { dropSubscription, retrySubscription } from '#flows/subscriptions/repair-subscription.ts'
import { setAutoRenew } from '#flows/subscriptions/set-auto-renew.ts'
import { type SubscriptionView, viewSubscription } from '#views/subscriptions/view-subscription.ts'
import { deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { recordFoot } from '#web/backoffice/record-foot.ts'
import { softwareInFull, termWords } from '#web/backoffice/software-words.ts'
import { stepsShown } from '#web/backoffice/steps-shown.ts'
import { refundShown, renewalShown } from '#web/backoffice/subscription-shown.ts'
import { UNDO_SECONDS, undoWords } from '#web/backoffice/undo-cancellation.ts'
import { whyShown } from '#web/explained.ts'
import {
  dayDisplay,
  exactDisplay,
  momentDisplay,
  moneyDisplay,
  priceDisplay,
  withDaysWritten,
} from '#web/format.ts'
import { answerForm, done, noSuchForm, textOf } from '#web/forms.ts'
import { Actions, Button, LinkButton, PostButton } from '#web/ui/button.tsx'
import { ConfirmButton } from '#web/ui/dialog.tsx'
import { Field, TextArea } from '#web/ui/field.tsx'
import { type FormState, stateFor } from '#web/ui/form-state.ts'
import { FormNotice, Notice } from '#web/ui/notice.tsx'
import { Card, Columns, Facts, Page, Section } from '#web/ui/page.tsx'
import { AutoRefresh } from '#web/ui/progress.tsx'
import { Table } from '#web/ui/table.tsx'
import { WhyPrice } from '#web/ui/why-price.tsx'
import { RecordFoot } from '../parts/record-foot.tsx'
import { ReplacedBy } from '../parts/replaced-by.tsx'
import { State } from '../parts/state.tsx'
import { Steps } from '../parts/steps.tsx'
import { UndoCancellation } from '../parts/undo-cancellation.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'Subscription' }]

const moment = (at: Temporal.Instant | undefined) => (at ? momentDisplay(at) : '')
/** `51.82` of `51.8200000000`; what is finer than cents stays. */
const shortened = (amount: string) => amount.replace(/(\.\d\d\d*?)0+$/, '$1')
const day = (on: Temporal.PlainDate | undefined) => (on ? dayDisplay(on) : '')

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const now = app.now()
  const subscriptionId = args.params['id'] as never
  const view = await viewSubscription(app.db, actor, { id: subscriptionId, now })
  const { subscription } = view
  const isRunning = subscription.state === 'active' && subscription.kind === 'subscription'
  const [refund, renewals] = await Promise.all([
    view.notCancellableBecause ? undefined : previewRefund(app, actor, { subscriptionId }),
    isRunning ? priceRenewals(app, actor, [subscription]) : undefined,
  ])
  const renewal = renewals?.get(subscription.id)
  const nextDay = subscription.endsOn?.add({ days: 1 })
  return {
    ...facts(view),
    foot: await recordFoot(args, 'subscription', subscription.id),
    refund: refund && refundShown(refund, now),
    notCancellableBecause: view.notCancellableBecause ?? '',
    mayDecide: actor.rights.has('decide-cancellations'),
    renewal: renewal && {
      ...renewalShown(renewal, view.purchaseNet),
      on: day(nextDay),
      isOver:
        nextDay !== undefined &&
        Temporal.PlainDate.compare(nextDay, now.toZonedDateTimeISO('UTC').toPlainDate()) < 0,
      mayApprove: actor.rights.has('approve-below-cost'),
    },
    seesCosts: view.pricing !== undefined,
    asked: view.askedCost && {
      cost: exactDisplay(shortened(view.askedCost.unitCost), view.askedCost.currency),
      isAccepted: view.askedCost.isAccepted,
    },
    isTooDear: subscription.failureCode === PRICE_ABOVE_QUOTE,
    mayReplace: view.may.drop && actor.rights.has('order-on-behalf'),
    steps: stepsShown(view.timeline, { withAsset: false }),
  }
}

function facts(view: SubscriptionView) {
  const { subscription } = view
  const { state, provisioning } = subscription
  const dropped = view.amendments.find(({ kind }) => kind === 'dropped')
  return {
    id: subscription.id,
    number: subscription.number,
    name: subscription.name,
    plan: softwareInFull(subscription.sku),
    isPerpetual: subscription.kind === 'perpetual',
    quantity: subscription.quantity,
    state,
    provisioning,
    isSuspended: state === 'active' && subscription.vendorState === 'suspended',
    isCancelling: state === 'active' && subscription.cancelRequestedAt !== undefined,
    reason: state === 'ordered' ? (subscription.failureReason ?? '') : '',
    renewalProblem: subscription.renewalProblem ?? '',
    dropped: dropped && { because: dropped.text, by: dropped.actor ?? '' },
    replacedBy: view.replacedBy,
    unitPrice: priceDisplay(subscription.unitPrice),
    net: moneyDisplay(subscription.net),
    why: whyShown(view.pricing ?? subscription.explanation),
    term: termWords(subscription.term),
    termNumber: subscription.termNumber,
    startsOn: day(subscription.startsOn),
    endsOn: day(subscription.endsOn),
    autoRenew: subscription.autoRenew,
    isVendorToldRenewal:
      subscription.vendorAutoRenew === undefined || subscription.vendorAutoRenew === subscription.autoRenew,
    bought: moment(subscription.purchasedAt),
    cancelled: moment(subscription.cancelledAt),
    checked: moment(subscription.checkedAt),
    orderId: subscription.orderId,
    orderNumber: view.orderNumber,
    customer: view.endCustomer,
    payer: view.billingTo,
    instance: view.instanceName,
    vendorOrder: subscription.vendor.orderId ?? '',
    vendorSubscription: subscription.vendor.subscriptionId ?? '',
    may: view.may,
    isUnderWay:
      (state === 'ordered' && provisioning === 'unsynchronised') ||
      subscription.cancelRequestedAt !== undefined ||
      (state === 'active' &&
        subscription.vendorAutoRenew !== undefined &&
        subscription.vendorAutoRenew !== subscription.autoRenew),
    charges: view.charges.map((charge) => ({
      id: charge.id,
      term: charge.termNumber,
      period: charge.endsOn
        ? `${day(charge.startsOn)} – ${day(charge.endsOn)}`
        : `From ${day(charge.startsOn)}`,
      due: day(charge.dueOn),
      net: moneyDisplay(charge.net),
      state: charge.state,
      papers: [charge.invoice, charge.credit].flatMap((paper) => paper ?? []),
    })),
    history: view.amendments.map((each) => ({
      key: `${each.at.epochNanoseconds} ${each.kind}`,
      at: moment(each.at),
      text: withDaysWritten(each.text),
      actor: each.actor ?? '',
    })),
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formAtDesk(args)
  const subscriptionId = args.params['id'] as never
  const here = `/subscriptions/${args.params['id']}`
  return answerForm(form, async () => {
    switch (textOf(form, 'intent')) {
      case 'retry':
        await retrySubscription(app, actor, { subscriptionId, acceptsCost: form.has('acceptsCost') })
        return done(here, 'It is being ordered again, with the same reference.')
      case 'drop':
        await dropSubscription(app, actor, { subscriptionId, reason: textOf(form, 'reason') })
        return done(here, 'It is dropped. Nothing was ordered and nothing is charged; the customer is told.')
      case 'cancel':
        await cancelSubscription(app, actor, {
          subscriptionId,
          comment: textOf(form, 'comment'),
          undoSeconds: UNDO_SECONDS,
        })
        return done(here, undoWords)
      case 'undo':
        await undoSubscriptionCancellation(app, actor, { subscriptionId })
        return done(here, 'Undone: the vendor was not asked, and the subscription goes on.')
      case 'renew-on':
      case 'renew-off': {
        const autoRenew = textOf(form, 'intent') === 'renew-on'
        await setAutoRenew(app, actor, { subscriptionId, autoRenew })
        return done(here, `The automatic renewal is switched ${autoRenew ? 'on' : 'off'}.`)
      }
      case 'approve-renewal':
        await approveRenewal(app, actor, { subscriptionId, reason: textOf(form, 'reason') })
        return done(here, 'The next term may be below its cost.')
      default:
        throw noSuchForm()
    }
  })
}

type Shown = ReturnType<typeof useLoaderData<typeof loader>>

export default function SubscriptionPage() {
  const record = useLoaderData<typeof loader>()
  const { state } = useAnswer()
  const own = ['cancel', 'drop', 'retry', 'approve-renewal'].includes(state?.intent ?? '') ? undefined : state
  return (
    <Page
      title={`Subscription ${record.number}`}
      lead={
        <span className="flex flex-wrap items-center gap-2" aria-live="polite">
          {record.name} <State>{stateWord(record)}</State>
        </span>
      }
    >
      <AutoRefresh isOn={record.isUnderWay} />
      <FormNotice state={own} />
      <Trouble record={record} state={state} />
      <Columns
        aside={
          <>
            <Term record={record} />
            <Cancellation record={record} state={stateFor(state, 'cancel')} />
            <About record={record} />
          </>
        }
      >
        <Price record={record} />
        <Renewal record={record} state={stateFor(state, 'approve-renewal')} />
        <Charges record={record} />
        <Amendments record={record} />
        <Card title="Timeline">
          <Steps steps={record.steps} />
        </Card>
        <RecordFoot foot={record.foot} />
      </Columns>
    </Page>
  )
}

function stateWord(record: Shown): string {
  if (record.isCancelling) return 'being cancelled'
  if (record.isSuspended) return 'suspended'
  if (record.state !== 'ordered') return record.state
  return record.provisioning === 'failed' ? 'failed' : 'being set up'
}

/** What keeps it from coming to be, or from its next term, and the ways out. */
function Trouble({ record, state }: { record: Shown; state: FormState | undefined }) {
  const { key } = useLocation()
  if (record.renewalProblem)
    return (
      <Notice tone="warning" title="Its next term has no price yet">
        <p>{record.renewalProblem} It is tried again every hour.</p>
      </Notice>
    )
  if (record.isSuspended)
    return (
      <Notice tone="warning" title="Suspended at the vendor">
        It cannot be used until the vendor lets it go on.
      </Notice>
    )
  if (record.dropped)
    return (
      <Notice tone="info" title={`Dropped by ${record.dropped.by}`}>
        <p>{record.dropped.because}</p>
        {record.replacedBy && (
          <p>
            <ReplacedBy order={record.replacedBy} />
          </p>
        )}
      </Notice>
    )
  if (record.provisioning !== 'failed' || record.state !== 'ordered') return null
  return (
    <Card title={<span className="text-bad">It could not be set up</span>}>
      <p>{record.reason}</p>
      {record.isTooDear && record.asked && (
        <Facts
          facts={[['The vendor asks now, for one licence', <strong key="c">{record.asked.cost}</strong>]]}
        />
      )}
      {record.may.retry && (
        <Form key={`retry ${key}`} method="post" className="grid gap-3">
          <FormNotice state={stateFor(state, 'retry')} />
          <Actions>
            {record.isTooDear ? (
              <ConfirmButton
                button="Go on at this cost"
                title="Go on at the vendor’s cost"
                question={`The customer pays ${record.net} as agreed, and one licence costs you ${record.asked?.cost ?? 'what the vendor asks'}.`}
                ok="Order it"
                name="acceptsCost"
                value="on"
              />
            ) : (
              <Button name="intent" value="retry" tone="primary">
                Retry
              </Button>
            )}
            {record.isTooDear && <input type="hidden" name="intent" value="retry" />}
            {record.mayReplace && (
              <LinkButton to={`/subscriptions/${record.id}/replace`} tone="plain">
                Replace…
              </LinkButton>
            )}
          </Actions>
        </Form>
      )}
      {record.may.drop && (
        <details className="grid gap-3">
          <summary className="inline-flex min-h-6 items-center font-medium text-brand-text hover:underline">
            Drop it instead
          </summary>
          <Form key={`drop ${key}`} method="post" className="mt-3 grid max-w-xl gap-3">
            <FormNotice state={stateFor(state, 'drop')} />
            <Field
              label="Reason"
              name="reason"
              required
              maxLength={500}
              hint="The customer reads it. Nothing is ordered and nothing is charged."
              state={stateFor(state, 'drop')}
            />
            <Actions>
              <Button name="intent" value="drop" tone="danger">
                Drop subscription
              </Button>
            </Actions>
          </Form>
        </details>
      )}
    </Card>
  )
}

function Price({ record }: { record: Shown }) {
  return (
    <Card title="Price">
      <Facts
        facts={[
          [record.isPerpetual ? 'For good' : `For ${record.term}`, <strong key="n">{record.net}</strong>],
          ['Licences', record.quantity],
          ['One licence', record.unitPrice],
        ]}
      />
      <p className="text-muted">Without VAT. It holds for the whole term.</p>
      <WhyPrice steps={record.why} />
    </Card>
  )
}

function Renewal({ record, state }: { record: Shown; state: FormState | undefined }) {
  const { key } = useLocation()
  const { renewal } = record
  if (!renewal) return null
  const title = record.autoRenew ? `Renewal on ${renewal.on}` : `If it were renewed on ${renewal.on}`
  return (
    <Card title={title}>
      {renewal.problem ? (
        <Notice tone="warning">{renewal.problem}</Notice>
      ) : (
        <>
          <Facts
            facts={[
              ['At today’s prices', <strong key="n">{renewal.net}</strong>],
              ['One licence', renewal.unitPrice],
              ['Change since purchase', renewal.change],
              ['Cost', renewal.cost],
              ['Margin', renewal.margin],
            ]}
          />
          <p className="text-muted">The sheet and the rules valid on its first day will decide.</p>
          <WhyPrice steps={renewal.steps} label="Why this price of the next term?" />
        </>
      )}
      {renewal.isBelowCost && renewal.mayApprove && (
        <Form key={key} method="post" className="grid max-w-xl gap-3">
          <FormNotice state={state} />
          <Field
            label="Reason to sell below cost"
            name="reason"
            required
            maxLength={500}
            hint="Kept in its history and in the audit log, with your name. It holds for one term."
            state={state}
          />
          <Actions>
            <Button name="intent" value="approve-renewal">
              Approve the next term
            </Button>
          </Actions>
        </Form>
      )}
    </Card>
  )
}

function Charges({ record }: { record: Shown }) {
  return (
    <Section title="Charges">
      {record.charges.length === 0 ? (
        <p className="card p-4 text-muted">
          {record.dropped
            ? 'Nothing is charged for it.'
            : 'Nothing is charged before the vendor has begun the term.'}
        </p>
      ) : (
        <Table
          caption="Charges"
          heads={['Period', 'Term', 'Due', 'State', 'Invoice', 'Net']}
          numeric={[1, 5]}
          rows={record.charges.map((charge) => ({
            key: charge.id,
            cells: [
              charge.period,
              charge.term,
              charge.due,
              <State key="s">{charge.state}</State>,
              charge.papers.length > 0 && (
                <span key="p" className="grid">
                  {charge.papers.map(({ id, number }) => (
                    <span key={id} className="inline-flex min-h-6 items-center whitespace-nowrap">
                      <Link to={`/invoices/${id}`}>{number}</Link>
                    </span>
                  ))}
                </span>
              ),
              charge.net,
            ],
          }))}
        />
      )}
    </Section>
  )
}

function Amendments({ record }: { record: Shown }) {
  if (record.history.length === 0) return null
  return (
    <Section title="Amendments">
      <Table
        caption="Amendments"
        heads={['When', 'What', 'By']}
        rows={record.history.map(({ key, at, text, actor }) => ({
          key,
          cells: [
            <span key="a" className="whitespace-nowrap">
              {at}
            </span>,
            text,
            actor,
          ],
        }))}
      />
    </Section>
  )
}

function Term({ record }: { record: Shown }) {
  return (
    <Card title="Term">
      <Facts
        facts={[
          ['Term', record.isPerpetual ? 'Perpetual' : record.term],
          ['Began', record.startsOn || 'Not yet'],
          ['Ends', record.endsOn],
          [
            'Renewed',
            record.termNumber > 1 && `${record.termNumber - 1} time${record.termNumber > 2 ? 's' : ''}`,
          ],
          [
            'Automatic renewal',
            !record.isPerpetual && !record.dropped && (
              <span key="r" className="flex flex-wrap items-center gap-2">
                {record.autoRenew ? 'On' : 'Off'}
                {!record.isVendorToldRenewal && <span className="text-muted">the vendor is being told</span>}
              </span>
            ),
          ],
        ]}
      />
      {record.may.switchAutoRenew && (
        <Actions>
          <PostButton intent={record.autoRenew ? 'renew-off' : 'renew-on'}>
            {record.autoRenew ? 'Switch automatic renewal off' : 'Switch automatic renewal on'}
          </PostButton>
        </Actions>
      )}
    </Card>
  )
}

function Cancellation({ record, state }: { record: Shown; state: FormState | undefined }) {
  const { key } = useLocation()
  const { refund } = record
  if (record.state !== 'active' || !record.mayDecide) return null
  if (!refund || !record.may.cancel)
    return (
      <Card title="Cancel">
        <p className="text-muted">{record.notCancellableBecause}</p>
        {record.may.undoCancellation && <UndoCancellation />}
      </Card>
    )
  return (
    <Card title="Cancel">
      <Facts
        facts={[
          [
            'Possible until',
            <span key="u">
              {refund.until}
              <span className="block text-muted">{refund.left} left</span>
            </span>,
          ],
          ['In full until', refund.fullUntil],
          [
            'Refund now',
            <span key="n">
              <strong>{refund.amount}</strong>
              <span className="block text-muted">
                {refund.isFull ? 'in full' : `for ${refund.days}`}, without VAT
              </span>
            </span>,
          ],
        ]}
      />
      <Form key={key} method="post" className="grid gap-3">
        <FormNotice state={state} />
        <TextArea label="Comment" name="comment" rows={2} isOptional state={state} />
        <Actions>
          <ConfirmButton
            button="Cancel subscription"
            tone="danger"
            title={`Cancel subscription ${record.number}`}
            question={`All ${record.quantity === 1 ? 'of it' : `${record.quantity} licences`} end at once. If the vendor agrees, ${refund.amount} without VAT are credited${refund.isFull ? ' (everything that was invoiced)' : ` (${refund.days})`}. It cannot be taken up again.`}
            ok="Cancel subscription"
            value="cancel"
          />
        </Actions>
      </Form>
    </Card>
  )
}

function About({ record }: { record: Shown }) {
  return (
    <Card title="Details">
      <Facts
        facts={[
          [
            'Customer',
            <Link key="c" to={`/accounts/${record.customer.id}`}>
              {record.customer.name}
            </Link>,
          ],
          [
            'Billing to',
            <Link key="p" to={`/accounts/${record.payer.id}`}>
              {record.payer.name}
            </Link>,
          ],
          [
            'Order',
            <Link key="o" to={`/orders/${record.orderId}`}>
              {record.orderNumber}
            </Link>,
          ],
          ['Purchase date', record.bought],
          ['Plan', record.plan],
          ['Ended', record.cancelled],
          ['Instance', record.instance],
          ['Vendor’s order', record.vendorOrder && <code key="vo">{record.vendorOrder}</code>],
          [
            'Vendor’s subscription',
            record.vendorSubscription && <code key="vs">{record.vendorSubscription}</code>,
          ],
          ['Vendor asked', record.checked],
        ]}
      />
    </Card>
  )
}
