// Serves the kit's own app with made-up visitors, so that the parts can be tested and looked at without a shop.
import '#web/react-mode.ts'

import { spawnSync } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import Fastify, { type FastifyInstance } from 'fastify'
import { RouterContextProvider } from 'react-router'
import { Outage } from '#kernel/failure.ts'
import { type Shell, shellContext } from '#web/context.ts'
import { mountPages } from '#web/mount.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const folder = `build/kit-${process.pid}`

export function buildKit(): void {
  const cli = `${root}node_modules/@react-router/dev/bin.cjs`
  const done = spawnSync(process.execPath, [cli, 'build', `${root}tests/kit`, '--logLevel', 'warn'], {
    cwd: root,
    env: { ...process.env, NODE_ENV: 'production', KIT_BUILD: `../../${folder}` },
    encoding: 'utf8',
  })
  if (done.status !== 0) throw new Error(`the kit could not be built:\n${done.stdout}${done.stderr}`)
}

/** Headers say what is wanted: `x-visitor: none`, `x-brand: #ffcc00`, `x-database: away`. */
export async function serveKit(): Promise<{ fastify: FastifyInstance; url: string }> {
  const fastify = Fastify({ trustProxy: true })
  await mountPages(fastify, {
    basename: '/kit',
    buildDir: root + folder,
    contextFor(request) {
      if (request.headers['x-database'] === 'away') throw new Outage('The database is away.')
      const context = new RouterContextProvider()
      const brand = request.headers['x-brand']
      const isDesk = request.url.startsWith('/kit/desk')
      const user: NonNullable<Shell['user']> = {
        name: 'Anna Berg',
        email: 'anna.berg@nordsoft.example',
        accountName: 'NordSoft Handels GmbH',
        kind: isDesk ? 'seller' : 'reseller',
        rights: ['buy', 'see-orders', 'see-assets', 'see-invoices'],
      }
      const company = { name: 'Emporion', ...(typeof brand === 'string' ? { brand } : {}) }
      const isKnown = request.headers['x-visitor'] !== 'none'
      context.set(shellContext, () => ({ company, basketCount: 3, ...(isKnown ? { user } : {}) }))
      return context
    },
    timeZone: async () => 'UTC',
  })
  fastify.addHook('onClose', () => rm(root + folder, { recursive: true, force: true }))
  const url = await fastify.listen({ host: '127.0.0.1', port: 0 })
  return { fastify, url: `${url}/kit` }
}

export const chromiumFlags =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'.split(
    ' ',
  )

/** The browser that comes with the packages. */
export async function chromiumPath(): Promise<string> {
  const { default: packed } = await import('@sparticuz/chromium')
  return packed.executablePath()
}
