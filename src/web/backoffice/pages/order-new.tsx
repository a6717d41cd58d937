// An order on behalf of a customer (E8). Everything works without JavaScript: more lines and searching are buttons of the form.
import {
  type ActionFunctionArgs,
  data,
  Form,
  Link,
  type LoaderFunctionArgs,
  useLoaderData,
} from 'react-router'
import { placeOnBehalf } from '#flows/ordering/place-on-behalf.ts'
import type { Staff } from '#modules/users'
import { listAccounts } from '#views/accounts/list-accounts.ts'
import { orderablePlans } from '#views/orders/orderable-plans.ts'
import { askedOf, deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { priceDisplay } from '#web/format.ts'
import { answerForm, done, textOf, textsOf, typedState } from '#web/forms.ts'
import { Actions, Button, Submit } from '#web/ui/button.tsx'
import { Field, FormScope, type Option, SelectField } from '#web/ui/field.tsx'
import type { FormState } from '#web/ui/form-state.ts'
import { FormNotice, Notice } from '#web/ui/notice.tsx'
import { Card, Columns, Facts, Page } from '#web/ui/page.tsx'
import { List, SearchForm, Toolbar } from '#web/ui/table.tsx'
import { NothingFound } from '../parts/nothing-found.tsx'
import { State } from '../parts/state.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'New order' }]

const LINES = 3

async function planOptions(
  app: ReturnType<typeof deskOf>['app'],
  actor: Staff,
  ask: { customerId: string; q?: string; including?: readonly string[] },
) {
  const { plans, hasMore, ...parties } = await orderablePlans(app.db, actor, {
    ...ask,
    customerId: ask.customerId as never,
  })
  const options: Option[] = plans.map((plan) => ({
    value: plan.id,
    label: `${plan.name} · ${plan.sku} · ${plan.country} ${plan.language} · ${priceDisplay(plan.unitPrice)}${plan.isPublished ? '' : ' · not published'}`,
  }))
  return { ...parties, options, hasMore }
}

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const customerId = args.url.searchParams.get('customer') ?? ''
  if (customerId)
    return { order: await planOptions(app, actor, { customerId }), accounts: [], nextCursor: undefined }
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

type Found = { options?: readonly Option[]; hasMore?: boolean }

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formAtDesk(args)
  const customerId = args.url.searchParams.get('customer') ?? ''
  const planIds = textsOf(form, 'planId')
  const quantities = textsOf(form, 'quantity')
  const answered = await answerForm(form, async () => {
    if (textOf(form, 'intent') !== 'create') return data(typedState(form))
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
  return data({ ...answered.data, options, hasMore }, answered.init ?? {})
}

export default function NewOrder() {
  const { order, accounts, nextCursor } = useLoaderData<typeof loader>()
  if (order) return <Lines key={order.customer.id} order={order} />
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

type Chosen = NonNullable<ReturnType<typeof useLoaderData<typeof loader>>['order']>

function Lines({ order }: { order: Chosen }) {
  const { state, more } = useAnswer<Found>()
  const options = more?.options ?? order.options
  const typed = [state?.values['planId'] ?? []].flat()
  const count = Math.max(LINES, typed.length + (state?.intent === 'more' ? LINES : 0))
  const isRefused = state && (state.message || Object.keys(state.errors).length > 0)
  return (
    <Page
      title={`New order for ${order.customer.name}`}
      crumbs={[
        { to: '/orders', label: 'Orders' },
        { to: '/orders/new', label: 'New order' },
      ]}
    >
      {isRefused && <FormNotice state={fieldsNamed(state, typed)} />}
      <Columns
        aside={
          <Card title="For">
            <Facts
              facts={[
                ['Customer', `${order.customer.name}, ${order.customer.number}`],
                ['Billing to', `${order.payer.name}, ${order.payer.number}`],
                ['Prices in', order.currency],
              ]}
            />
          </Card>
        }
      >
        <Form method="post" className="grid gap-5">
          <Card title="Products">
            <div className="flex max-w-xl items-end gap-2">
              <div className="min-w-0 flex-1">
                <Field label="Show only products with" name="find" type="search" state={state} />
              </div>
              {/* The first button of the form, so that Enter in a field searches and never orders. */}
              <Button name="intent" value="find">
                Find
              </Button>
            </div>
            {(more?.hasMore ?? order.hasMore) && (
              <p className="text-muted">There are more products than the lists show. Search for them.</p>
            )}
            {options.length === 0 && (
              <Notice tone="warning">{`No product has a price in ${order.currency}.`}</Notice>
            )}
            {Array.from({ length: count }, (_, at) => at).map((at) => (
              <Line key={`${at} ${options.length}`} at={at} options={options} state={state} />
            ))}
            <Actions>
              <Button name="intent" value="more" tone="quiet">
                More lines
              </Button>
            </Actions>
          </Card>
          <Card>
            <Field
              label="Reference"
              name="reference"
              isOptional
              hint="For example the customer's order number."
              state={state}
            />
            <Actions>
              <Submit name="intent" value="create">
                Create order
              </Submit>
            </Actions>
          </Card>
        </Form>
      </Columns>
    </Page>
  )
}

/** Faults are counted in lines that have a product; the fields of the page in all lines. */
function fieldsNamed(state: FormState, planIds: readonly string[]): FormState {
  const filled = planIds.flatMap((id, at) => (id ? [at] : []))
  const errors = Object.entries(state.errors).map(([name, message]) => {
    const line = /^lines\.(\d+)\.(planId|quantity)$/.exec(name)
    return [line ? `line${filled[Number(line[1])]}-${line[2]}` : name, message] as const
  })
  return { ...state, errors: Object.fromEntries(errors) }
}

function Line({
  at,
  options,
  state,
}: {
  at: number
  options: readonly Option[]
  state: FormState | undefined
}) {
  const planIds = [state?.values['planId'] ?? []].flat()
  const quantities = [state?.values['quantity'] ?? []].flat()
  const errors = state ? fieldsNamed(state, planIds).errors : {}
  return (
    <FormScope name={`line${at}`}>
      <div className="grid gap-3 sm:grid-cols-[minmax(0,1fr)_8rem]">
        <SelectField
          label={`Product ${at + 1}`}
          name="planId"
          placeholder="None"
          options={options}
          defaultValue={planIds[at] ?? ''}
          error={errors[`line${at}-planId`]}
        />
        <Field
          label={`Quantity ${at + 1}`}
          name="quantity"
          inputMode="numeric"
          defaultValue={quantities[at] ?? '1'}
          error={errors[`line${at}-quantity`]}
        />
      </div>
    </FormScope>
  )
}
