// The rows of a market's sheet in a month (price-sheets.md 2), one after the other: however many, none is kept.
import { DAY_MS, firstDayOf, HOUR_MS } from './clock.ts'
import { hash } from './hash.ts'
import { decimalsOf, type Market, sellsSoftware, sellsSubscriptions, sheetCurrencies } from './markets.ts'
import { decimalText, priceOf } from './prices.ts'
import {
  licences,
  type Plan,
  type Product,
  type Segment,
  type Sku,
  softwareOf,
  type Tier,
} from './products.ts'

export type View = 'software' | 'updatedlicensebased'
export type Row = Readonly<Record<string, string>>

const formerColumns = [
  'ProductTitle',
  'ProductId',
  'SkuId',
  'SkuTitle',
  'Publisher',
  'SkuDescription',
  'UnitOfMeasure',
  'TermDuration',
  'BillingPlan',
  'Market',
  'Currency',
  'UnitPrice',
  'PricingTierRangeMin',
  'PricingTierRangeMax',
  'EffectiveStartDate',
  'EffectiveEndDate',
  'Tags',
  'ERP Price',
  'Segment',
]

/** Two generations of the header: from January 2026 with a column before and one after. */
export function columnsOf(generation: '2022' | '2026'): string[] {
  return generation === '2022' ? [...formerColumns] : ['ChangeIndicator', ...formerColumns, 'PreviousValues']
}

/** Month index of January 2026. */
export const NEW_HEADER_MONTH = 46

const OPEN_END = '9999-11-30T23:59:59.0000000Z'
const isoDate = (moment: Date | number) => new Date(moment).toISOString().replace('Z', '0000Z')

function usDate(moment: Date): string {
  return `${moment.getUTCMonth() + 1}/${moment.getUTCDate()}/${moment.getUTCFullYear()} 12:00:00 AM`
}
function shortDate(moment: Date): string {
  return `${moment.getUTCMonth() + 1}/${moment.getUTCDate()}/${moment.getUTCFullYear()} 0:00`
}

type Place = {
  readonly seed: string
  readonly month: number
  readonly market: Market
  readonly currencies: readonly string[]
}

export function* rowsOf(
  seed: string,
  view: View,
  market: Market,
  month: number,
  atLeast = 0,
): Generator<Row> {
  const place: Place = { seed, month, market, currencies: sheetCurrencies(market) }
  if (view === 'updatedlicensebased') {
    for (const product of licences) yield* rowsOfProduct(place, product)
    return
  }
  if (!sellsSoftware(market.code)) return
  let count = 0
  for (const product of softwareOf(month, seed, atLeast > 0 ? Number.POSITIVE_INFINITY : undefined)) {
    for (const row of rowsOfProduct(place, product)) {
      yield row
      count += 1
    }
    if (atLeast > 0 && count >= atLeast) return
  }
}

const sellsPlan = (market: Market, plan: Plan) => plan.term === 'OneTime' || sellsSubscriptions(market.code)

function* rowsOfProduct(place: Place, product: Product): Generator<Row> {
  for (const sku of product.skus)
    for (const plan of sku.plans) {
      if (product.view === 'software' && !sellsPlan(place.market, plan)) continue
      for (const segment of product.segments)
        for (const tier of sku.tiers ?? [undefined])
          for (const currency of place.currencies)
            yield* rowsOfPoint(place, { product, sku, plan, segment, tier }, currency)
    }
}

type Point = { product: Product; sku: Sku; plan: Plan; segment: Segment; tier: Tier | undefined }

/** Education pays 60 percent, nonprofit organisations 70. */
const segmentPercent: Readonly<Record<Segment, number>> = { Commercial: 100, Education: 60, Charity: 70 }

export function percentOf(segment: Segment, tier: Tier | undefined): number {
  return (segmentPercent[segment] * (tier?.percent ?? 100)) / 100
}

function* rowsOfPoint(place: Place, point: Point, currency: string): Generator<Row> {
  const { product, sku, plan, segment, tier } = point
  const at = { month: place.month, market: place.market.code, currency, percent: percentOf(segment, tier) }
  const price = priceOf(place.seed, point, at)
  const began = Math.max(product.from ?? 0, price.since ?? 0)
  const isNew = product.from === place.month
  const isChanged = !isNew && price.since === place.month
  const before = isChanged ? priceOf(place.seed, point, { ...at, month: place.month - 1 }) : undefined
  const start = firstDayOf(began)
  const row: Row = {
    ChangeIndicator: isNew ? 'Add' : isChanged ? 'Change' : 'Unchanged',
    ProductTitle: product.title,
    ProductId: product.id,
    SkuId: sku.id,
    SkuTitle: sku.title,
    Publisher: hash(product.id) % 2 === 0 ? 'Microsoft' : 'Microsoft Corporation',
    SkuDescription: sku.description,
    UnitOfMeasure: '',
    TermDuration: plan.term,
    BillingPlan: plan.billing,
    Market: place.market.code,
    Currency: currency,
    UnitPrice: decimalText(price.unit, currency),
    PricingTierRangeMin: tier ? String(tier.min) : '',
    PricingTierRangeMax: tier?.max ?? '',
    EffectiveStartDate: isoDate(start),
    EffectiveEndDate: product.until === place.month ? isoDate(lastMomentOf(place.month)) : OPEN_END,
    Tags: tagsOf(product, sku, plan),
    'ERP Price': decimalText(price.retail, currency),
    Segment: segment,
    PreviousValues: before ? `UnitPrice=${decimalText(before.unit, currency)}` : '',
  }
  yield* trapped(row, sku, place.month, currency, price.unit)
}

const lastMomentOf = (month: number) => firstDayOf(month + 1).getTime() - 1000

function tagsOf(product: Product, sku: Sku, plan: Plan): string {
  if (product.view === 'licence') return plan.billing === 'None' ? 'License; Trial' : 'License'
  const tags = ['Software', plan.term === 'OneTime' ? 'Perpetual' : 'Subscription']
  return tags.join(sku.trap === 'short-dates' ? '; ' : ';')
}

function* trapped(row: Row, sku: Sku, month: number, currency: string, unit: number): Generator<Row> {
  switch (sku.trap) {
    case 'overlap': {
      // The old price runs three days into the month in which the new one has begun.
      const older = unit - (unit % 2 === 0 ? 6 : 3) * 10 ** Math.max(0, decimalsOf(currency) - 1)
      yield {
        ...row,
        UnitPrice: decimalText(older, currency),
        EffectiveStartDate: isoDate(firstDayOf(month - 2)),
        EffectiveEndDate: isoDate(firstDayOf(month).getTime() + 2 * DAY_MS + 7 * HOUR_MS).replace(
          '.0000000',
          '.0682597',
        ),
      }
      yield { ...row, EffectiveStartDate: isoDate(firstDayOf(month)) }
      return
    }
    case 'since-ever':
      yield {
        ...row,
        EffectiveStartDate: '1753-01-01T00:00:00.0000000Z',
        EffectiveEndDate: '9999-12-31T23:59:59.0000000Z',
      }
      return
    case 'us-dates':
      yield {
        ...row,
        EffectiveStartDate: usDate(new Date(row['EffectiveStartDate'] ?? '')),
        EffectiveEndDate: '11/30/9999 11:59:59 PM',
      }
      return
    case 'short-dates':
      yield {
        ...row,
        EffectiveStartDate: shortDate(new Date(row['EffectiveStartDate'] ?? '')),
        EffectiveEndDate: '11/30/9999 23:59',
      }
      return
    case 'end-of-sale':
      yield { ...row, EffectiveEndDate: isoDate(lastMomentOf(month)) }
      return
    case 'many-decimals':
      // Ten digits that add nothing but digits: the price is the one the cart knows.
      yield { ...row, UnitPrice: Number(row['UnitPrice']).toFixed(10), 'ERP Price': `${row['ERP Price']}` }
      return
    default:
      yield row
  }
}

/** Rows of the preview: what the next month will change. */
export function* previewOf(seed: string, market: Market, month: number): Generator<Row> {
  for (const row of rowsOf(seed, 'updatedlicensebased', market, month + 1))
    if (row['ChangeIndicator'] !== 'Unchanged') yield { ...row, EndofSaleDate: '' }
}
