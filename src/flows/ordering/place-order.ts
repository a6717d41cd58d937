// Completes a checkout: the basket becomes one order per end customer and currency, each executed at once (E6). Everything that must be true
// together is one transaction; keys, mails and invoices are jobs it enqueues. The checkout never waits for a vendor.
import { invalid, Refusal } from '#kernel/failure.ts'
import type { AccountId, BasketId } from '#kernel/ids.ts'
import {
  type Account,
  applyingOptions,
  assertMayBuy,
  effectiveOptions,
  holdAccounts,
  loadAccount,
  loadAccounts,
  loadAllSyncOptions,
  loadCreditUse,
  loadSyncStatuses,
  lockCredit,
  mayBuyFor,
  missingOptions,
  overCredit,
  type SyncValues,
  saveSyncOptions,
} from '#modules/accounts'
import { recordAudit } from '#modules/audit'
import {
  assertAsShown,
  assertOpen,
  type BasketItem,
  closeBasket,
  endCustomerOf,
  isSamePrice,
  isSeenTooLongAgo,
  listItems,
  listServiceDetails,
  listSoftware,
  lockBasket,
  QUOTE_VALID_MINUTES,
  type ServiceDetails,
  undecided,
} from '#modules/basket'
import { loadLegalEntity } from '#modules/invoicing'
import { listActive } from '#modules/notifications'
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
import { mailRecords } from '../notifying/reach.ts'
import { loadPriceBook, type PriceBook, taxIn } from './price-book.ts'
import { type Line, type PricedOrder, priceOrders } from './price-order.ts'
import { type OrderInMotion, setInMotion } from './set-in-motion.ts'
import { tellingOfUnpriced } from './tell-of-unpriced.ts'

export type Completion = {
  readonly basketId: BasketId
  /** Of the basket as its buyer was shown it: another one is refused with `basket/changed`. Left out: whatever is in it. */
  readonly version?: string | undefined
  readonly channel?: Channel
}

export async function placeOrder(app: Needs, actor: Portal, input: Completion): Promise<Order[]> {
  return tellingOfUnpriced(app, actor, input.basketId, () => placeAll(app, actor, input))
}

type Needs = Pick<App, 'db' | 'now' | 'connectors' | 'settings'>

/**
 * Three trips to the database: what stands there for the basket, what stands there for its customers and products, and
 * everything that is written. Statements of one trip go out together, in the order in which they stand here. A fourth where a
 * conversion looks into the sheet of another country.
 */
async function placeAll(app: Needs, actor: Portal, input: Completion): Promise<Order[]> {
  assertMay(actor, 'buy')
  return transaction(app.db, scopeOf(actor), async (tx) => {
    // The lock comes first: what is read after it cannot change under us.
    const [basket, items, software, details, buyer, seller] = await Promise.all([
      lockBasket(tx, input.basketId),
      listItems(tx, input.basketId),
      listSoftware(tx, input.basketId),
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
    const isLimited = buyer.creditLimitMinor !== undefined
    const [customers, book, stored, statuses, telling, , use] = await Promise.all([
      loadCustomers(tx, buyer, customerIds),
      loadPriceBook(tx, {
        seller,
        payer: buyer,
        planIds: items.map((item) => item.planId),
        customerIds,
        places: software,
        softwareSkus: [...new Set(software.map(({ sku }) => sku))],
        at,
      }),
      loadAllSyncOptions(tx, customerIds),
      loadSyncStatuses(tx, [buyer.id, ...customerIds]),
      listActive(tx, [RECEIVED, WAITS]),
      // Two checkouts at once take turns here, so that the second knows what the first has used.
      isLimited ? lockCredit(tx, buyer.id) : undefined,
      isLimited ? loadCreditUse(tx, buyer) : undefined,
      holdAccounts(tx, [buyer.id, ...customerIds]),
    ])
    assertDecided(items, buyer)
    const priced = customers.flatMap((customer) => {
      const own = items.filter((item) => endCustomerOf(item, buyer.id) === customer.id)
      return priceOrders(book, customer, own.map(lineOf), 'storefront').map((order) => ({
        customer,
        order,
        items: order.lineIndexes.map((index) => own[index]),
      }))
    })
    assertPricesAreSeen(priced, at)
    assertAsShown(input.version, {
      items,
      serviceDetails: details,
      orders: priced.map(({ customer, order }) => ({ endCustomerId: customer.id, total: order.quote.total })),
    })
    const given = serviceDetailsGiven(app, priced, book, details, stored)
    const submitted = priced.map(({ customer, order }) =>
      place(
        {
          basketId: basket.id,
          channel: input.channel ?? 'storefront',
          billingToId: buyer.id,
          endCustomerId: customer.id,
          placedBy: actor.userId,
          currency: order.currency,
          reference: basket.reference,
          taxNote: taxIn(book).note,
        },
        order.items,
        at,
      ),
    )
    const over = use && overCredit(buyer, use, submitted)
    const drafts = submitted.map((draft) => {
      const held = over?.get(draft)
      return held
        ? { ...draft, heldBecause: held.words }
        : execute(draft, at, app.settings.settleWithinMinutes)
    })
    const executed = drafts.filter((draft) => draft.state === 'executed')

    const [orders] = await Promise.all([
      insertOrders(tx, drafts),
      insertEvents(
        tx,
        drafts.flatMap((draft) => eventsOf(draft, actor, at)),
      ),
      keepServiceDetails(tx, actor, given, at),
      executed.length > 0 ? setInMotion(tx, app, executed.map(inMotion), book.offers, statuses) : undefined,
      closeBasket(tx, basket.id, at),
    ])
    await tellBuyer(tx, orders, telling, at)
    return orders
  })
}

const RECEIVED = 'order-received'
const WAITS = 'order-waits-for-approval'

/** An order that waits says so where that notification is active; it is told as received when it is executed. */
async function tellBuyer(
  tx: Tx,
  orders: readonly Order[],
  active: ReadonlySet<string>,
  at: Temporal.Instant,
): Promise<void> {
  if (active.size === 0) return
  const isWaiting = (order: Order) => order.state === 'submitted' && active.has(WAITS)
  const byCode = Map.groupBy(orders, (order) => (isWaiting(order) ? WAITS : RECEIVED))
  for (const [code, own] of byCode)
    await mailRecords(
      tx,
      code,
      own.map(({ id }) => id),
      at,
    )
}

const lineOf = ({ planId, quantity, isForResale }: BasketItem): Line => ({
  planId,
  quantity,
  isForResale: isForResale ?? false,
})

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
    assertMayBuy(customer)
    return customer
  })
}

function assertDecided(items: readonly BasketItem[], buyer: Account): void {
  const open = undecided(items, buyer)
  if (open.length > 0)
    throw invalid(
      ...open.map((item) => ({
        pointer: `/items/${items.indexOf(item)}/endCustomerId`,
        code: 'required',
        message: 'Choose the end customer of every item that is for reselling.',
      })),
    )
}

type PricedCustomer = {
  readonly customer: Account
  readonly order: PricedOrder
  /** Of the basket, beside the order's items. */
  readonly items: readonly (BasketItem | undefined)[]
}

/** A price that moved since the buyer saw it, or that was seen too long ago, is a question, never a surprise. */
function assertPricesAreSeen(priced: readonly PricedCustomer[], at: Temporal.Instant): void {
  const pairs = priced.flatMap(({ order, items }) =>
    order.items.flatMap(({ unitPrice }, index) => {
      const item = items[index]
      return item ? [{ item, unitPrice }] : []
    }),
  )
  const itemIdsOf = (some: typeof pairs) => some.map(({ item }) => item.id)
  const moved = pairs.filter(({ item, unitPrice }) => !isSamePrice(item.seenPrice, unitPrice))
  if (moved.length > 0)
    throw new Refusal(
      'price/changed',
      'A price has changed since you put the item into the basket. Look at the new total and confirm it.',
      { itemIds: itemIdsOf(moved) },
    )
  const old = pairs.filter(({ item }) => isSeenTooLongAgo(item, at))
  if (old.length > 0)
    throw new Refusal(
      'price/quote-expired',
      `Prices hold for ${QUOTE_VALID_MINUTES} minutes, and you saw these before. Look at the basket and go on with today's prices.`,
      { itemIds: itemIdsOf(old) },
    )
}

type StoredOptions = Awaited<ReturnType<typeof loadAllSyncOptions>>

/**
 * Service details are asked once, of the connectors whose products an end customer gets: what was typed now becomes its sync options,
 * and all must be complete (E5). What was stored meanwhile is not overwritten by a checkout that asked for it because it was missing then.
 */
function serviceDetailsGiven(
  { connectors }: Pick<App, 'connectors'>,
  priced: readonly PricedCustomer[],
  book: PriceBook,
  details: readonly ServiceDetails[],
  stored: StoredOptions,
): ServiceDetails[] {
  const byCustomer = Map.groupBy(priced, ({ customer }) => customer)
  return [...byCustomer].flatMap(([customer, orders]) => {
    const codes = new Set(
      orders.flatMap(({ order }) => order.items.map((item) => book.offers.get(item.planId)?.connector)),
    )
    return connectors
      .filter(({ code }) => codes.has(code))
      .flatMap((connector) => detailsOf(connector, customer, details, stored))
  })
}

function detailsOf(
  connector: App['connectors'][number],
  customer: Account,
  details: readonly ServiceDetails[],
  stored: StoredOptions,
): ServiceDetails[] {
  const known = stored.get(connector.code)?.get(customer.id) ?? {}
  const typed =
    details.find((each) => each.accountId === customer.id && each.connector === connector.code)?.options ?? {}
  const fresh = Object.fromEntries(Object.entries(typed).filter(([id, value]) => value && !known[id]))
  const options = applyingOptions(connector.syncOptions, customer)
  const missing = missingOptions(options, effectiveOptions(options, { ...fresh, ...known }, customer))
  if (missing.length > 0)
    throw new Refusal(
      'order/service-details-missing',
      `Fill in the service details of ${customer.name}: ${missing.map(({ name }) => name).join(', ')}.`,
      { accountId: customer.id, connector: connector.code },
    )
  return Object.keys(fresh).length === 0
    ? []
    : [{ accountId: customer.id, connector: connector.code, options: fresh }]
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
