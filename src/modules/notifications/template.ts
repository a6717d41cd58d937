// A notification is written once, by an operator: a subject line and a body in Markdown, both with Liquid variables
// (`{{ licence.key }}`, `{% if order.number %}…{% endif %}`). HTML and text of the mail are made from that one source.
//
// Beside Markdown there is one thing more, a button on a line of its own:
//     [[button: Activate your licence | {{ licence.activationLink }}]]
// A fenced block (``` … ```) becomes a box in a typewriter face, good for keys. HTML is shown, not obeyed.
import { Liquid, type Template } from 'liquidjs'
import { Refusal } from '#kernel/failure.ts'

export type NotificationEntity = 'account' | 'order' | 'asset' | 'subscription' | 'invoice'

export type NotificationTemplate = {
  /** Stable; flows ask for a notification by it. */
  readonly code: string
  readonly name: string
  readonly entity: NotificationEntity
  readonly subject: string
  readonly body: string
  readonly to: readonly string[]
  readonly cc: readonly string[]
  readonly bcc: readonly string[]
  readonly isActive: boolean
  /** Of a reminder: how many days after the due day, below zero before it. */
  readonly days: readonly number[]
}

/** What a template may use: `licence.key`, with a sentence for the editor's help and a value for its preview. */
export type NotificationVariable = {
  readonly name: string
  readonly description: string
  readonly sample: string
}

/** Values by group and name: `{ licence: { key: 'ABCDE-…' } }`. Empty text counts as absent in `{% if %}`. */
export type NotificationValues = { readonly [group: string]: { readonly [name: string]: string } | string }

export type TemplateProblem = {
  readonly field: 'subject' | 'body'
  readonly line: number
  readonly message: string
}

const allowedTags = ['assign', 'break', 'case', 'comment', 'continue', 'for', 'if', 'raw', 'unless', '#']

/**
 * Liquid without files, includes and prototypes, and with limits. `escape` sees every value that is put out, and there
 * is no way around it: the filter `raw` does nothing here, and tags that put out on their own are not known.
 */
export function liquid(escape: (value: unknown) => string): Liquid {
  const engine = new Liquid({
    ownPropertyOnly: true,
    strictVariables: true,
    strictFilters: true,
    jsTruthy: true,
    outputEscape: escape,
    templates: {},
    parseLimit: 100_000,
    renderLimit: 500,
    memoryLimit: 1_000_000,
  })
  for (const tag of Object.keys(engine.tags)) if (!allowedTags.includes(tag)) delete engine.tags[tag]
  engine.registerFilter('raw', (value: unknown) => value)
  return engine
}

const checker = liquid(String)

/** Everything wrong with a template: syntax, unknown variables and filters, an empty field. Empty when all is well. */
export function checkTemplate(
  template: Pick<NotificationTemplate, 'subject' | 'body'>,
  variables: readonly NotificationVariable[],
): TemplateProblem[] {
  const known = variables.map((variable) => variable.name)
  return (['subject', 'body'] as const).flatMap((field) => {
    const source = template[field]
    if (source.trim() === '') return [{ field, line: 1, message: `The ${field} is empty.` }]
    if (field === 'subject' && /[\r\n]/.test(source.trim()))
      return [{ field, line: 1, message: 'The subject is one line.' }]
    return problemsIn(field, source, known)
  })
}

function problemsIn(field: 'subject' | 'body', source: string, known: readonly string[]): TemplateProblem[] {
  try {
    return unknownVariables(checker.parse(source), known).map(({ name, line }) => ({
      field,
      line,
      message: unknownMessage(name, known),
    }))
  } catch (error) {
    return [{ field, ...liquidFault(error) }]
  }
}

function unknownVariables(parsed: Template[], known: readonly string[]): { name: string; line: number }[] {
  return Object.values(checker.analyzeSync(parsed).globals)
    .flat()
    .map((variable) => ({ name: variable.segments.map(String).join('.'), line: variable.location.row }))
    .filter(({ name }) => !known.includes(name) && !known.some((each) => each.startsWith(`${name}.`)))
    .sort((a, b) => a.line - b.line)
}

function unknownMessage(name: string, known: readonly string[]): string {
  return `There is no variable "${name}" here. Known are: ${known.join(', ')}.`
}

/** A parsed text of the template, or a refusal that names field, line and what is known. */
export function parseTemplate(
  engine: Liquid,
  field: 'subject' | 'body',
  source: string,
  known: readonly string[],
): Template[] {
  const [problem] = problemsIn(field, source, known)
  if (problem) throw templateRefusal(problem, known)
  return engine.parse(source)
}

export function templateRefusal(problem: TemplateProblem, known: readonly string[] = []): Refusal {
  const { field, line, message } = problem
  const fault = { pointer: `/${field}`, code: 'notification/bad-template', message }
  return new Refusal(
    'notification/bad-template',
    `Line ${line} of the ${field}: ${message}`,
    { ...problem, known },
    [fault],
  )
}

/** Line and plain words of what Liquid complains about; its own message repeats the source below the first line. */
export function liquidFault(error: unknown): { line: number; message: string } {
  const { originalError, token, message } = error as Error & {
    originalError?: Error
    token?: { getPosition?: () => [number, number] }
  }
  const words = (originalError?.message ?? message).split('\n')[0]?.replace(/, line:\d+, col:\d+$/, '') ?? ''
  return {
    line: token?.getPosition?.()[0] ?? 1,
    message: `${words.charAt(0).toUpperCase()}${words.slice(1)}.`,
  }
}

/** The sample values of a list of variables, for the editor's preview and test mail. */
export function sampleValues(variables: readonly NotificationVariable[]): NotificationValues {
  const values: Record<string, Record<string, string> | string> = {}
  for (const { name, sample } of variables) {
    const [group = '', key] = name.split('.')
    if (key === undefined) values[group] = sample
    else values[group] = { ...(values[group] as Record<string, string> | undefined), [key]: sample }
  }
  return values
}
