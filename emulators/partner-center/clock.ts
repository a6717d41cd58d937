// Calendar arithmetic of terms and months. All in UTC, as Microsoft writes it.

export const DAY_MS = 86_400_000
export const HOUR_MS = 3_600_000

/** The month software sheets begin with: index 0. */
const FIRST_MONTH = 2022 * 12 + 2

export function monthIndexOf(moment: Date): number {
  return moment.getUTCFullYear() * 12 + moment.getUTCMonth() - FIRST_MONTH
}

/** '202603' → 48; undefined for anything that is no month. */
export function monthIndexFrom(text: string): number | undefined {
  const [, year = '', month = ''] = /^(\d{4})(\d{2})$/.exec(text) ?? []
  const number = Number(month)
  return number >= 1 && number <= 12 ? Number(year) * 12 + number - 1 - FIRST_MONTH : undefined
}

export function firstDayOf(monthIndex: number): Date {
  const months = FIRST_MONTH + monthIndex
  return new Date(Date.UTC(Math.floor(months / 12), months % 12, 1))
}

export function monthText(monthIndex: number): string {
  const months = FIRST_MONTH + monthIndex
  return `${Math.floor(months / 12)}${String((months % 12) + 1).padStart(2, '0')}`
}

export function addMonths(moment: Date, months: number): Date {
  const day = Math.min(
    moment.getUTCDate(),
    new Date(Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth() + months + 1, 0)).getUTCDate(),
  )
  const moved = new Date(moment)
  moved.setUTCDate(1)
  moved.setUTCMonth(moment.getUTCMonth() + months)
  moved.setUTCDate(day)
  return moved
}

export function startOfDay(moment: Date): Date {
  return new Date(Math.floor(moment.getTime() / DAY_MS) * DAY_MS)
}

export function monthsOfTerm(term: string): number {
  const [, count = '0', unit = 'M'] = /^P(\d+)([YM])$/.exec(term) ?? []
  return Number(count) * (unit === 'Y' ? 12 : 1)
}

/** The last day of a term, inclusive: from 2 March 2026 for three years it is 1 March 2029; 31 January + 1 month is 27 February. */
export function lastDayOfTerm(start: Date, term: string): Date {
  return new Date(addMonths(startOfDay(start), monthsOfTerm(term)).getTime() - DAY_MS)
}

const cycleMonths: Readonly<Record<string, number>> = { monthly: 1, annual: 12, triennial: 36 }

/** How often a term is billed: P3Y annual 3 times, P3Y triennial once, a one-time purchase once. */
export function billingPeriods(term: string, billingCycle: string): number {
  const months = cycleMonths[billingCycle.toLowerCase()]
  return months ? Math.max(1, Math.floor(monthsOfTerm(term) / months)) : 1
}
