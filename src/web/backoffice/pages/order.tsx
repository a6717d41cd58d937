import { type ActionFunctionArgs, type LoaderFunctionArgs, useActionData, useLoaderData } from 'react-router'
import type { MissingForExecution } from '#flows/ordering/execute-order.ts'
import { cancelOrder, executeOrder } from '#flows/ordering/execute-order.ts'
import { viewOrder } from '#views/orders/view-order.ts'
import { answer, deskOf, done, type FormState, shown, textOf } from '#web/backoffice/pages/shared/desk.ts'
import { momentDisplay, moneyDisplay, priceDisplay } from '#web/format.ts'
import { Act, Facts, FormNotice, List, Page, Panel, State, To } from './shared/kit.tsx'

export const meta = () => [{ title: 'Order' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const { order, ...view } = await shown(viewOrder(app.db, actor, { id: args.params['id'] as never }))
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
    mayAct: actor.rights.has('execute-orders') && order.state === 'submitted',
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
    if (textOf(form, 'intent') === 'cancel') {
      const order = await cancelOrder(app, actor, input)
      return done(`/orders/${order.id}`, `Order ${order.number} is cancelled.`)
    }
    const order = await executeOrder(app, actor, input)
    return done(`/orders/${order.id}`, `Order ${order.number} is executed. Its keys are being requested.`)
  })
}

export default function OrderPage() {
  const order = useLoaderData<typeof loader>()
  const state = useActionData() as FormState | undefined
  const missing = (state?.code === 'order/not-synchronized' ? state.details['missing'] : undefined) as
    | MissingForExecution[]
    | undefined
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
      <FormNotice state={state} />
      {missing && (
        <Panel title="What is missing before this order can be executed">
          <ul className="grid gap-2">
            {missing.map((each) => (
              <li key={`${each.accountId} ${each.connector}`}>
                <strong>{each.accountName}</strong> is {each.state} with {each.connectorName}. {each.reason}{' '}
                {each.missingOptions.length > 0 && `Missing: ${each.missingOptions.join(', ')}.`}{' '}
                <To to={`/accounts/${each.accountId}/sync/${each.connector}?order=${order.id}`}>
                  Sync Options
                </To>
              </li>
            ))}
          </ul>
        </Panel>
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
          [
            'Invoices',
            order.invoices.map((each) => (
              <div key={each.id}>
                <a className="underline" href={`/bss/invoices/${each.id}/pdf`}>
                  {each.number}
                </a>{' '}
                {each.total}
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
