// `npm start`: everything a shop needs, as one. It takes the data folder, starts the database, brings it up to date, and
// keeps web, worker and, in the demonstration, the emulators alive until it is told to stop. It serves nothing itself
// and loads little, so that it may stay for years.
import path from 'node:path'
import { Refusal } from '#kernel/failure.ts'
import { type Config, loadConfig, urlHost } from '#platform/config.ts'
import { makeFolder } from './data-folder.ts'
import { type KeptDatabase, keepDatabase, prepareDatabase } from './database-keeper.ts'
import { restartOnChange } from './development.ts'
import {
  type EmulatorAddresses,
  emulators,
  environmentOf,
  isComplete,
  rememberAddresses,
  settlePorts,
} from './emulators.ts'
import { keptEncryptionKey } from './encryption-key.ts'
import { explainFailure } from './explain.ts'
import { type InstanceLock, lockInstance } from './instance-lock.ts'
import { freePort } from './ports.ts'
import { banner, describeRunning, publishRunning, withdrawRunning } from './running.ts'
import { type Supervised, supervise, webFlags, workerFlags } from './supervise.ts'

const root = path.resolve(import.meta.dirname, '../..')
const log = (line: string) => console.error(`${new Date().toISOString().slice(11, 19)}  ${line}`)

let config: Config | undefined
let lock: InstanceLock | undefined
let database: KeptDatabase | undefined
const children = new Map<string, Supervised>()
let stopping: Promise<void> | undefined
let firstAskedAt = 0

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => askedToStop())
if (process.channel) {
  process.on('disconnect', () => askedToStop())
  process.channel.unref()
}

try {
  await start()
} catch (error) {
  if (!stopping) {
    console.error(`\n${explainFailure(error, config)}\n`)
    await takeDown()
    process.exit(error instanceof Refusal && error.code.startsWith('config/') ? 2 : 1)
  }
}

async function start(): Promise<void> {
  const beganAt = performance.now()
  config = loadConfig(process.env)
  const { dataDir, host } = config
  lock = takeFolder(config)
  withdrawRunning(dataDir)
  const port = await freePort(host, config.port, 'web server', 'PORT')
  const site = `http://${urlHost(host)}:${port}`

  const ports = config.isDemo ? await startEmulators(config, port) : undefined
  database = await keepDatabase(config, log)
  if (stopping) return
  // From the second start on the emulators' addresses are known before they are up.
  const known = ports && !isComplete(ports.addresses) ? await emulatorsUp() : (ports?.addresses ?? {})
  if (ports) rememberAddresses(dataDir, ports.ports, known)
  const env = environment(config, known, { port, site, databaseUrl: database.url })
  await prepareDatabase(config, env, log)
  if (stopping) return

  const web = child('web', 'web server', 'src/main/server.ts', env, webFlags)
  const worker = child('worker', 'worker', 'src/main/worker.ts', env, workerFlags)
  const [addresses] = await Promise.all([emulatorsUp(), web.firstUp, worker.firstUp])
  if (stopping) return
  if (ports) rememberAddresses(dataDir, ports.ports, addresses)

  const running = describeRunning(dataDir, site, addresses)
  publishRunning(dataDir, running)
  console.log(banner(running, { tookMs: performance.now() - beganAt, dataDir }))
  if (!config.smtp && !addresses.mailbox)
    log('No mail server is set (SMTP_HOST or SMTP_URL): mails wait until there is one.')
  if (process.env['EMPORION_WATCH']) restartOnChange(root, [web, worker], log)
}

/** A folder that cannot be used is a setting that is wrong; a full disk is not. */
function takeFolder(settings: Config): InstanceLock {
  const { dataDir, host, port } = settings
  try {
    makeFolder(dataDir)
    return lockInstance(dataDir, `http://${urlHost(host)}:${port}`)
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (!/^(ENOENT|ENOTDIR|EEXIST|EACCES|EPERM|EROFS|ENAMETOOLONG|ELOOP|EINVAL)$/.test(code)) throw error
    throw new Refusal('config/data-dir', `DATA_DIR: ${explainFailure(error, settings)}`)
  }
}

function child(
  key: string,
  name: string,
  script: string,
  env: NodeJS.ProcessEnv,
  flags: readonly string[] = [],
): Supervised {
  // In the demonstration the terminal belongs to the banner; elsewhere logs go where the operator collects ours.
  const logFile = config?.isDemo ? path.join(config.dataDir, 'logs', `${key}.log`) : undefined
  const supervised = supervise({ name, script: path.join(root, script), flags, env, logFile, log })
  children.set(key, supervised)
  return supervised
}

async function startEmulators({ dataDir, mailboxPort }: Config, webPort: number) {
  const fixed: Record<string, number> = mailboxPort ? { MAILBOX_PORT: mailboxPort } : {}
  const settled = await settlePorts(dataDir, { fixed, taken: webPort, log })
  for (const emulator of emulators)
    child(emulator.key, emulator.name, emulator.script, {
      ...childEnvironment(),
      ...environmentOf(emulator, dataDir, settled.ports),
    })
  return settled
}

async function emulatorsUp(): Promise<EmulatorAddresses> {
  const up = emulators.flatMap(({ key }) => {
    const running = children.get(key)
    return running ? [running.firstUp.then((announced) => [key, announced] as const)] : []
  })
  return Object.fromEntries(await Promise.all(up))
}

function childEnvironment(): NodeJS.ProcessEnv {
  return {
    NODE_ENV: 'production',
    // As `npm start` sets it for us; here for those who start this file by hand.
    NODE_COMPILE_CACHE: path.join(root, 'node_modules/.cache/compiled'),
    ...process.env,
  }
}

function environment(
  settings: Config,
  addresses: EmulatorAddresses,
  at: { port: number; site: string; databaseUrl: string },
): NodeJS.ProcessEnv {
  const { mailbox } = addresses
  return {
    ...childEnvironment(),
    DATA_DIR: settings.dataDir,
    DATABASE_URL: at.databaseUrl,
    DEMO: settings.isDemo ? '1' : '0',
    PORT: String(at.port),
    HOST: settings.host,
    PUBLIC_URL: process.env['PUBLIC_URL'] || at.site,
    EMPORION_KEY: process.env['EMPORION_KEY'] || keptEncryptionKey(settings.dataDir),
    EMULATORS: JSON.stringify(addresses),
    ...(mailbox && !settings.smtp ? { SMTP_URL: `smtp://${mailbox.smtp.host}:${mailbox.smtp.port}` } : {}),
  }
}

function askedToStop(): void {
  if (!stopping) {
    firstAskedAt = Date.now()
    log('Stopping')
    stopping = takeDown().then(() => {
      log('Stopped')
      process.exit(0)
    })
    return
  }
  // npm and the terminal each pass on the same Ctrl-C: only a later one means "now".
  if (Date.now() - firstAskedAt < 1000) return
  log('Stopping by force')
  for (const supervised of children.values()) supervised.kill()
}

// The worker first, so that nothing new begins; then the doors; the database last.
async function takeDown(): Promise<void> {
  if (config && lock) withdrawRunning(config.dataDir)
  await children.get('worker')?.stop(20_000)
  await children.get('web')?.stop(10_000)
  await Promise.all(emulators.map(({ key }) => children.get(key)?.stop(5_000)))
  await database?.stop()
  lock?.release()
}
