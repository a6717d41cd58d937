// A price sheet through the API: uploaded, read by a job, looked at, corrected, put in force and rolled back.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Answer, type Client, openClient } from '../support/api.ts'
import { openShop, type Shop } from '../support/fixtures.ts'

let shop: Shop
let client: Client
before(async () => {
  shop = await openShop()
  client = await openClient(shop.app)
})
after(async () => {
  await client?.close()
  await shop?.close()
})

const header =
  'ProductTitle,ProductId,SkuId,SkuTitle,TermDuration,BillingPlan,Market,Currency,UnitPrice,EffectiveStartDate,EffectiveEndDate,ERP Price,Segment'
const row = (sku: string, cost: string, retail: string, from = '2026-01-01T00:00:00Z') =>
  `Server,DG7GMGF0EX01,${sku},"Server, ${sku}",P1Y,Annual,DE,EUR,${cost},${from},9999-11-30T23:59:59Z,${retail},Commercial`
const file = (...rows: string[]) => [header, ...rows, ''].join('\r\n')

function upload(
  body: string,
  query: string,
  more: { key?: string; once?: string; type?: string } = {},
): Promise<Answer> {
  return client.ask('POST', `/price-sheets?${query}`, {
    key: more.key ?? shop.administrator.key,
    body,
    headers: { 'content-type': more.type ?? 'text/csv' },
    ...(more.once ? { once: more.once } : {}),
  })
}
const ask = (method: string, path: string, body?: unknown) =>
  client.ask(method, path, { key: shop.administrator.key, ...(body === undefined ? {} : { body }) })

let october: string
let november: string

test('an upload is answered at once and read by a job; the same request and the same file make one release', async () => {
  const made = await upload(
    file(row('0001', '100.00', '125.00'), row('0002', '200.00', '250.00')),
    'market=de&month=2026-10',
    {
      once: 'october',
    },
  )
  assert.equal(made.status, 202, made.text)
  assert.deepEqual(
    [made.body.state, made.body.market, made.body.month, made.body.comparison],
    ['received', 'DE', '2026-10', null],
  )
  october = made.body.id
  const again = await upload(
    file(row('0001', '100.00', '125.00'), row('0002', '200.00', '250.00')),
    'market=de&month=2026-10',
    {
      once: 'october',
    },
  )
  assert.deepEqual([again.status, again.body, again.headers['idempotent-replay']], [202, made.body, 'true'])
  const other = await upload(file(row('0001', '100.00', '125.00')), 'market=de&month=2026-10', {
    once: 'october',
  })
  assert.equal(other.status, 422)
  await shop.run()
  const read = await ask('GET', `/price-sheets/${october}`)
  assert.deepEqual(
    [
      read.body.state,
      read.body.rowCount,
      read.body.faultCount,
      read.body.comparison.added,
      read.body.bytesRead,
    ],
    ['checked', 2, 0, 2, read.body.bytes],
  )
  const twin = await upload(
    file(row('0001', '100.00', '125.00'), row('0002', '200.00', '250.00')),
    'market=DE&month=202610',
  )
  assert.equal(twin.body.id, october)
  const active = await ask('POST', `/price-sheets/${october}/activate`)
  assert.deepEqual([active.status, active.body.state], [200, 'active'])
  await shop.run()
})

test('the next month says what it adds, removes and changes, and what it does to the margin', async () => {
  const made = await upload(
    file(
      row('0001', '110.00', '125.00'),
      row('0003', '300.00', '330.00'),
      row('0003', '290.00', '330.00', '2026-02-01T00:00:00Z'),
    ),
    'market=DE&month=2026-11',
  )
  november = made.body.id
  await shop.run()
  const { body } = await ask('GET', `/price-sheets/${november}`)
  // 0001 keeps 25 of 125 before (20 %), 15 of 125 after (12 %).
  assert.deepEqual(body.comparison, {
    against: october,
    // Of the two rows of 0003 one is the price.
    added: 1,
    removed: 1,
    changed: 1,
    unchanged: 0,
    dearer: 1,
    cheaper: 0,
    marginBasisPointsBefore: 2000,
    marginBasisPointsAfter: 1200,
  })
  assert.equal(body.ambiguousCount, 1, 'two rows of 0003 hold from February on')
  const page = await ask('GET', `/price-sheets/${november}/comparison?limit=2`)
  assert.deepEqual(
    page.body.items.map((each: Record<string, string>) => [
      each['change'],
      each['skuCode'],
      each['oldCost'],
      each['newCost'],
    ]),
    [
      ['changed', '0001', '100.00', '110.00'],
      ['removed', '0002', '200.00', null],
    ],
  )
  const rest = await ask('GET', `/price-sheets/${november}/comparison?limit=2&cursor=${page.body.nextCursor}`)
  assert.deepEqual(
    rest.body.items.map((each: Record<string, string>) => [each['change'], each['skuCode'], each['newCost']]),
    [['added', '0003', '290.00']],
  )
  assert.equal(rest.body.nextCursor, null)
})

test('what activating it would do is told before it is done', async () => {
  const { body } = await ask('GET', `/price-sheets/${november}/activation`)
  assert.deepEqual(body, {
    inForceId: october,
    isCurrent: true,
    added: 1,
    changed: 1,
    removed: 1,
    leavingOut: 0,
    renewals: 0,
    renewalsWithoutPrice: 0,
    baskets: 0,
    marginBasisPointsBefore: 2000,
    marginBasisPointsAfter: 1200,
    renewalMargins: [],
    losing: { plans: 0, renewals: 0, baskets: 0 },
  })
})

test('in force in one step, back in one step', async () => {
  assert.equal((await ask('POST', `/price-sheets/${november}/activate`, {})).body.state, 'active')
  assert.equal((await ask('GET', `/price-sheets/${october}`)).body.state, 'superseded')
  const back = await ask('POST', `/price-sheets/${november}/rollback`)
  assert.deepEqual([back.status, back.body.id, back.body.state], [200, october, 'active'])
  const list = await ask('GET', '/price-sheets?market=DE&state=active')
  assert.deepEqual(
    list.body.items.map((each: { id: string }) => each.id),
    [october],
  )
  const twice = await ask('POST', `/price-sheets/${november}/rollback`)
  assert.deepEqual([twice.status, twice.body.code], [422, 'price-sheet/not-active'])
})

test('wrong rows come back as a file with the reason, which is corrected and sent again', async () => {
  const made = await upload(
    file(row('0001', '101.00', '126.00'), row('0002', 'free', '250.00'), row('0003', '300.00', '1.000,00')),
    'market=DE&month=2026-12&fileName=december.csv',
  )
  await shop.run()
  const { body } = await ask('GET', `/price-sheets/${made.body.id}`)
  assert.deepEqual([body.state, body.rowCount, body.faultCount], ['checked', 1, 2])
  assert.deepEqual(
    body.faults.map((each: { line: number; column: string }) => [each.line, each.column]),
    [
      [3, 'UnitPrice'],
      [4, ''],
    ],
  )
  const refused = await ask('POST', `/price-sheets/${made.body.id}/activate`, {})
  assert.deepEqual(
    [refused.status, refused.body.code, refused.body.errors[0].pointer],
    [422, 'price-sheet/has-faults', '/leavingOut'],
  )
  const errors = await ask('GET', `/price-sheets/${made.body.id}/faults.csv`)
  assert.equal(errors.status, 200)
  assert.match(
    String(errors.headers['content-disposition']),
    /attachment; filename="DE-software-2026-12-errors.csv"/,
  )
  assert.equal(
    errors.text,
    [
      `${header},Line,Reason`,
      `${row('0002', 'free', '250.00')},3,"UnitPrice “free” is no amount like 1234.50 (a point, no thousands mark)."`,
      `${row('0003', '300.00', '1.000,00')},4,"The row has 14 fields where the header has 13."`,
      '',
    ].join('\r\n'),
  )
  const corrected = errors.text.replace(',free,', ',201.00,').replace('1.000,00', '1000.00')
  const sent = await upload(corrected, `market=DE&month=2026-12&corrects=${made.body.id}`)
  assert.equal(sent.status, 202, sent.text)
  await shop.run()
  const whole = (await ask('GET', `/price-sheets/${sent.body.id}`)).body
  assert.deepEqual([whole.state, whole.rowCount, whole.faultCount], ['checked', 3, 0])
  assert.deepEqual(whole.fileName, 'december.csv, corrected')
  const rows = await ask('GET', `/price-sheets/${sent.body.id}/comparison`)
  assert.deepEqual(
    rows.body.items.map((each: Record<string, string>) => [each['skuCode'], each['newCost']]),
    [
      ['0001', '101.00'],
      ['0002', '201.00'],
      ['0003', '300.00'],
    ],
  )
})

test('what is no price sheet is refused at once or by the job, and leaves nothing', async () => {
  const empty = await upload('', 'market=DE&month=2026-11')
  assert.equal(empty.status, 422, empty.text)
  const nowhere = await upload(file(), 'market=Germany&month=11-2026')
  assert.deepEqual(nowhere.body.errors.map((each: { pointer: string }) => each.pointer).sort(), [
    '/market',
    '/month',
  ])
  const zip = await upload('PK\u0003\u0004nonsense', 'market=DE&month=2026-11', { type: 'application/zip' })
  assert.deepEqual([zip.status, zip.body.code], [422, 'price-sheet/damaged'])
  const column = await upload(
    file(row('0001', '1.00', '2.00')).replace('UnitPrice', 'Price'),
    'market=DE&month=2027-01',
  )
  assert.equal(column.status, 202)
  await shop.run()
  const { body } = await ask('GET', `/price-sheets/${column.body.id}`)
  assert.deepEqual(
    [body.state, body.refusedBecause],
    [
      'refused',
      'This is not a price sheet: the column UnitPrice is missing. The first line must name the columns.',
    ],
  )
  const json = await upload('{}', 'market=DE&month=2026-11', { type: 'application/json' })
  assert.equal(json.status, 415)
})

test('whoever may not see prices may not upload, and buyers know of no sheet', async () => {
  const buyer = await upload(file(row('0001', '1.00', '2.00')), 'market=DE&month=2026-11', {
    key: shop.north.key,
  })
  assert.equal(buyer.status, 403)
  const manager = await upload(file(row('0001', '1.00', '2.00')), 'market=DE&month=2026-11', {
    key: shop.manager.key,
  })
  assert.equal(manager.status, 403)
})
