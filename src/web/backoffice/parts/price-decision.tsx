// What somebody decides before an order with other prices than it was placed with is executed: the old and the new price of each item that
// moved, and both totals.
import { Form } from 'react-router'
import { Actions, Button } from '#web/ui/button.tsx'
import { Field } from '#web/ui/field.tsx'
import type { FormState } from '#web/ui/form-state.ts'
import { Notice } from '#web/ui/notice.tsx'
import { Card } from '#web/ui/page.tsx'
import { Table } from '#web/ui/table.tsx'
import { executeIntent, type OrderTicks, TickedInputs } from './order-ticks.tsx'

type Amount = { readonly amount: string; readonly currency: string }
type Moved = {
  readonly totalBefore?: Amount
  readonly totalNow?: Amount
  readonly items?: readonly {
    readonly position: number
    readonly name: string
    readonly before: string
    readonly now: string
  }[]
}

type Decided = { state: FormState | undefined; mayApprove: boolean; ticked: OrderTicks }

/** Over the credit limit of who pays: somebody with the right says why it goes on all the same. */
export function CreditDecision({ state, mayApprove, ticked }: Decided) {
  if (state?.code !== 'order/over-credit-limit' && !state?.errors['overCreditReason']) return null
  if (!mayApprove)
    return (
      <Notice tone="warning">
        Over the credit limit an order is executed only by somebody who has the right to approve it, an
        administrator for example. Nothing has happened to it.
      </Notice>
    )
  return (
    <Card title="Approve it over the credit limit">
      <Form method="post" className="grid max-w-xl gap-4">
        <TickedInputs ticked={ticked} />
        {state.values['confirmsPrices'] && <input type="hidden" name="confirmsPrices" value="on" />}
        {state.values['belowCostReason'] && (
          <input type="hidden" name="belowCostReason" value={String(state.values['belowCostReason'])} />
        )}
        <Field
          label="Reason"
          name="overCreditReason"
          hint="Kept with the order and in the audit log, with your name."
          required
          maxLength={500}
          state={state}
        />
        <Actions>
          <Button name="intent" value={executeIntent(ticked)} tone="primary">
            Approve and execute
          </Button>
        </Actions>
      </Form>
    </Card>
  )
}

export function PriceDecision({ state, mayApprove, ticked }: Decided) {
  if (state?.code === 'price/below-cost')
    return <BelowCost state={state} mayApprove={mayApprove} ticked={ticked} />
  if (state?.code !== 'price/changed') return null
  const { totalBefore, totalNow, items = [] } = (state.details ?? {}) as Moved
  const said = (amount: Amount | undefined) => (amount ? `${amount.amount} ${amount.currency}` : '')
  return (
    <Card title="Prices have moved">
      <Table
        caption="Prices that have moved"
        heads={['Item', 'When it was placed', 'Today']}
        numeric={[1, 2]}
        rows={[
          ...items.map(({ position, name, before, now }) => ({
            key: String(position),
            cells: [`${position}. ${name}`, before, now],
          })),
          {
            key: 'total',
            cells: ['Total, with VAT', said(totalBefore), <strong key="t">{said(totalNow)}</strong>],
          },
        ]}
      />
      <Form method="post">
        <TickedInputs ticked={ticked} />
        <input type="hidden" name="confirmsPrices" value="on" />
        <Actions>
          <Button name="intent" value={executeIntent(ticked)} tone="primary">
            Execute with today’s prices
          </Button>
        </Actions>
      </Form>
    </Card>
  )
}

function BelowCost({ state, mayApprove, ticked }: Decided & { state: FormState }) {
  if (!mayApprove)
    return (
      <Notice tone="warning">
        Below cost an order is executed only by somebody who has the right to approve it, an administrator for
        example. Nothing has happened to it.
      </Notice>
    )
  return (
    <Card title="Sell below cost">
      <Form method="post" className="grid max-w-xl gap-4">
        <TickedInputs ticked={ticked} />
        <input type="hidden" name="confirmsPrices" value="on" />
        <Field
          label="Reason"
          name="belowCostReason"
          hint="Kept with the order and in the audit log, with your name."
          required
          maxLength={500}
          state={state}
        />
        <Actions>
          <Button name="intent" value={executeIntent(ticked)} tone="primary">
            Approve and execute
          </Button>
        </Actions>
      </Form>
    </Card>
  )
}
