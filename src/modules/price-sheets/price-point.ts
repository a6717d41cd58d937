// Which row of a sheet holds at a moment for a quantity (price-sheets.md section 3).
import type { PriceSheetId } from '#kernel/ids.ts'
import type { Currency } from '#kernel/money.ts'
import type { PlanKey } from './sheet-row.ts'

/** One row of a sheet as prices need it. Amounts are exact decimals, for one licence and the whole term, without tax. */
export type PricePoint = PlanKey & {
  readonly sheetId: PriceSheetId
  readonly file: string
  readonly line: number
  readonly market: string
  /** 2026-11 */
  readonly month: string
  readonly currency: Currency
  readonly unitCost: string
  readonly retail: string | undefined
  readonly tierMin: bigint | undefined
  readonly tierMax: bigint | undefined
  readonly validFrom: Temporal.Instant | undefined
  readonly validTo: Temporal.Instant | undefined
}

export type PointInForce<Point> = {
  readonly point: Point
  /** Several rows held, which the vendor's two documents decide differently. */
  readonly isAmbiguous: boolean
}

type Dated = Pick<PricePoint, 'validFrom' | 'validTo' | 'tierMin' | 'tierMax'>

const compareMoments = (a: Temporal.Instant | undefined, b: Temporal.Instant | undefined, ifNone: 1 | -1) => {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? ifNone : -ifNone
  return Temporal.Instant.compare(a, b)
}

/**
 * The one replaceable rule: of the rows whose dates and tier hold, the one that ends last, then the one that began last. Nothing in
 * force: no price, and nobody guesses one.
 */
export function pointInForce<Point extends Dated>(
  points: readonly Point[],
  at: Temporal.Instant,
  quantity: number,
): PointInForce<Point> | undefined {
  const holding = points.filter(
    ({ validFrom, validTo, tierMin, tierMax }) =>
      (validFrom === undefined || Temporal.Instant.compare(validFrom, at) <= 0) &&
      (validTo === undefined || Temporal.Instant.compare(at, validTo) <= 0) &&
      (tierMin === undefined || tierMin <= BigInt(quantity)) &&
      (tierMax === undefined || BigInt(quantity) <= tierMax),
  )
  let best: Point | undefined
  for (const point of holding) {
    if (!best) best = point
    else {
      const end = compareMoments(point.validTo, best.validTo, 1)
      if (end > 0 || (end === 0 && compareMoments(point.validFrom, best.validFrom, -1) > 0)) best = point
    }
  }
  return best && { point: best, isAmbiguous: holding.length > 1 }
}
