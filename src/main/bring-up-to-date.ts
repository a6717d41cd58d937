// Brings a database to the newest form: migrations, then the queues of the jobs, then the kinds of notification this version knows.
import path from 'node:path'
import postgres from 'postgres'
import { defaultNotifications, insertNotifications } from '#modules/notifications'
import { type Database, openDatabase, sellerScope, transaction } from '#platform/db.ts'
import { installJobs, type JobOverrides } from '#platform/jobs.ts'
import { migrate } from '#platform/migrate.ts'
import type { DatabaseAddress } from '#platform/postgres/address.ts'
import { allJobs } from '../flows/jobs.ts'

const migrations = path.resolve(import.meta.dirname, '../../migrations')

/** Answers the names of the migrations that were applied now. */
export async function bringUpToDate(
  address: DatabaseAddress,
  overrides: JobOverrides = {},
): Promise<string[]> {
  const { ssl, ...options } = address
  const sql = postgres({
    ...options,
    ...(ssl ? { ssl } : {}),
    max: 1,
    connect_timeout: 10,
    onnotice: () => {},
  })
  const db = openDatabase({ ...address, max: 1, applicationName: 'emporion setup' })
  try {
    const applied = await migrate(sql, migrations)
    await installJobs(address, db, allJobs, overrides)
    await installNotifications(db)
    return applied.map(String)
  } finally {
    await sql.end({ timeout: 5 })
    await db.close()
  }
}

/** New kinds arrive with a new version; wording that is there stays, whoever wrote it. */
async function installNotifications(db: Database): Promise<void> {
  await transaction(db, sellerScope, (tx) =>
    insertNotifications(tx, defaultNotifications, Temporal.Now.instant()),
  )
}
