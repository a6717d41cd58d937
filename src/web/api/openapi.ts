// The OpenAPI 3.1 document, made from the schemas that validate. What is the same everywhere is added here: problems, and the
// Idempotency-Key of writes.
import swagger from '@fastify/swagger'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import { sessionCookieName } from '../session-cookie.ts'
import { withTidyComponents } from './components.ts'
import type { Api } from './fastify.ts'
import { Problem } from './schemas.ts'

const meanings: Readonly<Record<number, string>> = {
  400: 'The request cannot be read, or a POST has no Idempotency-Key',
  401: 'No API key or session, or one that has ended',
  403: 'The rights of the caller do not allow it',
  404: 'It does not exist, or not for the caller',
  409: 'Not possible in the state it is in',
  413: 'The body is too large',
  415: 'The body is not application/json',
  422: 'The rules say no; `code` says which, `errors` names the fields',
  500: 'A failure on our side, logged under the reference',
  503: 'The database is away; try again after Retry-After seconds',
}

const keyHeader = (isRequired: boolean) => ({
  type: 'object' as const,
  properties: {
    'Idempotency-Key': {
      type: 'string',
      minLength: 1,
      maxLength: 200,
      description:
        'Names this request. The same key and body answer the first result again, with the header Idempotent-Replay; another body is refused with 422. Kept for two days.',
    },
  },
  ...(isRequired ? { required: ['Idempotency-Key'] } : {}),
})

const about = `Everything a screen can do. Authorize with an API key (\`Authorization: Bearer emp_…\`) or with the session of a signed-in person.

**Money** is an exact decimal text with its currency. **Moments** are RFC 3339 in UTC, days \`2026-11-24\`. **Lists** answer \`items\` and \`nextCursor\`; give it back as \`cursor\` for the next page. **Errors** are RFC 9457 problem details: \`code\` is stable, \`errors\` points at the fields at fault. **Writes** take an \`Idempotency-Key\`, which every POST needs. What belongs to somebody else does not exist: 404.`

export const tags = [
  { name: 'Me', description: 'Who is asking.' },
  { name: 'Accounts', description: 'Companies, and what vendors know about them.' },
  { name: 'Catalogue', description: 'Products, plans and prices.' },
  { name: 'Baskets', description: 'Drafts of orders, and the checkout.' },
  { name: 'Orders', description: 'What was ordered, and how far it is.' },
  { name: 'Assets', description: 'ESD licences with their keys.' },
  { name: 'Invoices', description: 'Invoices and credit invoices.' },
  { name: 'Setup', description: 'Notifications, mails, jobs and the audit log. For the seller.' },
]

export async function describeApi(api: Api, publicUrl: string): Promise<void> {
  await api.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Emporion API',
        version: '1.0.0',
        description: about,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: publicUrl }, { url: '/', description: 'Where this page is open' }],
      tags,
      components: {
        securitySchemes: {
          apiKey: { type: 'http', scheme: 'bearer', description: 'An API key: emp_…' },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: sessionCookieName('storefront', publicUrl),
            description: 'A signed-in person.',
          },
        },
      },
      security: [{ apiKey: [] }, { session: [] }],
    },
    transform: (input) => {
      const { schema, url } = jsonSchemaTransform(input as never) as { schema: Described; url: string }
      const { method, config } = input.route
      const methods = Array.isArray(method) ? method : [method]
      if (schema.hide || methods.some((each) => each === 'HEAD')) return { schema: { hide: true }, url }
      const isWrite = !methods.includes('GET') && !config?.isReading
      const statuses = [
        ...[401, 403, 404, 422, 500, 503],
        ...(isWrite ? [400, 409] : []),
        ...(methods.includes('GET') ? [] : [413, 415]),
      ]
      const problems = statuses.sort().map((status) => [status, problem(status)] as const)
      const body = input.schema?.body as z.ZodType | undefined
      return {
        schema: {
          ...schema,
          operationId: schema.operationId ?? operationId(methods[0] ?? '', url),
          ...(isWrite ? { headers: keyHeader(methods.includes('POST')) } : {}),
          ...(body?.safeParse(undefined).success ? { [OPTIONAL_BODY]: true } : {}),
          response: { ...schema.response, ...Object.fromEntries(problems) },
        },
        url,
      } as never
    },
    transformObject: (input) =>
      withTidyComponents(
        withPlainOperations(jsonSchemaTransformObject(input) as Described31) as never,
      ) as never,
  })
  let text: string | undefined
  api.get('/openapi.json', { config: { isOpen: true }, schema: { hide: true } }, async (_request, reply) => {
    text ??= JSON.stringify(api.swagger())
    return reply
      .header('cache-control', 'public, max-age=300')
      .type('application/json; charset=utf-8')
      .send(text)
  })
}

const OPTIONAL_BODY = 'x-optional-body'

type Operation = {
  [OPTIONAL_BODY]?: boolean
  requestBody?: { required?: boolean }
  responses?: Record<string, { description?: string }>
}
type Described31 = { paths?: Record<string, Record<string, Operation>> }

const successes: Readonly<Record<string, string>> = {
  200: 'Done',
  201: 'Made',
  202: 'Begun; read it again for the outcome',
}

/** What the generator cannot know: that a body may be left out, and what a success means. */
function withPlainOperations(document: Described31): Described31 {
  for (const operation of Object.values(document.paths ?? {}).flatMap((path) => Object.values(path))) {
    if (operation[OPTIONAL_BODY] && operation.requestBody) operation.requestBody.required = false
    delete operation[OPTIONAL_BODY]
    for (const [status, response] of Object.entries(operation.responses ?? {}))
      if (response.description === 'Default Response') response.description = successes[status] ?? 'Done'
  }
  return document
}

type Described = { hide?: boolean; operationId?: string; response?: Record<string, unknown> }

const problemReference = { $ref: `#/components/schemas/${Problem.meta()?.id}` }

function problem(status: number) {
  return {
    description: meanings[status] ?? 'Refused',
    content: { 'application/problem+json': { schema: problemReference } },
  }
}

/** `getOrdersById`: stable names for generated clients. */
function operationId(method: string, url: string): string {
  const words = url
    .replace(/^\/api\/v1/, '')
    .split('/')
    .filter(Boolean)
    .map((word) => (word.startsWith(':') ? `by-${word.slice(1)}` : word))
  return [method.toLowerCase(), ...words]
    .join('-')
    .replace(/-(\w)/g, (_dash, letter: string) => letter.toUpperCase())
}
