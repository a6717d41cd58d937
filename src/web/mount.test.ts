// The door between Fastify and the pages, on a small app of hand-written routes.
import '#web/react-mode.ts'

import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { brotliDecompressSync } from 'node:zlib'
import Fastify, { type FastifyInstance } from 'fastify'
import { RouterContextProvider } from 'react-router'
import { Outage } from '#kernel/failure.ts'
import { mountPages } from '#web/mount.ts'

// Inside the project, so that the routes below find the packages and the rooms.
const builds = path.resolve(import.meta.dirname, '../../build')
mkdirSync(builds, { recursive: true })
const folder = mkdtempSync(path.join(builds, 'mount-test-'))

const server = `
import { redirect } from 'react-router'
import { Outage, Refusal } from '#kernel/failure.ts'
import { pageOf } from '#web/context.ts'
const route = (id, path, module) => ({ id, path, module, parentId: undefined })
export const routes = Object.fromEntries([
  route('echo', 'echo', {
    loader: ({ request, context }) => Response.json({ url: request.url, ip: request.headers.get('x-client-ip'), nonce: pageOf(context).nonce }),
    action: async ({ request }) => Response.json({ size: (await request.text()).length }),
  }),
  route('moved', 'moved', { loader: () => {
    const headers = new Headers({ location: '/echo' })
    headers.append('set-cookie', 'a=1; Path=/')
    headers.append('set-cookie', 'b=2; Path=/')
    return new Response(null, { status: 303, headers })
  } }),
  route('inside', 'inside', { loader: () => redirect('/echo') }),
  route('long', 'long', { loader: () => new Response('licence '.repeat(1000), { headers: { 'content-type': 'text/plain' } }) }),
  route('refused', 'refused', { loader: () => { throw new Refusal('order/not-found', 'This order does not exist.') } }),
  route('away', 'away', { loader: () => { throw new Outage('The database is away.') } }),
  route('broken', 'broken', { loader: () => { throw new Error('select * from secret') } }),
].map((each) => [each.id, each]))
export const entry = { module: { default: () => new Response('page') } }
export const assets = { version: '1', url: '', entry: { module: '', imports: [] }, routes: {} }
export const basename = '/'
export const publicPath = '/'
export const assetsBuildDirectory = 'client'
export const future = {}
export const ssr = true
export const isSpaMode = false
export const prerender = []
export const routeDiscovery = { mode: 'initial' }
`

let fastify: FastifyInstance
let isAway = false

before(async () => {
  mkdirSync(path.join(folder, 'server'))
  mkdirSync(path.join(folder, 'client/static'), { recursive: true })
  writeFileSync(path.join(folder, 'server/index.js'), server)
  writeFileSync(path.join(folder, 'client/static/app-1a2b.js'), 'let a')
  writeFileSync(path.join(folder, 'client/static/app-1a2b.js.br'), 'packed')
  fastify = Fastify({ trustProxy: true })
  await mountPages(fastify, {
    basename: '/',
    buildDir: folder,
    contextFor() {
      if (isAway) throw new Outage('The database is away.')
      return new RouterContextProvider()
    },
    timeZone: async () => 'Europe/Berlin',
  })
})
after(async () => {
  await fastify.close()
  rmSync(folder, { recursive: true })
})

test('a page sees the public host, and whose address asked', async () => {
  const answer = await fastify.inject({
    url: '/echo?q=1',
    headers: {
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'shop.example',
      'x-forwarded-for': '192.0.2.7',
      'x-client-ip': '10.0.0.1',
    },
  })
  const { url, ip, nonce } = answer.json()
  assert.equal(url, 'https://shop.example/echo?q=1')
  assert.equal(ip, '192.0.2.7')
  assert.match(String(answer.headers['content-security-policy']), /script-src 'self' 'nonce-/)
  assert.ok(String(answer.headers['content-security-policy']).includes(`'nonce-${nonce}'`))
  assert.equal(answer.headers['strict-transport-security'], 'max-age=31536000')
  assert.equal(answer.headers['cache-control'], 'private, no-cache')
})

test('every answer has a nonce of its own', async () => {
  const [one, two] = await Promise.all([fastify.inject('/echo'), fastify.inject('/echo')])
  assert.notEqual(one.json().nonce, two.json().nonce)
})

test('a redirect keeps both its cookies', async () => {
  const answer = await fastify.inject('/moved')
  assert.equal(answer.statusCode, 303)
  assert.equal(answer.headers.location, '/echo')
  assert.deepEqual(answer.headers['set-cookie'], ['a=1; Path=/', 'b=2; Path=/'])
})

test('a post reaches the action unread', async () => {
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    host: 'shop.example',
    origin: 'http://shop.example',
  }
  const answer = await fastify.inject({ method: 'POST', url: '/echo', headers, payload: 'quantity=3' })
  assert.deepEqual(answer.json(), { size: 10 })
})

test('a body of 21 MB is refused in words', async () => {
  const headers = { 'content-type': 'text/plain', host: 'shop.example' }
  const answer = await fastify.inject({
    method: 'POST',
    url: '/echo',
    headers,
    payload: Buffer.alloc(21 * 1024 * 1024),
  })
  assert.equal(answer.statusCode, 413)
  assert.match(answer.body, /Files may have up to 20 MB/)
})

test('long texts are compressed for those who can unpack them', async () => {
  const answer = await fastify.inject({ url: '/long', headers: { 'accept-encoding': 'gzip, br' } })
  assert.equal(answer.headers['content-encoding'], 'br')
  assert.equal(brotliDecompressSync(answer.rawPayload).length, 8000)
  assert.ok(answer.rawPayload.length < 200)
  assert.equal((await fastify.inject('/long')).body.length, 8000)
})

test('HEAD is answered without a body', async () => {
  const answer = await fastify.inject({ method: 'HEAD', url: '/long' })
  assert.equal(answer.statusCode, 200)
  assert.equal(answer.body, '')
})

test('assets are kept for a year and sent as they were packed', async () => {
  const answer = await fastify.inject({ url: '/static/app-1a2b.js', headers: { 'accept-encoding': 'br' } })
  assert.equal(answer.body, 'packed')
  assert.equal(answer.headers['content-encoding'], 'br')
  assert.equal(answer.headers['cache-control'], 'public, max-age=31536000, immutable')
})

test('icon and robots are answered before any page', async () => {
  assert.equal((await fastify.inject('/favicon.ico')).headers['content-type'], 'image/svg+xml')
  assert.equal((await fastify.inject('/robots.txt')).body, 'User-agent: *\nDisallow: /\n')
})

test('a refusal is a 404 with its words, an outage a 503 that says when to come back, a bug a 500 with a reference', async () => {
  const refused = await fastify.inject('/refused')
  assert.equal(refused.statusCode, 404)
  assert.equal(refused.json().message, 'This order does not exist.')
  const away = await fastify.inject('/away')
  assert.equal(away.statusCode, 503)
  assert.equal(away.headers['retry-after'], '10')
  const broken = await fastify.inject('/broken')
  assert.equal(broken.statusCode, 500)
  assert.match(broken.json().reference, /^[0-9A-F]{10}$/)
  assert.ok(!broken.body.includes('secret'))
})

test('a person gets a page where a paper fails', async () => {
  const answer = await fastify.inject({ url: '/broken', headers: { accept: 'text/html,*/*' } })
  assert.equal(answer.statusCode, 500)
  assert.match(answer.body, /Something broke on our side/)
  assert.match(answer.body, /Reference [0-9A-F]{10}/)
  assert.ok(!answer.body.includes('secret'))
})

test('the database may be away before anybody is known', async () => {
  isAway = true
  const answer = await fastify.inject('/echo')
  isAway = false
  assert.equal(answer.statusCode, 503)
  assert.equal(answer.headers['retry-after'], '10')
  assert.match(answer.body, /We will be right back/)
})

test('an address that is none is a 400, not another host', async () => {
  assert.equal((await fastify.inject({ url: '/echo', headers: { host: 'a b' } })).statusCode, 400)
  const answer = await fastify.inject({ url: '//evil.example/echo', headers: { host: 'shop.example' } })
  assert.notEqual(answer.statusCode, 200)
})
