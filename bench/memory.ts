// Memory of the running application at rest, without the database: what web, worker and the process that keeps them hold, each page
// that processes share counted in parts (Linux: "Pss"). The demonstration's emulators and mailbox are no part of the application.
import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { table } from './measure.ts'
import { memoryMb, processOf } from './processes.ts'

const root = path.resolve(import.meta.dirname, '..')
const REST_MS = 60_000
const AIM_MB = 250

const SCRIPTS = { supervisor: 'src/main/start.ts', web: 'src/main/server.ts', worker: 'src/main/worker.ts' }

export async function benchMemory(): Promise<string> {
  if (process.platform !== 'linux')
    return 'Memory at rest: only Linux tells what processes share; not measured here.'
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'emporion-memory-'))
  const instance = spawn(process.execPath, [path.join(root, SCRIPTS.supervisor)], {
    env: { ...process.env, DATA_DIR: folder, PORT: '0', DATABASE_URL: '', NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  try {
    const address = await addressOf(instance, path.join(folder, 'running.json'))
    // A first visitor, so that what is loaded when it is first needed is counted too.
    for (const where of ['/login', '/bss/login']) await (await fetch(new URL(where, address))).arrayBuffer()
    await delay(REST_MS)
    const parts = Object.entries(SCRIPTS).map(([name, script]) => ({
      name,
      mb: memoryMb(processOf(instance.pid ?? 0, script)),
    }))
    const sum = parts.reduce((all, { mb }) => all + mb, 0)
    const rows = [...parts, { name: 'all three', mb: sum }].map(({ name, mb }) => [name, mb.toFixed(0)])
    const verdict = sum <= AIM_MB ? 'within' : 'over'
    return [
      `Memory after ${REST_MS / 1000} s of rest, without the database: ${verdict} the aim of ${AIM_MB} MB`,
      table(['', 'MB'], rows),
    ].join('\n')
  } finally {
    const gone = new Promise((resolve) => instance.once('exit', resolve))
    instance.kill('SIGTERM')
    await gone
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

async function addressOf(instance: ChildProcess, file: string): Promise<string> {
  for (let patience = 600; patience > 0 && instance.exitCode === null; patience -= 1) {
    if (fs.existsSync(file))
      return (JSON.parse(fs.readFileSync(file, 'utf8')) as { storefront: string }).storefront
    await delay(200)
  }
  throw new Error('The instance did not start.')
}
