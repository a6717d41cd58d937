// Shows a product in the Storefront, or takes it out again.
import type { ProductId } from '#kernel/ids.ts'
import { recordAudit } from '#modules/audit'
import {
  listPlanPrices,
  listPlansOfProduct,
  lockProduct,
  type Product,
  publish,
  saveProduct,
  withdraw,
} from '#modules/catalogue'
import { type Actor, assertMay } from '#modules/users'
import { sellerScope, type Tx, transaction } from '#platform/db.ts'
import type { App } from '../app.ts'

type Needs = Pick<App, 'db' | 'now'>

export function publishProduct(app: Needs, actor: Actor, input: { productId: ProductId }): Promise<Product> {
  return change(app, actor, input.productId, 'product/published', async (tx, product) => {
    const plans = await listPlansOfProduct(tx, product.id)
    const prices = await listPlanPrices(
      tx,
      plans.map((plan) => plan.id),
    )
    return publish(product, plans, prices, app.now())
  })
}

export function withdrawProduct(app: Needs, actor: Actor, input: { productId: ProductId }): Promise<Product> {
  return change(app, actor, input.productId, 'product/withdrawn', async (_tx, product) =>
    withdraw(product, app.now()),
  )
}

async function change(
  app: Needs,
  actor: Actor,
  id: ProductId,
  action: string,
  decide: (tx: Tx, product: Product) => Promise<Product>,
): Promise<Product> {
  assertMay(actor, 'manage-catalogue')
  return transaction(app.db, sellerScope, async (tx) => {
    const before = await lockProduct(tx, id)
    const product = await decide(tx, before)
    if (product.isPublished === before.isPublished) return before
    await saveProduct(tx, product)
    await recordAudit(tx, {
      at: product.updatedAt,
      actor,
      action,
      subjectType: 'product',
      subjectId: id,
      before: { isPublished: before.isPublished },
      after: { isPublished: product.isPublished },
    })
    return product
  })
}
