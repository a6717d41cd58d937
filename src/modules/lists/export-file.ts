// How a list looks as a file. Amounts, days and moments are values a program can read: an amount is a number with its currency in
// a column of its own. A moment is UTC in CSV, where its text says so; a spreadsheet's cells know no zone, so there it is as clocks
// show it where the seller is, and the heading says which zone that is.
import { writeXlsxStream } from 'hucre/xlsx'
import type { ExportFormat } from './list-export.ts'

/** `number`: an exact decimal as text. */
export type ExportCell =
  | string
  | { readonly number: string }
  | Temporal.Instant
  | Temporal.PlainDate
  | undefined

/** What an export reads from. Implemented among the views, which know the lists; handed to the flow by main. */
export type ExportSource = {
  readonly title: string
  /** The address as it is understood. */
  readonly query: string
  readonly heads: readonly string[]
  /** Which of the heads stand above moments, from 0. */
  readonly moments: readonly number[]
  /** Where the seller is. */
  readonly timeZone: () => Promise<string>
  readonly count: () => Promise<number>
  /** Some rows at a time, each once. */
  readonly rows: () => AsyncIterable<readonly (readonly ExportCell[])[]>
}

/** The file in pieces, as its rows come: never more than one piece is held. */
export function exportFile(
  format: ExportFormat,
  title: string,
  heads: readonly string[],
  rows: AsyncIterable<readonly (readonly ExportCell[])[]>,
  { separator = ',', moments }: { readonly separator?: Separator; readonly moments?: Moments } = {},
): AsyncIterable<Uint8Array> {
  return format === 'csv' ? csvFile(heads, rows, separator) : xlsxFile(title, heads, rows, moments)
}

/** The columns of moments, from 0, and the zone they are told in. */
type Moments = { readonly columns: readonly number[]; readonly timeZone: string }

type Separator = ',' | ';' | '\t'

const text = new TextEncoder()

async function* csvFile(
  heads: readonly string[],
  rows: AsyncIterable<readonly (readonly ExportCell[])[]>,
  separator: Separator,
): AsyncGenerator<Uint8Array> {
  const line = (cells: readonly ExportCell[]) => csvLine(cells, separator)
  // By the mark at the beginning spreadsheets know it is UTF-8.
  yield text.encode(`\ufeff${line(heads)}`)
  for await (const some of rows) yield text.encode(some.map(line).join(''))
}

export function csvLine(cells: readonly ExportCell[], separator: Separator = ','): string {
  return `${cells.map(csvCell).join(separator)}\r\n`
}

function csvCell(cell: ExportCell): string {
  if (cell === undefined) return ''
  if (typeof cell !== 'string') return 'number' in cell ? cell.number : cell.toString()
  // What a spreadsheet would take for a formula is text: whoever named a company must not compute in our books.
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
  return /[",;\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

async function* xlsxFile(
  title: string,
  plainHeads: readonly string[],
  rows: AsyncIterable<readonly (readonly ExportCell[])[]>,
  { columns, timeZone }: Moments = { columns: [], timeZone: 'UTC' },
): AsyncGenerator<Uint8Array> {
  const heads = plainHeads.map((head, at) => (columns.includes(at) ? `${head} (${timeZone})` : head))
  async function* sheet() {
    yield [...heads]
    for await (const some of rows) for (const row of some) yield row.map((cell) => xlsxCell(cell, timeZone))
  }
  const stream = writeXlsxStream(sheet(), {
    name: title.slice(0, 31),
    columns: heads.map((head) => ({ width: Math.min(Math.max(head.length + 4, 14), 40) })),
    freezePane: { rows: 1 },
  })
  for await (const piece of stream) yield piece
}

function xlsxCell(cell: ExportCell, timeZone: string): string | number | Date | null {
  if (cell === undefined) return null
  if (typeof cell === 'string') return cell
  if ('number' in cell) return Number(cell.number)
  if (cell instanceof Temporal.Instant) return asCell(cell.toZonedDateTimeISO(timeZone).toPlainDateTime())
  return asCell(cell.toPlainDateTime())
}

/** A cell holds what a clock shows; the writer reads it off a date in UTC. */
function asCell(shown: Temporal.PlainDateTime): Date {
  return new Date(shown.toZonedDateTime('UTC').epochMilliseconds)
}
