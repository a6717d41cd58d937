// A tax rate as it is entered: of a country, for all products or one kind of them, from a day on. And the standard rates that are known
// to everybody, to begin with.
import { isCountry } from '#kernel/countries.ts'
import { type FieldFault, invalid } from '#kernel/failure.ts'
import { type TaxedKind, taxedKinds } from './tax.ts'

export type TaxRate = {
  readonly country: string
  readonly productType: 'all' | TaxedKind
  readonly validFrom: Temporal.PlainDate
  /** Included; undefined while nothing ends it. Where it ends by itself, no earlier rate comes back. */
  readonly validTo: Temporal.PlainDate | undefined
  /** Hundredths of a percent. */
  readonly basisPoints: number
}

export const taxProductTypes: readonly TaxRate['productType'][] = ['all', ...taxedKinds]

/** Countries that have a rate for some kinds of product only: of the others nothing can be ordered there where tax is due. */
export function partlyRated(
  rates: readonly Pick<TaxRate, 'country' | 'productType'>[],
): { readonly country: string; readonly missing: readonly TaxedKind[] }[] {
  const byCountry = Map.groupBy(rates, ({ country }) => country)
  return [...byCountry].flatMap(([country, own]) => {
    const rated = new Set(own.map(({ productType }) => productType))
    const missing = rated.has('all') ? [] : taxedKinds.filter((kind) => !rated.has(kind))
    return missing.length > 0 ? [{ country, missing }] : []
  })
}

export type TaxRateInput = {
  readonly country: string
  readonly productType: string
  readonly validFrom: string
  readonly validTo?: string | undefined
  /** `19`, `25.5`, `8,1`. */
  readonly percent: string
}

function dayIn(text: string): Temporal.PlainDate | undefined {
  try {
    return /^\d{4}-\d\d-\d\d$/.test(text) ? Temporal.PlainDate.from(text) : undefined
  } catch {
    return undefined
  }
}

export function readTaxRate(input: TaxRateInput): TaxRate {
  const faults: FieldFault[] = []
  const fault = (field: string, code: string, message: string) =>
    faults.push({ pointer: `/${field}`, code, message })
  const country = input.country.trim().toUpperCase()
  if (!isCountry(country)) fault('country', 'unknown-country', 'Country is a code of ISO 3166-1 such as DE.')
  const productType = taxProductTypes.find((type) => type === input.productType)
  if (!productType)
    fault('productType', 'not-a-choice', `Product type is one of ${taxProductTypes.join(', ')}.`)
  const validFrom = dayIn(input.validFrom.trim())
  if (!validFrom) fault('validFrom', 'not-a-day', 'Valid from is a day such as 2027-01-01.')
  const to = input.validTo?.trim()
  const validTo = to ? dayIn(to) : undefined
  if (to && !validTo) fault('validTo', 'not-a-day', 'Valid to is a day such as 2027-12-31, or blank.')
  if (validFrom && validTo && Temporal.PlainDate.compare(validTo, validFrom) < 0)
    fault('validTo', 'before-begin', 'The last day is not before the first.')
  const percent = /^(\d{1,3})(?:[.,](\d{1,2}))?$/.exec(input.percent.trim().replace(/\s*%$/, ''))
  const basisPoints = percent
    ? Number(percent[1]) * 100 + Number((percent[2] ?? '').padEnd(2, '0'))
    : Number.NaN
  if (!(basisPoints <= 10_000))
    fault(
      'percent',
      'not-a-percentage',
      'Rate is a percentage from 0 to 100 with at most two decimals, such as 25.5.',
    )
  if (faults.length > 0 || !productType || !validFrom) throw invalid(...faults)
  return { country, productType, validFrom, validTo, basisPoints }
}

/** `25.5`: as one writes it. */
export function percentText(basisPoints: number): string {
  return String(basisPoints / 100)
}

/**
 * Standard rates of VAT and its like as the countries publish them, with the day each began. The United States have no such tax; what a state asks for is entered by whoever sells there.
 */
export const standardRates: readonly (readonly [country: string, validFrom: string, basisPoints: number])[] =
  [
    ['AT', '1984-01-01', 2000],
    ['BE', '1996-01-01', 2100],
    ['BG', '1999-01-01', 2000],
    ['CY', '2014-01-13', 1900],
    ['CZ', '2013-01-01', 2100],
    ['DE', '2021-01-01', 1900],
    ['DK', '1992-01-01', 2500],
    ['EE', '2024-01-01', 2200],
    ['EE', '2025-07-01', 2400],
    ['ES', '2012-09-01', 2100],
    ['FI', '2013-01-01', 2400],
    ['FI', '2024-09-01', 2550],
    ['FR', '2014-01-01', 2000],
    ['GR', '2016-06-01', 2400],
    ['HR', '2012-03-01', 2500],
    ['HU', '2012-01-01', 2700],
    ['IE', '2021-03-01', 2300],
    ['IT', '2013-10-01', 2200],
    ['LT', '2009-09-01', 2100],
    ['LU', '2024-01-01', 1700],
    ['LV', '2012-07-01', 2100],
    ['MC', '2014-01-01', 2000],
    ['MT', '2004-01-01', 1800],
    ['NL', '2012-10-01', 2100],
    ['PL', '2011-01-01', 2300],
    ['PT', '2011-01-01', 2300],
    ['RO', '2017-01-01', 1900],
    ['RO', '2025-08-01', 2100],
    ['SE', '1990-07-01', 2500],
    ['SI', '2013-07-01', 2200],
    ['SK', '2011-01-01', 2000],
    ['SK', '2025-01-01', 2300],
    ['GB', '2011-01-04', 2000],
    ['CH', '2018-01-01', 770],
    ['CH', '2024-01-01', 810],
    ['NO', '2005-01-01', 2500],
    ['US', '2000-01-01', 0],
  ]
