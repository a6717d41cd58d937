// What parts/instance-fields.tsx shows, and how it is read again; apart from it, because the browser gets only the fields.
import type { InstanceInput } from '#flows/catalogue/save-instance.ts'
import { type ConnectionField, type Instance, noConnection } from '#modules/instances'
import { textOf } from '#web/forms.ts'

export type ShownField = Pick<ConnectionField, 'id' | 'name' | 'hint' | 'type'> & { readonly value: string }

/** Of a new instance or of one that is there, whose secrets are never shown. */
export function shownFields(fields: readonly ConnectionField[], instance?: Instance): ShownField[] {
  const known: Readonly<Record<string, string>> = { ...instance?.connection, ...instance?.more }
  return fields.map(({ id, name, hint, type, preset }) => ({
    id,
    name,
    type,
    hint: type === 'secret' && instance?.hasSecrets ? `${hint} Leave it blank to keep the stored one.` : hint,
    value: type === 'secret' ? '' : (known[id] ?? (instance ? '' : preset)),
  }))
}

export function connectionOf(
  form: FormData,
  fields: readonly ConnectionField[],
): Pick<InstanceInput, 'systemName' | 'connection' | 'more' | 'secrets'> {
  const typed = (isWanted: (field: ConnectionField) => boolean) =>
    Object.fromEntries(fields.filter(isWanted).map(({ id }) => [id, textOf(form, id)]))
  return {
    systemName: textOf(form, 'systemName'),
    connection: { ...noConnection, ...typed(({ id }) => id in noConnection) },
    more: typed(({ id, type }) => !(id in noConnection) && type !== 'secret'),
    secrets: typed(({ type }) => type === 'secret'),
  }
}
