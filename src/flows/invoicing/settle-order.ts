// Invoices what an order delivered (E6, E13): once every licence has its key or needs a hand, or when the deadline has come; what
// is delivered later gets an invoice of its own. The order's lock makes two settlements take turns, and an asset can stand on one
// invoice line only: nobody is charged for a key that was not produced, nor twice.
import { type AccountId, newId, type OrderId } from '#kernel/ids.ts'
import { type Account, loadAccounts } from '#modules/accounts'
import { type Asset, isSettled, listAssetsOfOrder } from '#modules/assets'
import {
  countInvoices,
  draft,
  type InvoiceLine,
  insertDraft,
  issue,
  listInvoicedAssets,
  loadLegalEntity,
  type Party,
  saveIssued,
  takeNumber,
} from '#modules/invoicing'
import { insertEvents, listItemsOfOrder, lockOrder, type Order, type OrderItem } from '#modules/orders'
import { type TaxCategory, taxLines } from '#modules/pricing'
import { sellerScope, type Tx, transaction } from '#platform/db.ts'
import { job } from '#platform/jobs.ts'
import type { App } from '../app.ts'

export const settleOrder = job<App, { orderId: OrderId }>('settle-order', async (app, { orderId }) => {
  await transaction(app.db, sellerScope, (tx) => settle(tx, app, orderId))
})

async function settle(tx: Tx, app: Pick<App, 'now'>, orderId: OrderId): Promise<void> {
  const order = await lockOrder(tx, orderId)
  if (order.state !== 'executed') return
  const assets = await listAssetsOfOrder(tx, orderId)
  const at = app.now()
  const isDue = order.settleBy !== undefined && Temporal.Instant.compare(at, order.settleBy) >= 0
  if (!isDue && !assets.every(isSettled)) return
  const invoiced = await listInvoicedAssets(tx, orderId)
  const delivered = assets.filter(
    (asset) => asset.provisioning === 'synchronized' && asset.state === 'active' && !invoiced.has(asset.id),
  )
  if (delivered.length === 0) return
  await invoice(tx, order, delivered, at)
}

async function invoice(tx: Tx, order: Order, assets: readonly Asset[], at: Temporal.Instant): Promise<void> {
  const seller = await loadLegalEntity(tx)
  const accounts = await loadAccounts(tx, [...new Set([order.billingToId, order.endCustomerId])])
  const payer = accountIn(accounts, order.billingToId)
  const items = new Map((await listItemsOfOrder(tx, order)).map((item) => [item.id, item]))
  const pieces = assets
    .map((asset) => ({ asset, item: itemIn(items, asset) }))
    .sort((a, b) => a.item.position - b.item.position)
  const taxed = taxLines(
    pieces.map(({ item }) => ({
      net: item.net,
      rate: {
        category: item.taxCategory as TaxCategory,
        basisPoints: item.taxBasisPoints,
        note: order.taxNote,
      },
    })),
    order.currency,
  )
  const lines = pieces.map(
    ({ asset, item }, index): InvoiceLine => ({
      id: newId<AccountId>(),
      position: index + 1,
      orderItemId: item.id,
      assetId: asset.id,
      name: item.name,
      description: `Licence ${asset.number} · SKU ${asset.sku}`,
      quantity: item.quantity,
      unitPrice: item.unitPrice,
      net: item.net,
      tax: taxed.lines[index]?.tax ?? item.tax,
      taxBasisPoints: item.taxBasisPoints,
      taxCategory: item.taxCategory,
      explanation: item.explanation,
    }),
  )
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
  if (!(await insertDraft(tx, made))) return
  await insertEvents(tx, [
    {
      orderId: order.id,
      at,
      kind: 'invoiced',
      text: `Invoiced: ${lines.length} ${lines.length === 1 ? 'licence' : 'licences'}.`,
    },
  ])
  // The number comes last: from here to the commit other invoices wait.
  await saveIssued(tx, issue(made, await takeNumber(tx, seller.id, 'invoice'), at, payer.paymentDays))
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
