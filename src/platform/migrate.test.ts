import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import postgres from 'postgres'
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts'
import { migrate } from './migrate.ts'

let database: TestDatabase
let sql: postgres.Sql
let folder: string

before(async () => {
  database = await testDatabase()
  sql = postgres({ ...database.options, onnotice: () => {} })
})
after(async () => {
  await sql.end()
  await database.drop()
})
// A database of its own history: the template's is forgotten.
beforeEach(async () => {
  await sql`drop table if exists schema_migration, colour, shade`
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'emporion-migrations-'))
  write('0001_colour.sql', "create table colour (name text primary key); insert into colour values ('red');")
})

const write = (name: string, text: string) => fs.writeFileSync(path.join(folder, name), text)

test('what is missing is applied once, in order', async () => {
  write('0002_shade.sql', 'create table shade (colour text references colour (name));')
  assert.deepEqual(await migrate(sql, folder), ['0001_colour.sql', '0002_shade.sql'])
  assert.deepEqual(await migrate(sql, folder), [])
  write('0003_blue.sql', "insert into colour values ('blue');")
  assert.deepEqual(await migrate(sql, folder), ['0003_blue.sql'])
  assert.deepEqual(
    [...(await sql`select name from colour order by name`)],
    [{ name: 'blue' }, { name: 'red' }],
  )
})

test('of eight processes at once one applies', async () => {
  const applied = await Promise.all(Array.from({ length: 8 }, () => migrate(sql, folder)))
  assert.deepEqual(applied.flat(), ['0001_colour.sql'])
})

test('a migration that fails leaves nothing, and says where', async () => {
  write('0002_broken.sql', 'create table shade (id int);\nselect * from nowhere;')
  await assert.rejects(
    migrate(sql, folder),
    /0002_broken\.sql, line 2 failed: relation "nowhere" does not exist/,
  )
  assert.equal((await sql`select to_regclass('shade') as found`)[0]?.['found'], null)
  assert.deepEqual([...(await sql`select name from schema_migration`)], [{ name: '0001_colour.sql' }])
})

test('a file changed after it was applied is refused', async () => {
  await migrate(sql, folder)
  write('0001_colour.sql', 'create table colour (name text);')
  await assert.rejects(migrate(sql, folder), { code: 'migration/changed' })
})

test('a database from a newer version is refused', async () => {
  await migrate(sql, folder)
  fs.renameSync(path.join(folder, '0001_colour.sql'), path.join(folder, '0001_color.sql'))
  await assert.rejects(migrate(sql, folder), { code: 'migration/unknown' })
})

test('two files of one number, a bad name and a late comer are refused', async () => {
  write('0003_red.sql', 'select 1;')
  await migrate(sql, folder)
  write('0002_late.sql', 'select 1;')
  await assert.rejects(migrate(sql, folder), { code: 'migration/late' })
  write('0003_twin.sql', 'select 1;')
  await assert.rejects(migrate(sql, folder), { code: 'migration/number' })
  fs.rmSync(path.join(folder, '0003_twin.sql'))
  write('latest.sql', 'select 1;')
  await assert.rejects(migrate(sql, folder), { code: 'migration/name' })
})
