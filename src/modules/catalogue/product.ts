// A product is what the shop shows, in the seller's wording; a plan is what a vendor sells through one instance. The vendor's
// wording lives on the plan and never overwrites the shop's.
import { type FieldFault, invalid, Refusal } from '#kernel/failure.ts'
import { type InstanceId, newId, type PlanId, type ProductId } from '#kernel/ids.ts'
import type { SoftwareSku } from '#kernel/software-sku.ts'
import { lineFaults } from '#kernel/text.ts'

/** Software for a term is a `subscription`, software for ever `perpetual`; a product sold both ways is a subscription. */
export type ProductKind = 'esd' | 'subscription' | 'perpetual'

export type Product = {
  readonly id: ProductId
  readonly kind: ProductKind
  readonly connector: string
  /** The vendor's SKU or offer. */
  readonly code: string
  readonly name: string
  readonly summary: string
  readonly description: string
  readonly hasPicture: boolean
  readonly isPublished: boolean
  readonly isFeatured: boolean
  readonly returnWindowDays: number
  /** Among products and groups of the shop: lower ones come first, equal ones by name. */
  readonly position: number
  readonly createdAt: Temporal.Instant
  readonly updatedAt: Temporal.Instant
}

export type FulfilmentType = 'Token' | 'TokenAndLink'
/** `unsupported`: of a term nobody here knows; kept, so that it is seen, and not sold. */
export type VendorState = 'active' | 'discontinued' | 'unsupported'

export type Plan = {
  readonly id: PlanId
  readonly productId: ProductId
  readonly instanceId: InstanceId
  readonly sku: string
  readonly vendorName: string
  readonly vendorDescription: string
  readonly upc: string
  /** Of ESD licences; software belongs to no country and no language. */
  readonly language: string | undefined
  readonly country: string | undefined
  readonly fulfilmentType: FulfilmentType | undefined
  /** What the vendor tells software plans apart by; undefined for ESD licences. */
  readonly software: SoftwareSku | undefined
  readonly isReturnable: boolean
  readonly vendorState: VendorState
  readonly minQuantity: number
  readonly maxQuantity: number
  /** Explicit consent to sell this software for nothing. */
  readonly allowsZero: boolean
  /** The seller does not sell it, though the vendor would. */
  readonly isWithheld: boolean
  readonly createdAt: Temporal.Instant
  readonly updatedAt: Temporal.Instant
}

export type Wording = {
  readonly name: string
  readonly summary: string
  readonly description: string
  readonly isFeatured: boolean
  readonly returnWindowDays: number
  readonly position: number
}

/** A product as the vendor's catalogue makes it: hidden, without a price, named by the vendor until somebody says otherwise. */
export function newProduct(
  from: { connector: string; code: string; name: string; description: string },
  at: Temporal.Instant,
): Product {
  return {
    id: newId(),
    kind: 'esd',
    connector: from.connector,
    code: from.code,
    name: from.name,
    summary: '',
    description: from.description,
    hasPicture: false,
    isPublished: false,
    isFeatured: false,
    returnWindowDays: 30,
    position: 0,
    createdAt: at,
    updatedAt: at,
  }
}

function tooLong(text: string, most: number, pointer: string, name: string): FieldFault[] {
  return text.length > most
    ? [{ pointer, code: 'too-long', message: `${name} has at most ${most} characters.` }]
    : []
}

/** Where something stands in the shop: lower numbers come first. */
export function positionFaults(position: number): FieldFault[] {
  if (Number.isInteger(position) && position >= -10_000 && position <= 10_000) return []
  return [
    {
      pointer: '/position',
      code: 'out-of-range',
      message: 'The place in the shop is a whole number from -10000 to 10000; lower ones come first.',
    },
  ]
}

export function reword(product: Product, wording: Wording, at: Temporal.Instant): Product {
  const name = wording.name.trim()
  const faults: FieldFault[] = [
    ...(name === '' ? [{ pointer: '/name', code: 'required', message: 'The product needs a name.' }] : []),
    ...tooLong(name, 200, '/name', 'The name'),
    ...lineFaults(name, '/name', 'The name'),
    ...tooLong(wording.summary, 400, '/summary', 'The summary'),
    ...tooLong(wording.description, 20_000, '/description', 'The description'),
  ]
  const days = wording.returnWindowDays
  if (!Number.isInteger(days) || days < 0 || days > 365)
    faults.push({
      pointer: '/returnWindowDays',
      code: 'out-of-range',
      message: 'The return window is 0 to 365 whole days.',
    })
  faults.push(...positionFaults(wording.position))
  if (faults.length > 0) throw invalid(...faults)
  return {
    ...product,
    name,
    summary: wording.summary.trim(),
    description: wording.description.trim(),
    isFeatured: wording.isFeatured,
    returnWindowDays: days,
    position: wording.position,
    updatedAt: at,
  }
}

/** A software plan with what the sheets in force say of its price, in any market. */
export type SheetPlan = Pick<
  Plan,
  'id' | 'vendorName' | 'sku' | 'vendorState' | 'isWithheld' | 'allowsZero'
> & {
  readonly hasPrice: boolean
  /** In one market at least it costs nothing. */
  readonly isFreeSomewhere: boolean
}

/**
 * Lets customers see software, whose prices stand in sheets. Nothing without a price; what costs nothing needs a word of consent, or to be
 * left out.
 */
export function publishSoftware(
  product: Product,
  plans: readonly SheetPlan[],
  at: Temporal.Instant,
): Product {
  assertSellable(plans)
  return { ...product, isPublished: true, updatedAt: at }
}

/** What publishing asks of software plans, those of a product as those of a product group. */
export function assertSellable(plans: readonly SheetPlan[]): void {
  const sold = plans.filter((plan) => plan.vendorState === 'active' && !plan.isWithheld)
  if (sold.length === 0)
    throw new Refusal(
      'product/no-active-plan',
      'None of its plans can be sold: the vendor ended them, or all of them are left out.',
    )
  if (!sold.some((plan) => plan.hasPrice))
    throw new Refusal(
      'product/no-price',
      'None of its plans has a price: software has it from a price sheet in force, a licence where one is typed in.',
    )
  const free = sold.filter((plan) => plan.isFreeSomewhere && !plan.allowsZero)
  if (free.length > 0)
    throw new Refusal(
      'price/zero-needs-consent',
      `${free.length === 1 ? 'One plan costs' : `${free.length} plans cost`} nothing in a price sheet in force. Leave ${free.length === 1 ? 'it' : 'them'} out, or consent to selling ${free.length === 1 ? 'it' : 'them'} for nothing.`,
      { planIds: free.map((plan) => plan.id) },
      free.map((plan) => ({
        pointer: `/plans/${plan.id}/allowsZero`,
        code: 'consent-needed',
        message: `${plan.vendorName} (${plan.sku}) costs nothing. Consent to it, or leave this plan out.`,
      })),
    )
}

/** Lets customers see it. Nothing without a plan that can be bought, and nothing without a price. */
export function publish(
  product: Product,
  plans: readonly { readonly id: PlanId; readonly vendorState: Plan['vendorState'] }[],
  prices: readonly { readonly planId: PlanId }[],
  at: Temporal.Instant,
): Product {
  const active = plans.filter((plan) => plan.vendorState === 'active')
  if (active.length === 0)
    throw new Refusal(
      'product/no-active-plan',
      'The vendor no longer sells any plan of this product, so it cannot be published.',
    )
  if (!active.some((plan) => prices.some((price) => price.planId === plan.id)))
    throw new Refusal(
      'product/no-price',
      'Set a price for at least one plan before publishing: nothing is sold without one.',
    )
  return { ...product, isPublished: true, updatedAt: at }
}

export function withdraw(product: Product, at: Temporal.Instant): Product {
  return { ...product, isPublished: false, isFeatured: false, updatedAt: at }
}
