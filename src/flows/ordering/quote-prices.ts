// What lines would cost a payer now, without ordering anything: the same prices and VAT an order placed now would have.
import { invalid, Refusal } from '#kernel/failure.ts'
import type { AccountId, PlanId } from '#kernel/ids.ts'
import { lineTotal, type Money, type Price } from '#kernel/money.ts'
import { type Account, loadAccount, mayBuyFor } from '#modules/accounts'
import { readQuantity } from '#modules/basket'
import { loadLegalEntity } from '#modules/invoicing'
import type { Explanation, Quote } from '#modules/pricing'
import { assertMay, mayDo, type Portal, type Staff, scopeOf } from '#modules/users'
import { transaction } from '#platform/db.ts'
import type { App } from '../app.ts'
import { loadPriceBook, priceLines } from './price-order.ts'

const MAX_LINES = 200

export type QuotedPrice = {
  readonly planId: PlanId
  readonly name: string
  readonly sku: string
  readonly quantity: number
  readonly unitPrice: Price
  readonly net: Money
  readonly tax: Money
  readonly taxBasisPoints: number
  readonly explanation: Explanation
  /** Undefined for everybody who may not see costs, and where the cost is not known. */
  readonly unitCost: Price | undefined
  readonly cost: Money | undefined
}

export type PriceQuote = Pick<Quote, 'net' | 'tax' | 'total'> & {
  readonly lines: readonly QuotedPrice[]
  readonly seesCosts: boolean
  readonly taxNote: string
}

export type PriceQuestion = {
  readonly billingToId: AccountId
  readonly endCustomerId: AccountId
  readonly lines: readonly { readonly planId: PlanId; readonly quantity: unknown }[]
  /** VAT as of this moment; a price typed into the catalogue has no history. */
  readonly at?: Temporal.Instant | undefined
}

function assertParties(actor: Staff | Portal, payer: Account, customer: Account): void {
  const isOwn = actor.kind === 'staff' || payer.id === actor.accountId
  if (!isOwn || !mayBuyFor(payer, customer))
    throw new Refusal('account/not-found', 'This customer does not exist, or the payer does not buy for it.')
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
  return transaction(app.db, scopeOf(actor), async (tx) => {
    const [payer, seller] = await Promise.all([loadAccount(tx, input.billingToId), loadLegalEntity(tx)])
    const customer = input.endCustomerId === payer.id ? payer : await loadAccount(tx, input.endCustomerId)
    assertParties(actor, payer, customer)
    const planIds = input.lines.map(({ planId }) => planId)
    const book = await loadPriceBook(tx, seller, payer, planIds, input.at ?? app.now())
    const lines = input.lines.map(({ planId, quantity }, index) => ({
      planId,
      quantity: readQuantity(
        quantity,
        book.offers.get(planId)?.maxQuantity ?? 1000,
        `/lines/${index}/quantity`,
      ),
      isForResale: payer.id !== customer.id,
    }))
    const where = actor.kind === 'portal' ? 'storefront' : 'backoffice'
    const { quote, items } = priceLines(book, lines, where)
    return {
      net: quote.net,
      tax: quote.tax,
      total: quote.total,
      seesCosts,
      taxNote: book.tax.note,
      lines: items.map((item, index): QuotedPrice => {
        const explanation = quote.lines[index]?.explanation
        if (!explanation) throw new Error('invariant broken: every line is explained')
        const unitCost = seesCosts ? item.unitCost : undefined
        return {
          planId: item.planId,
          name: item.name,
          sku: item.sku,
          quantity: item.quantity,
          unitPrice: item.unitPrice,
          net: item.net,
          tax: item.tax,
          taxBasisPoints: item.taxBasisPoints,
          explanation,
          unitCost,
          cost: unitCost && lineTotal(unitCost, item.quantity),
        }
      }),
    }
  })
}
