// Whether a plan can be bought right now, in one currency; the same answer for basket, checkout and orders on behalf.
import type { InstanceId, PlanId, ProductId } from '#kernel/ids.ts'
import type { Currency, Price } from '#kernel/money.ts'
import type { SoftwareSku } from '#kernel/software-sku.ts'

/** A plan with everything an order needs to know of it. */
export type Offer = {
  readonly planId: PlanId
  readonly productId: ProductId
  readonly instanceId: InstanceId
  readonly kind: 'esd' | 'subscription' | 'perpetual'
  readonly connector: string
  readonly sku: string
  /** The shop's wording. */
  readonly name: string
  readonly language: string
  readonly country: string
  readonly isReturnable: boolean
  readonly returnWindowDays: number
  /** What the vendor tells software plans apart by; undefined for ESD licences. */
  readonly software: SoftwareSku | undefined
  /** The product groups it is sold in, by which price rules may be made. */
  readonly groupIds: readonly string[]
  readonly minQuantity: number
  readonly maxQuantity: number
  readonly isPublished: boolean
  readonly isActiveAtVendor: boolean
  readonly isInstanceActive: boolean
  readonly currency: Currency
  /** Typed into the catalogue; undefined where there is none in the currency asked for, as for software, whose prices stand in sheets. */
  readonly unitPrice: Price | undefined
  readonly unitCost: Price | undefined
  readonly allowsZero: boolean
  readonly allowsBelowCost: boolean
}

export type NotForSale = { readonly code: string; readonly message: string }

/** Why it cannot be bought whatever its price; `where`: the back office may sell what is not published. */
export function whyNotAvailable(
  offer: Pick<Offer, 'name' | 'isPublished' | 'isActiveAtVendor' | 'isInstanceActive'>,
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
  return undefined
}

/** Why it cannot be bought at the price typed into the catalogue, in plain words; undefined when it can. */
export function whyNotForSale(
  offer: Omit<Offer, 'software' | 'groupIds' | 'minQuantity'>,
  where: 'storefront' | 'backoffice' = 'storefront',
): NotForSale | undefined {
  const refused = whyNotAvailable(offer, where)
  if (refused) return refused
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
