// CSV as Microsoft writes it, in pieces of some hundred rows.
import type { Row } from './sheet-rows.ts'

const ROWS_PER_PIECE = 500

const field = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`

export type Style = {
  readonly columns: readonly string[]
  readonly isHeaderQuoted: boolean
  readonly withBom?: boolean
}

export function* csvOf(rows: Iterable<Row>, style: Style): Generator<Uint8Array> {
  const header = style.columns.map(style.isHeaderQuoted ? quoted : field).join(',')
  let piece = `${style.withBom ? '\uFEFF' : ''}${header}\r\n`
  let count = 0
  for (const row of rows) {
    let line = ''
    for (const column of style.columns) line += `${line === '' ? '' : ','}${field(row[column] ?? '')}`
    piece += `${line}\r\n`
    count += 1
    if (count % ROWS_PER_PIECE === 0) {
      yield Buffer.from(piece)
      piece = ''
    }
  }
  if (piece) yield Buffer.from(piece)
}
