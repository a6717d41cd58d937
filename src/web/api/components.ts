// Tidies the named schemas of the OpenAPI document. The generator makes two of each, one for what is sent (`…Input`) and one for
// what is answered; most are the same or are used one way only, and need one name.
type Schemas = Record<string, unknown>

const prefix = '#/components/schemas/'
const reference = (name: string) => JSON.stringify({ $ref: prefix + name }).slice(1, -1)

/** Names of `…Input` schemas that can go by their plain name: nobody uses that, or it says the same. */
function plainNames(schemas: Schemas, used: ReadonlySet<string>): string[] {
  const inputs = Object.keys(schemas).filter((name) => name.endsWith('Input') && used.has(name))
  const saysTheSame = (input: string, plain: string) =>
    JSON.stringify(schemas[input]).replaceAll(/(#\/components\/schemas\/\w+)Input"/g, '$1"') ===
    JSON.stringify(schemas[plain])
  return inputs.filter((input) => {
    const plain = input.slice(0, -'Input'.length)
    return !used.has(plain) || saysTheSame(input, plain)
  })
}

/** Every schema that is reached from the paths, through others. */
function usedBy(paths: unknown, schemas: Schemas): Set<string> {
  const used = new Set<string>()
  const follow = (part: unknown) => {
    for (const [, name] of JSON.stringify(part ?? null).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      if (!name || used.has(name)) continue
      used.add(name)
      follow(schemas[name])
    }
  }
  follow(paths)
  return used
}

export function withTidyComponents<
  Document extends { paths?: unknown; components?: { schemas?: Schemas | undefined } | undefined },
>(document: Document): Document {
  const schemas = document.components?.schemas ?? {}
  const used = usedBy(document.paths, schemas)
  let text = JSON.stringify({
    ...document,
    components: {
      ...document.components,
      schemas: Object.fromEntries(Object.entries(schemas).filter(([name]) => used.has(name))),
    },
  })
  const renamed = plainNames(schemas, used)
  for (const input of renamed)
    text = text.replaceAll(reference(input), reference(input.slice(0, -'Input'.length)))
  const tidy = JSON.parse(text) as Document & { components: { schemas: Schemas } }
  for (const input of renamed) {
    const plain = input.slice(0, -'Input'.length)
    tidy.components.schemas[plain] ??= tidy.components.schemas[input]
    delete tidy.components.schemas[input]
  }
  tidy.components.schemas = Object.fromEntries(
    Object.entries(tidy.components.schemas).sort(([a], [b]) => (a < b ? -1 : 1)),
  )
  return tidy
}
