// Every statement that writes synchronization options and statuses.
import type { AccountId, InstanceId } from '#kernel/ids.ts'
import { newId } from '#kernel/ids.ts'
import type { Sql, Tx } from '#platform/db.ts'
import type { SyncValues } from './sync-options.ts'
import type { SyncStatus } from './sync-status.ts'

/** What was stored about accounts for one connector, by account; an account without any is not in the map. */
export async function loadSyncOptions(
  sql: Sql,
  accountIds: readonly AccountId[],
  connector: string,
): Promise<Map<AccountId, SyncValues>> {
  const rows = await sql.many<{ accountId: AccountId; options: SyncValues }>`
    select account_id, options from sync_options
    where account_id = any (${[...accountIds]}::uuid[]) and connector = ${connector}`
  return new Map(rows.map((row) => [row.accountId, row.options]))
}

/** What was stored about accounts, by connector and account, in one statement. */
export async function loadAllSyncOptions(
  sql: Sql,
  accountIds: readonly AccountId[],
): Promise<ReadonlyMap<string, ReadonlyMap<AccountId, SyncValues>>> {
  const rows = await sql.many<{ connector: string; accountId: AccountId; options: SyncValues }>`
    select connector, account_id, options from sync_options where account_id = any (${[...accountIds]}::uuid[])`
  const byConnector = [...Map.groupBy(rows, ({ connector }) => connector)]
  return new Map(
    byConnector.map(([code, own]) => [code, new Map(own.map((row) => [row.accountId, row.options]))]),
  )
}

/** The same of one account; empty where nothing was stored. */
export async function findSyncOptions(
  sql: Sql,
  accountId: AccountId,
  connector: string,
): Promise<SyncValues> {
  return (await loadSyncOptions(sql, [accountId], connector)).get(accountId) ?? {}
}

/** Adds to what is stored; options that are not named keep their values. */
export async function saveSyncOptions(
  tx: Tx,
  accountId: AccountId,
  connector: string,
  values: SyncValues,
  at: Temporal.Instant,
): Promise<void> {
  await tx.run`
    insert into sync_options (account_id, connector, options, updated_at)
    values (${accountId}, ${connector}, ${values}::jsonb, ${at})
    on conflict (account_id, connector)
    do update set options = sync_options.options || excluded.options, updated_at = excluded.updated_at`
}

type Row = Omit<
  SyncStatus,
  'reason' | 'reasonCode' | 'synchronizedAt' | 'vendorAccountId' | 'callId' | 'link'
> & {
  readonly reason: string | null
  readonly reasonCode: string | null
  readonly vendorAccountId: string | null
  readonly callId: string | null
  readonly link: string | null
  readonly synchronizedAt: Temporal.Instant | null
}

const columns = (sql: Sql) => sql.part`
  account_id, instance_id, state, external_id, reason, reason_code, synchronized_at, updated_at, vendor_account_id, call_id, link`

function statusOf(row: Row): SyncStatus {
  return {
    ...row,
    reason: row.reason ?? undefined,
    reasonCode: row.reasonCode ?? undefined,
    synchronizedAt: row.synchronizedAt ?? undefined,
    vendorAccountId: row.vendorAccountId ?? undefined,
    callId: row.callId ?? undefined,
    link: row.link ?? undefined,
  }
}

/** Statuses of several accounts, in several instances or in all, in one statement. */
export async function loadSyncStatuses(
  sql: Sql,
  accountIds: readonly AccountId[],
  instanceIds?: readonly InstanceId[],
): Promise<SyncStatus[]> {
  const rows = await sql.many<Row>`
    select ${columns(sql)} from sync_status
    where account_id = any (${[...accountIds]}::uuid[])
      and ${instanceIds ? sql.part`instance_id = any (${[...instanceIds]}::uuid[])` : sql.part`true`}
    order by account_id, instance_id`
  return rows.map(statusOf)
}

export async function findSyncStatus(
  sql: Sql,
  accountId: AccountId,
  instanceId: InstanceId,
): Promise<SyncStatus | undefined> {
  return (await loadSyncStatuses(sql, [accountId], [instanceId]))[0]
}

export type SyncPair = { readonly accountId: AccountId; readonly instanceId: InstanceId }

/**
 * Says that pairs are about to be synchronized, in one statement, and answers those it marked. A pair seen the first time gets
 * its external id here; one that has an external id keeps it for ever. Without `again`, a pair that is synchronized or being
 * synchronized stays as it is.
 */
export async function markSynchronizing(
  tx: Tx,
  pairs: readonly SyncPair[],
  at: Temporal.Instant,
  options: { readonly again?: boolean } = {},
): Promise<SyncStatus[]> {
  if (pairs.length === 0) return []
  // Each once: orders placed together share their reseller. Sorted, so that two transactions lock the same rows in the same order.
  const distinct = new Map(pairs.map((pair) => [pair.accountId + pair.instanceId, pair]))
  const sorted = [...distinct.values()].sort((a, b) =>
    a.accountId + a.instanceId < b.accountId + b.instanceId ? -1 : 1,
  )
  const rows = await tx.many<Row>`
    insert into sync_status (account_id, instance_id, state, external_id, updated_at)
    select account_id, instance_id, 'synchronizing', external_id, ${at}::timestamptz
    from unnest(${sorted.map((pair) => pair.accountId)}::uuid[], ${sorted.map((pair) => pair.instanceId)}::uuid[],
      ${sorted.map(() => newId<InstanceId>())}::uuid[]) as wanted (account_id, instance_id, external_id)
    on conflict (account_id, instance_id) do update
    set state = 'synchronizing', reason = null, reason_code = null, updated_at = excluded.updated_at
    where ${options.again ?? false} or sync_status.state in ('unsynchronised', 'failed')
    returning sync_status.account_id, sync_status.instance_id, sync_status.state, sync_status.external_id, sync_status.reason,
      sync_status.reason_code, sync_status.synchronized_at, sync_status.updated_at, sync_status.vendor_account_id, sync_status.call_id, sync_status.link`
  return rows.map(statusOf)
}

/** Saves how a synchronization went; the external id stays. */
export async function saveSyncStatus(
  tx: Tx,
  status: SyncPair & {
    readonly state: SyncStatus['state']
    readonly reason?: string | undefined
    readonly reasonCode?: string | undefined
    readonly vendorAccountId?: string | undefined
    readonly link?: string | undefined
  },
  at: Temporal.Instant,
): Promise<void> {
  await tx.run`
    update sync_status set state = ${status.state}, reason = ${status.reason ?? null}, reason_code = ${status.reasonCode ?? null},
      updated_at = ${at}, call_id = null,
      vendor_account_id = coalesce(${status.vendorAccountId ?? null}, vendor_account_id), link = ${status.link ?? null},
      synchronized_at = case when ${status.state} = 'synchronized' then ${at}::timestamptz else synchronized_at end
    where account_id = ${status.accountId} and instance_id = ${status.instanceId}`
}

/** The idempotency id for the next call about a pair: the stored one while its fate is unknown, else the one given, stored first. */
export async function takeCallId(tx: Tx, pair: SyncPair, fresh: string): Promise<string> {
  const row = await tx.maybe<{ callId: string }>`
    update sync_status set call_id = coalesce(call_id, ${fresh}::uuid)
    where account_id = ${pair.accountId} and instance_id = ${pair.instanceId} returning call_id`
  return row?.callId ?? fresh
}

/**
 * What vendors know about an account that is given up for another. An identity at an instance that does not know the other yet becomes the
 * other's, and so do options of a connector it has none of. Where both are known the vendor keeps both: the identity stays with the old
 * account, for what lives under it. Answers the instances whose identity moved.
 */
export async function mergeSync(tx: Tx, from: AccountId, into: AccountId): Promise<InstanceId[]> {
  await tx.run`
    update sync_options set account_id = ${into} where account_id = ${from}
      and not exists (select 1 from sync_options other where other.account_id = ${into} and other.connector = sync_options.connector)`
  const moved = await tx.many<{ instanceId: InstanceId }>`
    update sync_status set account_id = ${into} where account_id = ${from}
      and not exists (select 1 from sync_status other where other.account_id = ${into} and other.instance_id = sync_status.instance_id)
    returning instance_id`
  return moved.map(({ instanceId }) => instanceId)
}
