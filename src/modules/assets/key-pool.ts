// Keys the seller uploads (product.md E14): reading the file. Good rows are taken, wrong ones come back by line with the
// reason, in a file that can be corrected and sent again.
import Papa from 'papaparse'
import { Refusal } from '#kernel/failure.ts'
import { cleanKey } from './key.ts'

export type PoolRow = {
  readonly line: number
  readonly key: string
  readonly activationLink: string | undefined
}
export type WrongPoolRow = {
  readonly line: number
  readonly key: string
  readonly activationLink: string
  readonly reason: string
}

/** How few free keys of a plan are too few: from here on screens warn, and the seller is mailed once after each upload. */
export const LOW_STOCK = 10
const MOST_ROWS = 50_000
const MOST_BYTES = 5 * 1024 * 1024

const keyForm = /^[A-Z0-9]{5}(-[A-Z0-9]{5}){4}$/
const keyHeader = /^(key|keys|product[ _-]?key|licen[cs]e[ _-]?key|token)$/i
const linkHeader = /^(activation[ _-]?link|link|url)$/i

function textOf(file: Uint8Array): string {
  if (file.length > MOST_BYTES)
    throw new Refusal('key-pool/file-too-large', 'The file is larger than 5 MB. Send it in parts.')
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(file) // a byte order mark is dropped here
  } catch {
    throw new Refusal(
      'key-pool/not-text',
      'This file is no CSV text in UTF-8. Save it as "CSV UTF-8" and send it again.',
    )
  }
}

function linkFault(link: string): string | undefined {
  if (link === '') return undefined
  if (link.length > 2000 || !URL.canParse(link) || new URL(link).protocol !== 'https:')
    return 'The activation link is not an address that begins with https://.'
  return undefined
}

/** The first separator outside quotes: no key and no name of a column holds one, so what follows the first cell is it. */
function delimiterOf(text: string): string {
  return /[,;\t]/.exec(text.replace(/"[^"]*"/g, ''))?.[0] ?? ','
}

/** Reads `key[,activation_link]` with or without a header, separated by comma, semicolon or tab. */
export function readKeyFile(file: Uint8Array): { rows: PoolRow[]; wrong: WrongPoolRow[] } {
  const text = textOf(file)
  if (text.includes('\0'))
    throw new Refusal(
      'key-pool/not-text',
      'This file is no CSV text. Save it as "CSV UTF-8" and send it again.',
    )
  const parsed = Papa.parse<string[]>(text, { delimiter: delimiterOf(text), skipEmptyLines: false })
  if (parsed.data.length > MOST_ROWS)
    throw new Refusal('key-pool/too-many-rows', `The file has more than ${MOST_ROWS} rows. Send it in parts.`)

  const rows: PoolRow[] = []
  const wrong: WrongPoolRow[] = []
  const lineOfKey = new Map<string, number>()
  let columns: { key: number; link: number } | undefined
  let line = 1
  for (const cells of parsed.data) {
    const here = line
    line += 1 + cells.reduce((breaks, cell) => breaks + (cell.match(/\n|\r(?!\n)/g)?.length ?? 0), 0)
    if (cells.every((cell) => cell.trim() === '')) continue
    if (!columns) {
      const key = cells.findIndex((cell) => keyHeader.test(cell.trim()))
      columns =
        key < 0 ? { key: 0, link: 1 } : { key, link: cells.findIndex((cell) => linkHeader.test(cell.trim())) }
      if (key >= 0) continue
    }
    const key = cleanKey(cells[columns.key] ?? '')
    const activationLink = (cells[columns.link] ?? '').trim()
    const refuse = (reason: string) => wrong.push({ line: here, key, activationLink, reason })
    const before = lineOfKey.get(key)
    const fault = linkFault(activationLink)
    if (key === '') refuse('There is no key in this row.')
    else if (!keyForm.test(key))
      refuse('The key is not of the form XXXXX-XXXXX-XXXXX-XXXXX-XXXXX, letters and digits.')
    else if (before !== undefined) refuse(`The key stands in line ${before} already.`)
    else if (fault) refuse(fault)
    else {
      lineOfKey.set(key, here)
      rows.push({ line: here, key, activationLink: activationLink || undefined })
    }
  }
  if (rows.length === 0 && wrong.length === 0)
    throw new Refusal('key-pool/empty', 'There is no key in this file.')
  return { rows, wrong }
}

/** The wrong rows as a file: correct them and send it again, the reason is not read. */
export function wrongRowsFile(wrong: readonly WrongPoolRow[]): string {
  return Papa.unparse(
    {
      fields: ['key', 'activation_link', 'reason'],
      data: wrong.map((row) => [row.key, row.activationLink, `Line ${row.line}: ${row.reason}`]),
    },
    { escapeFormulae: true },
  )
}
