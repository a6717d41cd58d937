// What executing orders causes, inside the caller's transaction: an asset for every licence, and the work that gives each its key.
// Where the vendor does not know an account yet, that comes first and the licences follow it. Two statements and two enqueues,
// whatever the number of lines.
import { newId } from '#kernel/ids.ts'
import { type Account, loadSyncStatuses, markSynchronizing } from '#modules/accounts'
import { insertAssets, type NewAsset } from '#modules/assets'
import type { Offer } from '#modules/catalogue'
import type { Order, OrderItem } from '#modules/orders'
import type { Tx } from '#platform/db.ts'
import { enqueue } from '#platform/jobs.ts'
import type { App } from '../app.ts'
import { settleOrder } from '../invoicing/settle-order.ts'
import { prepareOrder } from '../provisioning/prepare-order.ts'
import { provisionLicence } from '../provisioning/provision-licence.ts'
import { accountsOf } from './accounts-of.ts'

export type OrderInMotion = { readonly order: Order; readonly items: readonly OrderItem[] }

export function assetsFor(
  { order, items }: OrderInMotion,
  offers: ReadonlyMap<string, Pick<Offer, 'isReturnable'>>,
  at: Temporal.Instant,
): NewAsset[] {
  return items.map((item) => ({
    id: newId(),
    orderId: order.id,
    orderItemId: item.id,
    billingToId: order.billingToId,
    endCustomerId: order.endCustomerId,
    productId: item.productId,
    planId: item.planId,
    instanceId: item.instanceId,
    name: item.name,
    sku: item.sku,
    price: item.net,
    purchasedAt: at,
    isReturnable: offers.get(item.planId)?.isReturnable ?? false,
    transactionId: newId(),
  }))
}

export async function setInMotion(
  tx: Tx,
  app: Pick<App, 'now'>,
  orders: readonly OrderInMotion[],
  offers: ReadonlyMap<string, Pick<Offer, 'isReturnable'>>,
): Promise<void> {
  const at = app.now()
  const assets = orders.flatMap((each) => assetsFor(each, offers, at))
  await insertAssets(tx, assets)

  const pairs = orders.flatMap(({ order, items }) =>
    accountsOf(order).flatMap((accountId) =>
      [...new Set(items.map((item) => item.instanceId))].map((instanceId) => ({ accountId, instanceId })),
    ),
  )
  const statuses = await loadSyncStatuses(
    tx,
    pairs.map((pair) => pair.accountId),
    pairs.map((pair) => pair.instanceId),
  )
  const isKnown = (accountId: string, instanceId: string) =>
    statuses.some(
      (status) =>
        status.accountId === accountId && status.instanceId === instanceId && status.state === 'synchronized',
    )
  const unknown = pairs.filter((pair) => !isKnown(pair.accountId, pair.instanceId))
  if (unknown.length > 0) await markSynchronizing(tx, unknown, at)

  const waiting = new Set(
    orders
      .filter(({ order }) => unknown.some((pair) => accountsOf(order).includes(pair.accountId)))
      .map(({ order }) => order.id),
  )
  await enqueue(
    tx,
    prepareOrder,
    [...waiting].map((orderId) => ({ orderId })),
  )
  await enqueue(
    tx,
    provisionLicence,
    assets.filter((asset) => !waiting.has(asset.orderId)).map((asset) => ({ assetId: asset.id })),
  )
  const deadline = orders[0]?.order.settleBy
  await enqueue(
    tx,
    settleOrder,
    orders.map(({ order }) => ({ orderId: order.id })),
    deadline ? { startAfter: deadline } : {},
  )
}

/** Over its credit limit an account's order waits for the seller (product.md section 7). */
export function isOverCredit(
  payer: Pick<Account, 'creditLimitMinor'>,
  owedMinor: bigint,
  newMinor: bigint,
): boolean {
  return payer.creditLimitMinor !== undefined && owedMinor + newMinor > payer.creditLimitMinor
}
