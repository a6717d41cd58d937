// Promotions (partner-center.md 12): a percentage off the partner price, asked for by name on the cart line or given by itself.

import { itemOf } from './catalogue.ts'
import { customerOf } from './customers.ts'
import { VendorError } from './errors.ts'
import { jsonOf } from './http.ts'
import { markets } from './markets.ts'
import { availabilityIdOf, demonstration, type Plan, type Product, type Sku } from './products.ts'
import type { Answer, Json } from './wire.ts'
import { type Ask, collection, type Route } from './world.ts'

type Promotion = {
  readonly productId: string
  readonly skuId: string
  readonly term: string
  readonly billing: string
  readonly name: string
  readonly percent: number
  readonly isAutomatic: boolean
  readonly startDate: string
  readonly endDate: string
}

const promotions: readonly Promotion[] = [
  {
    productId: 'DG7GMGF0EM08',
    skuId: '000D',
    term: 'P1Y',
    billing: 'Annual',
    name: 'Developer Studio, first steps',
    percent: 15,
    isAutomatic: false,
    startDate: '2026-01-01T00:00:00Z',
    endDate: '2028-12-31T23:59:59Z',
  },
  {
    productId: 'DG7GMGF0EM07',
    skuId: '0002',
    term: 'P3Y',
    billing: 'Triennial',
    name: 'Remote Desktop for three years',
    percent: 5,
    isAutomatic: true,
    startDate: '2026-01-01T00:00:00Z',
    endDate: '2028-12-31T23:59:59Z',
  },
  {
    productId: 'DG7GMGF0EM01',
    skuId: '0001',
    term: 'P1Y',
    billing: 'Annual',
    name: 'Opening offer, over',
    percent: 20,
    isAutomatic: true,
    startDate: '2024-01-01T00:00:00Z',
    endDate: '2024-12-31T23:59:59Z',
  },
]

export const promotionRoutes: readonly Route[] = [
  {
    name: 'list-promotions',
    method: 'GET',
    path: '/commerce/v1/productpromotions',
    access: 'anybody',
    handle: list,
  },
  {
    name: 'promotion-eligibility',
    method: 'POST',
    path: '/commerce/v1/customers/{customer}/promotionEligibilities',
    access: 'anybody',
    handle: eligibility,
  },
]

/** Of the same shape as a catalogItemId, and stable. */
function idOf(promotion: Promotion): string {
  const product = demonstration.find((each) => each.id === promotion.productId) as Product
  const sku = product.skus.find((each) => each.id === promotion.skuId) as Sku
  return `${product.id}:${sku.id}:${availabilityIdOf(product, sku, 'promotion', 'Commercial', promotion.name)}`
}

const isOn = (promotion: Promotion, at: Date) =>
  Date.parse(promotion.startDate) <= at.getTime() && at.getTime() <= Date.parse(promotion.endDate)

function list({ call, now }: Ask): Answer {
  if (!markets.has((call.query.get('country') ?? '').toUpperCase()))
    throw new VendorError(400, '400001', 'country is missing or unknown.')
  if ((call.query.get('segment') ?? 'commercial').toLowerCase() !== 'commercial') return collection([])
  return collection(
    promotions
      .filter((each) => isOn(each, now))
      .map((each) => ({
        id: idOf(each),
        name: each.name,
        startDate: each.startDate,
        endDate: each.endDate,
        properties: { isAutoApplicable: each.isAutomatic },
        requiredProducts: [
          {
            productId: each.productId,
            skuId: each.skuId,
            term: { duration: each.term, billingCycle: each.billing },
            pricingPolicies: [{ policyType: 'PercentDiscount', value: String(each.percent / 100) }],
          },
        ],
      })),
  )
}

export type Discount = { readonly id: string; readonly percent: number }

/** The discount of a line; 'wrong' for a promotion that does not fit it. */
export function discountOf(
  item: { product: Product; sku: Sku; plan: Plan },
  promotionId: string | undefined,
  at: Date,
): Discount | undefined | 'wrong' {
  const fitting = promotions.filter(
    (each) =>
      isOn(each, at) &&
      each.productId === item.product.id &&
      each.skuId === item.sku.id &&
      each.term === item.plan.term &&
      each.billing === item.plan.billing,
  )
  const found = promotionId
    ? fitting.find((each) => idOf(each) === promotionId.toUpperCase())
    : fitting.find((each) => each.isAutomatic)
  if (!found) return promotionId ? 'wrong' : undefined
  return { id: idOf(found), percent: found.percent }
}

function eligibility(ask: Ask): Answer {
  const customer = customerOf(ask)
  const items: Json[] = jsonOf(ask.call)['items'] ?? []
  return collection(
    items.map((given) => {
      const item = itemOf(ask.world, String(given['catalogItemId'] ?? ''), customer.country)
      const no = (type: string, promotionId?: string) => ({
        promotionId,
        isEligible: false,
        errors: [{ type }],
      })
      if (typeof item === 'string') return { ...given, eligibilities: [no('InvalidCatalogItemId')] }
      const fitting = promotions.filter(
        (each) => isOn(each, ask.now) && each.productId === item.product.id && each.skuId === item.sku.id,
      )
      if (given['promotionId'] && !fitting.some((each) => idOf(each) === given['promotionId']))
        return { ...given, eligibilities: [no('InvalidPromotion', given['promotionId'])] }
      if (fitting.length === 0) return { ...given, eligibilities: [no('NoPromotionsAvailable')] }
      return {
        ...given,
        eligibilities: fitting.map((each) =>
          each.term === given['termDuration'] &&
          each.billing.toLowerCase() === String(given['billingCycle']).toLowerCase()
            ? { promotionId: idOf(each), isEligible: true, errors: [] }
            : no('Term', idOf(each)),
        ),
      }
    }),
  )
}
