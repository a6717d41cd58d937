// The pricing host (price-sheets.md 1, 2, 8): who gets a sheet, what is in it, what can be wrong with it.
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { crc32, inflateRawSync } from 'node:zlib'
import { pricingAudience, rowsOf, startPartnerCenter } from './test-kit.ts'

let pc: Awaited<ReturnType<typeof startPartnerCenter>>
before(async () => {
  pc = await startPartnerCenter()
  await pc.tell('POST', '/clock', { now: '2026-11-10T12:00:00Z' })
  await pc.renewTokens()
})
after(() => pc.stop())
beforeEach(async () => {
  await pc.tell('DELETE', '/faults')
})

const path = (market: string, view = 'software', query = '') =>
  `pricesheets(Market='${market}',PricesheetView='${view}')/$value${query}`
const text = async (market: string, view = 'software', query = '') =>
  (await pc.sheet(path(market, view, query))).text()

type Row = Record<string, string>

/** The single entry of an archive whose sizes stand behind it. */
function unzip(bytes: Buffer): { name: string; content: Buffer; entries: number } {
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
  const at = bytes.readUInt32LE(end + 16)
  const nameLength = bytes.readUInt16LE(at + 28)
  const start = 30 + nameLength
  const content = inflateRawSync(bytes.subarray(start, start + bytes.readUInt32LE(at + 20)))
  assert.equal(crc32(content), bytes.readUInt32LE(at + 16))
  assert.equal(content.length, bytes.readUInt32LE(at + 24))
  return {
    name: bytes.subarray(at + 46, at + 46 + nameLength).toString(),
    content,
    entries: bytes.readUInt16LE(end + 10),
  }
}

const newHeader =
  'ChangeIndicator,ProductTitle,ProductId,SkuId,SkuTitle,Publisher,SkuDescription,UnitOfMeasure,TermDuration,BillingPlan,Market,Currency,UnitPrice,PricingTierRangeMin,PricingTierRangeMax,EffectiveStartDate,EffectiveEndDate,Tags,ERP Price,Segment,PreviousValues'

test('only a token of this host with a user behind it opens a sheet', async () => {
  const ask = async (authorization: string) => {
    const response = await pc.sheet(path('DE'), { authorization })
    return [response.status, ((await response.json()) as { error: { code: string } }).error.code]
  }
  assert.deepEqual(await ask(`Bearer ${await pc.userToken()}`), [401, 'unauthenticated'])
  assert.deepEqual(await ask(`Bearer ${await pc.appToken(pricingAudience)}`), [403, 'accessDenied'])
  assert.deepEqual(await ask('Bearer nonsense'), [401, 'unauthenticated'])
  const response = await pc.sheet(path('DE'), { 'client-request-id': 'a-b-c' })
  assert.equal(response.headers.get('client-request-id'), 'a-b-c')
  assert.equal(response.headers.get('content-type'), 'application/octet-stream')
  assert.equal(response.headers.get('content-encoding'), null)
})

test('a month decides the header: two columns more since January 2026', async () => {
  const headerOf = async (query: string, view = 'software') =>
    (await text('us', view, query)).split('\r\n')[0]
  assert.equal(await headerOf(''), newHeader)
  assert.equal(await headerOf('?timeline=history&month=202601'), newHeader)
  const former = newHeader.replace('ChangeIndicator,', '').replace(',PreviousValues', '')
  assert.equal(await headerOf('?timeline=history&month=202512'), former)
  await pc.tell('POST', '/settings', { header: '2022' })
  assert.equal(await headerOf(''), former)
  await pc.tell('POST', '/settings', { header: 'auto' })
  assert.match((await headerOf('', 'updatedlicensebased')) ?? '', /^"ChangeIndicator","ProductTitle",/)
})

test('what does not exist is not found; what is not a question is refused', async () => {
  const status = async (where: string) => (await pc.sheet(where)).status
  assert.equal(await status(path('DE', 'software', '?timeline=future')), 404)
  assert.equal(await status(path('DE', 'software', '?timeline=history&month=202612')), 404)
  assert.equal(await status(path('DE', 'software', '?timeline=history&month=202202')), 404)
  assert.equal(await status(path('DE', 'software', '?timeline=history')), 400)
  assert.equal(await status(path('VA')), 404)
  assert.equal(await status(path('ZZ')), 400)
  assert.equal(await status(path('DE', 'nonsense')), 400)
  assert.equal(await status(path('DE', 'marketplace')), 404)
})

test('markets carry their currencies: Europe six, others one, some no software at all', async () => {
  const currencies = async (market: string) => [
    ...new Set(rowsOf(await text(market)).map((row) => row['Currency'])),
  ]
  assert.deepEqual(await currencies('DE'), ['EUR', 'GBP', 'DKK', 'SEK', 'NOK', 'CHF'])
  assert.deepEqual(await currencies('PL'), ['EUR', 'GBP', 'DKK', 'SEK', 'NOK', 'CHF'])
  assert.deepEqual(await currencies('MX'), ['USD'])
  assert.deepEqual(await currencies('VE'), ['USD'])
  assert.deepEqual(await currencies('JP'), ['JPY'])
  assert.equal(await text('AQ'), `${newHeader}\r\n`)
  assert.deepEqual([...new Set(rowsOf(await text('AD')).map((row) => row['TermDuration']))], ['OneTime'])
})

test('yen have no decimals, and a price divides evenly by its billing periods', async () => {
  const yen = rowsOf(await text('JP'))
  assert.ok(
    yen
      .filter((row) => row['ProductId'] !== 'DG7GMGF0TR12')
      .every((row) => /^\d+$/.test(row['UnitPrice'] ?? '')),
  )
  const monthly = rowsOf(await text('DE')).filter((row) => row['BillingPlan'] === 'Monthly')
  assert.ok(monthly.length > 0)
  for (const row of monthly) assert.equal(Math.round(Number(row['UnitPrice']) * 100) % 12, 0)
})

test('the same question has the same answer; two months differ by added, changed and ended rows', async () => {
  assert.equal(await text('DE'), await text('DE'))
  const keyOf = (row: Row) =>
    ['ProductId', 'SkuId', 'TermDuration', 'BillingPlan', 'Segment', 'PricingTierRangeMin']
      .map((name) => row[name])
      .join(':')
  const sheetOf = async (month: string) =>
    new Map(
      rowsOf(await text('MX', 'software', `?timeline=history&month=${month}`)).map((row) => [
        keyOf(row),
        row,
      ]),
    )
  const [october, november] = [await sheetOf('202610'), await sheetOf('202611')]
  const added = [...november].filter(([key]) => !october.has(key))
  const ended = [...october].filter(([key]) => !november.has(key))
  const changed = [...november].filter(
    ([key, row]) =>
      october.has(key) &&
      october.get(key)?.['UnitPrice'] !== row['UnitPrice'] &&
      !key.startsWith('DG7GMGF0TR01'),
  )
  assert.deepEqual([added.length, ended.length], [3, 3])
  assert.ok(added.every(([, row]) => row['ChangeIndicator'] === 'Add'))
  assert.ok(ended.every(([, row]) => row['EffectiveEndDate'] === '2026-10-31T23:59:59.0000000Z'))
  assert.ok(changed.length > 0 && changed.length < november.size / 10)
  assert.ok(
    changed.every(
      ([, row]) =>
        row['ChangeIndicator'] === 'Change' && row['EffectiveStartDate'] === '2026-11-01T00:00:00.0000000Z',
    ),
  )
})

test('every trap row is there', async () => {
  const rows = rowsOf(await text('MX'))
  const of = (product: string) => rows.filter((row) => row['ProductId'] === product)
  const first = (product: string) => of(product)[0] ?? {}
  const [older, newer] = of('DG7GMGF0TR01').filter((row) => row['SkuId'] === '0001')
  assert.ok(Date.parse(older?.['EffectiveEndDate'] ?? '') > Date.parse(newer?.['EffectiveStartDate'] ?? ''))
  assert.deepEqual(
    [first('DG7GMGF0TR02')['EffectiveStartDate'], first('DG7GMGF0TR02')['EffectiveEndDate']],
    ['1753-01-01T00:00:00.0000000Z', '9999-12-31T23:59:59.0000000Z'],
  )
  assert.match(first('DG7GMGF0TR03')['EffectiveStartDate'] ?? '', /^\d+\/1\/\d{4} 12:00:00 AM$/)
  assert.match(first('DG7GMGF0TR04')['EffectiveStartDate'] ?? '', /^\d+\/1\/\d{4} 0:00$/)
  assert.equal(first('DG7GMGF0TR04')['EffectiveEndDate'], '11/30/9999 23:59')
  assert.equal(first('DG7GMGF0TR04')['Tags'], 'Software; Subscription')
  assert.equal(first('DG7GMGF0TR06')['SkuId'], '000C')
  assert.equal(first('DG7GMGF0TR07')['SkuDescription'], 'Text with a comma, a "quotation"\nand a second line')
  assert.equal(first('DG7GMGF0TR08')['UnitPrice'], '0.00')
  assert.equal(first('DG7GMGF0TR09')['TermDuration'], 'P18M')
  assert.equal(first('DG7GMGF0TR10')['EffectiveEndDate'], '2026-11-30T23:59:59.0000000Z')
  assert.ok(of('DG7GMGF0TR11').some((row) => row['PricingTierRangeMax'] === '9223372036854775807'))
  assert.match(first('DG7GMGF0TR12')['UnitPrice'] ?? '', /^\d+\.\d{10}$/)
  assert.deepEqual(
    of('DG7GMGF0EM30')
      .filter((row) => row['SkuId'] === '0001')
      .map((row) => [row['PricingTierRangeMin'], row['PricingTierRangeMax']]),
    [
      ['1', '49'],
      ['50', '249'],
      ['250', ''],
    ],
  )
  assert.deepEqual(
    of('DG7GMGF0EM20').map((row) => [row['TermDuration'], row['BillingPlan'], row['Segment']]),
    [
      ['OneTime', '', 'Commercial'],
      ['OneTime', '', 'Education'],
      ['OneTime', '', 'Charity'],
    ],
  )
  assert.deepEqual(
    of('DG7GMGF0EM01')
      .filter((row) => row['SkuId'] === '0002')
      .map((row) => row['BillingPlan']),
    ['Triennial', 'Annual'],
  )
})

test('who can read deflate gets a ZIP of the same bytes', async () => {
  const plain = await text('DE')
  const zipped = await pc.sheet(path('DE'), { 'accept-encoding': 'gzip, deflate, br' })
  const { name, content, entries } = unzip(Buffer.from(await zipped.arrayBuffer()))
  assert.deepEqual([name, entries], ['sheets.csv', 1])
  assert.equal(content.toString(), plain)
})

test('a sheet can be as long as one asks for', async () => {
  const rows = rowsOf(await text('MX', 'software', '?rows=20000'))
  assert.ok(rows.length >= 20_000 && rows.length < 20_010)
  assert.equal(new Set(rows.map((row) => `${row['ProductId']}:${row['SkuId']}`)).size > 10_000, true)
})

test('a file can be wrong in every way it was told to', async () => {
  const wrong = async (fault: object, headers: Record<string, string> = {}) => {
    await pc.tell('POST', '/faults', { call: 'price-sheet', times: 1, ...fault })
    return pc.sheet(path('DE'), headers)
  }
  const deflate = { 'accept-encoding': 'deflate' }
  const whole = rowsOf(await text('DE'))
  assert.ok(!(await (await wrong({ kind: 'cut-csv' })).text()).endsWith('\n'))
  const cut = Buffer.from(await (await wrong({ kind: 'truncated-zip', bytes: 2000 }, deflate)).arrayBuffer())
  assert.deepEqual([cut.length, cut.includes(Buffer.from('PK\x05\x06', 'latin1'))], [2000, false])
  await assert.rejects(async () => (await wrong({ kind: 'break-off' })).text())
  const headerOf = (csv: string) => csv.split('\r\n')[0]?.split(',') ?? []
  assert.ok(
    !headerOf(await (await wrong({ kind: 'missing-column', column: 'Currency' })).text()).includes(
      'Currency',
    ),
  )
  assert.equal(headerOf(await (await wrong({ kind: 'extra-column' })).text()).at(-1), 'SurpriseColumn')
  const bom = Buffer.from(await (await wrong({ kind: 'csv-bom' })).arrayBuffer())
  assert.equal(bom.subarray(0, 3).toString('hex'), 'efbbbf')
  assert.equal(
    rowsOf(await (await wrong({ kind: 'duplicates' })).text()).length,
    whole.length + Math.floor(whole.length / 10),
  )
  const strangers = rowsOf(await (await wrong({ kind: 'wrong-market' })).text()).filter(
    (row) => row['Market'] !== 'DE',
  )
  assert.equal(strangers.length, 1)
  assert.equal(rowsOf(await (await wrong({ kind: 'lost-zeros' })).text())[0]?.['SkuId'], '1')
  assert.equal(rowsOf(await (await wrong({ kind: 'bad-rows' })).text())[0]?.['UnitPrice'], '12,50')
  const two = Buffer.from(await (await wrong({ kind: 'two-entries' }, deflate)).arrayBuffer())
  assert.equal(unzip(two).entries, 2)
  assert.equal((await wrong({ kind: 'throttle', seconds: 57 })).headers.get('retry-after'), '57')
})

test('licence sheets have a preview of what the next month changes', async () => {
  const current = rowsOf(await text('DE', 'updatedlicensebased'))
  assert.ok(
    current.some(
      (row) => row['TermDuration'] === 'P1M' && row['BillingPlan'] === 'None' && row['UnitPrice'] === '0.00',
    ),
  )
  const previews: Row[] = []
  for (const month of ['2026-11-10', '2026-12-10', '2027-01-10', '2027-02-10']) {
    await pc.tell('POST', '/clock', { now: `${month}T12:00:00Z` })
    const preview = await pc.sheet(path('DE', 'updatedlicensebased', '?timeline=future'))
    if (preview.status === 200) previews.push(...rowsOf(await preview.text()))
    else assert.equal(preview.status, 404)
  }
  await pc.tell('POST', '/clock', { now: '2026-11-10T12:00:00Z' })
  assert.ok(previews.length > 0)
  assert.ok(previews.every((row) => row['ChangeIndicator'] === 'Change' && row['EndofSaleDate'] === ''))
})

test('exchange rates and the offer matrix of a month', async () => {
  const rates = rowsOf(await (await pc.sheet(`fxrates(Month='202611')/$value`)).text())
  assert.deepEqual(Object.keys(rates[0] ?? {}), ['CurrencyCode', 'USDPerUnit', 'Month'])
  const rate = (code: string) => Number(rates.find((row) => row['CurrencyCode'] === code)?.['USDPerUnit'])
  assert.ok(rate('VES') > 0.024 && rate('VES') < 0.026 && rate('EUR') > 1)
  assert.equal((await pc.sheet(`fxrates(Month='202612')/$value`)).status, 404)
  const offers = rowsOf(await (await pc.sheet(`offermatrix(Month='202611')/$value`)).text())
  assert.deepEqual([offers[0]?.['MinLicenses'], offers[0]?.['MaxLicenses']], ['1', '10000'])
})

test('what the sheet prices, the cart charges: every plan of the demonstration, tier and segment included', async () => {
  const rows = rowsOf(await text('DE')).filter(
    (row) => row['Currency'] === 'EUR' && row['ProductId']?.startsWith('DG7GMGF0EM'),
  )
  const customer = await pc.customer()
  const segments: Record<string, string> = {
    Commercial: 'commercial',
    Education: 'education',
    Charity: 'nonprofit',
  }
  const lines = await Promise.all(
    rows.map(async (row, id) => ({
      id,
      catalogItemId: await pc.catalogItem(
        customer,
        row['ProductId'] ?? '',
        row['SkuId'],
        segments[row['Segment'] ?? ''],
      ),
      quantity: Number(row['PricingTierRangeMin'] || 1),
      billingCycle: row['BillingPlan'] === '' ? 'one_time' : row['BillingPlan']?.toLowerCase(),
      ...(row['TermDuration'] === 'OneTime' ? {} : { termDuration: row['TermDuration'] }),
    })),
  )
  const cart = await pc.call('POST', `/customers/${customer}/carts`, { lineItems: lines })
  const periods: Record<string, number> = { 'P1Y:Monthly': 12, 'P3Y:Annual': 3 }
  assert.ok(rows.length > 30)
  for (const [at, row] of rows.entries()) {
    const { listPrice, extendedPrice, price } = cart.body['lineItems'][at].pricing
    const perTerm = listPrice * (periods[`${row['TermDuration']}:${row['BillingPlan']}`] ?? 1)
    assert.equal(perTerm.toFixed(2), row['UnitPrice'], JSON.stringify(row))
    if (price === listPrice)
      assert.equal(
        extendedPrice.toFixed(2),
        (Number(row['UnitPrice']) * (lines[at]?.quantity ?? 0)).toFixed(2),
      )
  }
})

test('a price shift moves the cart and not the sheet; a promotion takes its percentage off', async () => {
  const customer = await pc.customer('MX')
  const catalogItemId = await pc.catalogItem(customer, 'DG7GMGF0EM08', '000D')
  const line = {
    catalogItemId,
    quantity: 1,
    billingCycle: 'annual',
    termDuration: 'P1Y',
    currencyCode: 'USD',
  }
  const priceOf = async (more: object = {}) =>
    (await pc.call('POST', `/customers/${customer}/carts`, { lineItems: [{ ...line, ...more }] })).body[
      'lineItems'
    ][0].pricing
  const before = await text('MX')
  const { price } = await priceOf()
  await pc.tell('POST', '/prices', { percent: 10, productId: 'DG7GMGF0EM08' })
  assert.equal((await priceOf()).price.toFixed(2), (price * 1.1).toFixed(2))
  assert.equal(await text('MX'), before)
  await pc.tell('POST', '/prices', { percent: 0 })
  const [promotion] = (await pc.call('GET', '/productpromotions?country=MX&segment=commercial')).body['items']
  assert.deepEqual(promotion.requiredProducts[0].pricingPolicies, [
    { policyType: 'PercentDiscount', value: '0.15' },
  ])
  const discounted = await priceOf({ promotionId: promotion.id })
  assert.equal(discounted.listPrice, price)
  assert.equal(discounted.price.toFixed(2), (Math.round(price * 85) / 100).toFixed(2))
  // Billed in the partner's euros, which no Mexican sheet carries: converted.
  assert.ok(Math.abs((await priceOf({ currencyCode: 'EUR' })).price / price - 0.9237) < 0.001)
  const eligibility = await pc.call('POST', `/customers/${customer}/promotionEligibilities`, {
    items: [
      { id: 0, ...line },
      { id: 1, ...line, billingCycle: 'monthly' },
      { id: 2, ...line, catalogItemId: 'A:B:C' },
    ],
  })
  assert.deepEqual(
    eligibility.body['items'].map(
      (item: { eligibilities: { isEligible: boolean; errors: { type: string }[] }[] }) =>
        item.eligibilities[0]?.errors[0]?.type,
    ),
    [undefined, 'Term', 'InvalidCatalogItemId'],
  )
})
