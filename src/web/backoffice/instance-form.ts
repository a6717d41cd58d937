// Reads what parts/instance-fields.tsx shows; apart from it, because the browser gets only the fields.
import type { InstanceInput } from '#flows/catalogue/save-instance.ts'
import { textOf } from '#web/forms.ts'

export function connectionOf(form: FormData): Pick<InstanceInput, 'systemName' | 'connection'> {
  const of = (name: string) => textOf(form, name)
  return {
    systemName: of('systemName'),
    connection: {
      resourceApi: of('resourceApi'),
      serviceUrl: of('serviceUrl'),
      tenant: of('tenant'),
      authorityUrl: of('authorityUrl'),
      channelId: of('channelId'),
      clientId: of('clientId'),
    },
  }
}
