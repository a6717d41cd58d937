import {
  type ActionFunctionArgs,
  Form,
  Link,
  type LoaderFunctionArgs,
  redirect,
  useActionData,
  useLoaderData,
} from 'react-router'
import { acceptPrices, changeQuantity, removeItems } from '#flows/ordering/change-basket.ts'
import { quoteBasket } from '#flows/ordering/price-basket.ts'
import { asId, type BasketId, type BasketItemId } from '#kernel/ids.ts'
import { QUOTE_VALID_MINUTES } from '#modules/basket'
import { viewBasket } from '#views/basket/view-basket.ts'
import { moneyDisplay } from '#web/format.ts'
import { type StackRow, stackRow } from '#web/storefront/shown.ts'
import { answerForm, buyerOf, formOf, heldForm, textOf, textsOf } from '#web/storefront/visitor.ts'
import { LinkButton, Submit } from '#web/ui/button.tsx'
import { FormNotice, Notice } from '#web/ui/notice.tsx'
import { Card, Empty, Page } from '#web/ui/page.tsx'
import { muted } from '#web/ui/tone.ts'
import { BasketStackCard } from '../parts/basket-stack.tsx'

export const meta = () => [{ title: 'Basket' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor, buyer } = await buyerOf(args)
  const basket = await viewBasket(app.db, actor, await quoteBasket(app, actor))
  return {
    held: await heldForm(args),
    basketId: basket?.id,
    count: basket?.count ?? 0,
    mayOrder: basket?.mayOrder ?? false,
    hasExpired: basket?.hasExpired ?? false,
    validMinutes: QUOTE_VALID_MINUTES,
    nets: (basket?.nets ?? []).map((net) => moneyDisplay(net, buyer.language)),
    stacks: (basket?.stacks ?? []).map((stack) => stackRow(stack, buyer)),
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formOf(args)
  return answerForm(form, async () => {
    const basketId = asId<BasketId>(form.get('basketId'), 'basket')
    const itemIds = textsOf(form, 'itemId').map((id) => asId<BasketItemId>(id, 'basket-item'))
    switch (textOf(form, 'intent')) {
      case 'remove':
        await removeItems(app, actor, { basketId, itemIds })
        break
      case 'accept-prices':
        await acceptPrices(app, actor, basketId)
        break
      case 'change':
        for (const itemId of itemIds.slice(0, 1))
          await changeQuantity(app, actor, { basketId, itemId, quantity: textOf(form, 'quantity') })
        break
    }
    throw redirect('/basket', 303)
  })
}

export default function Basket() {
  const { held, basketId, count, mayOrder, hasExpired, validMinutes, nets, stacks } =
    useLoaderData<typeof loader>()
  const state = useActionData<typeof action>() ?? held
  // "Change" of an ESD licence shows the warning of E3 and nothing else.
  const warning = state?.code === 'basket/esd-quantity-is-fixed' ? state : undefined
  if (!basketId || stacks.length === 0)
    return (
      <Page title="Basket">
        <FormNotice state={state} />
        <Empty title="Your basket is empty" action={<LinkButton to="/products">Browse products</LinkButton>}>
          Anything you add waits here until you are ready, on every device you sign in from.
        </Empty>
      </Page>
    )
  const hasMovedPrices = stacks.some((stack) => stack.priceBefore && !stack.trouble)
  return (
    <Page title="Basket" lead={count === 1 ? 'One item' : `${count} items`}>
      {warning ? (
        <Notice tone="warning" isAlert>
          {warning.message}
        </Notice>
      ) : (
        <FormNotice state={state} />
      )}
      {(hasMovedPrices || hasExpired) && (
        <Notice tone="warning">
          <p>
            {hasMovedPrices
              ? 'A price has changed since you put the item in. The new total is below.'
              : `Prices hold for ${validMinutes} minutes. These are today's, and none has changed.`}
          </p>
          <Form method="post" className="mt-3">
            <input type="hidden" name="basketId" value={basketId} />
            <button type="submit" name="intent" value="accept-prices" className="button">
              {hasMovedPrices ? 'Go on with the new prices' : 'Go on with these prices'}
            </button>
          </Form>
        </Notice>
      )}
      <div className="grid items-start gap-8 lg:grid-cols-[minmax(0,1fr)_minmax(0,20rem)]">
        <ul className="grid content-start gap-4">
          {stacks.map((stack) => (
            <li key={stack.key}>
              <BasketStackCard stack={stack} basketId={basketId} />
            </li>
          ))}
        </ul>
        <div className="lg:sticky lg:top-24">
          <Card title="Total">
            <p className="flex items-baseline justify-between gap-4">
              <span>Net</span>
              <strong className="grid text-right text-xl tabular-nums">
                {nets.map((net) => (
                  <span key={net}>{net}</span>
                ))}
              </strong>
            </p>
            <p className={`text-sm ${muted}`}>excl. VAT. You see VAT before you order.</p>
            {mayOrder ? (
              <LinkButton to="/checkout">Go to checkout</LinkButton>
            ) : (
              <WayOut basketId={basketId} stacks={stacks} />
            )}
            <Link to="/products">Continue shopping</Link>
          </Card>
        </div>
      </div>
    </Page>
  )
}

/** What stops the checkout, and how to go on: without the items nobody sells any more, or with today's prices. */
function WayOut({ basketId, stacks }: { basketId: string; stacks: readonly StackRow[] }) {
  const stopped = stacks.filter((stack) => stack.trouble)
  if (stopped.length === 0)
    return <p className="text-sm">Look at today’s prices first; then you can go on.</p>
  return (
    <Form method="post" className="grid gap-3" preventScrollReset>
      <p className="text-sm">
        {stopped.map((stack) => stack.name).join(', ')} cannot be ordered at the moment. Everything else can.
      </p>
      <input type="hidden" name="basketId" value={basketId} />
      {stopped.flatMap((stack) =>
        stack.items.map((item) => <input key={item.id} type="hidden" name="itemId" value={item.id} />),
      )}
      <Submit name="intent" value="remove">
        Go on without {stopped.length === 1 ? 'it' : 'them'}
      </Submit>
    </Form>
  )
}
