// A licence that could not be delivered is replaced: choose a product, see what it costs beside the failed one, agree to the difference.
import { type ActionFunctionArgs, Form, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { replaceLicence } from '#flows/ordering/replace-licence.ts'
import { Refusal } from '#kernel/failure.ts'
import { assertMay } from '#modules/users'
import { viewAsset } from '#views/assets/view-asset.ts'
import { orderablePlans } from '#views/orders/orderable-plans.ts'
import { deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { planFound } from '#web/backoffice/plan-found.ts'
import { moneyDisplay } from '#web/format.ts'
import { answerForm, done, textOf } from '#web/forms.ts'
import { Actions, LinkButton, Submit } from '#web/ui/button.tsx'
import { Combobox } from '#web/ui/combobox.tsx'
import { Field } from '#web/ui/field.tsx'
import { FormNotice, Notice } from '#web/ui/notice.tsx'
import { Card, Facts, Page } from '#web/ui/page.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'Replace a licence' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  assertMay(actor, 'order-on-behalf')
  const { asset, endCustomer, orderNumber } = await viewAsset(app.db, actor, {
    id: args.params['id'] as never,
    now: app.now(),
  })
  const { plans } = await orderablePlans(app.db, actor, { customerId: endCustomer.id, limit: 20 })
  return {
    number: asset.number,
    name: asset.name,
    price: moneyDisplay(asset.price),
    reason: asset.failureReason ?? '',
    isFailed: asset.state === 'active' && asset.provisioning === 'failed',
    orderId: asset.orderId as string,
    orderNumber,
    customer: endCustomer,
    plans: plans.filter(({ software }) => software === undefined).map(planFound),
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formAtDesk(args)
  return answerForm(form, async () => {
    const planId = textOf(form, 'planId')
    if (planId === '') throw new Refusal('plan/not-found', 'Choose the product that takes its place.')
    const order = await replaceLicence(app, actor, {
      assetId: args.params['id'] as never,
      planId: planId as never,
      reason: textOf(form, 'reason'),
      // The price that was shown holds for the product it was shown for.
      agreedNet: textOf(form, 'agreedFor') === planId ? textOf(form, 'agreedNet') : undefined,
      belowCostReason: textOf(form, 'belowCostReason'),
      overCreditReason: textOf(form, 'overCreditReason'),
    })
    return done(`/orders/${order.id}`, `Order ${order.number} takes its place and is on its way.`)
  })
}

export default function ReplaceLicence() {
  const it = useLoaderData<typeof loader>()
  const { state } = useAnswer()
  const asked = state?.code === 'order/replacement-price' ? (state.details ?? {}) : undefined
  const planId = String(state?.values['planId'] ?? '')
  const chosen = it.plans.find(({ id }) => id === planId)
  const needs = (code: string, field: string) => state?.code === code || state?.errors[field] !== undefined
  return (
    <Page
      title={`Replace licence ${it.number}`}
      lead={it.name}
      crumbs={[{ to: `/orders/${it.orderId}`, label: `Order ${it.orderNumber}` }]}
    >
      {!asked && <FormNotice state={state} />}
      {it.isFailed ? (
        <Card title="What takes its place">
          <Facts
            facts={[
              ['Failed because', it.reason],
              ['Price', it.price],
              ['Customer', it.customer.name],
            ]}
          />
          <Form method="post" className="grid max-w-2xl gap-4">
            <Combobox
              label="Product"
              name="planId"
              searchPath={`/orders/new/products?customer=${it.customer.id}`}
              found={it.plans}
              chosen={chosen}
              required
              hint="Another licence. It is priced now, as an order of today."
            />
            <Field
              label="Reason"
              name="reason"
              required
              maxLength={500}
              hint="The customer reads it."
              state={state}
            />
            {needs('price/below-cost', 'belowCostReason') && (
              <Field
                label="Why it may be sold below cost"
                name="belowCostReason"
                maxLength={500}
                state={state}
              />
            )}
            {needs('order/over-credit-limit', 'overCreditReason') && (
              <Field
                label="Why it may go over the credit limit"
                name="overCreditReason"
                maxLength={500}
                state={state}
              />
            )}
            {asked && (
              <>
                <Notice tone="info" isAlert title="Agree to the new price?">
                  {state?.message}
                </Notice>
                <input type="hidden" name="agreedNet" value={String(asked['agreedNet'] ?? '')} />
                <input type="hidden" name="agreedFor" value={planId} />
              </>
            )}
            <Actions>
              <Submit name="intent" value="replace">
                {asked ? `Replace for ${String(asked['now'])}` : 'Show the price'}
              </Submit>
              <LinkButton to={`/orders/${it.orderId}`} tone="quiet">
                Not now
              </LinkButton>
            </Actions>
          </Form>
        </Card>
      ) : (
        <Notice tone="info">Only a licence that could not be delivered is replaced.</Notice>
      )}
    </Page>
  )
}
