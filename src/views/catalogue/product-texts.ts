// A product's words in other languages, for the seller.
import type { ProductId } from '#kernel/ids.ts'
import { listProductTexts, loadProduct, type ProductText } from '#modules/catalogue'
import { type Actor, assertMay } from '#modules/users'
import { type Database, reading, sellerScope, type Tx } from '#platform/db.ts'

export async function productTexts(
  db: Database | Tx,
  actor: Actor,
  ask: { readonly id: ProductId },
): Promise<ProductText[]> {
  assertMay(actor, 'manage-catalogue')
  return reading(db, sellerScope, async (sql) => {
    await loadProduct(sql, ask.id)
    return listProductTexts(sql, ask.id)
  })
}
