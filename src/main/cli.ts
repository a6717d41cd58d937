// `npm run emporion -- <words>`: what an operator does from a terminal, beside a running instance or without one.
//   price-sheets import FILE --market DE --month 2026-11 [--view software] [--activate] [--leaving-out N] [--confirm-losses]
//   price-sheets list [--market DE]
//   price-sheets activate ID [--leaving-out N] [--confirm-losses]
//   price-sheets roll-back ID
//   prices verify
import { statSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import type { App } from '#flows/app.ts'
import { activateSheet, rollBackSheet } from '#flows/price-sheets/activate-sheet.ts'
import { importSheet } from '#flows/price-sheets/import-sheet.ts'
import { invalid, Refusal } from '#kernel/failure.ts'
import { asId, type PriceSheetId } from '#kernel/ids.ts'
import {
  listFaults,
  listPriceSheets,
  loadPriceSheet,
  type PriceSheet,
  readPlace,
} from '#modules/price-sheets'
import { system } from '#modules/users'
import { type Config, loadConfig } from '#platform/config.ts'
import { reading, sellerScope } from '#platform/db.ts'
import { databaseUrl } from '#platform/postgres/address.ts'
import { startPostgres } from '#platform/postgres/embedded.ts'
import { verifiedKinds, verifyPrices } from '#views/pricing/verify-prices.ts'
import { bringUpToDate } from './bring-up-to-date.ts'
import { compose } from './compose.ts'
import { makeFolder } from './data-folder.ts'
import { keptEncryptionKey } from './encryption-key.ts'
import { explainFailure } from './explain.ts'

const usage = `Known words:
  price-sheets import FILE --market DE --month 2026-11 [--view software] [--activate] [--leaving-out N] [--confirm-losses]
  price-sheets list [--market DE]
  price-sheets activate ID [--leaving-out N] [--confirm-losses]
  price-sheets roll-back ID
  prices verify`

const operator = system('command line')
const MOST_FAULTS_SHOWN = 10
let config: Config | undefined

try {
  config = loadConfig(process.env)
  await run(process.argv.slice(2))
} catch (error) {
  const isOfLosses = error instanceof Refusal && error.code === 'price-sheet/loses-prices'
  console.error(`\n${explainFailure(error, config)}${isOfLosses ? ' (--confirm-losses)' : ''}\n`)
  process.exitCode = 1
}

async function run(words: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: words,
    allowPositionals: true,
    options: {
      market: { type: 'string' },
      month: { type: 'string' },
      view: { type: 'string' },
      activate: { type: 'boolean' },
      'leaving-out': { type: 'string' },
      'confirm-losses': { type: 'boolean' },
    },
  })
  const [noun, verb, what = ''] = positionals
  if (noun === 'prices' && verb === 'verify') return withApp(verify)
  if (noun !== 'price-sheets') throw new Refusal('config/words', usage)
  const consents = { leavingOut: countOf(values['leaving-out']), confirmsLosses: values['confirm-losses'] }
  switch (verb) {
    case 'import': {
      const file = fileAt(what)
      const place = readPlace({ market: values.market ?? '', view: values.view, month: values.month ?? '' })
      return withApp(async (app) => {
        const watching = setInterval(() => void showProgress(app, place.market), 2000)
        let sheet: PriceSheet
        try {
          sheet = await importSheet(app, operator, {
            ...place,
            path: file,
            fileName: path.basename(file),
            source: 'command',
          })
        } finally {
          clearInterval(watching)
        }
        show(sheet)
        await showFaults(app, sheet)
        if (values.activate) show(await activateSheet(app, operator, { id: sheet.id, ...consents }))
      })
    }
    case 'list':
      return withApp(async (app) => {
        const ask = { market: values.market?.toUpperCase(), limit: 50 }
        for (const sheet of await reading(app.db, sellerScope, (sql) => listPriceSheets(sql, ask)))
          show(sheet)
      })
    case 'activate':
      return withApp(async (app) => show(await activateSheet(app, operator, { id: idOf(what), ...consents })))
    case 'roll-back':
      return withApp(async (app) => {
        const id = idOf(what)
        show(await rollBackSheet(app, operator, { id }))
        show(await reading(app.db, sellerScope, (sql) => loadPriceSheet(sql, id)))
      })
    default:
      throw new Refusal('config/words', usage)
  }
}

/** Ends with 1 where any price is not what its explanation comes to, so that a schedule can watch over it. */
async function verify(app: App): Promise<void> {
  const { checked, different } = await verifyPrices(app.db, operator, (each) =>
    console.log(
      `${each.kind} ${each.name}: ${each.field} is ${each.stored}, and its explanation comes to ${each.computed} (${each.currency})`,
    ),
  )
  const counts = verifiedKinds.map((kind) => `${checked[kind].toLocaleString('en')} ${kind}s`)
  console.log(
    `${counts.join(', ')} computed again: ${different === 0 ? 'all as stored' : `${different} differ`}.`,
  )
  if (different > 0) process.exitCode = 1
}

function idOf(text: string): PriceSheetId {
  return asId<PriceSheetId>(text, 'price-sheet')
}

/** Asked for before anything else happens: a wrong name is the likeliest fault. */
function fileAt(name: string): string {
  if (name === '') throw new Refusal('config/words', `Say which file to import.\n\n${usage}`)
  const file = path.resolve(name)
  if (!statSync(file, { throwIfNoEntry: false })?.isFile())
    throw new Refusal('config/no-file', `There is no file ${file}.`)
  return file
}

function countOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d{1,6}$/.test(text))
    throw invalid({
      pointer: '/leaving-out',
      code: 'not-a-number',
      message: '--leaving-out is a number of rows.',
    })
  return Number(text)
}

/** Works on the database a running instance uses, or starts the embedded one for as long as it takes. */
async function withApp(work: (app: App) => Promise<void>): Promise<void> {
  const given = config ?? loadConfig(process.env)
  makeFolder(given.dataDir)
  const server = given.database
    ? undefined
    : await startPostgres({ dataDir: path.join(given.dataDir, 'postgres') })
  const url = given.database ? databaseUrl(given.database) : (server?.url ?? '')
  const key = process.env['EMPORION_KEY'] || keptEncryptionKey(given.dataDir)
  const complete = loadConfig({ ...process.env, DATABASE_URL: url, EMPORION_KEY: key })
  if (complete.database) await bringUpToDate(complete.database)
  const { app, close } = await compose(complete, 'command', 3)
  try {
    await work(app)
  } finally {
    await close()
    if (server && !server.adopted) await server.stop()
  }
}

async function showProgress(app: App, market: string): Promise<void> {
  const sheets = await reading(app.db, sellerScope, (sql) =>
    listPriceSheets(sql, { market, state: 'received', limit: 1 }),
  ).catch(() => [])
  for (const sheet of sheets) console.error(`  ${sheet.progress} rows read`)
}

/** The first wrong rows, and what can be done about them. */
async function showFaults(app: App, { id, faultCount }: PriceSheet): Promise<void> {
  if (faultCount === 0) return
  const faults = await reading(app.db, sellerScope, (sql) =>
    listFaults(sql, id, { afterLine: 0, limit: MOST_FAULTS_SHOWN }),
  )
  for (const { line, column, reason } of faults)
    console.log(`  line ${line}: ${column ? `${column} ` : ''}${reason}`)
  if (faultCount > faults.length) console.log(`  and ${faultCount - faults.length} more`)
  console.log(
    `  Correct the file and import it again, or leave wrong rows out when activating: --leaving-out ${faultCount}`,
  )
}

function show(sheet: PriceSheet): void {
  const { comparison } = sheet
  const changes = comparison
    ? `, ${comparison.added} added, ${comparison.removed} removed, ${comparison.changed} changed`
    : ''
  console.log(
    `${sheet.id}  ${sheet.market} ${sheet.view} ${sheet.month}  ${sheet.state}: ${sheet.rowCount} rows, ${sheet.faultCount} wrong${changes}${sheet.refusedBecause ? `. ${sheet.refusedBecause}` : ''}`,
  )
}
