// What a line of a cart costs: the sheet of the customer's country, in the currency of the line.
import { billingPeriods, monthIndexOf } from './clock.ts'
import { decimalsOf, markets, sheetCurrencies, unitsPerDollar } from './markets.ts'
import { priceOf } from './prices.ts'
import type { Plan, Product, Segment, Sku } from './products.ts'
import type { Pricing } from './records.ts'
import { percentOf } from './sheet-rows.ts'
import type { World } from './world.ts'

/** Price of one unit per billing period, and of the whole. The sheet of the customer's country decides. */
export function pricingOf(
  world: World,
  item: { product: Product; sku: Sku; plan: Plan; segment: Segment },
  line: { country: string; currency: string; quantity: number; percentOff: number },
  now: Date,
): Pricing {
  const market = markets.get(line.country)
  const inSheet = market ? sheetCurrencies(market) : []
  // Not in the sheet: Microsoft converts at the rate of the day.
  const currency = inSheet.includes(line.currency) ? line.currency : (market?.currency ?? 'USD')
  const rate = (unitsPerDollar[line.currency] ?? 1) / (unitsPerDollar[currency] ?? 1)
  const tier = item.sku.tiers?.find(
    ({ min, max }) => line.quantity >= min && (max === '' || line.quantity <= Number(max)),
  )
  const { unit } = priceOf(world.seed, item, {
    month: monthIndexOf(now),
    market: line.country,
    currency,
    percent: percentOf(item.segment, tier),
  })
  const settings = world.settings()
  const isShifted = settings.priceShiftProduct === '' || settings.priceShiftProduct === item.product.id
  const shift = isShifted ? 1 + settings.priceShiftPercent / 100 : 1
  const periods = billingPeriods(item.plan.term, item.plan.billing)
  const scale = 10 ** decimalsOf(line.currency)
  const perPeriod = (factor: number) => {
    const exact = (unit / 10 ** decimalsOf(currency)) * rate * shift * factor
    return Math.round((exact / periods) * scale) / scale
  }
  const listPrice = perPeriod(1)
  const price = perPeriod(1 - line.percentOff / 100)
  return {
    listPrice,
    discountedPrice: price,
    proratedPrice: price,
    price,
    extendedPrice: Math.round(price * periods * line.quantity * scale) / scale,
  }
}
