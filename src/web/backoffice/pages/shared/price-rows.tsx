// Prices of a product: one block per plan and currency, and an empty one per plan for another currency. The fields are named
// by the pointers of the flow, so that its refusals find them.
import { Form } from 'react-router'
import type { FormState } from './desk.ts'
import { Check, Field, State, Submit } from './kit.tsx'

type PricedPlan = {
  id: string
  sku: string
  vendorName: string
  market: string
  instanceName: string
  isInstanceActive: boolean
  isPool: boolean
  vendorState: string
  prices: readonly {
    currency: string
    unitPrice: string
    unitCost: string
    allowsZero: boolean
    allowsBelowCost: boolean
    margin: string
  }[]
}

export function PriceRows({
  plans,
  currencies,
  seesCosts,
  state,
}: {
  plans: readonly PricedPlan[]
  currencies: readonly string[]
  seesCosts: boolean
  state: FormState | undefined
}) {
  let at = 0
  return (
    <Form method="post" className="grid gap-6">
      {plans.map((plan) => {
        const taken = plan.prices.map((each) => each.currency)
        const free = currencies.filter((code) => !taken.includes(code))
        const first = free.includes('EUR') ? 'EUR' : (free[0] ?? '')
        return (
          <section key={plan.id} aria-label={`${plan.sku} ${plan.market}`} className="grid gap-3">
            <h3 className="font-medium">
              {plan.vendorName} <span className="text-sm font-normal">({plan.sku})</span>
            </h3>
            <p className="text-sm">
              {plan.market} · {plan.instanceName}
              {plan.isPool && ' (key pool)'}
              {!plan.isInstanceActive && ' (not active)'} <State>{plan.vendorState}</State>
            </p>
            {plan.prices.map((each) => (
              <Row
                key={each.currency}
                at={at++}
                planId={plan.id}
                state={state}
                seesCosts={seesCosts}
                {...each}
              />
            ))}
            {seesCosts && (
              <details open={plan.prices.length === 0 || state !== undefined}>
                <summary className="cursor-pointer py-1">Price in another currency</summary>
                <Row
                  key={`new ${first}`}
                  at={at++}
                  planId={plan.id}
                  state={state}
                  currency={first}
                  free={free}
                />
              </details>
            )}
          </section>
        )
      })}
      {seesCosts && (
        <div>
          <Submit intent="prices">Save prices</Submit>
        </div>
      )}
    </Form>
  )
}

function Row({
  at,
  planId,
  currency,
  free,
  unitPrice = '',
  unitCost = '',
  allowsZero = false,
  allowsBelowCost = false,
  margin,
  seesCosts = true,
  state,
}: {
  at: number
  planId: string
  currency: string
  /** The currencies to choose from; undefined for a price that is there. */
  free?: readonly string[]
  unitPrice?: string
  unitCost?: string
  allowsZero?: boolean
  allowsBelowCost?: boolean
  margin?: string
  seesCosts?: boolean
  state: FormState | undefined
}) {
  const name = (field: string) => `prices/${at}/${field}`
  return (
    <div className="grid items-start gap-3 rounded-md border border-neutral-300 p-3 sm:grid-cols-2 lg:grid-cols-5 dark:border-neutral-700">
      <input type="hidden" name={name('planId')} value={planId} />
      {free ? (
        <>
          <input type="hidden" name={name('isNew')} value="yes" />
          <Field
            label="Currency"
            name={name('currency')}
            value={currency}
            options={free.map((code) => [code, code] as const)}
            state={state}
          />
        </>
      ) : (
        <Field label="Currency" name={name('currency')} value={currency} readOnly />
      )}
      <Field
        label={`Price${free ? '' : ` in ${currency}`}`}
        name={name('unitPrice')}
        value={unitPrice}
        state={state}
        readOnly={!seesCosts}
        hint={free ? undefined : 'Blank removes this price'}
      />
      {seesCosts && <Field label="Cost" name={name('unitCost')} value={unitCost} state={state} />}
      {seesCosts && (
        <div className="grid gap-1 text-sm">
          <Check label="Sell for nothing" name={name('allowsZero')} checked={allowsZero} state={state} />
          <Check
            label="Sell below cost"
            name={name('allowsBelowCost')}
            checked={allowsBelowCost}
            state={state}
          />
        </div>
      )}
      {margin !== undefined && seesCosts && (
        <div>
          <p className="text-sm opacity-80">Margin</p>
          <p>{margin}</p>
        </div>
      )}
    </div>
  )
}
