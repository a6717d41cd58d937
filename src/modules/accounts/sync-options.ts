// Synchronization options: what a connector must know about an account. The form is generic: a connector describes its
// options, screens show them, and the Storefront asks only for required ones it may show that have no value yet (E5).
import { type FieldFault, invalid } from '#kernel/failure.ts'
import { holdsControl } from '#kernel/text.ts'

export type SyncOption = {
  readonly id: string
  readonly name: string
  readonly hint: string
  /** A consent's value is the day it was given. */
  readonly type: 'text' | 'email' | 'choice' | 'consent'
  readonly choices?: readonly string[]
  readonly isRequired: boolean
  /** Asked and shown in the Storefront; everything else is for the back office. */
  readonly isInStorefront: boolean
  /** Must stay blank: the vendor refuses anything else. */
  readonly mustBeBlank?: boolean
  /** Undefined: every account has it. */
  readonly appliesTo?: (account: PresetFrom) => boolean
  /** What stands there unless somebody says otherwise. */
  readonly preset?: (account: PresetFrom) => string
}

/** What presets are made from, and what decides whether an option applies. */
export type PresetFrom = {
  readonly kind: 'reseller' | 'customer'
  readonly email: string
  readonly name: string
  readonly country: string
  readonly vatNumber: string | undefined
}

/** The options an account has. */
export function applyingOptions(options: readonly SyncOption[], account: PresetFrom): readonly SyncOption[] {
  return options.filter(({ appliesTo }) => appliesTo?.(account) ?? true)
}

export type SyncValues = Readonly<Record<string, string>>

/** The stored values, completed by the presets. */
export function effectiveOptions(
  options: readonly SyncOption[],
  stored: SyncValues,
  account: PresetFrom,
): Record<string, string> {
  return Object.fromEntries(
    options.map((option) => [option.id, stored[option.id]?.trim() || option.preset?.(account) || '']),
  )
}

/** The required options that have no value yet, as a Storefront asks for them. */
export function missingOptions(
  options: readonly SyncOption[],
  values: SyncValues,
  where: 'storefront' | 'everywhere' = 'everywhere',
): SyncOption[] {
  return options.filter(
    (option) => option.isRequired && !values[option.id] && (where === 'everywhere' || option.isInStorefront),
  )
}

const email = /^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+\.[^\s@<>,;:"()[\]\\]{2,}$/

export function isEmailAddress(text: string): boolean {
  return text.length <= 254 && email.test(text) && !holdsControl(text)
}

/** What is wrong with given values; options not named in `values` are left alone. */
export function checkOptions(options: readonly SyncOption[], values: SyncValues, pointer = ''): FieldFault[] {
  return options.flatMap((option): FieldFault[] => {
    const value = values[option.id]
    const fault = (code: string, message: string) => [{ pointer: `${pointer}/${option.id}`, code, message }]
    if (value === undefined) return []
    if (option.mustBeBlank && value.trim() !== '')
      return fault('must-be-blank', `${option.name} must be left blank.`)
    if (option.isRequired && value.trim() === '') return fault('required', `${option.name} is needed.`)
    if (value.trim() === '') return []
    if (option.type === 'email' && !isEmailAddress(value.trim()))
      return fault('not-an-email', `${option.name} is not an e-mail address like name@company.example.`)
    if (option.type === 'choice' && !option.choices?.includes(value))
      return fault('not-a-choice', `${option.name} is one of ${option.choices?.join(', ')}.`)
    if (option.type === 'consent' && !isDay(value))
      return fault('not-a-consent', `${option.name}: tick the box to confirm.`)
    return []
  })
}

/** Values as forms and programs send them: trimmed, and a consent that was ticked becomes the day it was given. */
export function takeOptions(
  options: readonly SyncOption[],
  values: SyncValues,
  today: Temporal.PlainDate,
  pointer = '',
): SyncValues {
  const isConsent = new Set(options.filter(({ type }) => type === 'consent').map(({ id }) => id))
  return Object.fromEntries(
    Object.entries(values).map(([id, given]) => {
      const value = given.trim()
      if (!isConsent.has(id)) return [id, value]
      if (/^(on|true|yes)$/i.test(value)) return [id, today.toString()]
      if (isDay(value) && Temporal.PlainDate.compare(value, today) > 0)
        throw invalid({
          pointer: `${pointer}/${id}`,
          code: 'not-a-consent',
          message: `${value} has not come yet: a consent is given today or before.`,
        })
      return [id, value]
    }),
  )
}

function isDay(text: string): boolean {
  try {
    return Temporal.PlainDate.from(text).toString() === text
  } catch {
    return false
  }
}
