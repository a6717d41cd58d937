// How a posted form is read and answered, the same on both faces. A form that was refused is shown again with everything
// typed still in it and the fault beside its field.
import { data, redirect } from 'react-router'
import { invalid, Outage, Refusal } from '#kernel/failure.ts'
import { problemOf } from '#platform/http.ts'
import { flash } from '#web/cookies.ts'
import type { FormState } from '#web/ui/form-state.ts'

/** Secrets are never sent back into a page. */
const secretField = /password|secret|token/i

/** The form a request carries; what is no form is refused, not a bug. */
export async function readForm(request: Request): Promise<FormData> {
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

/** A field that is to hold a whole number; what is none is not a number, for the rules to refuse. */
export function wholeNumber(form: FormData, name: string): number {
  return Number(textOf(form, name).trim() || Number.NaN)
}

/** For a form that no button of its page sends; to whom the record does not belong it is not there either. */
export function noSuchForm(): Refusal {
  return new Refusal('form/not-found', 'This page has no such button. Reload it and try again.')
}

/** All values of a field that a form repeats. */
export function textsOf(form: FormData, name: string): string[] {
  return form.getAll(name).filter((value): value is string => typeof value === 'string')
}

/** The bytes of a chosen file; refuses when none was chosen. */
export async function fileOf(form: FormData, name: string): Promise<Uint8Array> {
  const file = form.get(name)
  if (!(file instanceof File) || file.size === 0)
    throw invalid({ pointer: `/${name}`, code: 'required', message: 'Choose a file first.' })
  return file.bytes()
}

/** What was typed, by field name; secrets excepted. */
export function valuesOf(form: Iterable<readonly [string, unknown]>): Record<string, string | string[]> {
  const values: Record<string, string | string[]> = {}
  for (const [name, value] of form) {
    if (typeof value !== 'string' || secretField.test(name)) continue
    const before = values[name]
    values[name] = before === undefined ? value : [before, value].flat()
  }
  return values
}

/** The form as it was typed, for a page that shows it again without anything being wrong. */
export function typedState(form: FormData): FormState {
  return { intent: textOf(form, 'intent'), values: valuesOf(form), errors: {} }
}

/**
 * Runs what a form asks for: `return answerForm(form, async () => { …; return done('/orders', 'Saved.') })`. Where the rules say
 * no, or the world is away, the form comes back with everything typed; a bug is thrown on, and so is what does not exist for
 * this person, which gets its own page. `fieldOf` says which field shows a fault where the flow's word is another.
 */
export async function answerForm<Answer>(
  form: FormData,
  work: () => Promise<Answer>,
  fieldOf: (name: string) => string = (name) => name,
) {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Refusal || error instanceof Outage)) throw error
    const problem = problemOf(error)
    const faults = problem.errors ?? []
    if (problem.status === 404 && faults.length === 0) throw error
    const state: FormState = {
      ...typedState(form),
      code: problem.code,
      ...(error instanceof Refusal && Object.keys(error.details).length > 0
        ? { details: error.details }
        : {}),
      // Where each fault has its field, their sum above the form would say everything twice.
      ...(faults.length > 0 ? {} : { message: problem.detail }),
      errors: errorsOf(faults, fieldOf),
    }
    return data(state, { status: problem.status })
  }
}

/** The first fault of each field; `/prices/0/unitPrice` belongs to the field `prices.0.unitPrice`. */
function errorsOf(
  faults: readonly { readonly pointer: string; readonly message: string }[],
  fieldOf: (name: string) => string,
): Record<string, string> {
  const errors: Record<string, string> = {}
  for (const { pointer, message } of faults)
    errors[fieldOf(pointer.replace(/^\//, '').replaceAll('/', '.'))] ??= message
  return errors
}

/** Goes on after a form, with a message the next page shows. */
export function done(path: string, message: string): Response {
  return redirect(path, { status: 303, headers: { 'set-cookie': flash(message) } })
}
