// What a next term costs: the sheet and the seller's rules valid at a moment, through the same engine as an order (product.md S5, S10).
// Subscriptions of one order that renew together are priced together, because volume discounts count over them. A price that was agreed
// for the order was agreed for its first term only.
import { invariant } from '#kernel/failure.ts'
import type { AccountId, PriceSheetId, SubscriptionId } from '#kernel/ids.ts'
import { type Account, loadAccounts } from '#modules/accounts'
import type { NotForSale } from '#modules/catalogue'
import { type LegalEntity, loadLegalEntity } from '#modules/invoicing'
import { listOrdersOfKnownCustomers, type OrderItem } from '#modules/orders'
import { listRenewing, type Renewing, type Subscription } from '#modules/subscriptions'
import type { Tx } from '#platform/db.ts'
import { asksForPurchases, loadPriceBooks, type PriceBook } from '../ordering/price-book.ts'
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

/**
 * A few statements whatever the number of subscriptions and of those who pay for them. `release` is tried out: prices as if that price sheet
 * were in force.
 */
export async function priceNextTerms(
  tx: Tx,
  asked: readonly Asked[],
  at: Temporal.Instant,
  release?: PriceSheetId,
): Promise<ReadonlyMap<SubscriptionId, NextPrice>> {
  const prices = new Map<SubscriptionId, NextPrice>()
  if (asked.length === 0) return prices
  const wanted = new Set(asked.map(({ id }) => id))
  const running = await listRenewing(
    tx,
    asked.map(({ orderId }) => orderId),
  )
  const byId = new Map(running.map((each) => [each.id, each]))
  const ofOrder = Map.groupBy(running, ({ orderId }) => orderId)
  const groups = asked.flatMap(({ id }) => {
    const own = byId.get(id)
    return own ? [together(own, ofOrder.get(own.orderId) ?? [])] : []
  })
  const [seller, listed] = await Promise.all([
    loadLegalEntity(tx),
    loadAccounts(tx, [...new Set(groups.flatMap(({ own }) => [own.billingToId, own.endCustomerId]))]),
  ])
  const accounts = new Map(listed.map((account) => [account.id, account]))
  const books = await booksFor(tx, { seller, accounts, groups, at, release })
  const asksWhoIsNew = [...books.values()].some(({ rules }) => asksForPurchases(rules.promotions))
  const known = asksWhoIsNew
    ? await listOrdersOfKnownCustomers(
        tx,
        groups.map(({ own }) => own.orderId),
      )
    : new Set()
  for (const group of groups) {
    if (prices.has(group.own.id)) continue
    const book = books.get(group.own.billingToId)
    invariant(book, 'a book for every payer')
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

type Accounts = ReadonlyMap<AccountId, Account>

type Group = { readonly own: Renewing; readonly members: readonly Renewing[] }

/** Those of an order that renew on the same day, with those that have gone ahead into the same term; the one asked about among them. */
function together(own: Renewing, ofOrder: readonly Renewing[]): Group {
  const begins = own.endsOn.add({ days: 1 })
  const members = ofOrder.filter(
    (each) =>
      each.id === own.id ||
      (each.currency === own.currency &&
        each.autoRenew &&
        (each.endsOn.equals(own.endsOn) || each.startsOn.equals(begins))),
  )
  return { own, members }
}

async function booksFor(
  tx: Tx,
  given: {
    readonly seller: LegalEntity
    readonly accounts: Accounts
    readonly groups: readonly Group[]
    readonly at: Temporal.Instant
    readonly release: PriceSheetId | undefined
  },
): Promise<ReadonlyMap<AccountId, PriceBook>> {
  const { seller, accounts, groups, at, release } = given
  const payers = [...new Set(groups.map(({ own }) => own.billingToId))].map((id) => accountIn(accounts, id))
  const books = await loadPriceBooks(tx, {
    seller,
    payers,
    planIds: groups.flatMap(({ members }) => members.map(({ planId }) => planId)),
    at,
    customerIds: groups.map(({ own }) => own.endCustomerId),
    places: groups.map(({ own }) => ({
      country: accountIn(accounts, own.endCustomerId).country,
      currency: own.currency,
    })),
    release,
  })
  return new Map(payers.map(({ id }, index) => [id, books[index] as PriceBook]))
}

function priceGroup(
  book: PriceBook,
  { own, members }: Group,
  given: {
    readonly accounts: Accounts
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
    const isTogether = member.endsOn.equals(own.endsOn) && member.termNumber === own.termNumber
    if (member.id !== own.id && !(isTogether && given.isWanted(member.id))) return []
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

function accountIn(accounts: Accounts, id: AccountId): Account {
  const account = accounts.get(id)
  invariant(account, 'a subscription has its accounts')
  return account
}
