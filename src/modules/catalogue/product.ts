// A product is what the shop shows, in the seller's wording; a plan is what a vendor sells through one instance. The vendor's
// wording lives on the plan and never overwrites the shop's.
import { type FieldFault, invalid, Refusal } from '#kernel/failure.ts'
import { type InstanceId, newId, type PlanId, type ProductId } from '#kernel/ids.ts'

export type Product = {
  readonly id: ProductId
  readonly kind: 'esd' | 'subscription'
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
  readonly position: number
  readonly createdAt: Temporal.Instant
  readonly updatedAt: Temporal.Instant
}

export type FulfilmentType = 'Token' | 'TokenAndLink'

export type Plan = {
  readonly id: PlanId
  readonly productId: ProductId
  readonly instanceId: InstanceId
  readonly sku: string
  readonly vendorName: string
  readonly vendorDescription: string
  readonly upc: string
  readonly language: string
  readonly country: string
  readonly fulfilmentType: FulfilmentType
  readonly isReturnable: boolean
  readonly vendorState: 'active' | 'discontinued'
  readonly maxQuantity: number
  readonly createdAt: Temporal.Instant
  readonly updatedAt: Temporal.Instant
}

export type Wording = {
  readonly name: string
  readonly summary: string
  readonly description: string
  readonly isFeatured: boolean
  readonly returnWindowDays: number
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

export function reword(product: Product, wording: Wording, at: Temporal.Instant): Product {
  const name = wording.name.trim()
  const faults: FieldFault[] = [
    ...(name === '' ? [{ pointer: '/name', code: 'required', message: 'The product needs a name.' }] : []),
    ...tooLong(name, 200, '/name', 'The name'),
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
  if (faults.length > 0) throw invalid(...faults)
  return {
    ...product,
    name,
    summary: wording.summary.trim(),
    description: wording.description.trim(),
    isFeatured: wording.isFeatured,
    returnWindowDays: days,
    updatedAt: at,
  }
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
