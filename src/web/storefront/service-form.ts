// Service details of an account on its own page: what the Storefront shows of each connector's options.
import { saveSyncOptions } from '#flows/accounts/save-sync-options.ts'
import type { App } from '#flows/app.ts'
import type { AccountId } from '#kernel/ids.ts'
import type { Portal } from '#modules/users'
import type { ConnectorSync } from '#views/accounts/view-account.ts'
import { textOf } from '#web/storefront/visitor.ts'

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

/** Whether `ServiceDetails` sent it: the intent of its form names the connector. */
export const isServiceForm = (intent: string) => intent.startsWith('service ')

/** Keeps what `ServiceDetails` sent: the options of one connector. */
export async function saveServiceForm(
  app: App,
  actor: Portal,
  accountId: AccountId,
  form: FormData,
): Promise<void> {
  await saveSyncOptions(app, actor, {
    accountId,
    connector: textOf(form, 'connector'),
    values: serviceValuesIn(form),
  })
}

/** Fields named `option.<id>`, or `option.<key>.<id>` where a form asks for several accounts. */
export function serviceValuesIn(form: FormData, key?: string): Record<string, string> {
  const prefix = key === undefined ? 'option.' : `option.${key}.`
  return Object.fromEntries(
    [...form].flatMap(([name, value]) =>
      name.startsWith(prefix) && typeof value === 'string' ? [[name.slice(prefix.length), value]] : [],
    ),
  )
}
