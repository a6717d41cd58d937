// What renewals would cost at the prices of now, for the renewal desk and for whoever looks at one subscription. Costs and margins only
// for the seller's people who may see them.
import type { SubscriptionId } from '#kernel/ids.ts'
import { add, lineTotal, type Money, negate } from '#kernel/money.ts'
import type { NotForSale } from '#modules/catalogue'
import type { OrderItem } from '#modules/orders'
import type { Subscription } from '#modules/subscriptions'
import { type Actor, assertMay, mayDo, scopeOf } from '#modules/users'
import { transaction } from '#platform/db.ts'
import type { App } from '../app.ts'
import { priceNextTerms } from './price-next-term.ts'

export type RenewalPrice =
  | {
      readonly net: Money
      readonly unitPrice: OrderItem['unitPrice']
      /** For buyers; the full one where the asker may see costs. */
      readonly explanation: object
      readonly cost: Money | undefined
      readonly margin: Money | undefined
      readonly problem?: undefined
    }
  | { readonly problem: NotForSale }

export async function priceRenewals(
  app: Pick<App, 'db' | 'now'>,
  actor: Actor,
  asked: readonly Pick<Subscription, 'id' | 'orderId'>[],
): Promise<ReadonlyMap<SubscriptionId, RenewalPrice>> {
  assertMay(actor, 'see-assets')
  const seesCosts = actor.kind !== 'portal' && mayDo(actor, 'see-costs')
  const prices = await transaction(app.db, scopeOf(actor), (tx) => priceNextTerms(tx, asked, app.now()))
  return new Map(
    [...prices].map(([id, { item, problem }]): [SubscriptionId, RenewalPrice] => [
      id,
      problem ? { problem } : shown(item, seesCosts),
    ]),
  )
}

function shown(item: OrderItem, seesCosts: boolean): RenewalPrice {
  const { net, unitPrice, unitCost, quantity } = item
  const cost = seesCosts && unitCost ? lineTotal(unitCost, quantity) : undefined
  return {
    net,
    unitPrice,
    explanation: seesCosts ? (item.pricing ?? item.explanation) : item.explanation,
    cost,
    margin: cost && add(net, negate(cost)),
  }
}
