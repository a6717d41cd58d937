// What follows a term: the next one, at its own price, or the end (product.md S10, S11). The vendor decides which, at midnight UTC after
// the last day; our record follows what the vendor's says.
import { invariant } from '#kernel/failure.ts'
import { daysIn, termOf } from '#kernel/term.ts'
import type { Subscription } from './subscription.ts'
import type { VendorSubscription } from './subscription-vendor.ts'

export type Term = {
  readonly termNumber: number
  readonly startsOn: Temporal.PlainDate
  readonly endsOn: Temporal.PlainDate
}

/** The term after the present one: it begins the day after this one's last, and ends where the anchor says. */
export function nextTerm({
  anchor,
  term,
  termNumber,
  endsOn,
}: Pick<Subscription, 'anchor' | 'term' | 'termNumber' | 'endsOn'>): Term {
  invariant(anchor && endsOn, 'only what has begun and ends has a next term')
  const next = termOf(anchor, term, termNumber + 1)
  invariant(next.endsOn, 'a term that follows another has an end')
  return { termNumber: termNumber + 1, startsOn: endsOn.add({ days: 1 }), endsOn: next.endsOn }
}

/** The vendor is in a later term than our record. */
export function isAhead(
  found: Pick<VendorSubscription, 'state' | 'endsOn'>,
  { endsOn }: Pick<Subscription, 'endsOn'>,
): boolean {
  return (
    (found.state === 'active' || found.state === 'suspended') &&
    found.endsOn !== undefined &&
    endsOn !== undefined &&
    Temporal.PlainDate.compare(found.endsOn, endsOn) > 0
  )
}

export type TermPrice = Pick<
  Subscription,
  'unitPrice' | 'net' | 'taxBasisPoints' | 'taxCategory' | 'taxNote' | 'explanation'
>

/**
 * The record in its next term. Where the vendor has gone on by several terms at once, only the last of them is the one whose dates it
 * names; those before begin at midnight and cannot be cancelled any more.
 */
export function renewed(
  subscription: Subscription,
  price: TermPrice,
  found: Pick<VendorSubscription, 'startedAt' | 'endsOn' | 'cancellableUntil' | 'autoRenew'>,
): Subscription {
  const term = nextTerm(subscription)
  const isPresent = !found.endsOn || Temporal.PlainDate.compare(found.endsOn, term.endsOn) <= 0
  const midnight = term.startsOn.toZonedDateTime('UTC').toInstant()
  return {
    ...subscription,
    ...price,
    ...term,
    endsOn: isPresent ? (found.endsOn ?? term.endsOn) : term.endsOn,
    startedAt: isPresent ? (found.startedAt ?? midnight) : midnight,
    cancellableUntil: isPresent ? found.cancellableUntil : undefined,
    vendorAutoRenew: found.autoRenew,
    renewalProblem: undefined,
  }
}

/** How many days before the end of a term its customer is told. */
export const NOTICE_DAYS: readonly number[] = [30, 7]

/** The notices that belong to a term: none may come in its first half, so that a month's term is not announced on its first day. */
export function noticesOf({
  startsOn,
  endsOn,
}: Pick<Subscription, 'startsOn' | 'endsOn'>): readonly number[] {
  if (!startsOn || !endsOn) return []
  const days = daysIn({ startsOn, endsOn })
  return NOTICE_DAYS.filter((each) => each * 2 <= days)
}

/**
 * The notice that is due on a day, in days before the end: the nearest whose day has come. One that was missed is not sent after the
 * next has become due.
 */
export function noticeDue(
  subscription: Pick<Subscription, 'state' | 'kind' | 'startsOn' | 'endsOn' | 'cancelRequestedAt'>,
  today: Temporal.PlainDate,
): number | undefined {
  const { state, kind, endsOn, cancelRequestedAt } = subscription
  if (state !== 'active' || kind !== 'subscription' || cancelRequestedAt || !endsOn) return undefined
  const left = today.until(endsOn, { largestUnit: 'day' }).days
  if (left < 0) return undefined
  return noticesOf(subscription)
    .filter((days) => left <= days)
    .sort((a, b) => a - b)[0]
}
