// Software as pages show it: its plans, what they cost, what is billed when, and why.

import type { IndicativePriceOfPlan, IndicativePrices } from '#flows/ordering/indicative-prices.ts'
import { countryName } from '#kernel/countries.ts'
import type { PlanId } from '#kernel/ids.ts'
import { type Currency, type Money, type Price, parseMoney } from '#kernel/money.ts'
import { readSoftwareSku, type Segment } from '#kernel/software-sku.ts'
import { type BillingPlan, monthsOf, periodsOf } from '#kernel/term.ts'
import { type Explanation, inWords } from '#modules/pricing'
import type { ShopPlan } from '#views/catalogue/shop-product.ts'
import { whyShown } from '#web/explained.ts'
import { exactDisplay, moneyDisplay, numberDisplay, oneDisplay, priceDisplay } from '#web/format.ts'
import { billingWords, everyPeriod, termWords } from '#web/software-words.ts'

export { billingWords, segmentName, segmentOrder, softwareWords, termWords } from '#web/software-words.ts'

const termOrder = ['P1M', 'P1Y', 'P3Y', 'P5Y', 'OneTime']

/** A SKU names the plan of software; those of ESD licences are the vendor's own words. */
export function isSoftwareSku(sku: string): boolean {
  return sku.split(':').length === 5
}

/** What a price is for: `each for 3 years`; `each` of a licence delivered as a key. */
export function eachWords(sku: string): string {
  if (!isSoftwareSku(sku)) return 'each'
  const { term } = readSoftwareSku(sku)
  return monthsOf(term) === undefined ? 'each, to keep' : `each for ${termWords(term)}`
}

/** The payments of a term as its price was split, told in words; undefined where the whole is paid at once. */
export function paymentWords(explanation: object, sku: string, language: string): string | undefined {
  if (!isSoftwareSku(sku)) return undefined
  const { billingPlan } = readSoftwareSku(sku)
  const [first, ...later] = chargesIn(explanation)
  const one = everyPeriod[billingPlan]?.one
  if (!first || later.length === 0 || !one) return undefined
  const runs: { amount: Money; count: number }[] = []
  for (const amount of later) {
    const last = runs.at(-1)
    if (last?.amount.amountMinor === amount.amountMinor) last.count += 1
    else runs.push({ amount, count: 1 })
  }
  const [only] = runs
  const say = (amount: Money) => moneyDisplay(amount, language)
  if (runs.length === 1 && only?.amount.amountMinor === first.amountMinor)
    return `${later.length + 1} payments of ${say(first)}, one every ${one}`
  const then = runs.map(({ amount, count }) =>
    count === 1 ? `once ${say(amount)}` : `${count} times ${say(amount)}`,
  )
  return `${say(first)} at once, then ${then.join(' and ')}, one payment every ${one}`
}

function chargesIn(explanation: object): Money[] {
  const told = explanation as Explanation
  if (told.version !== 2) return []
  return told.result.charges.map((text) => parseMoney(text, told.currency as Currency))
}

/** That prices only give an idea, and for whom they are assumed. */
export function placeWords({ country, currency }: Pick<IndicativePrices, 'country' | 'currency'>): string {
  return `${countryName(country, 'en')}, ${currency}`
}

/** From a quantity on one licence costs less, by the vendor's sheet or by the seller's volume discount. */
export function quantityNotes(found: IndicativePriceOfPlan | undefined, language: string): string[] {
  if (!found || 'problem' in found) return []
  const { tiers, volumeDiscount } = found
  const byVendor = tiers
    .slice(1)
    .map(({ from, unitPrice }) => `from ${numberDisplay(from)} on ${oneDisplay(unitPrice, language)} each`)
  const bySeller = volumeDiscount?.tiers.map(({ from, discount }) => {
    const off =
      discount.kind === 'percent'
        ? `${discount.percent} %`
        : exactDisplay(discount.amount, discount.currency, language)
    return `from ${numberDisplay(from)} on ${off} off`
  })
  const counted =
    volumeDiscount?.mode === 'scale'
      ? 'each licence at its own step'
      : 'all licences at the step that is reached'
  return [
    ...(byVendor.length > 0 ? [`Price by quantity: ${byVendor.join(', ')}.`] : []),
    ...(bySeller ? [`${volumeDiscount?.name}: ${bySeller.join(', ')}; ${counted}.`] : []),
  ]
}

export function planCard(plan: ShopPlan, found: IndicativePriceOfPlan | undefined, language: string) {
  const { term, billingPlan, segment } = readSoftwareSku(plan.sku)
  const price = found && 'unitPrice' in found ? found : undefined
  return {
    id: plan.id,
    sku: plan.sku,
    segment,
    term: termWords(term),
    billing: billingWords(term, billingPlan),
    each: eachWords(plan.sku),
    price: price && oneDisplay(price.unitPrice, language),
    payments: price?.quantity === 1 ? paymentWords(price.explanation, plan.sku, language) : undefined,
    least: plan.minQuantity > 1 ? `From ${numberDisplay(plan.minQuantity)} licences` : undefined,
    quantityNotes: quantityNotes(found, language),
    isIndicative: price?.isIndicative ?? false,
    trouble: found && 'problem' in found ? found.problem.message : undefined,
    why: whyShown(price?.explanation, language),
  }
}

export type PlanCard = ReturnType<typeof planCard>
export type Edition = { readonly key: string; readonly name: string; readonly plans: readonly PlanCard[] }

/** The vendor may cut a SKU for each term, `Server CAL (1-year)`: the term is told by the plan, the edition is what is left. */
export function editionName(vendorName: string): string {
  return vendorName.replace(/[\s,(–-]*\b\d{1,2}[\s-]?(years?|yrs?|months?)\b[^)]{0,20}\)?\s*$/i, '').trim()
}

/** The plans of a product by edition, each from the shortest term to the longest, paid at once before in parts. */
export function editionsOf(
  product: { readonly name: string; readonly plans: readonly ShopPlan[] },
  prices: ReadonlyMap<PlanId, IndicativePriceOfPlan>,
  language: string,
): Edition[] {
  const rank = ({ sku }: ShopPlan) => {
    const { term, billingPlan } = readSoftwareSku(sku)
    const place = termOrder.indexOf(term)
    return (place < 0 ? termOrder.length : place) * 1000 + periodsOf(term, billingPlan)
  }
  const groups = Map.groupBy(product.plans, ({ vendorName }) => editionName(vendorName) || product.name)
  return [...groups]
    .map(([name, plans]) => ({
      key: name,
      name,
      plans: [...plans]
        .sort((a, b) => rank(a) - rank(b))
        .map((plan) => planCard(plan, prices.get(plan.id), language)),
    }))
    .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))
}

/** What so many of a plan cost together. */
export function planTotal(
  sku: string,
  found: { readonly unitPrice: Price; readonly net: Money; readonly explanation: object },
  { indicative, language }: { readonly indicative: string | undefined; readonly language: string },
) {
  return {
    unitPrice: priceDisplay(found.unitPrice, language),
    total: moneyDisplay(found.net, language),
    each: eachWords(sku),
    payments: paymentWords(found.explanation, sku, language),
    isLicence: !isSoftwareSku(sku),
    indicative,
    why: whyShown(found.explanation, language),
  }
}

/** The quantity an address asks about; the smallest where it is none. */
export function quantityAsked(
  url: URL,
  { minQuantity, maxQuantity }: { readonly minQuantity: number; readonly maxQuantity: number },
): number {
  const asked = Number(url.searchParams.get('quantity') || minQuantity)
  return Number.isInteger(asked) ? Math.min(maxQuantity, Math.max(minQuantity, asked)) : minQuantity
}
