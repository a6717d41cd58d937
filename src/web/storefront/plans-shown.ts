// The plans of a product or of a product group for one kind of customer, at prices for a place: the buyer's own, or the one in the address.
import { type IndicativePrices, indicativePrices } from '#flows/ordering/indicative-prices.ts'
import { readSoftwareSku, type Segment } from '#kernel/software-sku.ts'
import type { ShopPlan } from '#views/catalogue/shop-product.ts'
import { placeChoices, placeIn, placeQuery } from './place.ts'
import { type Edition, isSoftwareSku, placeWords, segmentName, segmentOrder } from './software-shown.ts'
import { buyerOf, type Visit } from './visitor.ts'

export async function plansShown<Plan extends ShopPlan>(
  args: Visit,
  all: readonly Plan[],
  editionsOf: (plans: readonly Plan[], prices: IndicativePrices['plans']) => Edition[],
) {
  const { app, actor, buyer } = await buyerOf(args)
  const offered = segmentOrder.filter((segment) => all.some((plan) => segmentOf(plan) === segment))
  const asked = args.url.searchParams.get('for')
  const segment = offered.find((each) => each === asked) ?? offered[0]
  const plans = all.filter((plan) => segmentOf(plan) === segment)
  const prices = await indicativePrices(app, actor, {
    planIds: plans.map((plan) => plan.id),
    ...placeIn(args.url),
  })
  const isReseller = buyer.kind === 'reseller'
  return {
    segment,
    segments: offered.map((each) => ({ value: each, label: segmentName(each) })),
    editions: editionsOf(plans, prices.plans),
    place: { country: prices.country, currency: prices.currency },
    placeWords: placeWords(prices),
    query: placeQuery(prices, buyer),
    // What is delivered as a key costs the same wherever it is used.
    choices: isReseller && all.some(({ sku }) => isSoftwareSku(sku)) ? placeChoices() : undefined,
  }
}

/** Licences delivered as a key are for companies. */
function segmentOf({ sku }: ShopPlan): Segment {
  return isSoftwareSku(sku) ? readSoftwareSku(sku).segment : 'commercial'
}

export type PlansShown = Awaited<ReturnType<typeof plansShown>>
