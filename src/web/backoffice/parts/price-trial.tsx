// The try-out of a price rule: a product, a customer's country and currency, a quantity, and the price with the whole way to it. Its fields
// stand in the form of the rule, so that what is only being typed is tried out as well.
import { Button } from '#web/ui/button.tsx'
import { Combobox } from '#web/ui/combobox.tsx'
import { Field, SelectField } from '#web/ui/field.tsx'
import type { FormState } from '#web/ui/form-state.ts'
import { Notice } from '#web/ui/notice.tsx'
import { Card } from '#web/ui/page.tsx'
import { useHydrated } from '#web/ui/use-hydrated.ts'
import { PriceSteps } from '#web/ui/why-price.tsx'
import type { ShownTrial, TrialChoices, TrialTyped } from '../price-trial.ts'

export function PriceTrial({
  choices,
  typed,
  trial,
  state,
  isAsking,
  onChosen,
  title = 'Try it out',
  lead,
  asksCurrency = true,
}: {
  choices: TrialChoices
  typed: TrialTyped
  trial: ShownTrial | undefined
  state?: FormState | undefined
  isAsking: boolean
  onChosen: () => void
  title?: string
  lead?: string
  /** False where the rule's own currency is meant. */
  asksCurrency?: boolean
}) {
  const isHydrated = useHydrated()
  return (
    <Card title={title}>
      {lead && <p className="text-muted">{lead}</p>}
      {!isHydrated && <Field label="Find a product" name="tryFind" type="search" isOptional state={state} />}
      <Combobox
        label="Product"
        name="tryPlanId"
        searchPath="/setup/prices/plans"
        found={choices.plans}
        chosen={choices.plans.find(({ id }) => id === typed.planId)}
        onChosen={onChosen}
      />
      <SelectField
        label="Country of the customer"
        name="tryCountry"
        options={choices.countries}
        defaultValue={typed.country}
        state={state}
      />
      <div className="grid grid-cols-2 gap-3">
        {asksCurrency && (
          <SelectField
            label="Its currency"
            name="tryCurrency"
            options={choices.currencies}
            defaultValue={typed.currency}
            state={state}
          />
        )}
        <Field
          label="Quantity"
          name="tryQuantity"
          inputMode="numeric"
          defaultValue={typed.quantity}
          state={state}
        />
      </div>
      {!isHydrated && (
        <div>
          <Button name="intent" value="try">
            Show the price
          </Button>
        </div>
      )}
      <TriedPrice trial={trial} isAsking={isAsking} />
    </Card>
  )
}

/** The first button of a form with a try-out, so that Enter in a field shows the price and keeps nothing. */
export function AskFirst() {
  return (
    <button name="intent" value="try" tabIndex={-1} aria-hidden="true" className="sr-only">
      Show the price
    </button>
  )
}

function TriedPrice({ trial, isAsking }: { trial: ShownTrial | undefined; isAsking: boolean }) {
  return (
    <div aria-live="polite" aria-busy={isAsking} className="grid gap-3 border-t border-line pt-3">
      {!trial && <p className="text-muted">The price appears here, with the whole way to it.</p>}
      {trial?.problem && <Notice tone="warning">{trial.problem}</Notice>}
      {trial?.net && (
        <div className="grid gap-1">
          <p className="text-[1.375rem] leading-tight font-semibold tracking-[-0.01em] tabular-nums">
            {trial.net}
          </p>
          {trial.about && <p className="text-muted tabular-nums">{trial.about}</p>}
          {trial.margin && (
            <p className={trial.isBelowCost ? 'font-medium text-bad' : 'text-muted'}>
              {trial.isBelowCost && 'Below cost. '}
              {trial.margin}
            </p>
          )}
        </div>
      )}
      {trial?.steps && <PriceSteps steps={trial.steps} />}
    </div>
  )
}
