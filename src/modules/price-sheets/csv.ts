// Reading CSV as price sheets come: RFC 4180, a byte order mark, CRLF or LF, quotes and line breaks inside fields. Our own reader,
// because each wrong row must be told by its line and given back as it was written, which parsers at hand do not keep; a record
// without quotes, nearly all of them, is one split.
import { Refusal } from '#kernel/failure.ts'

export type CsvRecord = {
  /** The first line of the record in the file; the header is on line 1. */
  readonly line: number
  /** As it was written, without its line end. */
  readonly raw: string
  readonly cells: readonly string[]
}

/** A quote that never closes would swallow the rest of the file. */
const MOST_CHARACTERS = 200_000

/** Records in batches, as many as a chunk of the file holds. Refuses what is no UTF-8 with `price-sheet/not-text`. */
export async function* readCsv(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<CsvRecord[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let left = ''
  let line = 1
  const decode = (chunk?: Uint8Array) => {
    try {
      return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode()
    } catch {
      throw new Refusal(
        'price-sheet/not-text',
        'This is not a text file in UTF-8. Export it again as CSV in UTF-8.',
      )
    }
  }
  const take = (given: string, isLast: boolean): CsvRecord[] => {
    const records: CsvRecord[] = []
    const text = line === 1 ? withPlainQuotes(given) : given
    let start = 0
    for (;;) {
      const end = endOfRecord(text, start)
      if (end < 0 && !(isLast && start < text.length)) break
      const stop = end < 0 ? text.length : end
      const raw = text.slice(start, text[stop - 1] === '\r' ? stop - 1 : stop)
      if (raw !== '') records.push({ line, raw, cells: cellsOf(raw) })
      line += raw.includes('\n') ? raw.split('\n').length : 1
      start = stop + 1
      if (end < 0) break
    }
    left = text.slice(Math.min(start, text.length))
    if (left.length > MOST_CHARACTERS)
      throw new Refusal('price-sheet/endless-field', `A quote opened on line ${line} is never closed.`)
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

/** Where the record that begins at `start` ends: the next line end outside quotes; -1 where the text holds none. */
function endOfRecord(text: string, start: number): number {
  let from = start
  let isQuoted = false
  for (;;) {
    const end = text.indexOf('\n', from)
    if (end < 0) return -1
    let quote = text.indexOf('"', from)
    while (quote >= 0 && quote < end) {
      isQuoted = !isQuoted
      quote = text.indexOf('"', quote + 1)
    }
    if (!isQuoted) return end
    from = end + 1
  }
}

function cellsOf(raw: string): string[] {
  if (!raw.includes('"')) return raw.split(',')
  const cells: string[] = []
  let at = 0
  while (at <= raw.length) {
    if (raw[at] === '"') {
      let end = raw.indexOf('"', at + 1)
      while (end >= 0 && raw[end + 1] === '"') end = raw.indexOf('"', end + 2)
      if (end < 0) end = raw.length
      cells.push(raw.slice(at + 1, end).replaceAll('""', '"'))
      const comma = raw.indexOf(',', end + 1)
      if (comma < 0) break
      at = comma + 1
    } else {
      const comma = raw.indexOf(',', at)
      if (comma < 0) {
        cells.push(raw.slice(at))
        break
      }
      cells.push(raw.slice(at, comma))
      at = comma + 1
    }
  }
  return cells
}
