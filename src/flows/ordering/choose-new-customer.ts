// "New customer" in the checkout: the company is made and the items are for it, or neither. A second click finds the first
// click's customer and makes no other.
import { Refusal } from '#kernel/failure.ts'
import type { BasketId, BasketItemId } from '#kernel/ids.ts'
import { type Account, type AccountDetailsInput, loadAccount } from '#modules/accounts'
import { listItems, lockBasket } from '#modules/basket'
import { assertMay, type Portal, scopeOf } from '#modules/users'
import { transaction } from '#platform/db.ts'
import { createAccount } from '../accounts/create-account.ts'
import type { App } from '../app.ts'
import { assignItems } from './change-basket.ts'

export async function chooseNewCustomer(
  app: Pick<App, 'db' | 'now'>,
  actor: Portal,
  input: {
    readonly basketId: BasketId
    readonly itemIds: readonly BasketItemId[]
    readonly details: AccountDetailsInput
  },
): Promise<Account> {
  assertMay(actor, 'buy')
  return transaction(app.db, scopeOf(actor), async (tx) => {
    const basket = await lockBasket(tx, input.basketId)
    const items = (await listItems(tx, basket.id)).filter(({ id }) => input.itemIds.includes(id))
    if (items.length === 0)
      throw new Refusal(
        'basket-item/not-found',
        'These items are no longer in the basket. Look at the basket again.',
      )
    const [chosen] = new Set(items.map((item) => item.endCustomerId))
    if (chosen && items.every((item) => item.endCustomerId === chosen)) {
      const before = await loadAccount(tx, chosen)
      if (before.name === input.details.name?.trim() && before.email === input.details.email?.trim())
        return before
    }
    const customer = await createAccount({ ...app, db: tx }, actor, { details: input.details })
    const assignment = { itemIds: items.map(({ id }) => id), isForResale: true, endCustomerId: customer.id }
    await assignItems({ ...app, db: tx }, actor, { basketId: basket.id, assignments: [assignment] })
    return customer
  })
}
