// The buyer's open basket, made when there is none: everybody has at most one.
import { type BasketId, newId } from '#kernel/ids.ts'
import { loadAccount } from '#modules/accounts'
import { type Basket, lockOpenBasket } from '#modules/basket'
import { assertMay, type Portal, scopeOf } from '#modules/users'
import { transaction } from '#platform/db.ts'
import type { App } from '../app.ts'

export async function openBasket(app: Pick<App, 'db' | 'now'>, actor: Portal): Promise<Basket> {
  assertMay(actor, 'buy')
  return transaction(app.db, scopeOf(actor), async (tx) => {
    const buyer = await loadAccount(tx, actor.accountId)
    const made = { accountId: buyer.id, userId: actor.userId, currency: buyer.currency, reference: '' }
    return lockOpenBasket(tx, { ...made, id: newId<BasketId>(), state: 'open' }, app.now())
  })
}
