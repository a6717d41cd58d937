// What the Storefront's home shows of a company, read at one moment: featured products, the last orders, and what needs a hand.
import type { Currency } from '#kernel/money.ts'
import { mayDo, type Portal, scopeOf } from '#modules/users'
import { type Database, reading, type Tx } from '#platform/db.ts'
import { type AssetRow, listAssets } from './assets/list-assets.ts'
import { type ShopProduct, shopProducts } from './catalogue/shop-products.ts'
import { listOrders, type OrderRow } from './orders/list-orders.ts'
import { listSubscriptions, type SubscriptionRow } from './subscriptions/list-subscriptions.ts'

export type HomeView = {
  readonly featured: readonly ShopProduct[]
  /** Empty where the visitor's role may not see them; so are the others. */
  readonly orders: readonly OrderRow[]
  readonly licencesInTrouble: readonly AssetRow[]
  readonly subscriptionsInTrouble: readonly SubscriptionRow[]
}

export async function viewHome(
  db: Database | Tx,
  actor: Portal,
  { currency, language }: { currency: Currency; language: string },
): Promise<HomeView> {
  const nothing = { items: [] }
  return reading(db, scopeOf(actor), async (sql) => {
    const [featured, orders, licences, subscriptions] = await Promise.all([
      shopProducts(sql, actor, { currency, language, featuredOnly: true, limit: 4 }),
      mayDo(actor, 'see-orders') ? listOrders(sql, actor, { limit: 5 }) : nothing,
      mayDo(actor, 'see-assets') ? listAssets(sql, actor, { filter: 'trouble', limit: 5 }) : nothing,
      mayDo(actor, 'see-assets') ? listSubscriptions(sql, actor, { filter: 'trouble', limit: 5 }) : nothing,
    ])
    return {
      featured: featured.items,
      orders: orders.items,
      licencesInTrouble: licences.items,
      subscriptionsInTrouble: subscriptions.items,
    }
  })
}
