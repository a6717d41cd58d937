// What an action hands back when a form is shown again. Read by the fields of the kit.

export type FormState = {
  /** Which of a page's forms it was: the value of its `intent`, the button that was pressed. */
  readonly intent?: string
  /** What was typed, by field name; passwords excepted. */
  readonly values: Readonly<Record<string, string | string[]>>
  /** One message per field at fault. */
  readonly errors: Readonly<Record<string, string>>
  /** What is wrong with the form as a whole. */
  readonly message?: string
  /** The code of the refusal, where a flow refused. */
  readonly code?: string
  readonly details?: Readonly<Record<string, unknown>>
}

/** What a field of a form shows: what was typed, else what is known. */
export function valueOf(state: FormState | undefined, name: string, known = ''): string {
  const typed = state?.values[name]
  if (typed === undefined) return known
  return Array.isArray(typed) ? (typed.at(-1) ?? '') : typed
}

/** The state of one form of a page that has several: nothing, when it was another one that came back. */
export function stateFor(state: FormState | undefined, intent: string): FormState | undefined {
  return state?.intent === intent ? state : undefined
}
