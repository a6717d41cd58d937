// The web process: Storefront, back office and API behind one port.
import Fastify from 'fastify'
import { loadConfig } from '#platform/config.ts'
import { reportReady, stopWhenAsked } from './child.ts'
import { compose } from './compose.ts'

const config = loadConfig(process.env)
const { app, close } = await compose(config, 'web', 12)
const fastify = Fastify({ loggerInstance: app.log, trustProxy: true, forceCloseConnections: 'idle' })
fastify.get('/health', async () => ({ ok: true }))
await fastify.listen({ host: config.host, port: config.port })
reportReady({ url: config.publicUrl })
stopWhenAsked(async () => {
  await fastify.close()
  await close()
})
