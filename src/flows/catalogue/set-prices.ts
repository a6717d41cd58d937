// What plans of a product cost and sell for. Consents to sell for nothing or below cost are given here by a person with a
// name; the audit log is where they are recorded.
import { type FieldFault, invalid, Refusal } from '#kernel/failure.ts'
import type { ProductId } from '#kernel/ids.ts'
import { priceText } from '#kernel/money.ts'
import { recordAudit } from '#modules/audit'
import {
  deletePlanPrice,
  listPlanPrices,
  listPlansOfProduct,
  lockProduct,
  type PlanPrice,
  type PriceInput,
  savePlanPrice,
  setPrice,
} from '#modules/catalogue'
import { type Actor, assertMay } from '#modules/users'
import { sellerScope, transaction } from '#platform/db.ts'
import type { App } from '../app.ts'

/** A blank price removes that price. What is not named stays. */
export async function setPrices(
  app: Pick<App, 'db' | 'now'>,
  actor: Actor,
  input: { productId: ProductId; prices: readonly PriceInput[] },
): Promise<PlanPrice[]> {
  assertMay(actor, 'manage-catalogue')
  assertMay(actor, 'see-costs')
  const at = app.now()
  return transaction(app.db, sellerScope, async (tx) => {
    const product = await lockProduct(tx, input.productId)
    const plans = await listPlansOfProduct(tx, product.id)
    const ids = plans.map((plan) => plan.id)
    const before = await listPlanPrices(tx, ids)
    const wanted = readAll(input.prices, new Set<string>(ids))
    for (const { given, price } of wanted) {
      if (price) await savePlanPrice(tx, price, at)
      else {
        const old = before.find((each) => each.planId === given.planId && each.currency === given.currency)
        if (old) await deletePlanPrice(tx, old.planId, old.currency)
      }
    }
    const after = await listPlanPrices(tx, ids)
    const isSold = plans.some(
      (plan) => plan.vendorState === 'active' && after.some((each) => each.planId === plan.id),
    )
    if (product.isPublished && !isSold && before.length > 0)
      throw new Refusal(
        'product/last-price',
        'This is the last price of a published product. Withdraw the product first.',
      )
    await recordAudit(tx, {
      at,
      actor,
      action: 'product/prices-set',
      subjectType: 'product',
      subjectId: product.id,
      before: { prices: before.map(factsOf) },
      after: { prices: after.map(factsOf) },
    })
    return after
  })
}

/** Everything wrong is told at once, so that a form of many prices is corrected in one go. */
function readAll(prices: readonly PriceInput[], planIds: ReadonlySet<string>) {
  const faults: FieldFault[] = []
  const refusals: Refusal[] = []
  const read = prices.map((given, index) => {
    const pointer = `/prices/${index}`
    if (!planIds.has(given.planId))
      faults.push({
        pointer: `${pointer}/planId`,
        code: 'unknown-plan',
        message: 'This plan does not belong to the product.',
      })
    if (given.unitPrice.trim() === '') return { given, price: undefined }
    try {
      return { given, price: setPrice(given, pointer) }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      refusals.push(error)
      faults.push(...error.errors)
      return { given, price: undefined }
    }
  })
  // A single refusal keeps its own code, by which a screen asks for the consent.
  if (refusals.length === 1 && faults.length === refusals[0]?.errors.length) throw refusals[0]
  if (faults.length > 0) throw invalid(...faults)
  return read
}

function factsOf(price: PlanPrice): Record<string, unknown> {
  return {
    planId: price.planId,
    currency: price.currency,
    unitPrice: priceText(price.unitPrice),
    unitCost: price.unitCost ? priceText(price.unitCost) : null,
    allowsZero: price.allowsZero,
    allowsBelowCost: price.allowsBelowCost,
  }
}
