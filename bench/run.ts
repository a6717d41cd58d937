// `npm run bench [-- checkout|quotes|pages|memory|price-sheets|lists]`: measures, never asserts. The database is durable, as `npm start` runs it; what can be
// compared is measured in the same run and in turns, because machines are noisy.
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { databaseUrl } from '#platform/postgres/address.ts'
import { startPostgres } from '#platform/postgres/embedded.ts'
import { webFlags } from '../src/main/supervise.ts'
import { benchCheckout } from './checkout.ts'
import { benchLists } from './lists.ts'
import { benchMemory } from './memory.ts'
import { benchPages } from './pages.ts'
import { benchPriceSheets } from './price-sheets.ts'
import { benchQuotes } from './quotes.ts'

const dataDir = path.resolve(import.meta.dirname, '../.cache/bench-postgres')

const parts: Record<string, () => Promise<string>> = {
  checkout: benchCheckout,
  quotes: benchQuotes,
  pages: () => benchPages(`${dataDir}.log`),
  memory: benchMemory,
  'price-sheets': benchPriceSheets,
  lists: benchLists,
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !Object.hasOwn(parts, name))
if (unknown.length > 0) {
  console.error(`Unknown part "${unknown.join(' ')}". Known: ${Object.keys(parts).join(', ')}.`)
  process.exit(2)
}

// With the memory for young objects that the web process has: their collection is a part of every time measured.
if (!webFlags.every((flag) => process.execArgv.includes(flag))) {
  const args = [...webFlags, import.meta.filename, ...wanted]
  process.exit(spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1)
}

const server = await startPostgres({ dataDir })
process.env['TEST_DATABASE_URL'] = databaseUrl(server.address)
const summary: string[] = []
for (const [name, bench] of Object.entries(parts)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  console.error(`Measuring: ${name}`)
  summary.push(await bench())
}
if (!server.adopted) await server.stop()
console.log(`\n${summary.join('\n\n')}\n`)
process.exit(0)
