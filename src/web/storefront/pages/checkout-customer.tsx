import {
  type ActionFunctionArgs,
  Form,
  type LoaderFunctionArgs,
  useActionData,
  useLoaderData,
} from 'react-router'
import { assignItems } from '#flows/ordering/change-basket.ts'
import { chooseNewCustomer } from '#flows/ordering/choose-new-customer.ts'
import { invalid } from '#kernel/failure.ts'
import { type AccountId, asId, type BasketId, type BasketItemId, isId } from '#kernel/ids.ts'
import { searchCustomers } from '#views/accounts/list-customers.ts'
import { viewAccount } from '#views/accounts/view-account.ts'
import { detailChoices, detailsIn } from '#web/storefront/account-form.ts'
import { afterStep, checkoutOf, summaryOf } from '#web/storefront/checkout.ts'
import { lineRow } from '#web/storefront/shown.ts'
import { answerForm, formOf, heldForm, textOf, textsOf } from '#web/storefront/visitor.ts'
import { Actions, LinkButton, SmallButton, Submit } from '#web/ui/button.tsx'
import { Combobox } from '#web/ui/combobox.tsx'
import { FormNotice } from '#web/ui/notice.tsx'
import { Card, Fold, Section } from '#web/ui/page.tsx'
import { muted } from '#web/ui/tone.ts'
import { faultOf, formStateIn, stateOf, typedIn } from '../form-state.ts'
import { AccountFields } from '../parts/account-fields.tsx'
import { CheckoutFrame, OrderSummary } from '../parts/checkout-frame.tsx'
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
  const kept = isId(keptId) ? await viewAccount(app.db, [], actor, keptId as AccountId) : undefined
  const shown = [...(kept ? [kept.account] : []), ...(found?.items.filter(({ id }) => id !== keptId) ?? [])]
  return {
    held,
    steps,
    summary: summaryOf(checkout, buyer.language),
    q,
    isNew: args.url.searchParams.has('new'),
    basketId: checkout.basketId,
    unassigned: checkout.unassigned.map(lineRow),
    found: shown.map(({ id, name, city, number }) => ({ id, name, about: `${city}, ${number}` })),
    parties: checkout.parties
      .filter((party) => !party.isBuyer)
      .map(({ id, name, city, lines }) => ({ id, name, city, items: lines.map(lineRow) })),
    choices: detailChoices(),
    preset: { country: buyer.country, currency: buyer.currency, language: buyer.language },
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formOf(args)
  return answerForm(form, async () => {
    const basketId = asId<BasketId>(form.get('basketId'), 'basket')
    const itemIds = textsOf(form, 'itemId').map((id) => asId<BasketItemId>(id, 'basket-item'))
    const intent = form.get('intent')
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
    return afterStep(app, actor)
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
          <ul className="grid gap-3">
            {page.parties.map((party) => (
              <li key={party.id} className="flex flex-wrap items-center justify-between gap-3 card p-4">
                <span>
                  <strong className="font-medium">{party.name}</strong>
                  <span className={`block text-sm ${muted}`}>
                    {party.city} · {party.items.length === 1 ? 'one item' : `${party.items.length} items`}
                  </span>
                </span>
                <Form method="post">
                  <input type="hidden" name="basketId" value={basketId} />
                  {party.items.map((item) => (
                    <input key={item.id} type="hidden" name="itemId" value={item.id} />
                  ))}
                  <SmallButton
                    name="intent"
                    value="unassign"
                    aria-label={`Choose another customer than ${party.name}`}
                  >
                    Choose another
                  </SmallButton>
                </Form>
              </li>
            ))}
          </ul>
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
            <FormNotice state={choosing} />
            {/* Without scripts this search form finds the customer; with them the field below searches while you type. */}
            <noscript>
              <form method="get" className="flex gap-2">
                <input
                  name="q"
                  defaultValue={page.q}
                  aria-label="Search your customers"
                  placeholder="Name, number, city, e-mail…"
                  className="input flex-1"
                />
                <button type="submit" className="button">
                  Search
                </button>
              </form>
            </noscript>
            <Form method="post" className="grid gap-4">
              <input type="hidden" name="basketId" value={basketId} />
              <Combobox
                key={unassigned.length}
                label="End customer"
                name="customerId"
                searchPath="/customers/search.json"
                found={page.found}
                chosen={page.found.find(({ id }) => id === typedIn(choosing, 'customerId'))}
                error={faultOf(choosing, 'customerId')}
              />
              <ItemTicks items={unassigned} state={choosing} />
              <Actions>
                <Submit name="intent" value="choose">
                  Use this customer
                </Submit>
                <LinkButton to="/checkout/items" tone="quiet">
                  Back
                </LinkButton>
              </Actions>
            </Form>
          </Card>
          <Fold title="New customer" isOpen={page.isNew || Boolean(adding)} id="new-customer">
            <Form method="post" className="grid gap-4">
              <FormNotice state={adding} />
              <input type="hidden" name="basketId" value={basketId} />
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
