import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CsvRecord } from '#kernel/csv.ts'
import type { PriceSheetId } from '#kernel/ids.ts'
import { currency } from '#kernel/money.ts'
import { type PricePoint, pointInForce, readHeader, readMoment, readRow, readSheetRecords } from './index.ts'

const header =
  'ChangeIndicator,ProductTitle,ProductId,SkuId,SkuTitle,Publisher,SkuDescription,UnitOfMeasure,TermDuration,BillingPlan,Market,Currency,UnitPrice,PricingTierRangeMin,PricingTierRangeMax,EffectiveStartDate,EffectiveEndDate,Tags,ERP Price,Segment,PreviousValues'
const good =
  'Change,Example Server CAL,DG7GMGF0EX01,0003,Example Server 1 User CAL - 3 year,Microsoft,,,P3Y,Annual,DE,EUR,315.00,,,2026-03-01T00:00:00.0000000Z,9999-11-30T23:59:59.0000000Z,Software;Subscription,346.50,Commercial,'

async function records(text: string, chunkBytes = 7): Promise<CsvRecord[]> {
  const bytes = Buffer.from(text)
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes)
  }
  const all: CsvRecord[] = []
  for await (const batch of readSheetRecords(chunks())) all.push(...batch)
  return all
}

const rowOf = async (line: string, head = header) => {
  const [first, second] = await records(`${head}\n${line}\n`)
  assert.ok(first && second)
  return readRow(second, readHeader(first), 'DE')
}
const fault = async (line: string) => {
  const read = await rowOf(line)
  assert.ok('fault' in read)
  return `${read.fault.column}: ${read.fault.reason}`
}

test('records come whole from any chunks, with their first line and as they were written', async () => {
  const text = '\uFEFFa,b\r\n1,"two, ""quoted""\r\nover lines"\r\n\r\nžluť,3'
  for (const size of [1, 2, 3, 100]) {
    const [head, first, second, none] = await records(text, size)
    assert.equal(none, undefined)
    assert.deepEqual(head?.cells, ['a', 'b'])
    assert.deepEqual(first?.cells, ['1', 'two, "quoted"\r\nover lines'])
    assert.equal(first?.line, 2)
    assert.equal(first?.raw, '1,"two, ""quoted""\r\nover lines"')
    assert.deepEqual([second?.line, second?.cells], [5, ['žluť', '3']])
  }
})

test('what is no UTF-8 is refused', async () => {
  async function* chunks() {
    yield Uint8Array.of(0x61, 0xff, 0xfe, 0x0a)
  }
  await assert.rejects(readSheetRecords(chunks()).next(), { code: 'price-sheet/not-text' })
})

test('a row in our words; amounts stay exact', async () => {
  const read = await rowOf(good)
  assert.ok('row' in read)
  const { line, productTitle, skuTitle, description, publisher, tags, ...row } = read.row
  assert.deepEqual(row, {
    productCode: 'DG7GMGF0EX01',
    skuCode: '0003',
    segment: 'commercial',
    term: 'P3Y',
    billingPlan: 'annual',
    currency: 'EUR',
    unitCost: '315.00',
    retail: '346.50',
    tierMin: undefined,
    tierMax: undefined,
    validFrom: '2026-03-01T00:00:00Z',
    validTo: undefined,
  })
  assert.deepEqual([line, productTitle, tags], [2, 'Example Server CAL', 'Software;Subscription'])
})

test('columns are found by name: the older header, quotes, another order, a typographic quote at the end', async () => {
  const older =
    '"SkuId","ProductId","Market","Currency","UnitPrice","EffectiveStartDate","EffectiveEndDate","TermDuration”'
  const read = await rowOf('7,DG7GMGF0EX01,de,eur,1.2345678901,1753-01-01,12/31/9999 23:59,OneTime', older)
  assert.ok('row' in read)
  assert.equal(read.row.skuCode, '0007') // a spreadsheet lost the zeros
  assert.equal(read.row.billingPlan, 'one_time')
  assert.equal(read.row.unitCost, '1.2345678901')
  assert.deepEqual([read.row.validFrom, read.row.validTo, read.row.retail], [undefined, undefined, undefined])
})

test('a missing mandatory column is refused by name', async () => {
  const [head] = await records(
    'ProductId,SkuId,TermDuration,Market,Currency,EffectiveStartDate,EffectiveEndDate\n',
  )
  assert.ok(head)
  assert.throws(() => readHeader(head), { code: 'price-sheet/column-missing', message: /UnitPrice/ })
})

test('every date form, as UTC', () => {
  assert.equal(readMoment('2/1/2019 12:00:00 AM'), '2019-02-01T00:00:00Z')
  assert.equal(readMoment('2/1/2019 1:30:00 PM'), '2019-02-01T13:30:00Z')
  assert.equal(readMoment('2/1/2023 0:00'), '2023-02-01T00:00:00Z')
  assert.equal(readMoment('2026-03-03T06:57:30.0682597Z'), '2026-03-03T06:57:30.0682597Z')
  assert.equal(readMoment('2026-03-03'), '2026-03-03T00:00:00Z')
  assert.equal(readMoment('11/30/9999 23:59'), undefined)
  assert.equal(readMoment('1753-01-01T00:00:00Z'), undefined)
})

test('what is wrong with a row is said by its column', async () => {
  assert.match(await fault(good.replace('315.00', '1.234,00')), /^: has 22 fields/)
  assert.match(await fault(good.replace('315.00', '"1.234,00"')), /^UnitPrice: .*no amount/)
  assert.match(await fault(good.replace(',EUR,', ',EUX,')), /^Currency: /)
  assert.match(await fault(good.replace('Commercial', 'Commerce')), /^Segment: /)
  assert.match(
    await fault(good.replace('2026-03-01T00:00:00.0000000Z', '31/12/2026')),
    /^EffectiveStartDate: /,
  )
  assert.match(await fault(good.replace('Annual', '')), /^BillingPlan: is missing for a term of P3Y/)
  assert.match(await fault(good.replace('315.00,,', '315.00,10,5')), /^PricingTierRangeMax: /)
  assert.match(
    await fault(good.replace('315.00,,', '315.00,9.22E+18,')),
    /^PricingTierRangeMin: “9.22E\+18” /,
  )
})

test('a row of another market is told apart from a wrong row', async () => {
  assert.deepEqual(await rowOf(good.replace(',DE,', ',FR,')), { otherMarket: 'FR' })
})

test('terms are told by their letters, small or large', async () => {
  for (const [written, term] of [
    ['p3y', 'P3Y'],
    ['P1m', 'P1M'],
  ] as const) {
    const read = await rowOf(good.replace('P3Y', written))
    assert.ok('row' in read)
    assert.equal(read.row.term, term)
  }
  const once = await rowOf(good.replace('P3Y', 'onetime').replace('Annual', ''))
  assert.ok('row' in once)
  assert.deepEqual([once.row.term, once.row.billingPlan], ['OneTime', 'one_time'])
})

test('an unknown term is kept; charity is nonprofit; an open tier has no end', async () => {
  const read = await rowOf(
    good
      .replace('P3Y', 'P5Y')
      .replace('Commercial', 'Charity')
      .replace('315.00,,', '315.00,50,9223372036854775807'),
  )
  assert.ok('row' in read)
  assert.deepEqual(
    [read.row.term, read.row.segment, read.row.tierMin, read.row.tierMax],
    ['P5Y', 'nonprofit', '50', undefined],
  )
})

const at = (text: string) => Temporal.Instant.from(text)
const point = (
  unitCost: string,
  validFrom?: string,
  validTo?: string,
  tierMin?: bigint,
  tierMax?: bigint,
): PricePoint => ({
  sheetId: 's' as PriceSheetId,
  file: 'f',
  line: 2,
  market: 'DE',
  month: '2026-03',
  productCode: 'P',
  skuCode: '0001',
  segment: 'commercial',
  term: 'P1Y',
  billingPlan: 'annual',
  currency: currency('EUR'),
  unitCost,
  retail: undefined,
  tierMin,
  tierMax,
  validFrom: validFrom ? at(validFrom) : undefined,
  validTo: validTo ? at(validTo) : undefined,
})

test('which row holds: the one that ends last, told to be ambiguous where several do', () => {
  const rows = [
    point('300.00', '2026-01-01T00:00:00Z', '2026-03-03T06:57:30.0682597Z'),
    point('315.00', '2026-03-01T00:00:00Z'),
  ]
  const held = (text: string) => {
    const found = pointInForce(rows, at(text), 1)
    return found && `${found.point.unitCost}${found.isAmbiguous ? ' ambiguous' : ''}`
  }
  assert.equal(held('2026-03-02T00:00:00Z'), '315.00 ambiguous')
  assert.equal(held('2026-03-04T00:00:00Z'), '315.00')
  assert.equal(held('2026-02-10T00:00:00Z'), '300.00')
  assert.equal(held('2025-12-31T23:59:59Z'), undefined)
})

test('tiers are inclusive at both ends', () => {
  const rows = [point('900.00', undefined, undefined, 1n, 49n), point('855.00', undefined, undefined, 50n)]
  const held = (quantity: number) => pointInForce(rows, at('2026-03-02T00:00:00Z'), quantity)?.point.unitCost
  assert.deepEqual([held(1), held(49), held(50), held(1_000_000)], ['900.00', '900.00', '855.00', '855.00'])
})
