// The plans of a product group on cards: in the seller's order, under the product and edition they are of.
import type { IndicativePriceOfPlan } from '#flows/ordering/indicative-prices.ts'
import type { PlanId } from '#kernel/ids.ts'
import type { GroupedPlan } from '#views/catalogue/shop-group.ts'
import { whyShown } from '#web/explained.ts'
import { priceDisplay } from '#web/format.ts'
import { planWords } from './shown.ts'
import { type Edition, editionName, type PlanCard, planCard } from './software-shown.ts'

/** An edition stands where the first of its plans does. */
export function groupEditions(
  plans: readonly GroupedPlan[],
  prices: ReadonlyMap<PlanId, IndicativePriceOfPlan>,
  language: string,
): Edition[] {
  const byEdition = Map.groupBy(plans, (plan) => `${plan.productId} ${editionOf(plan)}`)
  return [...byEdition].map(([key, own]) => ({
    key,
    name: nameOf(own[0] as GroupedPlan, plans),
    plans: own.map((plan) =>
      plan.kind === 'esd'
        ? licenceCard(plan, prices.get(plan.id), language)
        : planCard(plan, prices.get(plan.id), language),
    ),
  }))
}

function editionOf({ kind, vendorName, productName }: GroupedPlan): string {
  return kind === 'esd' ? productName : editionName(vendorName) || productName
}

/** The product's name, with the edition where the group sells several of the product. */
function nameOf(plan: GroupedPlan, all: readonly GroupedPlan[]): string {
  const edition = editionOf(plan)
  const isOnly = all.every((other) => other.productId !== plan.productId || editionOf(other) === edition)
  if (isOnly || edition === plan.productName) return plan.productName
  return edition.startsWith(plan.productName) ? edition : `${plan.productName}: ${edition}`
}

/** A licence delivered as a key: its card says for which country and language it is. */
function licenceCard(
  plan: GroupedPlan,
  found: IndicativePriceOfPlan | undefined,
  language: string,
): PlanCard {
  const price = found && 'unitPrice' in found ? found : undefined
  return {
    id: plan.id,
    sku: plan.sku,
    segment: 'commercial',
    term: planWords(plan),
    billing: 'to keep, delivered as a key',
    each: 'each',
    price: price && priceDisplay(price.unitPrice, language),
    payments: undefined,
    least: undefined,
    quantityNotes: [],
    isIndicative: false,
    trouble: found && 'problem' in found ? found.problem.message : undefined,
    why: whyShown(price?.explanation, language),
  }
}
