// The fields of a promotion: what comes off, how often, and who gets it.
import { Combobox, type Found } from '#web/ui/combobox.tsx'
import { Checkbox, Field, FormScope, type Option, SelectField } from '#web/ui/field.tsx'
import type { FormState } from '#web/ui/form-state.ts'
import { valueOf } from '#web/ui/form-state.ts'
import { FieldGrid } from '#web/ui/page.tsx'

export type PromotionKnown = {
  readonly name: string
  readonly percent: string
  readonly amount: string
  readonly currency: string
  readonly recurrence: string
  readonly periods: string
  readonly terms: readonly string[]
  readonly newCustomersOnly: boolean
  readonly prerequisiteProductId: string
  readonly isCombinable: boolean
}

const recurrences = [
  { value: 'one-time', label: 'First billing period' },
  { value: 'recurring', label: 'Every billing period' },
  { value: 'limited', label: 'A number of periods' },
]

const terms = [
  { value: 'P1M', label: '1 month' },
  { value: 'P1Y', label: '1 year' },
  { value: 'P3Y', label: '3 years' },
  { value: 'OneTime', label: 'Perpetual' },
]

export function OffFields({
  known,
  currencies,
  state,
}: {
  known: PromotionKnown
  currencies: readonly Option[]
  state: FormState | undefined
}) {
  return (
    <>
      <Field
        label="Name"
        name="name"
        defaultValue={known.name}
        maxLength={120}
        hint="Buyers see it beside their price."
        state={state}
      />
      <FieldGrid columns={3}>
        <Field
          label="Percent off"
          name="discount.percent"
          inputMode="decimal"
          defaultValue={known.percent}
          hint="Of the price of the billing period."
          state={state}
        />
        <Field
          label="Or amount off"
          name="discount.amount"
          inputMode="decimal"
          defaultValue={known.amount}
          hint="Off each licence and billing period."
          state={state}
        />
        <SelectField
          label="Currency of the amount"
          name="discount.currency"
          options={currencies}
          defaultValue={known.currency}
          hint="In any other currency nothing comes off."
          state={state}
        />
        <SelectField
          label="How often"
          name="recurrence"
          options={recurrences}
          defaultValue={known.recurrence}
          state={state}
        />
        <Field
          label="Billing periods"
          name="periods"
          inputMode="numeric"
          isOptional
          defaultValue={known.periods}
          hint="Where it is a number of them, counted from the purchase."
          state={state}
        />
      </FieldGrid>
    </>
  )
}

export function ConditionFields({
  known,
  products,
  state,
}: {
  known: PromotionKnown
  products: readonly Found[]
  state: FormState | undefined
}) {
  const ticked = state ? [state.values['terms'] ?? []].flat() : known.terms
  const prerequisite = valueOf(state, 'prerequisiteProductId', known.prerequisiteProductId)
  const fault = Object.entries(state?.errors ?? {}).find(([name]) => name.startsWith('terms'))?.[1]
  return (
    <>
      <fieldset className="grid gap-2">
        <legend className="mb-1 font-medium">Terms</legend>
        <p className="text-muted">None ticked: any term.</p>
        {fault && <p className="font-medium text-bad">{fault}</p>}
        <div className="flex flex-wrap gap-x-6 gap-y-1">
          {terms.map((term) => (
            <FormScope key={term.value} name={term.value}>
              <Checkbox
                label={term.label}
                name="terms"
                value={term.value}
                defaultChecked={ticked.includes(term.value)}
              />
            </FormScope>
          ))}
        </div>
      </fieldset>
      <FieldGrid>
        <Combobox
          label="Only for who has"
          name="prerequisiteProductId"
          searchPath="/setup/prices/products"
          found={products}
          chosen={products.find(({ id }) => id === prerequisite)}
          placeholder="Any customer"
          hint="A product the customer owns already, or has in the same order."
          error={state?.errors['prerequisiteProductId']}
        />
      </FieldGrid>
      <Checkbox
        label="New customers only"
        name="newCustomersOnly"
        defaultChecked={known.newCustomersOnly}
        hint="Who has bought nothing before."
        state={state}
      />
      <Checkbox
        label="May be combined"
        name="isCombinable"
        defaultChecked={known.isCombinable}
        hint="With other promotions that may be combined; otherwise the best single one is taken."
        state={state}
      />
    </>
  )
}
