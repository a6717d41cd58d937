// Whether a vendor knows an account: one status for every account and connector instance. The external id, by which the
// vendor knows the account, is made before the first call and never changes.
import type { AccountId, InstanceId } from '#kernel/ids.ts'

export type SyncState = 'unsynchronised' | 'synchronizing' | 'synchronized' | 'failed'

export type SyncStatus = {
  readonly accountId: AccountId
  readonly instanceId: InstanceId
  readonly state: SyncState
  readonly externalId: string
  /** The vendor's own id, where it gave one. */
  readonly vendorAccountId: string | undefined
  /** The idempotency id of a call whose fate is unknown. */
  readonly callId: string | undefined
  /** An invitation somebody must pass on before it can go on. */
  readonly link: string | undefined
  /** Why it failed, in plain words. */
  readonly reason: string | undefined
  /** What kind of reason it is, by which a buyer is told of it or not. */
  readonly reasonCode: string | undefined
  readonly synchronizedAt: Temporal.Instant | undefined
  readonly updatedAt: Temporal.Instant
}

/**
 * One word for an account over the instances it is needed in: work under way is seen first, then a failure; synchronized
 * is what every instance knows. Without `instanceIds` the instances are those of the statuses.
 */
export function syncState(
  statuses: readonly Pick<SyncStatus, 'instanceId' | 'state'>[],
  instanceIds: readonly InstanceId[] = statuses.map((status) => status.instanceId),
): SyncState {
  const states = instanceIds.map(
    (id) => statuses.find((status) => status.instanceId === id)?.state ?? 'unsynchronised',
  )
  if (states.includes('synchronizing')) return 'synchronizing'
  if (states.includes('failed')) return 'failed'
  return states.length > 0 && states.every((state) => state === 'synchronized')
    ? 'synchronized'
    : 'unsynchronised'
}
