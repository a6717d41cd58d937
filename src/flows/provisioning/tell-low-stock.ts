// A pool of keys that runs low is told to the seller (product.md E14): once after each upload, by the licence that took the key or found none.
import { type Asset, findPoolStock, LOW_STOCK } from '#modules/assets'
import { loadProduct } from '#modules/catalogue'
import type { Tx } from '#platform/db.ts'
import type { App } from '../app.ts'
import { tellSeller } from '../notifying/tell-seller.ts'

const CODE = 'key-pool-low'

/** Does nothing for a licence whose keys come from a vendor. */
export async function tellLowStock(
  tx: Tx,
  app: Pick<App, 'now' | 'secrets'>,
  { id, planId, productId, sku }: Pick<Asset, 'id' | 'planId' | 'productId' | 'sku'>,
): Promise<void> {
  const stock = await findPoolStock(tx, planId)
  if (!stock || stock.free > LOW_STOCK) return
  const { name } = await loadProduct(tx, productId)
  await tellSeller(tx, app, {
    notificationCode: CODE,
    cause: `${CODE}:${planId}:${stock.lastBatch}`,
    assetId: id,
    variables: { pool: { product: name, sku, free: stock.free } },
  })
}
