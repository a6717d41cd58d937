// An order: what it holds, how far it is, and Execute. Where accounts have to be synchronized first (E9), their Sync Options
// stand right here, and Execute is pressed again.
import {
  type ActionFunctionArgs,
  Form,
  Link,
  type LoaderFunctionArgs,
  redirect,
  useLoaderData,
} from 'react-router'
import { connectorOf, saveSyncOptions } from '#flows/accounts/save-sync-options.ts'
import { synchronizeWithConnector } from '#flows/accounts/synchronize-account.ts'
import { executeItems, roundingWords, type Split } from '#flows/ordering/execute-items.ts'
import { cancelOrder, executeOrder } from '#flows/ordering/execute-order.ts'
import { reopenOrder, submitOrder } from '#flows/ordering/submit-order.ts'
import { skipLicence } from '#flows/provisioning/give-up-licence.ts'
import { PRICE_ABOVE_QUOTE } from '#flows/provisioning/provision-subscription.ts'
import { retryLicence } from '#flows/provisioning/retry-licence.ts'
import { dropSubscription, retrySubscription } from '#flows/subscriptions/repair-subscription.ts'
import { invalid, Refusal } from '#kernel/failure.ts'
import { asId } from '#kernel/ids.ts'
import { add, lineTotal, negate, sum } from '#kernel/money.ts'
import { heldForStaff } from '#views/orders/list-orders.ts'
import { type OrderView, viewOrder } from '#views/orders/view-order.ts'
import { deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { isTickedIn, orderWithSync, pairsOf, syncsOfOrder } from '#web/backoffice/order-sync.ts'
import { recordFoot } from '#web/backoffice/record-foot.ts'
import { softwareInFull } from '#web/backoffice/software-words.ts'
import { stepsShown } from '#web/backoffice/steps-shown.ts'
import { whyOnce } from '#web/explained.ts'
import { momentDisplay, moneyDisplay, percentDisplay, priceDisplay } from '#web/format.ts'
import { answerForm, done, noSuchForm, textOf, textsOf } from '#web/forms.ts'
import { isMoving } from '#web/order-moving.ts'
import { Actions, Button, LinkButton, PostButton } from '#web/ui/button.tsx'
import { ConfirmButton } from '#web/ui/dialog.tsx'
import { useFieldId } from '#web/ui/field.tsx'
import type { FormState } from '#web/ui/form-state.ts'
import { FormNotice, Notice } from '#web/ui/notice.tsx'
import { Card, Columns, Facts, Page, Section } from '#web/ui/page.tsx'
import { AutoRefresh } from '#web/ui/progress.tsx'
import { Table } from '#web/ui/table.tsx'
import { ConfirmForm } from '../parts/confirm-form.tsx'
import { DraftActions, SubmitDecision } from '../parts/draft-actions.tsx'
import { type FailedItem, FailedItems } from '../parts/failed-items.tsx'
import { OrderSyncs } from '../parts/order-syncs.tsx'
import type { OrderTicks } from '../parts/order-ticks.tsx'
import { CreditDecision, PriceDecision } from '../parts/price-decision.tsx'
import { RecordFoot } from '../parts/record-foot.tsx'
import { ReplacedBy } from '../parts/replaced-by.tsx'
import { State } from '../parts/state.tsx'
import { Steps } from '../parts/steps.tsx'
import { WhyPrices } from '../parts/why-prices.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'Order' }]

/** Cost and margin of the whole order; undefined where the cost of an item is not known. */
function marginOf({ order, items }: OrderView): { cost: string; margin: string } | undefined {
  const costs = items.flatMap((item) => (item.unitCost ? [lineTotal(item.unitCost, item.quantity)] : []))
  if (costs.length < items.length) return undefined
  const cost = sum(costs, order.currency)
  const margin = add(order.net, negate(cost))
  const net = Number(order.net.amountMinor)
  const share = net > 0 ? ` (${percentDisplay(Math.round((Number(margin.amountMinor) / net) * 10_000))})` : ''
  return { cost: moneyDisplay(cost), margin: `${moneyDisplay(margin)}${share}` }
}

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const view = await viewOrder(app.db, actor, { id: args.params['id'] as never })
  const { order } = view
  const mayAct = actor.rights.has('execute-orders') && order.state === 'submitted'
  const parties = [view.endCustomer, view.billingTo]
  const syncs = mayAct ? await syncsOfOrder(app, actor, order, parties, args.url) : []
  const isTicked = isTickedIn(args.url)
  const why = whyOnce(view.items.map((item) => item.pricing ?? item.explanation))
  return {
    id: order.id,
    foot: await recordFoot(args, 'order', order.id),
    number: order.number,
    state: order.state,
    progress: view.progress,
    reference: order.reference,
    held: heldForStaff(order.heldBecause),
    customer: view.endCustomer,
    payer: view.billingTo,
    blocked: order.state === 'submitted' ? view.blocked : [],
    placedBy: view.placedByName,
    placed: momentDisplay(order.createdAt),
    net: moneyDisplay(order.net),
    tax: moneyDisplay(order.tax),
    total: moneyDisplay(order.total),
    seesCosts: view.seesCosts,
    totals: view.seesCosts ? marginOf(view) : undefined,
    mayAct,
    isDraft: order.state === 'draft',
    mayDraft: order.state === 'draft' && actor.rights.has('order-on-behalf'),
    mayCancel: actor.rights.has('execute-orders'),
    mayReopen:
      order.state === 'submitted' &&
      order.channel !== 'storefront' &&
      !view.splitFrom &&
      view.subOrders.length === 0 &&
      actor.rights.has('order-on-behalf'),
    mayCopy: actor.rights.has('order-on-behalf'),
    mayApprove: actor.rights.has('approve-below-cost'),
    mayApproveCredit: actor.rights.has('approve-over-credit'),
    syncs,
    ticked: mayAct ? view.items.filter(isTicked).map(({ id }): string => id) : [],
    splitFrom: view.splitFrom,
    subOrders: view.subOrders.map(({ id, number, state, total }) => ({
      id,
      number,
      state,
      total: moneyDisplay(total),
    })),
    failed: view.items.flatMap((item) => failedOf(item)),
    mayRetryLicences: actor.rights.has('manage-assets'),
    mayRepair: actor.rights.has('execute-orders'),
    mayReplace: actor.rights.has('execute-orders') && actor.rights.has('order-on-behalf'),
    isUnderWay: isMoving(view, app.now()) || syncs.some(({ state }) => state === 'synchronizing'),
    items: view.items.map((item, at) => ({
      id: item.id,
      position: item.position,
      name: item.name,
      sku: planWords(item),
      // With costs where they may be seen.
      why: why[at] ?? [],
      quantity: item.quantity,
      price: priceDisplay(item.unitPrice),
      net: moneyDisplay(item.net),
      cost: item.unitCost ? priceDisplay(item.unitCost) : '',
      licence: item.licence && {
        id: item.licence.id,
        number: item.licence.number,
        state: item.licence.isAwaitingKey
          ? 'awaiting key'
          : item.licence.state === 'cancelled'
            ? item.licence.givenUpBecause
              ? 'given up'
              : 'cancelled'
            : item.licence.provisioning,
        reason: item.licence.givenUpBecause ?? item.licence.failureReason,
        givenUpBy: item.licence.givenUpBy,
        replacedBy: item.licence.replacedBy,
      },
      subscription: item.subscription && {
        id: item.subscription.id,
        number: item.subscription.number,
        state:
          item.subscription.state === 'ordered' ? item.subscription.provisioning : item.subscription.state,
        reason: item.subscription.droppedBecause ?? item.subscription.failureReason,
        givenUpBy: item.subscription.droppedBy,
        replacedBy: item.subscription.replacedBy,
      },
    })),
    wait: view.invoiceWait && {
      pair: `${view.invoiceWait.transactionCurrency} against ${view.invoiceWait.currency}`,
      since: momentDisplay(view.invoiceWait.since),
      enter: `/setup/conversion/new?currency=${view.invoiceWait.transactionCurrency}&base=${view.invoiceWait.currency}&invoices`,
    },
    mayEnterRates: actor.rights.has('manage-prices'),
    steps: stepsShown(view.timeline, { withAsset: true }),
    invoices: view.invoices.map((each) => ({
      id: each.id,
      number: each.number,
      total: moneyDisplay(each.total),
    })),
  }
}

/** An item that came to nothing and that nobody has given up on. */
function failedOf({ id, name, net, licence, subscription }: OrderView['items'][number]): FailedItem[] {
  const item = { id, name, net: moneyDisplay(net) }
  if (licence?.state === 'active' && licence.provisioning === 'failed')
    return [
      {
        ...item,
        kind: 'licence',
        recordId: licence.id as string,
        number: licence.number,
        reason: licence.failureReason ?? '',
        isToDecide: false,
      },
    ]
  if (subscription?.state === 'ordered' && subscription.provisioning === 'failed')
    return [
      {
        ...item,
        kind: 'subscription',
        recordId: subscription.id as string,
        number: subscription.number,
        reason: subscription.failureReason ?? '',
        isToDecide: subscription.failureCode === PRICE_ABOVE_QUOTE,
      },
    ]
  return []
}

/** Software in words; an ESD licence by its SKU. */
function planWords({ sku }: OrderView['items'][number]): string {
  return sku.split(':').length === 5 ? softwareInFull(sku) : sku
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formAtDesk(args)
  return answerForm(form, async () => {
    const input = { orderId: args.params['id'] as never }
    switch (textOf(form, 'intent')) {
      case 'cancel': {
        const order = await cancelOrder(app, actor, input)
        return done(`/orders/${order.id}`, `Order ${order.number} is cancelled.`)
      }
      case 'submit': {
        const order = await submitOrder(app, actor, {
          ...input,
          belowCostReason: textOf(form, 'belowCostReason'),
        })
        return done(
          `/orders/${order.id}`,
          `Order ${order.number} is submitted, priced as of now. Nothing happens until it is executed.`,
        )
      }
      case 'reopen': {
        const order = await reopenOrder(app, actor, input)
        return done(
          `/orders/${order.id}/edit`,
          `Order ${order.number} is a draft again, and is submitted when it is right.`,
        )
      }
      case 'synchronize':
        return synchronize(args, form)
      case 'retry':
      case 'skip':
        return repair(args, form)
      case 'execute':
      case 'execute-items':
        return execute(
          args,
          textOf(form, 'intent') === 'execute-items' ? textsOf(form, 'itemIds') : undefined,
          {
            ...input,
            confirmsPrices: form.has('confirmsPrices'),
            belowCostReason: textOf(form, 'belowCostReason'),
            overCreditReason: textOf(form, 'overCreditReason'),
          },
        )
      default:
        throw noSuchForm()
    }
  })
}

/** One failed item: tried again, or given up with a reason. */
async function repair(args: ActionFunctionArgs, form: FormData): Promise<Response> {
  const { app, actor } = deskOf(args)
  const here = `/orders/${args.params['id']}`
  const [kind, id] = textOf(form, 'item').split(' ')
  const reason = textOf(form, 'reason')
  const isRetry = textOf(form, 'intent') === 'retry'
  if (kind === 'licence') {
    const input = { assetId: id as never }
    const { number } = isRetry
      ? await retryLicence(app, actor, input)
      : await skipLicence(app, actor, { ...input, reason })
    return done(here, isRetry ? `${number} is being asked for again.` : `${number} is given up.`)
  }
  const input = { subscriptionId: id as never }
  const { number } = isRetry
    ? await retrySubscription(app, actor, input)
    : await dropSubscription(app, actor, { ...input, reason })
  return done(here, isRetry ? `${number} is being asked for again.` : `${number} is dropped.`)
}

async function synchronize(args: ActionFunctionArgs, form: FormData): Promise<Response> {
  const { app, actor } = deskOf(args)
  const pair = { accountId: textOf(form, 'accountId') as never, connector: textOf(form, 'connector') }
  const { name, syncOptions } = connectorOf(app, pair.connector)
  const typed = syncOptions.filter(({ id }) => form.has(id))
  // The order needs them all, also those that are otherwise asked for with the first purchase.
  const blank = typed.filter((each) => each.isRequired && !each.preset && textOf(form, each.id).trim() === '')
  if (blank.length > 0)
    throw invalid(
      ...blank.map((each) => ({
        pointer: `/${each.id}`,
        code: 'required',
        message: `${each.name} is needed.`,
      })),
    )
  const values = Object.fromEntries(typed.map(({ id }) => [id, textOf(form, id)]))
  await saveSyncOptions(app, actor, { ...pair, values })
  await synchronizeWithConnector(app, actor, pair)
  return done(`/orders/${args.params['id']}${args.url.search}`, `Synchronization with ${name} has begun.`)
}

/** What keeps it from being executed is put into the address: the page then shows it, reloaded or not. */
async function execute(
  args: ActionFunctionArgs,
  itemIds: readonly string[] | undefined,
  input: Parameters<typeof executeOrder>[2] & { orderId: never },
): Promise<Response> {
  const { app, actor } = deskOf(args)
  try {
    const { order, split } = itemIds
      ? await executeItems(app, actor, { ...input, itemIds: itemIds.map((id) => asId(id, 'item')) })
      : { order: await executeOrder(app, actor, input) }
    return done(
      `/orders/${order.id}`,
      [
        `Order ${order.number} is executed: the vendor is being asked.`,
        ...(split ? splitWords(split) : []),
      ].join(' '),
    )
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'order/not-synchronized') throw error
    const pairs = pairsOf(error.details['missing'])
    return redirect(orderWithSync(input.orderId, pairs, await positionsOf(args, itemIds ?? [])), 303)
  }
}

function splitWords({ rest, left, difference }: Split): string[] {
  return [
    `${left} ${left === 1 ? 'item stays' : 'items stay'} in order ${rest.number}.`,
    roundingWords(difference),
  ].filter(Boolean)
}

async function positionsOf(args: ActionFunctionArgs, itemIds: readonly string[]): Promise<number[]> {
  if (itemIds.length === 0) return []
  const { app, actor } = deskOf(args)
  const { items } = await viewOrder(app.db, actor, { id: args.params['id'] as never })
  return items.filter(({ id }) => itemIds.includes(id)).map(({ position }) => position)
}

type Shown = ReturnType<typeof useLoaderData<typeof loader>>

export default function OrderPage() {
  const order = useLoaderData<typeof loader>()
  const { state } = useAnswer()
  const isOfItems = state?.intent === 'execute-items'
  const ticked: OrderTicks = isOfItems ? [state.values['itemIds'] ?? []].flat() : order.ticked
  return (
    <Page
      title={`Order ${order.number}`}
      lead={
        <span className="flex flex-wrap items-center gap-2" aria-live="polite">
          <State>{order.held && order.state === 'submitted' ? 'on hold' : order.state}</State>
          <span>
            {order.isDraft ? 'Seen by nobody but us until it is submitted' : (order.held ?? order.progress)}
          </span>
        </span>
      }
      actions={
        <>
          {order.mayCopy && (
            <LinkButton to={`/orders/new?customer=${order.customer.id}&copy=${order.id}`} tone="plain">
              Copy
            </LinkButton>
          )}
          {order.mayReopen && <PostButton intent="reopen">Edit</PostButton>}
          {order.mayDraft && <DraftActions id={order.id} number={order.number} mayCancel={order.mayCancel} />}
          {order.mayAct && (
            <>
              <ConfirmForm>
                <ConfirmButton
                  button="Cancel order"
                  tone="plain"
                  title={`Cancel order ${order.number}`}
                  question="Nothing was delivered and nothing is charged. A cancelled order cannot be taken up again."
                  ok="Cancel order"
                  value="cancel"
                />
              </ConfirmForm>
              <PostButton intent="execute" tone="primary">
                Execute
              </PostButton>
            </>
          )}
        </>
      }
    >
      <AutoRefresh isOn={order.isUnderWay} />
      {/* The answer to a sync form stands in that form. */}
      {!state?.values['accountId'] && state?.intent !== 'skip' && <FormNotice state={state} />}
      <BlockedParties order={order} />
      <InvoiceWaits order={order} />
      <Columns aside={<About order={order} />}>
        {order.mayDraft && <SubmitDecision state={state} mayApprove={order.mayApprove} />}
        {order.mayAct && <PriceDecision state={state} mayApprove={order.mayApprove} ticked={ticked} />}
        {order.mayAct && <CreditDecision state={state} mayApprove={order.mayApproveCredit} ticked={ticked} />}
        <OrderSyncs syncs={order.syncs} ticked={ticked} state={state} />
        <FailedItems order={order} state={state} />
        <Items key={ticked.join()} order={order} ticked={ticked} />
        <WhyPrices items={order.items} />
        <Card title="Timeline">
          <Steps steps={order.steps} />
        </Card>
        <RecordFoot foot={order.foot} />
      </Columns>
    </Page>
  )
}

/** Said before anybody presses Execute, which would be refused. */
function BlockedParties({ order: { blocked } }: { order: Shown }) {
  return blocked.map(({ id, name }) => (
    <Notice key={id} tone="warning" title={`${name} is blocked`}>
      <p>
        Nothing is executed for it until it is unblocked. <Link to={`/accounts/${id}`}>See why</Link>
      </p>
    </Notice>
  ))
}

/** What it delivered is not lost: it is invoiced as soon as there is a rate. */
function InvoiceWaits({ order: { wait, payer, mayEnterRates } }: { order: Shown }) {
  if (!wait) return null
  return (
    <Notice tone="warning" title={`Its invoice waits for a rate of ${wait.pair}`}>
      <p>
        Since {wait.since}. <Link to={`/accounts/${payer.id}`}>{payer.name}</Link> is invoiced in a
        transaction currency, and there is no rate of today.{' '}
        {mayEnterRates && <Link to={wait.enter}>Enter the rate</Link>}
      </p>
    </Notice>
  )
}

function Items({ order, ticked }: { order: Shown; ticked: OrderTicks }) {
  const mayTick = order.mayAct && order.items.length > 1
  if (!mayTick)
    return (
      <Section title="Items">
        <ItemTable order={order} />
      </Section>
    )
  return (
    <Section title="Items">
      <Form method="post" className="grid gap-3">
        <ItemTable order={order} ticked={ticked} />
        <Actions>
          <Button name="intent" value="execute-items">
            Execute ticked items
          </Button>
          <span className="text-muted">They become an order of their own; the others stay here.</span>
        </Actions>
      </Form>
    </Section>
  )
}

/** With boxes to tick where `ticked` says which of them are. */
function ItemTable({ order, ticked }: { order: Shown; ticked?: OrderTicks }) {
  const costs = (cost: string) => (order.seesCosts ? [cost] : [])
  const first = order.seesCosts ? 4 : 3
  // Where "tick at least one" leads.
  const firstTick = useFieldId('itemIds')
  return (
    <Table
      caption="Items"
      heads={['Product', 'Quantity', 'Price', ...costs('Cost'), 'Net', 'Record', 'Provisioning']}
      numeric={[1, 2, 3, ...(order.seesCosts ? [first] : [])]}
      rows={order.items.map((item, at) => ({
        key: item.id,
        cells: [
          <ItemName key="n" item={item} id={at === 0 ? firstTick : undefined} ticked={ticked} />,
          item.quantity,
          item.price,
          ...costs(item.cost),
          item.net,
          (item.licence || item.subscription) && <RecordLink key="r" item={item} />,
          (item.licence || item.subscription) && (
            <Provisioning key="p" made={item.licence ?? item.subscription} />
          ),
        ],
      }))}
    />
  )
}

function ItemName({
  item,
  id,
  ticked,
}: {
  item: Shown['items'][number]
  id: string | undefined
  ticked: OrderTicks | undefined
}) {
  const name = (
    <>
      {item.name}
      <span className="block text-[0.9286em] font-normal text-muted">{item.sku}</span>
    </>
  )
  if (!ticked) return name
  return (
    <label className="flex items-start gap-3">
      <input
        id={id}
        type="checkbox"
        name="itemIds"
        value={item.id}
        defaultChecked={ticked.includes(item.id)}
        aria-label={`Tick item ${item.position}, ${item.name}`}
        className="mt-[0.1875em]"
      />
      <span className="min-w-0">{name}</span>
    </label>
  )
}

function RecordLink({ item: { licence, subscription } }: { item: Shown['items'][number] }) {
  return (
    <>
      {licence && <Link to={`/assets/${licence.id}`}>{licence.number}</Link>}
      {subscription && <Link to={`/subscriptions/${subscription.id}`}>{subscription.number}</Link>}
    </>
  )
}

function Provisioning({
  made,
}: {
  made:
    | {
        state: string
        reason: string | undefined
        givenUpBy: string | undefined
        replacedBy: { id: string; number: string } | undefined
      }
    | undefined
}) {
  if (!made) return null
  return (
    <>
      <State>{made.state}</State>
      {made.reason && (
        <span className="mt-1 block text-[0.9286em] text-muted">
          {made.givenUpBy ? `${made.givenUpBy}: ${made.reason}` : made.reason}
        </span>
      )}
      {made.replacedBy && (
        <span className="mt-1 block text-[0.9286em]">
          <ReplacedBy order={made.replacedBy} />
        </span>
      )}
    </>
  )
}

function OrderLink({ order: { id, number } }: { order: { id: string; number: string } }) {
  return <Link to={`/orders/${id}`}>{number}</Link>
}

function About({ order }: { order: Shown }) {
  return (
    <>
      <Card title="Amounts">
        <Facts
          facts={[
            ['Net', order.net],
            ['VAT', order.tax],
            ['Total', <strong key="t">{order.total}</strong>],
            ['Cost', order.seesCosts && (order.totals?.cost ?? 'Not known for every item')],
            ['Margin', order.seesCosts && order.totals?.margin],
          ]}
        />
      </Card>
      <Card title="Details">
        <Facts
          facts={[
            [
              'Customer',
              <Link key="c" to={`/accounts/${order.customer.id}`}>
                {order.customer.name}
              </Link>,
            ],
            [
              'Billing to',
              <Link key="p" to={`/accounts/${order.payer.id}`}>
                {order.payer.name}
              </Link>,
            ],
            [order.isDraft ? 'Begun' : 'Placed', order.placed],
            ['By', order.placedBy],
            ['Reference', order.reference],
            ['Split from', order.splitFrom && <OrderLink key="f" order={order.splitFrom} />],
            [
              'Sub-orders',
              order.subOrders.length > 0 &&
                order.subOrders.map((each) => (
                  <div key={each.id} className="flex flex-wrap justify-between gap-x-3">
                    <OrderLink order={each} /> {each.total}
                  </div>
                )),
            ],
            [
              'Invoices',
              order.invoices.length === 0
                ? 'Not invoiced yet'
                : order.invoices.map((each) => (
                    <div key={each.id} className="flex flex-wrap justify-between gap-x-3">
                      <Link to={`/invoices/${each.id}`}>{each.number}</Link> {each.total}
                    </div>
                  )),
            ],
          ]}
        />
      </Card>
    </>
  )
}
