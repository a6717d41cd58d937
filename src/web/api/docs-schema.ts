// How a JSON Schema reads on the documentation page: its type in words, its fields as a list, and an example of it.
export type JsonSchema = {
  $ref?: string
  type?: string | string[]
  format?: string
  properties?: Record<string, JsonSchema>
  required?: string[]
  additionalProperties?: boolean | JsonSchema
  items?: JsonSchema
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  enum?: unknown[]
  const?: unknown
  minimum?: number
  maximum?: number
  maxLength?: number
  default?: unknown
  description?: string
  examples?: unknown[]
}
export type Schemas = Readonly<Record<string, JsonSchema>>

const signs: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
export const escaped = (text: string) => text.replace(/[&<>"]/g, (sign) => signs[sign] ?? sign)

/** Descriptions use backticks for code and nothing else. */
export const described = (text: string | undefined) =>
  escaped(text ?? '').replace(/`([^`]+)`/g, '<code>$1</code>')

const nameIn = (reference: string) => reference.split('/').at(-1) ?? ''
const isNull = (schema: JsonSchema) => schema.type === 'null'

export function typeOf(schema: JsonSchema): string {
  if (schema.$ref) return `<a href="#schema-${nameIn(schema.$ref)}">${nameIn(schema.$ref)}</a>`
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return choices.map((each) => (isNull(each) ? 'null' : typeOf(each))).join(' or ')
  if (schema.const !== undefined) return `<code>${escaped(String(schema.const))}</code>`
  if (schema.enum) return schema.enum.map((each) => `<code>${escaped(String(each))}</code>`).join(' · ')
  if (schema.items) return `list of ${typeOf(schema.items)}`
  const type = [schema.type ?? 'anything'].flat().join(' or ')
  return schema.format && schema.format !== 'binary' ? `${type} (${schema.format})` : type
}

function limitsOf(schema: JsonSchema): string {
  const parts: string[] = []
  if (schema.minimum !== undefined && schema.minimum > -1e9) parts.push(`from ${schema.minimum}`)
  if (schema.maximum !== undefined && schema.maximum < 1e9) parts.push(`to ${schema.maximum}`)
  if (schema.maxLength !== undefined) parts.push(`at most ${schema.maxLength} characters`)
  if (schema.default !== undefined && schema.default !== '') parts.push(`${schema.default} if left out`)
  return parts.join(' ')
}

/** A row for a field or a parameter, with the fields below it. */
export function fieldRow(
  name: string,
  schema: JsonSchema,
  { isNeeded, asInput = true, words }: { isNeeded: boolean; asInput?: boolean; words?: string | undefined },
): string {
  const notes = [isNeeded ? '<b>needed</b>' : '', escaped(limitsOf(schema))].filter(Boolean).join(' · ')
  const said = described(words ?? schema.description)
  return `<li><code class="name">${escaped(name)}</code> <span class="type">${typeOf(schema)}</span>${notes ? ` <span class="note">${notes}</span>` : ''}${said ? `<p>${said}</p>` : ''}${fieldsOf(innerOf(schema), asInput)}</li>`
}

/** What has fields of its own: the object itself, what a list holds, or the choice that is not null. */
function innerOf(schema: JsonSchema): JsonSchema {
  const inner = schema.items ?? (schema.anyOf ?? schema.oneOf)?.find((each) => each.properties)
  return inner ?? schema
}

/** `asInput`: which fields are needed matters to whoever sends them; what is answered is all there. */
export function fieldsOf(schema: JsonSchema, asInput = true): string {
  const fields = Object.entries(schema.properties ?? {})
  if (fields.length === 0) return ''
  const rows = fields.map(([name, each]) =>
    fieldRow(name, each, { isNeeded: asInput && (schema.required?.includes(name) ?? false), asInput }),
  )
  return `<ul class="fields">${rows.join('')}</ul>`
}

/** An example: the schema's own, or one made of its fields. */
export function exampleOf(schema: JsonSchema, schemas: Schemas, depth = 0): unknown {
  if (schema.examples?.[0] !== undefined) return schema.examples[0]
  if (schema.$ref) return depth > 6 ? {} : exampleOf(schemas[nameIn(schema.$ref)] ?? {}, schemas, depth + 1)
  const [choice] = (schema.anyOf ?? schema.oneOf ?? []).filter((each) => !isNull(each))
  if (choice) return exampleOf(choice, schemas, depth + 1)
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  if (schema.items) return [exampleOf(schema.items, schemas, depth + 1)]
  if (schema.properties)
    return Object.fromEntries(
      Object.entries(schema.properties).map(([name, each]) => [name, exampleOf(each, schemas, depth + 1)]),
    )
  if (schema.type === 'object') return {}
  if (schema.type === 'boolean') return true
  if (schema.type === 'integer' || schema.type === 'number') return Math.max(1, schema.minimum ?? 1)
  return 'text'
}
