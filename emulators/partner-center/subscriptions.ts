// Subscriptions (partner-center.md 10, 11): they begin with an order, renew or expire with the clock, end within the window.

import { randomUUID } from 'node:crypto'
import { planOf } from './catalogue.ts'
import { chargeForTerm, creditFor, dropFutureCharges, runningCharge } from './charges.ts'
import { DAY_MS, HOUR_MS, lastDayOfTerm, monthIndexOf, startOfDay } from './clock.ts'
import { relatedCustomerOf } from './customers.ts'
import { VendorError } from './errors.ts'
import { jsonOf } from './http.ts'
import { pricingOf } from './line-price.ts'
import { lineCancelled } from './order-record.ts'
import { productOf } from './products.ts'
import type { Customer, Order, OrderLine, Subscription } from './records.ts'
import type { Answer, Json } from './wire.ts'
import { type Ask, collection, iso, type Route, type World } from './world.ts'

const WINDOW_HOURS = 168

const subscriptions = '/commerce/v1/customers/{customer}/subscriptions'

export const subscriptionRoutes: readonly Route[] = [
  { name: 'list-subscriptions', method: 'GET', path: subscriptions, access: 'anybody', handle: list },
  {
    name: 'get-subscription',
    method: 'GET',
    path: `${subscriptions}/{subscription}`,
    access: 'anybody',
    handle: (ask) => ({ status: 200, body: shown(subscriptionOf(ask)) }),
  },
  {
    name: 'patch-subscription',
    method: 'PATCH',
    path: `${subscriptions}/{subscription}`,
    access: 'anybody',
    handle: patch,
  },
  {
    name: 'subscription-provisioning',
    method: 'GET',
    path: `${subscriptions}/{subscription}/provisioningstatus`,
    access: 'anybody',
    handle: provisioning,
  },
]

function save(world: World, subscription: Subscription): void {
  const dueAt = subscription.status === 'active' ? subscription.endsAt + DAY_MS : subscription.changesAt
  world.store.save('subscription', subscription.id, subscription, { owner: subscription.customerId, dueAt })
}

function subscriptionOf(ask: Ask): Subscription {
  const customer = relatedCustomerOf(ask)
  const found = ask.world.store.find<Subscription>(
    'subscription',
    (ask.params['subscription'] ?? '').toLowerCase(),
  )
  if (!found || found.customerId !== customer.id)
    throw new VendorError(404, '800001', 'The subscription does not exist.')
  return found
}

/** A term runs from the minute of the order. */
export function begin(world: World, order: Order, line: OrderLine): Subscription {
  const start = new Date(order.createdAt)
  const subscription: Subscription = {
    id: randomUUID(),
    customerId: order.customerId,
    orderId: order.id,
    lineItemNumber: line.lineItemNumber,
    catalogItemId: line.catalogItemId,
    name: line.productTitle,
    friendlyName: line.friendlyName,
    quantity: line.quantity,
    unitPrice: line.pricing?.price ?? 0,
    currency: line.currencyCode,
    status: 'active',
    createdAt: order.createdAt,
    startedAt: Math.floor(order.createdAt / 60_000) * 60_000,
    endsAt: lastDayOfTerm(start, line.termDuration).getTime(),
    term: line.termDuration,
    billingCycle: line.billingCycle,
    autoRenew: true,
    nextTerm: undefined,
    nextCharge: undefined,
    partnerId: line.participants.find((each) => each.key === 'transaction_reseller')?.value ?? '',
    renewals: 0,
  }
  save(world, subscription)
  chargeForTerm(world, {
    order,
    line: { ...line, subscriptionId: subscription.id },
    start: order.createdAt,
    term: line.termDuration,
    chargeType: 'new',
  })
  return subscription
}

/** The window opens with every term: from the purchase to the second, from a renewal at 00:00. */
function windowEnd(subscription: Subscription): number {
  return (
    (subscription.renewals === 0 ? subscription.createdAt : subscription.startedAt) + WINDOW_HOURS * HOUR_MS
  )
}

export function shown(subscription: Subscription): Json {
  const opened = windowEnd(subscription) - WINDOW_HOURS * HOUR_MS
  return {
    id: subscription.id,
    offerId: subscription.catalogItemId,
    offerName: subscription.name,
    friendlyName: subscription.friendlyName,
    productType: { id: 'Software', displayName: 'Software' },
    quantity: subscription.quantity,
    unitType: 'Licenses',
    creationDate: iso(subscription.createdAt),
    effectiveStartDate: iso(subscription.startedAt),
    commitmentEndDate: iso(subscription.endsAt),
    commitmentEndDateTime: iso(subscription.endsAt + DAY_MS - 1000),
    cancellationAllowedUntilDate: iso(windowEnd(subscription)),
    status: subscription.status,
    autoRenewEnabled: subscription.autoRenew,
    isTrial: false,
    billingType: 'license',
    billingCycle: subscription.billingCycle,
    termDuration: subscription.term,
    renewalTermDuration: '',
    refundOptions: [
      { type: 'Full', expiresAt: iso(opened + DAY_MS) },
      { type: 'Partial', expiresAt: iso(windowEnd(subscription)) },
    ],
    isMicrosoftProduct: true,
    partnerId: subscription.partnerId,
    contractType: 'subscription',
    orderId: subscription.orderId,
    ...(subscription.nextTerm ? { scheduledNextTermInstructions: subscription.nextTerm } : {}),
    ...(subscription.nextCharge ? { nextChargeInstructions: subscription.nextCharge } : {}),
    publisherName: 'Microsoft Corporation',
    links: {
      self: {
        uri: `/customers/${subscription.customerId}/subscriptions/${subscription.id}`,
        method: 'GET',
        headers: [],
      },
    },
    attributes: { etag: String(subscription.renewals), objectType: 'Subscription' },
  }
}

function list(ask: Ask): Answer {
  const customer = relatedCustomerOf(ask)
  const orderId = ask.call.query.get('order_id')
  const partnerId = ask.call.query.get('mpn_id')
  return collection(
    ask.world.store
      .list<Subscription>('subscription', customer.id)
      .filter(
        (each) => (!orderId || each.orderId === orderId) && (!partnerId || each.partnerId === partnerId),
      )
      .map(shown),
  )
}

function provisioning(ask: Ask): Answer {
  const subscription = subscriptionOf(ask)
  const [, skuId] = subscription.catalogItemId.split(':')
  return {
    status: 200,
    body: { skuId, status: 'success', quantity: subscription.quantity, endDate: iso(subscription.endsAt) },
  }
}

/** The whole resource replaces the old one: what is left out is switched off or deleted. */
function patch(ask: Ask): Answer {
  const { world, call, now } = ask
  const subscription = subscriptionOf(ask)
  const given = jsonOf(call)
  if (subscription.status === 'deleted' || subscription.status === 'disabled')
    throw new VendorError(400, '800081', 'The subscription is not active.')
  if (String(given['status'] ?? '').toLowerCase() === 'deleted') {
    const ended = endNow(world, subscription, now)
    lineCancelled(world, ended)
    return { status: 200, body: shown(ended) }
  }
  if (given['quantity'] !== undefined && Number(given['quantity']) !== subscription.quantity)
    throw new VendorError(400, '800095', 'The quantity may not change; buy a new subscription.')
  if (
    given['billingCycle'] !== undefined &&
    String(given['billingCycle']).toLowerCase() !== subscription.billingCycle
  )
    throw new VendorError(400, '900268', 'The billing cycle changes with the next term only.')
  const autoRenew = given['autoRenewEnabled'] === true
  if (given['scheduledNextTermInstructions'] && !autoRenew)
    throw new VendorError(400, '800093', 'A next term needs auto-renew.')
  const changed: Subscription = {
    ...subscription,
    friendlyName: String(given['friendlyName'] ?? subscription.friendlyName),
    autoRenew,
    nextTerm: checkedNextTerm(world, given['scheduledNextTermInstructions'], now),
    nextCharge: given['nextChargeInstructions'] ?? undefined,
  }
  save(world, changed)
  return { status: 200, body: shown(changed) }
}

function checkedNextTerm(world: World, given: Json | undefined | null, now: Date): Json | undefined {
  if (!given) return undefined
  const { productId = '', skuId = '', billingCycle = '', termDuration = '' } = given['product'] ?? {}
  const sku = productOf(String(productId), monthIndexOf(now), world.seed)?.skus.find(
    (each) => each.id === skuId,
  )
  if (!sku || !planOf(sku, String(billingCycle).toLowerCase(), String(termDuration).toUpperCase()))
    throw new VendorError(400, '800121', 'The term or billing cycle of the next term is not valid.')
  return given
}

/** Ends a subscription inside its window: everything back on the first day, afterwards the days that are left. */
export function endNow(world: World, subscription: Subscription, now: Date): Subscription {
  if (now.getTime() > windowEnd(subscription))
    throw new VendorError(400, '900117', 'The 7-day cancel window is over.')
  const charge = runningCharge(world, subscription.id, now)
  const order = world.store.find<Order>('order', subscription.orderId)
  const line = order?.lines.find((each) => each.lineItemNumber === subscription.lineItemNumber)
  dropFutureCharges(world, subscription.id, now)
  if (charge && order && line) {
    const opened = windowEnd(subscription) - WINDOW_HOURS * HOUR_MS
    const ends = Date.parse(charge.chargeEndDate) + DAY_MS
    const days = Math.round(
      (startOfDay(new Date(ends)).getTime() - startOfDay(new Date(charge.chargeStartDate)).getTime()) /
        DAY_MS,
    )
    const used = Math.floor((now.getTime() - opened) / DAY_MS)
    const amount = used === 0 ? charge.subtotal : (charge.subtotal * (days - used)) / days
    creditFor(world, { order, line: { ...line, subscriptionId: subscription.id }, amount, at: now.getTime() })
  }
  const ended: Subscription = { ...subscription, status: 'deleted', autoRenew: false, changesAt: undefined }
  save(world, ended)
  return ended
}

/** What time alone does: at 00:00 after the last day a term is followed by the next one, or by the end in three steps. */
export function settleSubscriptions(world: World, now: Date): void {
  for (;;) {
    const due = world.store.due<Subscription>('subscription', now.getTime())
    if (due.length === 0) return
    for (const subscription of due) save(world, moved(world, subscription))
  }
}

function moved(world: World, subscription: Subscription): Subscription {
  const over = subscription.endsAt + DAY_MS
  const after = subscription.changesAt ?? over
  switch (subscription.status) {
    case 'active':
      return subscription.autoRenew
        ? renewed(world, subscription, new Date(over))
        : { ...subscription, status: 'expired', changesAt: over + 30 * DAY_MS }
    case 'expired':
    case 'suspended':
      return { ...subscription, status: 'disabled', changesAt: after + 90 * DAY_MS }
    case 'disabled':
    case 'deleted':
      return { ...subscription, status: 'deleted', changesAt: undefined }
  }
}

function renewed(world: World, subscription: Subscription, start: Date): Subscription {
  const order = world.store.find<Order>('order', subscription.orderId)
  const line = order?.lines.find((each) => each.lineItemNumber === subscription.lineItemNumber)
  const customer = world.store.find<Customer>('customer', subscription.customerId)
  const next: Json = subscription.nextTerm?.['product'] ?? {}
  const term = String(next['termDuration'] ?? subscription.term).toUpperCase()
  const billingCycle = String(next['billingCycle'] ?? subscription.billingCycle).toLowerCase()
  const quantity = Number(subscription.nextTerm?.['quantity'] ?? subscription.quantity)
  const [oldProduct = '', oldSku = '', availability = ''] = subscription.catalogItemId.split(':')
  const [productId, skuId] = [String(next['productId'] ?? oldProduct), String(next['skuId'] ?? oldSku)]
  const product = productOf(productId, monthIndexOf(start), world.seed)
  const sku = product?.skus.find((each) => each.id === skuId)
  const plan = sku && planOf(sku, billingCycle, term)
  const country = customer?.country ?? 'DE'
  const priced =
    product && sku && plan
      ? pricingOf(
          world,
          { product, sku, plan, segment: 'Commercial' },
          { country, currency: subscription.currency, quantity, percentOff: 0 },
          start,
        )
      : undefined
  const unitPrice = priced?.price ?? subscription.unitPrice
  if (order && line)
    chargeForTerm(world, {
      order,
      line: {
        ...line,
        subscriptionId: subscription.id,
        billingCycle,
        orderedQuantity: quantity,
        pricing: {
          listPrice: unitPrice,
          discountedPrice: unitPrice,
          proratedPrice: unitPrice,
          price: unitPrice,
          extendedPrice: priced?.extendedPrice ?? 0,
        },
      },
      start: start.getTime(),
      term,
      chargeType: 'renew',
    })
  return {
    ...subscription,
    catalogItemId: `${productId}:${skuId}:${availability}`,
    name: sku?.title ?? subscription.name,
    term,
    billingCycle,
    quantity,
    unitPrice,
    startedAt: start.getTime(),
    endsAt: lastDayOfTerm(start, term).getTime(),
    nextTerm: undefined,
    renewals: subscription.renewals + 1,
  }
}

/** Licences of a product a customer holds now. */
export function heldSeats(world: World, customerId: string, productId: string): number {
  return world.store
    .list<Subscription>('subscription', customerId)
    .filter((each) => each.status === 'active' && each.catalogItemId.startsWith(`${productId}:`))
    .reduce((total, each) => total + each.quantity, 0)
}
