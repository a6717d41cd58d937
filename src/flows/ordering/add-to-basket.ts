// "Add to basket": quantity N of an ESD plan becomes N items of quantity 1, because each will be an asset of its own (E2).
import { Refusal } from '#kernel/failure.ts'
import { type BasketId, newId, type PlanId } from '#kernel/ids.ts'
import { loadAccount } from '#modules/accounts'
import {
  assertOpen,
  type BasketItem,
  countItems,
  insertItems,
  itemsFor,
  lockBasket,
  lockOpenBasket,
  MAX_ITEMS,
  readQuantity,
} from '#modules/basket'
import { listOffers, whyNotForSale } from '#modules/catalogue'
import { assertMay, type Portal, scopeOf } from '#modules/users'
import { transaction } from '#platform/db.ts'
import type { App } from '../app.ts'

export async function addToBasket(
  app: Pick<App, 'db' | 'now'>,
  actor: Portal,
  input: {
    planId: PlanId
    quantity: unknown
    /** Where given, it must be the buyer's open basket. */
    basketId?: BasketId
  },
): Promise<{ basketId: BasketId; items: BasketItem[] }> {
  assertMay(actor, 'buy')
  return transaction(app.db, scopeOf(actor), async (tx) => {
    const buyer = await loadAccount(tx, actor.accountId)
    const offer = (await listOffers(tx, [input.planId], buyer.currency)).get(input.planId)
    if (!offer) throw new Refusal('plan/not-found', 'This product does not exist.')
    const refused = whyNotForSale(offer)
    if (refused || !offer.unitPrice)
      throw new Refusal(refused?.code ?? 'price/not-calculable', refused?.message ?? 'There is no price.')
    const quantity = readQuantity(input.quantity, offer.maxQuantity)

    const at = app.now()
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
    const { items: count, last } = await countItems(tx, basket.id)
    const items = itemsFor(offer.kind, offer.planId, quantity, offer.unitPrice, last)
    if (count + items.length > MAX_ITEMS)
      throw new Refusal(
        'basket/full',
        `A basket holds up to ${MAX_ITEMS} items; this one has ${count}. Order these first.`,
      )
    await insertItems(tx, basket.id, items, at)
    return { basketId: basket.id, items }
  })
}
