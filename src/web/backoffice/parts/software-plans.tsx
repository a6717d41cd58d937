// The plans of software: which of them are sold, and what the price sheets in force say they cost. Nobody types a price here.
import { Form, Link } from 'react-router'
import { Actions, Submit } from '#web/ui/button.tsx'
import { Checkbox } from '#web/ui/field.tsx'
import type { FormState } from '#web/ui/form-state.ts'
import { Table } from '#web/ui/table.tsx'
import { State } from './state.tsx'

export type SoftwarePlanShown = {
  id: string
  vendorName: string
  skuCode: string
  segment: string
  term: string
  billing: string
  instanceName: string
  vendorState: string
  isWithheld: boolean
  allowsZero: boolean
  /** In the instance's own market, in words; empty where it has none. */
  retail: string
  cost: string
  markets: string
  /** Of those, where its prices are shown first; undefined where there is none. */
  market: string | undefined
  isFree: boolean
}

export function SoftwarePlans({
  productId,
  plans,
  seesCosts,
  state,
  errors = {},
}: {
  productId: string
  plans: readonly SoftwarePlanShown[]
  seesCosts: boolean
  state: FormState | undefined
  /** What publishing said of plans. */
  errors?: Readonly<Record<string, string>>
}) {
  const free = plans.filter((plan) => plan.isFree)
  const severalInstances = new Set(plans.map((plan) => plan.instanceName)).size > 1
  return (
    <Form method="post" className="grid gap-4">
      <Table
        caption="Plans"
        heads={['Plan', 'Sold', 'Term', 'Retail price', ...(seesCosts ? ['Cost'] : []), 'Priced in']}
        numeric={seesCosts ? [3, 4] : [3]}
        rows={plans.map((plan) => ({
          key: plan.id,
          cells: [
            <span key="name">
              {plan.vendorName}{' '}
              <span className="block font-normal text-muted">
                {plan.segment} · {plan.skuCode}
                {severalInstances && ` · ${plan.instanceName}`}
              </span>
            </span>,
            plan.vendorState === 'active' ? (
              <Checkbox
                key="sold"
                label={
                  <span className="sr-only">{`Sell ${plan.vendorName}, ${plan.term}, ${plan.billing}`}</span>
                }
                name={`plans.${plan.id}.isSold`}
                defaultChecked={!plan.isWithheld}
                state={state}
              />
            ) : (
              <State key="state">{plan.vendorState}</State>
            ),
            <span key="term">
              {plan.term} <span className="block text-muted">{plan.billing}</span>
            </span>,
            plan.retail,
            ...(seesCosts ? [plan.cost] : []),
            <PricedIn key="m" productId={productId} plan={plan} />,
          ],
        }))}
      />
      {free.length > 0 && (
        <fieldset className="grid gap-2 rounded-lg bg-sunken p-4">
          <legend className="font-medium">Plans that cost nothing</legend>
          <p className="text-muted">
            A price sheet in force has a price of zero for them. Leave them out above, or consent to selling
            them for nothing.
          </p>
          {free.map((plan) => (
            <Checkbox
              key={plan.id}
              label={`${plan.vendorName} (${plan.term}, ${plan.segment}) may be sold for nothing`}
              name={`plans.${plan.id}.allowsZero`}
              defaultChecked={plan.allowsZero}
              error={errors[`plans.${plan.id}.allowsZero`]}
              state={state}
            />
          ))}
        </fieldset>
      )}
      <p className="text-muted">
        Prices come from the price sheets in force, by the end customer’s country and currency; a price list
        makes a buyer’s price of them.
      </p>
      <Actions>
        <Submit name="intent" value="plans">
          Save plans
        </Submit>
      </Actions>
    </Form>
  )
}

/** In how many markets a plan has a price, leading to its prices. */
export function PricedIn({
  productId,
  plan: { markets, market },
}: {
  productId: string
  plan: Pick<SoftwarePlanShown, 'markets' | 'market'>
}) {
  if (market === undefined) return markets
  return <Link to={`/products/${productId}/prices?market=${market}`}>{markets}</Link>
}
