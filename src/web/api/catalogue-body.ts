// Products and plans as the API speaks them.
import { z } from 'zod'
import { mayDo, type Portal, type Staff } from '#modules/users'
import type { BrowsedPlan, BrowsedProduct } from '#views/catalogue/browse-catalogue.ts'
import { Country, Id, Moment, MoneyBody, momentOf, priceOf, priceOrNull } from './schemas.ts'

const kind = z.enum(['esd', 'subscription'])

export const PlanBody = z
  .object({
    id: Id,
    productId: Id,
    kind,
    name: z.string(),
    sku: z.string(),
    vendorName: z.string(),
    language: z.string(),
    country: Country,
    fulfilmentType: z.enum(['Token', 'TokenAndLink']),
    isReturnable: z.boolean(),
    vendorState: z.enum(['active', 'discontinued']),
    isPublished: z.boolean(),
    instanceId: Id.optional().describe('The connector instance it comes through; for the seller.'),
    maxQuantity: z.int(),
    prices: z
      .array(
        z.object({
          unitPrice: MoneyBody,
          unitCost: MoneyBody.nullable()
            .optional()
            .describe('For those who may see costs; null where it is not known.'),
        }),
      )
      .describe('A buyer sees the price in its own currency.'),
  })
  .meta({ id: 'Plan', description: 'What is bought: a product of a vendor in one market.' })

export function planBody(plan: BrowsedPlan, actor: Staff | Portal): z.infer<typeof PlanBody> {
  const { instanceId, ...shown } = plan
  const isSeller = actor.kind === 'staff'
  const seesCosts = isSeller && mayDo(actor, 'see-costs')
  return {
    ...shown,
    ...(isSeller ? { instanceId } : {}),
    prices: plan.prices.map(({ unitPrice, unitCost }) => ({
      unitPrice: priceOf(unitPrice),
      ...(seesCosts ? { unitCost: priceOrNull(unitCost) } : {}),
    })),
  }
}

export const ProductItem = z
  .object({
    id: Id,
    kind,
    connector: z.string(),
    code: z.string().describe("The vendor's SKU or offer."),
    name: z.string(),
    summary: z.string(),
    description: z.string(),
    isPublished: z.boolean(),
    isFeatured: z.boolean(),
    hasPicture: z.boolean(),
    returnWindowDays: z.int(),
    createdAt: Moment,
    updatedAt: Moment,
  })
  .meta({ id: 'ProductItem' })

export const ProductBody = ProductItem.extend({ plans: z.array(PlanBody) }).meta({ id: 'Product' })

export function productItem(product: BrowsedProduct): z.infer<typeof ProductItem> {
  return { ...product, createdAt: momentOf(product.createdAt), updatedAt: momentOf(product.updatedAt) }
}

export function productBody(
  product: BrowsedProduct & { readonly plans: readonly BrowsedPlan[] },
  actor: Staff | Portal,
): z.infer<typeof ProductBody> {
  return { ...productItem(product), plans: product.plans.map((plan) => planBody(plan, actor)) }
}
