// Prices of a product: one row per plan and currency, and an empty one per plan for another currency. The fields are named
// by the pointers of the flow, so that its refusals find them.
import { Form } from 'react-router'
import { Actions, Submit } from '#web/ui/button.tsx'
import { Checkbox, Field, SelectField } from '#web/ui/field.tsx'
import type { FormState } from '#web/ui/form-state.ts'
import { State } from './state.tsx'

type PricedPlan = {
  id: string
  sku: string
  vendorName: string
  market: string
  instanceName: string
  isInstanceActive: boolean
  isPool: boolean
  vendorState: string
  prices: readonly PricedRow[]
}

type PricedRow = {
  currency: string
  unitPrice: string
  unitCost: string
  allowsZero: boolean
  allowsBelowCost: boolean
  margin: string
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
            <header className="grid gap-0.5">
              <h3 className="flex flex-wrap items-center gap-2 font-medium">
                {plan.vendorName} <code className="font-normal text-muted">{plan.sku}</code>
                <State>{plan.vendorState}</State>
              </h3>
              <p className="text-muted">
                {plan.market} · {plan.instanceName}
                {plan.isPool && ' (key pool)'}
                {!plan.isInstanceActive && ' (not active)'}
              </p>
            </header>
            {plan.prices.map((each) => (
              <Row
                key={each.currency}
                at={at++}
                planId={plan.id}
                state={state}
                seesCosts={seesCosts}
                row={each}
              />
            ))}
            {plan.prices.length === 0 && <p className="text-muted">No price yet: it cannot be sold.</p>}
            {seesCosts && (
              <details open={plan.prices.length === 0 || state !== undefined} className="grid gap-3">
                <summary className="inline-flex min-h-8 items-center font-medium text-brand-text">
                  {plan.prices.length === 0 ? 'First price' : 'Price in another currency'}
                </summary>
                <Row
                  key={`new ${first}`}
                  at={at++}
                  planId={plan.id}
                  state={state}
                  row={{ ...blank, currency: first }}
                  free={free}
                />
              </details>
            )}
          </section>
        )
      })}
      {seesCosts && (
        <Actions>
          <Submit name="intent" value="prices">
            Save prices
          </Submit>
        </Actions>
      )}
    </Form>
  )
}

const blank: PricedRow = {
  currency: '',
  unitPrice: '',
  unitCost: '',
  allowsZero: false,
  allowsBelowCost: false,
  margin: '',
}

function Row({
  at,
  planId,
  row,
  free,
  seesCosts = true,
  state,
}: {
  at: number
  planId: string
  row: PricedRow
  /** The currencies to choose from; undefined for a price that is there. */
  free?: readonly string[]
  seesCosts?: boolean
  state: FormState | undefined
}) {
  const name = (field: string) => `prices.${at}.${field}`
  return (
    <div className="grid items-start gap-3 rounded-lg bg-sunken p-3 sm:grid-cols-2 lg:grid-cols-[7rem_1fr_1fr_minmax(11rem,auto)_5rem]">
      <input type="hidden" name={name('planId')} value={planId} />
      {free ? (
        <>
          <input type="hidden" name={name('isNew')} value="yes" />
          <SelectField
            label="Currency"
            name={name('currency')}
            defaultValue={row.currency}
            options={free.map((code) => ({ value: code, label: code }))}
            state={state}
          />
        </>
      ) : (
        <Field label="Currency" name={name('currency')} value={row.currency} readOnly />
      )}
      <Field
        label={`Price${free ? '' : ` in ${row.currency}`}`}
        name={name('unitPrice')}
        inputMode="decimal"
        defaultValue={row.unitPrice}
        readOnly={!seesCosts}
        hint={free ? undefined : 'Blank removes this price.'}
        state={state}
      />
      {seesCosts && (
        <Field
          label="Cost"
          name={name('unitCost')}
          inputMode="decimal"
          defaultValue={row.unitCost}
          state={state}
        />
      )}
      {seesCosts && (
        <div className="grid gap-1 lg:pt-6">
          <Checkbox
            label="Sell for nothing"
            name={name('allowsZero')}
            defaultChecked={row.allowsZero}
            state={state}
          />
          <Checkbox
            label="Sell below cost"
            name={name('allowsBelowCost')}
            defaultChecked={row.allowsBelowCost}
            state={state}
          />
        </div>
      )}
      {row.margin && seesCosts && (
        <div className="lg:text-right">
          <p className="font-medium">Margin</p>
          <p className="mt-1.5 tabular-nums lg:leading-9">{row.margin}</p>
        </div>
      )}
    </div>
  )
}
