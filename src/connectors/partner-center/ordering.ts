// Cart, checkout and order (partner-center.md 6 to 8). One cart holds one line, because a cart may give several orders of which some
// failed, and because a checkout is repeated per cart. What is ordered is the availability of this moment: it is fetched just before.
import { decimalText, exact, times } from '#kernel/exact.ts'
import { Outage } from '#kernel/failure.ts'
import { periodsOf } from '#kernel/term.ts'
import type {
  CartAnswer,
  CartState,
  CheckoutAnswer,
  SoftwareLine,
  SubscriptionVendor,
  VendorOrder,
} from '#modules/subscriptions'
import { type Api, type Said, stepId } from './api.ts'
import { refusalOf } from './reasons.ts'
import * as wire from './wire.ts'

type Request<Name extends keyof SubscriptionVendor> = Parameters<SubscriptionVendor[Name]>[0]

/** Where the vendor works on an order and does not say how long. */
const BUSY_MS = 10_000

export async function makeCart(api: Api, request: Request<'makeCart'>): Promise<CartAnswer> {
  const { line, vendorAccountId } = request
  const item = await findItem(api, vendorAccountId, line)
  if (typeof item !== 'string') return item
  // Asked for in the currency the quote was made from; where the vendor does not charge in it, in its own.
  const asked = await postCart(api, request, item, line.currency)
  const made =
    'refused' in asked && asked.refused === '900169' ? await postCart(api, request, item, undefined) : asked
  if ('refused' in made) return refusalOf(made.refused)
  const [made0] = made.said.lineItems
  // A cart with a bad line is made all the same.
  if (made0?.error) return refusalOf(String(made0.error.errorCode))
  if (!made0?.pricing || !made0.currencyCode)
    throw new Outage('Microsoft Partner Center answered a cart without a price.')
  return {
    outcome: 'priced',
    cartId: made.said.id,
    // The vendor's price is for one licence and one billing period.
    unitCost: decimalText(times(exact(made0.pricing.price), exact(periodsOf(line.term, line.billingPlan)))),
    currency: made0.currencyCode,
    expiresAt: made.said.expirationTimestamp,
  }
}

function postCart(
  api: Api,
  request: Request<'makeCart'>,
  item: string,
  currency: string | undefined,
): Promise<Said<wire.Cart>> {
  const { line, vendorAccountId } = request
  const hasReseller = request.resellerPartnerId !== undefined
  return api.call({
    method: 'POST',
    path: `/customers/${vendorAccountId}/carts`,
    callId: stepId(request.callId, `cart in ${currency ?? 'any currency'}`),
    body: {
      ...(hasReseller ? { PartnerOnRecordAttestationAccepted: true } : {}),
      lineItems: [
        {
          id: 0,
          catalogItemId: item,
          quantity: line.quantity,
          ...(currency ? { currencyCode: currency } : {}),
          billingCycle: line.billingPlan,
          ...(line.billingPlan === 'one_time' ? {} : { termDuration: line.term }),
          friendlyName: line.reference,
          ...(hasReseller
            ? { participants: [{ key: 'transaction_reseller', value: request.resellerPartnerId }] }
            : {}),
          ...(line.promotionId ? { promotionId: line.promotionId } : {}),
        },
      ],
    },
    answer: wire.Cart,
  })
}

/** The availability that sells this plan to this customer now: its id changes over time and is never stored. */
async function findItem(
  api: Api,
  vendorAccountId: string,
  line: SoftwareLine,
): Promise<string | ReturnType<typeof refusalOf>> {
  const path = `/customers/${vendorAccountId}/products/${line.productCode}/skus/${line.skuCode}/availabilities`
  const listed = await api.call({
    method: 'GET',
    path: `${path}?targetSegment=${line.segment}`,
    answer: wire.collection(wire.Availability),
  })
  if ('refused' in listed) return refusalOf(listed.refused === 'not-found' ? '400018' : listed.refused)
  const isPerpetual = line.billingPlan === 'one_time'
  const sold = listed.said.items.filter(
    (each) => each.isPurchasable !== false && (!each.segment || each.segment === line.segment),
  )
  const fitting = sold.find((each) =>
    isPerpetual
      ? !each.terms?.some((term) => term.duration)
      : each.terms?.some(
          (term) => term.duration?.toUpperCase() === line.term && term.billingCycle === line.billingPlan,
        ),
  )
  if (fitting) return fitting.catalogItemId
  return refusalOf(sold.length > 0 ? '10013' : '2091')
}

export async function checkOut(api: Api, request: Request<'checkOut'>): Promise<CheckoutAnswer> {
  const done = await api.call({
    method: 'POST',
    path: `/customers/${request.vendorAccountId}/carts/${request.cartId}/checkout`,
    callId: request.callId,
    answer: wire.Checkout,
  })
  if ('refused' in done) {
    if (['800060', '800064', '800065'].includes(done.refused))
      return { outcome: 'busy', retryAfterMs: done.retryAfterMs ?? BUSY_MS }
    if (done.refused === '400019' || done.refused === '800008')
      return { outcome: 'rebuild', reason: 'The offer was renewed meanwhile; a new cart is made.' }
    return refusalOf(done.refused)
  }
  const order = done.said.orders?.find((each) => lineOf(each, request.reference))
  if (order) return { outcome: 'ordered', order: orderOf(order, request.reference) }
  const [error] = done.said.orderErrors ?? []
  if (error) return refusalOf(error.code)
  throw new Outage('Microsoft Partner Center answered a checkout without an order.')
}

export async function readCart(api: Api, request: Request<'readCart'>): Promise<CartState> {
  const read = await api.call({
    method: 'GET',
    path: `/customers/${request.vendorAccountId}/carts/${request.cartId}`,
    callId: request.callId,
    answer: wire.Cart,
  })
  if ('refused' in read) return 'unknown'
  return read.said.status === 'ordered' ? 'ordered' : 'open'
}

export async function findOrder(api: Api, request: Request<'findOrder'>): Promise<VendorOrder | undefined> {
  const listed = await api.call({
    method: 'GET',
    path: `/customers/${request.vendorAccountId}/orders`,
    callId: request.callId,
    answer: wire.collection(wire.Order),
  })
  if ('refused' in listed)
    throw new Outage(`Microsoft Partner Center did not list the orders (${listed.refused}).`)
  const { reference, productCode, skuCode } = request.line
  const order = listed.said.items.find((each) =>
    lineOf(each, reference)?.offerId.toUpperCase().startsWith(`${productCode}:${skuCode}:`),
  )
  return order && orderOf(order, reference)
}

export async function readOrder(api: Api, request: Request<'readOrder'>): Promise<VendorOrder> {
  const read = await api.call({
    method: 'GET',
    path: `/customers/${request.vendorAccountId}/orders/${request.orderId}`,
    callId: request.callId,
    answer: wire.Order,
  })
  if ('refused' in read)
    throw new Outage(`Microsoft Partner Center did not show the order (${read.refused}).`)
  return orderOf(read.said, request.reference)
}

function lineOf(order: wire.Order, reference: string) {
  return order.lineItems.find((line) => line.friendlyName === reference)
}

const states: Readonly<Record<string, VendorOrder['state']>> = {
  pending: 'in progress',
  completed: 'fulfilled',
  cancelled: 'cancelled',
  suspended: 'on hold',
  pending_review: 'on hold',
  po_upload_complete: 'on hold',
  pending_po_upload: 'action needed',
  po_review_rejected: 'failed',
  partial_success: 'failed',
  error: 'failed',
}

export function orderOf(order: wire.Order, reference: string): VendorOrder {
  const line = lineOf(order, reference)
  // A cancelled line has no quantity left, whatever the order says.
  const state = line?.quantity === 0 ? 'cancelled' : (states[order.status] ?? 'in progress')
  return {
    orderId: order.id,
    reference,
    state,
    detail: order.status,
    subscriptionId: line?.subscriptionId ?? undefined,
  }
}
