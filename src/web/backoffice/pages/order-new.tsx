// An order on behalf of a customer (E8, S4–S7). Everything works without JavaScript: more lines, searching and prices are buttons of the
// form. With it, products are searched while one types and prices keep themselves up to date.
import {
  type ActionFunctionArgs,
  Link,
  type LoaderFunctionArgs,
  type ShouldRevalidateFunctionArgs,
  useLoaderData,
} from 'react-router'
import { draftOrder } from '#flows/ordering/draft-order.ts'
import { placeOnBehalf } from '#flows/ordering/place-on-behalf.ts'
import { assertMay } from '#modules/users'
import { listAccounts } from '#views/accounts/list-accounts.ts'
import { viewOrder } from '#views/orders/view-order.ts'
import { askedOf, deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { answerDraft, blankLine, plansFor, priceDraft, type TypedLine } from '#web/backoffice/order-draft.ts'
import { done, textOf } from '#web/forms.ts'
import { LinkButton } from '#web/ui/button.tsx'
import { Page } from '#web/ui/page.tsx'
import { List, SearchForm, Toolbar } from '#web/ui/table.tsx'
import { NothingFound } from '../parts/nothing-found.tsx'
import { type DraftAnswer, OrderDraft } from '../parts/order-draft.tsx'
import { State } from '../parts/state.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'New order' }]

type Desk = ReturnType<typeof deskOf>

export async function loader(args: LoaderFunctionArgs) {
  const desk = deskOf(args)
  const { app, actor } = desk
  assertMay(actor, 'order-on-behalf')
  const customerId = args.url.searchParams.get('customer') ?? ''
  if (customerId) {
    const copied = await copyOf(desk, customerId, args.url.searchParams.get('copy'))
    const including = copied?.lines.map(({ planId }) => planId) ?? []
    return {
      order: {
        ...(await plansFor(desk, { customerId, including })),
        copied,
        mayApprove: actor.rights.has('approve-below-cost'),
      },
      accounts: [],
      nextCursor: undefined,
      newCustomer: undefined,
    }
  }
  const { items, nextCursor } = await listAccounts(app.db, actor, askedOf(args.url))
  const accounts = items.map(({ id, number, name, kind, parentName, city, state }) => ({
    id,
    number,
    name,
    kind,
    parentName,
    city,
    state,
  }))
  const q = (args.url.searchParams.get('q') ?? '').trim()
  return {
    order: undefined,
    accounts,
    nextCursor,
    newCustomer: actor.rights.has('manage-accounts') ? customerNamed(q) : undefined,
  }
}

/** Where a customer is made for this order, with what was searched for as its name. */
function customerNamed(q: string) {
  const isName = /\p{L}/u.test(q) && !q.includes('@')
  const typed = new URLSearchParams({ for: 'order', ...(isName ? { name: q } : {}) })
  return { to: `/accounts/new?${typed}`, name: isName ? q : '' }
}

/** The products of another order with their quantities, at the prices of now; a price that was agreed for that order was agreed for it alone. */
async function copyOf(desk: Desk, customerId: string, orderId: string | null) {
  if (!orderId) return undefined
  const { items } = await viewOrder(desk.app.db, desk.actor, { id: orderId as never })
  const lines = [...Map.groupBy(items, ({ planId }) => planId)].map(
    ([planId, own], at): TypedLine => ({
      ...blankLine(at + 1),
      planId,
      quantity: String(own.reduce((sum, { quantity }) => sum + quantity, 0)),
    }),
  )
  return { lines, prices: await priceDraft(desk, customerId, lines) }
}

/** Asking for prices changes nothing of what the page has loaded. */
export function shouldRevalidate({ formData, defaultShouldRevalidate }: ShouldRevalidateFunctionArgs) {
  return formData?.get('intent') === 'prices' ? false : defaultShouldRevalidate
}

export async function action(args: ActionFunctionArgs) {
  const { form, ...desk } = await formAtDesk(args)
  const { app, actor } = desk
  const customerId = args.url.searchParams.get('customer') ?? ''
  return answerDraft(desk, form, customerId, async (ordered) => {
    const isDraft = textOf(form, 'intent') === 'draft'
    const input = { ...ordered, endCustomerId: customerId as never }
    const order = await (isDraft ? draftOrder : placeOnBehalf)(app, actor, input)
    const said = isDraft
      ? `Order ${order.number} is saved as a draft.`
      : `Order ${order.number} is created. Nothing happens until it is executed.`
    return done(`/orders/${order.id}`, said)
  })
}

export default function NewOrder() {
  const { order, accounts, nextCursor, newCustomer } = useLoaderData<typeof loader>()
  const { state, more } = useAnswer<DraftAnswer>()
  if (order)
    return (
      <OrderDraft
        key={order.customer.id}
        order={order}
        state={state}
        answer={more ?? (state ? undefined : order.copied)}
      />
    )
  return (
    <Page
      title="New order"
      lead="Who is it for?"
      crumbs={[{ to: '/orders', label: 'Orders' }]}
      actions={
        newCustomer && (
          <LinkButton to={newCustomer.to} tone="plain">
            New customer
          </LinkButton>
        )
      }
    >
      <Toolbar>
        <SearchForm label="Search customers" placeholder="Name, number, e-mail or city" />
      </Toolbar>
      <List
        caption="Customers"
        heads={['Account', 'Number', 'Kind', 'Billing to', 'City', 'State']}
        empty={
          <NothingFound
            title="No accounts yet"
            offer={
              newCustomer?.name && (
                <LinkButton to={newCustomer.to}>{`New customer “${newCustomer.name}”`}</LinkButton>
              )
            }
          >
            Create an account first.
          </NothingFound>
        }
        nextCursor={nextCursor}
        rows={accounts.map((row) => ({
          key: row.id,
          cells: [
            <Link key="t" to={`/orders/new?customer=${row.id}`}>
              {row.name}
            </Link>,
            row.number,
            row.kind === 'reseller' ? 'Reseller' : 'Customer',
            row.parentName ?? 'itself',
            row.city,
            <State key="s">{row.state}</State>,
          ],
        }))}
      />
    </Page>
  )
}
