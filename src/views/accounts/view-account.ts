// One account with what belongs to it, by the parts of its page: its reseller, its people, what every vendor knows about it, and how
// much it has.
import { Refusal } from '#kernel/failure.ts'
import { type AccountId, type InstanceId, isId } from '#kernel/ids.ts'
import {
  type Account,
  type AccountBlock,
  applyingOptions,
  effectiveOptions,
  findBlock,
  loadAccount,
  loadAllSyncOptions,
  loadSyncStatuses,
  missingOptions,
  type SyncOption,
  type SyncState,
  type SyncStatus,
  type SyncValues,
  syncState,
} from '#modules/accounts'
import { type InstanceSummary, listAllActiveInstances } from '#modules/instances'
import { type Actor, type Invitation, listUsers, type User } from '#modules/users'
import type { Database, Sql, Tx } from '#platform/db.ts'
import { readableSyncReason } from '../readable.ts'
import { seeing } from './seeing.ts'

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

export type Parent = { readonly id: AccountId; readonly number: string; readonly name: string }

/** What every part of its page begins with. */
export type AccountHead = {
  readonly account: Account
  /** Its reseller. */
  readonly parent: Parent | undefined
  /** Why it is blocked, for the seller's people only. */
  readonly block: AccountBlock | undefined
}

export type AccountView = AccountHead & {
  readonly users: readonly (User & Invitation)[]
  readonly sync: readonly ConnectorSync[]
}

/** How much an account has. */
export type Belongings = {
  readonly customers: number
  readonly orders: number
  readonly assets: number
  readonly subscriptions: number
  readonly invoices: number
}

/** For the seller's people; a portal sees itself and its customers, anybody else does not exist for it. */
export async function viewAccountHead(db: Database | Tx, actor: Actor, id: AccountId): Promise<AccountHead> {
  return seeing(db, actor, (sql) => headOf(sql, actor, id))
}

/** With its people and what every vendor knows about it. */
export async function viewAccount(
  db: Database | Tx,
  connectors: readonly DescribedConnector[],
  actor: Actor,
  id: AccountId,
): Promise<AccountView> {
  return seeing(db, actor, async (sql) => {
    const head = await headOf(sql, actor, id)
    const [users, sync] = await Promise.all([
      listUsers(sql, id),
      connectorSyncs(sql, head.account, connectors, actor),
    ])
    return { ...head, users, sync }
  })
}

/** The people who sign in for it. */
export async function viewAccountUsers(
  db: Database | Tx,
  actor: Actor,
  id: AccountId,
): Promise<readonly (User & Invitation)[]> {
  return seeing(db, actor, async (sql) => (isId(id) ? listUsers(sql, id) : []))
}

/** "Provisioning Sync Status" of one account and every connector. */
export async function viewAccountSyncs(
  db: Database | Tx,
  connectors: readonly DescribedConnector[],
  actor: Actor,
  id: AccountId,
): Promise<readonly ConnectorSync[]> {
  return seeing(db, actor, async (sql) => connectorSyncs(sql, await loadKnown(sql, id), connectors, actor))
}

export async function viewBelongings(db: Database | Tx, actor: Actor, id: AccountId): Promise<Belongings> {
  return seeing(db, actor, (sql) => counted(sql, id))
}

async function headOf(sql: Sql, actor: Actor, id: AccountId): Promise<AccountHead> {
  const account = await loadKnown(sql, id)
  const isToldWhy = account.state === 'blocked' && actor.kind !== 'portal'
  const [parent, block] = await Promise.all([
    findParent(sql, account),
    isToldWhy ? findBlock(sql, account.id) : undefined,
  ])
  return { account, parent, block }
}

/** "Provisioning Sync Status" of one account and connector. */
export async function viewSync(
  db: Database | Tx,
  connector: DescribedConnector,
  actor: Actor,
  id: AccountId,
): Promise<ConnectorSync> {
  return seeing(db, actor, async (sql) => {
    const [sync] = await connectorSyncs(sql, await loadKnown(sql, id), [connector], actor)
    return sync as ConnectorSync
  })
}

/** An address may hold anything; what is no id belongs to nobody. */
export function loadKnown(sql: Sql, id: AccountId): Promise<Account> {
  if (!isId(id)) throw new Refusal('account/not-found', 'This account does not exist.')
  return loadAccount(sql, id)
}

/** Three statements at once, however many connectors there are. */
async function connectorSyncs(
  sql: Sql,
  account: Account,
  connectors: readonly DescribedConnector[],
  actor: Actor,
): Promise<ConnectorSync[]> {
  if (connectors.length === 0) return []
  const [stored, instances, statuses] = await Promise.all([
    loadAllSyncOptions(sql, [account.id]),
    listAllActiveInstances(sql),
    loadSyncStatuses(sql, [account.id]),
  ])
  return connectors.map((connector) => {
    const known = stored.get(connector.code)?.get(account.id) ?? {}
    const own = instances.filter(({ connector: code }) => code === connector.code)
    return connectorSync(connector, account, actor, { known, instances: own, statuses })
  })
}

function connectorSync(
  connector: DescribedConnector,
  account: Account,
  actor: Actor,
  {
    known,
    instances,
    statuses,
  }: {
    readonly known: SyncValues
    readonly instances: readonly InstanceSummary[]
    readonly statuses: readonly SyncStatus[]
  },
): ConnectorSync {
  const options = applyingOptions(connector.syncOptions, account).filter(
    (option) => actor.kind !== 'portal' || option.isInStorefront,
  )
  const stored = Object.fromEntries(
    options.flatMap(({ id }) => (known[id] === undefined ? [] : [[id, known[id]]])),
  )
  const effective = effectiveOptions(options, stored, account)
  return {
    connector: connector.code,
    name: connector.name,
    state: syncState(
      statuses,
      instances.map(({ id }) => id),
    ),
    options,
    stored,
    effective,
    missing: missingOptions(options, effective),
    instances: instances.map((instance) => instanceSync(instance, actor, statuses)),
  }
}

function instanceSync(
  instance: InstanceSummary,
  actor: Actor,
  statuses: readonly SyncStatus[],
): ConnectorSync['instances'][number] {
  const status = statuses.find((each) => each.instanceId === instance.id)
  return {
    id: instance.id,
    systemName: instance.systemName,
    country: instance.country ?? undefined,
    state: status?.state ?? 'unsynchronised',
    reason: readableSyncReason(actor, status),
    externalId: status?.externalId,
    synchronizedAt: status?.synchronizedAt,
    updatedAt: status?.updatedAt,
  }
}

async function findParent(sql: Sql, account: Account): Promise<Parent | undefined> {
  if (!account.parentId) return undefined
  return sql.maybe<Parent>`
    select id, number, name from account where id = ${account.parentId}`
}

async function counted(sql: Sql, id: AccountId): Promise<Belongings> {
  return sql.one<Belongings>`
    select (select count(*)::int from account where parent_id = ${id}) as customers,
      (select count(*)::int from sales_order where billing_to_id = ${id} or end_customer_id = ${id}) as orders,
      (select count(*)::int from asset where billing_to_id = ${id} or end_customer_id = ${id}) as assets,
      (select count(*)::int from subscription where billing_to_id = ${id} or end_customer_id = ${id}) as subscriptions,
      (select count(*)::int from invoice where billing_to_id = ${id} or end_customer_id = ${id}) as invoices`
}
