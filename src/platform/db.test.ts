// What every statement of ours can rely on.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts'
import { type Database, openDatabase, sellerScope, transaction } from './db.ts'

let made: TestDatabase
let db: Database
before(async () => {
  made = await testDatabase()
  db = openDatabase({ ...made.options, max: 1 })
})
after(async () => {
  await db?.close()
  await made?.drop()
})

test('a parameter that is undefined fails at once, and the connection is free again', {
  timeout: 20_000,
}, async () => {
  for (const text of [
    () => transaction(db, sellerScope, (tx) => tx.one`select ${undefined}::text as word`),
    () =>
      transaction(
        db,
        sellerScope,
        (tx) => tx.one`select 1 as one ${tx.part`where ${undefined}::text is null`}`,
      ),
  ])
    await assert.rejects(text, /null where there is none/)
  assert.deepEqual(await transaction(db, sellerScope, (tx) => tx.one`select ${null}::text as word`), {
    word: null,
  })
})
