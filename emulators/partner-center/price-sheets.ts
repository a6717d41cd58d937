// The pricing host (price-sheets.md 1): sheets of every market, exchange rates, the offer matrix. And everything that can be
// wrong with such a file.
import { randomUUID } from 'node:crypto'
import { monthIndexFrom, monthIndexOf, monthText } from './clock.ts'
import { csvOf } from './csv.ts'
import { VendorError } from './errors.ts'
import type { Fault, SheetFault } from './faults.ts'
import { type Market, markets, unitsPerDollar } from './markets.ts'
import { licences } from './products.ts'
import { columnsOf, NEW_HEADER_MONTH, previewOf, type Row, rowsOf, type View } from './sheet-rows.ts'
import type { Answer, Call } from './wire.ts'
import type { Ask, Route, World } from './world.ts'
import { zipOf } from './zip.ts'

const sales = '/pricing/v1.0/sales'

export const pricingRoutes: readonly Route[] = [
  {
    name: 'price-sheet',
    method: 'GET',
    path: `${sales}/pricesheets({arguments})/$value`,
    access: 'user',
    handle: priceSheet,
  },
  {
    name: 'fx-rates',
    method: 'GET',
    path: `${sales}/fxrates({arguments})/$value`,
    access: 'user',
    handle: fxRates,
  },
  { name: 'fx-rates', method: 'GET', path: `${sales}/fxrates/$value`, access: 'user', handle: fxRates },
  {
    name: 'offer-matrix',
    method: 'GET',
    path: `${sales}/offermatrix({arguments})/$value`,
    access: 'user',
    handle: offerMatrix,
  },
]

const pricingError = (status: number, code: string, text: string) =>
  new VendorError(status, code, text, { shape: 'pricing' })
const nothing = () => pricingError(404, 'itemNotFound', 'There is no such sheet.')

/** `Market='DE',PricesheetView='software'` */
export function argumentsOf(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/(\w+)\s*=\s*'([^']*)'/g)].map((found) => [
      (found[1] ?? '').toLowerCase(),
      found[2] ?? '',
    ]),
  )
}

function priceSheet(ask: Ask): Answer {
  const { world, call, params, now } = ask
  const given = argumentsOf(params['arguments'] ?? '')
  const market = markets.get((given['market'] ?? '').toUpperCase())
  const view = given['pricesheetview']?.toLowerCase()
  if (!market) throw pricingError(400, 'invalidRequest', 'Market is missing or unknown.')
  if (
    !view ||
    !/^(software|updatedlicensebased|marketplace|azure_consumption|azure_reservations|licensebasedeos|licensebasedest)$/.test(
      view,
    )
  )
    throw pricingError(400, 'invalidRequest', 'PricesheetView is missing or unknown.')
  // Microsoft names no currency for a few countries: there is no sheet for them. The other views are not served here.
  if ((view !== 'software' && view !== 'updatedlicensebased') || !market.currency) throw nothing()
  const month = monthAsked(call, view, now)
  const isPreview = call.query.get('timeline')?.toLowerCase() === 'future'
  const wanted = Number(call.query.get('rows') ?? 0) || (view === 'software' ? world.settings().rows : 0)
  const rows = isPreview
    ? previewOf(world.seed, market, month)
    : rowsOf(world.seed, view, market, month, Math.min(wanted, 5_000_000))
  if (isPreview && rows.next().done) throw nothing()
  const fresh = isPreview ? previewOf(world.seed, market, month) : rows
  const generation = generationOf(world, month)
  const columns = columnsOf(generation)
  return file(ask, 'price-sheet', market, {
    rows: fresh,
    columns: isPreview ? [...columns, 'EndofSaleDate'] : columns,
    isHeaderQuoted: view === 'updatedlicensebased',
    name: 'sheets.csv',
  })
}

function monthAsked(call: Call, view: View, now: Date): number {
  const current = monthIndexOf(now)
  switch (call.query.get('timeline')?.toLowerCase() ?? 'current') {
    case 'current':
      return current
    case 'future':
      // For software there is no preview at all.
      if (view === 'software') throw nothing()
      return current
    case 'history': {
      const month = monthIndexFrom(call.query.get('month') ?? '')
      if (month === undefined) throw pricingError(400, 'invalidRequest', 'history needs month=YYYYMM.')
      if (month < 0 || month > current) throw nothing()
      return month
    }
    default:
      throw pricingError(400, 'invalidRequest', 'timeline is current, history or future.')
  }
}

function generationOf(world: World, month: number): '2022' | '2026' {
  const { header } = world.settings()
  return header === 'auto' ? (month >= NEW_HEADER_MONTH ? '2026' : '2022') : header
}

type Sheet = {
  readonly rows: Iterable<Row>
  readonly columns: readonly string[]
  readonly isHeaderQuoted: boolean
  readonly name: string
}

/** As CSV, or as ZIP if the caller can read deflate: never by a header that says which. */
function file(ask: Ask, call: string, market: Market | undefined, sheet: Sheet): Answer {
  const hit = (kind: SheetFault) => ask.world.faults.hit(kind, { call, market: market?.code })
  const broken = hit('missing-column')
  const withExtra = hit('extra-column')
  const columns = [
    ...sheet.columns.filter((column) => column !== (broken ? (broken.column ?? 'UnitPrice') : '')),
    ...(withExtra ? ['SurpriseColumn'] : []),
  ]
  const csv = csvOf(spoilt(sheet.rows, hit), {
    columns,
    isHeaderQuoted: sheet.isHeaderQuoted,
    withBom: hit('csv-bom') !== undefined,
  })
  const mayZip = /\bdeflate\b/i.test(String(ask.call.headers['accept-encoding'] ?? ''))
  const content = mayZip ? zipOf(entriesOf(sheet.name, csv, hit)) : csv
  const headers = {
    'content-type': 'application/octet-stream',
    'cache-control': 'private',
    'request-id': randomUUID(),
    'content-disposition': `attachment; filename=${sheet.name}`,
  }
  const breaksOff = hit('break-off')
  if (breaksOff) return { status: 200, headers, stream: cut(content, breaksOff, false), breakOff: true }
  const cutShort = mayZip ? hit('truncated-zip') : hit('cut-csv')
  return { status: 200, headers, stream: cutShort ? cut(content, cutShort, !mayZip) : content }
}

type Hit = (kind: SheetFault) => Fault | undefined

function* spoilt(rows: Iterable<Row>, hit: Hit): Generator<Row> {
  const duplicates = hit('duplicates')
  const stranger = hit('wrong-market')
  const zeros = hit('lost-zeros')
  const wrong = hit('bad-rows')
  let count = 0
  for (const row of rows) {
    count += 1
    if (wrong && count <= 3) yield { ...row, ...badValues[count - 1] }
    else if (zeros) yield { ...row, SkuId: (row['SkuId'] ?? '').replace(/^0+/, '') }
    else if (stranger && count === 10) yield { ...row, Market: row['Market'] === 'US' ? 'GB' : 'US' }
    else yield row
    // Published again within the month: the corrected row stands beside the one it corrects.
    if (duplicates && count % 10 === 0)
      yield {
        ...row,
        UnitPrice: raised(row['UnitPrice'] ?? '0'),
        EffectiveStartDate: (row['EffectiveStartDate'] ?? '').replace('T00:00:00', 'T12:00:00'),
      }
  }
}

const badValues: readonly Row[] = [
  { UnitPrice: '12,50' },
  { EffectiveStartDate: 'soon' },
  { Currency: 'EURO' },
]

const raised = (price: string) => (Number(price) * 1.01).toFixed(price.includes('.') ? 2 : 0)

function entriesOf(name: string, csv: Iterable<Uint8Array>, hit: Hit) {
  if (hit('zip-bomb')) return [{ name, content: bomb() }]
  if (hit('two-entries'))
    return [
      { name, content: csv },
      { name: 'readme.txt', content: [Buffer.from('A second entry.')] },
    ]
  return [{ name, content: csv }]
}

/** Two gigabytes of the same letter, two megabytes when packed. */
function* bomb(): Generator<Uint8Array> {
  const piece = Buffer.alloc(1 << 20, 'A')
  for (let count = 0; count < 2048; count += 1) yield piece
}

/** Ends after so many bytes ; a CSV in the middle of a row, never between two. */
async function* cut(
  content: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  fault: Fault,
  inRow: boolean,
): AsyncGenerator<Uint8Array> {
  let left = fault.bytes ?? 3000
  for await (const piece of content) {
    if (piece.length < left) {
      left -= piece.length
      yield piece
      continue
    }
    const last = Buffer.from(piece.subarray(0, left))
    yield inRow && last.at(-1) === 10 ? last.subarray(0, -7) : last
    return
  }
}

function fxRates(ask: Ask): Answer {
  const asked = argumentsOf(ask.params['arguments'] ?? '')['month']
  const month = asked ? monthIndexFrom(asked) : monthIndexOf(ask.now)
  if (month === undefined) throw pricingError(400, 'invalidRequest', 'Month is YYYYMM.')
  if (month > monthIndexOf(ask.now)) throw nothing()
  const rows = Object.entries(unitsPerDollar)
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([CurrencyCode, units]) => ({
      CurrencyCode,
      USDPerUnit: (1 / (units * (1 + (month % 5) / 1000))).toPrecision(17).replace(/0+$/, ''),
      Month: monthText(month),
    }))
  const columns = ['CurrencyCode', 'USDPerUnit', 'Month']
  return file(ask, 'fx-rates', undefined, { rows, columns, isHeaderQuoted: true, name: 'fxrates' })
}

function offerMatrix(ask: Ask): Answer {
  const month = monthIndexFrom(argumentsOf(ask.params['arguments'] ?? '')['month'] ?? '')
  if (month === undefined) throw pricingError(400, 'invalidRequest', 'Month is YYYYMM.')
  if (month > monthIndexOf(ask.now)) throw nothing()
  const countries = [...markets.values()].filter((market) => market.currency).map((market) => market.code)
  const rows = licences.flatMap((product) =>
    product.skus.map((sku) => ({
      ProductTitle: product.title,
      ProductId: product.id,
      SkuId: sku.id,
      SkuTitle: sku.title,
      ProvisioningId: '',
      ProvisioningString: product.title.toUpperCase().replaceAll(' ', '_'),
      MinLicenses: String(sku.minimum ?? 1),
      MaxLicenses: String(sku.maximum ?? 10_000),
      AssetOwnershipLimit: sku.maximum === 25 ? '1' : '',
      AssetOwnershipLimitType: sku.maximum === 25 ? 'Lifetime' : '',
      ProductSkuPreRequisites: '',
      ProductSkuConversion: '',
      Description: sku.description,
      AllowedCountries: countries.join(';'),
    })),
  )
  return file(ask, 'offer-matrix', undefined, {
    rows,
    columns: Object.keys(rows[0] ?? {}),
    isHeaderQuoted: true,
    name: 'updatedoffice.csv',
  })
}
