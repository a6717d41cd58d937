// How documents are numbered. A number is made of the series' format, the year, and a counter that leaves no gap: the document that is
// issued takes it last, inside its own transaction (product.md section 7).
import { type FieldFault, invalid } from '#kernel/failure.ts'

export type SeriesKind = 'invoice' | 'credit'

export type NumberSeries = {
  readonly legalEntityId: string
  readonly kind: SeriesKind
  /** `INV-{year}-{number}`. */
  readonly format: string
  /** The counter is padded with zeros to so many digits. */
  readonly digits: number
  readonly restartsYearly: boolean
  /** The year the counter belongs to; undefined where it never begins anew. */
  readonly year: number | undefined
  readonly nextNumber: bigint
  readonly version: number
}

export type SeriesInput = {
  readonly format: string
  readonly digits: number
  readonly restartsYearly: boolean
  /** Where the counter begins; only for numbers of a form that no document has yet. */
  readonly startAt?: number | undefined
}

type Form = Pick<NumberSeries, 'format' | 'digits'>

export function numberOf({ format, digits }: Form, year: number, count: bigint): string {
  return format.replace('{year}', String(year)).replace('{number}', count.toString().padStart(digits, '0'))
}

/** The number the next document would get in a year. */
export function nextNumberOf(series: NumberSeries, year: number): string {
  const isNewYear = series.restartsYearly && series.year !== undefined && year > series.year
  return numberOf(series, isNewYear ? year : (series.year ?? year), isNewYear ? 1n : series.nextNumber)
}

/** What numbers of a form look like in one year, as a regular expression of JavaScript and PostgreSQL; the counter is its group. */
export function patternOf(format: string, year: number): string {
  const plain = format.replace(/[.*+?^${}()|[\]\\/ -]/g, (sign) => (/[{}]/.test(sign) ? sign : `\\${sign}`))
  return `^${plain.replace('{year}', String(year)).replace('{number}', '(\\d+)')}$`
}

/** Whether one form could make a number of the other's. */
export function mayCollide(one: Form, other: Form, year: number): boolean {
  const sample = (form: Form, count: bigint) => numberOf(form, year, count)
  const fits = (form: Form, text: string) => new RegExp(patternOf(form.format, year)).test(text)
  return [1n, 99_999_999n].some((count) => fits(one, sample(other, count)) || fits(other, sample(one, count)))
}

export function checkedSeries(
  input: SeriesInput,
): Omit<SeriesInput, 'startAt'> & { startAt: bigint | undefined } {
  const faults: FieldFault[] = []
  const fault = (field: string, code: string, message: string) =>
    faults.push({ pointer: `/${field}`, code, message })
  const format = input.format.trim()
  if (!/^[^{}]*(\{year\}[^{}]*)?\{number\}[^{}]*$/.test(format) || !/^[A-Za-z0-9/._{} -]{1,60}$/.test(format))
    fault(
      'format',
      'malformed',
      'A format is letters, digits and - / . _ with {number} in it, and {year} before it if you like: INV-{year}-{number}.',
    )
  if (!Number.isInteger(input.digits) || input.digits < 1 || input.digits > 12)
    fault('digits', 'out-of-range', 'The counter has 1 to 12 digits.')
  if (input.restartsYearly && !format.includes('{year}'))
    fault(
      'format',
      'year-needed',
      'A series that begins anew every year needs {year}, or numbers would come twice.',
    )
  const { startAt } = input
  if (startAt !== undefined && (!Number.isSafeInteger(startAt) || startAt < 1))
    fault('startAt', 'out-of-range', 'The first number is a whole number from 1 on.')
  if (faults.length > 0) throw invalid(...faults)
  const { digits, restartsYearly } = input
  return { format, digits, restartsYearly, startAt: startAt === undefined ? undefined : BigInt(startAt) }
}
