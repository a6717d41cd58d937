// What tells software plans apart, in words: the same in both faces.
import { readSoftwareSku, type Segment } from '#kernel/software-sku.ts'
import { type BillingPlan, monthsOf, periodsOf } from '#kernel/term.ts'

const terms: Readonly<Record<string, string>> = {
  P1M: '1 month',
  P1Y: '1 year',
  P3Y: '3 years',
  P5Y: '5 years',
}
export const everyPeriod: Readonly<Record<BillingPlan, { adverb: string; one: string } | undefined>> = {
  monthly: { adverb: 'monthly', one: 'month' },
  annual: { adverb: 'yearly', one: 'year' },
  triennial: { adverb: 'every 3 years', one: '3 years' },
  one_time: undefined,
  none: undefined,
}
const segmentWords: Readonly<Record<Segment, string>> = {
  commercial: 'Companies',
  education: 'Education',
  nonprofit: 'Non-profit',
  government: 'Government',
}
export const segmentOrder = Object.keys(segmentWords) as Segment[]
export const segmentName = (segment: Segment) => segmentWords[segment]

/** `3 years`, `Perpetual`, or the vendor's word for a term nobody here knows. */
export function termWords(term: string): string {
  return term === 'OneTime' ? 'Perpetual' : (terms[term] ?? term)
}

/** `billed yearly`; `paid in advance`; `paid once`. */
export function billingWords(term: string, plan: BillingPlan): string {
  if (monthsOf(term) === undefined) return 'paid once'
  return periodsOf(term, plan) > 1 ? `billed ${everyPeriod[plan]?.adverb}` : 'paid in advance'
}

/** `3 years, billed yearly`; `Perpetual, paid once, education`. */
export function softwareWords(sku: string): string {
  const { term, billingPlan, segment } = readSoftwareSku(sku)
  const whom = segment === 'commercial' ? [] : [segmentWords[segment].toLowerCase()]
  return [termWords(term), billingWords(term, billingPlan), ...whom].join(', ')
}
