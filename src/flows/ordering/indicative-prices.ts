// What plans cost before anybody said for whom (product.md S2): for the buyer's own country and currency, or for those it looks at. For
// product cards and the page that adds to the basket; three trips for any number of plans. Every answer says what it assumed.
import { countryName } from '#kernel/countries.ts'
import type { PlanId } from '#kernel/ids.ts'
import type { Currency, Money, Price } from '#kernel/money.ts'
import { softwareSku } from '#kernel/software-sku.ts'
import { loadAccount } from '#modules/accounts'
import type { NotForSale, Offer } from '#modules/catalogue'
import { type VolumeDiscount, volumeDiscountFor } from '#modules/pricing'
import { type Portal, scopeOf } from '#modules/users'
import { asking } from '#platform/db.ts'
import type { App } from '../app.ts'
import { type ChosenPlace, readPlace } from './add-to-basket.ts'
import { type Customer, loadPriceBook, type PriceBook, placesOf } from './price-book.ts'
import { tryOrders } from './price-order.ts'

export type IndicativePriceOfPlan =
  | {
      readonly sku: string
      readonly quantity: number
      readonly unitPrice: Price
      /** Of that quantity, for the whole term. */
      readonly net: Money
      /** Why, without a cost. */
      readonly explanation: object
      /** A reseller's software is priced for whoever will use it, so this only gives an idea; other prices are what they are. */
      readonly isIndicative: boolean
      /** What one licence costs from a quantity on, where the vendor's sheet names several; else empty. */
      readonly tiers: readonly { readonly from: number; readonly unitPrice: Price }[]
      readonly volumeDiscount: Pick<VolumeDiscount, 'name' | 'mode' | 'tiers'> | undefined
    }
  | { readonly problem: NotForSale }

export type IndicativePrices = {
  /** What was assumed, for the label. */
  readonly country: string
  readonly currency: Currency
  readonly plans: ReadonlyMap<PlanId, IndicativePriceOfPlan>
}

/**
 * Each plan by itself, in the smallest quantity it is sold in unless another is asked for. Who buys for itself is its own end customer:
 * its prices assume nothing.
 */
export async function indicativePrices(
  app: Pick<App, 'db' | 'now'>,
  actor: Portal,
  input: { readonly planIds: readonly PlanId[]; readonly quantity?: number | undefined } & ChosenPlace,
): Promise<IndicativePrices> {
  return asking(app.db, scopeOf(actor), async (tx) => {
    const buyer = await loadAccount(tx, actor.accountId)
    const isReseller = buyer.kind === 'reseller'
    const { country, currency } = isReseller ? readPlace(input, buyer) : buyer
    const book = await loadPriceBook(tx, {
      payer: buyer,
      planIds: input.planIds,
      customerIds: [buyer.id],
      places: [{ country, currency }],
      at: app.now(),
    })
    const customer = { ...buyer, country, currency }
    const plans = new Map<PlanId, IndicativePriceOfPlan>()
    for (const planId of new Set(input.planIds)) {
      const offer = book.offers.get(planId)
      if (!offer) continue
      const quantity = input.quantity ?? offer.minQuantity
      const found = priceOf(book, customer, offer, quantity)
      plans.set(
        planId,
        'problem' in found
          ? found
          : {
              ...found,
              sku: offer.sku,
              quantity,
              isIndicative: isReseller && offer.software !== undefined,
              tiers: tiersOf(book, customer, offer),
              volumeDiscount: volumeDiscountFor(book.rules.volumeDiscounts, offer, found.unitPrice.currency),
            },
      )
    }
    return { country, currency, plans }
  })
}

type Found = { readonly unitPrice: Price; readonly net: Money; readonly explanation: object }

function priceOf(
  book: PriceBook,
  customer: Customer,
  offer: Offer,
  quantity: number,
): Found | { readonly problem: NotForSale } {
  const line = { planId: offer.planId, quantity, isForResale: false }
  const { orders, problems } = tryOrders(book, customer, [line], 'storefront')
  const item = orders[0]?.items[0]
  if (item) return { unitPrice: item.unitPrice, net: item.net, explanation: item.explanation }
  const problem = problems.get(0)
  if (problem && problem.code !== 'price/not-calculable') return { problem }
  // Nobody has said yet who will use it: the place is told, not a customer.
  const place = countryName(customer.country)
  return {
    problem: {
      code: 'price/not-calculable',
      message: `Prices cannot be calculated: there is no price of ${offer.name} in ${customer.currency} for ${place}.`,
    },
  }
}

/** Sheets name a price by quantity for some plans: each is asked at the first quantity it holds for. */
function tiersOf(book: PriceBook, customer: Customer, offer: Offer): { from: number; unitPrice: Price }[] {
  if (!offer.software) return []
  const places = placesOf(book, customer)
  const starts = (book.points.get(softwareSku(offer.software)) ?? [])
    .filter(({ market, currency }) =>
      places.some((place) => place.market === market && place.currency === currency),
    )
    .flatMap(({ tierMin }) => (tierMin === undefined ? [] : [Number(tierMin)]))
    .filter((from) => from > offer.minQuantity && from <= offer.maxQuantity)
  if (starts.length === 0) return []
  const tiers: { from: number; unitPrice: Price }[] = []
  for (const from of [...new Set([offer.minQuantity, ...starts])].sort((a, b) => a - b)) {
    const found = priceOf(book, customer, offer, from)
    if ('unitPrice' in found && found.unitPrice.micros !== tiers.at(-1)?.unitPrice.micros)
      tiers.push({ from, unitPrice: found.unitPrice })
  }
  return tiers.length > 1 ? tiers : []
}
