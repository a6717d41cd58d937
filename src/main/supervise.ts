// Keeps one child process alive: started again with growing pauses when it dies, stopped when asked, and killed by the
// kernel (Linux) when we are.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Outage } from '#kernel/failure.ts'

export type Announcement = Readonly<Record<string, unknown>>

export type Supervised = {
  readonly name: string
  readonly pid: () => number | undefined
  /** What the child said when it was first up. Rejects when it dies before that. */
  readonly firstUp: Promise<Announcement>
  /** Asks it to end, waits, and ends it by force after `withinMs`. */
  stop(withinMs: number): Promise<void>
  /** Ends it politely and starts it anew, as development does after a change. */
  restart(): void
  kill(): void
}

export type ChildOptions = {
  readonly name: string
  readonly script: string
  /** Flags of Node itself. */
  readonly flags?: readonly string[]
  readonly env: NodeJS.ProcessEnv
  /** Where its output goes; undefined: with ours. */
  readonly logFile: string | undefined
  readonly log: (line: string) => void
}

// Room for young objects. What a job makes fits into 2 MB, a page makes 1.5 MB and may share its room with another's; Node's own 16 MB
// would be kept for ever.
export const webFlags: readonly string[] = ['--max-semi-space-size=4']
export const workerFlags: readonly string[] = ['--max-semi-space-size=2']

const firstPauseMs = 200
const longestPauseMs = 30_000
const steadyAfterMs = 60_000
const upWithinMs = 60_000

export function supervise(options: ChildOptions): Supervised {
  const { name, log } = options
  let child: ChildProcess | undefined
  let isStopping = false
  let isRestarting = false
  let wasUp = false
  let pauseMs = firstPauseMs
  let ended: Promise<void> = Promise.resolve()
  const up = Promise.withResolvers<Announcement>()
  up.promise.catch(() => {})

  const begin = () => {
    const startedAt = Date.now()
    const output = openOutput(options.logFile)
    const current = launch(options, output.fd)
    child = current
    const tooLate = setTimeout(() => {
      if (!wasUp) current.kill('SIGKILL')
    }, upWithinMs)
    current.on('message', (message) => {
      if (!isAnnouncement(message)) return
      clearTimeout(tooLate)
      wasUp = true
      up.resolve(message)
    })
    ended = new Promise((resolve) => {
      let isOver = false
      const over = (why: string) => {
        if (isOver) return
        isOver = true
        clearTimeout(tooLate)
        const said = output.tail()
        output.close()
        resolve()
        if (isStopping) return
        if (!wasUp) {
          up.reject(new Outage(`The ${name} did not start (${why}).${said ? `\n${said}` : ''}`))
          return
        }
        if (isRestarting) {
          isRestarting = false
          begin()
          return
        }
        if (Date.now() - startedAt > steadyAfterMs) pauseMs = firstPauseMs
        log(`The ${name} ended (${why}); starting it again in ${pauseMs / 1000} s`)
        void delay(pauseMs).then(() => {
          if (!isStopping) begin()
        })
        pauseMs = Math.min(pauseMs * 2, longestPauseMs)
      }
      current.once('exit', (code, signal) => over(signal ?? `exit code ${code}`))
      current.once('error', (error) => over(error.message))
    })
  }
  begin()

  return {
    name,
    pid: () => child?.pid,
    firstUp: up.promise,
    restart: () => {
      isRestarting = true
      child?.kill('SIGTERM')
    },
    kill: () => {
      isStopping = true
      child?.kill('SIGKILL')
    },
    stop: async (withinMs) => {
      isStopping = true
      child?.kill('SIGTERM')
      const timer = setTimeout(() => {
        log(`The ${name} does not end by itself; ending it by force`)
        child?.kill('SIGKILL')
      }, withinMs)
      await ended
      clearTimeout(timer)
    },
  }
}

function launch({ script, flags = [], env }: ChildOptions, output: number | 'inherit'): ChildProcess {
  const [command = process.execPath, ...args] = [...dieWithUs(), process.execPath, ...flags, script]
  return spawn(command, args, {
    env,
    stdio: ['ignore', output, output, 'ipc'],
    // Its own session: Ctrl-C in the terminal reaches us alone, and we end the children in their order.
    detached: true,
  })
}

let farewell: readonly string[] | undefined

/** A command put in front, so that the kernel ends the child when we are killed. Empty where there is none. */
function dieWithUs(): readonly string[] {
  const prefix = ['setpriv', '--pdeathsig', 'KILL']
  const has = process.platform === 'linux' && farewell === undefined
  if (has)
    farewell =
      spawnSync('setpriv', [...prefix.slice(1), 'true'], { stdio: 'ignore' }).status === 0 ? prefix : []
  return farewell ?? []
}

function isAnnouncement(message: unknown): message is Announcement {
  return (
    typeof message === 'object' &&
    message !== null &&
    ('ready' in message || 'service' in message || 'web' in message)
  )
}

function openOutput(file: string | undefined): {
  fd: number | 'inherit'
  tail: () => string
  close: () => void
} {
  if (file === undefined) return { fd: 'inherit', tail: () => '', close: () => {} }
  let fd: number
  try {
    fd = openLogFile(file)
  } catch {
    // A full disk: a child without a log is better than none.
    return { fd: 'inherit', tail: () => '', close: () => {} }
  }
  const begin = fs.fstatSync(fd).size
  const tail = () =>
    fs.readFileSync(file).subarray(begin).toString('utf8').trim().split('\n').slice(-12).join('\n')
  return { fd, tail, close: () => fs.closeSync(fd) }
}

function openLogFile(file: string): number {
  const keptBytes = 10_000_000
  fs.mkdirSync(path.dirname(file), { recursive: true })
  if (fs.existsSync(file) && fs.statSync(file).size > keptBytes) fs.renameSync(file, `${file}.1`)
  return fs.openSync(file, 'a', 0o600)
}
