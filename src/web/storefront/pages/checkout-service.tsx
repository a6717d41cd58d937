import {
  type ActionFunctionArgs,
  Form,
  type LoaderFunctionArgs,
  redirect,
  useActionData,
  useLoaderData,
} from 'react-router'
import { giveServiceDetails } from '#flows/ordering/change-basket.ts'
import { type FieldFault, invalid, Refusal } from '#kernel/failure.ts'
import { asId, type BasketId } from '#kernel/ids.ts'
import { afterStep, checkoutOf, summaryOf } from '#web/storefront/checkout.ts'
import { serviceValuesIn } from '#web/storefront/service-form.ts'
import { answerForm, formOf, heldForm, textsOf } from '#web/storefront/visitor.ts'
import { Actions, Submit } from '#web/ui/button.tsx'
import { FormNotice } from '#web/ui/notice.tsx'
import { Card } from '#web/ui/page.tsx'
import { muted } from '#web/ui/tone.ts'
import { formStateIn } from '../form-state.ts'
import { CheckoutFrame, OrderSummary } from '../parts/checkout-frame.tsx'
import { ServiceFields } from '../parts/service-form.tsx'

export const meta = () => [{ title: 'Checkout: service details' }]

/** The required options of a connector that have no value yet (product.md E5), and what this checkout has typed for others. */
export async function loader(args: LoaderFunctionArgs) {
  const { buyer, checkout, steps } = await checkoutOf(args, 'service')
  const asked = checkout.parties.flatMap((party) =>
    party.services.flatMap((service) => {
      const options = service.values.filter(
        ({ option }) => service.missing.includes(option) || Boolean(service.typed[option.id]),
      )
      if (options.length === 0) return []
      return [
        {
          key: `${party.id}~${service.connector}`,
          customer: party.name,
          connectorName: service.connectorName,
          options: options.map(({ option, value }) => ({
            id: option.id,
            name: option.name,
            hint: option.hint,
            type: option.type,
            choices: [...(option.choices ?? [])],
            value,
          })),
        },
      ]
    }),
  )
  if (asked.length === 0) throw redirect('/checkout/review')
  return {
    held: await heldForm(args),
    steps,
    summary: summaryOf(checkout, buyer.language),
    basketId: checkout.basketId,
    asked,
    asksForKeys: asked.every(({ options }) => options.every(({ type }) => type === 'email')),
  }
}

/** All at once: fields are named by their customer, connector and option; what is right is kept, the rest comes back. */
export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formOf(args)
  return answerForm(form, async () => {
    const basketId = asId<BasketId>(form.get('basketId'), 'basket')
    const faults: FieldFault[] = []
    for (const key of textsOf(form, 'service')) {
      const [accountId = '', connector = ''] = key.split('~')
      const options = serviceValuesIn(form, key)
      const pointer = `/option/${key}`
      try {
        await giveServiceDetails(app, actor, {
          basketId,
          accountId: asId(accountId, 'account'),
          connector,
          options,
          pointer,
        })
      } catch (error) {
        if (!(error instanceof Refusal) || error.errors.length === 0) throw error
        faults.push(...error.errors)
      }
    }
    if (faults.length > 0) throw invalid(...faults)
    return afterStep(app, actor)
  })
}

export default function CheckoutService() {
  const { held, steps, summary, basketId, asked, asksForKeys } = useLoaderData<typeof loader>()
  const state = formStateIn(useActionData<typeof action>() ?? held)
  return (
    <CheckoutFrame
      title={asksForKeys ? 'Where should the keys go?' : 'What the vendor must know'}
      steps={steps}
      current="service"
      aside={<OrderSummary summary={summary} />}
    >
      <p className={muted}>
        We ask once per customer and keep it for the next order. You can change it later on the customer’s
        page.
      </p>
      <Form method="post" className="grid gap-6">
        <FormNotice state={state} />
        <input type="hidden" name="basketId" value={basketId} />
        {asked.map((service) => (
          <Card key={service.key} title={`${service.connectorName} for ${service.customer}`}>
            <input type="hidden" name="service" value={service.key} />
            <ServiceFields
              options={service.options}
              state={state}
              prefix={`option.${service.key}`}
              isRequired
            />
          </Card>
        ))}
        <Actions>
          <Submit>Save and continue</Submit>
        </Actions>
      </Form>
    </CheckoutFrame>
  )
}
