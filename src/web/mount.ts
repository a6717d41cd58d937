// Serves one built React Router app from Fastify: its pages, its assets, its security headers.
import './react-mode.ts'

import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { createRequestHandler, RouterContextProvider, type ServerBuild } from 'react-router'
import { problemOf } from '#platform/http.ts'
import { type PageRequest, pageContext } from '#web/context.ts'
import { errorPage } from '#web/error-page.ts'
import { guarded } from '#web/failures.ts'
import { writingIn } from '#web/format.ts'

export type Pages = {
  /** `/` or `/bss`. */
  readonly basename: string
  /** The folder `scripts/build-web.mjs` wrote, e.g. `build/storefront`. */
  readonly buildDir: string
  /** Fills the contexts of `#web/context.ts` for one request; may throw an Outage. */
  contextFor(
    request: FastifyRequest,
    reply: FastifyReply,
  ): RouterContextProvider | Promise<RouterContextProvider>
  /** The seller's, in which moments are written. */
  timeZone(): Promise<string>
}

/** Pages take uploads (certificates, key pools, pictures); nothing larger. */
const bodyLimit = 20 * 1024 * 1024

const icon = readFileSync(new URL('./ui/mark.svg', import.meta.url))

export async function mountPages(fastify: FastifyInstance, pages: Pages): Promise<void> {
  const folder = path.resolve(pages.buildDir)
  const build: ServerBuild = await import(pathToFileURL(path.join(folder, 'server/index.js')).href)
  const handle = createRequestHandler(guarded(build), 'production')
  const prefix = pages.basename === '/' ? '' : pages.basename

  await fastify.register(async (scope) => {
    // Bodies belong to the actions of the pages: Fastify must not read them.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null))

    await scope.register(fastifyStatic, {
      root: path.join(folder, 'client/static'),
      prefix: `${prefix}/static/`,
      decorateReply: false,
      preCompressed: true,
      // Every name carries a hash of its content.
      immutable: true,
      maxAge: '365d',
      index: false,
      setHeaders: (reply) => reply.header('x-content-type-options', 'nosniff'),
    })
    if (prefix === '') {
      const serveIcon = (_request: FastifyRequest, reply: FastifyReply) =>
        reply.type('image/svg+xml').header('cache-control', 'public, max-age=86400').send(icon)
      scope.get('/favicon.ico', serveIcon)
      scope.get('/favicon.svg', serveIcon)
      // Nothing behind a sign-in is for search engines.
      scope.get('/robots.txt', (_request, reply) =>
        reply.type('text/plain').send('User-agent: *\nDisallow: /\n'),
      )
    }

    const serve = async (request: FastifyRequest, reply: FastifyReply) => {
      const page: PageRequest = {
        nonce: randomBytes(16).toString('base64'),
        reference: reference(),
        log: request.log,
        afterwards: (work) => runOnceSent(request, reply, work),
      }
      setSecurityHeaders(request, reply, page.nonce)
      try {
        const fetchRequest = await fetchRequestOf(request, reply)
        if ('status' in fetchRequest) return sendErrorPage(reply, fetchRequest.status)
        const context = await pages.contextFor(request, reply)
        context.set(pageContext, page)
        const response = await writingIn(await pages.timeZone(), () => handle(fetchRequest, context))
        return await sendResponse(request, reply, response)
      } catch (error) {
        if (isGone(request.raw, reply.raw)) return reply.hijack()
        const { status } = problemOf(error)
        request.log.error({ err: error, reference: page.reference }, 'a page failed before it began')
        return sendErrorPage(reply, status, page.reference)
      }
    }
    for (const url of prefix ? [prefix, `${prefix}/*`] : ['/*'])
      scope.route({ method: ['GET', 'HEAD', 'POST'], url, handler: serve, exposeHeadRoute: false })
  })
}

function runOnceSent(request: FastifyRequest, reply: FastifyReply, work: () => Promise<void>): void {
  reply.raw.once('close', () => {
    work().catch((error: unknown) =>
      request.log.error({ err: error }, 'what was left until after a page failed'),
    )
  })
}

/** Short enough to be read over the telephone, and no two in a log. */
function reference(): string {
  return randomBytes(5).toString('hex').toUpperCase()
}

function setSecurityHeaders(request: FastifyRequest, reply: FastifyReply, nonce: string): void {
  reply.headers({
    'content-security-policy': [
      "default-src 'self'",
      `script-src 'self' 'nonce-${nonce}'`,
      "style-src 'self'",
      // Widths of progress bars and hidden inputs of the kit are attributes.
      "style-src-attr 'unsafe-inline'",
      "img-src 'self' data:",
      "object-src 'none'",
      "base-uri 'self'",
      "frame-ancestors 'none'",
      "form-action 'self'",
    ].join('; '),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  })
  if (request.protocol === 'https') reply.header('strict-transport-security', 'max-age=31536000')
}

async function fetchRequestOf(
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Request | { status: number }> {
  // The public host and scheme (Fastify's trustProxy): React Router compares them with the Origin of every post.
  const url = URL.parse(`${request.protocol}://${request.host}${request.raw.url}`)
  if (!url || !request.raw.url?.startsWith('/')) return { status: 400 }
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) for (const each of [value].flat()) headers.append(name, each)
  }
  // For throttling sign-ins; what a visitor claims under this name is overwritten.
  headers.set('x-client-ip', request.ip)
  const hasBody = request.method === 'POST'
  const body = hasBody ? await bodyOf(request.raw) : undefined
  if (hasBody && !body) return { status: 413 }
  return new Request(url, { method: request.method, headers, body: body ?? null })
}

/** The whole body, or undefined when it is larger than any page takes. */
async function bodyOf(raw: IncomingMessage): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (Number(raw.headers['content-length'] ?? 0) > bodyLimit) return undefined
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of raw as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > bodyLimit) return undefined
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks))
}

async function sendResponse(
  request: FastifyRequest,
  reply: FastifyReply,
  response: Response,
): Promise<FastifyReply> {
  reply.code(response.status)
  for (const [name, value] of response.headers) if (name !== 'set-cookie') reply.header(name, value)
  const cookies = response.headers.getSetCookie()
  if (cookies.length > 0) reply.header('set-cookie', cookies)
  if (response.status === 503 && !response.headers.has('retry-after')) reply.header('retry-after', '10')
  // What belongs to one person is never kept by caches between.
  if (!response.headers.has('cache-control')) reply.header('cache-control', 'private, no-cache')
  if (!response.body || request.method === 'HEAD') {
    await response.body?.cancel()
    return reply.send()
  }
  const type = response.headers.get('content-type') ?? ''
  // A route without a page (a paper, a picture) that fails in front of a person.
  if (
    response.status >= 400 &&
    type.startsWith('application/json') &&
    request.headers.accept?.includes('text/html')
  ) {
    const { reference } = (await response.json()) as { reference?: string }
    return sendErrorPage(reply, response.status, reference)
  }
  if (!/^(text\/(html|x-script|plain|css)|application\/json)/.test(type))
    return reply.send(Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]))
  const { body, encoding } = await compressed(Buffer.from(await response.arrayBuffer()), request)
  reply.header('vary', 'Accept-Encoding')
  if (encoding) reply.header('content-encoding', encoding)
  return reply.send(body)
}

const brotli = promisify(brotliCompress)
const gzipped = promisify(gzip)

/** Quick levels: pages are made once and read once. */
async function compressed(
  body: Buffer,
  request: FastifyRequest,
): Promise<{ body: Buffer; encoding?: string }> {
  const accepted = String(request.headers['accept-encoding'] ?? '')
  if (body.length < 1024) return { body }
  if (/\bbr\b/.test(accepted)) {
    const params = { [constants.BROTLI_PARAM_QUALITY]: 4, [constants.BROTLI_PARAM_SIZE_HINT]: body.length }
    return { body: await brotli(body, { params }), encoding: 'br' }
  }
  if (/\bgzip\b/.test(accepted)) return { body: await gzipped(body, { level: 5 }), encoding: 'gzip' }
  return { body }
}

function sendErrorPage(reply: FastifyReply, status: number, name?: string): FastifyReply {
  if (status === 503) reply.header('retry-after', '10')
  // A body that was too large is still on its way: the connection cannot be used again.
  if (status === 413) reply.header('connection', 'close')
  return reply
    .code(status)
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(errorPage(status, name))
}

function isGone(request: IncomingMessage, response: ServerResponse): boolean {
  return request.destroyed && !response.writable
}
