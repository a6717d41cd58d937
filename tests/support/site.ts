// The web process and a worker on top of a world, as `npm start` runs them.
import { type ChildProcess, spawn } from 'node:child_process'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import path from 'node:path'
import { webFlags, workerFlags } from '../../src/main/supervise.ts'
import type { World } from './world.ts'

export type Site = { readonly url: string; close(): void }

export async function startSite(world: World): Promise<Site> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const env = { ...world.env, PORT: String(port), HOST: '127.0.0.1', PUBLIC_URL: url, NODE_ENV: 'production' }
  const children = await Promise.all([start('server', env), start('worker', env)])
  return {
    url,
    close() {
      for (const child of children) child.kill('SIGKILL')
    },
  }
}

function start(name: 'server' | 'worker', env: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const child = spawn(
    process.execPath,
    [
      ...(name === 'server' ? webFlags : workerFlags),
      path.resolve(import.meta.dirname, `../../src/main/${name}.ts`),
    ],
    {
      env,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    },
  )
  child.unref()
  return new Promise((resolve, reject) => {
    child.once('message', () => {
      child.channel?.unref()
      resolve(child)
    })
    child.once('exit', (code) => reject(new Error(`the ${name} ended with ${code}`)))
  })
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
}
