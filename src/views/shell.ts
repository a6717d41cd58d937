// What the frame around every page shows: the seller, and for a buyer how much is in the basket.
import { type Actor, scopeOf } from '#modules/users'
import { type Database, reading, sellerScope, type Tx } from '#platform/db.ts'

export type SellerFace = { readonly name: string; readonly brand: string }

/** The seller's name and colour; an installation that has entered no company yet is called by ours. */
export async function viewSellerFace(db: Database | Tx): Promise<SellerFace> {
  const face = await reading(
    db,
    sellerScope,
    (sql) => sql.maybe<SellerFace>`select name, brand_color as brand from legal_entity where is_default`,
  )
  return face ?? { name: 'Emporion', brand: '#2451c7' }
}

export async function countBasket(db: Database | Tx, actor: Actor): Promise<number> {
  if (actor.kind !== 'portal') return 0
  const row = await reading(
    db,
    scopeOf(actor),
    (sql) => sql.one<{ n: number }>`
    select coalesce(sum(item.quantity), 0)::int as n from basket join basket_item item on item.basket_id = basket.id
    where basket.user_id = ${actor.userId} and basket.state = 'open'`,
  )
  return row.n
}
