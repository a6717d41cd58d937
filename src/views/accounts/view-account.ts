// One account with what belongs to it: its reseller, its people, what every vendor knows about it, and how much it has.
import { Refusal } from '#kernel/failure.ts'
import { type AccountId, type InstanceId, isId } from '#kernel/ids.ts'
import {
  type Account,
  effectiveOptions,
  loadAccount,
  loadSyncOptions,
  loadSyncStatuses,
  missingOptions,
  type SyncOption,
  type SyncState,
  type SyncStatus,
  syncState,
} from '#modules/accounts'
import { type InstanceSummary, listActiveInstances } from '#modules/instances'
import { type Actor, assertMay, listUsers, scopeOf, type User } from '#modules/users'
import { type Database, reading, type Sql, type Tx } from '#platform/db.ts'

/** What a view needs to know of a connector. */
export type DescribedConnector = {
  readonly code: string
  readonly name: string
  readonly syncOptions: readonly SyncOption[]
}

export type ConnectorSync = {
  readonly connector: string
  readonly name: string
  readonly state: SyncState
  readonly options: readonly SyncOption[]
  /** What was stored; and what holds, presets included. */
  readonly stored: Readonly<Record<string, string>>
  readonly effective: Readonly<Record<string, string>>
  /** Required options without a value. */
  readonly missing: readonly SyncOption[]
  readonly instances: readonly {
    readonly id: InstanceId
    readonly systemName: string
    readonly country: string | undefined
    readonly state: SyncState
    readonly reason: string | undefined
    readonly externalId: string | undefined
    readonly synchronizedAt: Temporal.Instant | undefined
    readonly updatedAt: Temporal.Instant | undefined
  }[]
}

export type AccountView = {
  readonly account: Account
  readonly parent: { readonly id: AccountId; readonly number: string; readonly name: string } | undefined
  readonly users: readonly User[]
  readonly sync: readonly ConnectorSync[]
  readonly counts: {
    readonly customers: number
    readonly orders: number
    readonly assets: number
    readonly subscriptions: number
    readonly invoices: number
  }
}

/** For the seller's people; a portal sees itself and its customers, anybody else does not exist for it. */
export async function viewAccount(
  db: Database | Tx,
  connectors: readonly DescribedConnector[],
  actor: Actor,
  id: AccountId,
): Promise<AccountView> {
  if (actor.kind !== 'portal') assertMay(actor, 'see-accounts')
  return reading(db, scopeOf(actor), async (sql) => {
    const account = await loadKnown(sql, id)
    const sync: ConnectorSync[] = []
    for (const connector of connectors) sync.push(await connectorSync(sql, account, connector, actor))
    return {
      account,
      parent: await findParent(sql, account),
      users: await listUsers(sql, id),
      sync,
      counts: await counted(sql, id),
    }
  })
}

/** "Provisioning Sync Status" of one account and connector. */
export async function viewSync(
  db: Database | Tx,
  connector: DescribedConnector,
  actor: Actor,
  id: AccountId,
): Promise<ConnectorSync> {
  if (actor.kind !== 'portal') assertMay(actor, 'see-accounts')
  return reading(db, scopeOf(actor), async (sql) =>
    connectorSync(sql, await loadKnown(sql, id), connector, actor),
  )
}

/** An address may hold anything; what is no id belongs to nobody. */
function loadKnown(sql: Sql, id: AccountId): Promise<Account> {
  if (!isId(id)) throw new Refusal('account/not-found', 'This account does not exist.')
  return loadAccount(sql, id)
}

async function connectorSync(
  sql: Sql,
  account: Account,
  connector: DescribedConnector,
  actor: Actor,
): Promise<ConnectorSync> {
  const options =
    actor.kind === 'portal'
      ? connector.syncOptions.filter((option) => option.isInStorefront)
      : connector.syncOptions
  const all = (await loadSyncOptions(sql, [account.id], connector.code)).get(account.id) ?? {}
  const stored = Object.fromEntries(
    options.flatMap(({ id }) => (all[id] === undefined ? [] : [[id, all[id]]])),
  )
  const effective = effectiveOptions(options, stored, account)
  const instances = await listActiveInstances(sql, connector.code)
  const instanceIds = instances.map((instance) => instance.id)
  const statuses = await loadSyncStatuses(sql, [account.id], instanceIds)
  return {
    connector: connector.code,
    name: connector.name,
    state: syncState(statuses, instanceIds),
    options,
    stored,
    effective,
    missing: missingOptions(options, effective),
    instances: instances.map((instance) => instanceSync(instance, statuses)),
  }
}

function instanceSync(
  instance: InstanceSummary,
  statuses: readonly SyncStatus[],
): ConnectorSync['instances'][number] {
  const status = statuses.find((each) => each.instanceId === instance.id)
  return {
    id: instance.id,
    systemName: instance.systemName,
    country: instance.country ?? undefined,
    state: status?.state ?? 'unsynchronised',
    reason: status?.reason,
    externalId: status?.externalId,
    synchronizedAt: status?.synchronizedAt,
    updatedAt: status?.updatedAt,
  }
}

async function findParent(sql: Sql, account: Account): Promise<AccountView['parent']> {
  if (!account.parentId) return undefined
  return sql.maybe<{ id: AccountId; number: string; name: string }>`
    select id, number, name from account where id = ${account.parentId}`
}

async function counted(sql: Sql, id: AccountId): Promise<AccountView['counts']> {
  return sql.one<AccountView['counts']>`
    select (select count(*)::int from account where parent_id = ${id}) as customers,
      (select count(*)::int from sales_order where billing_to_id = ${id} or end_customer_id = ${id}) as orders,
      (select count(*)::int from asset where billing_to_id = ${id} or end_customer_id = ${id}) as assets,
      (select count(*)::int from subscription where billing_to_id = ${id} or end_customer_id = ${id}) as subscriptions,
      (select count(*)::int from invoice where billing_to_id = ${id} or end_customer_id = ${id}) as invoices`
}
