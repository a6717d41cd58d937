// The configured instances of a connector, with what needs attention.

import { CERTIFICATE_WARNING_DAYS, daysLeft, type Instance, listInstances as list } from '#modules/instances'
import { type Actor, assertMay } from '#modules/users'
import { type Database, reading, sellerScope, type Tx } from '#platform/db.ts'

export type ListedInstance = Instance & {
  /** Days until the certificate expires; undefined without one, negative once expired. */
  readonly certificateDaysLeft: number | undefined
  readonly expiresSoon: boolean
  readonly planCount: number
}

export async function listInstances(
  db: Database | Tx,
  actor: Actor,
  ask: { connector?: string; now: Temporal.Instant },
): Promise<ListedInstance[]> {
  assertMay(actor, 'manage-setup')
  return reading(db, sellerScope, async (sql) => {
    const instances = await list(sql, ask.connector)
    const counts = await sql.many<{ instanceId: string; planCount: number }>`
      select instance_id, count(*)::int as plan_count from plan
      where instance_id = any(${instances.map((each) => each.id)}::uuid[]) group by instance_id`
    const countOf = new Map(counts.map((each) => [each.instanceId, each.planCount]))
    return instances.map((instance) => {
      const left = instance.certificate && daysLeft(instance.certificate, ask.now)
      return {
        ...instance,
        certificateDaysLeft: left,
        expiresSoon: left !== undefined && left <= CERTIFICATE_WARNING_DAYS,
        planCount: countOf.get(instance.id) ?? 0,
      }
    })
  })
}
