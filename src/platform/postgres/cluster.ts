// A new data folder. It is made beside its place and moved there when complete, so a start that was killed half-way
// leaves no half a database, and of two starts at once one wins.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { Outage } from '#kernel/failure.ts'
import type { Binaries } from './binaries.ts'
import { chooseRunner, handOver, type Runner, underRunner } from './runner.ts'

/** The owner of everything in the embedded server, and its database. */
export const owner = 'emporion'

export function isCluster(dataDir: string): boolean {
  return fs.existsSync(path.join(dataDir, 'PG_VERSION'))
}

/** Makes the cluster with its database, unless somebody else was quicker. */
export function createCluster(binaries: Binaries, dataDir: string, options: { durable: boolean }): void {
  const parent = path.dirname(dataDir)
  fs.mkdirSync(parent, { recursive: true })
  clearAbandoned(parent, path.basename(dataDir))
  const draft = path.join(parent, `${path.basename(dataDir)}.new-${process.pid}`)
  fs.mkdirSync(draft, { mode: 0o700 })
  try {
    const runner = chooseRunner(draft)
    handOver(runner, draft)
    run(runner, binaries.initdb, [
      `--pgdata=${draft}`,
      `--username=${owner}`,
      '--encoding=UTF8',
      // Sorts by code point, as C does, and still knows the upper and lower case of every letter. Where people read a
      // list, the statement names an ICU collation.
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--auth-local=trust',
      '--auth-host=reject',
      '--no-instructions',
      ...(options.durable ? [] : ['--no-sync']),
    ])
    const fast = options.durable ? [] : ['-c', 'fsync=off']
    run(
      runner,
      binaries.postgres,
      ['--single', '-D', draft, ...fast, 'postgres'],
      `create database ${owner};\n`,
    )
    moveIntoPlace(draft, dataDir)
  } finally {
    fs.rmSync(draft, { recursive: true, force: true })
  }
}

function run(runner: Runner, program: string, args: readonly string[], input = ''): void {
  const line = underRunner(runner, program, args)
  const done = spawnSync(line.command, line.args, {
    ...line.options,
    input,
    encoding: 'utf8',
    env: plainEnvironment(),
  })
  const said = `${done.stderr ?? ''}${done.error?.message ?? ''}`.trim()
  if (done.status !== 0 || /^.*\b(FATAL|ERROR|PANIC):/m.test(said))
    throw new Outage(`The database folder cannot be made. ${explain(said, path.basename(program))}`)
}

/** The message of PostgreSQL that matters, with the way out where we know it. */
export function explain(said: string, program: string): string {
  if (/No space left on device|Disk quota exceeded|Check free disk space/i.test(said))
    return 'The disk is full: make room and start again. Nothing was lost.'
  if (/could not access directory|Permission denied/i.test(said))
    return `${lastLines(said)} The folder and those above it must be open to the user the database runs as: choose another DATA_DIR, or start as an ordinary user.`
  return `${program} said: ${lastLines(said) || 'nothing'}`
}

function lastLines(said: string): string {
  const lines = said.split('\n').filter((line) => /\b(FATAL|ERROR|PANIC|HINT|error):/.test(line))
  return (lines.length > 0 ? lines : said.split('\n')).slice(-3).join(' ').trim()
}

/** Nothing of the operator's own PG… variables or language reaches the server. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env
  return { PATH, HOME, TMPDIR, LC_ALL: 'C', TZ: 'UTC' }
}

function moveIntoPlace(draft: string, dataDir: string): void {
  try {
    fs.renameSync(draft, dataDir)
  } catch (error) {
    if (isCluster(dataDir)) return
    throw new Outage(
      `The folder ${dataDir} exists and holds something that is no database: choose another DATA_DIR, or move it away.`,
      { cause: error },
    )
  }
}

function clearAbandoned(parent: string, name: string): void {
  for (const entry of fs.readdirSync(parent)) {
    const pid = entry.startsWith(`${name}.new-`) ? Number(entry.slice(name.length + 5)) : Number.NaN
    if (Number.isInteger(pid) && !isAlive(pid))
      fs.rmSync(path.join(parent, entry), { recursive: true, force: true })
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
