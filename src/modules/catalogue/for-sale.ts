// Whether a plan can be bought right now, in one currency; the same answer for basket, checkout and orders on behalf.
import type { InstanceId, PlanId, ProductId } from '#kernel/ids.ts'
import type { Currency, Price } from '#kernel/money.ts'

/** A plan with everything an order needs to know of it. */
export type Offer = {
  readonly planId: PlanId
  readonly productId: ProductId
  readonly instanceId: InstanceId
  readonly kind: 'esd' | 'subscription'
  readonly connector: string
  readonly sku: string
  /** The shop's wording. */
  readonly name: string
  readonly language: string
  readonly country: string
  readonly isReturnable: boolean
  readonly returnWindowDays: number
  readonly maxQuantity: number
  readonly isPublished: boolean
  readonly isActiveAtVendor: boolean
  readonly isInstanceActive: boolean
  readonly currency: Currency
  /** Undefined where the plan has no price in the currency asked for. */
  readonly unitPrice: Price | undefined
  readonly unitCost: Price | undefined
  readonly allowsZero: boolean
  readonly allowsBelowCost: boolean
}

export type NotForSale = { readonly code: string; readonly message: string }

/** Why it cannot be bought, in plain words; undefined when it can. `where`: the back office may sell what is not published. */
export function whyNotForSale(
  offer: Offer,
  where: 'storefront' | 'backoffice' = 'storefront',
): NotForSale | undefined {
  if (!offer.isPublished && where === 'storefront')
    return {
      code: 'product/withdrawn',
      message: `${offer.name} is no longer for sale. Remove it from the basket.`,
    }
  if (!offer.isActiveAtVendor || !offer.isInstanceActive)
    return {
      code: 'product/discontinued',
      message: `${offer.name} can no longer be ordered from the vendor. Remove it.`,
    }
  const { unitPrice, unitCost } = offer
  if (!unitPrice)
    return {
      code: 'price/not-calculable',
      message: `There is no price for ${offer.name} in ${offer.currency}.`,
    }
  if (unitPrice.micros === 0n && !offer.allowsZero)
    return {
      code: 'price/zero-needs-consent',
      message: `${offer.name} has a price of zero that nobody consented to.`,
    }
  if (unitCost && unitPrice.micros < unitCost.micros && !offer.allowsBelowCost)
    return { code: 'price/below-cost', message: `${offer.name} cannot be sold at this price.` }
  return undefined
}
