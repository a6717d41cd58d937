// What a price list is called and when it holds; its rules have forms of their own.
import { Checkbox, Field } from '#web/ui/field.tsx'
import type { FormState } from '#web/ui/form-state.ts'
import { ValidityFields } from './rule-fields.tsx'

export type PriceListKnown = {
  readonly name: string
  readonly description: string
  readonly isDefault: boolean
  readonly validFrom: string
  readonly validTo?: string | undefined
}

export function PriceListFields({ known, state }: { known: PriceListKnown; state: FormState | undefined }) {
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
      <Field
        label="Description"
        name="description"
        isOptional
        defaultValue={known.description}
        hint="For us only."
        state={state}
      />
      <ValidityFields known={known} state={state} />
      <Checkbox
        label="Default price list"
        name="isDefault"
        defaultChecked={known.isDefault}
        hint="Of every account that has none of its own. There is one at most: it takes the place of the one before."
        state={state}
      />
    </>
  )
}
