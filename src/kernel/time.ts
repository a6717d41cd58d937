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

const daysRead = new Map<string, Temporal.PlainDate>()

/** Reads `2026-11-27`. The rows of one answer have few days among them, so what was read lately is not read again. */
export function readDay(text: string): Temporal.PlainDate {
  const known = daysRead.get(text)
  if (known) return known
  const day = Temporal.PlainDate.from(text)
  if (daysRead.size >= 1000) daysRead.clear()
  daysRead.set(text, day)
  return day
}
