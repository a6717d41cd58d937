// The first phase of an instance's form, for a new one and for one that is there.
import { Field } from '#web/ui/field.tsx'
import type { FormState } from '#web/ui/form-state.ts'
import { FieldGrid } from '#web/ui/page.tsx'

const connectionFields = [
  ['resourceApi', 'Resource API', 'url'],
  ['serviceUrl', 'Service URL', 'url'],
  ['tenant', 'Azure Active Directory Tenant', 'text'],
  ['authorityUrl', 'Authority URL', 'url'],
  ['channelId', 'Channel ID', 'text'],
  ['clientId', 'Client ID', 'text'],
] as const

export type ConnectionValues = Readonly<Record<(typeof connectionFields)[number][0], string>>

export function InstanceFields({
  systemName = '',
  connection,
  isPool = false,
  state,
}: {
  systemName?: string
  connection?: ConnectionValues
  isPool?: boolean
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
      {!isPool &&
        connectionFields.map(([name, label, type]) => (
          <Field
            key={name}
            label={label}
            name={name}
            type={type}
            spellCheck={false}
            autoComplete="off"
            defaultValue={connection?.[name] ?? ''}
            state={state}
          />
        ))}
    </FieldGrid>
  )
}
