// What happened is an Instant; what is billed is a PlainDate. Nothing in the core reads a clock: the moment is an argument.
export type Instant = Temporal.Instant
export type Day = Temporal.PlainDate

/** Gives the moment it is. Tests and the demonstration move it by hand. */
export type Now = () => Temporal.Instant

export const systemNow: Now = () => Temporal.Now.instant()

/** The calendar day of a moment in the seller's own time zone. */
export function dayOf(moment: Temporal.Instant, timeZone = 'UTC'): Temporal.PlainDate {
  return moment.toZonedDateTimeISO(timeZone).toPlainDate()
}

/** RFC 3339 in UTC with milliseconds, the form the API speaks. */
export function rfc3339(moment: Temporal.Instant): string {
  return moment.toString({ smallestUnit: 'millisecond' })
}

/** Reads `2026-11-27`. The rows of one answer have few days among them, so what was read lately is not read again. */
export const readDay = remembering((text) => Temporal.PlainDate.from(text))

/** A reading of texts whose results nobody can change, so that one may stand for all of the same text. */
export function remembering<Value>(read: (text: string) => Value): (text: string) => Value {
  const known = new Map<string, Value>()
  return (text) => {
    const value = known.get(text) ?? read(text)
    if (known.size >= 1000) known.clear()
    known.set(text, value)
    return value
  }
}
