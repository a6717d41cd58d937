// The first phase of an instance's form, for a new one and for one that is there.
import type { FormState } from './desk.ts'
import { Field } from './kit.tsx'

const connectionFields = [
  ['resourceApi', 'Resource API'],
  ['serviceUrl', 'Service URL'],
  ['tenant', 'Azure Active Directory Tenant'],
  ['authorityUrl', 'Authority URL'],
  ['channelId', 'Channel ID'],
  ['clientId', 'Client ID'],
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
    <>
      <Field label="System Name" name="systemName" value={systemName} required state={state} />
      {!isPool &&
        connectionFields.map(([name, label]) => (
          <Field key={name} label={label} name={name} value={connection?.[name] ?? ''} state={state} />
        ))}
    </>
  )
}
