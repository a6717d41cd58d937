// What an OpenAPI 3.1 document looks like, for the parts ours uses, and whether a value is one its schema takes. Strict: a
// keyword nobody knows is a fault.
import { z } from 'zod'

export type Schema = {
  $ref?: string
  type?: string | string[]
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  propertyNames?: Schema
  items?: Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  enum?: unknown[]
  const?: unknown
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  pattern?: string
  default?: unknown
  [word: string]: unknown
}

const name = z.string().min(1)
const schema: z.ZodType<Schema> = z.lazy(() =>
  z.strictObject({
    $ref: z.string().startsWith('#/components/schemas/').optional(),
    type: z
      .enum(['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'])
      .or(z.array(z.string()))
      .optional(),
    properties: z.record(name, schema).optional(),
    required: z.array(name).optional(),
    additionalProperties: z.boolean().or(schema).optional(),
    propertyNames: schema.optional(),
    items: schema.optional(),
    anyOf: z.array(schema).min(1).optional(),
    oneOf: z.array(schema).min(1).optional(),
    allOf: z.array(schema).min(1).optional(),
    enum: z.array(z.unknown()).min(1).optional(),
    const: z.unknown().optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    exclusiveMinimum: z.number().optional(),
    minLength: z.int().optional(),
    maxLength: z.int().optional(),
    minItems: z.int().optional(),
    maxItems: z.int().optional(),
    pattern: z.string().optional(),
    format: z.string().optional(),
    contentEncoding: z.string().optional(),
    default: z.unknown().optional(),
    description: z.string().optional(),
    examples: z.array(z.unknown()).optional(),
    id: z.string().optional(),
  }),
) as never

const media = z.record(
  z.string().regex(/^[\w-]+\/[\w.+-]+$/),
  z.strictObject({ schema, example: z.unknown().optional() }),
)
const parameter = z.strictObject({
  name,
  in: z.enum(['path', 'query', 'header', 'cookie']),
  required: z.boolean(),
  schema,
  description: z.string().optional(),
  example: z.unknown().optional(),
})
const operation = z.strictObject({
  operationId: name,
  summary: name,
  description: name,
  tags: z.array(name).length(1),
  parameters: z.array(parameter).optional(),
  requestBody: z
    .strictObject({ content: media, required: z.boolean().optional(), description: z.string().optional() })
    .optional(),
  responses: z.record(
    z.string().regex(/^[1-5]\d\d$/),
    z.strictObject({ description: name, content: media.optional() }),
  ),
  security: z.array(z.record(name, z.array(z.string()))).min(1),
})

export const openApi31 = z.strictObject({
  openapi: z.literal('3.1.0'),
  info: z.strictObject({
    title: name,
    version: name,
    description: name,
    license: z.strictObject({ name, identifier: name }),
  }),
  servers: z.array(z.strictObject({ url: name, description: z.string().optional() })).min(1),
  tags: z.array(z.strictObject({ name, description: name })),
  security: z.array(z.record(name, z.array(z.string()))),
  paths: z.record(
    z.string().startsWith('/'),
    z.strictObject({
      get: operation.optional(),
      post: operation.optional(),
      put: operation.optional(),
      patch: operation.optional(),
      delete: operation.optional(),
    }),
  ),
  components: z.strictObject({
    schemas: z.record(z.string().regex(/^\w+$/), schema),
    securitySchemes: z.record(
      name,
      z.discriminatedUnion('type', [
        z.strictObject({ type: z.literal('http'), scheme: z.literal('bearer'), description: name }),
        z.strictObject({
          type: z.literal('apiKey'),
          in: z.literal('cookie'),
          name,
          description: name,
        }),
      ]),
    ),
  }),
})

const kindOf = (value: unknown) =>
  value === null
    ? 'null'
    : Array.isArray(value)
      ? 'array'
      : Number.isInteger(value)
        ? 'integer'
        : typeof value

/** What keeps a value from being one of a schema, as sentences. */
export function faultsIn(value: unknown, schema: Schema, schemas: Record<string, Schema>, at = ''): string[] {
  if (schema.$ref !== undefined) {
    const named = schemas[schema.$ref.split('/').at(-1) ?? '']
    return named ? faultsIn(value, named, schemas, at) : [`${at}: ${schema.$ref} leads nowhere`]
  }
  const choices = schema.anyOf ?? schema.oneOf
  if (choices && choices.every((choice) => faultsIn(value, choice, schemas, at).length > 0))
    return [`${at}: none of the choices fits`]
  const kinds = [schema.type ?? []].flat()
  const kind = kindOf(value)
  if (kinds.length > 0 && !kinds.includes(kind) && !(kind === 'integer' && kinds.includes('number')))
    return [`${at}: ${kind} is not ${kinds.join(' or ')}`]
  if (schema.enum && !schema.enum.includes(value)) return [`${at}: not a choice`]
  if (typeof value === 'string') return textFaults(value, schema, at)
  if (Array.isArray(value))
    return value.flatMap((each, index) => faultsIn(each, schema.items ?? {}, schemas, `${at}/${index}`))
  if (typeof value === 'object' && value !== null) {
    const given = value as Record<string, unknown>
    return [
      ...(schema.required ?? [])
        .filter((field) => !(field in given))
        .map((field) => `${at}/${field} is needed`),
      ...Object.entries(given).flatMap(([field, each]) => {
        const known = schema.properties?.[field]
        if (known) return faultsIn(each, known, schemas, `${at}/${field}`)
        if (typeof schema.additionalProperties === 'object')
          return faultsIn(each, schema.additionalProperties, schemas, `${at}/${field}`)
        return schema.additionalProperties === false ? [`${at}/${field} is not known`] : []
      }),
    ]
  }
  return []
}

function textFaults(value: string, schema: Schema, at: string): string[] {
  if (value.length < (schema.minLength ?? 0)) return [`${at}: too short`]
  if (value.length > (schema.maxLength ?? Number.POSITIVE_INFINITY)) return [`${at}: too long`]
  if (schema.pattern && !new RegExp(schema.pattern).test(value)) return [`${at}: not of its form`]
  return []
}
