import {
  type ActionFunctionArgs,
  Form,
  Link,
  type LoaderFunctionArgs,
  redirect,
  useActionData,
  useLoaderData,
} from 'react-router'
import { acceptPrices, assignItems, changeQuantity, removeItems } from '#flows/ordering/change-basket.ts'
import { quoteBasket } from '#flows/ordering/price-basket.ts'
import { invalid } from '#kernel/failure.ts'
import { type AccountId, asId, type BasketId, type BasketItemId, isId } from '#kernel/ids.ts'
import { QUOTE_VALID_MINUTES } from '#modules/basket'
import { searchCustomers } from '#views/accounts/list-customers.ts'
import { viewBasket } from '#views/basket/view-basket.ts'
import { moneyDisplay } from '#web/format.ts'
import { basketOrders, basketParties, type StackRow, stackRow } from '#web/storefront/shown.ts'
import {
  answerForm,
  buyerOf,
  formOf,
  heldForm,
  noSuchForm,
  textOf,
  textsOf,
} from '#web/storefront/visitor.ts'
import { Button, LinkButton, Submit } from '#web/ui/button.tsx'
import { FormNotice, Notice } from '#web/ui/notice.tsx'
import { Card, Empty, Page } from '#web/ui/page.tsx'
import { muted } from '#web/ui/tone.ts'
import { formStateIn, stateOf } from '../form-state.ts'
import { BasketStackCard } from '../parts/basket-stack.tsx'
import { ChosenParties, CustomerChoice } from '../parts/customer-choice.tsx'

export const meta = () => [{ title: 'Basket' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor, buyer } = await buyerOf(args)
  const quote = await quoteBasket(app, actor)
  const basket = await viewBasket(app.db, actor, quote)
  const lines = basket?.stacks.flatMap((stack) => stack.lines) ?? []
  const asksForCustomer = buyer.kind === 'reseller' && lines.some(({ kind }) => kind !== 'esd')
  const { parties, undecided } = basketParties(lines)
  const q = args.url.searchParams.get('q') ?? ''
  const found =
    asksForCustomer && undecided.length > 0
      ? await searchCustomers(app.db, actor, { q, limit: 8 })
      : undefined
  return {
    held: await heldForm(args),
    basketId: basket?.id,
    count: basket?.count ?? 0,
    mayOrder: basket?.mayOrder ?? false,
    hasExpired: basket?.hasExpired ?? false,
    validMinutes: QUOTE_VALID_MINUTES,
    nets: (basket?.nets ?? []).map((net) => moneyDisplay(net, buyer.language)),
    stacks: (basket?.stacks ?? []).map((stack) => stackRow(stack, buyer)),
    orders: basketOrders(lines, quote, buyer),
    customer: asksForCustomer
      ? {
          company: buyer.name,
          q,
          undecided,
          parties,
          found: (found?.items ?? []).map(({ id, name, city, number }) => ({
            id,
            name,
            about: `${city}, ${number}`,
          })),
        }
      : undefined,
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formOf(args)
  return answerForm(form, async () => {
    const basketId = asId<BasketId>(form.get('basketId'), 'basket')
    const itemIds = textsOf(form, 'itemId').map((id) => asId<BasketItemId>(id, 'basket-item'))
    const assign = (isForResale: boolean, endCustomerId?: AccountId) => {
      if (itemIds.length === 0)
        throw invalid({ pointer: '/itemId', code: 'required', message: 'Tick the items this customer gets.' })
      return assignItems(app, actor, { basketId, assignments: [{ itemIds, isForResale, endCustomerId }] })
    }
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
      case 'choose':
        await assign(true, chosenCustomer(form))
        break
      case 'own':
        await assign(false)
        break
      case 'unassign':
        await assign(true)
        break
      case 'new-customer':
        await assign(true)
        throw redirect('/checkout/customer?new&from=basket#new-customer', 303)
      default:
        throw noSuchForm()
    }
    throw redirect('/basket', 303)
  })
}

function chosenCustomer(form: FormData): AccountId {
  const customerId = textOf(form, 'customerId')
  if (!isId(customerId))
    throw invalid({
      pointer: '/customerId',
      code: 'required',
      message: 'Choose a customer from the list, or add a new one.',
    })
  return customerId as AccountId
}

export default function Basket() {
  const page = useLoaderData<typeof loader>()
  const { held, basketId, count, mayOrder, hasExpired, validMinutes, nets, stacks } = page
  const state = formStateIn(useActionData<typeof action>() ?? held)
  const choosing = stateOf(state, 'choose')
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
        !choosing && <FormNotice state={state} />
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
        <div className="grid min-w-0 content-start gap-4">
          {page.customer && <EndCustomer basketId={basketId} customer={page.customer} state={choosing} />}
          <ul className="grid content-start gap-4">
            {stacks.map((stack) => (
              <li key={stack.key}>
                <BasketStackCard stack={stack} basketId={basketId} />
              </li>
            ))}
          </ul>
        </div>
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
            {page.orders.length > 1 && (
              <div className="rounded-lg bg-sunken px-3.5 py-2.5 text-sm">
                <p>This becomes {page.orders.length} orders, one for each end customer and currency:</p>
                <ul className="mt-1 grid gap-0.5">
                  {page.orders.map((order) => (
                    <li key={order.key} className="flex justify-between gap-4">
                      <span className="min-w-0">{order.name}</span>
                      <span className="tabular-nums">{order.net}</span>
                    </li>
                  ))}
                </ul>
              </div>
            )}
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

/** For whom the basket is (product.md S2): chosen here, the right prices of software take the place of the indicative ones. */
function EndCustomer({
  basketId,
  customer,
  state,
}: {
  basketId: string
  customer: NonNullable<Awaited<ReturnType<typeof loader>>['customer']>
  state: ReturnType<typeof formStateIn>
}) {
  const { undecided, parties, company, found, q } = customer
  return (
    <>
      {parties.length > 0 && <ChosenParties parties={parties} basketId={basketId} />}
      {undecided.length > 0 && (
        <Card title={parties.length > 0 ? 'And the other items?' : 'Who will use it?'}>
          <p className={muted}>
            Software costs what it costs in the country of whoever will use it. Choose the end customer, and
            the prices below become the right ones.
          </p>
          <CustomerChoice items={undecided} basketId={basketId} found={found} q={q} state={state}>
            <Button name="intent" value="new-customer">
              New customer
            </Button>
            <Button name="intent" value="own" tone="quiet">
              For {company} itself
            </Button>
          </CustomerChoice>
        </Card>
      )}
    </>
  )
}
