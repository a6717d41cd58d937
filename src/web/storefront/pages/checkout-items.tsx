import {
  type ActionFunctionArgs,
  Form,
  type LoaderFunctionArgs,
  useActionData,
  useLoaderData,
} from 'react-router'
import { assignItems } from '#flows/ordering/change-basket.ts'
import { stacksOf } from '#views/basket/view-basket.ts'
import { afterStep, checkoutNow, checkoutOf, summaryOf } from '#web/storefront/checkout.ts'
import { stackRow } from '#web/storefront/shown.ts'
import { answerForm, formOf, heldForm, textsOf } from '#web/storefront/visitor.ts'
import { Actions, LinkButton, Submit } from '#web/ui/button.tsx'
import { FormNotice } from '#web/ui/notice.tsx'
import { muted } from '#web/ui/tone.ts'
import { formStateIn, typedList } from '../form-state.ts'
import { CheckoutFrame, OrderSummary } from '../parts/checkout-frame.tsx'

export const meta = () => [{ title: 'Checkout: for whom' }]

export async function loader(args: LoaderFunctionArgs) {
  const { buyer, checkout, steps } = await checkoutOf(args, 'items')
  return {
    held: await heldForm(args),
    steps,
    summary: summaryOf(checkout, buyer.language),
    company: buyer.name,
    stacks: stacksOf(checkout.lines).map((stack) => stackRow(stack, buyer)),
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formOf(args)
  return answerForm(form, async () => {
    const checkout = await checkoutNow(app, actor)
    if (!checkout) return afterStep(app, actor)
    const ticked = new Set(textsOf(form, 'resale'))
    // An end customer chosen before stays with its items.
    const forResale = Map.groupBy(
      checkout.lines.filter(({ id }) => ticked.has(id)),
      (line) => line.endCustomer?.id,
    )
    const forOwn = checkout.lines.filter(({ id }) => !ticked.has(id))
    const assignments = [
      ...[...forResale].map(([endCustomerId, lines]) => ({
        itemIds: lines.map(({ id }) => id),
        isForResale: true,
        endCustomerId,
      })),
      { itemIds: forOwn.map(({ id }) => id), isForResale: false },
    ].filter(({ itemIds }) => itemIds.length > 0)
    await assignItems(app, actor, { basketId: checkout.basketId, assignments })
    return afterStep(app, actor)
  })
}

export default function CheckoutItems() {
  const { held, steps, summary, company, stacks } = useLoaderData<typeof loader>()
  const state = useActionData<typeof action>() ?? held
  const back = formStateIn(state)
  return (
    <CheckoutFrame
      title="Which items are for reselling?"
      steps={steps}
      current="items"
      aside={<OrderSummary summary={summary} />}
    >
      <FormNotice state={back} />
      <p className={muted}>Ticked items go to your end customers. The others are for {company} itself.</p>
      <Form method="post" className="grid gap-4">
        {stacks.map((stack) => (
          <fieldset key={stack.key} className="card p-4 sm:p-5">
            {/* Floated, a legend stands inside its frame instead of across it. */}
            <legend className="float-left w-full font-medium">
              {stack.quantity} × {stack.name}
            </legend>
            <p className={`clear-both text-sm ${muted}`}>{stack.variant}</p>
            <ul className="mt-2 grid gap-1 sm:grid-cols-2">
              {stack.items.map((item, index) => (
                <li key={item.id}>
                  <label className="flex min-h-9 cursor-pointer items-center gap-3">
                    <input
                      type="checkbox"
                      name="resale"
                      value={item.id}
                      defaultChecked={
                        back ? typedList(back, 'resale')?.includes(item.id) : item.isForResale !== false
                      }
                    />
                    <span>
                      {stack.isEsd ? `Licence ${index + 1}` : `${item.quantity} licences`} for reselling
                      {item.customer ? <span className={muted}> · {item.customer}</span> : null}
                    </span>
                  </label>
                </li>
              ))}
            </ul>
          </fieldset>
        ))}
        <Actions>
          <Submit>Continue</Submit>
          <LinkButton to="/basket" tone="quiet">
            Back
          </LinkButton>
        </Actions>
      </Form>
    </CheckoutFrame>
  )
}
