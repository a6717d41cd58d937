// Brings a database to the newest form: numbered files, forward only, each in a transaction of its own, one process at
// a time. A file that was applied never changes again, or two databases would stop being the same.
import { createHash } from 'node:crypto'
import fs from 'node:fs/promises'
import path from 'node:path'
import type postgres from 'postgres'
import { Refusal } from '#kernel/failure.ts'

export type Migration = { readonly name: string; readonly checksum: string; readonly text: string }

// An arbitrary number that means "migrating" to every version of this program.
const lockKey = 7_266_001

/** The files `0001_name.sql` of a folder, in order. Two with one number are refused. */
export async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await fs.readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  const seen = new Map<string, string>()
  for (const name of names) {
    const number = /^(\d{4})_[a-z0-9_]+\.sql$/.exec(name)?.[1]
    if (!number) throw new Refusal('migration/name', `${name} is not named like 0042_what_it_does.sql.`)
    const twin = seen.get(number)
    if (twin) throw new Refusal('migration/number', `${twin} and ${name} have the same number.`)
    seen.set(number, name)
  }
  return Promise.all(
    names.map(async (name) => {
      const text = (await fs.readFile(path.join(folder, name), 'utf8')).replaceAll('\r\n', '\n')
      return { name, text, checksum: createHash('sha256').update(text).digest('hex') }
    }),
  )
}

/** Applies what is missing and returns the names applied. `sql` is the owner's connection. */
export async function migrate(sql: postgres.Sql, folder: string): Promise<string[]> {
  const migrations = await readMigrations(folder)
  const session = await sql.reserve()
  try {
    await session`select pg_advisory_lock(${lockKey})`
    try {
      return await applyMissing(session, migrations)
    } finally {
      await session`select pg_advisory_unlock(${lockKey})`
    }
  } finally {
    session.release()
  }
}

async function applyMissing(session: postgres.ReservedSql, migrations: Migration[]): Promise<string[]> {
  if (!(await hasLedger(session)))
    await session`
      create table schema_migration (
        name text primary key, checksum text not null, applied_at timestamptz not null default now())`
  const rows = await session<{ name: string; checksum: string }[]>`
    select name, checksum from schema_migration order by name`
  const applied = new Map(rows.map((row) => [row.name, row.checksum]))
  assertSameStory(migrations, applied)

  const missing = migrations.filter((migration) => !applied.has(migration.name))
  for (const migration of missing) await apply(session, migration)
  return missing.map((migration) => migration.name)
}

async function hasLedger(session: postgres.ReservedSql): Promise<boolean> {
  const [row] = await session<
    { found: boolean }[]
  >`select to_regclass('schema_migration') is not null as found`
  return row?.found === true
}

function assertSameStory(migrations: Migration[], applied: ReadonlyMap<string, string>): void {
  const files = new Map(migrations.map((migration) => [migration.name, migration]))
  const newest = [...applied.keys()].at(-1) ?? ''
  for (const [name, checksum] of applied) {
    const file = files.get(name)
    if (!file)
      throw new Refusal(
        'migration/unknown',
        `The database has ${name}, which this version of the program does not know: start the newer version.`,
      )
    if (file.checksum !== checksum)
      throw new Refusal(
        'migration/changed',
        `${name} was changed after it had been applied to this database. Put it back as it was and write a new migration.`,
      )
  }
  const late = migrations.find((migration) => !applied.has(migration.name) && migration.name < newest)
  if (late)
    throw new Refusal(
      'migration/late',
      `${late.name} comes before ${newest}, which is applied already: renumber it.`,
    )
}

async function apply(session: postgres.ReservedSql, { name, text, checksum }: Migration): Promise<void> {
  await session`begin`
  try {
    await session.unsafe(text)
    await session`insert into schema_migration (name, checksum) values (${name}, ${checksum})`
    await session`commit`
  } catch (cause) {
    await session`rollback`
    const { message, position } = cause as Error & { position?: string }
    const where = position ? `, line ${text.slice(0, Number(position)).split('\n').length}` : ''
    throw new Error(`The migration ${name}${where} failed: ${message}`, { cause })
  }
}
