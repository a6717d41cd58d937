// Creates or changes a connector instance. The form has two phases: what `market` holds can be given once it exists.
import { Refusal } from '#kernel/failure.ts'
import type { InstanceId } from '#kernel/ids.ts'
import { recordAudit } from '#modules/audit'
import {
  type Connection,
  changeConnection,
  changeMarket,
  createInstance,
  type Instance,
  insertInstance,
  type KeySource,
  lockInstance,
  saveInstanceSecrets,
  saveInstance as store,
} from '#modules/instances'
import { type Actor, assertMay } from '#modules/users'
import { sellerScope, transaction } from '#platform/db.ts'
import type { App } from '../app.ts'
import { instanceFacts } from './instance-facts.ts'

export type InstanceInput = {
  /** Undefined makes a new one. */
  readonly id: InstanceId | undefined
  readonly connector: string
  readonly keySource: KeySource
  readonly systemName: string
  readonly connection: Connection
  /** The connector's own fields. */
  readonly more?: Readonly<Record<string, string>>
  /** The connector's secrets; a blank one keeps the stored one. */
  readonly secrets?: Readonly<Record<string, string>>
  /** Undefined leaves country, language and currency as they are. */
  readonly market:
    | { readonly country: string; readonly language: string; readonly currency: string }
    | undefined
}

export async function saveInstance(
  app: Pick<App, 'db' | 'now' | 'connectors' | 'secrets'>,
  actor: Actor,
  input: InstanceInput,
): Promise<Instance> {
  assertMay(actor, 'manage-setup')
  const at = app.now()
  return transaction(app.db, sellerScope, async (tx) => {
    const before = input.id ? await lockInstance(tx, input.id) : undefined
    const code = before?.connector ?? input.connector
    const connector = app.connectors.find((each) => each.code === code)
    if (!connector)
      throw new Refusal('connector/not-found', 'There is no such connector.', { connector: code })
    const { instance: first, secrets } = before
      ? changeConnection(before, input, connector.fields, at)
      : createInstance(input, connector, at)
    const instance = input.market ? changeMarket(first, input.market, at) : first
    if (before) await store(tx, instance)
    else await insertInstance(tx, instance)
    await saveInstanceSecrets(tx, app.secrets, instance.id, secrets)
    await recordAudit(tx, {
      at,
      actor,
      action: before ? 'instance/changed' : 'instance/created',
      subjectType: 'instance',
      subjectId: instance.id,
      before: before && instanceFacts(before),
      after: instanceFacts(instance),
    })
    return instance
  })
}
