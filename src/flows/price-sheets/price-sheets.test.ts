import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { deflateRawSync } from 'node:zlib'
import {
  compareSheets,
  listFaults,
  listPricePoints,
  listRowChanges,
  loadPriceSheet,
  type PlanKey,
  readPlace,
  type SheetPlaceKey,
} from '#modules/price-sheets'
import { system } from '#modules/users'
import { openDatabase, reading, sellerScope, transaction } from '#platform/db.ts'
import { testDatabase } from '../../../tests/support/database.ts'
import { activateSheet, rollBackSheet } from './activate-sheet.ts'
import { importSheet } from './import-sheet.ts'

const database = await testDatabase()
const db = openDatabase({ ...database.options, max: 12 })
const folder = mkdtempSync(path.join(os.tmpdir(), 'price-sheets-'))
test.after(async () => {
  await db.close()
  await database.drop()
  rmSync(folder, { recursive: true, force: true })
})
const app = { db, now: () => Temporal.Instant.from('2026-11-25T12:00:00Z') }
const actor = system('test')
const header =
  'ProductTitle,ProductId,SkuId,SkuTitle,TermDuration,BillingPlan,Market,Currency,UnitPrice,PricingTierRangeMin,PricingTierRangeMax,EffectiveStartDate,EffectiveEndDate,ERP Price,Segment'
const line = (sku: string, cost: string, retail: string, more: { market?: string; currency?: string } = {}) =>
  `Server,DG7GMGF0EX01,${sku},Server ${sku},P1Y,Annual,${more.market ?? 'DE'},${more.currency ?? 'EUR'},${cost},,,2026-01-01T00:00:00Z,9999-11-30T23:59:59Z,${retail},Commercial`

let count = 0
const file = (...lines: string[]) => {
  count += 1
  const where = path.join(folder, `${count}.csv`)
  writeFileSync(where, `${[header, ...lines].join('\r\n')}\r\n`)
  return where
}
const bring = (where: string, more: { market?: string; month?: string } = {}) =>
  importSheet(app, actor, {
    ...readPlace({ market: more.market ?? 'DE', month: more.month ?? '2026-11' }),
    path: where,
    fileName: path.basename(where),
    source: 'upload',
  })

/** A ZIP of stored entries, by hand, so that it shares no code with what reads it. */
function zip(...entries: { name: string; content: Buffer }[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, content } of entries) {
    const packed = deflateRawSync(content)
    const head = Buffer.alloc(30)
    head.writeUInt32LE(0x04034b50, 0)
    head.writeUInt16LE(20, 4)
    head.writeUInt16LE(8, 8)
    head.writeUInt32LE(crc32(content), 14)
    head.writeUInt32LE(packed.length, 18)
    head.writeUInt32LE(content.length, 22)
    head.writeUInt16LE(name.length, 26)
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(0x02014b50, 0)
    entry.writeUInt16LE(20, 4)
    entry.writeUInt16LE(20, 6)
    entry.writeUInt16LE(8, 10)
    entry.writeUInt32LE(crc32(content), 16)
    entry.writeUInt32LE(packed.length, 20)
    entry.writeUInt32LE(content.length, 24)
    entry.writeUInt16LE(name.length, 28)
    entry.writeUInt32LE(offset, 42)
    parts.push(head, Buffer.from(name), packed)
    directory.push(entry, Buffer.from(name))
    offset += 30 + name.length + packed.length
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(size, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, ...directory, end])
}
function crc32(data: Buffer): number {
  let crc = ~0
  for (const byte of data) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  return ~crc >>> 0
}
const written = (name: string, content: Buffer) => {
  writeFileSync(path.join(folder, name), content)
  return path.join(folder, name)
}

const keys: PlanKey[] = ['0001', '0002', '0003'].map((skuCode) => ({
  productCode: 'DG7GMGF0EX01',
  skuCode,
  segment: 'commercial',
  term: 'P1Y',
  billingPlan: 'annual',
}))
const inForce = (places: readonly SheetPlaceKey[]) =>
  transaction(db, sellerScope, (tx) => listPricePoints(tx, places, keys))
const costs = async (market = 'DE', currency = 'EUR') =>
  Object.fromEntries(
    (await inForce([{ market, currency }])).points.map((point) => [point.skuCode, point.unitCost]),
  )

test('a release: checked, in force, replaced by the next, and rolled back bit for bit', async () => {
  const october = await bring(file(line('0001', '100.00', '110.00'), line('0002', '200.00', '220.00')), {
    month: '2026-10',
  })
  assert.deepEqual([october.state, october.rowCount, october.faultCount], ['checked', 2, 0])
  assert.deepEqual(await costs(), {})
  await activateSheet(app, actor, { id: october.id })
  assert.deepEqual(await costs(), { '0001': '100.00', '0002': '200.00' })

  const november = await bring(file(line('0001', '105.00', '115.50'), line('0003', '300.00', '330.00')))
  assert.deepEqual(november.comparison, {
    against: october.id,
    added: 1,
    removed: 1,
    changed: 1,
    unchanged: 0,
    dearer: 1,
    cheaper: 0,
    // 10 of 110 before, 10.50 of 115.50 after.
    marginBefore: 909,
    marginAfter: 909,
  })
  const changes = await reading(db, sellerScope, (sql) =>
    listRowChanges(sql, november.id, { after: 0, limit: 10 }),
  )
  assert.deepEqual(
    changes.map(({ change, skuCode, oldCost, newCost }) => [change, skuCode, oldCost, newCost]),
    [
      ['changed', '0001', '100.00', '105.00'],
      ['removed', '0002', '200.00', null],
      ['added', '0003', null, '300.00'],
    ],
  )
  await activateSheet(app, actor, { id: november.id })
  await activateSheet(app, actor, { id: november.id })
  assert.deepEqual(await costs(), { '0001': '105.00', '0003': '300.00' })
  await rollBackSheet(app, actor, { id: november.id })
  assert.deepEqual(await costs(), { '0001': '100.00', '0002': '200.00' })
  await assert.rejects(rollBackSheet(app, actor, { id: november.id }), { code: 'price-sheet/not-active' })
  await activateSheet(app, actor, { id: november.id })
  assert.deepEqual(await costs(), { '0001': '105.00', '0003': '300.00' })
})

test('the same file twice is the same release, packed or not, also at the same moment', async () => {
  const where = file(line('0001', '1.00', '2.00', { market: 'AT' }))
  const [one, two] = await Promise.allSettled([
    bring(where, { market: 'AT' }),
    bring(where, { market: 'AT' }),
  ])
  const again = await bring(where, { market: 'AT' })
  for (const each of [one, two])
    if (each.status === 'fulfilled') assert.equal(each.value.id, again.id)
    else assert.match(String(each.reason), /meanwhile/)
  const { readFileSync } = await import('node:fs')
  const packed = await bring(
    written('at.zip', zip({ name: '../../evil.csv', content: readFileSync(where) })),
    {
      market: 'AT',
    },
  )
  assert.equal(packed.id, again.id)
  assert.equal(packed.rowCount, 1)
})

test('wrong rows are listed by line, and leaving them out needs a word that says how many', async () => {
  const sheet = await bring(
    file(
      line('0001', '1.00', '2.00', { market: 'FR' }),
      line('0002', 'free', '2.00', { market: 'FR' }),
      line('0003', '1.00', '2,5', { market: 'FR' }),
    ),
    { market: 'FR' },
  )
  assert.deepEqual([sheet.rowCount, sheet.faultCount], [1, 2])
  const faults = await reading(db, sellerScope, (sql) =>
    listFaults(sql, sheet.id, { afterLine: 0, limit: 10 }),
  )
  assert.deepEqual(
    faults.map(({ line: at, column }) => [at, column]),
    [
      [3, 'UnitPrice'],
      [4, ''],
    ],
  )
  await assert.rejects(activateSheet(app, actor, { id: sheet.id }), { code: 'price-sheet/has-faults' })
  await assert.rejects(activateSheet(app, actor, { id: sheet.id, leavingOut: 1 }), {
    code: 'price-sheet/has-faults',
  })
  assert.equal((await activateSheet(app, actor, { id: sheet.id, leavingOut: 2 })).state, 'active')
})

test('a file cut inside its last price is not taken: what has no line end is a wrong row, and a first line without one refuses the file', async () => {
  const cutIn = (market: string, ...lines: string[]) => {
    // The last column of this header is the retail price: 1100.00, cut to 11.
    const short = header.replace(',Segment', '')
    const rows = lines.map((each) => each.replace(',Commercial', ''))
    const content = [short, ...rows].join('\r\n')
    return bring(written(`${market}.csv`, Buffer.from(content.slice(0, -'00.00'.length))), { market })
  }
  const sheet = await cutIn(
    'DK',
    line('0001', '900.00', '1000.00', { market: 'DK' }),
    line('0002', '1000.00', '1100.00', { market: 'DK' }),
  )
  assert.deepEqual([sheet.rowCount, sheet.faultCount], [1, 1])
  const faults = await reading(db, sellerScope, (sql) =>
    listFaults(sql, sheet.id, { afterLine: 0, limit: 5 }),
  )
  assert.deepEqual(
    faults.map(({ line: at, column, reason }) => [at, column, reason]),
    [[3, '', 'is the last one and no line end follows it: the file may be cut in the middle of it.']],
  )
  await assert.rejects(cutIn('FI', line('0001', '1000.00', '1100.00', { market: 'FI' })), {
    code: 'price-sheet/no-row',
  })
  await assert.rejects(bring(written('head.csv', Buffer.from(header.slice(0, -3)))), {
    code: 'price-sheet/cut',
  })
})

test('hostile and damaged files are refused whole, with a reason, and leave no row', async () => {
  const whole = Buffer.from(`${header}\n${line('0001', '1.00', '2.00')}\n`)
  const cases: [name: string, content: Buffer, code: string][] = [
    ['empty.csv', Buffer.alloc(0), 'price-sheet/empty'],
    ['two.zip', zip({ name: 'a', content: whole }, { name: 'b', content: whole }), 'price-sheet/entries'],
    ['cut.zip', zip({ name: 'a', content: whole }).subarray(0, 120), 'price-sheet/damaged'],
    [
      'cut.csv',
      Buffer.from(`${header}\n${line('0001', '1.00', '2.00')}\n${line('0002', '1.00', '2.00').slice(0, 40)}`),
      'price-sheet/cut',
    ],
    ['column.csv', Buffer.from(whole.toString().replace('UnitPrice', 'Price')), 'price-sheet/column-missing'],
    ['market.csv', Buffer.from(whole.toString().replace(',DE,', ',CH,')), 'price-sheet/other-market'],
    ['binary.csv', Buffer.from([0xff, 0xfe, 0x00, 0x41, 0x0a]), 'price-sheet/not-text'],
    ['quote.csv', Buffer.from(`${header}\n"${'x'.repeat(300_000)}`), 'price-sheet/endless-field'],
  ]
  for (const [name, content, code] of cases)
    await assert.rejects(bring(written(name, content)), { code }, name)
  const bomb = written('bomb.zip', zip({ name: 'a', content: Buffer.alloc(30_000_000, 0x41) }))
  await assert.rejects(bring(bomb), { code: 'price-sheet/zip-bomb' })
  const big = importSheet(
    app,
    actor,
    {
      ...readPlace({ market: 'DE', month: '2026-12' }),
      path: written('big.csv', whole),
      fileName: 'big.csv',
      source: 'upload',
    },
    { mostBytes: 100, mostRatio: 200 },
  )
  await assert.rejects(big, { code: 'price-sheet/too-large' })
  const { left } = await reading(
    db,
    sellerScope,
    (sql) =>
      sql.one<{ left: number }>`
      select count(*)::int as left from price_sheet_row row
      where not exists (select 1 from price_sheet where id = row.sheet_id and state in ('checked', 'active', 'superseded'))`,
  )
  assert.equal(left, 0)
})

test('an import whose process is killed in the middle left nothing, and is simply repeated', {
  timeout: 120_000,
}, async () => {
  const rows = 200_000
  const where = path.join(folder, 'large.csv')
  const body = `${line('0001', '9.00', '10.00', { market: 'NL' })}\r\n`.repeat(rows)
  writeFileSync(where, `${header}\r\n${body}`)
  const child = spawn(
    process.execPath,
    [path.join(import.meta.dirname, '../../../tests/support/import-sheet.ts'), where, 'NL', '2026-11'],
    { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
  )
  child.send(database.options)
  const exited = new Promise<string | null>((resolve) => child.once('exit', (_, signal) => resolve(signal)))
  const dutch = async () =>
    (
      await db.pool<{ state: string; progress: number; rows: number }[]>`
      select state, progress, (select count(*)::int from price_sheet_row where sheet_id = price_sheet.id) as rows
      from price_sheet where market = 'NL'`
    )[0]
  while (((await dutch())?.progress ?? 0) < 20_000) await delay(5)
  child.kill('SIGKILL')
  assert.equal(await exited, 'SIGKILL')
  const left = await dutch()
  assert.deepEqual([left?.state, left?.rows], ['received', 0])
  assert.ok((left?.progress ?? 0) < rows, 'it was in the middle')
  assert.deepEqual(await costs('NL'), {})

  const sheet = await bring(where, { market: 'NL' })
  assert.deepEqual([sheet.state, sheet.rowCount], ['checked', rows])
  assert.deepEqual(await dutch(), { state: 'checked', progress: rows, rows })
})

test('fifty readers see the old prices or the new ones, never a mix', async () => {
  const rows = (cost: string) =>
    ['0001', '0002', '0003'].map((sku) => line(sku, cost, '999.00', { market: 'CH', currency: 'CHF' }))
  const old = await bring(file(...rows('1.00')), { market: 'CH', month: '2026-10' })
  const fresh = await bring(file(...rows('2.00')), { market: 'CH' })
  await activateSheet(app, actor, { id: old.id })
  let isOver = false
  const seen = new Set<string>()
  const reader = async () => {
    while (!isOver) seen.add(JSON.stringify(await costs('CH', 'CHF')))
  }
  const readers = Array.from({ length: 50 }, reader)
  for (let turn = 0; turn < 10; turn += 1) {
    await activateSheet(app, actor, { id: fresh.id })
    await rollBackSheet(app, actor, { id: fresh.id })
  }
  isOver = true
  await Promise.all(readers)
  const all = (cost: string) => JSON.stringify({ '0001': cost, '0002': cost, '0003': cost })
  assert.deepEqual([...seen].sort(), [all('1.00'), all('2.00')])
})

test('two first releases of a market, activated at once, come into force one after the other', async () => {
  for (const market of ['PL', 'CZ', 'HU', 'RO', 'BG']) {
    const sheets = [
      await bring(file(line('0001', '1.00', '2.00', { market })), { market }),
      await bring(file(line('0001', '1.50', '2.00', { market })), { market }),
    ]
    const both = await Promise.all(sheets.map(({ id }) => activateSheet(app, actor, { id })))
    assert.deepEqual(
      both.map(({ state }) => state),
      ['active', 'active'],
    )
    const now = await reading(db, sellerScope, (sql) =>
      Promise.all(sheets.map(({ id }) => loadPriceSheet(sql, id))),
    )
    const [first, last] = now.toSorted((one) => (one.state === 'active' ? 1 : -1))
    assert.deepEqual([first?.state, last?.state, last?.replacedId], ['superseded', 'active', first?.id])
  }
})

test('six currencies of a European market stand side by side', async () => {
  const currencies = ['EUR', 'GBP', 'DKK', 'SEK', 'NOK', 'CHF']
  const sheet = await bring(
    file(
      ...currencies.map((currency, index) =>
        line('0001', `${index + 1}.00`, '9.00', { market: 'SE', currency }),
      ),
    ),
    { market: 'SE' },
  )
  await activateSheet(app, actor, { id: sheet.id })
  const { points, carried } = await inForce(
    [...currencies, 'USD'].map((currency) => ({ market: 'SE', currency })),
  )
  assert.deepEqual([...carried].sort(), currencies.map((currency) => `SE ${currency}`).sort())
  assert.deepEqual(points.map(({ currency }) => currency as string).sort(), [...currencies].sort())
  const same = await transaction(db, sellerScope, (tx) => compareSheets(tx, sheet.id, sheet.id, app.now()))
  assert.equal(same.unchanged, 6)
})
