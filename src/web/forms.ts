// A form that was refused is shown again with everything typed still in it and the fault beside its field.
import { data } from 'react-router'
import type { z } from 'zod'
import { type FieldFault, Outage, Refusal } from '#kernel/failure.ts'
import { problemOf } from '#platform/http.ts'
// A pure file of the kit: Node loads it here as it stands, the bundles carry their own copy.
import { type FormState, typedValues } from './ui/form-state.ts'

/** The form of a request. What is no form is refused in plain words. */
export async function formOf(request: Request): Promise<FormData> {
  try {
    return await request.formData()
  } catch {
    throw new Refusal('input/unreadable', 'The form could not be read. Please go back and send it again.')
  }
}

/** A field of a form as text; files and absence are the empty text. */
export function textOf(form: FormData, name: string): string {
  const value = form.get(name)
  return typeof value === 'string' ? value : ''
}

export function textsOf(form: FormData, name: string): string[] {
  return form.getAll(name).filter((value): value is string => typeof value === 'string')
}

/** An uploaded file, or undefined where none was chosen (browsers then send an empty one). */
export function fileOf(form: FormData, name: string): File | undefined {
  const value = form.get(name)
  return value instanceof File && value.size > 0 ? value : undefined
}

/**
 * A form read by a schema, texts trimmed; a name that occurs several times is a list. Throws a Refusal with one fault
 * per field, which `answerForm` brings back to the page.
 */
export function parseForm<Schema extends z.ZodType>(schema: Schema, form: FormData): z.output<Schema> {
  const input: Record<string, unknown> = {}
  for (const name of new Set(form.keys())) {
    const values = form.getAll(name).map((value) => (typeof value === 'string' ? value.trim() : value))
    input[name] = values.length === 1 ? values[0] : values
  }
  const result = schema.safeParse(input)
  if (result.success) return result.data
  const faults = result.error.issues.map(
    (issue): FieldFault => ({ pointer: `/${issue.path.join('/')}`, code: issue.code, message: issue.message }),
  )
  throw new Refusal('input/invalid', 'Please check what is marked.', {}, faults)
}

/**
 * Runs what a form asks for: `return answerForm(form, async () => { …; return redirect(…) })`. When the rules say no, or
 * the world is away, the form comes back with everything typed. `names` says which field shows the fault of a JSON
 * pointer, where they are named differently (`{ '/vat': 'vatNumber' }`).
 */
export async function answerForm<Answer>(
  form: FormData,
  work: () => Promise<Answer>,
  names: Readonly<Record<string, string>> = {},
) {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Refusal || error instanceof Outage)) throw error
    // What does not exist for this person gets its own page.
    if (error instanceof Refusal && error.code.endsWith('/not-found') && error.errors.length === 0) throw error
    const problem = problemOf(error)
    return data(stateOfRefusal(error, form, names), { status: problem.status })
  }
}

/** A refusal as the state of the form that caused it. */
export function stateOfRefusal(
  error: Refusal | Outage,
  form: FormData,
  names: Readonly<Record<string, string>> = {},
): FormState {
  const problem = problemOf(error)
  const faults: Record<string, string> = {}
  for (const { pointer, message } of problem.errors ?? []) faults[names[pointer] ?? pointer.replace(/^\//, '')] ??= message
  return {
    intent: textOf(form, 'intent'),
    code: problem.code,
    message: problem.detail,
    faults,
    typed: typedValues(form),
  }
}
