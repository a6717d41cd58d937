// A whole instance as an operator starts it (src/main/start.ts with all its children), for tests of starting, dying and stopping.
import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

const root = path.resolve(import.meta.dirname, '../..')

export type Running = {
  readonly storefront: string
  readonly api: string
  readonly mailbox: string
  readonly apiKey: string
}

export type Instance = {
  readonly process: ChildProcess
  /** What it said so far, on both outputs. */
  said(): string
  /** Waits until it has said something like this; fails when it ends before. */
  says(words: RegExp, withinMs?: number): Promise<void>
  /** Waits until it is up. */
  up(): Promise<Running>
  /** Asks it to stop, and answers its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
  /** Its exit code, once it is gone. */
  ended(): Promise<number | null>
}

const started = new Set<ChildProcess>()

/** For the end of a test file: the kernel takes the children of a killed supervisor along. */
export async function endAll(): Promise<void> {
  for (const child of started) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await gone
  }
}

/** Everything it needs is in `env`: DATA_DIR and PORT at least. `command` is what the operator types, after `node`. */
export function startInstance(
  env: Readonly<Record<string, string>>,
  command: readonly string[] = ['src/main/start.ts'],
): Instance {
  const { DATABASE_URL: _, SMTP_URL: __, EMPORION_KEY: ___, ...inherited } = process.env
  const child = spawn(process.execPath, command, {
    cwd: root,
    env: { ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  started.add(child)
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (text += String(chunk)))
  const gone = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)))
  const instance: Instance = {
    process: child,
    said: () => text,
    ended: () => gone,
    async says(words, withinMs = 60_000) {
      const deadline = Date.now() + withinMs
      while (!words.test(text)) {
        if (child.exitCode !== null || child.signalCode !== null || Date.now() > deadline)
          throw new Error(`It never said ${words}, but:\n${text}`)
        await delay(10)
      }
    },
    async up() {
      await instance.says(/Emporion is up/)
      return JSON.parse(fs.readFileSync(path.join(env['DATA_DIR'] ?? '', 'running.json'), 'utf8')) as Running
    },
    async stop(signal = 'SIGTERM') {
      child.kill(signal)
      return gone
    },
  }
  return instance
}

/** The processes of an instance: every one whose environment names this data folder, or that works inside it (Linux). */
export function processesOf(dataDir: string): number[] {
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        const environment = fs.readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
        return (
          environment.includes(`DATA_DIR=${dataDir}`) ||
          fs.readlinkSync(`/proc/${pid}/cwd`).startsWith(`${dataDir}/`)
        )
      } catch {
        return false
      }
    })
    .map(Number)
}

/** As a power cut would: every process of the instance at once. */
export async function killEverything(dataDir: string): Promise<void> {
  for (const pid of processesOf(dataDir)) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // Gone with its parent already.
    }
  }
  await noneLeft(dataDir)
}

/** Waits until nothing of the instance is left. */
export async function noneLeft(dataDir: string, withinMs = 10_000): Promise<void> {
  const deadline = Date.now() + withinMs
  for (let left = processesOf(dataDir); left.length > 0; left = processesOf(dataDir)) {
    if (Date.now() > deadline) throw new Error(`Still there: ${left.join(', ')}`)
    await delay(20)
  }
}
