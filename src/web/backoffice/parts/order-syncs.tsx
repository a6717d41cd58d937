// Why an order was not executed: the accounts the vendor does not know, each with its form in place, then Execute again.
import { Form, useLocation } from 'react-router'
import { Button } from '#web/ui/button.tsx'
import type { FormState } from '#web/ui/form-state.ts'
import { Notice } from '#web/ui/notice.tsx'
import { Card } from '#web/ui/page.tsx'
import type { OrderSync } from '../order-sync.ts'
import { executeIntent, type OrderTicks, TickedInputs } from './order-ticks.tsx'
import { State } from './state.tsx'
import { SyncForm } from './sync-form.tsx'

export function OrderSyncs({
  syncs,
  ticked,
  state,
}: {
  syncs: readonly OrderSync[]
  ticked: OrderTicks
  state: FormState | undefined
}) {
  if (syncs.length === 0) return null
  const open = syncs.filter((sync) => !sync.isReady)
  if (open.length === 0)
    return (
      <Notice tone="success" isAlert>
        <p>Every account is synchronized. Nothing has happened to the order yet.</p>
        <Form method="post" className="mt-1">
          <TickedInputs ticked={ticked} />
          <Button name="intent" value={executeIntent(ticked)} tone="primary">
            Execute again
          </Button>
        </Form>
      </Notice>
    )
  return (
    <>
      <Notice tone="danger" isAlert title="Not executed: nothing has happened to the order">
        <p>Complete these first, then execute the order again.</p>
        <ul className="ml-4 grid list-disc gap-1">
          {open.map((sync) => (
            <li key={`${sync.accountId} ${sync.connector}`}>
              {sync.accountName}: {sync.connectorName} is {sync.state}
              {sync.missing.length > 0 && `, ${sync.missing.join(' and ')} missing`}
            </li>
          ))}
        </ul>
      </Notice>
      {syncs.map((sync) => (
        <OneSync key={`${sync.accountId} ${sync.connector}`} sync={sync} state={state} />
      ))}
    </>
  )
}

function OneSync({ sync, state }: { sync: OrderSync; state: FormState | undefined }) {
  const { key } = useLocation()
  return (
    <Card
      title={`Sync Options: ${sync.accountName}, ${sync.connectorName}`}
      actions={<State>{sync.state}</State>}
    >
      {sync.reasons.map((reason) => (
        <Notice key={reason} tone="danger">
          {reason}
        </Notice>
      ))}
      {sync.state === 'synchronizing' ? (
        <p className="text-muted">The vendor is being asked.</p>
      ) : (
        !sync.isReady && <SyncForm key={key} {...sync} state={state} />
      )}
    </Card>
  )
}
