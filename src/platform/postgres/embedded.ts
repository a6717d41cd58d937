// The embedded PostgreSQL: the real server, on a Unix socket and nowhere else, going down with the process that started
// it. A server of this very folder that still runs is adopted; what a kill left behind is cleared once nobody works there.
import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Outage } from '#kernel/failure.ts'
import { type DatabaseAddress, databaseUrl } from './address.ts'
import { type Binaries, findBinaries } from './binaries.ts'
import { createCluster, explain, isAlive, isCluster, owner, plainEnvironment } from './cluster.ts'
import { processesIn, readPostmaster, worksIn } from './postmaster.ts'
import { chooseRunner, underRunner } from './runner.ts'
import { serverSettings } from './settings.ts'
import { makeSocketFolder, socketFolderOf } from './socket-folder.ts'

const port = 5432
const startWithinMs = 60_000

export type RunningPostgres = {
  /** For postgres.js and for pg. */
  readonly address: DatabaseAddress
  /** The same as a URL, for a child's DATABASE_URL. */
  readonly url: string
  readonly pid: number
  /** True where the server was running before we came. */
  readonly adopted: boolean
  /** Settles when the server is gone, asked or not. */
  readonly gone: Promise<void>
  /** Ends sessions, writes everything down, and waits until the server is gone. */
  stop(): Promise<void>
}

export type PostgresOptions = {
  /** The cluster's own folder; made when missing. */
  readonly dataDir: string
  /** False gives up safety against power cuts for speed: for tests only. */
  readonly durable?: boolean
  readonly log?: (line: string) => void
}

export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const { durable = true, log = () => {} } = options
  const binaries = findBinaries()
  const wanted = path.resolve(options.dataDir)
  if (!isCluster(wanted)) {
    log('Making the database folder')
    createCluster(binaries, wanted, { durable })
  }
  const dataDir = fs.realpathSync(wanted)
  assertVersion(dataDir)

  const deadline = Date.now() + startWithinMs
  while (Date.now() < deadline) {
    const found = await adopt(dataDir, log)
    if (found) return found
    await clearStale(dataDir, log)
    const started = await launch(binaries, dataDir, durable, deadline)
    if (started) return started
  }
  throw new Outage(`The database in ${dataDir} did not start within ${startWithinMs / 1000} seconds.`)
}

function assertVersion(dataDir: string): void {
  const version = fs.readFileSync(path.join(dataDir, 'PG_VERSION'), 'utf8').trim()
  if (version !== '18')
    throw new Outage(`The folder ${dataDir} was made by PostgreSQL ${version}; this is PostgreSQL 18.`)
}

async function adopt(dataDir: string, log: (line: string) => void): Promise<RunningPostgres | undefined> {
  for (let patience = 600; patience > 0; patience -= 1) {
    const found = readPostmaster(dataDir)
    if (!found || !worksIn(dataDir, found.pid)) return undefined
    if (found.status === 'ready') {
      // A server whose parent has just been killed is ready for a moment longer, then says it is stopping.
      await delay(100)
      const still = readPostmaster(dataDir)
      if (still?.pid === found.pid && still.status === 'ready' && worksIn(dataDir, found.pid)) {
        log(`Found the database already running (process ${found.pid})`)
        return running(found.pid, found.socketFolder, found.port, true, watch(found.pid))
      }
    }
    await delay(50)
  }
  throw new Outage(
    `The database in ${dataDir} is neither up nor gone: end its process ${readPostmaster(dataDir)?.pid}.`,
  )
}

async function clearStale(dataDir: string, log: (line: string) => void): Promise<void> {
  const file = path.join(dataDir, 'postmaster.pid')
  if (!fs.existsSync(file)) return
  for (let patience = 100; processesIn(dataDir).length > 0; patience -= 1) {
    if (readPostmaster(dataDir) && worksIn(dataDir, readPostmaster(dataDir)?.pid ?? 0)) return
    if (patience === 0)
      throw new Outage(
        `Processes still work in ${dataDir} though their server is gone: ${processesIn(dataDir).join(', ')}.`,
      )
    await delay(50)
  }
  log('Clearing what a killed database left behind')
  fs.rmSync(file, { force: true })
}

/** Undefined where another process's server was quicker: the caller looks again. */
async function launch(
  binaries: Binaries,
  dataDir: string,
  durable: boolean,
  deadline: number,
): Promise<RunningPostgres | undefined> {
  const runner = chooseRunner(dataDir)
  const socketFolder = socketFolderOf(dataDir)
  makeSocketFolder(socketFolder, runner)
  const logFile = openLog(`${dataDir}.log`)
  const settings = serverSettings({ socketFolder, port, durable })
  const line = underRunner(runner, binaries.postgres, ['-D', dataDir, ...settings])
  const child = spawn(line.command, line.args, {
    ...line.options,
    cwd: dataDir,
    env: plainEnvironment(),
    stdio: ['ignore', logFile.fd, logFile.fd],
    // Its own session: Ctrl-C in a terminal is ours to handle, the server goes last.
    detached: true,
  })
  const gone = exited(child)
  let isGone = false
  void gone.then(() => {
    isGone = true
  })

  while (Date.now() < deadline) {
    const found = readPostmaster(dataDir)
    if (found && found.pid === child.pid && found.status === 'ready') {
      fs.closeSync(logFile.fd)
      child.unref()
      return running(found.pid, socketFolder, port, false, gone)
    }
    if (isGone) {
      const said = logFile.said()
      fs.closeSync(logFile.fd)
      if (/lock file "[^"]+" (already exists|is empty)/.test(said)) return undefined
      throw new Outage(`The database did not start. ${explain(said, 'postgres')}`)
    }
    await delay(10)
  }
  child.kill('SIGQUIT')
  await gone
  return undefined
}

function running(
  pid: number,
  host: string,
  portNumber: number,
  adopted: boolean,
  gone: Promise<void>,
): RunningPostgres {
  const address = { host, port: portNumber, user: owner, database: owner }
  const stop = async () => {
    // Interrupt is PostgreSQL's "fast": sessions are ended, everything is written down.
    if (!signal(pid, 'SIGINT')) return
    const timer = new AbortController()
    const late = delay(30_000, 'late', { signal: timer.signal, ref: true }).catch(() => 'gone')
    const outcome = await Promise.race([gone.then(() => 'gone'), late])
    timer.abort()
    if (outcome === 'late' && signal(pid, 'SIGQUIT')) await gone
  }
  return { address, url: databaseUrl(address), pid, adopted, gone, stop }
}

function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name)
  } catch {
    return false
  }
}

function exited(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
}

// An adopted server is nobody's child here: all we can do is look.
async function watch(pid: number): Promise<void> {
  while (isAlive(pid)) await delay(100, undefined, { ref: false })
}

function openLog(file: string): { fd: number; said: () => string } {
  const keptBytes = 10_000_000
  if (fs.existsSync(file) && fs.statSync(file).size > keptBytes) fs.renameSync(file, `${file}.1`)
  const fd = fs.openSync(file, 'a', 0o600)
  const begin = fs.fstatSync(fd).size
  return { fd, said: () => fs.readFileSync(file).subarray(begin).toString('utf8') }
}
