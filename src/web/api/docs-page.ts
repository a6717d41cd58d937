// The documentation as a page: an introduction, then every operation and schema, made from the OpenAPI document. It runs no
// script and asks nobody for anything.
import { marked } from 'marked'
import { problemCodes } from './codes.ts'
import {
  described,
  escaped,
  exampleOf,
  fieldRow,
  fieldsOf,
  type JsonSchema,
  type Schemas,
  typeOf,
} from './docs-schema.ts'
import { example, introduction } from './introduction.ts'

type Media = Readonly<Record<string, { schema: JsonSchema }>>
type Parameter = {
  name: string
  in: string
  required?: boolean
  description?: string
  schema: JsonSchema
}
type Operation = {
  operationId: string
  summary: string
  description: string
  tags: string[]
  parameters?: Parameter[]
  requestBody?: { content: Media; required?: boolean }
  responses: Record<string, { description: string; content?: Media }>
}
type Described = Operation & { method: string; path: string }

export type OpenApi = {
  info: { title: string; version: string }
  tags: { name: string; description: string }[]
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Schemas }
}

const slug = (text: string) => text.toLowerCase().replace(/[^a-z0-9]+/g, '-')
const json = (value: unknown) => `<pre><code>${escaped(JSON.stringify(value, null, 2))}</code></pre>`
const badge = (method: string) => `<span class="method ${method}">${method.toUpperCase()}</span>`

function operationsOf(document: OpenApi): Described[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, method, path })),
  )
}

/** The parts of a Markdown text that begin with `##`. */
function sections(text: string): { title: string; html: string }[] {
  return text
    .split(/^## /m)
    .slice(1)
    .map((part) => {
      const [title = '', ...rest] = part.split('\n')
      const html = marked.parse(rest.join('\n'), { async: false })
      return {
        title,
        html: html
          .replaceAll('<table>', '<div class="wide"><table>')
          .replaceAll('</table>', '</table></div>'),
      }
    })
}

function codeTable(): string {
  const codes = problemCodes()
  const rows = codes.map(
    ({ code, status, meaning }) =>
      `<tr><td><code>${code}</code></td><td>${status}</td><td>${escaped(meaning)}</td></tr>`,
  )
  return `<details class="codes"><summary>All ${codes.length} codes</summary><div class="wide"><table>
<thead><tr><th>code</th><th>status</th><th>says, for example</th></tr></thead><tbody>${rows.join('')}</tbody></table></div></details>`
}

function parametersOf({ parameters = [] }: Described): string {
  const places = [
    ['path', 'In the path'],
    ['query', 'Query'],
    ['header', 'Headers'],
  ] as const
  return places
    .map(([place, title]) => {
      const rows = parameters
        .filter((each) => each.in === place)
        .map((each) =>
          fieldRow(each.name, each.schema, { isNeeded: each.required ?? false, words: each.description }),
        )
      return rows.length > 0 ? `<h3>${title}</h3><ul class="fields">${rows.join('')}</ul>` : ''
    })
    .join('')
}

function bodyOf({ requestBody }: Described, schemas: Schemas): string {
  if (!requestBody) return ''
  const [first] = Object.entries(requestBody.content)
  if (!first) return ''
  const [type, { schema }] = first
  const types = Object.keys(requestBody.content).map((each) => `<code>${each}</code>`)
  const title = `<h3>Body <span class="type">${type === 'application/json' ? typeOf(schema) : types.join(' or ')}</span>${requestBody.required ? '' : ' <span class="note">may be left out</span>'}</h3>`
  if (type !== 'application/json') {
    const sample = schema.examples?.[0]
    return `${title}<p>${described(schema.description)}</p>${typeof sample === 'string' ? `<pre><code>${escaped(sample)}</code></pre>` : ''}`
  }
  const fields = fieldsOf(schema.$ref ? (schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}) : schema)
  return `${title}${fields}<details class="example"><summary>Example</summary>${json(exampleOf(schema, schemas))}</details>`
}

function answersOf({ responses }: Described, schemas: Schemas): string {
  const rows = Object.entries(responses).map(([status, { description, content }]) => {
    const [type, media] = Object.entries(content ?? {})[0] ?? []
    const isGood = status.startsWith('2')
    const shown =
      media && type === 'application/json' ? typeOf(media.schema) : `<code>${type ?? 'no body'}</code>`
    const sample =
      isGood && media && type === 'application/json'
        ? `<details class="example"><summary>Example</summary>${json(exampleOf(media.schema, schemas))}</details>`
        : ''
    return `<li class="${isGood ? 'good' : 'bad'}"><b>${status}</b> ${described(description)}${isGood ? ` <span class="type">${shown}</span>` : ''}${sample}</li>`
  })
  return `<h3>Answers</h3><ul class="answers">${rows.join('')}</ul>`
}

// The name for links is inside: a browser opens what it is led into.
function operationHtml(operation: Described, schemas: Schemas): string {
  const { method, path, summary, description, operationId } = operation
  return `<details class="operation"><summary>${badge(method)}<code>${escaped(path.replace('/api/v1', ''))}</code><span class="title">${escaped(summary)}</span></summary>
<div class="inside" id="${operationId}"><p>${described(description)}</p>${parametersOf(operation)}${bodyOf(operation, schemas)}${answersOf(operation, schemas)}</div></details>`
}

/** What is wider than the page can be scrolled by keyboard as well. */
const reachable = (html: string) =>
  html
    .replaceAll('<pre>', '<pre tabindex="0">')
    .replaceAll('<div class="wide">', '<div class="wide" tabindex="0">')

export function docsPage(document: OpenApi, publicUrl: string): string {
  const { schemas } = document.components
  const operations = operationsOf(document)
  const lead = introduction.split(/^## /m)[0] ?? ''
  const parts = [...sections(introduction), ...sections(example(publicUrl))]
  const chapters = parts.map(
    ({ title, html }) =>
      `<section id="${slug(title)}"><h2>${title}</h2>${html}${title === 'Errors' ? codeTable() : ''}</section>`,
  )
  const reference = document.tags.map(({ name, description }) => {
    const own = operations.filter(({ tags }) => tags[0] === name)
    return `<section id="tag-${slug(name)}"><h2>${name}</h2><p>${described(description)}</p>${own.map((each) => operationHtml(each, schemas)).join('')}</section>`
  })
  const named = Object.entries(schemas).map(
    ([name, schema]) =>
      `<details class="schema"><summary><code>${name}</code></summary><div class="inside" id="schema-${name}"><p>${described(schema.description)}</p>${fieldsOf(schema, false)}</div></details>`,
  )
  const links = [
    '<b>Introduction</b>',
    ...parts.map(({ title }) => `<a href="#${slug(title)}">${title}</a>`),
    '<b>Reference</b>',
    ...document.tags.map(({ name }) => {
      const count = operations.filter(({ tags }) => tags[0] === name).length
      return `<a href="#tag-${slug(name)}">${name} <span>${count}</span></a>`
    }),
    '<a href="#schemas">Schemas</a>',
  ]
  return reachable(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${document.info.title}</title>
<link rel="icon" href="/api/docs/mark.svg">
<link rel="stylesheet" href="/api/docs/docs.css">
</head>
<body>
<a class="skip" href="#main">To the text</a>
<header><img src="/api/docs/mark.svg" width="30" height="30" alt=""><span>${document.info.title} <small>v${document.info.version.split('.')[0]}</small></span><a href="/api/v1/openapi.json">openapi.json</a></header>
<div class="layout">
<details class="menu"><summary>Contents</summary><nav aria-label="Contents, short">${links.join('')}</nav></details>
<nav class="side" aria-label="Contents">${links.join('')}</nav>
<main id="main">
<h1>${document.info.title}</h1>
<div class="lead">${marked.parse(lead, { async: false })}<p><code>${escaped(publicUrl)}/api/v1</code></p></div>
${chapters.join('\n')}
${reference.join('\n')}
<section id="schemas"><h2>Schemas</h2><p>What bodies and answers are made of.</p>${named.join('')}</section>
</main>
</div>
</body>
</html>
`)
}
