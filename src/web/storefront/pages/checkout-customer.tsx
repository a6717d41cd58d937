import {
  type ActionFunctionArgs,
  Form,
  type LoaderFunctionArgs,
  redirect,
  useActionData,
  useLoaderData,
} from 'react-router'
import { assignItems } from '#flows/ordering/change-basket.ts'
import { chooseNewCustomer } from '#flows/ordering/choose-new-customer.ts'
import { invalid } from '#kernel/failure.ts'
import { type AccountId, asId, type BasketId, type BasketItemId, isId } from '#kernel/ids.ts'
import { searchCustomers } from '#views/accounts/list-customers.ts'
import { viewAccountHead } from '#views/accounts/view-account.ts'
import { detailChoices, detailsIn } from '#web/storefront/account-form.ts'
import { afterStep, checkoutOf, summaryOf } from '#web/storefront/checkout.ts'
import { lineRow } from '#web/storefront/shown.ts'
import { answerForm, formOf, heldForm, noSuchForm, textOf, textsOf } from '#web/storefront/visitor.ts'
import { Actions, LinkButton, Submit } from '#web/ui/button.tsx'
import { FormNotice } from '#web/ui/notice.tsx'
import { Card, Fold, Section } from '#web/ui/page.tsx'
import { formStateIn, stateOf, typedIn } from '../form-state.ts'
import { AccountFields } from '../parts/account-fields.tsx'
import { CheckoutFrame, OrderSummary } from '../parts/checkout-frame.tsx'
import { ChosenParties, CustomerChoice } from '../parts/customer-choice.tsx'
import { ItemTicks } from '../parts/item-ticks.tsx'

export const meta = () => [{ title: 'Checkout: end customer' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor, buyer, checkout, steps } = await checkoutOf(args, 'customer')
  const q = args.url.searchParams.get('q') ?? ''
  // The first few stand there before anybody types, and are the no-script search's answer.
  const found =
    checkout.unassigned.length > 0 ? await searchCustomers(app.db, actor, { q, limit: 8 }) : undefined
  const held = await heldForm(args)
  const keptId = stateOf(held, 'choose') ? typedIn(held, 'customerId') : ''
  const kept = isId(keptId) ? await viewAccountHead(app.db, actor, keptId as AccountId) : undefined
  const shown = [...(kept ? [kept.account] : []), ...(found?.items.filter(({ id }) => id !== keptId) ?? [])]
  return {
    held,
    steps,
    summary: summaryOf(checkout, buyer.language),
    q,
    isNew: args.url.searchParams.has('new'),
    // Who came from the basket's first page goes back to it: the right prices are there.
    back: args.url.searchParams.get('from') === 'basket' ? '/basket' : '',
    basketId: checkout.basketId,
    unassigned: checkout.unassigned.map(lineRow),
    found: shown.map(({ id, name, city, number }) => ({ id, name, about: `${city}, ${number}` })),
    parties: checkout.parties
      .filter((party) => !party.isBuyer)
      .map(({ key, name, city, lines }) => ({ id: key, name, about: city, items: lines.map(lineRow) })),
    choices: detailChoices(),
    preset: { country: buyer.country, currency: buyer.currency, language: buyer.language },
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formOf(args)
  return answerForm(form, async () => {
    const basketId = asId<BasketId>(form.get('basketId'), 'basket')
    const itemIds = textsOf(form, 'itemId').map((id) => asId<BasketItemId>(id, 'basket-item'))
    const intent = textOf(form, 'intent')
    if (!['new', 'choose', 'unassign'].includes(intent)) throw noSuchForm()
    if (itemIds.length === 0)
      throw invalid({ pointer: '/itemId', code: 'required', message: 'Tick the items this customer gets.' })
    if (intent === 'new') await chooseNewCustomer(app, actor, { basketId, itemIds, details: detailsIn(form) })
    else {
      const customerId = textOf(form, 'customerId')
      if (intent === 'choose' && !isId(customerId))
        throw invalid({
          pointer: '/customerId',
          code: 'required',
          message: 'Choose a customer from the list, or add a new one.',
        })
      const endCustomerId = intent === 'choose' ? (customerId as AccountId) : undefined
      await assignItems(app, actor, {
        basketId,
        assignments: [{ itemIds, isForResale: true, endCustomerId }],
      })
    }
    return form.get('back') === '/basket' ? redirect('/basket', 303) : afterStep(app, actor)
  })
}

export default function CheckoutCustomer() {
  const page = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>() ?? page.held
  const state = formStateIn(answer)
  const choosing = stateOf(state, 'choose')
  const adding = stateOf(state, 'new')
  const { unassigned, basketId } = page
  return (
    <CheckoutFrame
      title="Who are the licences for?"
      steps={page.steps}
      current="customer"
      aside={<OrderSummary summary={page.summary} />}
    >
      {!choosing && !adding && <FormNotice state={state} />}
      {page.parties.length > 0 && (
        <Section title="Chosen so far">
          <ChosenParties parties={page.parties} basketId={basketId} />
        </Section>
      )}
      {unassigned.length === 0 ? (
        <Actions>
          <LinkButton to="/checkout">Continue</LinkButton>
          <LinkButton to="/checkout/items" tone="quiet">
            Back
          </LinkButton>
        </Actions>
      ) : (
        <>
          <Card title="One of your customers">
            <CustomerChoice
              items={unassigned}
              basketId={basketId}
              found={page.found}
              q={page.q}
              state={choosing}
            >
              <LinkButton to="/checkout/items" tone="quiet">
                Back
              </LinkButton>
            </CustomerChoice>
          </Card>
          <Fold title="New customer" isOpen={page.isNew || Boolean(adding)} id="new-customer">
            <Form method="post" className="grid gap-4">
              <FormNotice state={adding} />
              <input type="hidden" name="basketId" value={basketId} />
              <input type="hidden" name="back" value={page.back} />
              <AccountFields state={adding} values={page.preset} choices={page.choices} />
              <ItemTicks items={unassigned} state={adding} />
              <Actions>
                <Submit name="intent" value="new">
                  Add this customer
                </Submit>
              </Actions>
            </Form>
          </Fold>
        </>
      )}
    </CheckoutFrame>
  )
}
