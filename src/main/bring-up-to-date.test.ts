import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { defaultNotifications } from '#modules/notifications'
import { type Database, openDatabase, reading, sellerScope, transaction } from '#platform/db.ts'
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts'
import { bringUpToDate } from './bring-up-to-date.ts'

let database: TestDatabase
let db: Database

before(async () => {
  database = await testDatabase()
  db = openDatabase({ ...database.options, max: 2 })
})
after(async () => {
  await db?.close()
  await database?.drop()
})

test('every database has the kinds of notification of this version; what the seller wrote stays', async () => {
  const german = async () =>
    (
      await reading(
        db,
        sellerScope,
        (sql) => sql.many<{ code: string }>`select code from notification_text where language = 'de'`,
      )
    ).map(({ code }) => code)
  const came = await german()
  assert.ok(came.includes('licence-cancelled') && came.includes('invoice-issued'))
  await transaction(db, sellerScope, async (tx) => {
    await tx.run`delete from notification where code like 'subscription-%'`
    await tx.run`update notification set subject = 'Our own words', version = 2 where code = 'licence-cancelled'`
  })
  // As before this version: nothing came in German, and the seller had taken one over. What it takes away stays away.
  await transaction(db, sellerScope, async (tx) => {
    await tx.run`delete from notification_text`
    await tx.run`update notification set came_in = '{}' where code <> 'invoice-issued'`
  })
  await bringUpToDate(database.options)
  assert.deepEqual(
    (await german()).sort(),
    came.filter((code) => code !== 'licence-cancelled' && code !== 'invoice-issued').sort(),
  )
  const rows = await reading(
    db,
    sellerScope,
    (sql) => sql.many<{ code: string; subject: string }>`select code, subject from notification`,
  )
  assert.deepEqual(
    rows.map(({ code }) => code).sort(),
    defaultNotifications.map(({ template }) => template.code).sort(),
  )
  assert.equal(rows.find(({ code }) => code === 'licence-cancelled')?.subject, 'Our own words')
})
