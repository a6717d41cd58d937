// The description of the API says everything the API does, and its page needs nothing from elsewhere.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import Fastify from 'fastify'
import { z } from 'zod'
import type { App } from '#flows/app.ts'
import { openLog } from '#platform/log.ts'
import { problemCodes } from '#web/api/codes.ts'
import { registerApi } from '#web/api/index.ts'
import { example } from '#web/api/introduction.ts'
import { type Client, openClient } from '../support/api.ts'
import { faultsIn, openApi31, type Schema } from '../support/openapi.ts'

// Nothing here asks the database.
const app = { log: openLog({ level: 'silent', name: 'test' }) } as App
let client: Client
// biome-ignore lint/suspicious/noExplicitAny: an OpenAPI document is looked at, not typed
let document: any

before(async () => {
  client = await openClient(app)
  document = (await client.ask('GET', '/openapi.json')).body
})
after(() => client?.close())

const faultsOf = (value: unknown, schema: Schema) => faultsIn(value, schema, document.components.schemas)

type Operation = {
  operationId: string
  summary: string
  description: string
  tags: string[]
  security: unknown
  parameters?: { in: string; name: string; required: boolean; schema?: Schema }[]
  responses: Record<string, { description: string; content?: Record<string, unknown> }>
}

function operations(): [string, string, Operation][] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Operation>).map(
      ([method, operation]): [string, string, Operation] => [method, path, operation],
    ),
  )
}

test('every route stands in it, and nothing else', async () => {
  const routes: string[] = []
  const fastify = Fastify()
  fastify.addHook('onRoute', ({ method, url }) => {
    for (const each of [method].flat())
      if (each !== 'HEAD' && url.startsWith('/api/v1/') && !/\*$|\/v1\/$|openapi\.json$/.test(url))
        routes.push(`${each} ${url}`)
  })
  await registerApi(fastify, { app, publicUrl: 'http://shop.example' })
  await fastify.ready()
  await fastify.close()
  const described = operations().map(
    ([method, path]) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`,
  )
  assert.deepEqual(described.sort(), routes.sort())
  assert.ok(routes.length >= 85, `${routes.length} routes`)
})

test('every operation says what it is, how it fails, and that a write has a key', () => {
  const ids = new Set<string>()
  const tagNames = new Set(document.tags.map((tag: { name: string }) => tag.name))
  for (const [method, path, operation] of operations()) {
    const where = `${method} ${path}`
    assert.ok(operation.summary && operation.description, where)
    assert.equal(operation.tags.length, 1, where)
    assert.ok(!ids.has(operation.operationId), where)
    ids.add(operation.operationId)
    assert.ok(
      Object.keys(operation.responses).some((status) => status.startsWith('2')),
      where,
    )
    for (const [status, { content, description }] of Object.entries(operation.responses)) {
      assert.notEqual(description, 'Default Response', where)
      if (Number(status) >= 400)
        assert.deepEqual(Object.keys(content ?? {}), ['application/problem+json'], where)
    }
    for (const status of ['401', '403', '404', '422', '500', '503'])
      assert.ok(operation.responses[status], `${where} ${status}`)
    const key = operation.parameters?.find((each) => each.in === 'header' && each.name === 'Idempotency-Key')
    const isReading = method === 'get' || /price-(quotes|trials)$|preview$|\/test$/.test(path)
    assert.equal(key?.required, isReading ? undefined : true, where)
    assert.deepEqual(operation.security, [{ apiKey: [] }, { session: [] }], where)
    assert.ok(tagNames.has(operation.tags[0] ?? ''), where)
    for (const [, name] of path.matchAll(/\{(\w+)\}/g))
      assert.ok(
        operation.parameters?.some((each) => each.in === 'path' && each.name === name && each.required),
        where,
      )
  }
})

test('a list is bounded, and a body says what it looks like', () => {
  for (const [method, path, operation] of operations()) {
    const where = `${method} ${path}`
    const limit = operation.parameters?.find(({ name }) => name === 'limit')
    const names = Object.keys(operation.responses['200']?.content ?? {})
    const schema = document.components.schemas[listName(operation) ?? '']
    if (schema?.properties?.nextCursor) {
      assert.deepEqual(
        [limit?.schema?.minimum, limit?.schema?.maximum, limit?.schema?.default],
        [1, 200, 50],
        where,
      )
      assert.ok(
        operation.parameters?.some(({ name }) => name === 'cursor'),
        where,
      )
      assert.deepEqual(names, ['application/json'], where)
    }
  }
})

function listName(operation: Operation): string | undefined {
  const content = operation.responses['200']?.content?.['application/json'] as
    | { schema?: { $ref?: string } }
    | undefined
  return content?.schema?.$ref?.split('/').at(-1)
}

test('it has the form of an OpenAPI 3.1 document', () => {
  const reason = z.prettifyError(openApi31.safeParse(document).error ?? new z.ZodError([]))
  assert.ok(openApi31.safeParse(document).success, reason)
  for (const wrong of [
    { ...document, openapi: '3.0.3' },
    { ...document, info: {} },
    { ...document, paths: { 'no-slash': {} } },
    { ...document, paths: { '/x': { fetch: {} } } },
  ])
    assert.equal(openApi31.safeParse(wrong).success, false)
})

test('every example is one its own schema takes', () => {
  const schemas = document.components.schemas as Record<string, { examples?: unknown[] }>
  let looked = 0
  for (const [name, schema] of Object.entries(schemas))
    for (const example of schema.examples ?? []) {
      looked += 1
      assert.deepEqual(faultsOf(example, { $ref: `#/components/schemas/${name}` }), [], name)
    }
  for (const [method, path, operation] of operations())
    for (const [status, { content }] of Object.entries(operation.responses))
      for (const media of Object.values(content ?? {}) as { example?: unknown; schema: Schema }[]) {
        if (media.example === undefined) continue
        looked += 1
        assert.deepEqual(faultsOf(media.example, media.schema), [], `${method} ${path} ${status}`)
      }
  assert.ok(looked > 500, `${looked} examples`)
  assert.notDeepEqual(faultsOf({ amount: 1 }, { $ref: '#/components/schemas/Money' }), [])
})

test('it is OpenAPI 3.1 with named schemas, every reference leads somewhere, and no name is unused', () => {
  assert.equal(document.openapi, '3.1.0')
  const text = JSON.stringify(document)
  const referred = new Set([...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name))
  assert.deepEqual([...referred].sort(), Object.keys(document.components.schemas).sort())
  for (const name of ['Account', 'Basket', 'Order', 'Asset', 'Invoice', 'Money', 'Problem', 'PriceQuote'])
    assert.ok(referred.has(name), name)
  assert.deepEqual(document.components.schemas.Money.required, ['amount', 'currency'])
  assert.equal(document.servers[0].url, 'http://shop.example')
})

test('the page lists every operation, leads to every schema it names, and knows the codes the program refuses with', async () => {
  const { text } = await client.ask('GET', '/api/docs')
  for (const [method, path, operation] of operations()) {
    assert.ok(text.includes(`id="${operation.operationId}"`), `${method} ${path}`)
    assert.ok(text.includes(`<code>${path.replace('/api/v1', '')}</code>`), path)
  }
  const ids = new Set([...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id))
  for (const [, target] of text.matchAll(/href="#([^"]+)"/g)) assert.ok(ids.has(target ?? ''), `${target}`)
  const codes = new Map(problemCodes().map((each) => [each.code, each]))
  assert.deepEqual(codes.get('price/changed')?.status, 422)
  assert.deepEqual(codes.get('user/email-taken'), {
    code: 'user/email-taken',
    status: 422,
    meaning: 'Somebody signs in with this e-mail already.',
  })
  assert.equal(
    codes.get('input/bad-cursor')?.meaning,
    'This is not a cursor of this list. Start at its first page.',
  )
  for (const code of [
    'order/not-found',
    'outage',
    'idempotency/key-reused',
    'input/invalid',
    'right/missing',
  ])
    assert.ok(codes.get(code)?.meaning, code)
  assert.ok(codes.size >= 90, `${codes.size} codes`)
  for (const code of codes.keys()) assert.ok(text.includes(`<code>${code}</code>`), code)
})

test('the worked example asks for what there is', () => {
  const patterns = Object.keys(document.paths).map(
    (path) => new RegExp(`^${path.replace('/api/v1', '').replace(/\{\w+\}/g, '[^/]+')}$`),
  )
  const asked = [...example('https://shop.example').matchAll(/(?:post |get |\$API)"?(\/[\w$/-]+)/g)].map(
    ([, path = '']) => path,
  )
  assert.ok(asked.length >= 9, asked.join(' '))
  for (const path of asked)
    assert.ok(
      patterns.some((pattern) => pattern.test(path)),
      path,
    )
})

test('the page of the documentation loads nothing from anywhere else', async () => {
  const page = await client.ask('GET', '/api/docs')
  assert.equal(page.status, 200)
  const packed = await client.ask('GET', '/api/docs', { headers: { 'accept-encoding': 'gzip, br' } })
  assert.equal(packed.headers['content-encoding'], 'gzip')
  assert.match(
    String(page.headers['content-security-policy']),
    /default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self';/,
  )
  for (const [, where = ''] of page.text.matchAll(/(?:src|href)="([^"]+)"/g)) {
    if (where.startsWith('#')) continue
    assert.match(where, /^\/api\//)
    assert.equal((await client.ask('GET', where)).status, 200, where)
  }
})
