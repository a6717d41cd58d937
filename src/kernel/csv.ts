// Reading CSV: RFC 4180, a byte order mark, CRLF or LF, quotes and line breaks inside fields. Our own reader, because each wrong row
// must be told by its line and given back as it was written, which parsers at hand do not keep; a record without quotes, nearly all
// of them, is one split.
import type { Refusal } from './failure.ts'

export type CsvRecord = {
  /** The first line of the record in the file; the header is on line 1. */
  readonly line: number
  /** As it was written, without its line end. */
  readonly raw: string
  readonly cells: readonly string[]
  /** Something stands between a closing quote and the next separator: nobody can say which fields were meant. */
  readonly isBroken: boolean
  /** The file ends without a line end behind it: nobody can say whether it was cut. */
  readonly isUnended: boolean
}

/** A quote that never closes would swallow the rest of the file. */
const MOST_CHARACTERS = 200_000

export type CsvForm = {
  readonly separator: ',' | ';' | '\t'
  /** What is said of a file that is no UTF-8, and of a quote that is never closed. */
  readonly notText: () => Refusal
  readonly endless: (line: number) => Refusal
}

/** Records in batches, as many as a chunk of the file holds. */
export async function* readCsv(
  chunks: AsyncIterable<Uint8Array>,
  { separator, notText, endless }: CsvForm,
): AsyncGenerator<CsvRecord[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let left = ''
  let line = 1
  const decode = (chunk?: Uint8Array) => {
    try {
      return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode()
    } catch {
      throw notText()
    }
  }
  const take = (given: string, isLast: boolean): CsvRecord[] => {
    const records: CsvRecord[] = []
    const text = line === 1 ? withPlainQuotes(given) : given
    let start = 0
    for (;;) {
      const end = endOfRecord(text, start, separator)
      if (end < 0 && !(isLast && start < text.length)) break
      const stop = end < 0 ? text.length : end
      const raw = text.slice(start, text[stop - 1] === '\r' ? stop - 1 : stop)
      if (raw !== '') records.push({ line, raw, ...cellsOf(raw, separator), isUnended: end < 0 })
      line += raw.includes('\n') ? raw.split('\n').length : 1
      start = stop + 1
      if (end < 0) break
    }
    left = text.slice(Math.min(start, text.length))
    if (left.length > MOST_CHARACTERS) throw endless(line)
    return records
  }
  for await (const chunk of chunks) {
    const records = take(left + decode(chunk), false)
    if (records.length > 0) yield records
  }
  const records = take(left + decode(), true)
  if (records.length > 0) yield records
}

/** Official documents print a header that ends in a typographic quote, and people copy it. */
function withPlainQuotes(text: string): string {
  const end = text.indexOf('\n')
  const header = end < 0 ? text : text.slice(0, end)
  return header.replace(/[“”„‟]/g, '"') + text.slice(header.length)
}

/**
 * Where the record that begins at `start` ends: the next line end outside quotes; -1 where the text holds none. A quote opens a field
 * only where a field begins; elsewhere it is a character, as in: 19" rack.
 */
function endOfRecord(text: string, start: number, separator: string): number {
  let from = start
  for (;;) {
    const end = text.indexOf('\n', from)
    let quote = text.indexOf('"', from)
    while (quote >= 0 && (end < 0 || quote < end) && !beginsField(text, quote, start, separator))
      quote = text.indexOf('"', quote + 1)
    if (quote < 0 || (end >= 0 && quote > end)) return end
    const close = closingQuote(text, quote)
    if (close < 0) return -1
    from = close + 1
  }
}

function beginsField(text: string, at: number, start: number, separator: string): boolean {
  return at === start || text[at - 1] === separator
}

/** Where a quoted field ends; a doubled quote is one of its characters. -1 where the text holds no end, or may not hold it yet. */
function closingQuote(text: string, open: number): number {
  let close = text.indexOf('"', open + 1)
  while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2)
  return close
}

function cellsOf(raw: string, separator: string): Pick<CsvRecord, 'cells' | 'isBroken'> {
  if (!raw.includes('"')) return { cells: raw.split(separator), isBroken: false }
  const cells: string[] = []
  let at = 0
  let isBroken = false
  for (;;) {
    const close = raw[at] === '"' ? closingQuote(raw, at) : -1
    const next = raw.indexOf(separator, close < 0 ? at : close)
    const end = next < 0 ? raw.length : next
    if (close < 0) cells.push(raw.slice(at, end))
    else cells.push(raw.slice(at + 1, close).replaceAll('""', '"'))
    if (close >= 0 && raw.slice(close + 1, end).trim() !== '') isBroken = true
    if (next < 0) return { cells, isBroken }
    at = next + 1
  }
}
