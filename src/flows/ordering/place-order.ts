// Completes a checkout: the basket becomes one order per end customer, each executed at once (E6). Everything that must be true
// together is one transaction; keys, mails and invoices are jobs it enqueues. The checkout never waits for a vendor.
import { invalid, Refusal } from '#kernel/failure.ts'
import type { AccountId, BasketId } from '#kernel/ids.ts'
import { type Money, moneyText } from '#kernel/money.ts'
import {
  type Account,
  effectiveOptions,
  loadAccounts,
  loadSyncOptions,
  mayBuyFor,
  missingOptions,
  saveSyncOptions,
} from '#modules/accounts'
import { recordAudit } from '#modules/audit'
import {
  assertOpen,
  type Basket,
  type BasketItem,
  closeBasket,
  endCustomerOf,
  listItems,
  listServiceDetails,
  lockBasket,
  type ServiceDetails,
  undecided,
} from '#modules/basket'
import { loadOwed } from '#modules/invoicing'
import {
  type Channel,
  execute,
  insertEvents,
  insertOrders,
  listOrdersOfBasket,
  type Order,
  place,
} from '#modules/orders'
import { assertMay, type Portal, scopeOf } from '#modules/users'
import { type Tx, transaction } from '#platform/db.ts'
import type { App } from '../app.ts'
import { loadPriceBook, type PriceBook, priceLines } from './price-order.ts'
import { isOverCredit, type OrderInMotion, setInMotion } from './set-in-motion.ts'

export async function placeOrder(
  app: Pick<App, 'db' | 'now' | 'connectors' | 'settings'>,
  actor: Portal,
  input: { basketId: BasketId; channel?: Channel },
): Promise<Order[]> {
  assertMay(actor, 'buy')
  return transaction(app.db, scopeOf(actor), async (tx) => {
    const basket = await lockBasket(tx, input.basketId)
    if (basket.userId !== actor.userId) throw new Refusal('basket/not-found', 'This basket does not exist.')
    // The second click is answered with the first click's orders.
    if (basket.state === 'ordered') return listOrdersOfBasket(tx, basket.id)
    assertOpen(basket)

    const items = await listItems(tx, basket.id, basket.currency)
    if (items.length === 0)
      throw new Refusal('order/empty', 'There is nothing to order: the basket is empty.')
    const { buyer, customers } = await loadParties(tx, basket, items)
    const book = await loadPriceBook(
      tx,
      buyer,
      items.map((item) => item.planId),
      app.now(),
    )
    assertDecided(items)
    assertPricesAreSeen(items, book)
    const details = await listServiceDetails(tx, basket.id)
    await keepServiceDetails(tx, app, actor, customers, details)

    const at = app.now()
    const drafts = customers.map((customer) => {
      const own = items.filter((item) => endCustomerOf(item, buyer.id) === customer.id)
      const priced = priceLines(
        book,
        own.map((item) => ({
          planId: item.planId,
          quantity: item.quantity,
          isForResale: item.isForResale ?? false,
        })),
        'storefront',
      )
      return place(
        {
          basketId: basket.id,
          channel: input.channel ?? 'storefront',
          billingToId: buyer.id,
          endCustomerId: customer.id,
          placedBy: actor.userId,
          currency: basket.currency,
          reference: basket.reference,
          taxNote: book.tax.note,
        },
        priced.items,
        at,
      )
    })
    const held = await whyHeld(tx, buyer, drafts)
    const orders = await insertOrders(
      tx,
      drafts.map((draft) =>
        held ? { ...draft, heldBecause: held } : execute(draft, at, app.settings.settleWithinMinutes),
      ),
    )
    await insertEvents(
      tx,
      orders.flatMap((order) => [
        {
          orderId: order.id,
          at,
          kind: 'placed' as const,
          text: 'Placed in the Storefront.',
          actor: actor.name,
        },
        held
          ? { orderId: order.id, at, kind: 'held' as const, text: held }
          : {
              orderId: order.id,
              at,
              kind: 'executed' as const,
              text: 'Executed: the licences are being made.',
            },
      ]),
    )
    if (!held) {
      const inMotion = orders.map(
        (order): OrderInMotion => ({ order, items: drafts.find(({ id }) => id === order.id)?.items ?? [] }),
      )
      await setInMotion(tx, app, inMotion, book.offers)
    }
    await closeBasket(tx, basket.id, at)
    return orders
  })
}

async function loadParties(
  tx: Tx,
  basket: Basket,
  items: readonly BasketItem[],
): Promise<{ buyer: Account; customers: Account[] }> {
  const ids = [...new Set(items.map((item) => endCustomerOf(item, basket.accountId)))]
  const accounts = await loadAccounts(tx, [...new Set([basket.accountId, ...ids])])
  const buyer = accounts.find(({ id }) => id === basket.accountId)
  if (!buyer) throw new Refusal('account/not-found', 'This account does not exist.')
  const customers = ids.map((id) => {
    const customer = accounts.find((account) => account.id === id)
    if (!customer || !mayBuyFor(buyer, customer))
      throw new Refusal('account/not-found', 'An end customer of this basket does not exist.')
    if (customer.state === 'blocked')
      throw new Refusal('account/blocked', `${customer.name} is blocked. Choose another customer or ask us.`)
    return customer
  })
  return { buyer, customers }
}

function assertDecided(items: readonly BasketItem[]): void {
  const open = undecided(items)
  if (open.length > 0)
    throw invalid(
      ...open.map((item) => ({
        pointer: `/items/${items.indexOf(item)}/endCustomerId`,
        code: 'required',
        message: 'Choose the end customer of every item that is for reselling.',
      })),
    )
}

/** A price that moved since the buyer saw it is a question, never a surprise. */
function assertPricesAreSeen(items: readonly BasketItem[], book: PriceBook): void {
  const moved = items.filter((item) => {
    const now = book.offers.get(item.planId)?.unitPrice
    return now !== undefined && now.micros !== item.seenPrice.micros
  })
  if (moved.length > 0)
    throw new Refusal(
      'price/changed',
      'A price has changed since you put the item into the basket. Look at the new total and confirm it.',
      {
        itemIds: moved.map((item) => item.id),
      },
    )
}

/** Service details are asked once: what was typed now becomes the customers' sync options, and all must be complete (E5). */
async function keepServiceDetails(
  tx: Tx,
  app: Pick<App, 'connectors' | 'now'>,
  actor: Portal,
  customers: readonly Account[],
  details: readonly ServiceDetails[],
): Promise<void> {
  for (const connector of app.connectors) {
    const stored = await loadSyncOptions(
      tx,
      customers.map(({ id }) => id),
      connector.code,
    )
    for (const customer of customers) {
      const known = stored.get(customer.id) ?? {}
      const typed =
        details.find((each) => each.accountId === customer.id && each.connector === connector.code)
          ?.options ?? {}
      // What was stored meanwhile is not overwritten by a checkout that asked for it because it was missing then.
      const fresh = Object.fromEntries(Object.entries(typed).filter(([id, value]) => value && !known[id]))
      const missing = missingOptions(
        connector.syncOptions,
        effectiveOptions(connector.syncOptions, { ...fresh, ...known }, customer),
      )
      if (missing.length > 0)
        throw new Refusal(
          'order/service-details-missing',
          `Fill in the service details of ${customer.name}: ${missing.map(({ name }) => name).join(', ')}.`,
          {
            accountId: customer.id,
            connector: connector.code,
          },
        )
      if (Object.keys(fresh).length === 0) continue
      await saveSyncOptions(tx, customer.id, connector.code, fresh, app.now())
      await recordAudit(tx, {
        at: app.now(),
        actor,
        action: 'sync-options/given',
        subjectType: 'account',
        subjectId: customer.id,
        accountId: actor.accountId,
        after: fresh,
      })
    }
  }
}

async function whyHeld(
  tx: Tx,
  buyer: Account,
  orders: readonly Pick<Order, 'total'>[],
): Promise<string | undefined> {
  if (buyer.creditLimitMinor === undefined) return undefined
  const owed = await loadOwed(tx, buyer.id, buyer.currency)
  const fresh = orders.reduce((sum, order) => sum + order.total.amountMinor, 0n)
  if (!isOverCredit(buyer, owed.amountMinor, fresh)) return undefined
  const limit: Money = { amountMinor: buyer.creditLimitMinor, currency: buyer.currency }
  return `Over the credit limit of ${moneyText(limit)} ${buyer.currency}; your account manager will look at it.`
}
