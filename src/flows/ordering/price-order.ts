// Prices the lines of one order for one payer: offers, VAT, quote, and the items that make an order. Used by the checkout, by orders
// on behalf and by price quotes, so that one order never has two prices.
import { Refusal } from '#kernel/failure.ts'
import { newId, type PlanId } from '#kernel/ids.ts'
import type { Currency } from '#kernel/money.ts'
import type { Account } from '#modules/accounts'
import { listOffers, type Offer, whyNotForSale } from '#modules/catalogue'
import type { LegalEntity } from '#modules/invoicing'
import type { OrderItem } from '#modules/orders'
import { loadTaxRates, type Quote, quote, type Tax, taxFor } from '#modules/pricing'
import type { Tx } from '#platform/db.ts'

export type Line = { readonly planId: PlanId; readonly quantity: number; readonly isForResale: boolean }

export type PriceBook = {
  readonly offers: ReadonlyMap<PlanId, Offer>
  readonly tax: Tax
  readonly currency: Currency
}

/** Everything prices depend on: two statements in one trip, whatever the number of lines. */
export async function loadPriceBook(
  tx: Tx,
  seller: Pick<LegalEntity, 'country' | 'timeZone'>,
  payer: Pick<Account, 'country' | 'vatNumber' | 'currency'>,
  planIds: readonly PlanId[],
  at: Temporal.Instant,
): Promise<PriceBook> {
  const day = at.toZonedDateTimeISO(seller.timeZone).toPlainDate()
  const [rates, offers] = await Promise.all([
    loadTaxRates(tx, [seller.country, payer.country], day),
    listOffers(tx, planIds, payer.currency),
  ])
  const tax = taxFor(
    { sellerCountry: seller.country, buyerCountry: payer.country, buyerVatNumber: payer.vatNumber },
    rates,
  )
  if (!tax)
    throw new Refusal(
      'tax/no-rate',
      `There is no VAT rate for ${payer.country} yet, so this order cannot be priced. The seller has to enter it.`,
    )
  return { offers, tax, currency: payer.currency }
}

/** Refuses the first line that cannot be sold, naming it; `where` as in whyNotForSale. */
export function priceLines(
  book: PriceBook,
  lines: readonly Line[],
  where: 'storefront' | 'backoffice',
): { quote: Quote; items: OrderItem[] } {
  const sold = lines.map((line, index) => {
    const offer = book.offers.get(line.planId)
    const refused = offer
      ? whyNotForSale(offer, where)
      : { code: 'plan/not-found', message: 'This product does not exist.' }
    if (!offer || refused || !offer.unitPrice) {
      const code = refused?.code ?? 'price/not-calculable'
      const message = refused?.message ?? 'There is no price.'
      throw new Refusal(code, message, {}, [{ pointer: `/lines/${index}/planId`, code, message }])
    }
    return { line, offer, unitPrice: offer.unitPrice }
  })
  const priced = quote(
    sold.map(({ line, offer, unitPrice }) => ({
      planId: offer.planId,
      sku: offer.sku,
      quantity: line.quantity,
      unitPrice,
    })),
    book.currency,
    book.tax,
  )
  const items = sold.map(({ line, offer }, index): OrderItem => {
    const quoted = priced.lines[index]
    if (!quoted) throw new Error('invariant broken: a quoted line for every line')
    return {
      id: newId(),
      position: index + 1,
      planId: offer.planId,
      productId: offer.productId,
      instanceId: offer.instanceId,
      name: offer.name,
      sku: offer.sku,
      quantity: line.quantity,
      unitPrice: quoted.unitPrice,
      unitCost: offer.unitCost,
      net: quoted.net,
      tax: quoted.tax,
      taxBasisPoints: quoted.rate.basisPoints,
      taxCategory: quoted.rate.category,
      explanation: quoted.explanation,
      isForResale: line.isForResale,
    }
  })
  return { quote: priced, items }
}
