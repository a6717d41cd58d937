// The database for as long as we run: the one DATABASE_URL names, or the embedded one, started again should it die.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Outage } from '#kernel/failure.ts'
import type { Config } from '#platform/config.ts'
import { databaseUrl } from '#platform/postgres/address.ts'
import { type RunningPostgres, startPostgres } from '#platform/postgres/embedded.ts'

export type KeptDatabase = { readonly url: string; stop(): Promise<void> }

export async function keepDatabase(config: Config, log: (line: string) => void): Promise<KeptDatabase> {
  if (config.database) return { url: databaseUrl(config.database), stop: async () => {} }

  const dataDir = path.join(config.dataDir, 'postgres')
  let isStopping = false
  let server: RunningPostgres = await startPostgres({ dataDir, log })
  const keep = async () => {
    for (;;) {
      await server.gone
      if (isStopping) return
      log('The database ended; starting it again')
      server = await again(dataDir, log, () => isStopping)
    }
  }
  keep().catch((error: unknown) => log(String(error)))
  return {
    url: server.url,
    stop: async () => {
      isStopping = true
      await server.stop()
    },
  }
}

async function again(
  dataDir: string,
  log: (line: string) => void,
  isStopping: () => boolean,
): Promise<RunningPostgres> {
  for (let pauseMs = 200; ; pauseMs = Math.min(pauseMs * 2, 30_000)) {
    await delay(pauseMs)
    if (isStopping()) throw new Outage('The database was not started again: we are stopping.')
    try {
      return await startPostgres({ dataDir, log })
    } catch (error) {
      log(`The database does not start: ${(error as Error).message}`)
    }
  }
}

/** Migrates and seeds in a process of its own. An embedded database that is known to be ready is left alone. */
export async function prepareDatabase(
  config: Config,
  env: NodeJS.ProcessEnv,
  log: (line: string) => void,
): Promise<void> {
  const mark = path.join(config.dataDir, 'postgres', 'emporion-prepared')
  if (!config.database && isMarked(mark, sumOf(config, env))) return
  await runPrepare(env, log)
  if (!config.database) fs.writeFileSync(mark, sumOf(config, env))
}

function runPrepare(env: NodeJS.ProcessEnv, log: (line: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = path.join(import.meta.dirname, 'prepare.ts')
    const child = spawn(process.execPath, [script], { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    let failed: string | undefined
    child.on('message', (message: { said?: string; failed?: string }) => {
      if (message.said) log(message.said)
      failed ??= message.failed
    })
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      if (code === 0) resolve()
      else
        reject(new Outage(failed ?? `The database could not be prepared (${signal ?? `exit code ${code}`}).`))
    })
  })
}

function isMarked(mark: string, wanted: string): boolean {
  return fs.existsSync(mark) && fs.readFileSync(mark, 'utf8') === wanted
}

// Every migration, every job and notification, the seed, and where the emulators are: a change of any of them makes us look again.
function sumOf(config: Config, env: NodeJS.ProcessEnv): string {
  const root = path.resolve(import.meta.dirname, '../..')
  const files = ['migrations', 'src/flows', 'src/modules/notifications', 'src/main']
    .flatMap((folder) =>
      fs
        .readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
        .map((name) => path.join(root, folder, name)),
    )
    .filter((file) => /\.(sql|ts)$/.test(file) && !file.endsWith('.test.ts'))
    .sort()
  const sum = createHash('sha256').update(`${config.isDemo} ${env['EMULATORS']} `)
  sum.update(String(fs.existsSync(path.join(config.dataDir, 'demo.json'))))
  for (const file of files) sum.update(file).update(fs.readFileSync(file))
  return sum.digest('hex')
}
