// An order on behalf of a customer (E8). Everything works without JavaScript: more lines and searching are buttons of the form.
import {
  type ActionFunctionArgs,
  data,
  Form,
  type LoaderFunctionArgs,
  useActionData,
  useLoaderData,
} from 'react-router'
import { placeOnBehalf } from '#flows/ordering/place-on-behalf.ts'
import type { Staff } from '#modules/users'
import { listAccounts } from '#views/accounts/list-accounts.ts'
import { orderablePlans } from '#views/orders/orderable-plans.ts'
import {
  answer,
  askedOf,
  deskOf,
  done,
  type FormState,
  redisplayed,
  shown,
  textOf,
  textsOf,
} from '#web/backoffice/pages/shared/desk.ts'
import { priceDisplay } from '#web/format.ts'
import { ButtonLink, Facts, Field, FormNotice, List, Page, Panel, Search, Submit, To } from './shared/kit.tsx'

export const meta = () => [{ title: 'New order' }]

const LINES = 3

type Options = readonly (readonly [string, string])[]

async function planOptions(
  app: ReturnType<typeof deskOf>['app'],
  actor: Staff,
  ask: { customerId: string; q?: string; including?: readonly string[] },
) {
  const { plans, hasMore, ...parties } = await shown(
    orderablePlans(app.db, actor, { ...ask, customerId: ask.customerId as never }),
  )
  const options: Options = plans.map((plan) => [
    plan.id,
    `${plan.name} · ${plan.sku} · ${plan.country} ${plan.language} · ${priceDisplay(plan.unitPrice)}${plan.isPublished ? '' : ' · not published'}`,
  ])
  return { ...parties, options, hasMore }
}

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const customerId = args.url.searchParams.get('customer') ?? ''
  const { q, cursor } = askedOf(args.url)
  if (customerId)
    return { order: await planOptions(app, actor, { customerId }), q, accounts: [], nextCursor: undefined }
  const { items, nextCursor } = await shown(listAccounts(app.db, actor, { q, cursor }))
  const accounts = items.map(({ id, number, name, kind, parentName, city, state }) => ({
    id,
    number,
    name,
    kind,
    parentName,
    city,
    state,
  }))
  return { order: undefined, q, accounts, nextCursor }
}

type NewOrderState = FormState & { options?: Options; hasMore?: boolean }

export async function action(args: ActionFunctionArgs) {
  const { app, actor } = deskOf(args)
  const form = await args.request.formData()
  const customerId = args.url.searchParams.get('customer') ?? ''
  const planIds = textsOf(form, 'planId')
  const quantities = textsOf(form, 'quantity')
  const answered = await answer(form, async () => {
    const intent = textOf(form, 'intent')
    if (intent !== 'create') return data(redisplayed(form))
    const order = await placeOnBehalf(app, actor, {
      endCustomerId: customerId as never,
      lines: planIds.flatMap((planId, at) =>
        planId ? [{ planId: planId as never, quantity: quantities[at] ?? '' }] : [],
      ),
      reference: textOf(form, 'reference'),
    })
    return done(
      `/orders/${order.id}`,
      `Order ${order.number} is created. Nothing happens until it is executed.`,
    )
  })
  if (answered instanceof Response) return answered
  // The list as it was searched for, with what is chosen already.
  const { options, hasMore } = await planOptions(app, actor, {
    customerId,
    q: textOf(form, 'find'),
    including: planIds,
  })
  const state: NewOrderState = { ...answered.data, options, hasMore }
  return data(state, answered.init ?? {})
}

export default function NewOrder() {
  const { order, q, accounts, nextCursor } = useLoaderData<typeof loader>()
  if (order) return <Lines key={order.customer.id} order={order} />
  return (
    <Page title="New order" lead="Who is it for?">
      <Search q={q} label="Customer: name, number, e-mail or city" />
      <List
        caption="Customers"
        columns={['Account', 'Number', 'Kind', 'Billing to', 'City', 'State']}
        empty="No accounts match."
        nextCursor={nextCursor}
        rows={accounts.map((row) => ({
          key: row.id,
          cells: [
            <To key="t" to={`/orders/new?customer=${row.id}`}>
              {row.name}
            </To>,
            row.number,
            row.kind,
            row.parentName ?? 'itself',
            row.city,
            row.state,
          ],
        }))}
      />
    </Page>
  )
}

type Chosen = NonNullable<ReturnType<typeof useLoaderData<typeof loader>>['order']>

function Lines({ order }: { order: Chosen }) {
  const state = useActionData() as NewOrderState | undefined
  const options = state?.options ?? order.options
  const typed = state?.typed['planId'] ?? []
  const count = Math.max(LINES, typed.length + (state?.intent === 'more' ? LINES : 0))
  return (
    <Page
      title={`New order for ${order.customer.name}`}
      lead={<To to="/orders/new">Another customer</To>}
      actions={<ButtonLink to={`/accounts/${order.customer.id}`}>{order.customer.number}</ButtonLink>}
    >
      {state?.message && <FormNotice state={state} />}
      <Facts
        of={[
          ['Customer', `${order.customer.name}, ${order.customer.number}`],
          ['Billing to', `${order.payer.name}, ${order.payer.number}`],
          ['Prices in', order.currency],
        ]}
      />
      <Form method="post" className="grid gap-4">
        <Panel title="Products">
          <div className="flex flex-wrap items-end gap-3">
            <div className="min-w-64 grow">
              <Field label="Show only products with" name="find" type="search" state={state} />
            </div>
            {/* The first button of the form, so that Enter in a field searches and never orders. */}
            <Submit intent="find" plain>
              Find
            </Submit>
          </div>
          {(state?.hasMore ?? order.hasMore) && (
            <p className="text-sm text-muted">
              There are more products than the lists show. Search for them.
            </p>
          )}
          {options.length === 0 && <p>{`No product has a price in ${order.currency}.`}</p>}
          {Array.from({ length: count }, (_, at) => at).map((at) => (
            <Line key={at} at={at} options={options} state={state} />
          ))}
          <div>
            <Submit intent="more" plain>
              More lines
            </Submit>
          </div>
        </Panel>
        <Field
          label="Reference"
          name="reference"
          hint="For example the customer's order number."
          state={state}
        />
        <div>
          <Submit intent="create">Create order</Submit>
        </div>
      </Form>
    </Page>
  )
}

function Line({ at, options, state }: { at: number; options: Options; state: NewOrderState | undefined }) {
  const planIds = state?.typed['planId'] ?? []
  // Faults are counted in lines that have a product.
  const line = planIds.slice(0, at).filter(Boolean).length
  const fault = planIds[at] ? state?.faults[`lines/${line}/quantity`] : undefined
  const own: FormState | undefined =
    state && planIds[at] !== undefined
      ? {
          ...state,
          typed: { planId: [planIds[at]], quantity: [state.typed['quantity']?.[at] ?? ''] },
          faults: fault ? { quantity: fault } : {},
        }
      : undefined
  return (
    <div className="grid gap-3 sm:grid-cols-[1fr_8rem]">
      <Field label={`Product ${at + 1}`} name="planId" options={[['', '–'], ...options]} state={own} />
      <Field label={`Quantity ${at + 1}`} name="quantity" type="number" value="1" state={own} />
    </div>
  )
}
