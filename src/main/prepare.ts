// A process of its own, gone when done: brings the database to the newest form and fills an empty one with the
// demonstration company. What it loads for that does not stay in the supervisor's memory.
import fs from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { invariant } from '#kernel/failure.ts'
import { type Config, loadConfig } from '#platform/config.ts'
import { bringUpToDate } from './bring-up-to-date.ts'
import type { EmulatorAddresses } from './emulators.ts'
import { explainFailure } from './explain.ts'

/** What `seed.ts` exports as `seedDemonstration`: fills an empty database and writes `demo.json` into the data folder. */
export type SeedDemonstration = (input: {
  readonly config: Config
  /** The emulators of the vendors' services, as they announced themselves. */
  readonly emulators: EmulatorAddresses
  readonly log: (line: string) => void
}) => Promise<void>

const config = loadConfig(process.env)
const say = (line: string) => process.send?.({ said: line })

try {
  await prepare()
} catch (error) {
  process.send?.({ failed: explainFailure(error, config) })
  process.exitCode = 1
}
process.disconnect?.()

async function prepare(): Promise<void> {
  invariant(config.database, 'the parent says where the database is')
  const applied = await bringUpToDate(config.database)
  if (applied.length > 0) say(`Applied ${applied.length} migration${applied.length === 1 ? '' : 's'}`)

  const seed = path.join(import.meta.dirname, 'seed.ts')
  if (!config.isDemo || !fs.existsSync(seed)) return
  const { seedDemonstration } = (await import(pathToFileURL(seed).href)) as {
    seedDemonstration: SeedDemonstration
  }
  const emulators = JSON.parse(process.env['EMULATORS'] || '{}') as EmulatorAddresses
  await seedDemonstration({ config, emulators, log: say })
}
