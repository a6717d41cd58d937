import {
  type ActionFunctionArgs,
  Form,
  Link,
  type LoaderFunctionArgs,
  redirect,
  useActionData,
  useLoaderData,
} from 'react-router'
import { giveReference } from '#flows/ordering/change-basket.ts'
import { placeOrder } from '#flows/ordering/place-order.ts'
import { Refusal } from '#kernel/failure.ts'
import { asId, type BasketId } from '#kernel/ids.ts'
import type { Money } from '#kernel/money.ts'
import { moneyDisplay, percentDisplay, withDaysWritten } from '#web/format.ts'
import { checkoutOf, holdsFor } from '#web/storefront/checkout.ts'
import { stackRow } from '#web/storefront/shown.ts'
import { answerForm, formOf, heldForm, textOf } from '#web/storefront/visitor.ts'
import { LinkButton, Submit } from '#web/ui/button.tsx'
import { Field } from '#web/ui/field.tsx'
import { FormNotice, Notice } from '#web/ui/notice.tsx'
import { Card } from '#web/ui/page.tsx'
import { muted } from '#web/ui/tone.ts'
import { WhyPrice } from '#web/ui/why-price.tsx'
import { type FormState, faultOf, typedIn } from '../form-state.ts'
import { PriceNoteLine } from '../parts/basket-stack.tsx'
import { CheckoutFrame } from '../parts/checkout-frame.tsx'
import { HoldsUntil } from '../parts/holds-until.tsx'
import { Totals } from '../parts/totals.tsx'

export const meta = () => [{ title: 'Checkout: review' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor, buyer, checkout, steps } = await checkoutOf(args, 'review')
  const { tax } = checkout
  const words = (amounts: { net: Money; tax: Money; total: Money }) => ({
    net: moneyDisplay(amounts.net, buyer.language),
    tax: moneyDisplay(amounts.tax, buyer.language),
    total: moneyDisplay(amounts.total, buyer.language),
    rate:
      tax?.category === 'S'
        ? percentDisplay(tax.basisPoints, buyer.language)
        : percentDisplay(0, buyer.language),
  })
  return {
    held: await heldForm(args),
    steps,
    basketId: checkout.basketId,
    version: checkout.version,
    holds: holdsFor(checkout, app.now(), buyer),
    reference: checkout.reference,
    hasTax: tax !== undefined,
    taxNote: tax?.note ?? '',
    totals: checkout.totals.map(words),
    isPerCurrency: new Set(checkout.parties.map(({ id }) => id)).size < checkout.parties.length,
    parties: checkout.parties.map((party) => ({
      key: party.key,
      name: party.name,
      about: `${party.city} · ${party.number}`,
      isBuyer: party.isBuyer,
      totals: words(party),
      stacks: party.stacks.map((stack) => stackRow(stack, buyer)),
      services: party.services.flatMap((service) =>
        service.values.map(({ option, value, isStored }) => ({
          name: option.name,
          value: withDaysWritten(value, buyer.language),
          changeAt: isStored
            ? party.id === actor.accountId
              ? '/profile'
              : `/customers/${party.id}`
            : '/checkout/service',
        })),
      ),
    })),
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formOf(args)
  return answerForm(form, async () => {
    const basketId = asId<BasketId>(form.get('basketId'), 'basket')
    try {
      await giveReference(app, actor, { basketId, reference: textOf(form, 'reference') })
    } catch (error) {
      // A second click on a basket that is ordered already: placeOrder answers it with the first click's orders.
      if (!(error instanceof Refusal) || error.code !== 'basket/closed') throw error
    }
    const [order, ...others] = await orderOrAsk(() =>
      placeOrder(app, actor, { basketId, version: textOf(form, 'version') }),
    )
    throw redirect(order && others.length === 0 ? `/orders/${order.id}` : `/orders?placed=${basketId}`, 303)
  })
}

/** Also after a refusal: what is shown beside it must be the basket of now. */
export const shouldRevalidate = () => true

/** Prices that moved, or that were seen too long ago, are a question on a page of its own. */
async function orderOrAsk<Answer>(order: () => Promise<Answer>): Promise<Answer> {
  try {
    return await order()
  } catch (error) {
    if (error instanceof Refusal && (error.code === 'price/changed' || error.code === 'price/quote-expired'))
      throw redirect('/checkout/prices', 303)
    throw error
  }
}

export default function CheckoutReview() {
  const page = useLoaderData<typeof loader>()
  const state = useActionData<typeof action>() ?? page.held
  const { parties } = page
  return (
    <CheckoutFrame
      title="Review and order"
      steps={page.steps}
      current="review"
      aside={<Complete page={page} state={state} />}
    >
      <FormNotice state={state} />
      {parties.length > 1 && (
        <p className={muted}>
          This becomes {parties.length} orders, one for each end customer
          {page.isPerCurrency ? ' and currency' : ''}, placed together.
        </p>
      )}
      {parties.map((party) => (
        <Card key={party.key} title={party.isBuyer ? `For ${party.name} itself` : `For ${party.name}`}>
          <p className={`text-sm ${muted}`}>{party.about}</p>
          <ul className="grid gap-2">
            {party.stacks.map((stack) => (
              <li key={stack.key} className="grid gap-1 border-t border-line pt-2">
                <div className="flex flex-wrap items-baseline justify-between gap-x-6">
                  <span>
                    {stack.quantity} × {stack.name}
                    <span className={`block text-sm ${muted}`}>
                      {stack.variant} · {stack.price} {stack.each}, excl. VAT
                    </span>
                    {stack.payments && <span className={`block text-sm ${muted}`}>{stack.payments}</span>}
                  </span>
                  <span className="ml-auto tabular-nums">{stack.total}</span>
                </div>
                {stack.note && <PriceNoteLine note={stack.note} />}
                <WhyPrice steps={stack.why} of={stack.name} />
              </li>
            ))}
          </ul>
          {party.services.map((service) => (
            <p key={service.name} className="text-sm">
              {service.name}: <strong className="font-medium">{service.value}</strong>{' '}
              <Link to={service.changeAt} aria-label={`Change: ${service.name} of ${party.name}`}>
                Change
              </Link>
            </p>
          ))}
          {parties.length > 1 && <Totals totals={party.totals} />}
        </Card>
      ))}
    </CheckoutFrame>
  )
}

type Given = {
  page: Pick<
    Awaited<ReturnType<typeof loader>>,
    'hasTax' | 'basketId' | 'version' | 'totals' | 'taxNote' | 'reference' | 'holds'
  >
  state: FormState | undefined
}

/** What it costs, and the one button that orders it. */
function Complete({ page, state }: Given) {
  if (!page.hasTax)
    return (
      <Notice tone="danger">
        We have no VAT rate for your country yet, so this order cannot be priced. Please tell your account
        manager; your basket waits.
      </Notice>
    )
  return (
    <Form method="post">
      <input type="hidden" name="basketId" value={page.basketId} />
      <input type="hidden" name="version" value={page.version} />
      <Card title="Total">
        {page.totals.map((totals) => (
          <Totals key={totals.total} totals={totals} isGrand />
        ))}
        {page.taxNote && <p className={`text-sm ${muted}`}>{page.taxNote}</p>}
        {page.holds && <HoldsUntil {...page.holds} />}
        <Field
          label="Your reference (optional)"
          name="reference"
          maxLength={100}
          hint="Appears on the order and the invoice."
          defaultValue={typedIn(state, 'reference', page.reference)}
          error={faultOf(state, 'reference')}
        />
        <div className="grid gap-2">
          <Submit pendingText="Placing your order…">Complete order</Submit>
          <LinkButton to="/basket" tone="quiet">
            Back to the basket
          </LinkButton>
        </div>
        <p className={`text-sm ${muted}`}>You are invoiced for what is delivered, and nothing else.</p>
      </Card>
    </Form>
  )
}
