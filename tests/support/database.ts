// A database per test file, cloned from a migrated template.
//
// The contract with tests/run.ts: TEST_DATABASE_URL is the address of a server where databases may be made (a libpq
// URL). When it is missing, a file run alone uses the server in `.cache/test-postgres`, starting it if nobody has; the
// process that started it takes it down when it ends. The template is named for the migrations it holds and is built
// by whoever comes first.
import { createHash, randomBytes } from 'node:crypto'
import path from 'node:path'
import postgres from 'postgres'
import { defaultNotifications } from '#modules/notifications'
import { readMigrations } from '#platform/migrate.ts'
import { type DatabaseAddress, databaseUrl, parseDatabaseUrl } from '#platform/postgres/address.ts'
import { startPostgres } from '#platform/postgres/embedded.ts'
import { allJobs } from '../../src/flows/jobs.ts'
import { bringUpToDate } from '../../src/main/bring-up-to-date.ts'

const root = path.resolve(import.meta.dirname, '../..')
const migrationsFolder = path.join(root, 'migrations')
const templateLock = 7_266_002

export type TestDatabase = {
  /** For `postgres(options)` and `new pg.Client(options)`. */
  readonly options: DatabaseAddress
  readonly url: string
  /** Ends every session in the database and removes it. */
  drop(): Promise<void>
}

let server: Promise<DatabaseAddress> | undefined

/** A fresh, migrated, empty database. */
export async function testDatabase(): Promise<TestDatabase> {
  server ??= findServer()
  const address = await server
  const template = await prepareTemplate(address)
  const name = `test_${process.pid}_${randomBytes(4).toString('hex')}`
  await administer(address, (sql) =>
    sql.unsafe(`create database ${name} template ${template} strategy wal_log`),
  )
  const options = { ...address, database: name }
  const drop = async () => {
    await administer(address, (sql) => sql.unsafe(`drop database if exists ${name} with (force)`))
  }
  return { options, url: databaseUrl(options), drop }
}

/** Starts (or finds) the shared test server: tests/run.ts keeps it for the whole run. */
export function startTestServer() {
  return startPostgres({ dataDir: path.join(root, '.cache/test-postgres'), durable: false })
}

async function findServer(): Promise<DatabaseAddress> {
  const given = process.env['TEST_DATABASE_URL']
  if (given) return parseDatabaseUrl(given)
  const started = await startTestServer()
  if (!started.adopted) process.once('exit', () => endServer(started.pid))
  return started.address
}

function endServer(pid: number): void {
  try {
    process.kill(pid, 'SIGINT')
  } catch {
    // It is gone already, which is what we wanted.
  }
}

let prepared: Promise<string> | undefined

/** The name of the template with today's migrations; built once per server. */
export function prepareTemplate(address: DatabaseAddress): Promise<string> {
  prepared ??= buildTemplate(address)
  return prepared
}

async function buildTemplate(address: DatabaseAddress): Promise<string> {
  const migrations = await readMigrations(migrationsFolder)
  const mark = createHash('sha256').update(migrations.map((one) => one.name + one.checksum).join('\n'))
  mark.update(JSON.stringify(defaultNotifications))
  mark.update(JSON.stringify(allJobs.map((job) => [job.name, job.expireInSeconds, job.retryLimit])))
  const name = `template_${mark.digest('hex').slice(0, 16)}`
  await administer(address, async (sql) => {
    await sql`select pg_advisory_lock(${templateLock})`
    const [found] = await sql`select 1 from pg_database where datname = ${name}`
    if (found) return
    await dropOld(sql)
    const draft = `${name}_draft`
    await sql.unsafe(`drop database if exists ${draft} with (force)`)
    await sql.unsafe(`create database ${draft}`)
    await bringUpToDate({ ...address, database: draft })
    await sql.unsafe(`alter database ${draft} rename to ${name}`)
  })
  return name
}

// Templates of yesterday's migrations, and databases of test processes that are gone.
async function dropOld(sql: postgres.Sql): Promise<void> {
  const rows = await sql<{ name: string }[]>`
    select datname as name from pg_database
    where datname ~ '^(template_[0-9a-f]{16}|test_)'
      and not exists (select 1 from pg_stat_activity where pg_stat_activity.datname = pg_database.datname)`
  for (const { name } of rows) {
    const pid = Number(/^test_(\d+)_/.exec(name)?.[1] ?? 0)
    if (pid === 0 || !isAlive(pid)) await sql.unsafe(`drop database if exists ${name}`)
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

async function administer<T>(address: DatabaseAddress, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres({ ...address, max: 1, onnotice: () => {} })
  try {
    return await work(sql)
  } finally {
    await sql.end()
  }
}
