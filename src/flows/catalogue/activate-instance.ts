// Puts an instance into use, or takes it out of use: its plans can no longer be bought then, what was sold stays.
import type { InstanceId } from '#kernel/ids.ts'
import { recordAudit } from '#modules/audit'
import { activate, deactivate, type Instance, lockInstance, saveInstance } from '#modules/instances'
import { type Actor, assertMay } from '#modules/users'
import { sellerScope, transaction } from '#platform/db.ts'
import { enqueue } from '#platform/jobs.ts'
import type { App } from '../app.ts'
import { refreshPlans } from './refresh-plans.ts'
import { sellsSubscriptions } from './sync-catalogue.ts'

type Needs = Pick<App, 'db' | 'now' | 'connectors'>

export function activateInstance(
  app: Needs,
  actor: Actor,
  input: { instanceId: InstanceId },
): Promise<Instance> {
  return move(app, actor, input.instanceId, 'instance/activated', activate)
}

export function deactivateInstance(
  app: Needs,
  actor: Actor,
  input: { instanceId: InstanceId },
): Promise<Instance> {
  return move(app, actor, input.instanceId, 'instance/deactivated', deactivate)
}

async function move(
  app: Needs,
  actor: Actor,
  id: InstanceId,
  action: string,
  decide: (instance: Instance, at: Temporal.Instant) => Instance,
): Promise<Instance> {
  assertMay(actor, 'manage-setup')
  const at = app.now()
  return transaction(app.db, sellerScope, async (tx) => {
    const before = await lockInstance(tx, id)
    const instance = decide(before, at)
    await saveInstance(tx, instance)
    if (instance.state === 'active' && sellsSubscriptions(app, instance))
      await enqueue(tx, refreshPlans, [{}])
    await recordAudit(tx, {
      at,
      actor,
      action,
      subjectType: 'instance',
      subjectId: id,
      before: { state: before.state },
      after: { state: instance.state },
    })
    return instance
  })
}
