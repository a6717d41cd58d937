// What plans cost before anybody said for whom (product.md S2): for the buyer's own country and currency, or for those it looks at. For
// product cards and the page that adds to the basket; three trips for any number of plans. Every answer says what it assumed.
import type { PlanId } from '#kernel/ids.ts'
import type { Currency, Price } from '#kernel/money.ts'
import { loadAccount } from '#modules/accounts'
import type { NotForSale } from '#modules/catalogue'
import { assertMay, type Portal, scopeOf } from '#modules/users'
import { transaction } from '#platform/db.ts'
import type { App } from '../app.ts'
import { type ChosenPlace, readPlace } from './add-to-basket.ts'
import { loadPriceBook } from './price-book.ts'
import { tryOrders } from './price-order.ts'

export type IndicativePriceOfPlan =
  | {
      readonly unitPrice: Price
      /** Why, without a cost. */
      readonly explanation: object
      /** Software is priced for whoever will use it, so this only gives an idea; an ESD licence has this price for everybody. */
      readonly isIndicative: boolean
    }
  | { readonly problem: NotForSale }

export type IndicativePrices = {
  /** What was assumed, for the label. */
  readonly country: string
  readonly currency: Currency
  readonly plans: ReadonlyMap<PlanId, IndicativePriceOfPlan>
}

/** Each plan by itself, in the smallest quantity it is sold in. */
export async function indicativePrices(
  app: Pick<App, 'db' | 'now'>,
  actor: Portal,
  input: { readonly planIds: readonly PlanId[] } & ChosenPlace,
): Promise<IndicativePrices> {
  assertMay(actor, 'buy')
  return transaction(app.db, scopeOf(actor), async (tx) => {
    const buyer = await loadAccount(tx, actor.accountId)
    const place = readPlace(input, buyer)
    const book = await loadPriceBook(tx, {
      payer: buyer,
      planIds: input.planIds,
      customerIds: [buyer.id],
      places: [place],
      at: app.now(),
    })
    const customer = { ...buyer, ...place }
    const plans = new Map<PlanId, IndicativePriceOfPlan>()
    for (const planId of new Set(input.planIds)) {
      const offer = book.offers.get(planId)
      const line = { planId, quantity: offer?.minQuantity ?? 1, isForResale: false }
      const { orders, problems } = tryOrders(book, customer, [line], 'storefront')
      const item = orders[0]?.items[0]
      const problem = problems.get(0)
      if (item)
        plans.set(planId, {
          unitPrice: item.unitPrice,
          explanation: item.explanation,
          isIndicative: offer?.software !== undefined,
        })
      else if (problem) plans.set(planId, { problem })
    }
    return { ...place, plans }
  })
}
