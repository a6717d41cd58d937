// What a line starts from: a price typed into the catalogue, or a row of a price sheet, converted where no sheet carries the
// customer's currency (product.md S4).

import { type Exact, exact, ONE, times } from '#kernel/exact.ts'
import { Refusal } from '#kernel/failure.ts'
import { type Currency, type Price, priceText } from '#kernel/money.ts'
import type { ConversionRule } from './conversion.ts'

/** The conversion rule as it stood when it priced something; complete, so that a later rate changes nothing of it. */
export type AppliedConversion = {
  readonly ruleId: string
  readonly from: Currency
  readonly to: Currency
  /** One unit of `from` in `to`. */
  readonly rate: string
  readonly source: string
  readonly validFrom: string
  readonly market: string
  readonly overridesSheet?: boolean
}

/** Amounts are exact decimals for one licence and the whole term, without tax. */
export type Base =
  | {
      readonly kind: 'catalogue price'
      readonly currency: Currency
      readonly retail: string
      readonly cost: string | undefined
      /** Somebody approved, in the catalogue, that this price is below its cost. */
      readonly allowsBelowCost?: boolean
    }
  | {
      readonly kind: 'price sheet'
      readonly sheetId: string
      readonly file: string
      readonly line: number
      readonly market: string
      /** 2026-11 */
      readonly month: string
      /** Of the row; where there is a conversion, the currency converted from. */
      readonly currency: Currency
      readonly retail: string | undefined
      readonly cost: string
      readonly tier: { readonly min?: string; readonly max?: string } | undefined
      readonly validFrom?: string
      readonly validTo?: string
      readonly isAmbiguous: boolean
      readonly conversion?: AppliedConversion
    }

/** A row of a price sheet as far as prices need it; PricePoint of the price sheets is one. */
export type SheetPoint = {
  readonly sheetId: string
  readonly file: string
  readonly line: number
  readonly market: string
  readonly month: string
  readonly currency: Currency
  readonly unitCost: string
  readonly retail: string | undefined
  readonly tierMin: bigint | undefined
  readonly tierMax: bigint | undefined
  readonly validFrom: Temporal.Instant | undefined
  readonly validTo: Temporal.Instant | undefined
}

export type Place = { readonly market: string; readonly currency: Currency; readonly rule?: ConversionRule }

/** Base of a plan whose price is typed into the catalogue. */
export function catalogueBase(offer: {
  readonly currency: Currency
  readonly unitPrice: Price
  readonly unitCost: Price | undefined
  readonly allowsBelowCost?: boolean
}): Base {
  return {
    kind: 'catalogue price',
    currency: offer.currency,
    retail: priceText(offer.unitPrice),
    cost: offer.unitCost && priceText(offer.unitCost),
    ...(offer.allowsBelowCost ? { allowsBelowCost: true } : {}),
  }
}

/**
 * Base from the first place (whereToLook) whose sheet has a row in force; undefined where none has: then there is no price, and
 * nobody guesses one.
 */
export function sheetBase(
  places: readonly Place[],
  pointAt: (place: Place) => { readonly point: SheetPoint; readonly isAmbiguous: boolean } | undefined,
): Base | undefined {
  for (const place of places) {
    const found = pointAt(place)
    if (found) return baseOf(found.point, found.isAmbiguous, place.rule)
  }
  return undefined
}

function baseOf(point: SheetPoint, isAmbiguous: boolean, rule: ConversionRule | undefined): Base {
  const { tierMin, tierMax } = point
  const tier = {
    ...(tierMin === undefined ? {} : { min: String(tierMin) }),
    ...(tierMax === undefined ? {} : { max: String(tierMax) }),
  }
  return {
    kind: 'price sheet',
    sheetId: point.sheetId,
    file: point.file,
    line: point.line,
    market: point.market,
    month: point.month,
    currency: point.currency,
    retail: point.retail,
    cost: point.unitCost,
    tier: tierMin === undefined && tierMax === undefined ? undefined : tier,
    ...(point.validFrom ? { validFrom: point.validFrom.toString() } : {}),
    ...(point.validTo ? { validTo: point.validTo.toString() } : {}),
    isAmbiguous,
    ...(rule ? { conversion: appliedConversion(rule) } : {}),
  }
}

function appliedConversion(rule: ConversionRule): AppliedConversion {
  return {
    ruleId: rule.id,
    from: rule.baseCurrency,
    to: rule.currency,
    rate: rule.rate,
    source: rule.source,
    validFrom: rule.validFrom.toString(),
    market: rule.market,
    ...(rule.overridesSheet ? { overridesSheet: true } : {}),
  }
}

/** `price/not-calculable`: the order stops, the basket stays, the seller is told (product.md S4 c). */
export function notCalculable(message: string, pointer = ''): Refusal {
  return new Refusal('price/not-calculable', message, {}, [{ pointer, code: 'not-calculable', message }])
}

export type StartingPrices = { readonly retail: Exact | undefined; readonly cost: Exact | undefined }

/** Cost and retail price of one licence in the currency of the order. */
export function startingPrices(base: Base, code: Currency): StartingPrices {
  const conversion = base.kind === 'price sheet' ? base.conversion : undefined
  const reached = conversion?.to ?? base.currency
  if (reached !== code || (conversion && conversion.from !== base.currency))
    throw notCalculable(`There is no price in ${code}: the price found is in ${reached}.`)
  const rate = conversion ? exact(conversion.rate) : ONE
  const converted = (amount: string | undefined) =>
    amount === undefined ? undefined : times(exact(amount), rate)
  return { retail: converted(base.retail), cost: converted(base.cost) }
}
