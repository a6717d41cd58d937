// Terms and billing periods as calendar days. Every day is counted from the anchor, because stepping month by month turns
// 31 January into 28 March. Days are UTC, as the vendor's are: a term from 2 March ends on 1 March (partner-center.md 11 and 15.2).
import { invariant } from './failure.ts'

export type BillingPlan = 'one_time' | 'monthly' | 'annual' | 'triennial' | 'none'

const termMonths: Readonly<Record<string, number>> = { P1M: 1, P1Y: 12, P3Y: 36, P5Y: 60 }
const planMonths: Readonly<Record<BillingPlan, number | undefined>> = {
  monthly: 1,
  annual: 12,
  triennial: 36,
  one_time: undefined,
  none: undefined,
}

/** The terms we can sell: for ever, or for months we can count. */
export const knownTerms: readonly string[] = ['OneTime', ...Object.keys(termMonths)]

/** How many months a term has; undefined for a perpetual licence and for terms we do not know. */
export function monthsOf(term: string): number | undefined {
  return termMonths[term]
}

/** In how many parts a term is charged: one where the whole is paid in advance, a monthly P1Y in 12. */
export function periodsOf(term: string, plan: BillingPlan): number {
  const months = monthsOf(term)
  const step = planMonths[plan]
  if (months === undefined || step === undefined || step >= months) return 1
  return Math.ceil(months / step)
}

export type Period = {
  readonly position: number
  readonly startsOn: Temporal.PlainDate
  /** Inclusive; undefined where it never ends. */
  readonly endsOn: Temporal.PlainDate | undefined
}

/** The days of a term, both inclusive; term 1 begins on the anchor. */
export function termOf(
  anchor: Temporal.PlainDate,
  term: string,
  termNumber: number,
): { startsOn: Temporal.PlainDate; endsOn: Temporal.PlainDate | undefined } {
  const months = monthsOf(term)
  if (months === undefined) {
    invariant(termNumber === 1, 'what has no end has no second term')
    return { startsOn: anchor, endsOn: undefined }
  }
  return {
    startsOn: anchor.add({ months: months * (termNumber - 1) }),
    endsOn: anchor.add({ months: months * termNumber }).subtract({ days: 1 }),
  }
}

/** The billing periods of a term, in order; each is charged on its first day. */
export function billingPeriods(
  anchor: Temporal.PlainDate,
  term: string,
  plan: BillingPlan,
  termNumber: number,
): Period[] {
  const months = monthsOf(term)
  const count = periodsOf(term, plan)
  if (months === undefined || count === 1) return [{ position: 1, ...termOf(anchor, term, termNumber) }]
  const step = months / count
  const before = months * (termNumber - 1)
  return Array.from({ length: count }, (_, n) => ({
    position: n + 1,
    startsOn: anchor.add({ months: before + step * n }),
    endsOn: anchor.add({ months: before + step * (n + 1) }).subtract({ days: 1 }),
  }))
}

/** Days of a period, the first and the last included. */
export function daysIn(period: { startsOn: Temporal.PlainDate; endsOn: Temporal.PlainDate }): number {
  return period.startsOn.until(period.endsOn, { largestUnit: 'day' }).days + 1
}
