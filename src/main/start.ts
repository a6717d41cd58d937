// `npm start`: everything a shop needs, as one. It takes the data folder, starts the database, brings it up to date, and
// keeps web, worker and, in the demonstration, the emulators alive until it is told to stop. It serves nothing itself
// and loads little, so that it may stay for years.
import path from 'node:path'
import { Refusal } from '#kernel/failure.ts'
import { type Config, loadConfig, urlHost } from '#platform/config.ts'
import { makeFolder } from './data-folder.ts'
import { type KeptDatabase, keepDatabase, prepareDatabase } from './database-keeper.ts'
import { restartOnChange } from './development.ts'
import { keptEncryptionKey } from './encryption-key.ts'
import { explainFailure } from './explain.ts'
import { type InstanceLock, lockInstance } from './instance-lock.ts'
import { type EmulatorAddresses, freePort, portOf, recallEmulators, rememberEmulators } from './ports.ts'
import { banner, describeRunning, publishRunning, withdrawRunning } from './running.ts'
import { type Supervised, supervise } from './supervise.ts'

const root = path.resolve(import.meta.dirname, '../..')
const log = (line: string) => console.error(`${new Date().toISOString().slice(11, 19)}  ${line}`)

let config: Config | undefined
let lock: InstanceLock | undefined
let database: KeptDatabase | undefined
const children = new Map<'worker' | 'web' | 'esd' | 'mailbox', Supervised>()
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
  makeFolder(dataDir)
  lock = lockInstance(dataDir, `http://${urlHost(host)}:${config.port}`)
  withdrawRunning(dataDir)
  const port = await freePort(host, config.port, 'web server', 'PORT')
  const site = `http://${urlHost(host)}:${port}`

  const recalled = config.isDemo ? recallEmulators(dataDir) : {}
  if (config.isDemo) await startEmulators(config, recalled)
  database = await keepDatabase(config, log)
  if (stopping) return
  // From the second start on the emulators' addresses are known before they are up.
  const known = isComplete(recalled) ? recalled : await emulatorsUp()
  const env = environment(config, known, { port, site, databaseUrl: database.url })
  await prepareDatabase(config, env, log)
  if (stopping) return

  const web = child('web', 'web server', 'src/main/server.ts', env)
  const worker = child('worker', 'worker', 'src/main/worker.ts', env)
  const [addresses] = await Promise.all([emulatorsUp(), web.firstUp, worker.firstUp])
  if (stopping) return
  rememberEmulators(dataDir, addresses)

  const running = describeRunning(dataDir, site, addresses)
  publishRunning(dataDir, running)
  console.log(banner(running, { tookMs: performance.now() - beganAt, dataDir }))
  if (!config.smtp && !addresses.mailbox)
    log('No mail server is set (SMTP_HOST or SMTP_URL): mails wait until there is one.')
  if (process.env['EMPORION_WATCH']) restartOnChange(root, [web, worker], log)
}

function child(
  key: 'worker' | 'web' | 'esd' | 'mailbox',
  name: string,
  script: string,
  env: NodeJS.ProcessEnv,
): Supervised {
  // In the demonstration the terminal belongs to the banner; elsewhere logs go where the operator collects ours.
  const logFile = config?.isDemo ? path.join(config.dataDir, 'logs', `${key}.log`) : undefined
  const supervised = supervise({ name, script: path.join(root, script), env, logFile, log })
  children.set(key, supervised)
  return supervised
}

async function startEmulators({ dataDir, mailboxPort }: Config, recalled: EmulatorAddresses): Promise<void> {
  const local = '127.0.0.1'
  const take = (port: number, name: string, variable: string) =>
    port === 0 ? 0 : freePort(local, port, name, variable)
  const [esdPort, controlPort, webPort, smtpPort] = await Promise.all([
    take(portOf(recalled.esd?.service), 'Microsoft ESD emulator', 'DATA_DIR'),
    take(portOf(recalled.esd?.control), 'Microsoft ESD emulator', 'DATA_DIR'),
    take(mailboxPort ?? portOf(recalled.mailbox?.web), 'mailbox', 'MAILBOX_PORT'),
    take(recalled.mailbox?.smtp.port ?? 0, 'mailbox', 'DATA_DIR'),
  ])
  child('esd', 'Microsoft ESD emulator', 'emulators/esd-gateway/main.ts', {
    ...childEnvironment(),
    ESD_PORT: String(esdPort),
    ESD_CONTROL_PORT: String(controlPort),
    ESD_DATA: path.join(dataDir, 'microsoft-esd'),
  })
  child('mailbox', 'mailbox', 'emulators/mailbox/main.ts', {
    ...childEnvironment(),
    MAILBOX_PORT: String(webPort),
    MAILBOX_SMTP_PORT: String(smtpPort),
    MAILBOX_DATA: path.join(dataDir, 'mailbox'),
  })
}

async function emulatorsUp(): Promise<EmulatorAddresses> {
  const [esd, mailbox] = await Promise.all([children.get('esd')?.firstUp, children.get('mailbox')?.firstUp])
  return { ...(esd ? { esd } : {}), ...(mailbox ? { mailbox } : {}) } as EmulatorAddresses
}

function isComplete(addresses: EmulatorAddresses): boolean {
  return !config?.isDemo || (addresses.esd !== undefined && addresses.mailbox !== undefined)
}

function childEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, NODE_ENV: process.env['NODE_ENV'] ?? 'production' }
}

function environment(
  settings: Config,
  { esd, mailbox }: EmulatorAddresses,
  at: { port: number; site: string; databaseUrl: string },
): NodeJS.ProcessEnv {
  return {
    ...childEnvironment(),
    DATA_DIR: settings.dataDir,
    DATABASE_URL: at.databaseUrl,
    DEMO: settings.isDemo ? '1' : '0',
    PORT: String(at.port),
    HOST: settings.host,
    PUBLIC_URL: process.env['PUBLIC_URL'] || at.site,
    EMPORION_KEY: process.env['EMPORION_KEY'] || keptEncryptionKey(settings.dataDir),
    ...(esd ? { ESD_SERVICE_URL: esd.service, ESD_CONTROL_URL: esd.control } : {}),
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
  await Promise.all([children.get('esd')?.stop(5_000), children.get('mailbox')?.stop(5_000)])
  await database?.stop()
  lock?.release()
}
