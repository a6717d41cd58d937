// How a rule makes a price. With scripts only the fields of the chosen method are there; without, all of them.
import { useState } from 'react'
import { Field, type Option, SelectField } from '#web/ui/field.tsx'
import { type FormState, valueOf } from '#web/ui/form-state.ts'
import { FieldGrid } from '#web/ui/page.tsx'
import { useHydrated } from '#web/ui/use-hydrated.ts'

const methods: readonly (Option & { readonly about: string })[] = [
  {
    value: 'discount',
    label: 'Discount on SRP',
    about: 'Suggested retail price × (1 − percentage)',
  },
  { value: 'markup', label: 'Markup on cost', about: 'Cost × (1 + percentage)' },
  { value: 'margin', label: 'Margin', about: 'Cost ÷ (1 − percentage): the percentage is of the price' },
  { value: 'fixed', label: 'Fixed price', about: 'For one licence and the whole term, in one currency' },
]

export type MethodKnown = {
  readonly kind: string
  readonly percent?: string | undefined
  readonly amount?: string | undefined
  readonly currency?: string | undefined
}

export function MethodFields({
  known,
  currencies,
  state,
}: {
  known: MethodKnown
  currencies: readonly Option[]
  state: FormState | undefined
}) {
  const isHydrated = useHydrated()
  const [kind, setKind] = useState(valueOf(state, 'method.kind', known.kind))
  const isFixed = kind === 'fixed'
  return (
    <FieldGrid columns={3}>
      <SelectField
        label="Method"
        name="method.kind"
        options={methods}
        value={kind}
        onChange={(event) => setKind(event.target.value)}
        hint={methods.find(({ value }) => value === kind)?.about}
        state={state}
      />
      {(!isHydrated || !isFixed) && (
        <Field
          label="Percentage"
          name="method.percent"
          inputMode="decimal"
          defaultValue={known.percent}
          hint="For example 7.5"
          state={state}
        />
      )}
      {(!isHydrated || isFixed) && (
        <>
          <Field
            label="Price"
            name="method.amount"
            inputMode="decimal"
            defaultValue={known.amount}
            state={state}
          />
          <SelectField
            label="Currency"
            name="method.currency"
            options={currencies}
            defaultValue={known.currency ?? 'EUR'}
            hint="In any other currency the rule is not used."
            state={state}
          />
        </>
      )}
    </FieldGrid>
  )
}
