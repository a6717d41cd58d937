// Invoices what an order delivered (E6, E13): once every licence has its key or needs a hand, or when the deadline has come; what
// is delivered later gets an invoice of its own. Subscriptions are invoiced in advance: each charge that is due, the first when the order
// settles, later ones and renewals when the billing run comes by. The order's lock makes two settlements take turns, and an asset
// or a charge can stand on one invoice line only: nobody is charged for what was not produced, nor twice. Where there is no rate for the
// payer's transaction currency nothing is invoiced yet: the order waits for one, and the billing run comes back to it.
import { invariant } from '#kernel/failure.ts'
import { type AccountId, type InvoiceId, newId, type OrderId } from '#kernel/ids.ts'
import { dayOf } from '#kernel/time.ts'
import { type Account, loadAccounts } from '#modules/accounts'
import { type Asset, isSettled, listAssetsOfOrder, markAssetsInvoiced } from '#modules/assets'
import {
  countInvoices,
  deleteWait,
  draft,
  findWait,
  type InvoiceLine,
  insertDraft,
  inTransactionCurrency,
  issue,
  listInvoicedAssets,
  loadLegalEntity,
  type Party,
  saveIssued,
  takeNumber,
  unitOf,
} from '#modules/invoicing'
import { hasActiveAt, loadNotification, tellNotifications } from '#modules/notifications'
import {
  insertEvents,
  lastDeliveryOf,
  listItemsOfOrder,
  lockOrder,
  type Order,
  type OrderItem,
} from '#modules/orders'
import { type Tax, type TaxCategory, taxLines } from '#modules/pricing'
import {
  type Charge,
  isSettled as isSubscriptionSettled,
  listDueCharges,
  listSubscriptionsOfOrder,
  loadPricing,
  markInvoiced,
  type Subscription,
} from '#modules/subscriptions'
import { sellerScope, type Tx, transaction } from '#platform/db.ts'
import { job } from '#platform/jobs.ts'
import type { App } from '../app.ts'
import { mailRecords } from '../notifying/reach.ts'
import { awaitRate, rateFor } from './billing-rate.ts'

export const settleOrder = job<App, { orderId: OrderId }>('settle-order', async (app, { orderId }) => {
  await transaction(app.db, sellerScope, (tx) => settle(tx, app, orderId))
})

/** What a settlement came to; `waiting`: there is no rate to invoice it at. */
export type Settlement = 'nothing' | 'waiting' | { readonly invoiceId: InvoiceId; readonly charges: number }

export async function settle(
  tx: Tx,
  app: Pick<App, 'now' | 'secrets'>,
  orderId: OrderId,
): Promise<Settlement> {
  const order = await lockOrder(tx, orderId)
  if (order.state !== 'executed') return 'nothing'
  const at = app.now()
  const assets = await listAssetsOfOrder(tx, orderId)
  const subscriptions = await listSubscriptionsOfOrder(tx, orderId)
  if (isComplete(assets, subscriptions)) await tellCompleted(tx, orderId, at)
  const isDue = order.settleBy !== undefined && Temporal.Instant.compare(at, order.settleBy) >= 0
  if (!isDue && !(assets.every(isSettled) && subscriptions.every(isSubscriptionSettled))) return 'nothing'
  const invoiced = await listInvoicedAssets(tx, orderId)
  const delivered = assets.filter(
    (asset) => asset.provisioning === 'synchronized' && asset.state === 'active' && !invoiced.has(asset.id),
  )
  const charges = subscriptions.length > 0 ? await listDueCharges(tx, orderId, dayOf(at)) : []
  if (delivered.length + charges.length === 0) {
    await deleteWait(tx, orderId)
    return 'nothing'
  }
  const items = new Map((await listItemsOfOrder(tx, order)).map((item) => [item.id, item]))
  const pieces = [
    ...delivered.map((asset) => licencePiece(asset, itemIn(items, asset), order)),
    ...(await chargePieces(tx, charges, subscriptions)),
  ].sort((a, b) => a.order - b.order)
  const invoiceId = await invoice(tx, app, order, pieces, at)
  if (!invoiceId) return (await findWait(tx, orderId)) ? 'waiting' : 'nothing'
  await deleteWait(tx, orderId)
  const ids = <Id>(records: readonly { readonly id: Id }[]) => records.map(({ id }) => id)
  await markAssetsInvoiced(tx, ids(delivered), invoiceId)
  await markInvoiced(tx, ids(charges), invoiceId)
  return { invoiceId, charges: charges.length }
}

/** Nothing is on its way or needs a hand any more, and something was delivered. */
function isComplete(assets: readonly Asset[], subscriptions: readonly Subscription[]): boolean {
  const isOpen =
    assets.some(({ state, provisioning }) => state === 'active' && provisioning !== 'synchronized') ||
    subscriptions.some(({ state }) => state === 'ordered')
  return (
    !isOpen &&
    (assets.some(({ provisioning }) => provisioning === 'synchronized') ||
      subscriptions.some(({ state }) => state === 'active' || state === 'expired'))
  )
}

/** An order is settled again for each of its charges: one that was complete before the notification was active is not told of. */
async function tellCompleted(tx: Tx, orderId: OrderId, at: Temporal.Instant): Promise<void> {
  const { isActive, inForceSince } = await loadNotification(tx, COMPLETED)
  const isTold = isActive || (await hasActiveAt(tx, 'order.completed'))
  const completedAt = isTold ? await lastDeliveryOf(tx, orderId) : undefined
  if (completedAt)
    await tellNotifications(tx, 'order.completed', { recordId: orderId, happenedAt: completedAt })
  if (isActive && completedAt && Temporal.Instant.compare(completedAt, inForceSince) >= 0)
    await mailRecords(tx, COMPLETED, [orderId], at)
}

const COMPLETED = 'order-completed'

/** A line of an invoice before the document's tax is shared among its lines. */
type Piece = Omit<InvoiceLine, 'id' | 'position' | 'tax'> & {
  readonly order: number
  readonly rate: Tax
  readonly deliveredAt?: Temporal.Instant | undefined
}

function licencePiece(asset: Asset, item: OrderItem, order: Order): Piece {
  const rate = {
    category: item.taxCategory as TaxCategory,
    basisPoints: item.taxBasisPoints,
    note: order.taxNote,
  }
  return {
    order: item.position,
    rate,
    orderItemId: item.id,
    assetId: asset.id,
    deliveredAt: asset.synchronizedAt,
    name: item.name,
    description: `Licence ${asset.number} · SKU ${asset.sku}`,
    quantity: item.quantity,
    unitPrice: item.unitPrice,
    net: item.net,
    taxBasisPoints: item.taxBasisPoints,
    taxCategory: item.taxCategory,
    explanation: item.explanation,
    pricing: item.pricing,
  }
}

async function chargePieces(
  tx: Tx,
  charges: readonly Charge[],
  subscriptions: readonly Subscription[],
): Promise<Piece[]> {
  const pieces: Piece[] = []
  for (const charge of charges) {
    const subscription = subscriptions.find(({ id }) => id === charge.subscriptionId)
    invariant(subscription, 'a charge has its subscription')
    const { taxBasisPoints, taxCategory, taxNote } = subscription
    pieces.push({
      order: 10_000 + pieces.length,
      rate: { category: taxCategory as TaxCategory, basisPoints: taxBasisPoints, note: taxNote },
      orderItemId: subscription.orderItemId,
      assetId: undefined,
      chargeId: charge.id,
      period: charge.endsOn ? { startsOn: charge.startsOn, endsOn: charge.endsOn } : undefined,
      name: subscription.name,
      description: [
        `${subscription.kind === 'perpetual' ? 'Perpetual licence' : 'Subscription'} ${subscription.number}`,
        termWords(subscription.term),
      ]
        .filter(Boolean)
        .join(' · '),
      quantity: subscription.quantity,
      // The price of one licence is shown as agreed where the whole term is charged at once.
      unitPrice:
        charge.net.amountMinor === subscription.net.amountMinor
          ? subscription.unitPrice
          : unitOf(charge.net, subscription.quantity),
      net: charge.net,
      taxBasisPoints,
      taxCategory,
      explanation: subscription.explanation,
      pricing: await loadPricing(tx, subscription.id),
    })
  }
  return pieces
}

const terms: Readonly<Record<string, string>> = {
  P1M: '1 month',
  P1Y: '1 year',
  P3Y: '3 years',
  P5Y: '5 years',
}
const termWords = (term: string) => terms[term] ?? ''

/** `3 licences`, `3 licences and 1 subscription`. */
function countWords(pieces: readonly Piece[]): string {
  const count = (n: number, one: string, many: string) => (n === 0 ? [] : [`${n} ${n === 1 ? one : many}`])
  const charges = pieces.filter((piece) => piece.chargeId).length
  return [
    ...count(pieces.length - charges, 'licence', 'licences'),
    ...count(charges, 'subscription', 'subscriptions'),
  ].join(' and ')
}

/** Undefined where it cannot be invoiced yet, or has been. */
async function invoice(
  tx: Tx,
  app: Pick<App, 'now' | 'secrets'>,
  order: Order,
  pieces: readonly Piece[],
  at: Temporal.Instant,
): Promise<InvoiceId | undefined> {
  const seller = await loadLegalEntity(tx)
  const accounts = await loadAccounts(tx, [...new Set([order.billingToId, order.endCustomerId])])
  const payer = accountIn(accounts, order.billingToId)
  const rate = await rateFor(tx, order, payer, dayOf(at, seller.timeZone))
  if (rate === 'missing') {
    await awaitRate(tx, app, { order, payer, seller })
    return undefined
  }
  const taxed = taxLines(pieces, order.currency)
  const lines = pieces.map(({ order: _order, rate: _rate, deliveredAt, ...piece }, index): InvoiceLine => {
    const tax = taxed.lines[index]?.tax
    invariant(tax, 'a tax for every line')
    const suppliedOn = deliveredAt && dayOf(deliveredAt, seller.timeZone)
    return { ...piece, id: newId<InvoiceId>(), position: index + 1, tax, suppliedOn }
  })
  const number = (await countInvoices(tx, order.id)) + 1
  const made = draft(
    {
      cause: `order:${order.id}:${number}`,
      legalEntityId: seller.id,
      billingToId: order.billingToId,
      endCustomerId: order.endCustomerId,
      orderId: order.id,
      currency: order.currency,
      seller,
      buyer: partyOf(payer),
      endCustomer: partyOf(accountIn(accounts, order.endCustomerId)),
      orderNumber: order.number,
      reference: order.reference,
      taxSummary: taxed.groups.map(({ rate, net, tax }) => ({ ...rate, net, tax })),
    },
    lines,
    at,
  )
  if (!(await insertDraft(tx, made))) return undefined
  await insertEvents(tx, [
    {
      orderId: order.id,
      at,
      kind: 'invoiced',
      text: `Invoiced: ${countWords(pieces)}.`,
    },
  ])
  await mailRecords(tx, 'invoice-issued', [made.id], at)
  // The number comes last: from here to the commit other invoices wait.
  await saveIssued(
    tx,
    issue(
      made,
      await takeNumber(tx, made, at),
      at,
      payer.paymentDays ?? seller.paymentDays,
      rate && inTransactionCurrency(made, rate),
    ),
  )
  return made.id
}

function itemIn(items: ReadonlyMap<string, OrderItem>, asset: Asset): OrderItem {
  const item = items.get(asset.orderItemId)
  if (!item) throw new Error('invariant broken: an asset has its order item')
  return item
}

function accountIn(accounts: readonly Account[], id: AccountId): Account {
  const account = accounts.find((each) => each.id === id)
  if (!account) throw new Error('invariant broken: an order has its accounts')
  return account
}

/** A company as it stands today, for the invoice to keep. */
export function partyOf(account: Account): Party {
  return {
    name: account.name,
    number: account.number,
    contact: `${account.contactFirstName} ${account.contactLastName}`.trim(),
    addressLine1: account.addressLine1,
    addressLine2: account.addressLine2,
    postalCode: account.postalCode,
    city: account.city,
    region: account.region,
    country: account.country,
    vatNumber: account.vatNumber ?? '',
    email: account.email,
  }
}
