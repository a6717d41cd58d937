// The web process: Storefront, back office and API behind one port.
import fs from 'node:fs'
import path from 'node:path'
import Fastify, { type FastifyBaseLogger, type FastifyRequest } from 'fastify'
import { RouterContextProvider } from 'react-router'
import { resumeSession } from '#flows/users/resume-session.ts'
import { loadConfig } from '#platform/config.ts'
import { stopPdf } from '#platform/pdf/index.ts'
import { type SellerFace, viewSellerFace } from '#views/shell.ts'
import { registerApi } from '#web/api/index.ts'
import { appContext, buyerContext, type Shell, sessionContext, shellContext } from '#web/context.ts'
import { mountPages } from '#web/mount.ts'
import { type Door, sessionToken } from '#web/session-cookie.ts'
import { reportReady, stopWhenAsked } from './child.ts'
import { compose } from './compose.ts'

const root = path.resolve(import.meta.dirname, '../..')
const config = loadConfig(process.env)
const { app, close } = await compose(config, 'web', 12)
const fastify = Fastify({
  loggerInstance: app.log as FastifyBaseLogger,
  trustProxy: true,
  forceCloseConnections: 'idle',
})

const FACE_FOR_MS = 30_000
let face: { at: number; value: Promise<SellerFace> } | undefined

/** The seller's name, colour and time zone change once in years: asked for twice a minute at the most. */
function sellerFace(): Promise<SellerFace> {
  if (!face || Date.now() - face.at > FACE_FOR_MS) {
    const value = viewSellerFace(app.db)
    face = { at: Date.now(), value }
    value.catch(() => {
      face = undefined
    })
  }
  return face.value
}

function contextFor(door: Door) {
  return async (request: FastifyRequest): Promise<RouterContextProvider> => {
    const context = new RouterContextProvider()
    context.set(appContext, app)
    const token = sessionToken(door, config.publicUrl, request.headers.cookie)
    const bearer = token ? await resumeSession(app, token) : undefined
    const isRightDoor = bearer && (bearer.actor.kind === 'staff') === (door === 'backoffice')
    if (bearer && token && isRightDoor) context.set(sessionContext, { actor: bearer.actor, sessionId: token })
    const buying = isRightDoor ? bearer.account : undefined
    const basketCount = bearer?.basketCount ?? 0
    if (buying) context.set(buyerContext, { ...buying, basketCount })
    context.set(shellContext, async (): Promise<Shell> => {
      const company = await sellerFace()
      return {
        company,
        basketCount,
        ...(bearer && isRightDoor
          ? {
              user: {
                name: bearer.user.name,
                email: bearer.user.email,
                accountName: bearer.account?.name ?? company.name,
                kind: bearer.actor.kind === 'portal' ? bearer.actor.accountKind : 'seller',
                rights: [...bearer.actor.rights],
              },
            }
          : {}),
      }
    })
    return context
  }
}

fastify.get('/health', async () => ({ ok: true }))
await registerApi(fastify, { app, publicUrl: config.publicUrl })
for (const { name, basename } of [
  { name: 'storefront', basename: '/' },
  { name: 'backoffice', basename: '/bss' },
] as const) {
  const buildDir = path.join(root, 'build', name)
  if (fs.existsSync(path.join(buildDir, 'server/index.js')))
    await mountPages(fastify, {
      basename,
      buildDir,
      contextFor: contextFor(name),
      timeZone: async () => (await sellerFace()).timeZone,
    })
  else app.log.warn({ name }, 'the pages are not built (npm start builds them)')
}
await fastify.listen({ host: config.host, port: config.port })
reportReady({ url: config.publicUrl })
stopWhenAsked(async () => {
  await fastify.close()
  await stopPdf()
  await close()
})
