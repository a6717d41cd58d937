// One row of a sheet, read by the names of its columns (price-sheets.md section 2): what it says in our words, or what is wrong with it.
import type { CsvRecord } from '#kernel/csv.ts'
import { Refusal } from '#kernel/failure.ts'
import { type Currency, isCurrency } from '#kernel/money.ts'
import type { BillingPlan } from '#kernel/term.ts'

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

const mandatory = {
  productId: 'ProductId',
  skuId: 'SkuId',
  term: 'TermDuration',
  market: 'Market',
  currency: 'Currency',
  unitPrice: 'UnitPrice',
  start: 'EffectiveStartDate',
  end: 'EffectiveEndDate',
} as const
const optional = {
  productTitle: 'ProductTitle',
  skuTitle: 'SkuTitle',
  description: 'SkuDescription',
  publisher: 'Publisher',
  billingPlan: 'BillingPlan',
  tierMin: 'PricingTierRangeMin',
  tierMax: 'PricingTierRangeMax',
  retail: 'ERP Price',
  segment: 'Segment',
  tags: 'Tags',
  /** Of a file of corrections: where the row stood in the file it corrects. */
  line: 'Line',
} as const

/** Where each column we read stands; -1: the sheet does not have it. */
type Places = Readonly<Record<keyof typeof mandatory | keyof typeof optional, number>>
export type Columns = { readonly count: number; readonly header: string; readonly places: Places }

const plainName = (name: string) =>
  name
    .replace(/[\uFEFF"'“”„‟]/g, '')
    .trim()
    .toLowerCase()

/** The columns a header names, in any order; unknown ones are passed over. Refuses a file that lacks one nobody can do without. */
export function readHeader(record: CsvRecord): Columns {
  if (record.raw.includes(NUL))
    throw new Refusal(
      'price-sheet/not-text',
      'The first line holds zero bytes, which no text does. Export it again as CSV in UTF-8.',
    )
  if (record.isUnended)
    throw new Refusal(
      'price-sheet/cut',
      'The file ends within its first line: it was cut. Fetch or export it again.',
    )
  const found = record.cells.map(plainName)
  const missing = Object.values(mandatory).filter((name) => !found.includes(name.toLowerCase()))
  if (missing.length > 0)
    throw new Refusal(
      'price-sheet/column-missing',
      `This is not a price sheet: the ${missing.length === 1 ? `column ${missing[0]} is` : `columns ${missing.join(', ')} are`} missing. The first line must name the columns.`,
      { missing },
    )
  const twice = Object.values({ ...mandatory, ...optional }).find(
    (name) => found.indexOf(name.toLowerCase()) !== found.lastIndexOf(name.toLowerCase()),
  )
  if (twice)
    throw new Refusal(
      'price-sheet/column-twice',
      `The first line names the column ${twice} twice: nobody can say which of them holds.`,
    )
  const places = Object.fromEntries(
    Object.entries({ ...mandatory, ...optional }).map(([key, name]) => [
      key,
      found.indexOf(name.toLowerCase()),
    ]),
  ) as Places
  return { count: record.cells.length, header: record.raw.replace(/^\uFEFF/, ''), places }
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

/** Text in UTF-8 may hold it, and PostgreSQL keeps none that does. Shown as a sign of its own where the row is given back. */
const NUL = '\0'
const NUL_SHOWN = '␀'

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

/** Reads one record of the sheet of a market. A file of corrections says itself where its rows stood. */
export function readRow(record: CsvRecord, columns: Columns, market: string, isCorrection = false): ReadRow {
  const { cells, line, raw, isBroken } = record
  const { places } = columns
  try {
    if (raw.includes(NUL))
      throw new Wrong(
        nameAt(
          places,
          cells.findIndex((each) => each.includes(NUL)),
        ),
        `holds a zero byte (here: ${NUL_SHOWN}), which no text does.`,
      )
    if (cells.length !== columns.count)
      throw new Wrong('', `has ${cells.length} fields where the header has ${columns.count}.`)
    if (isBroken)
      throw new Wrong('', 'has a quote in the wrong place: a quote inside a quoted field is written twice.')
    if (record.isUnended)
      throw new Wrong(
        '',
        'is the last one and no line end follows it: the file may be cut in the middle of it.',
      )
    const inMarket = cell(cells, places.market).toUpperCase()
    if (inMarket === '') throw new Wrong('Market', 'is missing.')
    if (inMarket !== market) return { otherMarket: inMarket }
    const stood = isCorrection ? Number(cell(cells, places.line)) : 0
    return { row: readCells(cells, places, Number.isSafeInteger(stood) && stood > 1 ? stood : line) }
  } catch (error) {
    if (!(error instanceof Wrong)) throw error
    return {
      fault: {
        line,
        column: error.column,
        reason: error.message.replaceAll(NUL, NUL_SHOWN),
        raw: raw.replaceAll(NUL, NUL_SHOWN),
      },
    }
  }
}

function nameAt(places: Places, at: number): string {
  const name = Object.entries({ ...mandatory, ...optional }).find(
    ([key]) => places[key as keyof Places] === at,
  )
  return name?.[1] ?? ''
}

function cell(cells: readonly string[], place: number): string {
  return place < 0 ? '' : (cells[place] ?? '').trim()
}

function readCells(cells: readonly string[], at: Places, line: number): SheetRow {
  const productCode = cell(cells, at.productId).toUpperCase()
  if (!/^[A-Z0-9]{4,20}$/.test(productCode))
    throw new Wrong('ProductId', 'is no product id like DG7GMGF0D5SL.')
  const skuCode = cell(cells, at.skuId).toUpperCase().padStart(4, '0')
  if (!/^[A-Z0-9]{4,10}$/.test(skuCode) || skuCode === '0000')
    throw new Wrong('SkuId', 'is no SKU id like 0007.')
  const term = termOf(cell(cells, at.term))
  if (term === '') throw new Wrong('TermDuration', 'is missing.')
  if (!/^[A-Za-z0-9-]{1,20}$/.test(term)) throw new Wrong('TermDuration', `“${shown(term)}” is no term.`)
  const segment = segments[cell(cells, at.segment).toLowerCase()]
  if (!segment) throw new Wrong('Segment', `“${shown(cell(cells, at.segment))}” is no segment we know.`)
  const currency = currencyOf(cell(cells, at.currency))
  const least = cell(cells, at.tierMin)
  const tierMin = tier(least, 'PricingTierRangeMin')
  if (least !== '' && tierMin === undefined)
    throw new Wrong('PricingTierRangeMin', `“${shown(least)}” is no quantity a tier could begin with.`)
  const tierMax = tier(cell(cells, at.tierMax), 'PricingTierRangeMax')
  if (tierMin !== undefined && tierMax !== undefined && BigInt(tierMin) > BigInt(tierMax))
    throw new Wrong('PricingTierRangeMax', 'is smaller than the tier’s beginning.')
  const validFrom = momentIn(cell(cells, at.start), 'EffectiveStartDate')
  const validTo = momentIn(cell(cells, at.end), 'EffectiveEndDate')
  if (validFrom && validTo && Temporal.Instant.compare(validFrom, validTo) > 0)
    throw new Wrong('EffectiveEndDate', 'lies before the row’s beginning.')
  const retail = cell(cells, at.retail)
  return {
    line,
    productCode,
    skuCode,
    segment,
    term,
    billingPlan: billingPlanOf(cell(cells, at.billingPlan), term),
    currency,
    unitCost: amount(cell(cells, at.unitPrice), 'UnitPrice'),
    retail: retail === '' ? undefined : amount(retail, 'ERP Price'),
    tierMin,
    tierMax,
    validFrom,
    validTo,
    productTitle: cell(cells, at.productTitle).slice(0, 300),
    skuTitle: cell(cells, at.skuTitle).slice(0, 300),
    description: cell(cells, at.description).slice(0, 4000),
    publisher: cell(cells, at.publisher).slice(0, 200),
    tags: cell(cells, at.tags).slice(0, 300),
  }
}

/** In the vendor's own spelling, whatever a spreadsheet made of it. */
function termOf(text: string): string {
  if (/^p\d+[ymd]$/i.test(text)) return text.toUpperCase()
  return /^onetime$/i.test(text) ? 'OneTime' : text
}

const shown = (text: string) => text.slice(0, 40)

const currencies = new Map<string, Currency>()

function currencyOf(text: string): Currency {
  const known = currencies.get(text)
  if (known) return known
  const code = text.toUpperCase()
  if (!isCurrency(code)) throw new Wrong('Currency', `“${shown(text)}” is no currency of ISO 4217.`)
  currencies.set(text, code)
  return code
}

/** A sheet of a million rows has a few hundred dates; reading one costs more than reading the rest of its row. */
const moments = new Map<string, string | undefined>()
const MOST_MOMENTS = 10_000

function momentIn(text: string, column: string): string | undefined {
  if (moments.has(text)) return moments.get(text)
  const moment = readMoment(text, column)
  if (moments.size >= MOST_MOMENTS) moments.clear()
  moments.set(text, moment)
  return moment
}

function billingPlanOf(text: string, term: string): BillingPlan {
  if (text === '') {
    if (/^P\d/.test(term)) throw new Wrong('BillingPlan', `is missing for a term of ${term}.`)
    return 'one_time'
  }
  const plan = billingPlans[text.toLowerCase()]
  if (!plan) throw new Wrong('BillingPlan', `“${shown(text)}” is no billing plan we know.`)
  return plan
}

function amount(text: string, column: string): string {
  if (!/^\d{1,12}(\.\d{1,10})?$/.test(text))
    throw new Wrong(column, `“${shown(text)}” is no amount like 1234.50 (a point, no thousands mark).`)
  return text
}

function tier(text: string, column: string): string | undefined {
  if (text === '') return undefined
  // As spreadsheets round it: 9.22337203685478E+18.
  if (/^\d(\.\d{1,20})?E\+?(1[6-9]|[2-9]\d)$/i.test(text)) return undefined
  if (!/^\d{1,25}(\.0+)?$/.test(text)) throw new Wrong(column, `“${shown(text)}” is no whole number.`)
  const value = BigInt(text.split('.')[0] ?? '0')
  return value >= OPEN_TIER ? undefined : value.toString()
}

const iso = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?(?:Z|[+-]00:?00)?$/
const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?: (\d{1,2}):(\d{2})(?::(\d{2}))?(?: (AM|PM))?)?$/i

/** A moment in any form official files use, as UTC; undefined for the placeholders: year 1753 and before, year 9999. */
export function readMoment(text: string, column = ''): string | undefined {
  const found = isoMoment(text) ?? americanMoment(text)
  if (!found) throw new Wrong(column, `“${shown(text)}” is no date we can read.`)
  const [year] = found
  if (year <= 1753 || year >= 9999) return undefined
  try {
    return Temporal.PlainDateTime.from(found[1]).toZonedDateTime('UTC').toInstant().toString()
  } catch {
    throw new Wrong(column, `“${shown(text)}” is no date of the calendar.`)
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
