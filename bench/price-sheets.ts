// Importing a price sheet of a million rows beside a bare COPY of the same file in the same run; putting a release of 100,000 rows in
// force; reading the rows of fifty plans.
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { activateSheet } from '#flows/price-sheets/activate-sheet.ts'
import { importSheet } from '#flows/price-sheets/import-sheet.ts'
import { listPricePoints, type PlanKey, readPlace } from '#modules/price-sheets'
import { system } from '#modules/users'
import { openDatabase, sellerScope, transaction } from '#platform/db.ts'
import { testDatabase } from '../tests/support/database.ts'

const header =
  'ChangeIndicator,ProductTitle,ProductId,SkuId,SkuTitle,Publisher,SkuDescription,UnitOfMeasure,TermDuration,BillingPlan,Market,Currency,UnitPrice,PricingTierRangeMin,PricingTierRangeMax,EffectiveStartDate,EffectiveEndDate,Tags,ERP Price,Segment,PreviousValues'
const columns = header.split(',').length
const productOf = (index: number) => `DG7GMGF${index.toString(36).toUpperCase().padStart(5, '0')}`

function row(index: number): string {
  const product = productOf(Math.floor(index / 4))
  const cost = `${100 + (index % 900)}.${String(index % 100).padStart(2, '0')}`
  return `Unchanged,Example Server ${index},${product},000${(index % 4) + 1},"Example Server, ${index % 4} Core - 1 year",Microsoft,"Runs ${index} virtual machines, with support",,P1Y,Annual,DE,EUR,${cost},,,2026-01-01T00:00:00.0000000Z,9999-11-30T23:59:59.0000000Z,Software;Subscription,${(Number(cost) + 10).toFixed(2)},Commercial,`
}

async function write(file: string, rows: number): Promise<void> {
  async function* text() {
    yield `${header}\n`
    let part = ''
    for (let index = 0; index < rows; index += 1) {
      part += `${row(index)}\n`
      if (part.length > 1_000_000) {
        yield part
        part = ''
      }
    }
    yield part
  }
  await pipeline(text, createWriteStream(file))
}

/** The most memory of this process while `work` runs, in MB. */
async function watched<Result>(
  work: () => Promise<Result>,
): Promise<{ result: Result; peakMb: number; ms: number }> {
  let peak = 0
  const watching = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }, 50)
  const beganAt = performance.now()
  try {
    const result = await work()
    return { result, ms: performance.now() - beganAt, peakMb: Math.round(peak / 1e6) }
  } finally {
    clearInterval(watching)
  }
}

export async function benchPriceSheets(): Promise<string> {
  const rows = 1_000_000
  const database = await testDatabase()
  const db = openDatabase({ ...database.options, max: 4 })
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bench-sheets-'))
  const app = { db, now: () => Temporal.Now.instant() }
  const actor = system('bench')
  const bring = (file: string, month: string) =>
    importSheet(app, actor, {
      ...readPlace({ market: 'DE', month }),
      path: file,
      fileName: path.basename(file),
      source: 'command',
    })
  try {
    const million = path.join(folder, 'million.csv')
    await write(million, rows)
    await db.pool.unsafe(
      `create table bare (${Array.from({ length: columns }, (_, index) => `c${index} text`).join(', ')})`,
    )
    const bare = await watched(async () =>
      pipeline(
        createReadStream(million, { highWaterMark: 256 * 1024 }),
        await db.pool.unsafe('copy bare from stdin (format csv, header)').writable(),
      ),
    )
    const imported = await watched(() => bring(million, '2026-10'))
    const smaller = path.join(folder, 'smaller.csv')
    await write(smaller, 100_000)
    const release = await bring(smaller, '2026-11')
    const activation = await watched(() => activateSheet(app, actor, { id: release.id }))
    const keys = Array.from(
      { length: 50 },
      (_, index): PlanKey => ({
        productCode: productOf(index * 400),
        skuCode: '0001',
        segment: 'commercial',
        term: 'P1Y',
        billingPlan: 'annual',
      }),
    )
    const reads: number[] = []
    for (let turn = 0; turn < 300; turn += 1) {
      const beganAt = performance.now()
      const { points } = await transaction(db, sellerScope, (tx) =>
        listPricePoints(tx, [{ market: 'DE', currency: 'EUR' }], keys),
      )
      if (points.length !== keys.length) throw new Error(`${points.length} rows for ${keys.length} plans`)
      reads.push(performance.now() - beganAt)
    }
    reads.sort((a, b) => a - b)
    const perSecond = (ms: number) => Math.round(rows / (ms / 1000)).toLocaleString('en')
    return [
      `Price sheets: ${rows.toLocaleString('en')} rows`,
      `  bare COPY       ${perSecond(bare.ms)} rows/s`,
      `  import          ${perSecond(imported.ms)} rows/s, ${Math.round((bare.ms / imported.ms) * 100)} % of the bare COPY; at most ${imported.peakMb} MB`,
      `  activation      ${activation.ms.toFixed(1)} ms for a release of 100,000 rows`,
      `  50 plans' rows  p50 ${reads[150]?.toFixed(1)} ms, p99 ${reads[297]?.toFixed(1)} ms`,
    ].join('\n')
  } finally {
    await db.close()
    await database.drop()
    rmSync(folder, { recursive: true, force: true })
  }
}
