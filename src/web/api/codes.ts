// The stable codes of problems, read from the sources that throw them: a list kept by hand would go stale.
import fs from 'node:fs'
import path from 'node:path'
import { Outage, Refusal } from '#kernel/failure.ts'
import { problemOf } from '#platform/http.ts'

export type ProblemCode = { readonly code: string; readonly status: number; readonly meaning: string }

const source = path.resolve(import.meta.dirname, '../..')
/** Where a request can be refused. The pages refuse in the same flows; what starts the program speaks to operators. */
const rooms = ['kernel', 'modules', 'connectors', 'flows', 'views', 'web/api']

/** A text in any quotes, as the group `name`. */
const text = (name: string) =>
  `(?<${name}Quote>['"\`])(?<${name}>(?:\\\\.|(?!\\k<${name}Quote>)[^\\\\])*)\\k<${name}Quote>`
const code = (name: string) => `'(?<${name}>[a-z][a-z-]*/[a-z][a-z-]*)'`
/** `new Refusal('code', 'words'…`, or words that were made into `message` just before. */
const thrown = new RegExp(
  `(?:Refusal|refuse)\\(\\s*${code('thrown')},\\s*(?:${text('words')})?|code: ${code('named')},\\s*message:\\s*${text('message')}`,
  'g',
)
const saidBefore = new RegExp(`message =\\s*${text('words')}`, 'g')

/** What stands in for values is an ellipsis; escapes are what they mean. */
function plain(words: string): string {
  return words
    .replace(/\$\{(?:[^{}]|\{[^}]*\})*\}/g, '…')
    .replace(/\\(.)/g, '$1')
    .replace(/…( …)+/g, '…')
}

function codesIn(file: string): [string, string][] {
  const program = fs.readFileSync(file, 'utf8')
  return [...program.matchAll(thrown)].map(({ groups, index }): [string, string] => {
    const before = program.slice(Math.max(0, index - 400), index)
    const said = groups?.['words'] ?? groups?.['message']
    const words = said ?? [...before.matchAll(saidBefore)].at(-1)?.groups?.['words'] ?? ''
    return [groups?.['thrown'] ?? groups?.['named'] ?? '', plain(words)]
  })
}

function filesOf(room: string): string[] {
  return fs
    .readdirSync(path.join(source, room), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !/\.(test|samples)\.ts$/.test(name))
    .map((name) => path.join(source, room, name))
    .sort()
}

/** By code. The words are those of the first place that says any. */
export function problemCodes(): ProblemCode[] {
  const words = new Map<string, string>([
    ['outage', problemOf(new Outage('A vendor, the mail server or the database is away.')).detail],
    ['bug', problemOf(new Error()).detail],
  ])
  for (const [code, said] of rooms.flatMap(filesOf).flatMap(codesIn))
    if (!words.get(code)) words.set(code, said)
  return [...words]
    .map(([code, meaning]) => ({ code, status: statusOf(code), meaning: meaning || titleOf(code) }))
    .sort((a, b) => (a.code < b.code ? -1 : 1))
}

/** Words that are made up elsewhere are not found here. */
function titleOf(code: string): string {
  return `${problemOf(new Refusal(code, '')).title}.`
}

function statusOf(code: string): number {
  if (code === 'outage') return 503
  return code === 'bug' ? 500 : problemOf(new Refusal(code, '')).status
}
