// A page may hold several forms; each names itself in a field or button called `intent`, and takes back only what was its own.
import { type FormState, valueOf } from '#web/ui/form-state.ts'

export type { FormState }

/** What stands in a field: what was typed, else what is known. */
export const typedIn = valueOf

/** The state of a form of this page: nothing, when it was another one that came back. */
export function stateOf(state: FormState | undefined, intent: string): FormState | undefined {
  return state?.intent === intent ? state : undefined
}

/** All values of one name, as check boxes send them; undefined where no form came back. */
export function typedList(state: FormState | undefined, name: string): string[] | undefined {
  return state && [state.values[name] ?? []].flat()
}

export function faultOf(state: FormState | undefined, name: string): string | undefined {
  return state?.errors[name]
}

/** Some actions answer more than a refused form. */
export function formStateIn(answer: unknown): FormState | undefined {
  return typeof answer === 'object' && answer !== null && 'values' in answer
    ? (answer as FormState)
    : undefined
}
