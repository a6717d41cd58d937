// The first phase of an instance's form, for a new one and for one that is there: its name, and what its connector asks for.
import { Field } from '#web/ui/field.tsx'
import type { FormState } from '#web/ui/form-state.ts'
import { FieldGrid } from '#web/ui/page.tsx'
import type { ShownField } from '../instance-form.ts'

export function InstanceFields({
  systemName = '',
  fields,
  state,
}: {
  systemName?: string
  fields: readonly ShownField[]
  state: FormState | undefined
}) {
  return (
    <FieldGrid>
      <Field
        label="System Name"
        name="systemName"
        defaultValue={systemName}
        hint="How this instance is called here, for example Microsoft ESD Germany."
        required
        state={state}
      />
      {fields.map((field) => (
        <Field
          key={field.id}
          label={field.name}
          name={field.id}
          hint={field.hint}
          type={field.type === 'address' ? 'url' : field.type === 'secret' ? 'password' : 'text'}
          inputMode={field.type === 'percent' ? 'decimal' : undefined}
          spellCheck={false}
          autoComplete="off"
          defaultValue={field.value}
          state={state}
        />
      ))}
    </FieldGrid>
  )
}
