// An order: what it holds, how far it is, and Execute. Where accounts have to be synchronized first (E9), their Sync Options
// stand right here, and Execute is pressed again.
import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  redirect,
  useActionData,
  useLoaderData,
} from 'react-router'
import { connectorOf, saveSyncOptions } from '#flows/accounts/save-sync-options.ts'
import { synchronizeWithConnector } from '#flows/accounts/synchronize-account.ts'
import { cancelOrder, executeOrder } from '#flows/ordering/execute-order.ts'
import { invalid, Refusal } from '#kernel/failure.ts'
import { add, lineTotal, negate, sum } from '#kernel/money.ts'
import { type OrderView, viewOrder } from '#views/orders/view-order.ts'
import {
  answer,
  deskOf,
  done,
  type FormState,
  redisplayed,
  shown,
  textOf,
} from '#web/backoffice/pages/shared/desk.ts'
import { orderWithSync, pairsOf, syncsOfOrder } from '#web/backoffice/pages/shared/order-sync.ts'
import { momentDisplay, moneyDisplay, percentDisplay, priceDisplay } from '#web/format.ts'
import { Act, Facts, FormNotice, List, Notice, Page, Panel, State, To } from './shared/kit.tsx'
import { Refresh } from './shared/refresh.tsx'
import { SyncPanel } from './shared/sync-panel.tsx'

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
  const view = await shown(viewOrder(app.db, actor, { id: args.params['id'] as never }))
  const { order } = view
  const mayAct = actor.rights.has('execute-orders') && order.state === 'submitted'
  const parties = [view.endCustomer, view.billingTo]
  const syncs = mayAct ? await syncsOfOrder(app, actor, order, parties, args.url) : []
  return {
    id: order.id,
    number: order.number,
    state: order.state,
    progress: view.progress,
    reference: order.reference,
    held: order.heldBecause,
    customer: view.endCustomer,
    payer: view.billingTo,
    placedBy: view.placedByName,
    placed: momentDisplay(order.createdAt),
    net: moneyDisplay(order.net),
    tax: moneyDisplay(order.tax),
    total: moneyDisplay(order.total),
    seesCosts: view.seesCosts,
    totals: view.seesCosts ? marginOf(view) : undefined,
    mayAct,
    syncs,
    isUnderWay: view.progress === 'in progress' || syncs.some(({ state }) => state === 'synchronizing'),
    here: `/bss/orders/${order.id}${args.url.search}`,
    items: view.items.map((item) => ({
      id: item.id,
      name: item.name,
      quantity: item.quantity,
      price: priceDisplay(item.unitPrice),
      net: moneyDisplay(item.net),
      cost: item.unitCost ? priceDisplay(item.unitCost) : '',
      licence: item.licence,
    })),
    timeline: view.timeline.map((step, at) => ({
      key: String(at),
      at: momentDisplay(step.at, 'en', { seconds: true }),
      text: step.text || step.kind,
      outcome: step.outcome ?? '',
      actor: step.actor,
      asset: step.assetNumber ?? '',
    })),
    invoices: view.invoices.map((each) => ({
      id: each.id,
      number: each.number,
      total: moneyDisplay(each.total),
    })),
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor } = deskOf(args)
  const form = await args.request.formData()
  return answer(form, async () => {
    const input = { orderId: args.params['id'] as never }
    const intent = textOf(form, 'intent')
    if (intent === 'cancel') {
      const order = await cancelOrder(app, actor, input)
      return done(`/orders/${order.id}`, `Order ${order.number} is cancelled.`)
    }
    if (intent === 'ask' || intent === 'synchronize') {
      const pair = { accountId: textOf(form, 'accountId') as never, connector: textOf(form, 'connector') }
      const { name, syncOptions } = connectorOf(app, pair.connector)
      const typed = syncOptions.filter(({ id }) => form.has(id))
      // The order needs them all, also those that are otherwise asked for with the first purchase.
      const blank = typed.filter(
        (each) => each.isRequired && !each.preset && textOf(form, each.id).trim() === '',
      )
      if (blank.length > 0)
        throw invalid(
          ...blank.map((each) => ({
            pointer: `/${each.id}`,
            code: 'required',
            message: `${each.name} is needed.`,
          })),
        )
      if (intent === 'ask') return data({ ...redisplayed(form), code: 'confirm' })
      const values = Object.fromEntries(typed.map(({ id }) => [id, textOf(form, id)]))
      await saveSyncOptions(app, actor, { ...pair, values })
      await synchronizeWithConnector(app, actor, pair)
      return done(`/orders/${input.orderId}${args.url.search}`, `Synchronization with ${name} has begun.`)
    }
    return execute(args, input)
  })
}

/** What keeps it from being executed is put into the address: the page then shows it, reloaded or not. */
async function execute(args: ActionFunctionArgs, input: { orderId: never }): Promise<Response> {
  const { app, actor } = deskOf(args)
  try {
    const order = await executeOrder(app, actor, input)
    return done(`/orders/${order.id}`, `Order ${order.number} is executed. Its keys are being requested.`)
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'order/not-synchronized') throw error
    return redirect(orderWithSync(input.orderId, pairsOf(error.details['missing'])), 303)
  }
}

export default function OrderPage() {
  const order = useLoaderData<typeof loader>()
  const state = useActionData() as FormState | undefined
  const isReady = order.syncs.every((sync) => sync.isReady)
  const isTyping = order.syncs.some((sync) => !sync.isReady && sync.state !== 'synchronizing')
  const actions = order.mayAct && (
    <>
      <Act intent="execute" plain={false}>
        Execute
      </Act>
      <Act intent="cancel">Cancel order</Act>
    </>
  )
  return (
    <Page
      title={`Order ${order.number}`}
      lead={
        <>
          <State>{order.state}</State> {order.held ?? order.progress}
        </>
      }
      actions={actions}
    >
      {order.isUnderWay && <Refresh href={isTyping ? undefined : order.here} />}
      {/* The answer to a sync form stands in that form. */}
      {!state?.typed['accountId'] && <FormNotice state={state} />}
      {order.syncs.length > 0 && (
        <>
          <Notice tone={isReady ? 'good' : 'bad'}>
            {isReady
              ? 'Every account is synchronized. Now execute the order.'
              : `Not executed. First complete: ${order.syncs
                  .filter((sync) => !sync.isReady)
                  .map((sync) => `${sync.accountName} (${sync.connectorName}: ${sync.state})`)
                  .join(', ')}.`}
          </Notice>
          {order.syncs.map((sync) => (
            <SyncPanel key={`${sync.accountId} ${sync.connector}`} sync={sync} state={state} />
          ))}
          <div>
            <Act intent="execute" plain={!isReady}>
              Execute again
            </Act>
          </div>
        </>
      )}
      <Facts
        of={[
          [
            'Customer',
            <To key="c" to={`/accounts/${order.customer.id}`}>
              {order.customer.name}
            </To>,
          ],
          [
            'Billing to',
            <To key="p" to={`/accounts/${order.payer.id}`}>
              {order.payer.name}
            </To>,
          ],
          ['Placed', `${order.placed} ${order.placedBy}`],
          ['Reference', order.reference],
          ['Net', order.net],
          ['VAT', order.tax],
          ['Total', order.total],
          ...(order.seesCosts
            ? [
                ['Cost', order.totals?.cost ?? 'Not known for every item'] as const,
                ['Margin', order.totals?.margin] as const,
              ]
            : []),
          [
            'Invoices',
            order.invoices.map((each) => (
              <div key={each.id}>
                <To to={`/invoices/${each.id}`}>{each.number}</To> {each.total}
              </div>
            )),
          ],
        ]}
      />
      <Panel title="Items">
        <List
          caption="Items"
          columns={[
            'Product',
            'Quantity',
            'Price',
            ...(order.seesCosts ? ['Cost'] : []),
            'Net',
            'Licence',
            'Provisioning',
          ]}
          empty="No items."
          rows={order.items.map((item) => ({
            key: item.id,
            cells: [
              item.name,
              item.quantity,
              item.price,
              ...(order.seesCosts ? [item.cost] : []),
              item.net,
              item.licence ? (
                <To key="l" to={`/assets/${item.licence.id}`}>
                  {item.licence.number}
                </To>
              ) : (
                '–'
              ),
              item.licence ? (
                <>
                  <State>{item.licence.provisioning}</State> {item.licence.failureReason}
                </>
              ) : (
                '–'
              ),
            ],
          }))}
        />
      </Panel>
      <Panel title="Timeline">
        <List
          caption="Timeline"
          columns={['When', 'What', 'Outcome', 'Licence', 'Who']}
          empty="Nothing has happened yet."
          rows={order.timeline.map((step) => ({
            key: step.key,
            cells: [step.at, step.text, step.outcome, step.asset, step.actor],
          }))}
        />
      </Panel>
    </Page>
  )
}
