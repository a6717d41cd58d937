// What the record of a subscription says in words: its window as a clock, what a cancellation would give back, what its next term costs.
import type { RefundPreview } from '#flows/subscriptions/cancel-subscription.ts'
import type { RenewalPrice } from '#flows/subscriptions/price-renewals.ts'
import type { Money } from '#kernel/money.ts'
import { whyShown } from '#web/explained.ts'
import { momentDisplay, moneyDisplay, percentDisplay, priceDisplay, timeZoneShown } from '#web/format.ts'

/** `6 days 4 hours`, `35 minutes`; whole parts, rounded down. */
export function leftWords(from: Temporal.Instant, until: Temporal.Instant): string {
  const minutes = Math.max(0, Math.floor(from.until(until).total('minutes')))
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60)]
  const count = (n: number, one: string) => (n === 0 ? [] : [`${n} ${one}${n === 1 ? '' : 's'}`])
  const words = [
    ...count(days, 'day'),
    ...count(hours, 'hour'),
    ...(days === 0 ? count(minutes % 60, 'minute') : []),
  ]
  return words.join(' ') || 'less than a minute'
}

export type ShownRefund = {
  /** Until when it may be cancelled, and how long that is from now. */
  readonly until: string
  readonly left: string
  readonly fullUntil: string
  readonly isFull: boolean
  readonly amount: string
  /** Of a refund by days: `362 of 366 days`. */
  readonly days: string
}

export function refundShown(
  { window, refund, days }: RefundPreview,
  now: Temporal.Instant,
): ShownRefund | undefined {
  if (!window || Temporal.Instant.compare(now, window.until) > 0) return undefined
  return {
    until: `${momentDisplay(window.until)} (${timeZoneShown()})`,
    left: leftWords(now, window.until),
    fullUntil: `${momentDisplay(window.fullRefundUntil)} (${timeZoneShown()})`,
    isFull: days === undefined,
    amount: moneyDisplay(refund),
    days: days ? `${days.remaining} of ${days.of} days` : '',
  }
}

export type ShownRenewal = {
  readonly problem: string
  readonly isBelowCost: boolean
  readonly net: string
  readonly unitPrice: string
  readonly change: string
  readonly cost: string
  readonly margin: string
  readonly steps: ReturnType<typeof whyShown>
}

/** `now`: what the present term costs; `bought`: what the first one cost. */
export function renewalShown(price: RenewalPrice, bought: Money): ShownRenewal {
  if (price.problem)
    return {
      problem: price.problem.message,
      isBelowCost: price.problem.code === 'price/below-cost',
      net: '',
      unitPrice: '',
      change: '',
      cost: '',
      margin: '',
      steps: [],
    }
  return {
    problem: '',
    isBelowCost: false,
    net: moneyDisplay(price.net),
    unitPrice: priceDisplay(price.unitPrice),
    change: changeWords(bought, price.net),
    cost: price.cost ? moneyDisplay(price.cost) : '',
    margin: price.margin ? marginWords(price.margin, price.net) : '',
    steps: whyShown(price.explanation),
  }
}

/** `+€50.00 (3.97%)`; `none`. */
export function changeWords(from: Money, to: Money): string {
  const difference = to.amountMinor - from.amountMinor
  if (difference === 0n) return 'none'
  const amount = moneyDisplay({
    amountMinor: difference < 0n ? -difference : difference,
    currency: to.currency,
  })
  const share = from.amountMinor === 0n ? '' : ` (${percentOf(difference, from.amountMinor)})`
  return `${difference < 0n ? '−' : '+'}${amount}${share}`
}

export function marginWords(margin: Money, net: Money): string {
  return net.amountMinor === 0n
    ? moneyDisplay(margin)
    : `${moneyDisplay(margin)} (${percentOf(margin.amountMinor, net.amountMinor)})`
}

function percentOf(part: bigint, whole: bigint): string {
  return percentDisplay(Math.round((Number(part) / Number(whole)) * 10_000))
}
