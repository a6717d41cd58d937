// Running subscriptions (partner-center.md 10 and 11). A change reads the whole record first, changes one thing and writes the whole
// back, because what is left out of the body is switched off or deleted; and what stands already is not asked for again.
import { Outage } from '#kernel/failure.ts'
import type { ChangeAnswer, SubscriptionVendor, VendorSubscription } from '#modules/subscriptions'
import type { Api } from './api.ts'
import { refusalOf } from './reasons.ts'
import * as wire from './wire.ts'

type Request<Name extends keyof SubscriptionVendor> = Parameters<SubscriptionVendor[Name]>[0]

const PENDING_MS = 15_000

const states: Readonly<Record<string, VendorSubscription['state']>> = {
  active: 'active',
  pending: 'pending',
  none: 'pending',
  suspended: 'suspended',
  disabled: 'suspended',
  expired: 'expired',
  deleted: 'cancelled',
}

const pathOf = (request: { vendorAccountId: string; subscriptionId: string }) =>
  `/customers/${request.vendorAccountId}/subscriptions/${request.subscriptionId}`

export async function readSubscription(
  api: Api,
  request: Request<'readSubscription'>,
): Promise<VendorSubscription> {
  const read = await api.call({
    method: 'GET',
    path: pathOf(request),
    callId: request.callId,
    answer: wire.Subscription,
  })
  if ('refused' in read)
    throw new Outage(`Microsoft Partner Center did not show the subscription (${read.refused}).`)
  const { said } = read
  return {
    subscriptionId: said.id,
    orderId: said.orderId ?? undefined,
    state: states[said.status] ?? 'pending',
    quantity: said.quantity,
    startedAt: said.effectiveStartDate ?? undefined,
    endsOn: said.commitmentEndDate ?? undefined,
    cancellableUntil: said.cancellationAllowedUntilDate ?? undefined,
    autoRenew: said.autoRenewEnabled ?? false,
  }
}

/** Reads the record as the vendor sent it, so that nothing of it is lost when it is written back. */
async function readWhole(
  api: Api,
  request: { vendorAccountId: string; subscriptionId: string },
): Promise<Record<string, unknown> | { refused: string }> {
  const read = await api.call({ method: 'GET', path: pathOf(request), answer: wire.Whole })
  return 'refused' in read ? { refused: read.refused } : read.said
}

async function write(
  api: Api,
  request: { callId: string; vendorAccountId: string; subscriptionId: string },
  body: object,
): Promise<ChangeAnswer> {
  const written = await api.call({ method: 'PATCH', path: pathOf(request), callId: request.callId, body })
  if ('refused' in written)
    return ['800060', '800064', '800081', '800082'].includes(written.refused)
      ? { outcome: 'pending', retryAfterMs: written.retryAfterMs ?? PENDING_MS }
      : refusalOf(written.refused)
  return written.status === 202
    ? { outcome: 'pending', retryAfterMs: written.retryAfterMs ?? PENDING_MS }
    : { outcome: 'done' }
}

export async function cancel(api: Api, request: Request<'cancel'>): Promise<ChangeAnswer> {
  const { subscriptionId } = request
  if (!subscriptionId) return cancelLine(api, request)
  const whole = await readWhole(api, { ...request, subscriptionId })
  if ('refused' in whole) return refusalOf(String(whole['refused']))
  if (String(whole['status']).toLowerCase() === 'deleted') return { outcome: 'done' }
  return write(api, { ...request, subscriptionId }, { ...whole, status: 'deleted' })
}

/** Perpetual software has no subscription at the vendor: its order's line is cancelled. */
async function cancelLine(api: Api, request: Request<'cancel'>): Promise<ChangeAnswer> {
  const path = `/customers/${request.vendorAccountId}/orders/${request.orderId}`
  const read = await api.call({ method: 'GET', path, answer: wire.Order })
  if ('refused' in read) return refusalOf(read.refused)
  const line = read.said.lineItems.find((each) => each.friendlyName === request.reference)
  if (!line) return refusalOf('not-found')
  if (line.quantity === 0) return { outcome: 'done' }
  const written = await api.call({
    method: 'PATCH',
    path,
    callId: request.callId,
    body: {
      id: request.orderId,
      status: 'cancelled',
      lineItems: [{ lineItemNumber: line.lineItemNumber, offerId: line.offerId }],
    },
    answer: wire.Order,
  })
  if ('refused' in written)
    return written.refused === '800060'
      ? { outcome: 'pending', retryAfterMs: written.retryAfterMs ?? PENDING_MS }
      : refusalOf(written.refused)
  // The line's quantity says whether it was cancelled, not the order's state.
  const isCancelled = written.said.lineItems.some(
    (each) => each.lineItemNumber === line.lineItemNumber && each.quantity === 0,
  )
  return isCancelled ? { outcome: 'done' } : { outcome: 'pending', retryAfterMs: PENDING_MS }
}

export async function setAutoRenew(api: Api, request: Request<'setAutoRenew'>): Promise<ChangeAnswer> {
  const whole = await readWhole(api, request)
  if ('refused' in whole) return refusalOf(String(whole['refused']))
  if (whole['autoRenewEnabled'] === request.autoRenew) return { outcome: 'done' }
  const changed: Record<string, unknown> = { ...whole, autoRenewEnabled: request.autoRenew }
  // Instructions for a next term need one.
  if (!request.autoRenew) delete changed['scheduledNextTermInstructions']
  return write(api, request, changed)
}
