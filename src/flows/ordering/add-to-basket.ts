// "Add to basket": quantity N of an ESD plan becomes N items of quantity 1, because each will be an asset of its own (E2). Software is
// one item with its quantity; until the end customer is chosen it has an indicative price (S2).
import { isCountry } from '#kernel/countries.ts'
import { invalid, invariant, Refusal } from '#kernel/failure.ts'
import { type BasketId, newId, type PlanId } from '#kernel/ids.ts'
import { isCurrency } from '#kernel/money.ts'
import { type Account, loadAccount } from '#modules/accounts'
import {
  assertOpen,
  type BasketItem,
  insertItems,
  itemsFor,
  listItems,
  lockBasket,
  lockOpenBasket,
  MAX_ITEMS,
  readQuantity,
} from '#modules/basket'
import { assertMay, type Portal, scopeOf } from '#modules/users'
import { transaction } from '#platform/db.ts'
import type { App } from '../app.ts'
import { type AssumedPlace, loadBasketBook, renewSeenPrices } from './price-basket.ts'
import { priceOrders } from './price-order.ts'

/** A country somebody looks at prices for; the buyer's own currency where none is named. */
export type ChosenPlace = {
  readonly country?: string | undefined
  readonly currency?: string | undefined
}

/** Where software is priced before anybody is chosen: the buyer's own country and currency, or those asked for. */
export function readPlace(
  { country = '', currency = '' }: ChosenPlace,
  buyer: Pick<Account, 'country' | 'currency'>,
): AssumedPlace {
  if (country && !isCountry(country))
    throw invalid({
      pointer: '/country',
      code: 'unknown-country',
      message: `"${country}" is not a country code such as DE.`,
    })
  if (currency && !isCurrency(currency))
    throw invalid({
      pointer: '/currency',
      code: 'unknown-currency',
      message: `"${currency}" is not a currency of ISO 4217.`,
    })
  return { country: country || buyer.country, currency: isCurrency(currency) ? currency : buyer.currency }
}

export async function addToBasket(
  app: Pick<App, 'db' | 'now'>,
  actor: Portal,
  input: {
    planId: PlanId
    quantity: unknown
    /** Where given, it must be the buyer's open basket. */
    basketId?: BasketId
  } & ChosenPlace,
): Promise<{ basketId: BasketId; items: BasketItem[] }> {
  assertMay(actor, 'buy')
  return transaction(app.db, scopeOf(actor), async (tx) => {
    const at = app.now()
    const buyer = await loadAccount(tx, actor.accountId)
    const fresh = {
      id: newId<BasketId>(),
      accountId: buyer.id,
      userId: actor.userId,
      state: 'open',
      currency: buyer.currency,
      reference: '',
    } as const
    const basket = await lockOpenBasket(tx, fresh, at)
    if (input.basketId && input.basketId !== basket.id) {
      const other = await lockBasket(tx, input.basketId)
      if (other.userId === actor.userId) assertOpen(other)
      throw new Refusal('basket/not-found', 'This basket does not exist.')
    }
    const before = await listItems(tx, basket.id)
    // Who buys for itself is its own end customer: nothing is assumed.
    const place = buyer.kind === 'reseller' ? readPlace(input, buyer) : buyer
    const { book } = await loadBasketBook(tx, basket, before, at, { planId: input.planId, place })
    const offer = book.offers.get(input.planId)
    if (!offer) throw new Refusal('plan/not-found', 'This product does not exist.', { id: input.planId })
    const quantity = readQuantity(input.quantity, offer.maxQuantity, '/quantity', offer.minQuantity)
    const [order] = priceOrders(
      book,
      { ...buyer, country: place.country, currency: place.currency },
      [{ planId: offer.planId, quantity, isForResale: false }],
      'storefront',
    )
    const seenPrice = order?.items[0]?.unitPrice
    invariant(seenPrice, 'what is not refused has a price')
    const isIndicative = offer.software !== undefined && buyer.kind === 'reseller'
    const items = itemsFor(
      {
        kind: offer.kind,
        planId: offer.planId,
        quantity,
        seenPrice,
        seenAt: at,
        indicative: isIndicative ? { price: seenPrice, country: place.country } : undefined,
      },
      before.at(-1)?.position ?? 0,
    )
    if (before.length + items.length > MAX_ITEMS)
      throw new Refusal(
        'basket/full',
        `A basket holds up to ${MAX_ITEMS} items; this one has ${before.length}. Order these first.`,
      )
    await insertItems(tx, basket.id, items)
    // Volume discounts count over the basket: what is put in may change what the others cost.
    const fresher = new Set(items.map(({ id }) => id))
    const now = await renewSeenPrices(tx, basket, before, at, ({ id }) => fresher.has(id))
    return {
      basketId: basket.id,
      items: items.map((item) => ({
        ...item,
        seenPrice: now.items.get(item.id)?.unitPrice ?? item.seenPrice,
      })),
    }
  })
}
