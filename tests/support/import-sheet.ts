// A process of its own that imports one price sheet: to be killed in the middle of it. The database comes as the first message.
import { importSheet } from '#flows/price-sheets/import-sheet.ts'
import { readPlace } from '#modules/price-sheets'
import { system } from '#modules/users'
import { type DatabaseOptions, openDatabase } from '#platform/db.ts'

const [path = '', market = '', month = ''] = process.argv.slice(2)
const options = await new Promise<DatabaseOptions>((resolve) =>
  process.once('message', (given) => resolve(given as DatabaseOptions)),
)
const db = openDatabase({ ...options, max: 4 })
const now = () => Temporal.Instant.from('2026-11-25T12:00:00Z')
const place = readPlace({ market, month })
await importSheet({ db, now }, system('child'), { ...place, path, fileName: 'large.csv', source: 'command' })
await db.close()
process.disconnect?.()
