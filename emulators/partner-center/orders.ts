// Checkout makes orders of a cart, time brings them to their end (partner-center.md 7.3, 8, 10).

import { randomUUID } from 'node:crypto'
import { assertAgreed } from './agreements.ts'
import { cartOf, saveCart } from './cart.ts'
import { itemOf, planOf } from './catalogue.ts'
import { chargeForTerm, creditFor, dropFutureCharges } from './charges.ts'
import { billingPeriods, DAY_MS, HOUR_MS, monthIndexOf } from './clock.ts'
import { relatedCustomerOf } from './customers.ts'
import { VendorError } from './errors.ts'
import { jsonOf } from './http.ts'
import { symbolOf } from './markets.ts'
import { saveOrder } from './order-record.ts'
import { type Outcome, productOf } from './products.ts'
import type { Cart, Line, Order, OrderLine, Subscription } from './records.ts'
import { resellerByPartnerId } from './resellers.ts'
import { begin, endNow } from './subscriptions.ts'
import type { Answer, Json } from './wire.ts'
import { type Ask, collection, iso, type Route, type World } from './world.ts'

const orders = '/commerce/v1/customers/{customer}/orders'

export const orderRoutes: readonly Route[] = [
  {
    name: 'checkout',
    method: 'POST',
    path: '/commerce/v1/customers/{customer}/carts/{cart}/checkout',
    access: 'anybody',
    handle: checkout,
  },
  { name: 'list-orders', method: 'GET', path: orders, access: 'anybody', handle: list },
  { name: 'get-order', method: 'GET', path: `${orders}/{order}`, access: 'anybody', handle: get },
  { name: 'patch-order', method: 'PATCH', path: `${orders}/{order}`, access: 'anybody', handle: cancel },
  {
    name: 'order-provisioning',
    method: 'GET',
    path: `${orders}/{order}/provisioningstatus`,
    access: 'anybody',
    handle: provisioning,
  },
  { name: 'attach', method: 'POST', path: `${orders}/{order}/attachment`, access: 'anybody', handle: attach },
  {
    name: 'list-attachments',
    method: 'GET',
    path: `${orders}/{order}/attachments`,
    access: 'anybody',
    handle: (ask) => collection(orderOf(ask).attachments),
  },
  {
    name: 'entitlements',
    method: 'GET',
    path: '/commerce/v1/customers/{customer}/entitlements',
    access: 'anybody',
    handle: entitlements,
  },
]

function orderOf(ask: Ask): Order {
  const customer = relatedCustomerOf(ask)
  const order = ask.world.store.find<Order>('order', (ask.params['order'] ?? '').toLowerCase())
  if (!order || order.customerId !== customer.id)
    throw new VendorError(404, '800001', 'The order does not exist.')
  return order
}

/** Answers the same for ever once an order came of it; a checkout that failed whole may be sent again. */
function checkout(ask: Ask): Answer {
  const { world, now } = ask
  const cart = cartOf(ask)
  if (cart.result) return { status: 201, body: cart.result }
  const customer = relatedCustomerOf(ask)
  assertAgreed(world, customer)
  const wrong = cart.lines.filter((line) => line.error)
  if (wrong.length > 0)
    throw new VendorError(400, '800009', 'There are errors in the cart items.', {
      data: wrong.map((line) => line.id),
    })
  for (const line of cart.lines) {
    const item = itemOf(world, line.catalogItemId, customer.country)
    if (item === 'product' || item === 'ended')
      throw new VendorError(403, '2091', 'The item is not for sale any more.')
    if (item === 'sku') throw new VendorError(404, '400018', 'SKU not found.')
    if (item === 'availability') throw new VendorError(404, '400019', 'Availability not found.')
    for (const { value } of line.participants)
      if (!resellerByPartnerId(world, value).hasSigned)
        throw new VendorError(403, '900123', 'The reseller has not accepted the Microsoft Partner Agreement.')
  }
  const made: Order[] = []
  const orderErrors: Json[] = []
  for (const group of [...new Set(cart.lines.map((line) => line.orderGroup))]) {
    const order = orderFrom(world, cart, group, String(ask.call.headers['ms-requestid'] ?? ''), now)
    if (order.lines.some((line) => line.outcome === 'order_error'))
      orderErrors.push({ orderGroupId: group, code: 800069, description: 'The risk check failed.' })
    else made.push(order)
  }
  for (const order of made) saveOrder(world, order)
  const result = {
    orders: made.map((order) => shown(order, true)),
    ...(orderErrors.length > 0 ? { orderErrors } : {}),
    attributes: { objectType: 'CartCheckoutResult' },
  }
  if (made.length > 0) saveCart(world, { ...cart, status: 'Ordered', result, changedAt: now.getTime() })
  return { status: 201, body: result }
}

function orderFrom(world: World, cart: Cart, group: string, requestId: string, now: Date): Order {
  const lines = cart.lines.filter((line) => line.orderGroup === group)
  return {
    id: randomUUID().replaceAll('-', '').slice(0, 12),
    customerId: cart.customerId,
    cartId: cart.id,
    status: 'pending',
    createdAt: now.getTime(),
    readyAt: now.getTime() + world.settings().provisioningSeconds * 1000,
    billingCycle: lines[0]?.billingCycle ?? '',
    currencyCode: lines[0]?.currencyCode ?? '',
    lines: lines.map((line, at) => {
      const [productId = '', skuId = ''] = line.catalogItemId.toUpperCase().split(':')
      const sku = productOf(productId, monthIndexOf(now), world.seed)?.skus.find((each) => each.id === skuId)
      return {
        ...line,
        lineItemNumber: at,
        productTitle: sku?.title ?? '',
        outcome: sku?.outcome ?? '',
        isCancelled: false,
        orderedQuantity: line.quantity,
      }
    }),
    requestId,
    attachments: [],
  }
}

/** What time alone does to orders: they come to their end, and subscriptions appear. */
export function settleOrders(world: World, now: Date): void {
  for (const order of world.store.due<Order>('order', now.getTime())) {
    const outcomes = new Set(order.lines.map((line) => line.outcome))
    if (order.status === 'pending_review') saveOrder(world, { ...order, status: 'po_review_rejected' })
    else if (order.status === 'po_upload_complete') saveOrder(world, fulfilled(world, order))
    else if (outcomes.has('pending_po_upload')) saveOrder(world, { ...order, status: 'pending_po_upload' })
    else if (outcomes.has('pending_review'))
      saveOrder(world, { ...order, status: 'pending_review', readyAt: order.readyAt + reviewMs(world) })
    else if (outcomes.has('error')) saveOrder(world, { ...order, status: 'error' })
    else saveOrder(world, fulfilled(world, order))
  }
}

const reviewMs = (world: World) => world.settings().provisioningSeconds * 1000

function fulfilled(world: World, order: Order): Order {
  const lines = order.lines.map((line) => {
    if (line.outcome === 'partial_success' || line.isCancelled) return line
    if (line.billingCycle === 'one_time') {
      chargeForTerm(world, { order, line, start: order.createdAt, term: '', chargeType: 'new' })
      return line
    }
    const subscription = begin(world, order, line)
    return { ...line, subscriptionId: subscription.id }
  })
  const isPartial = lines.some((line) => line.outcome === 'partial_success')
  return { ...order, lines, status: isPartial ? 'partial_success' : 'completed' }
}

/** For the control interface: an order ends as told. */
export function decide(world: World, orderId: string, status: string): Json {
  const order = world.store.find<Order>('order', orderId)
  if (!order) throw new VendorError(404, '800001', 'The order does not exist.')
  const isFresh = order.lines.every((line) => !line.subscriptionId)
  const changed = status === 'completed' && isFresh ? fulfilled(world, order) : { ...order, status }
  saveOrder(world, changed)
  return shown(changed, true)
}

function list(ask: Ask): Answer {
  const customer = relatedCustomerOf(ask)
  const cycle = ask.call.query.get('billingType')?.toLowerCase().replace('onetime', 'one_time')
  const visibleUntil = ask.now.getTime() - ask.world.settings().listDelaySeconds * 1000
  const withPrice = ask.call.query.get('include_price') === 'true'
  return collection(
    ask.world.store
      .list<Order>('order', customer.id)
      .filter((order) => order.createdAt <= visibleUntil)
      .filter((order) => !cycle || order.billingCycle === cycle)
      .map((order) => shown(order, withPrice)),
  )
}

function get(ask: Ask): Answer {
  return { status: 200, body: shown(orderOf(ask), ask.call.query.get('include_price') === 'true') }
}

export function shown(order: Order, withPrice: boolean): Json {
  const self = `/customers/${order.customerId}/orders/${order.id}`
  const link = (uri: string, method = 'GET') => ({ uri, method, headers: [] })
  const totalPrice = order.lines
    .filter((line) => !line.isCancelled)
    .reduce((total, line) => total + (line.pricing?.extendedPrice ?? 0), 0)
  return {
    id: order.id,
    alternateId: order.id,
    referenceCustomerId: order.customerId,
    billingCycle: order.billingCycle,
    transactionType: 'UserPurchase',
    currencyCode: order.currencyCode,
    currencySymbol: symbolOf(order.currencyCode),
    creationDate: iso(order.createdAt),
    status: order.status,
    ...(withPrice ? { totalPrice: Math.round(totalPrice * 100) / 100 } : {}),
    lineItems: order.lines.map((line) => shownLine(line, order, withPrice, link)),
    links: {
      self: link(self),
      provisioningStatus: link(`${self}/provisioningstatus`),
      patchOperation: link(self, 'PATCH'),
    },
    attributes: { etag: Buffer.from(order.status).toString('base64'), objectType: 'Order' },
  }
}

function shownLine(line: OrderLine, order: Order, withPrice: boolean, link: (uri: string) => Json): Json {
  const [product = '', sku = '', availability = ''] = line.catalogItemId.split(':')
  const partnerIds = (key: string) =>
    line.participants.filter((each) => each.key === key).map((each) => each.value)
  const additional = partnerIds('additional_transaction_reseller')
  return {
    lineItemNumber: line.lineItemNumber,
    offerId: line.catalogItemId,
    ...(line.subscriptionId ? { subscriptionId: line.subscriptionId } : {}),
    termDuration: line.termDuration,
    transactionType: line.isCancelled ? 'cancel' : 'New',
    friendlyName: line.friendlyName,
    quantity: line.quantity,
    partnerIdOnRecord: partnerIds('transaction_reseller')[0] ?? null,
    ...(additional.length > 0 ? { additionalPartnerIdsOnRecord: additional } : {}),
    ...(withPrice && line.pricing ? { pricing: line.pricing } : {}),
    ...(line.promotionId ? { promotionId: line.promotionId } : {}),
    links: {
      product: link(`/products/${product}`),
      sku: link(`/products/${product}/skus/${sku}`),
      availability: link(`/products/${product}/skus/${sku}/availabilities/${availability}`),
      ...(line.subscriptionId
        ? { subscription: link(`/customers/${order.customerId}/subscriptions/${line.subscriptionId}`) }
        : {}),
    },
  }
}

function provisioning(ask: Ask): Answer {
  const order = orderOf(ask)
  const isDone = ['completed', 'partial_success', 'cancelled'].includes(order.status)
  return collection(
    order.lines.map((line) => {
      const isRefused =
        line.isCancelled ||
        line.outcome === 'partial_success' ||
        ['error', 'po_review_rejected'].includes(order.status)
      const status = isRefused ? 'unfulfilled' : isDone ? 'fulfilled' : 'prefulfillmentPending'
      return {
        lineItemNumber: line.lineItemNumber,
        status,
        quantityProvisioningInformation: [{ quantity: line.orderedQuantity, status }],
      }
    }),
  )
}

/** Cancels lines: perpetual software within 30 days, subscriptions within 168 hours of their term's start. */
function cancel(ask: Ask): Answer {
  const { world, call, now } = ask
  const order = orderOf(ask)
  const given = jsonOf(call)
  if (String(given['status']).toLowerCase() !== 'cancelled')
    throw new VendorError(400, '800063', 'An order can only be cancelled; change the subscription instead.')
  const asked: Json[] | undefined = given['lineItems']
  const numbers = asked?.map((line) => Number(line['lineItemNumber']))
  const chosen = order.lines.filter((line) => !numbers || numbers.includes(line.lineItemNumber))
  if (chosen.length === 0)
    throw new VendorError(400, '800002', 'There is no such line.', { data: ['lineItems'] })
  if (!['completed', 'partial_success', 'cancelled', 'pending_po_upload'].includes(order.status))
    throw new VendorError(
      order.status === 'pending' ? 409 : 400,
      order.status === 'pending' ? '800060' : '800061',
      'The order cannot be cancelled now.',
    )
  const lines = order.lines.map((line) => (chosen.includes(line) ? cancelled(world, order, line, now) : line))
  const changed: Order = {
    ...order,
    lines,
    status: lines.every((line) => line.isCancelled) ? 'cancelled' : order.status,
  }
  saveOrder(world, changed)
  return { status: 200, body: shown(changed, true) }
}

function cancelled(world: World, order: Order, line: OrderLine, now: Date): OrderLine {
  if (line.isCancelled) return line
  if (line.subscriptionId) {
    const subscription = world.store.find<Subscription>('subscription', line.subscriptionId)
    if (subscription && subscription.status !== 'deleted') endNow(world, subscription, now)
  } else {
    if (now.getTime() > order.createdAt + 30 * DAY_MS)
      throw new VendorError(400, '900117', 'The 30-day cancel window is over.')
    const amount =
      (line.pricing?.price ?? 0) * billingPeriods(line.termDuration, line.billingCycle) * line.quantity
    dropFutureCharges(world, `${order.id}:${line.lineItemNumber}`, now)
    if (order.status !== 'pending_po_upload') creditFor(world, { order, line, amount, at: now.getTime() })
  }
  return { ...line, quantity: 0, isCancelled: true }
}

function attach(ask: Ask): Answer {
  const order = orderOf(ask)
  if (order.status !== 'pending_po_upload')
    throw new VendorError(400, '800002', 'This order waits for no purchase order.')
  const names = [...ask.call.text.matchAll(/name="(\w+)"(?:; filename="([^"]*)")?/g)]
  if (!names.some((each) => each[1]?.toLowerCase() === 'metadata'))
    throw new VendorError(400, '900254', 'The metadata is missing.')
  const files = names.filter((each) => each[1]?.toLowerCase() === 'pofiles')
  if (files.length === 0) throw new VendorError(400, '900252', 'The purchase order is missing.')
  const attachments = files.map((each) => ({
    attachmentId: randomUUID(),
    fileName: each[2] ?? '',
    sizeInKB: Math.ceil(ask.call.text.length / 1024),
    attachmentType: 'POAttachment',
  }))
  saveOrder(ask.world, {
    ...order,
    attachments: [...order.attachments, ...attachments],
    status: 'po_upload_complete',
    readyAt: ask.now.getTime() + reviewMs(ask.world),
  })
  return { status: 201, body: attachments }
}

function entitlements(ask: Ask): Answer {
  const customer = relatedCustomerOf(ask)
  const asked = ask.call.query.get('entitlementType')?.toLowerCase()
  if (asked && asked !== 'software') return collection([])
  const all = ask.world.store
    .list<Order>('order', customer.id)
    .filter((order) => order.status === 'completed' || order.status === 'partial_success')
  return collection(
    all.flatMap((order) =>
      order.lines
        .filter((line) => !line.isCancelled && line.outcome !== 'partial_success')
        .map((line) => {
          const [productId, skuId] = line.catalogItemId.split(':')
          const subscription = line.subscriptionId
            ? ask.world.store.find<Subscription>('subscription', line.subscriptionId)
            : undefined
          return {
            productId,
            skuId,
            quantity: line.quantity,
            quantityDetails: [{ quantity: line.quantity, status: 'active' }],
            entitlementType: 'software',
            fulfillmentState: 'fulfilled',
            entitledArtifacts: [],
            includedEntitlements: [],
            referenceOrder: { id: order.id, lineItemId: String(line.lineItemNumber), alternateId: order.id },
            ...(subscription ? { expiryDate: iso(subscription.endsAt + DAY_MS - HOUR_MS / 3600) } : {}),
          }
        }),
    ),
  )
}
