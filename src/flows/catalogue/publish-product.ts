// Shows a product in the Storefront, or takes it out again.
import type { ProductId } from '#kernel/ids.ts'
import { recordAudit } from '#modules/audit'
import {
  listPlanPrices,
  listPlansOfProduct,
  listSheetPrices,
  lockProduct,
  type Plan,
  type Product,
  publish,
  publishSoftware,
  type SheetPlan,
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
    if (product.kind !== 'esd')
      return publishSoftware(product, await inSheets(tx, plans, app.now()), app.now())
    const prices = await listPlanPrices(
      tx,
      plans.map((plan) => plan.id),
    )
    return publish(product, plans, prices, app.now())
  })
}

/** Software plans with what the sheets in force say of their prices. */
export async function inSheets(
  tx: Tx,
  plans: readonly Plan[],
  at: Temporal.Instant,
): Promise<readonly SheetPlan[]> {
  const ids = plans.map((plan) => plan.id)
  const prices = await listSheetPrices(tx, ids, at)
  return plans.map((plan) => ({
    ...plan,
    ...(prices.get(plan.id) ?? { hasPrice: false, isFreeSomewhere: false }),
  }))
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
