// An order on behalf of a customer (E8, S4–S7). Everything works without JavaScript: more lines, searching and prices are buttons of the
// form. With it, products are searched while one types and prices keep themselves up to date.
import {
  type ActionFunctionArgs,
  data,
  Link,
  type LoaderFunctionArgs,
  type ShouldRevalidateFunctionArgs,
  useLoaderData,
} from 'react-router'
import { placeOnBehalf } from '#flows/ordering/place-on-behalf.ts'
import { assertMay } from '#modules/users'
import { listAccounts } from '#views/accounts/list-accounts.ts'
import { orderablePlans } from '#views/orders/orderable-plans.ts'
import { viewOrder } from '#views/orders/view-order.ts'
import { askedOf, deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { asAsked, linesIn, ordered, priceDraft, type TypedLine } from '#web/backoffice/order-draft.ts'
import { planFound } from '#web/backoffice/plan-found.ts'
import { answerForm, done, textOf, typedState } from '#web/forms.ts'
import { Page } from '#web/ui/page.tsx'
import { List, SearchForm, Toolbar } from '#web/ui/table.tsx'
import { NothingFound } from '../parts/nothing-found.tsx'
import { type DraftAnswer, OrderDraft } from '../parts/order-draft.tsx'
import { State } from '../parts/state.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'New order' }]

type Desk = ReturnType<typeof deskOf>

async function plansFor(
  { app, actor }: Desk,
  ask: { customerId: string; q?: string; including?: readonly string[] },
) {
  const { plans, ...rest } = await orderablePlans(app.db, actor, {
    ...ask,
    customerId: ask.customerId as never,
  })
  return { ...rest, found: plans.map(planFound) }
}

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
  return { order: undefined, accounts, nextCursor }
}

/** The products of another order with their quantities, at the prices of now; a price that was agreed for that order was agreed for it alone. */
async function copyOf(desk: Desk, customerId: string, orderId: string | null) {
  if (!orderId) return undefined
  const { items } = await viewOrder(desk.app.db, desk.actor, { id: orderId as never })
  const lines = [...Map.groupBy(items, ({ planId }) => planId)].map(
    ([planId, own], at): TypedLine => ({
      ...blank(at + 1),
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
  const intent = textOf(form, 'intent')
  const lines = shownAfter(intent, linesIn(form))
  const asked = ordered(lines)
  const answered = await answerForm(
    form,
    async () => {
      if (intent !== 'create') return data(typedState(form))
      const order = await placeOnBehalf(app, actor, {
        endCustomerId: customerId as never,
        lines: asAsked(asked),
        reference: textOf(form, 'reference'),
        belowCostReason: textOf(form, 'belowCostReason'),
      })
      return done(
        `/orders/${order.id}`,
        `Order ${order.number} is created. Nothing happens until it is executed.`,
      )
    },
    (name) => fieldOf(name, asked, actor.rights.has('approve-below-cost')),
  )
  if (answered instanceof Response) return answered
  const prices = await answerForm(form, async () => priceDraft(desk, customerId, lines))
  // The list as it was searched for, with what is chosen already.
  const { found, hasMore } = await plansFor(desk, {
    customerId,
    q: textOf(form, 'find'),
    including: lines.map(({ planId }) => planId),
  })
  const draft = prices && 'data' in prices ? { refused: prices.data.message } : { prices }
  return data({ ...answered.data, lines, found, hasMore, ...draft }, answered.init ?? {})
}

/** Faults are counted in lines that have a product; what is below cost is a matter of the approval, for who may give it. */
function fieldOf(name: string, asked: readonly TypedLine[], mayApprove: boolean): string {
  const [, at, field = ''] = /^lines\.(\d+)(?:\.(.*))?$/.exec(name) ?? []
  if (at === undefined) return name
  if (field === '' && mayApprove) return 'belowCostReason'
  return `${asked[Number(at)]?.key}-${field || 'planId'}`
}

const blank = (key: number): TypedLine => ({
  key: `line${key}`,
  planId: '',
  quantity: '1',
  unitPrice: '',
  reason: '',
})

/** The lines the page shows next: one more, or without one. */
function shownAfter(intent: string, lines: TypedLine[]): TypedLine[] {
  const next = Math.max(0, ...lines.map(({ key }) => Number(/\d+/.exec(key)?.[0] ?? 0))) + 1
  const left = lines.filter(({ key }) => intent !== `remove ${key}`)
  return intent === 'more' || left.length === 0 ? [...left, blank(next)] : left
}

export default function NewOrder() {
  const { order, accounts, nextCursor } = useLoaderData<typeof loader>()
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
    <Page title="New order" lead="Who is it for?" crumbs={[{ to: '/orders', label: 'Orders' }]}>
      <Toolbar>
        <SearchForm label="Search customers" placeholder="Name, number, e-mail or city" />
      </Toolbar>
      <List
        caption="Customers"
        heads={['Account', 'Number', 'Kind', 'Billing to', 'City', 'State']}
        empty={<NothingFound title="No accounts yet">Create an account first.</NothingFound>}
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
