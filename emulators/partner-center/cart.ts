// The cart (partner-center.md 7): made even if a line is wrong, priced, seven days alive, submitted once.

import { randomUUID } from 'node:crypto'
import { cycleOf, itemOf, planOf } from './catalogue.ts'
import { DAY_MS } from './clock.ts'
import { relatedCustomerOf } from './customers.ts'
import { VendorError } from './errors.ts'
import { jsonOf } from './http.ts'
import { pricingOf } from './line-price.ts'
import { markets } from './markets.ts'
import { discountOf } from './promotions.ts'
import type { Cart, Customer, Line, Pricing } from './records.ts'
import { resellerByPartnerId } from './resellers.ts'
import { heldSeats } from './subscriptions.ts'
import type { Answer, Json } from './wire.ts'
import { type Ask, iso, type Route, type World } from './world.ts'

const carts = '/commerce/v1/customers/{customer}/carts'

export const cartRoutes: readonly Route[] = [
  { name: 'create-cart', method: 'POST', path: carts, access: 'anybody', handle: create },
  {
    name: 'get-cart',
    method: 'GET',
    path: `${carts}/{cart}`,
    access: 'anybody',
    handle: (ask) => ({ status: 200, body: shown(cartOf(ask)) }),
  },
  { name: 'update-cart', method: 'PUT', path: `${carts}/{cart}`, access: 'anybody', handle: update },
]

export function saveCart(world: World, cart: Cart): void {
  world.store.save('cart', cart.id, cart, { owner: cart.customerId })
}

/** A cart that is not too old; an ordered one stays readable as long. */
export function cartOf(ask: Ask): Cart {
  const customer = relatedCustomerOf(ask)
  const cart = ask.world.store.find<Cart>('cart', (ask.params['cart'] ?? '').toLowerCase())
  if (!cart || cart.customerId !== customer.id || cart.expiresAt <= ask.now.getTime())
    throw new VendorError(404, '800008', 'The cart is unknown or has expired.')
  return cart
}

function create(ask: Ask): Answer {
  const { world, call, now } = ask
  const customer = relatedCustomerOf(ask)
  const cart: Cart = {
    id: randomUUID(),
    customerId: customer.id,
    createdAt: now.getTime(),
    changedAt: now.getTime(),
    expiresAt: now.getTime() + 7 * DAY_MS,
    status: 'Active',
    lines: linesOf(world, customer, jsonOf(call), now),
    requestId: String(call.headers['ms-requestid'] ?? ''),
  }
  saveCart(world, cart)
  return { status: 201, body: shown(cart) }
}

function update(ask: Ask): Answer {
  const cart = cartOf(ask)
  if (cart.status === 'Ordered') throw new VendorError(400, '800065', 'The cart has been submitted already.')
  const lines = linesOf(ask.world, relatedCustomerOf(ask), jsonOf(ask.call), ask.now)
  const changed = { ...cart, lines, changedAt: ask.now.getTime() }
  saveCart(ask.world, changed)
  return { status: 200, body: shown(changed) }
}

function shown(cart: Cart): Json {
  return {
    id: cart.id,
    creationTimestamp: iso(cart.createdAt),
    lastModifiedTimestamp: iso(cart.changedAt),
    expirationTimestamp: iso(cart.expiresAt),
    lastModifiedUser: '00000000-0000-0000-0000-000000000000',
    status: cart.status,
    lineItems: cart.lines.map(
      ({ termDuration, participants, promotionId, attestationAccepted, ...line }) => ({
        ...line,
        ...(termDuration ? { termDuration } : {}),
        ...(participants.length > 0 ? { participants } : {}),
        ...(promotionId ? { promotionId } : {}),
        ...(attestationAccepted ? { attestationAccepted } : {}),
      }),
    ),
    links: { self: { uri: `/customers/${cart.customerId}/carts/${cart.id}`, method: 'GET', headers: [] } },
    attributes: { objectType: 'Cart' },
  }
}

function linesOf(world: World, customer: Customer, body: Json, now: Date): Line[] {
  const given: Json[] = Array.isArray(body['lineItems']) ? body['lineItems'] : []
  if (given.length === 0)
    throw new VendorError(400, '800002', 'A cart needs a line.', { data: ['lineItems'] })
  const ids = given.map((line, at) => Number(line['id'] ?? at))
  if (new Set(ids).size !== ids.length || ids.some((id) => !Number.isInteger(id) || id < 0))
    throw new VendorError(400, '800002', 'Line ids are whole numbers from 0, each once.', {
      data: ['lineItems.id'],
    })
  const names = given.some((line) => (line['participants'] ?? []).length > 0)
  if (names && body['partnerOnRecordAttestationAccepted'] !== true)
    throw new VendorError(400, '900206', 'The partner attestation is missing.')
  const lines = given.map((line, at) => lineOf(world, customer, line, ids[at] ?? at, now))
  return grouped(world, customer, lines)
}

/** One order for what is billed alike for the same reseller; a SKU that makes trouble at once keeps to itself. */
function grouped(world: World, customer: Customer, lines: Line[]): Line[] {
  const keys: string[] = []
  return lines.map((line) => {
    const item = itemOf(world, line.catalogItemId, customer.country)
    const outcome = typeof item === 'string' ? 'unknown' : (item.sku.outcome ?? '')
    const apart = outcome === 'partial_success' ? '' : outcome
    const reseller = line.participants.find((each) => each.key === 'transaction_reseller')?.value ?? ''
    const key = [line.billingCycle, line.termDuration, line.currencyCode, reseller, apart].join('|')
    if (!keys.includes(key)) keys.push(key)
    return { ...line, orderGroup: String(keys.indexOf(key)) }
  })
}

function lineOf(world: World, customer: Customer, given: Json, id: number, now: Date): Line {
  const currency = String(given['currencyCode'] || world.settings().currency).toUpperCase()
  const line: Line = {
    id,
    catalogItemId: String(given['catalogItemId'] ?? ''),
    quantity: Number(given['quantity']),
    currencyCode: currency,
    billingCycle: String(given['billingCycle'] ?? '').toLowerCase(),
    termDuration: String(given['termDuration'] ?? '').toUpperCase(),
    friendlyName: String(given['friendlyName'] ?? ''),
    participants: participantsOf(world, given['participants'] ?? []),
    promotionId: String(given['promotionId'] ?? ''),
    attestationAccepted: given['attestationAccepted'] === true,
    orderGroup: '0',
  }
  const market = markets.get(customer.country)
  if (currency !== world.settings().currency && currency !== market?.currency)
    throw new VendorError(
      400,
      '900169',
      `${currency} is neither the partner's currency nor the customer's market's.`,
    )
  const wrong = (errorCode: number, errorDescription: string, additionalInformation: Json = {}): Line => ({
    ...line,
    error: { errorCode, errorDescription, additionalInformation },
  })
  const item = itemOf(world, line.catalogItemId, customer.country)
  if (typeof item === 'string') return wrong(10001, `The catalogue item is not valid (${item}).`)
  const { product, sku } = item
  if (!Number.isInteger(line.quantity) || line.quantity < 1)
    return wrong(10010, 'The quantity is not a whole number.')
  if (line.quantity < (sku.minimum ?? 1) || line.quantity > (sku.maximum ?? 10_000))
    throw new VendorError(400, '900275', `The quantity is outside the limits of ${sku.title}.`)
  const plan = planOf(sku, line.billingCycle, line.termDuration)
  if (!plan) return wrong(10013, 'This billing plan is not supported.')
  if (given['customTermEndDate']) return wrong(10016, 'A custom end date is not for software.')
  if (sku.needsAttestation && !line.attestationAccepted)
    return wrong(10012, 'The attestation was not accepted.')
  const discount = discountOf({ product, sku, plan }, line.promotionId || undefined, now)
  if (discount === 'wrong') return wrong(10014, 'The promotion does not fit.')
  const held = sku.seatCap ? heldSeats(world, customer.id, product.id) : 0
  if (sku.seatCap && held + line.quantity > sku.seatCap)
    return wrong(10015, 'More licences than the customer may hold.', {
      availableQuantity: String(sku.seatCap - held),
      purchasedQuantity: String(held),
    })
  return {
    ...line,
    promotionId: discount?.id ?? '',
    billingCycle: cycleOf(plan),
    pricing: pricingOf(
      world,
      { product, sku, plan, segment: item.segment },
      { country: customer.country, currency, quantity: line.quantity, percentOff: discount?.percent ?? 0 },
      now,
    ),
  }
}

function participantsOf(world: World, given: Json[]): Line['participants'] {
  const participants = given.map((each) => ({ key: String(each['key']), value: String(each['value']) }))
  const count = (key: string) => participants.filter((each) => each.key === key).length
  if (count('transaction_reseller') > 1 || count('additional_transaction_reseller') > 5)
    throw new VendorError(400, '800002', 'Too many participants.', { data: ['participants'] })
  for (const { value } of participants) resellerByPartnerId(world, value)
  return participants
}
