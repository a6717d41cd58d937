// Files that break what reads them: each is refused or told by its line, and none holds up the others.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { newId, type PriceSheetId } from '#kernel/ids.ts'
import { copyRows, listFaults, loadPriceSheet, readPlace, type SheetRow } from '#modules/price-sheets'
import { system } from '#modules/users'
import { openDatabase, reading, sellerScope, transaction } from '#platform/db.ts'
import { installJobs, startWorking } from '#platform/jobs.ts'
import { openLog } from '#platform/log.ts'
import { testDatabase } from '../../../tests/support/database.ts'
import { stopJob } from '../setup/stop-job.ts'
import { importSheet } from './import-sheet.ts'
import { readSheet, receiveSheet } from './receive-sheet.ts'

const database = await testDatabase()
const db = openDatabase({ ...database.options, max: 12 })
const log = openLog({ level: 'silent', name: 'test' })
const folder = mkdtempSync(path.join(os.tmpdir(), 'hostile-sheets-'))
test.after(async () => {
  await db.close()
  await database.drop()
  rmSync(folder, { recursive: true, force: true })
})
const app = { db, log, now: () => Temporal.Instant.from('2026-11-25T12:00:00Z') }
const actor = system('test')
const header =
  'ProductTitle,ProductId,SkuId,SkuDescription,TermDuration,BillingPlan,Market,Currency,UnitPrice,EffectiveStartDate,EffectiveEndDate,ERP Price,Segment'
const line = (sku: string, { market = 'DE', description = '', product = 'DG7GMGF0EX01' } = {}) =>
  `Server,${product},${sku},${description},P1Y,Annual,${market},EUR,1.00,2026-01-01T00:00:00Z,9999-11-30T23:59:59Z,2.00,Commercial`

const inputOf = (name: string, market: string, content: string) => {
  const where = path.join(folder, name)
  writeFileSync(where, content)
  return {
    ...readPlace({ market, month: '2026-11' }),
    path: where,
    fileName: name,
    source: 'upload' as const,
  }
}
const sheetOf = (id: PriceSheetId) => reading(db, sellerScope, (sql) => loadPriceSheet(sql, id))

test('a zero byte is told by its line; in the first line it refuses the file', async () => {
  const lines = [
    header,
    line('0001'),
    line('0002', { description: 'Data\0 base' }),
    line('0\x0003'),
    line('0004', { description: '"Two\r\nlines\0"' }),
  ]
  const sheet = await importSheet(app, actor, inputOf('zero.csv', 'DE', `${lines.join('\r\n')}\r\n`))
  assert.deepEqual([sheet.state, sheet.rowCount, sheet.faultCount], ['checked', 1, 3])
  const faults = await reading(db, sellerScope, (sql) =>
    listFaults(sql, sheet.id, { afterLine: 0, limit: 10 }),
  )
  assert.deepEqual(
    faults.map((fault) => [fault.line, fault.column, fault.reason]),
    [
      [3, 'SkuDescription', 'holds a zero byte (here: ␀), which no text does.'],
      [4, 'SkuId', 'holds a zero byte (here: ␀), which no text does.'],
      [5, 'SkuDescription', 'holds a zero byte (here: ␀), which no text does.'],
    ],
  )
  assert.match(faults[0]?.raw ?? '', /,Data␀ base,/)

  const inHeader = inputOf('head.csv', 'DE', `${header},No\0te\r\n${line('0001')},\r\n`)
  await assert.rejects(importSheet(app, actor, inHeader), { code: 'price-sheet/not-text' })
})

const row = (at: number, more: Partial<SheetRow> = {}): SheetRow => ({
  line: at,
  productCode: 'DG7GMGF0EX01',
  skuCode: '0001',
  segment: 'commercial',
  term: 'P1Y',
  billingPlan: 'annual',
  currency: 'EUR' as SheetRow['currency'],
  unitCost: '1.00',
  retail: undefined,
  tierMin: undefined,
  tierMax: undefined,
  validFrom: undefined,
  validTo: undefined,
  productTitle: '',
  skuTitle: '',
  description: 'x'.repeat(2000),
  publisher: '',
  tags: '',
  ...more,
})

test('rows that the server does not take end the copy, whenever it says so', {
  timeout: 60_000,
}, async () => {
  const copying = (batches: readonly (readonly SheetRow[])[], after?: (pid: number) => Promise<unknown>) =>
    transaction(db, sellerScope, async (tx) => {
      const { pid } = await tx.one<{ pid: number }>`select pg_backend_pid() as pid`
      return copyRows(
        tx,
        newId<PriceSheetId>(),
        (async function* () {
          for (const batch of batches) yield batch
          await after?.(pid)
        })(),
      )
    })
  const terminate = (pid: number) => db.pool`select pg_terminate_backend(${pid})`
  const wrong = row(1, { billingPlan: 'never' as never })
  const many = Array.from({ length: 200 }, (_, at) => row(at + 2))
  const isOfConstraint = { code: '23514' }
  // All of it is sent before the server answers; and the server answers while more is to come.
  for (let turn = 0; turn < 20; turn += 1) {
    await assert.rejects(copying([[wrong]]), isOfConstraint)
    await assert.rejects(
      copying([[wrong]], () => delay(turn)),
      isOfConstraint,
    )
  }
  await assert.rejects(copying([[wrong], many, many, many, many]), isOfConstraint)
  await assert.rejects(copying([many, many, [wrong]]), isOfConstraint)

  const slow = transaction(db, sellerScope, async (tx) => {
    await tx.run`set local statement_timeout = 100`
    return copyRows(
      tx,
      newId<PriceSheetId>(),
      (async function* () {
        yield many
        await delay(400)
        yield many
      })(),
    )
  })
  await assert.rejects(slow, { code: '57014' })
  for (let turn = 0; turn < 5; turn += 1)
    await assert.rejects(copying([many, many], terminate), { name: 'Outage' })

  // And none of it harmed the connections.
  for (let turn = 0; turn < 24; turn += 1) assert.equal(await copying([[row(1)], many]), 201)
})

test('what cannot be read is refused after some tries, and holds up no other file', {
  timeout: 120_000,
}, async () => {
  await db.pool.unsafe(`
    create function break_reading() returns trigger language plpgsql as $$ begin raise exception 'out of luck'; end $$;
    create trigger break_reading before insert on price_sheet_row for each row when (new.product_code = 'UNLUCKY1') execute function break_reading()`)
  const broken = (market: string) =>
    inputOf(`${market}.csv`, market, [header, line('0001', { market, product: 'UNLUCKY1' }), ''].join('\r\n'))
  await assert.rejects(importSheet(app, actor, broken('FR')), (error: Error & { code: string }) => {
    assert.equal(error.code, 'price-sheet/unreadable')
    assert.match(error.message, /could not be read, and nothing of it was kept \(out of luck\)/)
    return true
  })

  await installJobs(database.options, db, [readSheet], { retryDelayMax: 1 })
  await db.pool`delete from pgboss.job`
  const received = []
  for (const market of ['IT', 'ES', 'PT']) received.push(await receiveSheet(app, actor, broken(market)))
  const good = await receiveSheet(
    app,
    actor,
    inputOf('NL.csv', 'NL', [header, line('0001', { market: 'NL' }), ''].join('\r\n')),
  )
  const work = await startWorking(app, db, database.options, [readSheet], { log })
  try {
    await until(async () => (await sheetOf(good.id)).state === 'checked')
    for (const { id } of received) await until(async () => (await sheetOf(id)).state === 'refused')
    assert.match((await sheetOf(received[0]!.id)).refusedBecause ?? '', /out of luck/)
  } finally {
    await work.stop()
  }
})

test('a reading that hangs is stopped: its file is refused, and the next is read', {
  timeout: 60_000,
}, async () => {
  await installJobs(database.options, db, [readSheet])
  await db.pool`delete from pgboss.job`
  // Whoever holds the table makes every reading wait for ever.
  const holding = Promise.withResolvers<void>()
  const held = Promise.withResolvers<void>()
  const holder = db.pool.begin(async (sql) => {
    await sql`lock table price_sheet_row in access exclusive mode`
    held.resolve()
    await holding.promise
  })
  await held.promise
  const hangs = []
  for (const market of ['BE', 'LU'])
    hangs.push(
      await receiveSheet(
        app,
        actor,
        inputOf(`${market}.csv`, market, [header, line('0001', { market }), ''].join('\r\n')),
      ),
    )
  const work = await startWorking(app, db, database.options, [readSheet], { log })
  try {
    const active = () => db.pool<{ id: string }[]>`select id from pgboss.job where state = 'active'`
    await until(async () => (await active()).length === 2)
    const running = await active()
    for (const { id } of running) await stopJob(app, system('Olga'), { queue: 'read-price-sheet', id })
    for (const { id } of hangs) {
      const sheet = await sheetOf(id)
      assert.equal(sheet.state, 'refused')
      assert.match(sheet.refusedBecause ?? '', /^Olga stopped the reading of it\./)
    }
    // The places of those that hang are free again: nobody waits for them.
    const next = await receiveSheet(
      app,
      actor,
      inputOf('AT.csv', 'AT', [header, line('0001', { market: 'AT' }), ''].join('\r\n')),
    )
    await until(async () => (await active()).length === 1)
    holding.resolve()
    await holder
    await until(async () => (await sheetOf(next.id)).state === 'checked')
    for (const { id } of hangs) assert.equal((await sheetOf(id)).state, 'refused')
  } finally {
    holding.resolve()
    await work.stop()
  }
})

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await delay(50)
}
