// What lines would cost a payer now, without ordering anything: the same prices and VAT an order placed now would have. Lines may be in
// two currencies, ESD licences in the payer's and software in the end customer's; then they would become two orders, with a total each.
import { invalid, invariant, Refusal } from '#kernel/failure.ts'
import type { AccountId, PlanId } from '#kernel/ids.ts'
import type { Currency, Money, Price } from '#kernel/money.ts'
import { type Account, loadAccounts, mayBuyFor } from '#modules/accounts'
import { MOST_QUANTITY, readQuantity } from '#modules/basket'
import { loadLegalEntity } from '#modules/invoicing'
import type { Explanation, FullExplanation } from '#modules/pricing'
import { assertMay, mayDo, type Portal, type Staff, scopeOf } from '#modules/users'
import { asking } from '#platform/db.ts'
import type { App } from '../app.ts'
import { loadPriceBook, taxIn } from './price-book.ts'
import { type PricedOrder, priceOrders } from './price-order.ts'

const MAX_LINES = 200

/** One step that lowered a price, as the explanation tells it. */
export type QuotedDiscount = {
  readonly kind: 'price list' | 'volume discount' | 'promotion'
  readonly name: string
}

export type QuotedPrice = {
  readonly planId: PlanId
  readonly name: string
  readonly sku: string
  readonly quantity: number
  readonly unitPrice: Price
  readonly net: Money
  readonly tax: Money
  readonly taxBasisPoints: number
  readonly discounts: readonly QuotedDiscount[]
  /** One per billing period; they add up to `net`. */
  readonly charges: readonly Money[]
  /** With costs for those who may see them. */
  readonly explanation: Explanation | FullExplanation
  /** Undefined for everybody who may not see costs, and where the cost is not known. */
  readonly unitCost: Price | undefined
  readonly cost: Money | undefined
}

export type QuoteTotal = {
  readonly currency: Currency
  readonly net: Money
  readonly tax: Money
  readonly total: Money
}

export type PriceQuote = {
  readonly lines: readonly QuotedPrice[]
  /** One per currency, in the order of the lines. */
  readonly totals: readonly QuoteTotal[]
  readonly seesCosts: boolean
  readonly taxNote: string
}

export type PriceQuestion = {
  readonly billingToId: AccountId
  readonly endCustomerId: AccountId
  readonly lines: readonly { readonly planId: PlanId; readonly quantity: unknown }[]
  /** VAT, sheet rows and rules as of this moment; a price typed into the catalogue has no history. */
  readonly at?: Temporal.Instant | undefined
}

function partiesIn(
  actor: Staff | Portal,
  accounts: readonly Account[],
  { billingToId, endCustomerId }: PriceQuestion,
): { payer: Account; customer: Account } {
  const payer = accounts.find(({ id }) => id === billingToId)
  const customer = accounts.find(({ id }) => id === endCustomerId)
  const isOwn = actor.kind === 'staff' || payer?.id === actor.accountId
  if (!payer || !isOwn)
    throw new Refusal('account/not-found', 'This account does not exist.', { id: billingToId })
  if (!customer || !mayBuyFor(payer, customer))
    throw new Refusal(
      'account/not-found',
      'This customer does not exist, or the payer does not buy for it.',
      {
        id: endCustomerId,
      },
    )
  return { payer, customer }
}

export async function quotePrices(
  app: Pick<App, 'db' | 'now'>,
  actor: Staff | Portal,
  input: PriceQuestion,
): Promise<PriceQuote> {
  assertMay(actor, actor.kind === 'portal' ? 'buy' : 'order-on-behalf')
  const seesCosts = actor.kind === 'staff' && mayDo(actor, 'see-costs')
  if (input.lines.length === 0 || input.lines.length > MAX_LINES)
    throw invalid({ pointer: '/lines', code: 'out-of-range', message: `Ask for 1 to ${MAX_LINES} lines.` })
  return asking(app.db, scopeOf(actor), async (tx) => {
    const [accounts, seller] = await Promise.all([
      loadAccounts(tx, [...new Set([input.billingToId, input.endCustomerId])]),
      loadLegalEntity(tx),
    ])
    const { payer, customer } = partiesIn(actor, accounts, input)
    const book = await loadPriceBook(tx, {
      seller,
      payer,
      planIds: input.lines.map(({ planId }) => planId),
      customerIds: [customer.id],
      places: [customer],
      at: input.at ?? app.now(),
    })
    const lines = input.lines.map(({ planId, quantity }, index) => ({
      planId,
      quantity: readQuantity(
        quantity,
        book.offers.get(planId)?.maxQuantity ?? MOST_QUANTITY,
        `/lines/${index}/quantity`,
      ),
      isForResale: payer.id !== customer.id,
    }))
    const orders = priceOrders(book, customer, lines, actor.kind === 'portal' ? 'storefront' : 'backoffice')
    return {
      lines: linesIn(orders, lines.length, seesCosts),
      totals: orders.map(({ currency, quote }) => ({
        currency,
        net: quote.net,
        tax: quote.tax,
        total: quote.total,
      })),
      seesCosts,
      taxNote: taxIn(book).note,
    }
  })
}

/** The lines of all orders in the order in which they were asked about. */
function linesIn(orders: readonly PricedOrder[], count: number, seesCosts: boolean): QuotedPrice[] {
  const lines: QuotedPrice[] = []
  for (const { items, quote, lineIndexes } of orders)
    for (const [at, item] of items.entries()) {
      const priced = quote.lines[at]
      const index = lineIndexes[at]
      invariant(priced && index !== undefined, 'every item was asked about and priced')
      lines[index] = {
        planId: item.planId,
        name: item.name,
        sku: item.sku,
        quantity: item.quantity,
        unitPrice: item.unitPrice,
        net: item.net,
        tax: item.tax,
        taxBasisPoints: item.taxBasisPoints,
        discounts: discountsIn(priced.explanation),
        charges: priced.charges,
        explanation: seesCosts ? priced.explanation : item.explanation,
        unitCost: seesCosts ? priced.unitCost : undefined,
        cost: seesCosts ? priced.cost : undefined,
      }
    }
  invariant(lines.filter(Boolean).length === count, 'a price for every line')
  return lines
}

function discountsIn({ steps }: FullExplanation): QuotedDiscount[] {
  return steps.flatMap((step) =>
    step.step === 'price list' || step.step === 'volume discount' || step.step === 'promotion'
      ? [{ kind: step.step, name: step.name }]
      : [],
  )
}
