// What the items of a basket cost now, each for whom it is: for the pages that show it, for the prices a buyer is said to have seen, and
// priced as the checkout will. Software whose end customer is not chosen yet has an indicative price (product.md S2).
import { invariant } from '#kernel/failure.ts'
import type { BasketItemId, PlanId } from '#kernel/ids.ts'
import type { Currency } from '#kernel/money.ts'
import { type Account, loadAccounts } from '#modules/accounts'
import {
  type Basket,
  type BasketItem,
  type BasketQuote,
  endCustomerOf,
  findOpenBasket,
  isSamePrice,
  isSeenTooLongAgo,
  listItems,
  type OpenBasketQuote,
  type QuotedItem,
  type QuotedOrder,
  saveSeenPrices,
} from '#modules/basket'
import type { NotForSale } from '#modules/catalogue'
import { loadLegalEntity } from '#modules/invoicing'
import { assertMay, type Portal, scopeOf } from '#modules/users'
import { asking, type Tx } from '#platform/db.ts'
import type { App } from '../app.ts'
import { type Customer, loadPriceBook, type PriceBook } from './price-book.ts'
import { tryOrders } from './price-order.ts'
import { keepingBasket } from './tell-of-unpriced.ts'

export type BasketBook = {
  readonly buyer: Account
  readonly customers: readonly Account[]
  readonly book: PriceBook
}

/** Where software is priced while nobody is chosen. */
export type AssumedPlace = { readonly country: string; readonly currency: Currency }

/** What is needed to price items, in as many statements for a thousand of them as for one. `wanted`: what is about to be put in. */
export async function loadBasketBook(
  tx: Tx,
  basket: Pick<Basket, 'accountId'>,
  items: readonly BasketItem[],
  at: Temporal.Instant,
  wanted?: { readonly planId: PlanId; readonly place: AssumedPlace | undefined },
): Promise<BasketBook> {
  const ids = new Set([basket.accountId, ...items.map((item) => endCustomerOf(item, basket.accountId))])
  const [accounts, seller] = await Promise.all([loadAccounts(tx, [...ids]), loadLegalEntity(tx)])
  const buyer = accounts.find(({ id }) => id === basket.accountId)
  invariant(buyer, 'a basket belongs to an account')
  const places = [
    ...accounts,
    ...items.flatMap((item) => assumedPlace(item) ?? []),
    ...(wanted?.place ? [wanted.place] : []),
  ]
  const planIds = items.map((item) => item.planId)
  const book = await loadPriceBook(tx, {
    seller,
    payer: buyer,
    planIds: wanted ? [...planIds, wanted.planId] : planIds,
    customerIds: accounts.map(({ id }) => id),
    places,
    at,
  })
  return { buyer, customers: accounts, book }
}

function assumedPlace({ indicative }: BasketItem): AssumedPlace | undefined {
  return indicative && { country: indicative.country, currency: indicative.price.currency }
}

type Place = { readonly customer: Customer; readonly isIndicative: boolean }

/** For whom an item is priced. Only a reseller's items wait for an end customer. */
function placeOf(item: BasketItem, { buyer, customers }: BasketBook): Place | undefined {
  const isOpen =
    buyer.kind === 'reseller' &&
    (item.isForResale === undefined || (item.isForResale && item.endCustomerId === undefined))
  if (isOpen) return { customer: { ...buyer, ...assumedPlace(item) }, isIndicative: true }
  const customer = customers.find(({ id }) => id === endCustomerOf(item, buyer.id))
  return customer && { customer, isIndicative: false }
}

/** Prices what can be priced, and says of every other item why not. */
export function priceItems(basket: BasketBook, items: readonly BasketItem[]): BasketQuote {
  const quoted = new Map<BasketItemId, QuotedItem>()
  const problems = new Map<BasketItemId, NotForSale>()
  const orders: QuotedOrder[] = []
  const placed = items.flatMap((item) => {
    const place = placeOf(item, basket)
    return place ? [{ item, place }] : []
  })
  // What nobody has said anything about yet would be the buyer's own.
  const groups = Map.groupBy(placed, ({ item, place: { customer } }) =>
    [
      item.isForResale === true && item.endCustomerId === undefined,
      customer.id,
      customer.country,
      customer.currency,
    ].join(),
  )
  for (const members of groups.values()) {
    const [first] = members
    if (!first) continue
    const { customer } = first.place
    const lines = members.map(({ item }) => ({
      planId: item.planId,
      quantity: item.quantity,
      isForResale: item.isForResale ?? false,
    }))
    const priced = tryOrders(basket.book, customer, lines, 'storefront')
    for (const [index, problem] of priced.problems) {
      const id = members[index]?.item.id
      if (id)
        problems.set(
          id,
          problem.code === 'price/not-calculable'
            ? { ...problem, message: keepingBasket(problem.message) }
            : problem,
        )
    }
    for (const { currency, quote, items: orderItems, lineIndexes } of priced.orders) {
      const own = lineIndexes.flatMap((index) => members[index] ?? [])
      for (const [at, { item, place }] of own.entries()) {
        const orderItem = orderItems[at]
        invariant(orderItem, 'an order item for every line that was priced')
        const { unitPrice, net, explanation } = orderItem
        const isSoftware = basket.book.offers.get(item.planId)?.software !== undefined
        const isIndicative = isSoftware && place.isIndicative
        quoted.set(item.id, { unitPrice, net, explanation, country: customer.country, isIndicative })
      }
      const isDecided = members.every(({ item }) => !(item.isForResale && item.endCustomerId === undefined))
      if (isDecided)
        orders.push({
          endCustomerId: customer.id,
          currency,
          itemIds: own.map(({ item }) => item.id),
          net: quote.net,
          tax: quote.tax,
          total: quote.total,
        })
    }
  }
  return { at: basket.book.at, items: quoted, problems, vat: basket.book.tax, orders }
}

/**
 * The buyer's open basket at today's prices; undefined when there is none. `tried`: as if an item had another quantity, which is not
 * kept; volume discounts count over the whole order, so every item may cost something else then.
 */
export async function quoteBasket(
  app: Pick<App, 'db' | 'now'>,
  actor: Portal,
  tried?: { readonly itemId: BasketItemId; readonly quantity: number },
): Promise<OpenBasketQuote | undefined> {
  assertMay(actor, 'buy')
  return asking(app.db, scopeOf(actor), async (tx) => {
    const basket = await findOpenBasket(tx, actor.userId)
    if (!basket) return undefined
    const kept = await listItems(tx, basket.id)
    const items = kept.map((item) =>
      item.id === tried?.itemId ? { ...item, quantity: tried.quantity } : item,
    )
    return { ...priceItems(await loadBasketBook(tx, basket, items, app.now()), items), basket, kept }
  })
}

/**
 * After a buyer changed a basket: what it shows now has been seen. Only where the price before the change was the one the buyer knew:
 * a price that moved by itself is still asked about. `renewed`: items whose price is a new one because of what the buyer did.
 */
export async function renewSeenPrices(
  tx: Tx,
  basket: Pick<Basket, 'id' | 'accountId'>,
  before: readonly BasketItem[],
  at: Temporal.Instant,
  renewed: (item: BasketItem, book: PriceBook) => boolean = () => false,
): Promise<BasketQuote> {
  const after = await listItems(tx, basket.id)
  const book = await loadBasketBook(tx, basket, [...before, ...after], at)
  const was = priceItems(book, before)
  const is = priceItems(book, after)
  const changed = after.flatMap((item) => {
    const known = was.items.get(item.id)?.unitPrice
    const price = is.items.get(item.id)?.unitPrice
    const isUpToDate = known && isSamePrice(known, item.seenPrice) && !isSeenTooLongAgo(item, at)
    const isSeen = renewed(item, book.book) || (isUpToDate && price && !isSamePrice(price, known))
    return price && isSeen ? [{ id: item.id, seenPrice: price }] : []
  })
  await saveSeenPrices(tx, basket.id, changed, at)
  return is
}
