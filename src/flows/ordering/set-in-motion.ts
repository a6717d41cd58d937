// What executing orders causes, inside the caller's transaction: an asset for every ESD licence, a subscription for every line of
// software, and the work that gets each from its vendor. Where a vendor does not know an account yet, that comes first and what was
// bought follows it. Four statements in one trip at the most, whatever the number of lines.
import { invariant } from '#kernel/failure.ts'
import { newId } from '#kernel/ids.ts'
import { softwareSku } from '#kernel/software-sku.ts'
import { markSynchronizing, type SyncStatus } from '#modules/accounts'
import { insertAssets, type NewAsset } from '#modules/assets'
import type { Offer } from '#modules/catalogue'
import type { Order, OrderItem } from '#modules/orders'
import { insertSubscriptions, type NewSubscription } from '#modules/subscriptions'
import type { Tx } from '#platform/db.ts'
import { enqueueRuns, runsOf } from '#platform/jobs.ts'
import type { App } from '../app.ts'
import { settleOrder } from '../invoicing/settle-order.ts'
import { prepareOrder } from '../provisioning/prepare-order.ts'
import { provisionLicence } from '../provisioning/provision-licence.ts'
import { provisionSubscription } from '../provisioning/provision-subscription.ts'
import { accountsOf } from './accounts-of.ts'

export type OrderInMotion = { readonly order: Omit<Order, 'number'>; readonly items: readonly OrderItem[] }

type Offers = ReadonlyMap<string, Pick<Offer, 'isReturnable' | 'kind' | 'software'>>

/** One for each ESD licence. */
export function assetsFor({ order, items }: OrderInMotion, offers: Offers, at: Temporal.Instant): NewAsset[] {
  const licences = items.filter((item) => offers.get(item.planId)?.software === undefined)
  return licences.map((item) => ({
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

/** One for each line of software, with the quantity of the line. */
export function subscriptionsFor(
  { order, items }: OrderInMotion,
  offers: Offers,
  at: Temporal.Instant,
): NewSubscription[] {
  return items.flatMap((item): NewSubscription[] => {
    const offer = offers.get(item.planId)
    if (!offer?.software || offer.kind === 'esd') return []
    invariant(item.pricing, 'software has the full explanation of its price')
    return [
      {
        id: newId(),
        orderId: order.id,
        orderItemId: item.id,
        billingToId: order.billingToId,
        endCustomerId: order.endCustomerId,
        productId: item.productId,
        planId: item.planId,
        instanceId: item.instanceId,
        kind: offer.kind,
        name: item.name,
        sku: softwareSku(offer.software),
        term: offer.software.term,
        billingPlan: offer.software.billingPlan,
        quantity: item.quantity,
        unitPrice: item.unitPrice,
        net: item.net,
        taxBasisPoints: item.taxBasisPoints,
        taxCategory: item.taxCategory,
        taxNote: order.taxNote,
        explanation: item.explanation,
        pricing: item.pricing,
        purchasedAt: at,
      },
    ]
  })
}

/** `statuses` tell which vendor knows which of the orders' accounts. */
export async function setInMotion(
  tx: Tx,
  app: Pick<App, 'now'>,
  orders: readonly OrderInMotion[],
  offers: Offers,
  statuses: readonly SyncStatus[],
): Promise<void> {
  const at = app.now()
  const assets = orders.flatMap((each) => assetsFor(each, offers, at))
  const subscriptions = orders.flatMap((each) => subscriptionsFor(each, offers, at))
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
  const isUnknown = ({ order, items }: OrderInMotion) =>
    unknown.some(
      ({ accountId, instanceId }) =>
        accountsOf(order).includes(accountId) && items.some((item) => item.instanceId === instanceId),
    )
  const waiting = new Set(orders.filter(isUnknown).map(({ order }) => order.id))
  const isReady = ({ orderId }: { orderId: Order['id'] }) => !waiting.has(orderId)
  await Promise.all([
    insertAssets(tx, assets),
    insertSubscriptions(tx, subscriptions),
    markSynchronizing(tx, unknown, at),
    enqueueRuns(tx, [
      ...runsOf(
        prepareOrder,
        [...waiting].map((orderId) => ({ orderId })),
      ),
      ...runsOf(
        provisionLicence,
        assets.filter(isReady).map((asset) => ({ assetId: asset.id })),
      ),
      ...runsOf(
        provisionSubscription,
        subscriptions.filter(isReady).map(({ id }) => ({ subscriptionId: id })),
      ),
      ...orders.flatMap(({ order }) =>
        runsOf(settleOrder, [{ orderId: order.id }], { startAfter: order.settleBy }),
      ),
    ]),
  ])
}
