// The OpenAPI 3.1 document, made from the schemas that validate. What is the same everywhere is added here: problems, and the
// Idempotency-Key of writes.
import swagger from '@fastify/swagger'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import { invalid, Outage, Refusal } from '#kernel/failure.ts'
import { problemOf } from '#platform/http.ts'
import { sessionCookieName } from '../session-cookie.ts'
import { withTidyComponents } from './components.ts'
import type { Api } from './fastify.ts'
import { introduction } from './introduction.ts'
import { Problem } from './schemas.ts'
import type { Upload } from './uploads.ts'

const meanings: Readonly<Record<number, string>> = {
  400: 'The request cannot be read: malformed JSON, a bad cursor, a write without an Idempotency-Key',
  401: 'No API key or session, or one that has ended',
  403: 'The rights of the caller do not allow it',
  404: 'It does not exist, or not for the caller',
  409: 'Not possible in the state it is in',
  413: 'The body is too large',
  415: 'The body is not of a type this address reads',
  422: 'The rules say no; `code` says which, `errors` names the fields',
  500: 'A failure on our side, logged under the reference',
  503: 'The database, a vendor or the mail server is away; try again after Retry-After seconds',
}

/** What a problem of each status looks like. */
const samples: Readonly<Record<number, Error>> = {
  400: new Refusal(
    'idempotency/key-missing',
    'A write needs an Idempotency-Key header: a new one, such as a UUID, for every new request; the same one to ask again.',
  ),
  401: new Refusal(
    'auth/required',
    'Send an API key as "Authorization: Bearer emp_…", or sign in. This key or session is missing, unknown or ended.',
  ),
  403: new Refusal('right/missing', 'Your role does not allow this. Ask an administrator of your company.'),
  404: new Refusal('order/not-found', 'This order does not exist.'),
  409: new Refusal('state/illegal-move', 'Cannot cancel what is executed.'),
  413: new Refusal('input/too-large', 'The body is too large: at most 1 MB.'),
  415: new Refusal(
    'input/unsupported-media-type',
    'Send the body as application/json, and say so in the Content-Type header.',
  ),
  422: invalid({
    pointer: '/lines/0/quantity',
    code: 'too-small',
    message: 'The quantity is a whole number from 1 to 100.',
  }),
  500: new Error('sample'),
  503: new Outage('The database is away.'),
}

const keyHeader = {
  type: 'object' as const,
  properties: {
    'Idempotency-Key': {
      type: 'string',
      minLength: 1,
      maxLength: 200,
      description:
        'Names this request. The same key and body answer the first result again, with the header Idempotent-Replay; another body is refused with 422. Kept for two days.',
      examples: ['9d3c8a52-5a0e-4f6b-8f6e-2f1d7a1c0b11'],
    },
  },
  required: ['Idempotency-Key'],
}

export const tags = [
  { name: 'Me', description: 'Who is asking.' },
  { name: 'Search', description: 'One search over everything. For the seller.' },
  { name: 'Accounts', description: 'Companies, and what vendors know about them.' },
  { name: 'Users', description: 'People who sign in, and their roles.' },
  { name: 'API keys', description: 'Keys for programs that act with your rights.' },
  { name: 'Catalogue', description: 'Products, plans and prices.' },
  {
    name: 'Price rules',
    description: 'Conversion rules, price lists, volume discounts and promotions. For the seller.',
  },
  { name: 'Price sheets', description: 'The vendor’s prices of a market and month. For the seller.' },
  { name: 'Baskets', description: 'Drafts of orders, and the checkout.' },
  { name: 'Orders', description: 'What was ordered, and how far it is.' },
  { name: 'Assets', description: 'ESD licences with their keys.' },
  { name: 'Subscriptions', description: 'Software for a term, and perpetual licences.' },
  { name: 'Invoices', description: 'Invoices and credit invoices.' },
  { name: 'Connectors', description: 'Contracts with vendors, and their catalogues. For the seller.' },
  { name: 'Key pools', description: 'Keys the seller uploads. For the seller.' },
  { name: 'Notes', description: 'What the seller’s people wrote about records. For the seller.' },
  { name: 'Webhooks', description: 'Addresses that are told what becomes of records. For the seller.' },
  {
    name: 'Lists',
    description:
      'Saved filters, lists written into files, and one action on every row of a list with a report of each. For the seller.',
  },
  {
    name: 'Setup',
    description: 'Notifications, mails, jobs, the audit log, and the seller’s own company. For the seller.',
  },
]

const security: Record<string, string[]>[] = [{ apiKey: [] }, { session: [] }]

/** Answers how to have the document, once all routes are there. */
export async function describeApi(api: Api, publicUrl: string): Promise<() => unknown> {
  await api.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Emporion API',
        version: '1.0.0',
        description: introduction,
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
      security,
    },
    transform: (input) => {
      const { schema, url } = jsonSchemaTransform(input as never) as { schema: Described; url: string }
      const { method, config } = input.route
      const methods = Array.isArray(method) ? method : [method]
      if (schema.hide || methods.some((each) => each === 'HEAD')) return { schema: { hide: true }, url }
      const isReading = methods.includes('GET') || config?.isReading === true
      const body = input.schema?.body as z.ZodType | undefined
      const upload = config?.upload
      const mayBeUnreadable = !isReading || body !== undefined || input.schema?.querystring !== undefined
      const statuses = [
        ...[401, 403, 404, 422, 500, 503],
        ...(mayBeUnreadable ? [400] : []),
        ...(isReading ? [] : [409]),
        ...(methods.includes('GET') ? [] : [413, 415]),
      ]
      const problems = statuses.sort().map((status) => [status, problem(status)] as const)
      return {
        schema: {
          ...schema,
          operationId: schema.operationId ?? operationId(methods[0] ?? '', url),
          security,
          ...(isReading ? {} : { headers: keyHeader }),
          ...(upload ? { consumes: upload.types, body: fileSchema(upload) } : {}),
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
  return () => api.swagger()
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
    content: {
      'application/problem+json': { schema: problemReference, example: problemOf(samples[status]) },
    },
  }
}

function fileSchema({ description, example }: Upload) {
  return { type: 'string', format: 'binary', description, ...(example ? { examples: [example] } : {}) }
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
