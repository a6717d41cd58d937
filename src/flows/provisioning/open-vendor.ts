// From an instance's id to somebody who sells. An opened vendor is kept while its settings stay the same, because it holds the sign-in
// token; credentials are read only to open it.

import { invariant } from '#kernel/failure.ts'
import type { InstanceId } from '#kernel/ids.ts'
import { type LicenceVendor, poolVendor } from '#modules/assets'
import { findPlanBySku } from '#modules/catalogue'
import {
  type ConnectorSettings,
  type Instance,
  loadInstance,
  loadInstanceCredentials,
  loadInstanceSecrets,
  type SecretKeeper,
  saveInstanceSecrets,
} from '#modules/instances'
import type { PriceSheetSource } from '#modules/price-sheets'
import type { SubscriptionVendor } from '#modules/subscriptions'
import { reading, sellerScope, transaction } from '#platform/db.ts'
import type { App, Connector } from '../app.ts'

type Needs = Pick<App, 'db' | 'now' | 'secrets' | 'connectors'>
type Vendor =
  | { readonly sells: 'licences'; readonly vendor: LicenceVendor }
  | { readonly sells: 'subscriptions'; readonly vendor: SubscriptionVendor & PriceSheetSource }

const opened = new WeakMap<readonly Connector[], Map<InstanceId, { settings: string; vendor: Vendor }>>()

function settingsOf(instance: Instance): string {
  return JSON.stringify([
    instance.connector,
    instance.connection,
    instance.more,
    instance.market,
    instance.certificate?.thumbprint,
    instance.updatedAt,
  ])
}

/** Somebody who makes licences. */
export async function openVendor(app: Needs, instanceId: InstanceId): Promise<LicenceVendor> {
  const found = await openAny(app, instanceId)
  invariant(found.sells === 'licences', 'an instance that sells licences')
  return found.vendor
}

/** Somebody who makes subscriptions and publishes their prices. */
export async function openSubscriptionVendor(
  app: Needs,
  instanceId: InstanceId,
): Promise<SubscriptionVendor & PriceSheetSource> {
  const found = await openAny(app, instanceId)
  invariant(found.sells === 'subscriptions', 'an instance that sells subscriptions')
  return found.vendor
}

export async function openAny(app: Needs, instanceId: InstanceId): Promise<Vendor> {
  const instance = await reading(app.db, sellerScope, (sql) => loadInstance(sql, instanceId))
  if (instance.keySource === 'pool') return { sells: 'licences', vendor: openPool(app, instanceId) }

  let kept = opened.get(app.connectors)
  if (!kept) opened.set(app.connectors, (kept = new Map()))
  const settings = settingsOf(instance)
  const before = kept.get(instanceId)
  if (before?.settings === settings) return before.vendor

  const connector = app.connectors.find((each) => each.code === instance.connector)
  invariant(connector, `a connector named ${instance.connector}`)
  const vendor = open(connector, await settingsInClear(app, instance), keeperOf(app, instanceId))
  kept.set(instanceId, { settings, vendor })
  return vendor
}

function open(connector: Connector, settings: ConnectorSettings, keeper: SecretKeeper): Vendor {
  return connector.sells === 'licences'
    ? { sells: 'licences', vendor: connector.open(settings, keeper) }
    : { sells: 'subscriptions', vendor: connector.open(settings, keeper) }
}

function openPool(app: Needs, instanceId: InstanceId): LicenceVendor {
  return poolVendor(app.db, app.secrets, {
    now: app.now,
    planOf: async (sql, sku) => (await findPlanBySku(sql, instanceId, sku))?.id,
  })
}

async function settingsInClear(app: Needs, instance: Instance): Promise<ConnectorSettings> {
  const { credentials, secrets } = await reading(app.db, sellerScope, async (sql) => ({
    credentials: await loadInstanceCredentials(sql, app.secrets, instance.id),
    secrets: await loadInstanceSecrets(sql, app.secrets, instance.id),
  }))
  const { certificate, market } = instance
  return {
    id: instance.id,
    systemName: instance.systemName,
    ...instance.connection,
    more: instance.more,
    secrets,
    country: market?.country ?? '',
    language: market?.language ?? '',
    currency: market?.currency ?? '',
    certificate:
      credentials && certificate ? { ...credentials, thumbprint: certificate.thumbprint } : undefined,
  }
}

/** Secrets that change by themselves are stored at once, whatever the call they came with becomes. */
function keeperOf(app: Needs, id: InstanceId): SecretKeeper {
  return {
    read: async (name) =>
      (await reading(app.db, sellerScope, (sql) => loadInstanceSecrets(sql, app.secrets, id)))[name],
    save: (name, value) =>
      transaction(app.db, sellerScope, (tx) => saveInstanceSecrets(tx, app.secrets, id, { [name]: value })),
  }
}
