// From an instance's id to somebody who makes licences. An opened vendor is kept while its settings stay the same, because it
// holds the sign-in token; credentials are read only to open it.

import { invariant } from '#kernel/failure.ts'
import type { InstanceId } from '#kernel/ids.ts'
import { type LicenceVendor, poolVendor } from '#modules/assets'
import { findPlanBySku } from '#modules/catalogue'
import { type Instance, loadInstance, loadInstanceCredentials } from '#modules/instances'
import { reading, sellerScope } from '#platform/db.ts'
import type { App, Connector } from '../app.ts'

type Opened = { readonly settings: string; readonly vendor: LicenceVendor }

const opened = new WeakMap<readonly Connector[], Map<InstanceId, Opened>>()

function settingsOf(instance: Instance): string {
  return JSON.stringify([
    instance.connector,
    instance.connection,
    instance.market,
    instance.certificate?.thumbprint,
    instance.updatedAt,
  ])
}

export async function openVendor(
  app: Pick<App, 'db' | 'now' | 'secrets' | 'connectors'>,
  instanceId: InstanceId,
): Promise<LicenceVendor> {
  const instance = await reading(app.db, sellerScope, (sql) => loadInstance(sql, instanceId))
  if (instance.keySource === 'pool')
    return poolVendor(app.db, app.secrets, {
      now: app.now,
      planOf: async (sql, sku) => (await findPlanBySku(sql, instanceId, sku))?.id,
    })

  let kept = opened.get(app.connectors)
  if (!kept) opened.set(app.connectors, (kept = new Map()))
  const settings = settingsOf(instance)
  const before = kept.get(instanceId)
  if (before?.settings === settings) return before.vendor

  const connector = app.connectors.find((each) => each.code === instance.connector)
  invariant(connector, `a connector named ${instance.connector}`)
  const credentials = await reading(app.db, sellerScope, (sql) =>
    loadInstanceCredentials(sql, app.secrets, instanceId),
  )
  const { certificate, market } = instance
  const vendor = connector.open({
    id: instance.id,
    systemName: instance.systemName,
    ...instance.connection,
    country: market?.country ?? '',
    language: market?.language ?? '',
    currency: market?.currency ?? '',
    certificate:
      credentials && certificate ? { ...credentials, thumbprint: certificate.thumbprint } : undefined,
  })
  kept.set(instanceId, { settings, vendor })
  return vendor
}
