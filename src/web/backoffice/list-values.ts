// A value of a list as people read it.
import type { Value } from '#views/lists/list.ts'
import { dayDisplay, momentDisplay, moneyDisplay, numberDisplay } from '#web/format.ts'

export function shownValue(value: Value): string {
  if (value === undefined || typeof value === 'string') return value ?? ''
  if (typeof value === 'number') return numberDisplay(value)
  if (typeof value === 'bigint') return String(value)
  if (value instanceof Temporal.Instant) return momentDisplay(value)
  if (value instanceof Temporal.PlainDate) return dayDisplay(value)
  return moneyDisplay(value)
}
