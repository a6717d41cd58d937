import {
  type ActionFunctionArgs,
  Form,
  type LoaderFunctionArgs,
  redirect,
  useActionData,
  useLoaderData,
} from 'react-router'
import { giveServiceDetails } from '#flows/ordering/change-basket.ts'
import { type AccountId, asId, type BasketId } from '#kernel/ids.ts'
import { afterStep, checkoutOf } from '#web/storefront/checkout.ts'
import { serviceValuesIn } from '#web/storefront/service-form.ts'
import { answerForm, formOf, heldForm, textOf } from '#web/storefront/visitor.ts'
import { Actions, LinkButton, Submit } from '#web/ui/button.tsx'
import { FormScope } from '#web/ui/field.tsx'
import { FormNotice } from '#web/ui/notice.tsx'
import { Card, Page } from '#web/ui/page.tsx'
import { muted } from '#web/ui/tone.ts'
import { formStateIn, stateOf } from '../form-state.ts'
import { CheckoutSteps } from '../parts/checkout-steps.tsx'
import { ServiceFields } from '../parts/service-form.tsx'

export const meta = () => [{ title: 'Checkout: service details' }]

/** The required options of a connector that have no value yet (product.md E5), and what this checkout has typed for others. */
export async function loader(args: LoaderFunctionArgs) {
  const { checkout, steps } = await checkoutOf(args, 'service')
  const asked = checkout.parties.flatMap((party) =>
    party.services.flatMap((service) => {
      const options = service.values.filter(
        ({ option }) => service.missing.includes(option) || Boolean(service.typed[option.id]),
      )
      if (options.length === 0) return []
      return [
        {
          key: `${party.id} ${service.connector}`,
          accountId: party.id,
          customer: party.name,
          connector: service.connector,
          connectorName: service.connectorName,
          isMissing: service.missing.length > 0,
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
    basketId: checkout.basketId,
    asked,
    isReady: !checkout.isServiceMissing,
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formOf(args)
  return answerForm(form, async () => {
    await giveServiceDetails(app, actor, {
      basketId: asId<BasketId>(form.get('basketId'), 'basket'),
      accountId: asId<AccountId>(form.get('accountId'), 'account'),
      connector: textOf(form, 'connector'),
      options: serviceValuesIn(form),
    })
    return afterStep(app, actor)
  })
}

export default function CheckoutService() {
  const { held, steps, basketId, asked, isReady } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>() ?? held
  const given = formStateIn(answer)
  return (
    <Page title="Where should the keys go?">
      <CheckoutSteps steps={steps} current="service" />
      <p className={muted}>
        We ask once per customer and keep it for the next order. You can change it later on the customer's
        page.
      </p>
      {asked.map((service) => {
        const state = stateOf(given, service.key)
        return (
          <Card key={service.key} title={`${service.connectorName} for ${service.customer}`}>
            <FormNotice state={state} />
            <Form method="post" className="grid gap-4">
              <input type="hidden" name="intent" value={service.key} />
              <input type="hidden" name="basketId" value={basketId} />
              <input type="hidden" name="accountId" value={service.accountId} />
              <input type="hidden" name="connector" value={service.connector} />
              <FormScope name={service.accountId}>
                <ServiceFields options={service.options} state={state} isRequired />
              </FormScope>
              <Actions>
                <Submit>{service.isMissing ? 'Save and continue' : 'Save the change'}</Submit>
              </Actions>
            </Form>
          </Card>
        )
      })}
      {isReady && (
        <Actions>
          <LinkButton to="/checkout/review">Continue</LinkButton>
        </Actions>
      )}
    </Page>
  )
}
