// Makes vendors know an account (E9): it is marked and a job enqueued for every active instance of the connector; the job
// asks the vendor outside any transaction and saves the answer. The external id was stored before the vendor is asked, and
// stays the same however often that happens.
import { Outage, Refusal } from '#kernel/failure.ts'
import { type AccountId, type InstanceId, newId } from '#kernel/ids.ts'
import {
  type Account,
  applyingOptions,
  effectiveOptions,
  findSyncOptions,
  findSyncStatus,
  holdAccounts,
  loadAccount,
  loadSyncOptions,
  loadSyncStatuses,
  markSynchronizing,
  missingOptions,
  type SyncStatus,
  type SyncValues,
  saveSyncStatus,
  takeCallId,
} from '#modules/accounts'
import type { LicenceVendor } from '#modules/assets'
import { recordAudit } from '#modules/audit'
import { listActiveInstances, loadInstance } from '#modules/instances'
import type { SubscriptionVendor } from '#modules/subscriptions'
import { type Actor, assertMay, scopeOf } from '#modules/users'
import { reading, sellerScope, type Tx, transaction } from '#platform/db.ts'
import { enqueue, type JobMeta, job } from '#platform/jobs.ts'
import type { App, Connector } from '../app.ts'
import { openAny } from '../provisioning/open-vendor.ts'
import { connectorOf } from './save-sync-options.ts'

/** Then it is said to have failed, and somebody may press the button again. */
const TRIES = 5

export const synchronizeAccount = job<App, { accountId: AccountId; instanceId: InstanceId }>(
  'synchronize-account',
  askVendor,
  { retryLimit: TRIES - 1, expireInSeconds: 120 },
)

/**
 * Marks accounts and enqueues their jobs inside a transaction, in as many statements for many accounts as for one. Those
 * that are synchronized already, or being synchronized, are left alone unless `again`.
 */
export async function startSynchronizing(
  tx: Tx,
  app: Pick<App, 'now'>,
  accountIds: readonly AccountId[],
  instances: readonly { readonly id: InstanceId }[],
  options: { readonly again?: boolean } = {},
): Promise<SyncStatus[]> {
  const pairs = accountIds.flatMap((accountId) => instances.map(({ id }) => ({ accountId, instanceId: id })))
  const marked = await markSynchronizing(tx, pairs, app.now(), options)
  await enqueue(
    tx,
    synchronizeAccount,
    marked.map(({ accountId, instanceId }) => ({ accountId, instanceId })),
  )
  return marked
}

/** What the vendor needs; options the Storefront asks for are ours, and are asked for with the first purchase (E5). */
function assertComplete(
  connector: Connector,
  account: Account,
  stored: Readonly<Record<string, string>>,
): void {
  const needed = applyingOptions(connector.syncOptions, account).filter((option) => !option.isInStorefront)
  const missing = missingOptions(needed, effectiveOptions(needed, stored, account))
  if (missing.length === 0) return
  const names = missing.map((option) => option.name).join(', ')
  throw new Refusal(
    'sync/options-missing',
    `Fill in the sync options first: ${names}.`,
    { connector: connector.code, missing: missing.map((option) => option.id) },
    missing.map((option) => ({
      pointer: `/${option.id}`,
      code: 'required',
      message: `${option.name} is needed.`,
    })),
  )
}

/** "Save & Synchronize", after the saving: asks every active instance of the connector, also those that know the account. */
export async function synchronizeWithConnector(
  app: Pick<App, 'db' | 'now' | 'connectors'>,
  actor: Actor,
  input: { readonly accountId: AccountId; readonly connector: string },
): Promise<SyncStatus[]> {
  assertMay(actor, actor.kind === 'portal' ? 'manage-customers' : 'manage-accounts')
  const connector = connectorOf(app, input.connector)
  const { code, name } = connector
  return transaction(app.db, scopeOf(actor), async (tx) => {
    const account = await loadAccount(tx, input.accountId)
    await holdAccounts(tx, [account.id])
    const stored = await loadSyncOptions(tx, [account.id], code)
    assertComplete(connector, account, stored.get(account.id) ?? {})
    const instances = await listActiveInstances(tx, code)
    if (instances.length === 0)
      throw new Refusal(
        'sync/no-instance',
        `${name} has no active instance yet. Set one up under Applications Setup.`,
      )
    await startSynchronizing(tx, app, [account.id], instances, { again: true })
    await recordAudit(tx, {
      at: app.now(),
      actor,
      action: 'account/synchronize',
      subjectType: 'account',
      subjectId: account.id,
      accountId: account.id,
      after: { connector: code, instances: instances.map((each) => each.systemName) },
    })
    return loadSyncStatuses(
      tx,
      [account.id],
      instances.map((each) => each.id),
    )
  })
}

type Outcome =
  | { readonly state: 'synchronized'; readonly vendorAccountId?: string | undefined }
  | {
      readonly state: 'failed'
      readonly reason: string
      readonly reasonCode?: string | undefined
      readonly link?: string | undefined
    }

async function askVendor(
  app: App,
  data: { accountId: AccountId; instanceId: InstanceId },
  meta: JobMeta,
): Promise<void> {
  const { accountId, instanceId } = data
  const known = await reading(app.db, sellerScope, async (sql) => {
    const status = await findSyncStatus(sql, accountId, instanceId)
    if (status?.state !== 'synchronizing') return undefined
    const instance = await loadInstance(sql, instanceId)
    const account = await loadAccount(sql, accountId)
    return { status, instance, account, stored: await findSyncOptions(sql, accountId, instance.connector) }
  })
  if (!known) return
  const { status, instance, account, stored } = known
  const outcome: Outcome =
    instance.keySource === 'pool'
      ? { state: 'synchronized' }
      : await tell(app, { status, account, stored, code: instance.connector }, meta)
  await transaction(app.db, sellerScope, (tx) =>
    saveSyncStatus(tx, { accountId, instanceId, ...outcome }, app.now()),
  )
}

/** Asks the vendor; an outage is thrown for another try, and believed after the last one. */
async function tell(
  app: App,
  known: { status: SyncStatus; account: Account; stored: Readonly<Record<string, string>>; code: string },
  meta: JobMeta,
): Promise<Outcome> {
  const { status, account, stored } = known
  const { syncOptions } = connectorOf(app, known.code)
  const options = effectiveOptions(applyingOptions(syncOptions, account), stored, account)
  try {
    const opened = await openAny(app, status.instanceId)
    return opened.sells === 'licences'
      ? await tellLicenceVendor(opened.vendor, status, account, options)
      : await tellSubscriptionVendor(app, opened.vendor, status, account, options, known.code)
  } catch (error) {
    if (error instanceof Refusal) return { state: 'failed', reason: error.message, reasonCode: error.code }
    if (!meta.isLastTry) throw error
    if (!(error instanceof Outage)) {
      app.log.error({ err: error, accountId: account.id }, 'an account could not be synchronized')
      return { state: 'failed', reason: 'Something broke on our side. It has been logged.' }
    }
    return {
      state: 'failed',
      reason: `${error.message} It was tried ${TRIES} times; please try again later.`,
    }
  }
}

async function tellLicenceVendor(
  vendor: LicenceVendor,
  status: SyncStatus,
  account: Account,
  options: SyncValues,
): Promise<Outcome> {
  const answer = await vendor.syncAccount({
    externalId: status.externalId,
    requestId: newId(),
    role: options['role'] === 'Reseller' ? 'Reseller' : 'User',
    parentAccount: options['parentAccount'] ?? '',
    name: account.name,
    email: options['email'] || account.email,
    country: account.country,
  })
  return answer.outcome === 'synchronized'
    ? { state: 'synchronized' }
    : { state: 'failed', reason: answer.reason, reasonCode: answer.code }
}

/** The call's id is stored before it, and sent again while nobody knows whether the call before it arrived. */
async function tellSubscriptionVendor(
  app: App,
  vendor: SubscriptionVendor,
  status: SyncStatus,
  account: Account,
  options: SyncValues,
  connector: string,
): Promise<Outcome> {
  const callId = await transaction(app.db, sellerScope, (tx) => takeCallId(tx, status, newId()))
  const { parentId } = account
  const ofReseller = parentId
    ? await reading(app.db, sellerScope, (sql) => findSyncOptions(sql, parentId, connector))
    : {}
  const answer = await vendor.syncCustomer({
    externalId: status.externalId,
    callId,
    vendorAccountId: status.vendorAccountId,
    role: options['role'] === 'Reseller' ? 'Reseller' : 'User',
    name: account.name,
    firstName: account.contactFirstName,
    lastName: account.contactLastName,
    email: account.email,
    phone: account.phone,
    addressLine1: account.addressLine1,
    addressLine2: account.addressLine2,
    city: account.city,
    region: account.region,
    postalCode: account.postalCode,
    country: account.country,
    language: account.language,
    vatNumber: account.vatNumber,
    options,
    resellerPartnerId: ofReseller['partnerId'] || undefined,
  })
  switch (answer.outcome) {
    case 'synchronized':
      return { state: 'synchronized', vendorAccountId: answer.vendorAccountId }
    case 'waiting':
      return { state: 'failed', reason: answer.reason, reasonCode: answer.code, link: answer.link }
    case 'refused':
      return { state: 'failed', reason: answer.reason, reasonCode: answer.code }
  }
}
