// A form that was refused is shown again with everything typed still in it and the fault beside its field.
import { data } from 'react-router'
import type { z } from 'zod'
import { Outage, Refusal } from '#kernel/failure.ts'
import { problemOf } from '#platform/http.ts'
import type { FormState } from '#web/ui/form-state.ts'

/** What was typed: text fields by name (several values of one name as a list), and the files. */
export type Typed = {
  readonly values: Record<string, string | string[]>
  readonly files: Record<string, File>
  /** The value of the button that was pressed, where buttons are named `intent`. */
  readonly intent: string
}

/** Secrets are never sent back into a page. */
const secretField = /password|secret|token/i

export async function formOf(request: Request): Promise<Typed> {
  let form: FormData
  try {
    form = await request.formData()
  } catch {
    throw new Refusal('input/unreadable', 'The form could not be read. Please go back and send it again.')
  }
  const values: Typed['values'] = {}
  const files: Typed['files'] = {}
  for (const [name, value] of form) {
    if (typeof value !== 'string') {
      if (value.size > 0) files[name] = value
      continue
    }
    const text = value.trim()
    const before = values[name]
    values[name] = before === undefined ? text : [before, text].flat()
  }
  const intent = values['intent']
  return { values, files, intent: typeof intent === 'string' ? intent : '' }
}

export type Parsed<T> = { ok: true; value: T } | { ok: false; state: FormState }

/** What was typed, read by a schema: its value, or the state of a refused form. */
export function parse<S extends z.ZodType>(schema: S, typed: Typed): Parsed<z.output<S>> {
  const result = schema.safeParse({ ...typed.values, ...typed.files })
  if (result.success) return { ok: true, value: result.data }
  const errors: Record<string, string> = {}
  let message: string | undefined
  for (const issue of result.error.issues) {
    const name = issue.path.join('.')
    if (name === '') message ??= issue.message
    else errors[name] ??= issue.message
  }
  const { intent } = typed
  return { ok: false, state: { intent, values: shown(typed.values), errors, message, code: 'input/invalid' } }
}

/** The answer of an action whose form is shown again, status 422. */
export function refused(state: FormState) {
  return data(state, { status: 422 })
}

/**
 * Runs what a form asks for: `return answer(typed, async () => { …; return redirect(…) })`. When the rules say no, or the
 * world is away, the form comes back with everything typed; a bug is thrown on, and so is what does not exist for this
 * person, which gets its own page. `names` maps JSON pointers of the flow's input to names of fields where these differ.
 */
export async function answer<Result>(
  typed: Typed,
  work: () => Promise<Result>,
  names: Readonly<Record<string, string>> = {},
) {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Refusal || error instanceof Outage)) throw error
    const { status } = problemOf(error)
    if (status === 404 && error instanceof Refusal && error.errors.length === 0) throw error
    return data(stateOf(error, typed, names), { status })
  }
}

/** A refusal as the state of the form that caused it: field faults beside fields, the rest above the form. */
export function stateOf(
  error: Refusal | Outage,
  typed: Typed,
  names: Readonly<Record<string, string>> = {},
): FormState {
  const { intent } = typed
  const values = shown(typed.values)
  if (error instanceof Outage)
    return { intent, values, errors: {}, message: problemOf(error).detail, code: 'outage' }
  const errors: Record<string, string> = {}
  for (const fault of error.errors) {
    const name = names[fault.pointer] ?? fault.pointer.replace(/^\//, '').replaceAll('/', '.')
    errors[name] ??= fault.message
  }
  // Where each fault has its field, the sum of their messages above the form would say everything twice.
  const message = error.errors.length > 0 ? undefined : error.message
  return {
    intent,
    values,
    errors,
    message,
    code: error.code,
    details: JSON.parse(JSON.stringify(error.details)),
  }
}

function shown(values: Typed['values']): Typed['values'] {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !secretField.test(name)))
}
