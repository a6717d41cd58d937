// Papers as PDF, set by Typst. The compiler lives in a process of its own: a thread that compiles cannot be stopped
// from outside (a looping template would hang us even at exit), a process can be killed, and gives all its memory back
// when it ends. It starts with the first paper, ends after an idle minute, and is renewed now and then.
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Outage } from '#kernel/failure.ts'
import type { CompilerAnswer, CompilerTask } from './compiler.ts'

export type PaperOrder = {
  /** Typst source. It reads `sys.inputs`: `data` (JSON text), `title`, `lang`. */
  template: string
  data: unknown
  title: string
  lang: string
  /** The moment written into the document; with it given, the same input makes the same bytes. */
  createdAt?: Temporal.Instant
  timeLimitMs?: number
}

const idleMs = 60_000
const papersPerProcess = 1000
const usualTimeLimitMs = 20_000

/** What a template cannot do with its data: our mistake or a picture's, never something that passes by waiting. */
export class PaperFault extends Error {}

let compiler: ChildProcess | undefined
let papersMade = 0
let idleTimer: NodeJS.Timeout | undefined
let queue: Promise<unknown> = Promise.resolve()

/** Renders one paper as PDF/A-3a. Papers are made one after another; each has its time limit (then: Outage). */
export function renderPdf(order: PaperOrder): Promise<Uint8Array> {
  const paper = queue.then(() => make(order))
  queue = paper.catch(() => undefined)
  return paper
}

/** Ends the compiler's process now, for a clean stop. The next paper starts a new one. */
export function stopPdf(): void {
  clearTimeout(idleTimer)
  compiler?.kill('SIGKILL')
  compiler = undefined
  papersMade = 0
}

function start(): ChildProcess {
  // No environment: secrets stay with us. IPC ends with us, and the process with it.
  const child = fork(fileURLToPath(new URL('./compiler.ts', import.meta.url)), {
    env: {},
    execArgv: ['--max-old-space-size=256'],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  child.once('exit', () => {
    if (compiler === child) compiler = undefined
  })
  return child
}

async function make(order: PaperOrder): Promise<Uint8Array> {
  clearTimeout(idleTimer)
  if (papersMade >= papersPerProcess) stopPdf()
  if (!compiler) {
    compiler = start()
    papersMade = 0
  }
  const child = compiler
  papersMade++
  keepAlive(child, true)
  try {
    return await ask(child, order)
  } finally {
    keepAlive(child, false)
    idleTimer = setTimeout(stopPdf, idleMs)
    idleTimer.unref()
  }
}

/** Only a paper under way keeps our own process from ending. */
function keepAlive(child: ChildProcess, isBusy: boolean): void {
  if (isBusy) {
    child.ref()
    child.channel?.ref()
  } else {
    child.unref()
    child.channel?.unref()
  }
}

function ask(child: ChildProcess, order: PaperOrder): Promise<Uint8Array> {
  const timeLimitMs = order.timeLimitMs ?? usualTimeLimitMs
  const task: CompilerTask = {
    template: order.template,
    inputs: { data: JSON.stringify(order.data ?? null), title: order.title, lang: order.lang },
    createdAtSeconds: order.createdAt ? Math.floor(order.createdAt.epochMilliseconds / 1000) : undefined,
    timeLimitMs,
  }
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      if (compiler === child) stopPdf()
      fail(new Outage(`The paper "${order.title}" was not ready after ${timeLimitMs} ms.`))
    }, timeLimitMs)
    const settle = () => {
      clearTimeout(timer)
      child.off('message', answered).off('exit', died).off('error', broken)
    }
    const fail = (error: Error) => {
      settle()
      reject(error)
    }
    const answered = (message: unknown) => {
      const answer = message as CompilerAnswer
      if ('fault' in answer) return fail(new PaperFault(`The paper "${order.title}": ${answer.fault}`))
      settle()
      resolve(answer.pdf)
    }
    const died = () => fail(new Outage('The PDF compiler ended unexpectedly.'))
    const broken = (cause: Error) => fail(new Outage('The PDF compiler does not answer.', { cause }))
    child.on('message', answered).on('exit', died).on('error', broken)
    child.send(task, (cause) => cause && broken(cause))
  })
}
