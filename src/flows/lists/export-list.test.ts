// Exports from the list to the file: a job writes it, its rows are the list's own, and what a spreadsheet would compute is text.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { readXlsx } from 'hucre/xlsx'
import type { App } from '#flows/app.ts'
import { newId, type UserId } from '#kernel/ids.ts'
import { csvLine } from '#modules/lists'
import { actorWith, insertUser, newUser, type Staff } from '#modules/users'
import { type Database, openDatabase, reading, sellerScope, transaction } from '#platform/db.ts'
import { workToRest } from '#platform/jobs.ts'
import { exportSource } from '#views/lists/export-source.ts'
import { viewExports } from '#views/lists/list-exports.ts'
import { testDatabase } from '../../../tests/support/database.ts'
import { fillLists } from '../../../tests/support/many-records.ts'
import { allJobs } from '../jobs.ts'
import { cancelListExport, openExportFile, requestListExport, writeExport } from './export-list.ts'

const at = Temporal.Instant.from('2026-11-25T10:00:00Z')
let db: Database
let drop: () => Promise<void>
let app: App
let sam: Staff
let sue: Staff

before(async () => {
  const database = await testDatabase()
  db = openDatabase(database.options)
  drop = database.drop
  app = { db, now: () => at, exportSource } as unknown as App
  await fillLists(db, { resellers: 3, customers: 30, subscriptions: 2500, invoiceLines: 40 })
  await transaction(db, sellerScope, async (tx) => {
    const person = async (email: string, role: 'administrator' | 'support') => {
      const user = newUser({ accountId: undefined, email, name: role, roles: [role] }, at)
      await insertUser(tx, user, undefined)
      return actorWith({ ...user, accountId: null }, null) as Staff
    }
    sam = await person('sam@seller.example', 'administrator')
    sue = await person('sue@seller.example', 'support')
    await tx.run`update account set name = '=HYPERLINK("x")' where number = 'ACC-500010'`
  })
})

after(async () => {
  await db?.close()
  await drop?.()
})

const asked = (list: string, query: string, format: 'csv' | 'xlsx' = 'csv') =>
  requestListExport(app, sam, { list, query, format })
const run = () =>
  workToRest(
    app,
    db,
    allJobs.filter(({ name }) => name === writeExport.name),
    () => Temporal.Now.instant().add({ seconds: 5 }),
  )

async function fileOf(exportId: string): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of (await openExportFile(app, sam, { exportId: exportId as never })).pieces)
    pieces.push(piece)
  return Buffer.concat(pieces)
}

test('every row of the list in the columns shown, amounts with their currency, after the job has run', async () => {
  const made = await asked('subscriptions', 'sort=bought&columns=number,quantity,net,ends')
  await assert.rejects(openExportFile(app, sam, { exportId: made.id }), { code: 'export/not-ready' })
  await run()
  const [kept] = (await viewExports(db, sam)).items
  assert.deepEqual([kept?.state, kept?.rowsExpected, kept?.rowsWritten], ['ready', 2500, 2500])
  const file = await fileOf(made.id)
  assert.equal(BigInt(file.length), kept?.bytes)
  const lines = file.toString('utf8').split('\r\n')
  assert.equal(lines[0], '\ufeffSubscription,Term ends,Licences,Price,"Price, currency"')
  assert.equal(lines.length, 2502)
  // The first one: term of one year, ended 100 days early by its number; net 13 of the smallest unit.
  const [number, ends, quantity, price, currency] =
    lines.find((line) => line.startsWith('SUB-500001,'))?.split(',') ?? []
  assert.equal(number, 'SUB-500001')
  assert.match(ends ?? '', /^2026-\d\d-\d\d$/)
  assert.deepEqual([quantity, price], ['2', '0.13'])
  assert.match(currency ?? '', /^(EUR|CHF|NOK|SEK)$/)
  assert.equal(new Set(lines.slice(1, -1).map((line) => line.split(',')[0])).size, 2500)
})

test('search and filters hold for the file; a formula in a name is text', async () => {
  const made = await asked('accounts', 'q=acc-500010&columns=name,number')
  await run()
  assert.equal(
    (await fileOf(made.id)).toString('utf8'),
    '\ufeffAccount,Number\r\n"\'=HYPERLINK(""x"")",ACC-500010\r\n',
  )
  assert.equal(
    csvLine(['+1', '-2', '@x', 'a"b', { number: '-5.10' }, undefined]),
    '\'+1,\'-2,\'@x,"a""b",-5.10,\r\n',
  )
})

test('a workbook holds the same rows, with numbers and dates a spreadsheet computes with', async () => {
  const made = await asked('invoices', 'sort=created&columns=number,issued,total', 'xlsx')
  await run()
  const book = await readXlsx(new Uint8Array(await fileOf(made.id)))
  const rows = book.sheets[0]?.rows ?? []
  assert.deepEqual(rows[0], ['Number', 'Issued', 'Total', 'Total, currency'])
  assert.equal(rows.length, 11)
  const [number, issued, total] = rows[1] ?? []
  assert.equal(number, 'INV-500001')
  assert.ok(issued instanceof Date)
  assert.equal(total, 0.29)
})

test('a moment is what clocks show where the seller is in a workbook, which names the zone, and UTC in CSV', async () => {
  await transaction(db, sellerScope, async (tx) => {
    await tx.run`update sales_order set created_at = '2026-07-01T14:27:00Z' where number = 'SO-500003'`
    await tx.run`
      insert into legal_entity (id, name, address_line1, postal_code, city, country, vat_number, email, time_zone)
      values (${newId()}, 'Seller', 'Street 1', '10115', 'Berlin', 'DE', 'DE123456789', 'office@seller.example', 'Europe/Berlin')`
  })
  const query = 'q=so-500003&columns=number,total,placed'
  const [book, csv] = [await asked('orders', query, 'xlsx'), await asked('orders', query)]
  await run()
  const { sheets } = await readXlsx(new Uint8Array(await fileOf(book.id)))
  const [heads, row] = sheets[0]?.rows ?? []
  assert.deepEqual(heads, ['Order', 'Total', 'Total, currency', 'Placed (Europe/Berlin)'])
  assert.equal((row?.[3] as Date).toISOString(), '2026-07-01T16:27:00.000Z')
  const [, line] = (await fileOf(csv.id)).toString('utf8').split('\r\n')
  assert.match(line ?? '', /,2026-07-01T14:27:00Z$/)
})

test('a job that is run twice writes the file once; a cancelled one writes nothing', async () => {
  const made = await asked('orders', 'columns=number,total')
  await run()
  const before = await fileOf(made.id)
  await writeExport.run(app, { exportId: made.id }, { id: 'again', retries: 1, isLastTry: false })
  assert.deepEqual(await fileOf(made.id), before)
  const other = await asked('orders', '')
  await cancelListExport(app, sam, { exportId: other.id })
  await run()
  assert.equal((await viewExports(db, sam)).items[0]?.state, 'cancelled')
  const left = await reading(
    db,
    sellerScope,
    (sql) => sql.many`select 1 from list_export_part where export_id = ${other.id}`,
  )
  assert.deepEqual(left, [])
})

test('an export belongs to who asked for it, and holds what they may see when it is written', async () => {
  const made = await asked('orders', '')
  await run()
  await assert.rejects(openExportFile(app, sue, { exportId: made.id }), { code: 'export/not-found' })
  await assert.rejects(cancelListExport(app, sue, { exportId: made.id }), { code: 'export/not-found' })
  const nobody = actorWith({ id: newId<UserId>(), name: 'N', accountId: null, roles: [] }, null) as Staff
  await assert.rejects(requestListExport(app, nobody, { list: 'orders', query: '', format: 'csv' }), {
    code: 'right/missing',
  })
  await assert.rejects(asked('secrets', ''), { code: 'list/not-found' })
  const late = await asked('accounts', '')
  await transaction(
    db,
    sellerScope,
    (tx) => tx.run`update app_user set state = 'blocked' where id = ${sam.userId}`,
  )
  await run()
  const [kept] = (await viewExports(db, sam)).items
  assert.deepEqual([kept?.id, kept?.state], [late.id, 'failed'])
  assert.match(kept?.problem ?? '', /may not see this list any more/)
})
