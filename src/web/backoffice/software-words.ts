// What tells software plans apart, in words for the seller's people. Only on the server.
import { readSoftwareSku } from '#kernel/software-sku.ts'
import { monthsOf, periodsOf } from '#kernel/term.ts'

const terms: Readonly<Record<string, string>> = {
  P1M: '1 month',
  P1Y: '1 year',
  P3Y: '3 years',
  P5Y: '5 years',
}
const billing: Readonly<Record<string, string>> = {
  monthly: 'billed monthly',
  annual: 'billed yearly',
  triennial: 'billed every 3 years',
}

/** `3 years`; `perpetual` for what never ends. */
export function termWords(term: string): string {
  return monthsOf(term) === undefined ? 'perpetual' : (terms[term] ?? term)
}

/** `commercial · 3 years · billed yearly · DG7GMGF0EX01:0003`. */
export function softwareInFull(sku: string): string {
  const { productCode, skuCode, segment, term, billingPlan } = readSoftwareSku(sku)
  const paid =
    monthsOf(term) !== undefined &&
    (periodsOf(term, billingPlan) > 1 ? billing[billingPlan] : 'paid in advance')
  return [segment, termWords(term), paid, `${productCode}:${skuCode}`].filter(Boolean).join(' · ')
}
