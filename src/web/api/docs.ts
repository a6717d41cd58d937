// Serves the documentation page from our own disk, under a policy that lets it run nothing and load nothing from anywhere else.
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import { docsPage, type OpenApi } from './docs-page.ts'

const here = import.meta.dirname
const inter = path.dirname(createRequire(import.meta.url).resolve('@fontsource-variable/inter/package.json'))

const files: readonly (readonly [string, string, string])[] = [
  ['docs.css', 'text/css; charset=utf-8', path.join(here, 'docs.css')],
  ['mark.svg', 'image/svg+xml', path.join(here, '../ui/mark.svg')],
  ['inter.woff2', 'font/woff2', path.join(inter, 'files/inter-latin-wght-normal.woff2')],
]

const policy =
  "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const packed = (plain: string) => ({ plain, packed: gzipSync(plain) })

/** `document` is asked once, when somebody first looks. */
export function serveDocs(document: () => unknown, publicUrl: string) {
  let page: { readonly plain: string; readonly packed: Uint8Array } | undefined
  // biome-ignore lint/suspicious/noExplicitAny: whatever logger the server was made with
  return async (fastify: FastifyInstance<any, any, any, any, any>): Promise<void> => {
    fastify.addHook('onRequest', async (_request, reply) => {
      reply.header('content-security-policy', policy)
      reply.header('x-content-type-options', 'nosniff')
      reply.header('referrer-policy', 'no-referrer')
    })
    fastify.get('/', async (request, reply) => {
      page ??= packed(docsPage(document() as OpenApi, publicUrl))
      reply
        .type('text/html; charset=utf-8')
        .header('cache-control', 'no-cache')
        .header('vary', 'accept-encoding')
      if (!/\bgzip\b/.test(String(request.headers['accept-encoding']))) return reply.send(page.plain)
      return reply.header('content-encoding', 'gzip').send(page.packed)
    })
    for (const [name, type, file] of files)
      fastify.get(`/${name}`, async (_request, reply) =>
        reply.header('cache-control', 'public, max-age=3600').type(type).send(fs.createReadStream(file)),
      )
  }
}
