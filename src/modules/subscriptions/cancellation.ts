// Cancelling within the window (product.md S9): in full at first, then by the whole days that remain; afterwards one can only say
// "do not renew". Windows are data per product kind; where the vendor named a deadline of its own, that one holds.
import { type FieldFault, invalid, Refusal } from '#kernel/failure.ts'
import { divideRounded, type Money, money, zero } from '#kernel/money.ts'
import { daysIn } from '#kernel/term.ts'
import type { Charge } from './charge.ts'
import type { Subscription, SubscriptionKind } from './subscription.ts'

export type CancellationPolicy = {
  /** Of licences (`esd`) only whether they execute by themselves: their window is their product's, or the vendor's. */
  readonly kind: SubscriptionKind | 'esd'
  /** Hours from the start of a term, purchase or renewal. */
  readonly windowHours: number
  /** Hours in which everything comes back; the rest of the window counts days. */
  readonly fullRefundHours: number
  /** A request from the Storefront is sent to the vendor at once, without anybody's decision. */
  readonly executesByItself: boolean
  /** From when on; undefined: since ever. A term keeps the window it began with. */
  readonly validFrom: Temporal.Instant | undefined
}

/** The policy that was in force at a moment: for a subscription the one its term began with. */
export function policyAt(
  policies: readonly CancellationPolicy[],
  kind: CancellationPolicy['kind'],
  at: Temporal.Instant | undefined,
): CancellationPolicy | undefined {
  return policies
    .filter((policy) => policy.kind === kind)
    .filter(({ validFrom }) => !validFrom || !at || Temporal.Instant.compare(validFrom, at) <= 0)
    .sort((a, b) =>
      a.validFrom && b.validFrom ? Temporal.Instant.compare(a.validFrom, b.validFrom) : a.validFrom ? 1 : -1,
    )
    .at(-1)
}

export type PolicyInput = Pick<CancellationPolicy, 'windowHours' | 'fullRefundHours' | 'executesByItself'>

export function assertPolicy(kind: CancellationPolicy['kind'], input: PolicyInput): void {
  const faults: FieldFault[] = []
  const { windowHours, fullRefundHours, executesByItself } = input
  if (!Number.isInteger(windowHours) || windowHours < 0 || windowHours > 8760)
    faults.push({
      pointer: '/windowHours',
      code: 'out-of-range',
      message: 'The window is 0 to 8760 whole hours (a year).',
    })
  else if (!Number.isInteger(fullRefundHours) || fullRefundHours < 0 || fullRefundHours > windowHours)
    faults.push({
      pointer: '/fullRefundHours',
      code: 'out-of-range',
      message: 'The hours of a full refund are whole ones, and not more than the window.',
    })
  if (kind !== 'esd' && !executesByItself)
    faults.push({
      pointer: '/executesByItself',
      code: 'fixed',
      message: 'Cancelling software inside its window needs nobody’s decision.',
    })
  if (faults.length > 0) throw invalid(...faults)
}

export type CancellationWindow = {
  readonly until: Temporal.Instant
  readonly fullRefundUntil: Temporal.Instant
}

/** Undefined while the vendor has not begun the term. */
export function cancellationWindow(
  subscription: Pick<Subscription, 'startedAt' | 'cancellableUntil'>,
  policy: CancellationPolicy,
): CancellationWindow | undefined {
  const { startedAt, cancellableUntil } = subscription
  if (!startedAt) return undefined
  const until = cancellableUntil ?? startedAt.add({ hours: policy.windowHours })
  const full = startedAt.add({ hours: policy.fullRefundHours })
  return { until, fullRefundUntil: Temporal.Instant.compare(full, until) < 0 ? full : until }
}

/** Why it cannot be cancelled now, in plain words; undefined when it can. */
export function whyNotCancellable(
  subscription: Pick<Subscription, 'state' | 'cancelRequestedAt' | 'startedAt' | 'cancellableUntil'>,
  policy: CancellationPolicy,
  at: Temporal.Instant,
): string | undefined {
  if (subscription.state === 'ordered') return 'The vendor is still setting it up.'
  if (subscription.state === 'dropped') return 'It was never delivered.'
  if (subscription.state !== 'active') return `It is ${subscription.state} already.`
  if (subscription.cancelRequestedAt) return 'Its cancellation is on its way to the vendor.'
  const window = cancellationWindow(subscription, policy)
  if (!window) return 'The vendor is still setting it up.'
  if (Temporal.Instant.compare(at, window.until) > 0)
    return `The cancellation window closed on ${window.until.toString().slice(0, 16).replace('T', ' ')} UTC. You can switch off the automatic renewal instead.`
  return undefined
}

export function assertCancellable(
  subscription: Pick<Subscription, 'state' | 'cancelRequestedAt' | 'startedAt' | 'cancellableUntil'>,
  policy: CancellationPolicy,
  at: Temporal.Instant,
): void {
  const reason = whyNotCancellable(subscription, policy, at)
  if (reason) throw new Refusal('subscription/not-cancellable', reason)
}

export type Refund = {
  readonly net: Money
  /** Undefined for a refund in full. */
  readonly days: { readonly remaining: number; readonly of: number } | undefined
}

/**
 * What comes back of one invoiced charge when it is cancelled at a moment: everything until `fullRefundUntil`, then the whole days
 * that have not begun (UTC), rounded once, half away from zero. Perpetual licences have no days: all or, after the window, nothing.
 */
export function refundOf(
  charge: Pick<Charge, 'net' | 'startsOn' | 'endsOn'>,
  window: CancellationWindow,
  at: Temporal.Instant,
): Refund {
  if (Temporal.Instant.compare(at, window.until) > 0)
    return { net: zero(charge.net.currency), days: undefined }
  if (Temporal.Instant.compare(at, window.fullRefundUntil) <= 0 || !charge.endsOn)
    return { net: charge.net, days: undefined }
  const period = { startsOn: charge.startsOn, endsOn: charge.endsOn }
  const of = daysIn(period)
  const today = at.toZonedDateTimeISO('UTC').toPlainDate()
  const remaining = Math.min(of, Math.max(0, today.until(charge.endsOn, { largestUnit: 'day' }).days))
  const net = divideRounded(charge.net.amountMinor * BigInt(remaining), BigInt(of))
  return { net: money(net, charge.net.currency), days: { remaining, of } }
}
