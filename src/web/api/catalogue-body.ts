// Products and plans as the API speaks them.
import { z } from 'zod'
import { mayDo, type Portal, type Staff } from '#modules/users'
import type { BrowsedPlan, BrowsedProduct } from '#views/catalogue/browse-catalogue.ts'
import { Country, Id, Moment, MoneyBody, momentOf, priceOf, priceOrNull } from './schemas.ts'

export const ProductKind = z
  .enum(['esd', 'subscription', 'perpetual'])
  .describe('Licences delivered as a key; software for a term; software for ever.')

export const PlanBody = z
  .object({
    id: Id,
    productId: Id,
    kind: ProductKind,
    name: z.string(),
    sku: z.string(),
    vendorName: z.string(),
    language: z.string().nullable().describe('Of ESD licences; null for software.'),
    country: Country.nullable().describe('Of ESD licences; null for software.'),
    fulfilmentType: z.enum(['Token', 'TokenAndLink']).nullable(),
    segment: z
      .enum(['commercial', 'education', 'nonprofit', 'government'])
      .nullable()
      .describe('Of software.'),
    term: z.string().nullable().describe('Of software: `P1Y`, `P3Y`, `P1M`, or `OneTime` for ever.'),
    billingPlan: z
      .enum(['one_time', 'monthly', 'annual', 'triennial', 'none'])
      .nullable()
      .describe('Of software: how its term is billed.'),
    isReturnable: z.boolean(),
    vendorState: z.enum(['active', 'discontinued', 'unsupported']),
    isPublished: z.boolean().describe('Shown with its product or in a product group.'),
    isWithheld: z.boolean().optional().describe('For the seller: left out of what buyers see.'),
    allowsZero: z.boolean().optional().describe('For the seller: software that may be sold for nothing.'),
    minQuantity: z.int(),
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
      .describe('A buyer sees the price in its own currency. Empty for software: ask `/price-quotes`.'),
  })
  .meta({ id: 'Plan', description: 'What is bought: a product of a vendor in one market.' })

export function planBody(plan: BrowsedPlan, actor: Staff | Portal): z.infer<typeof PlanBody> {
  const { instanceId, isWithheld, allowsZero, segment, billingPlan, ...shown } = plan
  const isSeller = actor.kind === 'staff'
  const seesCosts = isSeller && mayDo(actor, 'see-costs')
  return {
    ...shown,
    segment: segment as z.infer<typeof PlanBody>['segment'],
    billingPlan: billingPlan as z.infer<typeof PlanBody>['billingPlan'],
    ...(isSeller ? { instanceId, isWithheld, allowsZero } : {}),
    prices: plan.prices.map(({ unitPrice, unitCost }) => ({
      unitPrice: priceOf(unitPrice),
      ...(seesCosts ? { unitCost: priceOrNull(unitCost) } : {}),
    })),
  }
}

export const Position = z
  .int()
  .describe('Among products and groups of the shop: lower ones come first, equal ones by name.')

export const ProductItem = z
  .object({
    id: Id,
    kind: ProductKind,
    connector: z.string(),
    code: z.string().describe("The vendor's SKU or offer."),
    name: z.string(),
    summary: z.string(),
    description: z.string(),
    isPublished: z.boolean(),
    isFeatured: z.boolean(),
    hasPicture: z.boolean(),
    returnWindowDays: z.int(),
    position: Position,
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
