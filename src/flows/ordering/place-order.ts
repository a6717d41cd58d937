// Completes a checkout: the basket becomes one order per end customer, each executed at once (E6). Everything that must be true
// together is one transaction; keys, mails and invoices are jobs it enqueues. The checkout never waits for a vendor.
import { invalid, Refusal } from '#kernel/failure.ts'
import type { AccountId, BasketId } from '#kernel/ids.ts'
import { type Money, moneyText } from '#kernel/money.ts'
import {
  type Account,
  effectiveOptions,
  loadAccount,
  loadAccounts,
  loadSyncOptions,
  loadSyncStatuses,
  mayBuyFor,
  missingOptions,
  type SyncValues,
  saveSyncOptions,
} from '#modules/accounts'
import { recordAudit } from '#modules/audit'
import {
  assertOpen,
  type BasketItem,
  closeBasket,
  endCustomerOf,
  listItems,
  listServiceDetails,
  lockBasket,
  type ServiceDetails,
  undecided,
} from '#modules/basket'
import { loadLegalEntity, loadOwed } from '#modules/invoicing'
import {
  type Channel,
  execute,
  insertEvents,
  insertOrders,
  listOrdersOfBasket,
  type NewOrder,
  type Order,
  type OrderEvent,
  place,
} from '#modules/orders'
import { assertMay, type Portal, scopeOf } from '#modules/users'
import { type Tx, transaction } from '#platform/db.ts'
import type { App } from '../app.ts'
import { loadPriceBook, type PriceBook, priceLines } from './price-order.ts'
import { isOverCredit, type OrderInMotion, setInMotion } from './set-in-motion.ts'

/**
 * Three trips to the database: what stands there for the basket, what stands there for its customers and products, and
 * everything that is written. Statements of one trip go out together, in the order in which they stand here.
 */
export async function placeOrder(
  app: Pick<App, 'db' | 'now' | 'connectors' | 'settings'>,
  actor: Portal,
  input: { basketId: BasketId; channel?: Channel },
): Promise<Order[]> {
  assertMay(actor, 'buy')
  return transaction(app.db, scopeOf(actor), async (tx) => {
    // The lock comes first: what is read after it cannot change under us.
    const [basket, items, details, buyer, seller] = await Promise.all([
      lockBasket(tx, input.basketId),
      listItems(tx, input.basketId),
      listServiceDetails(tx, input.basketId),
      loadAccount(tx, actor.accountId),
      loadLegalEntity(tx),
    ])
    if (basket.userId !== actor.userId) throw new Refusal('basket/not-found', 'This basket does not exist.')
    // The second click is answered with the first click's orders.
    if (basket.state === 'ordered') return listOrdersOfBasket(tx, basket.id)
    assertOpen(basket)
    if (items.length === 0)
      throw new Refusal('order/empty', 'There is nothing to order: the basket is empty.')

    const at = app.now()
    const customerIds = [...new Set(items.map((item) => endCustomerOf(item, buyer.id)))]
    const planIds = items.map((item) => item.planId)
    const [customers, book, stored, statuses, owed] = await Promise.all([
      loadCustomers(tx, buyer, customerIds),
      loadPriceBook(tx, seller, buyer, planIds, at),
      loadStoredOptions(tx, app, customerIds),
      loadSyncStatuses(tx, [buyer.id, ...customerIds]),
      buyer.creditLimitMinor === undefined ? undefined : loadOwed(tx, buyer.id, buyer.currency),
    ])
    assertDecided(items)
    assertPricesAreSeen(items, book)
    const given = serviceDetailsGiven(app, customers, details, stored)
    const submitted = customers.map((customer) => {
      const own = items.filter((item) => endCustomerOf(item, buyer.id) === customer.id)
      const lines = own.map(({ planId, quantity, isForResale }) => ({
        planId,
        quantity,
        isForResale: isForResale ?? false,
      }))
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
        priceLines(book, lines, 'storefront').items,
        at,
      )
    })
    const held = owed && whyHeld(buyer, owed, submitted)
    const drafts = submitted.map((draft) =>
      held ? { ...draft, heldBecause: held } : execute(draft, at, app.settings.settleWithinMinutes),
    )

    const [orders] = await Promise.all([
      insertOrders(tx, drafts),
      insertEvents(
        tx,
        drafts.flatMap((draft) => eventsOf(draft, actor, at)),
      ),
      keepServiceDetails(tx, actor, given, at),
      held ? undefined : setInMotion(tx, app, drafts.map(inMotion), book.offers, statuses),
      closeBasket(tx, basket.id, at),
    ])
    return orders
  })
}

const inMotion = (order: NewOrder): OrderInMotion => ({ order, items: order.items })

function eventsOf(order: NewOrder, actor: Portal, at: Temporal.Instant): OrderEvent[] {
  const what: Pick<OrderEvent, 'kind' | 'text'> = order.heldBecause
    ? { kind: 'held', text: order.heldBecause }
    : { kind: 'executed', text: 'Executed: the licences are being made.' }
  return [
    { orderId: order.id, at, kind: 'placed', text: 'Placed in the Storefront.', actor: actor.name },
    { orderId: order.id, at, ...what },
  ]
}

/** The end customers in the order of `ids`; the buyer may be one of them. */
async function loadCustomers(tx: Tx, buyer: Account, ids: readonly AccountId[]): Promise<Account[]> {
  const others = ids.filter((id) => id !== buyer.id)
  const accounts = [buyer, ...(others.length > 0 ? await loadAccounts(tx, others) : [])]
  return ids.map((id) => {
    const customer = accounts.find((account) => account.id === id)
    if (!customer || !mayBuyFor(buyer, customer))
      throw new Refusal('account/not-found', 'An end customer of this basket does not exist.')
    if (customer.state === 'blocked')
      throw new Refusal('account/blocked', `${customer.name} is blocked. Choose another customer or ask us.`)
    return customer
  })
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

type StoredOptions = ReadonlyMap<string, ReadonlyMap<AccountId, SyncValues>>

/** What is stored about accounts, by connector. */
async function loadStoredOptions(
  tx: Tx,
  { connectors }: Pick<App, 'connectors'>,
  accountIds: readonly AccountId[],
): Promise<StoredOptions> {
  const loading = connectors.map(
    async ({ code }) => [code, await loadSyncOptions(tx, accountIds, code)] as const,
  )
  return new Map(await Promise.all(loading))
}

/**
 * Service details are asked once: what was typed now becomes the customers' sync options, and all must be complete (E5). What
 * was stored meanwhile is not overwritten by a checkout that asked for it because it was missing then.
 */
function serviceDetailsGiven(
  { connectors }: Pick<App, 'connectors'>,
  customers: readonly Account[],
  details: readonly ServiceDetails[],
  stored: StoredOptions,
): ServiceDetails[] {
  return connectors.flatMap((connector) =>
    customers.flatMap((customer): ServiceDetails[] => {
      const known = stored.get(connector.code)?.get(customer.id) ?? {}
      const typed =
        details.find((each) => each.accountId === customer.id && each.connector === connector.code)
          ?.options ?? {}
      const fresh = Object.fromEntries(Object.entries(typed).filter(([id, value]) => value && !known[id]))
      const missing = missingOptions(
        connector.syncOptions,
        effectiveOptions(connector.syncOptions, { ...fresh, ...known }, customer),
      )
      if (missing.length > 0)
        throw new Refusal(
          'order/service-details-missing',
          `Fill in the service details of ${customer.name}: ${missing.map(({ name }) => name).join(', ')}.`,
          { accountId: customer.id, connector: connector.code },
        )
      return Object.keys(fresh).length === 0
        ? []
        : [{ accountId: customer.id, connector: connector.code, options: fresh }]
    }),
  )
}

async function keepServiceDetails(
  tx: Tx,
  actor: Portal,
  given: readonly ServiceDetails[],
  at: Temporal.Instant,
): Promise<void> {
  await Promise.all(
    given.flatMap(({ accountId, connector, options }) => [
      saveSyncOptions(tx, accountId, connector, options, at),
      recordAudit(tx, {
        at,
        actor,
        action: 'sync-options/given',
        subjectType: 'account',
        subjectId: accountId,
        accountId: actor.accountId,
        after: options,
      }),
    ]),
  )
}

function whyHeld(buyer: Account, owed: Money, orders: readonly Pick<Order, 'total'>[]): string | undefined {
  const fresh = orders.reduce((sum, order) => sum + order.total.amountMinor, 0n)
  if (buyer.creditLimitMinor === undefined || !isOverCredit(buyer, owed.amountMinor, fresh)) return undefined
  const limit: Money = { amountMinor: buyer.creditLimitMinor, currency: buyer.currency }
  return `Over the credit limit of ${moneyText(limit)} ${buyer.currency}; your account manager will look at it.`
}
