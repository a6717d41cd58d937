// One row of a sheet, read by the names of its columns (price-sheets.md section 2): what it says in our words, or what is wrong with it.
import { Refusal } from '#kernel/failure.ts'
import { type Currency, isCurrency } from '#kernel/money.ts'
import type { BillingPlan } from '#kernel/term.ts'
import type { CsvRecord } from './csv.ts'

export type Segment = 'commercial' | 'education' | 'nonprofit' | 'government'

/** What tells plans apart. */
export type PlanKey = {
  readonly productCode: string
  readonly skuCode: string
  readonly segment: Segment
  /** As in the sheet: `OneTime`, `P1M`, `P1Y`, `P3Y`, or one nobody knows yet. */
  readonly term: string
  readonly billingPlan: BillingPlan
}

export type SheetRow = PlanKey & {
  readonly line: number
  readonly currency: Currency
  /** What the partner pays for one licence and the whole term, exact decimal. */
  readonly unitCost: string
  /** The estimated retail price on the same base; absent where the sheet has none. */
  readonly retail: string | undefined
  readonly tierMin: string | undefined
  readonly tierMax: string | undefined
  /** RFC 3339; undefined: since ever. */
  readonly validFrom: string | undefined
  /** Undefined: open. */
  readonly validTo: string | undefined
  readonly productTitle: string
  readonly skuTitle: string
  readonly description: string
  readonly publisher: string
  readonly tags: string
}

export type RowFault = {
  readonly line: number
  readonly column: string
  readonly reason: string
  readonly raw: string
}

const mandatory = [
  'ProductId',
  'SkuId',
  'TermDuration',
  'Market',
  'Currency',
  'UnitPrice',
  'EffectiveStartDate',
  'EffectiveEndDate',
]
const known = [
  ...mandatory,
  'ProductTitle',
  'SkuTitle',
  'SkuDescription',
  'Publisher',
  'BillingPlan',
  'PricingTierRangeMin',
  'PricingTierRangeMax',
  'ERP Price',
  'Segment',
  'Tags',
] as const

type Column = (typeof known)[number] | string
export type Columns = {
  readonly count: number
  readonly header: string
  at(column: Column): number | undefined
}

const plainName = (name: string) =>
  name
    .replace(/[\uFEFF"'“”„‟]/g, '')
    .trim()
    .toLowerCase()

/** The columns a header names, in any order; unknown ones are passed over. Refuses a file that lacks one nobody can do without. */
export function readHeader(record: CsvRecord): Columns {
  const places = new Map(record.cells.map((name, index) => [plainName(name), index]))
  const missing = mandatory.filter((name) => !places.has(name.toLowerCase()))
  if (missing.length > 0)
    throw new Refusal(
      'price-sheet/column-missing',
      `This is not a price sheet: the column ${missing.join(', ')} is missing. The first line must name the columns.`,
      { missing },
    )
  return {
    count: record.cells.length,
    header: record.raw.replace(/^\uFEFF/, ''),
    at: (column) => places.get(column.toLowerCase()),
  }
}

const segments: Readonly<Record<string, Segment>> = {
  '': 'commercial',
  commercial: 'commercial',
  education: 'education',
  charity: 'nonprofit',
  nonprofit: 'nonprofit',
  government: 'government',
}
const billingPlans: Readonly<Record<string, BillingPlan>> = {
  monthly: 'monthly',
  annual: 'annual',
  triennial: 'triennial',
  none: 'none',
}
/** At and above this a tier's end means "open": the vendor writes 9223372036854775807, spreadsheets round it. */
const OPEN_TIER = 2n ** 53n

class Wrong extends Error {
  readonly column: string
  constructor(column: string, reason: string) {
    super(reason)
    this.column = column
  }
}

export type ReadRow =
  | { readonly row: SheetRow }
  | { readonly fault: RowFault }
  | { readonly otherMarket: string }

/** Reads one record of the sheet of a market. */
export function readRow(record: CsvRecord, columns: Columns, market: string): ReadRow {
  const cell = (column: Column) => {
    const at = columns.at(column)
    return at === undefined ? '' : (record.cells[at] ?? '').trim()
  }
  try {
    if (record.cells.length !== columns.count)
      throw new Wrong('', `has ${record.cells.length} fields where the header has ${columns.count}.`)
    const inMarket = cell('Market').toUpperCase()
    if (inMarket !== market) return { otherMarket: inMarket }
    return { row: { line: record.line, ...readCells(cell) } }
  } catch (error) {
    if (!(error instanceof Wrong)) throw error
    return { fault: { line: record.line, column: error.column, reason: error.message, raw: record.raw } }
  }
}

function readCells(cell: (column: Column) => string): Omit<SheetRow, 'line'> {
  const productCode = cell('ProductId').toUpperCase()
  if (!/^[A-Z0-9]{4,20}$/.test(productCode))
    throw new Wrong('ProductId', 'is no product id like DG7GMGF0D5SL.')
  const skuCode = cell('SkuId').toUpperCase().padStart(4, '0')
  if (!/^[A-Z0-9]{4,10}$/.test(skuCode) || skuCode === '0000')
    throw new Wrong('SkuId', 'is no SKU id like 0007.')
  const term = cell('TermDuration')
  if (term === '' || term.length > 20) throw new Wrong('TermDuration', 'is missing.')
  const segment = segments[cell('Segment').toLowerCase()]
  if (!segment) throw new Wrong('Segment', `“${cell('Segment')}” is no segment we know.`)
  const currency = cell('Currency').toUpperCase()
  if (!isCurrency(currency)) throw new Wrong('Currency', `“${cell('Currency')}” is no currency of ISO 4217.`)
  const tierMin = tier(cell('PricingTierRangeMin'), 'PricingTierRangeMin')
  const tierMax = tier(cell('PricingTierRangeMax'), 'PricingTierRangeMax')
  if (tierMin !== undefined && tierMax !== undefined && BigInt(tierMin) > BigInt(tierMax))
    throw new Wrong('PricingTierRangeMax', 'is smaller than the tier’s beginning.')
  const validFrom = readMoment(cell('EffectiveStartDate'), 'EffectiveStartDate')
  const validTo = readMoment(cell('EffectiveEndDate'), 'EffectiveEndDate')
  if (validFrom && validTo && validFrom > validTo)
    throw new Wrong('EffectiveEndDate', 'lies before the row’s beginning.')
  return {
    productCode,
    skuCode,
    segment,
    term,
    billingPlan: billingPlanOf(cell('BillingPlan'), term),
    currency,
    unitCost: amount(cell('UnitPrice'), 'UnitPrice'),
    retail: cell('ERP Price') === '' ? undefined : amount(cell('ERP Price'), 'ERP Price'),
    tierMin,
    tierMax,
    validFrom,
    validTo,
    productTitle: cell('ProductTitle').slice(0, 300),
    skuTitle: cell('SkuTitle').slice(0, 300),
    description: cell('SkuDescription').slice(0, 4000),
    publisher: cell('Publisher').slice(0, 200),
    tags: cell('Tags').slice(0, 300),
  }
}

function billingPlanOf(text: string, term: string): BillingPlan {
  if (text === '') {
    if (/^P\d/.test(term)) throw new Wrong('BillingPlan', `is missing for a term of ${term}.`)
    return 'one_time'
  }
  const plan = billingPlans[text.toLowerCase()]
  if (!plan) throw new Wrong('BillingPlan', `“${text}” is no billing plan we know.`)
  return plan
}

function amount(text: string, column: string): string {
  if (!/^\d{1,12}(\.\d{1,10})?$/.test(text))
    throw new Wrong(column, `“${text.slice(0, 40)}” is no amount like 1234.50 (a point, no thousands mark).`)
  return text
}

function tier(text: string, column: string): string | undefined {
  if (text === '') return undefined
  if (!/^\d{1,19}(\.0+)?$/.test(text)) throw new Wrong(column, `“${text.slice(0, 40)}” is no whole number.`)
  const value = BigInt(text.split('.')[0] ?? '0')
  return value >= OPEN_TIER ? undefined : value.toString()
}

const iso = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?(?:Z|[+-]00:?00)?$/
const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?: (\d{1,2}):(\d{2})(?::(\d{2}))?(?: (AM|PM))?)?$/i

/** A moment in any form official files use, as UTC; undefined for the placeholders: year 1753 and before, year 9999. */
export function readMoment(text: string, column = ''): string | undefined {
  const found = isoMoment(text) ?? americanMoment(text)
  if (!found) throw new Wrong(column, `“${text.slice(0, 40)}” is no date we can read.`)
  const [year] = found
  if (year <= 1753 || year >= 9999) return undefined
  try {
    return Temporal.PlainDateTime.from(found[1]).toZonedDateTime('UTC').toInstant().toString()
  } catch {
    throw new Wrong(column, `“${text.slice(0, 40)}” is no date of the calendar.`)
  }
}

function isoMoment(text: string): [year: number, moment: string] | undefined {
  const parts = iso.exec(text)
  if (!parts) return undefined
  const [, year = '', month, day, hour = '00', minute = '00', second = '00', fraction] = parts
  return [
    Number(year),
    `${year}-${month}-${day}T${hour}:${minute}:${second}${fraction ? `.${fraction}` : ''}`,
  ]
}

function americanMoment(text: string): [year: number, moment: string] | undefined {
  const parts = american.exec(text)
  if (!parts) return undefined
  const [, month = '', day = '', year = '', hour = '0', minute = '00', second = '00', half] = parts
  const hours = half ? (Number(hour) % 12) + (half.toUpperCase() === 'PM' ? 12 : 0) : Number(hour)
  const two = (value: string | number) => String(value).padStart(2, '0')
  return [Number(year), `${year}-${two(month)}-${two(day)}T${two(hours)}:${minute}:${second}`]
}
