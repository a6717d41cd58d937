// Products, SKUs and availabilities of a country (partner-center.md 6). No prices; names to order under that change.
import { monthIndexOf } from './clock.ts'
import { customerOf } from './customers.ts'
import { VendorError } from './errors.ts'
import { markets, sellsSoftware, sellsSubscriptions, sheetCurrencies, symbolOf } from './markets.ts'
import {
  availabilityIdOf,
  licences,
  type Plan,
  type Product,
  productOf,
  type Segment,
  type Sku,
  softwareOf,
} from './products.ts'
import type { Answer, Json } from './wire.ts'
import { type Ask, collection, type Route, type World } from './world.ts'

const roots = ['/commerce/v1', '/commerce/v1/customers/{customer}']

export const catalogueRoutes: readonly Route[] = roots.flatMap((root): Route[] => [
  { name: 'list-products', method: 'GET', path: `${root}/products`, access: 'anybody', handle: listProducts },
  {
    name: 'get-product',
    method: 'GET',
    path: `${root}/products/{product}`,
    access: 'anybody',
    handle: getProduct,
  },
  {
    name: 'list-skus',
    method: 'GET',
    path: `${root}/products/{product}/skus`,
    access: 'anybody',
    handle: listSkus,
  },
  {
    name: 'get-sku',
    method: 'GET',
    path: `${root}/products/{product}/skus/{sku}`,
    access: 'anybody',
    handle: getSku,
  },
  {
    name: 'list-availabilities',
    method: 'GET',
    path: `${root}/products/{product}/skus/{sku}/availabilities`,
    access: 'anybody',
    handle: listAvailabilities,
  },
  {
    name: 'get-availability',
    method: 'GET',
    path: `${root}/products/{product}/skus/{sku}/availabilities/{availability}`,
    access: 'anybody',
    handle: getAvailability,
  },
])

/** Names of a segment in the catalogue and in the sheet. */
const segmentNames: Readonly<Record<string, Segment>> = {
  commercial: 'Commercial',
  education: 'Education',
  nonprofit: 'Charity',
}
const nameOf = (segment: Segment) => (segment === 'Charity' ? 'nonprofit' : segment.toLowerCase())

function countryOf(ask: Ask): string {
  if (ask.params['customer']) return customerOf(ask).country
  const country = (ask.call.query.get('country') ?? '').toUpperCase()
  if (!markets.has(country)) throw new VendorError(400, '400001', 'country is missing or unknown.')
  return country
}

/** Segment asked for; without one all but nonprofit. */
function segmentsOf(ask: Ask): Segment[] {
  const asked = ask.call.query.get('targetSegment')?.toLowerCase()
  if (!asked) return ['Commercial', 'Education']
  if (asked === 'government') return []
  const found = segmentNames[asked]
  if (!found) throw new VendorError(403, '400030', 'This segment is not allowed.')
  return [found]
}

const isPerpetual = (product: Product) =>
  product.skus.some((sku) => sku.plans.some((plan) => plan.term === 'OneTime'))

/** A SKU can be ordered while its sale has not ended, for the terms Microsoft knows. */
const orderablePlans = (sku: Sku): readonly Plan[] =>
  sku.trap === 'end-of-sale' ? [] : sku.plans.filter((plan) => plan.term !== 'P18M')

export function isSoldIn(world: World, product: Product, country: string): boolean {
  const ended = world.store.meta(`ended:${product.id}`) === 'yes'
  if (ended || !markets.get(country)?.currency) return false
  return isPerpetual(product) ? sellsSoftware(country) : sellsSubscriptions(country)
}

function productFor(ask: Ask, country: string): Product {
  const { world, params, now } = ask
  const product = productOf((params['product'] ?? '').toUpperCase(), monthIndexOf(now), world.seed)
  if (!product || !isSoldIn(world, product, country))
    throw new VendorError(404, '400013', 'Product not found.')
  return product
}

function skuFor(ask: Ask, product: Product): Sku {
  const id = (ask.params['sku'] ?? '').toUpperCase()
  const sku = product.skus.find((each) => each.id === id)
  if (!sku) throw new VendorError(404, '400018', 'SKU not found.')
  return sku
}

function listProducts(ask: Ask): Answer {
  const country = countryOf(ask)
  const segments = segmentsOf(ask)
  const view = (ask.call.query.get('targetView') ?? 'Software').toLowerCase()
  const belongs = (product: Product) => {
    switch (view) {
      case 'software':
        return product.view === 'software'
      case 'softwareperpetual':
        return product.view === 'software' && isPerpetual(product)
      case 'softwaresubscriptions':
        return product.view === 'software' && !isPerpetual(product)
      case 'onlineservices':
        return product.view === 'licence'
      default:
        return false
    }
  }
  if (
    !/^(software|softwareperpetual|softwaresubscriptions|softwareSUSELinux|onlineservices|marketplacesaas|specializedoffers|azure.*)$/i.test(
      view,
    )
  )
    throw new VendorError(403, '400036', 'This view is not allowed.')
  const all = [...softwareOf(monthIndexOf(ask.now), ask.world.seed), ...licences]
  return collection(
    all
      .filter((each) => belongs(each) && isSoldIn(ask.world, each, country))
      .filter((each) => each.segments.some((segment) => segments.includes(segment)))
      .map((each) => shownProduct(each, country)),
  )
}

function getProduct(ask: Ask): Answer {
  const country = countryOf(ask)
  return { status: 200, body: shownProduct(productFor(ask, country), country) }
}

function shownProduct(product: Product, country: string): Json {
  const isSoftware = product.view === 'software'
  return {
    id: product.id,
    title: product.title,
    description: product.description,
    productType: {
      id: isSoftware ? 'Software' : 'OnlineServicesNCE',
      displayName: isSoftware ? 'Software' : 'Online Services',
      subType: isSoftware
        ? { id: isPerpetual(product) ? 'PerpetualSoftware' : 'SoftwareSubscriptions' }
        : undefined,
    },
    isMicrosoftProduct: true,
    publisherName: 'Microsoft Corporation',
    links: {
      skus: { uri: `/products/${product.id}/skus?country=${country}`, method: 'GET', headers: [] },
      self: { uri: `/products/${product.id}?country=${country}`, method: 'GET', headers: [] },
    },
  }
}

function listSkus(ask: Ask): Answer {
  const product = productFor(ask, countryOf(ask))
  const segments = segmentsOf(ask)
  const isMeant = product.segments.some((segment) => segments.includes(segment))
  return collection(isMeant ? product.skus.map((sku) => shownSku(product, sku)) : [])
}

function getSku(ask: Ask): Answer {
  const product = productFor(ask, countryOf(ask))
  return { status: 200, body: shownSku(product, skuFor(ask, product)) }
}

function shownSku(product: Product, sku: Sku): Json {
  return {
    id: sku.id,
    title: sku.title,
    description: sku.description,
    productId: product.id,
    minimumQuantity: sku.minimum ?? 1,
    maximumQuantity: sku.maximum ?? 10_000,
    isTrial: sku.plans.every((plan) => plan.billing === 'None'),
    supportedBillingCycles: [...new Set(sku.plans.map(cycleOf))],
    purchasePrerequisites: ['MicrosoftCustomerAgreement'],
    inventoryVariables: [],
    provisioningVariables: [],
    constraints: [],
    dynamicAttributes: { isMicrosoftProduct: true, hasConstraints: false, isAddon: false },
    ...(sku.needsAttestation
      ? {
          attestationProperties: { attestationType: 'QualifiedMultitenantHosting', enforceAttestation: true },
        }
      : {}),
    attributes: { objectType: 'Sku' },
  }
}

/** The plan's billing cycle as carts write it. */
export function cycleOf(plan: Plan): string {
  return plan.billing === '' ? 'one_time' : plan.billing.toLowerCase()
}

function listAvailabilities(ask: Ask): Answer {
  const country = countryOf(ask)
  const product = productFor(ask, country)
  const sku = skuFor(ask, product)
  const segments = segmentsOf(ask).filter((segment) => product.segments.includes(segment))
  return collection(segments.map((segment) => shownAvailability(ask.world, product, sku, country, segment)))
}

function getAvailability(ask: Ask): Answer {
  const country = countryOf(ask)
  const product = productFor(ask, country)
  const sku = skuFor(ask, product)
  const segment = segmentOfAvailability(ask.world, product, sku, country, ask.params['availability'] ?? '')
  if (!segment) throw new VendorError(404, '400019', 'Availability not found.')
  return { status: 200, body: shownAvailability(ask.world, product, sku, country, segment) }
}

function segmentOfAvailability(
  world: World,
  product: Product,
  sku: Sku,
  country: string,
  id: string,
): Segment | undefined {
  return product.segments.find(
    (segment) => availabilityIdOf(product, sku, country, segment, world.epoch()) === id.toUpperCase(),
  )
}

function shownAvailability(
  world: World,
  product: Product,
  sku: Sku,
  country: string,
  segment: Segment,
): Json {
  const id = availabilityIdOf(product, sku, country, segment, world.epoch())
  const market = markets.get(country)
  const currency = market
    ? (sheetCurrencies(market).find((each) => each === market.currency) ?? market.currency)
    : ''
  const plans = orderablePlans(sku)
  return {
    id,
    productId: product.id,
    skuId: sku.id,
    catalogItemId: `${product.id}:${sku.id}:${id}`,
    defaultCurrency: { code: currency, symbol: symbolOf(currency) },
    segment: nameOf(segment),
    country,
    isPurchasable: plans.length > 0,
    isRenewable: !isPerpetual(product) && plans.length > 0,
    renewalInstructions: [],
    terms: isPerpetual(product) ? [] : plans.map(shownTerm),
  }
}

function shownTerm(plan: Plan): Json {
  const years = { P1M: '1 Month', P1Y: '1 Year', P3Y: '3 Year' }[plan.term] ?? plan.term
  return {
    id: `t${plan.term.toLowerCase()}${plan.billing.toLowerCase()}`,
    duration: plan.term,
    billingCycle: plan.billing,
    description: `${years} Subscription`,
    cancellationPolicies: [
      {
        refundOptions: [
          { sequenceId: 0, type: 'Full', expiresAfter: 'P1D' },
          { sequenceId: 1, type: 'Partial', expiresAfter: 'P7D' },
        ],
      },
    ],
  }
}

export type Item = { readonly product: Product; readonly sku: Sku; readonly segment: Segment }

/** What a catalogItemId means for a country right now, or what about it is wrong. */
export function itemOf(
  world: World,
  catalogItemId: string,
  country: string,
): Item | 'product' | 'sku' | 'availability' | 'ended' {
  const [productId = '', skuId = '', availabilityId = ''] = catalogItemId.toUpperCase().split(':')
  const product = productOf(productId, monthIndexOf(world.now()), world.seed)
  if (!product || !isSoldIn(world, product, country)) return 'product'
  const sku = product.skus.find((each) => each.id === skuId)
  if (!sku) return 'sku'
  const segment = segmentOfAvailability(world, product, sku, country, availabilityId)
  if (!segment) return 'availability'
  return orderablePlans(sku).length === 0 ? 'ended' : { product, sku, segment }
}

export function planOf(sku: Sku, billingCycle: string, termDuration: string): Plan | undefined {
  return orderablePlans(sku).find(
    (plan) => cycleOf(plan) === billingCycle && (plan.term === 'OneTime' ? '' : plan.term) === termDuration,
  )
}
