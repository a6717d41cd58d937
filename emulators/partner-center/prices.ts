// What a plan costs in a month, a market and a currency. Made from the seed; sheets and carts both ask here.
import { billingPeriods } from './clock.ts'
import { hash } from './hash.ts'
import { decimalsOf, listFactor } from './markets.ts'
import type { Plan, Product, Sku } from './products.ts'

/** Every plan changes its price once in two years, each in a month of its own: about four rows in a hundred every month. */
const REVISION_MONTHS = 24

export type PricePoint = {
  /** Smallest units of the currency, for the whole term. */
  readonly unit: number
  readonly retail: number
  /** The month it began with; undefined: with the first sheet. */
  readonly since: number | undefined
}

export function priceOf(
  seed: string,
  item: { product: Product; sku: Sku; plan: Plan },
  at: { month: number; market: string; currency: string; percent?: number },
): PricePoint {
  const { product, sku, plan } = item
  const key = `${product.id}:${sku.id}:${plan.term}:${plan.billing}`
  const cohort = hash(seed, key) % REVISION_MONTHS
  const revision = Math.floor((at.month + REVISION_MONTHS - cohort) / REVISION_MONTHS)
  let factor = (listFactor[at.currency] ?? 1) * marketFactor(product.id, at.market)
  for (let step = 1; step <= revision; step += 1) factor *= 1 + ((hash(seed, key, step) % 9) - 3 || 2) / 100
  const scale = 10 ** decimalsOf(at.currency)
  const periods = billingPeriods(plan.term, plan.billing)
  const whole = (amount: number) => Math.round((amount * scale) / 100 / periods) * periods
  return {
    unit: whole(plan.usdCents * factor * ((at.percent ?? 100) / 100)),
    retail: whole(plan.usdCents * factor * 1.1),
    since: revision > 0 ? (revision - 1) * REVISION_MONTHS + cohort : undefined,
  }
}

/** The same currency is a little dearer in some markets: one in ten, by half a percent, for invented filler only. */
function marketFactor(productId: string, market: string): number {
  return productId.startsWith('DG7GMGF1') && hash(productId, market) % 10 === 0 ? 1.005 : 1
}

export function decimalText(amount: number, currency: string): string {
  const decimals = decimalsOf(currency)
  return (amount / 10 ** decimals).toFixed(decimals)
}
