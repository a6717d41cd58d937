// What a release changes, by tables worked out by hand: December's sheet, read on 27 November over November's.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { listProductChanges, listRowChanges, readPlace } from '#modules/price-sheets'
import { system } from '#modules/users'
import { openDatabase, reading, sellerScope } from '#platform/db.ts'
import { testDatabase } from '../../../tests/support/database.ts'
import { activateSheet } from './activate-sheet.ts'
import { importSheet } from './import-sheet.ts'

const database = await testDatabase()
const db = openDatabase({ ...database.options, max: 4 })
const folder = mkdtempSync(path.join(os.tmpdir(), 'comparison-'))
test.after(async () => {
  await db.close()
  await database.drop()
  rmSync(folder, { recursive: true, force: true })
})
const app = { db, now: () => Temporal.Instant.from('2026-11-27T12:00:00Z') }
const actor = system('test')
const header =
  'ProductId,SkuId,TermDuration,BillingPlan,Market,Currency,UnitPrice,PricingTierRangeMin,PricingTierRangeMax,EffectiveStartDate,EffectiveEndDate,ERP Price'

/** `cost from to retail`, and a tier where there is one: `100 2026-01-01 open 125 1-49`. */
type Written = string
let count = 0

async function bring(market: string, month: string, rows: readonly Written[]) {
  count += 1
  const file = path.join(folder, `${count}.csv`)
  const lines = rows.map((row) => {
    const [cost, from, to, retail, tier = '-'] = row.split(' ')
    const end = to === 'open' ? '9999-11-30T23:59:59Z' : `${to}T23:59:59Z`
    const [least, most] = tier.split('-')
    return `DG7GMGF0EX01,0001,P1Y,Annual,${market},USD,${cost},${least},${most},${from}T00:00:00Z,${end},${retail}`
  })
  writeFileSync(file, [header, ...lines, ''].join('\n'))
  return importSheet(app, actor, {
    ...readPlace({ market, month }),
    path: file,
    fileName: `${count}.csv`,
    source: 'upload',
  })
}

const cases: {
  name: string
  old: Written[]
  next: Written[]
  changes: string[]
  unchanged: number
  dearer?: number
  cheaper?: number
  margins: [before: number | null, after: number | null]
}[] = [
  {
    name: 'a new price begins on a day of its own',
    old: ['100 2026-01-01 open 125'],
    next: ['110 2026-12-01 open 125'],
    changes: ['changed 100 → 110'],
    unchanged: 0,
    dearer: 1,
    // 25 of 125; 15 of 125.
    margins: [2000, 1200],
  },
  {
    name: 'the old price stands beside the new one, and ends when that begins',
    old: ['100 2026-01-01 open 125'],
    next: ['100 2026-01-01 2026-11-30 125', '80 2026-12-01 open 100'],
    changes: ['changed 100 → 80'],
    unchanged: 0,
    cheaper: 1,
    margins: [2000, 2000],
  },
  {
    name: 'a price is announced for the middle of the month',
    old: ['100 2026-01-01 open 125'],
    next: ['100 2026-01-01 2026-12-14 125', '110 2026-12-15 open 125'],
    changes: ['changed 100 → 110'],
    unchanged: 1,
    dearer: 1,
    // 2000 and 2000 before; 2000 and 1200 after.
    margins: [2000, 1600],
  },
  {
    name: 'what was announced has come',
    old: ['100 2026-01-01 2026-11-30 125', '110 2026-12-01 open 125'],
    next: ['110 2026-12-01 open 125'],
    changes: [],
    unchanged: 1,
    margins: [1200, 1200],
  },
  {
    name: 'what was announced is taken back',
    old: ['100 2026-01-01 2026-12-14 125', '110 2026-12-15 open 125'],
    next: ['100 2026-01-01 open 125'],
    changes: ['changed 110 → 100'],
    unchanged: 1,
    cheaper: 1,
    margins: [1600, 2000],
  },
  {
    name: 'only the retail price moves, and the row begins anew',
    old: ['100 2026-11-01 open 125'],
    next: ['100 2026-12-01 open 200'],
    changes: ['changed 100 → 100'],
    unchanged: 0,
    margins: [2000, 5000],
  },
  {
    name: 'a price ends for good',
    old: ['100 2026-01-01 open 125'],
    next: ['100 2026-01-01 2026-12-31 125'],
    changes: ['changed 100 → 100'],
    unchanged: 0,
    margins: [2000, 2000],
  },
  {
    name: 'of two rows that hold together the one that ends last counts',
    old: ['90 2026-10-01 2026-12-03 125', '100 2026-11-01 open 125'],
    next: ['95 2026-10-01 2026-12-03 125', '100 2026-11-01 open 125'],
    changes: [],
    unchanged: 1,
    margins: [2000, 2000],
  },
  {
    name: 'tiers are compared each with its own; one comes and one goes',
    old: ['100 2026-01-01 open 125 1-49', '90 2026-01-01 open 125 50-99', '80 2026-01-01 open 125 100-'],
    next: ['100 2026-01-01 open 125 1-49', '95 2026-12-01 open 125 50-', '70 2026-12-01 open 125 200-'],
    changes: ['changed 90 → 95', 'removed 80 → null', 'added null → 70'],
    unchanged: 1,
    dearer: 1,
    // 2000 and 2800 before; 2000 and 2400 after.
    margins: [2400, 2200],
  },
  {
    name: 'what was over before is no price that is removed, where another follows',
    old: ['70 2025-01-01 2025-12-31 125', '100 2027-01-01 open 125'],
    next: ['100 2027-01-01 open 125'],
    changes: [],
    unchanged: 1,
    margins: [2000, 2000],
  },
]

const markets = ['AR', 'BR', 'CL', 'CO', 'MX', 'PE', 'UY', 'EC', 'CR', 'PA']

for (const [at, each] of cases.entries())
  test(`compared: ${each.name}`, async () => {
    const market = markets[at] ?? ''
    await activateSheet(app, actor, { id: (await bring(market, '2026-11', each.old)).id })
    const sheet = await bring(market, '2026-12', each.next)
    const [rows, products] = await reading(db, sellerScope, async (sql) => [
      await listRowChanges(sql, sheet.id, { after: 0, limit: 10 }),
      await listProductChanges(sql, sheet.id, { after: 0, limit: 10 }),
    ])
    assert.deepEqual(
      rows.map(({ change, oldCost, newCost }) => `${change} ${oldCost} → ${newCost}`),
      each.changes,
    )
    const said = (word: string) => each.changes.filter((change) => change.startsWith(word)).length
    const [marginBefore, marginAfter] = each.margins
    const { against: _, ...comparison } = sheet.comparison ?? {}
    assert.deepEqual(comparison, {
      added: said('added'),
      removed: said('removed'),
      changed: said('changed'),
      unchanged: each.unchanged,
      dearer: each.dearer ?? 0,
      cheaper: each.cheaper ?? 0,
      marginBefore,
      marginAfter,
    })
    assert.deepEqual(
      products.map((product) => [product.marginBefore, product.marginAfter]),
      each.changes.length > 0 ? [each.margins] : [],
    )
  })
