import {
  type ActionFunctionArgs,
  Form,
  type LoaderFunctionArgs,
  redirect,
  useActionData,
  useLoaderData,
} from 'react-router'
import { acceptPrices } from '#flows/ordering/change-basket.ts'
import { quoteBasket } from '#flows/ordering/price-basket.ts'
import { asId, type BasketId } from '#kernel/ids.ts'
import { type Currency, lineTotal, type Money } from '#kernel/money.ts'
import { QUOTE_VALID_MINUTES } from '#modules/basket'
import { type BasketLine, netsOf } from '#views/basket/read-basket.ts'
import { viewBasket } from '#views/basket/view-basket.ts'
import { moneyDisplay } from '#web/format.ts'
import { stackRow } from '#web/storefront/shown.ts'
import { answerForm, buyerOf, formOf, heldForm } from '#web/storefront/visitor.ts'
import { Actions, LinkButton, Submit } from '#web/ui/button.tsx'
import { FormNotice } from '#web/ui/notice.tsx'
import { Card, Page } from '#web/ui/page.tsx'
import { Table } from '#web/ui/table.tsx'
import { muted } from '#web/ui/tone.ts'

export const meta = () => [{ title: 'Checkout: prices' }]

/** A quote holds for a while; what has moved since is a question, old and new side by side, before anything is ordered. */
export async function loader(args: LoaderFunctionArgs) {
  const { app, actor, buyer } = await buyerOf(args)
  const basket = await viewBasket(app.db, actor, await quoteBasket(app, actor))
  if (!basket || basket.stacks.length === 0 || basket.stacks.some((stack) => stack.notForSale))
    throw redirect('/basket')
  if (basket.mayOrder) throw redirect('/checkout')
  const lines = basket.stacks.flatMap((stack) => stack.lines)
  return {
    held: await heldForm(args),
    basketId: basket.id,
    validMinutes: QUOTE_VALID_MINUTES,
    moved: basket.stacks.filter((stack) => stack.priceBefore).map((stack) => stackRow(stack, buyer)),
    before: seenNets(lines, basket.currency).map((net) => moneyDisplay(net, buyer.language)),
    now: netsOf(lines, basket.currency).map((net) => moneyDisplay(net, buyer.language)),
  }
}

/** What the buyer saw last, one amount for each currency. */
function seenNets(lines: readonly BasketLine[], first: Currency): Money[] {
  const seen = lines.map(({ seenPrice, quantity }) => ({ total: lineTotal(seenPrice, quantity) }))
  return netsOf(seen, first)
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formOf(args)
  return answerForm(form, async () => {
    await acceptPrices(app, actor, asId<BasketId>(form.get('basketId'), 'basket'))
    throw redirect('/checkout', 303)
  })
}

export default function CheckoutPrices() {
  const page = useLoaderData<typeof loader>()
  const state = useActionData<typeof action>() ?? page.held
  const hasMoved = page.moved.length > 0
  return (
    <Page
      title={hasMoved ? 'Prices have changed' : 'Prices, looked at again'}
      crumbs={[{ to: '/basket', label: 'Basket' }]}
      isNarrow
    >
      <FormNotice state={state} />
      <p className={muted}>
        Prices hold for {page.validMinutes} minutes.{' '}
        {hasMoved
          ? 'These have changed since you saw them. Nothing is ordered until you say so.'
          : 'We have looked at today’s, and none has changed.'}
      </p>
      {hasMoved && (
        <Table
          caption="Old and new prices"
          heads={['Item', 'Quantity', 'You saw', 'Today', 'Total before', 'Total today']}
          numeric={[1, 2, 3, 4, 5]}
          rows={page.moved.map((stack) => ({
            key: stack.key,
            cells: [
              <span key="name">
                {stack.name}
                <span className={`block text-sm ${muted}`}>{stack.variant}</span>
              </span>,
              stack.quantity,
              <s key="before">{stack.priceBefore}</s>,
              <strong key="now">{stack.price}</strong>,
              <s key="total-before">{stack.totalBefore}</s>,
              <strong key="total">{stack.total}</strong>,
            ],
          }))}
        />
      )}
      <Card title="Whole basket, excl. VAT">
        <dl className="grid gap-1 tabular-nums">
          {hasMoved && (
            <div className="flex items-baseline justify-between gap-6">
              <dt className={muted}>You saw</dt>
              <dd>
                <s>{page.before.join(' and ')}</s>
              </dd>
            </div>
          )}
          <div className="flex items-baseline justify-between gap-6 font-medium">
            <dt>Today</dt>
            <dd className="text-xl font-semibold">{page.now.join(' and ')}</dd>
          </div>
        </dl>
        <Form method="post">
          <input type="hidden" name="basketId" value={page.basketId} />
          <Actions>
            <Submit>{hasMoved ? 'Go on with the new prices' : 'Go on'}</Submit>
            <LinkButton to="/basket" tone="quiet">
              Back to the basket
            </LinkButton>
          </Actions>
        </Form>
      </Card>
    </Page>
  )
}
