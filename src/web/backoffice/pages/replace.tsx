// A licence or a subscription that could not be delivered is replaced: choose a product, see what it costs beside the failed one, agree to
// the difference.
import {
  type ActionFunctionArgs,
  data,
  Form,
  Link,
  type LoaderFunctionArgs,
  useLoaderData,
} from 'react-router'
import type { MissingForExecution } from '#flows/ordering/execute-order.ts'
import { replaceLicence, replaceSubscription } from '#flows/ordering/replace-failed.ts'
import { Refusal } from '#kernel/failure.ts'
import { assertMay } from '#modules/users'
import { viewAsset } from '#views/assets/view-asset.ts'
import { orderablePlans } from '#views/orders/orderable-plans.ts'
import { viewSubscription } from '#views/subscriptions/view-subscription.ts'
import { deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { planFound } from '#web/backoffice/plan-found.ts'
import { moneyDisplay } from '#web/format.ts'
import { answerForm, done, textOf, typedState } from '#web/forms.ts'
import { Actions, Button, LinkButton, Submit } from '#web/ui/button.tsx'
import { Combobox, type Found } from '#web/ui/combobox.tsx'
import { Field } from '#web/ui/field.tsx'
import type { FormState } from '#web/ui/form-state.ts'
import { FormNotice, Notice } from '#web/ui/notice.tsx'
import { Card, Facts, Page } from '#web/ui/page.tsx'
import { useHydrated } from '#web/ui/use-hydrated.ts'
import { ReplacedBy } from '../parts/replaced-by.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'Replace' }]

type Args = LoaderFunctionArgs | ActionFunctionArgs

/** Its address says which kind of record it is. */
const isLicence = ({ url }: Args) => url.pathname.split('/').at(-3) === 'assets'

/** What failed, of either kind. */
async function failedRecord(args: Args) {
  const { app, actor } = deskOf(args)
  const ask = { id: args.params['id'] as never, now: app.now() }
  if (isLicence(args)) {
    const { asset, ...view } = await viewAsset(app.db, actor, ask)
    return {
      ...recordFacts(asset, view),
      noun: 'licence',
      quantity: 1,
      net: asset.price,
      whyNot:
        asset.state === 'active' && asset.provisioning === 'failed'
          ? ''
          : 'Only a licence that could not be delivered is replaced.',
    }
  }
  const { subscription, ...view } = await viewSubscription(app.db, actor, ask)
  return {
    ...recordFacts(subscription, view),
    noun: 'subscription',
    quantity: subscription.quantity,
    net: subscription.net,
    whyNot: view.may.drop
      ? ''
      : view.may.retry
        ? 'The vendor has an order of it. Retry until it is active, then cancel it.'
        : 'Only a subscription that could not be set up is replaced.',
  }
}

type View = Pick<Awaited<ReturnType<typeof viewAsset>>, 'orderNumber' | 'replacedBy' | 'endCustomer'>

const recordFacts = (
  record: { number: string; name: string; orderId: string; failureReason: string | undefined },
  { orderNumber, replacedBy, endCustomer }: View,
) => ({
  number: record.number,
  name: record.name,
  reason: record.failureReason ?? '',
  order: { id: record.orderId, number: orderNumber },
  replacedBy,
  customer: { id: endCustomer.id as string, name: endCustomer.name },
})

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  assertMay(actor, 'order-on-behalf')
  assertMay(actor, 'execute-orders')
  const { net, ...failed } = await failedRecord(args)
  const { plans } = await orderablePlans(app.db, actor, { customerId: failed.customer.id as never })
  return {
    ...failed,
    price: moneyDisplay(net),
    plans: plans.map(planFound),
    mayApproveCost: actor.rights.has('approve-below-cost'),
    mayApproveCredit: actor.rights.has('approve-over-credit'),
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formAtDesk(args)
  const planId = textOf(form, 'planId')
  const answered = await answerForm(form, async () => {
    if (textOf(form, 'intent') === 'find') return data(typedState(form))
    if (planId === '') throw new Refusal('plan/not-found', 'Choose the product that takes its place.')
    const id = args.params['id'] as never
    const replacement = {
      planId: planId as never,
      quantity: textOf(form, 'quantity').trim(),
      reason: textOf(form, 'reason'),
      // The price that was shown holds for what it was shown for.
      agreedNet: textOf(form, 'agreedFor') === askedFor(form) ? textOf(form, 'agreedNet') : undefined,
      belowCostReason: textOf(form, 'belowCostReason'),
      overCreditReason: textOf(form, 'overCreditReason'),
    }
    const order = isLicence(args)
      ? await replaceLicence(app, actor, { assetId: id, ...replacement })
      : await replaceSubscription(app, actor, { subscriptionId: id, ...replacement })
    return done(`/orders/${order.id}`, `Order ${order.number} takes its place and is on its way.`)
  })
  if (answered instanceof Response) return answered
  // The list as it was searched for, with what is chosen already.
  const { customer } = await failedRecord(args)
  const { plans } = await orderablePlans(app.db, actor, {
    customerId: customer.id as never,
    q: textOf(form, 'find'),
    including: [planId],
  })
  return data({ ...answered.data, found: plans.map(planFound) }, answered.init ?? {})
}

const askedFor = (form: FormData) => `${textOf(form, 'planId')} ${textOf(form, 'quantity').trim()}`

type Shown = ReturnType<typeof useLoaderData<typeof loader>>

export default function Replace() {
  const it = useLoaderData<typeof loader>()
  const { state, more } = useAnswer<{ found?: Found[] }>()
  const isAsking = state?.code === 'order/replacement-price'
  return (
    <Page
      title={`Replace ${it.noun} ${it.number}`}
      lead={it.name}
      crumbs={[{ to: `/orders/${it.order.id}`, label: `Order ${it.order.number}` }]}
    >
      {!isAsking && state?.intent !== 'find' && <FormNotice state={state} />}
      <Unsynchronized state={state} />
      {it.replacedBy ? (
        <Notice tone="info">
          <p>
            <ReplacedBy order={it.replacedBy} />
          </p>
        </Notice>
      ) : it.whyNot ? (
        <Notice tone="info">{it.whyNot}</Notice>
      ) : (
        <Card title="What takes its place">
          <Facts
            facts={[
              ['Failed because', it.reason],
              ['Quantity', it.quantity > 1 && it.quantity],
              ['Price', `${it.price} without VAT`],
              [
                'Customer',
                <Link key="c" to={`/accounts/${it.customer.id}`}>
                  {it.customer.name}
                </Link>,
              ],
            ]}
          />
          <ReplaceForm it={it} state={state} found={more?.found ?? it.plans} />
        </Card>
      )}
    </Page>
  )
}

/** Where what is missing for the new order can be entered. */
function Unsynchronized({ state }: { state: FormState | undefined }) {
  if (state?.code !== 'order/not-synchronized') return null
  const missing = (state.details?.['missing'] ?? []) as MissingForExecution[]
  return (
    <ul className="grid gap-1">
      {missing.map(({ accountId, accountName, connector, connectorName }) => (
        <li key={`${accountId} ${connector}`}>
          <Link to={`/accounts/${accountId}/sync/${connector}`}>
            {connectorName} of {accountName}
          </Link>
        </li>
      ))}
    </ul>
  )
}

function ReplaceForm({
  it,
  state,
  found,
}: {
  it: Shown
  state: FormState | undefined
  found: readonly Found[]
}) {
  const isHydrated = useHydrated()
  const typed = (name: string) => String(state?.values[name] ?? '')
  const asked = state?.code === 'order/replacement-price' ? (state.details ?? {}) : undefined
  // Agreed to before something else was asked: the server says again if it is not for this any more.
  const agreed = asked
    ? { net: String(asked['agreedNet'] ?? ''), to: `${typed('planId')} ${typed('quantity').trim()}` }
    : { net: typed('agreedNet'), to: typed('agreedFor') }
  const needs = (code: string, field: string) =>
    state?.code === code || state?.errors[field] !== undefined || typed(field) !== ''
  return (
    <Form method="post" className="grid max-w-2xl gap-4">
      {!isHydrated && (
        <div className="flex items-end gap-2">
          <div className="min-w-0 flex-1">
            <Field label="Show only products with" name="find" type="search" state={state} />
          </div>
          <Button name="intent" value="find" formNoValidate>
            Find
          </Button>
        </div>
      )}
      <div className="grid items-start gap-4 sm:grid-cols-[minmax(0,1fr)_7rem]">
        <Combobox
          label="Product"
          name="planId"
          searchPath={`/orders/new/products?customer=${it.customer.id}`}
          found={found}
          chosen={found.find(({ id }) => id === typed('planId'))}
          required
          hint="A licence or software. It is priced now, as an order of today."
          error={state?.errors['planId']}
        />
        <Field
          label="Quantity"
          name="quantity"
          inputMode="numeric"
          required
          defaultValue={String(it.quantity)}
          state={state}
        />
      </div>
      <Field
        label="Reason"
        name="reason"
        required
        maxLength={500}
        hint="The customer reads it."
        state={state}
      />
      {it.mayApproveCost && needs('price/below-cost', 'belowCostReason') && (
        <Field
          label="Why it may be sold below cost"
          name="belowCostReason"
          hint="Kept with the order and in the audit log, with your name."
          maxLength={500}
          state={state}
        />
      )}
      {it.mayApproveCredit && needs('order/over-credit-limit', 'overCreditReason') && (
        <Field
          label="Why it may go over the credit limit"
          name="overCreditReason"
          hint="Kept with the order and in the audit log, with your name."
          maxLength={500}
          state={state}
        />
      )}
      {asked && (
        <Notice tone="info" isAlert title="Agree to the new price?">
          {state?.message}
        </Notice>
      )}
      {agreed.net && (
        <>
          <input type="hidden" name="agreedNet" value={agreed.net} />
          <input type="hidden" name="agreedFor" value={agreed.to} />
        </>
      )}
      <Actions>
        <Submit name="intent" value="replace">
          {asked ? `Replace for ${String(asked['now'])}` : agreed.net ? 'Replace' : 'Show the price'}
        </Submit>
        <LinkButton to={`/orders/${it.order.id}`} tone="quiet">
          Not now
        </LinkButton>
      </Actions>
    </Form>
  )
}
