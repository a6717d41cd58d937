// Asks the vendor whether it knows us: a token and one page of the catalogue. No transaction is open meanwhile.
import { Refusal } from '#kernel/failure.ts'
import type { InstanceId } from '#kernel/ids.ts'
import { loadInstance, missingForActivation } from '#modules/instances'
import { type Actor, assertMay } from '#modules/users'
import { reading, sellerScope } from '#platform/db.ts'
import type { App } from '../app.ts'
import { openAny } from '../provisioning/open-vendor.ts'

export async function testConnection(
  app: Pick<App, 'db' | 'now' | 'secrets' | 'connectors'>,
  actor: Actor,
  input: { instanceId: InstanceId },
): Promise<{ ok: true } | { ok: false; reason: string }> {
  assertMay(actor, 'manage-setup')
  const instance = await reading(app.db, sellerScope, (sql) => loadInstance(sql, input.instanceId))
  const missing = missingForActivation(instance, app.now())
  if (missing.length > 0) return { ok: false, reason: missing.join(' ') }
  try {
    const { vendor } = await openAny(app, input.instanceId)
    return await vendor.test()
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, reason: error.message }
    throw error
  }
}
