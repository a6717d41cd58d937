// What a release changes, counted by us and by the vendor: two months of the emulator's sheets of Germany, whose rows say themselves what
// they are.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { activateSheet } from '#flows/price-sheets/activate-sheet.ts'
import { importSheet } from '#flows/price-sheets/import-sheet.ts'
import { listRowChanges, readPlace } from '#modules/price-sheets'
import { system } from '#modules/users'
import { openDatabase, reading, sellerScope } from '#platform/db.ts'
import { rowsOf, startPartnerCenter } from '../../emulators/partner-center/test-kit.ts'
import { testDatabase } from '../support/database.ts'

const database = await testDatabase()
const db = openDatabase({ ...database.options, max: 4 })
const folder = mkdtempSync(path.join(os.tmpdir(), 'comparison-'))
let vendor: Awaited<ReturnType<typeof startPartnerCenter>>
before(async () => {
  vendor = await startPartnerCenter()
  await vendor.tell('POST', '/clock', { now: '2026-12-10T12:00:00Z' })
  await vendor.renewTokens()
})
after(async () => {
  await vendor.stop()
  await db.close()
  await database.drop()
  rmSync(folder, { recursive: true, force: true })
})

const app = { db, now: () => Temporal.Instant.from('2026-11-27T12:00:00Z') }
const actor = system('test')

type Row = Record<string, string>

const textOf = async (month: string) =>
  (
    await vendor.sheet(
      `pricesheets(Market='DE',PricesheetView='software')/$value?timeline=history&month=${month}`,
    )
  ).text()

const bring = (name: string, month: string, text: string) => {
  writeFileSync(path.join(folder, name), text)
  const input = { path: path.join(folder, name), fileName: name, source: 'upload' as const }
  return importSheet(app, actor, { ...readPlace({ market: 'DE', month }), ...input })
}

const keyOf = (row: Row) =>
  ['ProductId', 'SkuId', 'TermDuration', 'BillingPlan', 'Segment', 'PricingTierRangeMin', 'Currency']
    .map((name) => row[name])
    .join(':')

test('December over November: what the vendor calls changed and added is changed and added', async () => {
  const [november, december] = [await textOf('202611'), await textOf('202612')]
  await activateSheet(app, actor, { id: (await bring('11.csv', '2026-11', november)).id })
  const sheet = await bring('12.csv', '2026-12', december)

  const [before, now] = [rowsOf(november), rowsOf(december)]
  const of = (indicator: string) => now.filter((row) => row['ChangeIndicator'] === indicator)
  assert.deepEqual([of('Change').length, of('Add').length], [114, 18])
  // The vendor says what a changed row cost before.
  const was = (row: Row) => Number(row['PreviousValues']?.replace('UnitPrice=', ''))
  const dearer = of('Change').filter((row) => Number(row['UnitPrice']) > was(row)).length
  assert.deepEqual([dearer, of('Change').length - dearer], [54, 60])
  const kept = new Set(now.map(keyOf))
  assert.equal(before.filter((row) => !kept.has(keyOf(row))).length, 18)
  // And three products whose dates move and whose prices stay: begun anew each month, ending each month, ending for good in December.
  const moved = ['DG7GMGF0TR01', 'DG7GMGF0TR10', 'DG7GMGF2001A']
  const keysOfMoved = new Set(now.filter((row) => moved.includes(row['ProductId'] ?? '')).map(keyOf))
  assert.equal(keysOfMoved.size, 54)

  const { against: _, marginBefore: __, marginAfter: ___, unchanged, ...counts } = sheet.comparison ?? {}
  assert.deepEqual(counts, { added: 18, removed: 18, changed: 114 + 54, dearer: 54, cheaper: 60 })
  // Every price once: of two rows that hold together one counts.
  assert.equal(unchanged, kept.size - 18 - 168)
  const changes = await reading(db, sellerScope, (sql) =>
    listRowChanges(sql, sheet.id, { after: 0, limit: 500 }),
  )
  const priced = changes.filter(({ oldCost, newCost }) => oldCost && newCost && oldCost !== newCost)
  assert.equal(priced.length, 114)
  assert.equal(changes.length, 204)
})
