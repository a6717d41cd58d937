// Buying in a world without a page: for tests of what follows.
import assert from 'node:assert/strict'
import { addToBasket } from '#flows/ordering/add-to-basket.ts'
import { giveServiceDetails } from '#flows/ordering/change-basket.ts'
import { placeOrder } from '#flows/ordering/place-order.ts'
import type { PlanId } from '#kernel/ids.ts'
import type { World } from './world.ts'

/** Tischlerei Lindner buys licences at once, by the flows; their keys go to keys@lindner.example. */
export async function buyForLindner(world: World, quantity: number): Promise<void> {
  const paul = await world.portal('paul@lindner.example')
  const [plan] = await world.app.db.pool<{ id: PlanId }[]>`
    select id from plan where sku = 'EP2-06604' and country = 'DE'`
  assert.ok(plan)
  const { basketId } = await addToBasket(world.app, paul, { planId: plan.id, quantity: String(quantity) })
  await giveServiceDetails(world.app, paul, {
    basketId,
    accountId: paul.accountId,
    connector: 'microsoft-esd',
    options: { keyDeliveryEmail: 'keys@lindner.example' },
  })
  await placeOrder(world.app, paul, { basketId })
}
