// What a form shows when it comes back: what is wrong, beside which field, and everything that was typed.

export type FormState = {
  /** Which of a page's forms it was: the value of its `intent`. */
  readonly intent: string
  readonly code: string
  readonly message: string
  /** By field name. Empty where the refusal is of the whole form. */
  readonly faults: Readonly<Record<string, string>>
  /** By field name, every value of it; never a password. */
  readonly typed: Readonly<Record<string, readonly string[]>>
}

/** The state of a form of this page: nothing, when it was another one that came back. */
export function stateOf(state: FormState | undefined, intent: string): FormState | undefined {
  return state?.intent === intent ? state : undefined
}

export function typedIn(state: FormState | undefined, name: string, otherwise = ''): string {
  return state?.typed[name]?.[0] ?? otherwise
}

export function typedValues(form: Iterable<readonly [string, unknown]>): Record<string, string[]> {
  const typed: Record<string, string[]> = {}
  for (const [name, value] of form) {
    if (typeof value !== 'string' || /password/i.test(name)) continue
    ;(typed[name] ??= []).push(value)
  }
  return typed
}
