// What a next term costs: the sheet and the seller's rules valid at a moment, through the same engine as an order (product.md S5, S10).
// Subscriptions of one order that renew together are priced together, because volume discounts count over them. A price that was agreed
// for the order was agreed for its first term only.
import { invariant } from '#kernel/failure.ts'
import type { AccountId, SubscriptionId } from '#kernel/ids.ts'
import { type Account, loadAccounts } from '#modules/accounts'
import type { NotForSale } from '#modules/catalogue'
import { type LegalEntity, loadLegalEntity } from '#modules/invoicing'
import { listOrdersOfKnownCustomers, type OrderItem } from '#modules/orders'
import { listRenewing, type Renewing, type Subscription } from '#modules/subscriptions'
import type { Tx } from '#platform/db.ts'
import { asksForPurchases, loadPriceBook, type PriceBook } from '../ordering/price-book.ts'
import { type Line, tryOrders } from '../ordering/price-order.ts'

/** Prices, tax and both explanations of a next term, or why there is none. */
export type NextPrice =
  | { readonly item: OrderItem; readonly taxNote: string; readonly problem?: undefined }
  | { readonly problem: NotForSale; readonly item?: undefined }

type Asked = Pick<Subscription, 'id' | 'orderId'>

/** The next term of one subscription; `approved` lets it be below its cost. */
export async function priceNextTerm(tx: Tx, asked: Asked, at: Temporal.Instant): Promise<NextPrice> {
  const price = (await priceNextTerms(tx, [asked], at)).get(asked.id)
  invariant(price, 'a price or a problem for every subscription asked about')
  return price
}

/** A few statements whatever the number of subscriptions, and two for each who pays for some of them. */
export async function priceNextTerms(
  tx: Tx,
  asked: readonly Asked[],
  at: Temporal.Instant,
): Promise<ReadonlyMap<SubscriptionId, NextPrice>> {
  const prices = new Map<SubscriptionId, NextPrice>()
  if (asked.length === 0) return prices
  const wanted = new Set(asked.map(({ id }) => id))
  const running = await listRenewing(
    tx,
    asked.map(({ orderId }) => orderId),
  )
  const groups = asked.flatMap(({ id }) => {
    const own = running.find((each) => each.id === id)
    return own && !prices.has(id) ? [together(own, running)] : []
  })
  const seller = await loadLegalEntity(tx)
  const accounts = await loadAccounts(tx, [
    ...new Set(groups.flatMap(({ own }) => [own.billingToId, own.endCustomerId])),
  ])
  for (const [payerId, ofPayer] of Map.groupBy(groups, ({ own }) => own.billingToId)) {
    const book = await bookFor(tx, { payerId, seller, accounts, groups: ofPayer, at })
    const known = asksForPurchases(book.rules.promotions)
      ? await listOrdersOfKnownCustomers(
          tx,
          ofPayer.map(({ own }) => own.orderId),
        )
      : new Set()
    for (const group of ofPayer)
      for (const [id, price] of priceGroup(book, group, {
        accounts,
        wasKnown: known.has(group.own.orderId),
        isWanted: (each) => wanted.has(each),
      }))
        prices.set(id, price)
  }
  for (const { id } of asked)
    if (!prices.has(id))
      prices.set(id, { problem: { code: 'subscription/never-renews', message: 'It has no next term.' } })
  return prices
}

type Group = { readonly own: Renewing; readonly members: readonly Renewing[] }

/** Those that renew on the same day in the same order, with those that have gone ahead into the same term; the one asked about among them. */
function together(own: Renewing, running: readonly Renewing[]): Group {
  const begins = own.endsOn.add({ days: 1 })
  const members = running.filter(
    (each) =>
      each.id === own.id ||
      (each.orderId === own.orderId &&
        each.currency === own.currency &&
        each.autoRenew &&
        (each.endsOn.equals(own.endsOn) || each.startsOn.equals(begins))),
  )
  return { own, members }
}

function bookFor(
  tx: Tx,
  given: {
    readonly payerId: AccountId
    readonly seller: LegalEntity
    readonly accounts: readonly Account[]
    readonly groups: readonly Group[]
    readonly at: Temporal.Instant
  },
): Promise<PriceBook> {
  const { payerId, seller, accounts, groups, at } = given
  const customers = [...new Set(groups.map(({ own }) => own.endCustomerId))]
  return loadPriceBook(tx, {
    seller,
    payer: accountIn(accounts, payerId),
    planIds: groups.flatMap(({ members }) => members.map(({ planId }) => planId)),
    at,
    customerIds: customers,
    places: groups.map(({ own }) => ({
      country: accountIn(accounts, own.endCustomerId).country,
      currency: own.currency,
    })),
  })
}

function priceGroup(
  book: PriceBook,
  { own, members }: Group,
  given: {
    readonly accounts: readonly Account[]
    readonly wasKnown: boolean
    readonly isWanted: (id: SubscriptionId) => boolean
  },
): [SubscriptionId, NextPrice][] {
  const { id, name, country } = accountIn(given.accounts, own.endCustomerId)
  // Charges are invoiced in the currency of the order, whatever the account's is today.
  const customer = { id, name, country, currency: own.currency }
  const purchases = book.purchases.get(id)
  const asBought: PriceBook = {
    ...book,
    termNumber: own.termNumber + 1,
    purchases: new Map([[id, { hasBought: given.wasKnown, productIds: purchases?.productIds ?? new Set() }]]),
  }
  const lines = members.map(
    ({ planId, quantity, approval }): Line => ({
      planId,
      quantity,
      isForResale: own.billingToId !== id,
      approval,
    }),
  )
  const { orders, problems } = tryOrders(asBought, customer, lines, 'backoffice')
  const { tax } = book
  return members.flatMap((member, index): [SubscriptionId, NextPrice][] => {
    if (member.id !== own.id && !(given.isWanted(member.id) && member.endsOn.equals(own.endsOn))) return []
    const problem = problems.get(index)
    if (problem) return [[member.id, { problem }]]
    if (!tax)
      return [
        [
          member.id,
          {
            problem: { code: 'tax/no-rate', message: `There is no VAT rate for ${book.taxCountry} yet.` },
          },
        ],
      ]
    const item = orders.flatMap((order) => order.items[order.lineIndexes.indexOf(index)] ?? [])[0]
    invariant(item, 'what has no problem has a price')
    return [[member.id, { item, taxNote: tax.note }]]
  })
}

function accountIn(accounts: readonly Account[], id: AccountId): Account {
  const account = accounts.find((each) => each.id === id)
  invariant(account, 'a subscription has its accounts')
  return account
}
