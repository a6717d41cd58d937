// Prices what one end customer is to get, with the engine: used by the checkout, the basket, orders on behalf and price quotes, so that
// one order never has two prices. Lines in one currency are one order, and volume discounts count over it; ESD licences are priced
// in the payer's currency, software in the end customer's.
import { type FieldFault, invariant, Refusal } from '#kernel/failure.ts'
import { newId, type PlanId } from '#kernel/ids.ts'
import type { Currency } from '#kernel/money.ts'
import { softwareSku } from '#kernel/software-sku.ts'
import { type NotForSale, type Offer, whyNotAvailable } from '#modules/catalogue'
import type { OrderItem } from '#modules/orders'
import { pointInForce } from '#modules/price-sheets'
import {
  type Base,
  catalogueBase,
  type ManualPrice,
  needsApproval,
  type PricedQuote,
  type PricedQuoteLine,
  type PricingFacts,
  type PricingLine,
  type PublicExplanation,
  publicExplanation,
  quoteLines,
  type StandingApproval,
  sheetBase,
  type Tax,
} from '#modules/pricing'
import { type Customer, isCarriedFor, type PriceBook, placesOf, taxIn } from './price-book.ts'

export type Line = {
  readonly planId: PlanId
  readonly quantity: number
  readonly isForResale: boolean
  /** Given by somebody of the seller, in the back office. */
  readonly manual?: ManualPrice | undefined
  /** This line may be below its cost. */
  readonly approval?: StandingApproval | undefined
  /** Of a draft: it may be below its cost until it is submitted. */
  readonly awaitsApproval?: boolean | undefined
}

export type Where = 'storefront' | 'backoffice'

/** What is shown while nobody knows the rate; priceOrders refuses before anything is ordered. */
const NO_TAX: Tax = { category: 'O', basisPoints: 0, note: '' }

type PricedItem = OrderItem & { readonly explanation: PublicExplanation }

/** What one end customer gets in one currency: what becomes an order. */
export type PricedOrder = {
  readonly currency: Currency
  readonly quote: PricedQuote
  readonly items: readonly PricedItem[]
  /** Where each item stood in the lines that were asked about. */
  readonly lineIndexes: readonly number[]
}

/** Refuses the first line that cannot be sold, naming it. */
export function priceOrders(
  book: PriceBook,
  customer: Customer,
  lines: readonly Line[],
  where: Where,
): PricedOrder[] {
  taxIn(book)
  const { orders, problems } = tryOrders(book, customer, lines, where)
  const [first] = [...problems].sort(([a], [b]) => a - b)
  if (first) {
    const [index, { code, message }] = first
    // What the seller must approve is told of all lines at once.
    const faults = [...problems].flatMap(([at, problem]): FieldFault[] =>
      at === index || (code === 'price/below-cost' && problem.code === code)
        ? [{ pointer: `/lines/${at}${code === 'price/below-cost' ? '' : '/planId'}`, ...problem }]
        : [],
    )
    throw new Refusal(code, message, {}, faults)
  }
  return orders
}

/** Prices what can be priced, and says of every other line why not: a basket is shown even where it cannot be ordered. */
export function tryOrders(
  book: PriceBook,
  customer: Customer,
  lines: readonly Line[],
  where: Where,
): { orders: PricedOrder[]; problems: ReadonlyMap<number, NotForSale> } {
  const problems = new Map<number, NotForSale>()
  const sold: Sold[] = []
  for (const [index, line] of lines.entries()) {
    const found = startOf(book, customer, line, where)
    if ('code' in found) problems.set(index, found)
    else sold.push({ ...found, index, line })
  }
  const byCurrency = Map.groupBy(sold, ({ currency }) => currency)
  const orders = [...byCurrency].flatMap(([currency, group]) =>
    priceGroup(book, customer, currency, group, problems),
  )
  return { orders, problems }
}

type Start = { readonly offer: Offer; readonly base: Base; readonly currency: Currency }
type Sold = Start & { readonly index: number; readonly line: Line }

/** The offer of a line and the price it starts from, or why there is none. */
function startOf(book: PriceBook, customer: Customer, line: Line, where: Where): Start | NotForSale {
  const offer = book.offers.get(line.planId)
  if (!offer) return { code: 'plan/not-found', message: 'This product does not exist.' }
  const refused = whyNotAvailable(offer, where)
  if (refused) return refused
  if (line.quantity < offer.minQuantity)
    return {
      code: 'plan/quantity-too-small',
      message: `${offer.name} is sold from ${offer.minQuantity} licences on.`,
    }
  return offer.software ? sheetStart(book, customer, line, offer) : catalogueStart(book, offer)
}

function catalogueStart(book: PriceBook, offer: Offer): Start | NotForSale {
  const { unitPrice } = offer
  if (!unitPrice)
    return {
      code: 'price/not-calculable',
      message: `There is no price for ${offer.name} in ${book.currency}.`,
    }
  return { offer, currency: book.currency, base: catalogueBase({ ...offer, unitPrice }) }
}

/** S4: the sheet of the end customer's country and currency, else the conversion rule's, else nothing. */
function sheetStart(book: PriceBook, customer: Customer, line: Line, offer: Offer): Start | NotForSale {
  const { software } = offer
  invariant(software, 'software is told apart by its SKU')
  const own = book.points.get(softwareSku(software)) ?? []
  const base = sheetBase(placesOf(book, customer), (place) =>
    pointInForce(
      own.filter(({ market, currency }) => market === place.market && currency === place.currency),
      book.at,
      line.quantity,
    ),
  )
  if (!base) {
    const what = `${offer.name} in ${customer.currency}`
    const where = `${customer.country}, the country of ${customer.name}`
    return {
      code: 'price/not-calculable',
      message: isCarriedFor(book, customer)
        ? `Prices cannot be calculated: the price sheet in force for ${where}, has no price of ${what}.`
        : `Prices cannot be calculated: there is no price of ${what} for ${where}.`,
    }
  }
  return { offer, currency: customer.currency, base }
}

/** One order's lines together. A line the engine refuses is put aside with its reason and the others are priced without it. */
function priceGroup(
  book: PriceBook,
  customer: Customer,
  currency: Currency,
  group: readonly Sold[],
  problems: Map<number, NotForSale>,
): PricedOrder[] {
  let left = group
  while (left.length > 0) {
    const quote = tryQuote(book, customer, currency, left, problems)
    const good = left.filter(({ index }) => !problems.has(index))
    if (quote && good.length === left.length)
      return [
        {
          currency,
          quote,
          items: left.map((sold, at) => itemOf(sold, at + 1, lineAt(quote, at))),
          lineIndexes: left.map(({ index }) => index),
        },
      ]
    left = good
  }
  return []
}

function tryQuote(
  book: PriceBook,
  customer: Customer,
  currency: Currency,
  group: readonly Sold[],
  problems: Map<number, NotForSale>,
): PricedQuote | undefined {
  const facts = factsOf(book, customer, currency)
  try {
    const quote = quoteLines(
      group.map(pricingLine),
      book.rules,
      facts,
      book.tax ?? NO_TAX,
      book.taxExceptions,
    )
    for (const [at, { index, offer, line }] of group.entries()) {
      const problem = whyNotAtThisPrice(offer, line, lineAt(quote, at))
      if (problem) problems.set(index, problem)
    }
    return quote
  } catch (error) {
    const at =
      error instanceof Refusal ? /^\/lines\/(\d+)/.exec(error.errors[0]?.pointer ?? '')?.[1] : undefined
    const sold = at === undefined ? undefined : group[Number(at)]
    if (!(error instanceof Refusal) || !sold) throw error
    problems.set(sold.index, { code: error.code, message: error.message })
    return undefined
  }
}

function factsOf(book: PriceBook, customer: Customer, currency: Currency): PricingFacts {
  const purchases = book.purchases.get(customer.id)
  return {
    at: book.at,
    day: book.day,
    currency,
    isNewCustomer: !purchases?.hasBought,
    ownedProductIds: purchases?.productIds ?? new Set(),
    termNumber: book.termNumber ?? 1,
    elsewhere: book.elsewhere,
  }
}

function pricingLine({ offer, base, line }: Sold): PricingLine {
  return {
    planId: offer.planId,
    productId: offer.productId,
    groupIds: offer.groupIds,
    sku: offer.sku,
    kind: offer.kind,
    term: offer.software?.term,
    billingPlan: offer.software?.billingPlan,
    quantity: line.quantity,
    base,
    ...(line.manual ? { manual: line.manual } : {}),
    ...(line.approval ? { approval: line.approval } : {}),
  }
}

/** The two guards on what came out: nothing is given away without consent, nothing is sold below its cost without an approval (S1, S7). */
function whyNotAtThisPrice(offer: Offer, line: Line, priced: PricedQuoteLine): NotForSale | undefined {
  // A price of zero that somebody of the seller gave this very line, with a reason, is consented to.
  if (priced.net.amountMinor === 0n && !offer.allowsZero && !line.manual)
    return {
      code: 'price/zero-needs-consent',
      message: `${offer.name} has a price of zero that nobody consented to.`,
    }
  if (needsApproval(priced) && !line.awaitsApproval)
    return {
      code: 'price/below-cost',
      message: `${offer.name} cannot be sold at this price without an approval of the seller.`,
    }
  return undefined
}

function lineAt(quote: PricedQuote, at: number): PricedQuoteLine {
  const line = quote.lines[at]
  invariant(line, 'a priced line for every line')
  return line
}

function itemOf({ offer, line }: Sold, position: number, priced: PricedQuoteLine): PricedItem {
  return {
    id: newId(),
    position,
    planId: offer.planId,
    productId: offer.productId,
    instanceId: offer.instanceId,
    name: offer.name,
    sku: offer.sku,
    quantity: line.quantity,
    unitPrice: priced.unitPrice,
    unitCost: priced.unitCost,
    net: priced.net,
    tax: priced.tax,
    taxBasisPoints: priced.rate.basisPoints,
    taxCategory: priced.rate.category,
    explanation: publicExplanation(priced.explanation),
    pricing: priced.explanation,
    isForResale: line.isForResale,
  }
}
