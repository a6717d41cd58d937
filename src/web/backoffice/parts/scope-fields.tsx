// What a price rule is about. With scripts only the drop-down of the chosen kind is there; without, all of them.
import { useState } from 'react'
import { Combobox } from '#web/ui/combobox.tsx'
import { Field, SelectField } from '#web/ui/field.tsx'
import { type FormState, valueOf } from '#web/ui/form-state.ts'
import { FieldGrid } from '#web/ui/page.tsx'
import { useHydrated } from '#web/ui/use-hydrated.ts'
import type { ScopeChoices } from '../scope-form.ts'

const kinds = [
  { value: 'all', label: 'Everything' },
  { value: 'group', label: 'A product group' },
  { value: 'product', label: 'A product' },
  { value: 'plan', label: 'A plan' },
]

const none = { value: 'none', label: 'Nothing else' }

export function ScopeFields({
  prefix = 'scope',
  label = 'For',
  mayBeNone = false,
  known,
  choices,
  state,
  onChosen,
}: {
  prefix?: string
  label?: string
  /** One of several, which may be taken away. */
  mayBeNone?: boolean
  known: { readonly kind: string; readonly id?: string | undefined }
  choices: ScopeChoices
  state: FormState | undefined
  onChosen?: () => void
}) {
  const isHydrated = useHydrated()
  const [kind, setKind] = useState(valueOf(state, `${prefix}.kind`, known.kind))
  const idOf = (of: string) => valueOf(state, `${prefix}.${of}`, known.kind === of ? known.id : '')
  const isShown = (of: string) => !isHydrated || kind === of
  const chosen = (of: string) => ({
    name: `${prefix}.${of}`,
    error: state?.errors[`${prefix}.${of}`],
    ...(onChosen && { onChosen }),
  })
  return (
    <div className="grid gap-4">
      {!isHydrated && (
        <Field label="Find products and plans" name="find" type="search" isOptional state={state} />
      )}
      <FieldGrid>
        <SelectField
          label={label}
          name={`${prefix}.kind`}
          options={mayBeNone ? [none, ...kinds] : kinds}
          value={kind}
          onChange={(event) => setKind(event.target.value)}
          state={state}
        />
        {isShown('group') && (
          <SelectField
            label="Product group"
            name={`${prefix}.group`}
            options={choices.groups}
            placeholder={choices.groups.length === 0 ? 'There is none yet' : 'Choose…'}
            defaultValue={idOf('group')}
            state={state}
          />
        )}
        {isShown('product') && (
          <Combobox
            label="Product"
            searchPath="/setup/prices/products"
            found={choices.products}
            chosen={choices.products.find(({ id }) => id === idOf('product'))}
            {...chosen('product')}
          />
        )}
        {isShown('plan') && (
          <Combobox
            label="Plan"
            searchPath="/setup/prices/plans"
            found={choices.plans}
            chosen={choices.plans.find(({ id }) => id === idOf('plan'))}
            hint={choices.plans.find(({ id }) => id === idOf('plan'))?.about}
            {...chosen('plan')}
          />
        )}
      </FieldGrid>
    </div>
  )
}
