// What executing orders causes, inside the caller's transaction: an asset for every licence, and the work that gives each its key.
// Where the vendor does not know an account yet, that comes first and the licences follow it. Three statements in one trip at the
// most, whatever the number of lines.
import { newId } from '#kernel/ids.ts'
import { type Account, markSynchronizing, type SyncStatus } from '#modules/accounts'
import { insertAssets, type NewAsset } from '#modules/assets'
import type { Offer } from '#modules/catalogue'
import type { Order, OrderItem } from '#modules/orders'
import type { Tx } from '#platform/db.ts'
import { enqueueRuns, runsOf } from '#platform/jobs.ts'
import type { App } from '../app.ts'
import { settleOrder } from '../invoicing/settle-order.ts'
import { prepareOrder } from '../provisioning/prepare-order.ts'
import { provisionLicence } from '../provisioning/provision-licence.ts'
import { accountsOf } from './accounts-of.ts'

export type OrderInMotion = { readonly order: Omit<Order, 'number'>; readonly items: readonly OrderItem[] }

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

/** `statuses` tell which vendor knows which of the orders' accounts. */
export async function setInMotion(
  tx: Tx,
  app: Pick<App, 'now'>,
  orders: readonly OrderInMotion[],
  offers: ReadonlyMap<string, Pick<Offer, 'isReturnable'>>,
  statuses: readonly SyncStatus[],
): Promise<void> {
  const at = app.now()
  const assets = orders.flatMap((each) => assetsFor(each, offers, at))
  const isKnown = (accountId: string, instanceId: string) =>
    statuses.some(
      (status) =>
        status.accountId === accountId && status.instanceId === instanceId && status.state === 'synchronized',
    )
  const unknown = orders.flatMap(({ order, items }) =>
    accountsOf(order).flatMap((accountId) =>
      [...new Set(items.map((item) => item.instanceId))]
        .filter((instanceId) => !isKnown(accountId, instanceId))
        .map((instanceId) => ({ accountId, instanceId })),
    ),
  )
  const waiting = new Set(
    orders
      .filter(({ order }) => unknown.some((pair) => accountsOf(order).includes(pair.accountId)))
      .map(({ order }) => order.id),
  )
  const ready = assets.filter((asset) => !waiting.has(asset.orderId))
  await Promise.all([
    insertAssets(tx, assets),
    markSynchronizing(tx, unknown, at),
    enqueueRuns(tx, [
      ...runsOf(
        prepareOrder,
        [...waiting].map((orderId) => ({ orderId })),
      ),
      ...runsOf(
        provisionLicence,
        ready.map((asset) => ({ assetId: asset.id })),
      ),
      ...orders.flatMap(({ order }) =>
        runsOf(settleOrder, [{ orderId: order.id }], { startAfter: order.settleBy }),
      ),
    ]),
  ])
}

/** Over its credit limit an account's order waits for the seller (product.md section 7). */
export function isOverCredit(
  payer: Pick<Account, 'creditLimitMinor'>,
  owedMinor: bigint,
  newMinor: bigint,
): boolean {
  return payer.creditLimitMinor !== undefined && owedMinor + newMinor > payer.creditLimitMinor
}
