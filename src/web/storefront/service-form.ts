// Service details of an account on its own page: what the Storefront shows of each connector's options.
import type { ConnectorSync } from '#views/accounts/view-account.ts'

export function serviceRows(sync: readonly ConnectorSync[]) {
  return sync
    .filter(({ options }) => options.length > 0)
    .map((each) => ({
      connector: each.connector,
      name: each.name,
      options: each.options.map((option) => ({
        id: option.id,
        name: option.name,
        hint: option.hint,
        type: option.type,
        choices: [...(option.choices ?? [])],
        isRequired: option.isRequired,
        value: each.stored[option.id] ?? '',
      })),
    }))
}

export type ServiceRow = ReturnType<typeof serviceRows>[number]

/** Fields named `option.<id>`, or `option.<key>.<id>` where a form asks for several accounts. */
export function serviceValuesIn(form: FormData, key?: string): Record<string, string> {
  const prefix = key === undefined ? 'option.' : `option.${key}.`
  return Object.fromEntries(
    [...form].flatMap(([name, value]) =>
      name.startsWith(prefix) && typeof value === 'string' ? [[name.slice(prefix.length), value]] : [],
    ),
  )
}
