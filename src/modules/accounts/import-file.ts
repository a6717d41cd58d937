// A file of accounts as it arrives: CSV or XLSX, told apart by its first bytes. What is hostile, damaged or too large is refused whole.
// CSV is read as a stream; a workbook is small enough to be held packed, and its rows come out one by one.
import { createReadStream } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { streamXlsxRows } from 'hucre/xlsx'
import yauzl from 'yauzl'
import { readCsv } from '#kernel/csv.ts'
import { Refusal } from '#kernel/failure.ts'
import { isImportHead } from './import-columns.ts'

export type ImportFormat = 'csv' | 'xlsx'
export type Separator = ',' | ';' | '\t'

export type ImportLimits = {
  /** Of the file as it came. */
  readonly mostBytes: number
  /** Of all that is packed in a workbook. */
  readonly mostUnpacked: number
  readonly mostRows: number
}

export const importLimits: ImportLimits = {
  mostBytes: 15_000_000,
  mostUnpacked: 80_000_000,
  mostRows: 50_000,
}

/** A row as it stands in the file; the head is on line 1. */
export type ImportLine = { readonly line: number; readonly cells: readonly string[] }

const refuse = (code: string, message: string) => new Refusal(`account-import/${code}`, message)

/** Which of the two a file is, and how a CSV is separated. */
export async function formOf(
  path: string,
): Promise<{ readonly format: 'csv'; readonly separator: Separator } | { readonly format: 'xlsx' }> {
  const begin = await firstBytes(path, 64 * 1024)
  if (begin.length === 0) throw new Refusal('account-import/empty', 'The file is empty.')
  if (begins(begin, [0x50, 0x4b, 0x03, 0x04])) return { format: 'xlsx' }
  if (begins(begin, [0xd0, 0xcf, 0x11, 0xe0]))
    throw new Refusal(
      'account-import/old-workbook',
      'This is a workbook in the old form (.xls), or one with a password. Save it as .xlsx without a password, or as CSV in UTF-8.',
    )
  return { format: 'csv', separator: separatorOf(begin) }
}

const begins = (bytes: Uint8Array, signs: readonly number[]) =>
  signs.every((sign, index) => bytes[index] === sign)

async function firstBytes(path: string, most: number): Promise<Uint8Array> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(most), 0, most, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

/** The sign by which the first row becomes the most columns we know; a comma where none does. */
function separatorOf(begin: Uint8Array): Separator {
  const text = new TextDecoder('utf-8').decode(begin)
  const said = /^sep=([,;\t])\r?\n/i.exec(text)?.[1]
  if (said) return said as Separator
  const head = text.slice(0, text.search(/[\r\n]/) < 0 ? undefined : text.search(/[\r\n]/))
  const known = (separator: string) =>
    head.split(separator).filter((cell) => isImportHead(cell.replaceAll('"', ''))).length
  const best = ([',', ';', '\t'] as const)
    .map((separator) => ({ separator, count: known(separator) }))
    .sort((a, b) => b.count - a.count)[0]
  return best?.separator ?? ','
}

/** The rows of a file in batches. Refuses one with more rows than the limit. */
export async function* readImportFile(
  path: string,
  limits: ImportLimits = importLimits,
): AsyncGenerator<ImportLine[]> {
  const form = await formOf(path)
  let count = 0
  const batches = form.format === 'csv' ? csvLines(path, form.separator) : xlsxLines(path, limits)
  for await (const batch of batches) {
    count += batch.length
    // The head is none of them.
    if (count - 1 > limits.mostRows)
      throw refuse(
        'too-many-rows',
        `The file has more than ${limits.mostRows} rows. Divide it into several files.`,
      )
    yield batch
  }
}

async function* csvLines(path: string, separator: Separator): AsyncGenerator<ImportLine[]> {
  const records = readCsv(createReadStream(path, { highWaterMark: 128 * 1024 }), {
    separator,
    notText: () =>
      new Refusal(
        'account-import/not-utf8',
        'This is not a text file in UTF-8. Save it again as “CSV UTF-8”, or as an .xlsx workbook.',
      ),
    endless: (line) =>
      new Refusal('account-import/endless-field', `A quote opened on line ${line} is never closed.`),
  })
  for await (const batch of records) {
    const lines = batch.filter(({ line, raw }) => !(line === 1 && /^sep=.$/i.test(raw)))
    const broken = lines.find(({ isBroken }) => isBroken)
    if (broken)
      throw refuse(
        'broken-quotes',
        `On line ${broken.line} something stands between a closing quote and the next separator: nobody can say which fields are meant.`,
      )
    const nul = lines.find(({ raw }) => raw.includes('\u0000'))
    if (nul) throw refuse('not-text', `Line ${nul.line} holds characters no text has. Is this a CSV file?`)
    if (lines.length > 0) yield lines.map(({ line, cells }) => ({ line, cells }))
  }
}

const BATCH = 500
/** Columns beyond are not looked at; ours are fewer than thirty. */
const LAST_COLUMN = 'CV'

async function* xlsxLines(path: string, limits: ImportLimits): AsyncGenerator<ImportLine[]> {
  await assertHarmless(path, limits)
  // Sheets hold empty rows as well. The bounds keep wide or endless ones out of memory.
  const maxRows = 2 * limits.mostRows + 2
  const rows = streamXlsxRows(await readFile(path), { range: `A1:${LAST_COLUMN}1048576`, maxRows })
  let count = 0
  let batch: ImportLine[] = []
  let before = 0
  try {
    for await (const { index, values } of rows) {
      const line = index + 1
      // Rows of a sheet go down; else a line could be told twice.
      if (!Number.isInteger(line) || line <= before) throw damaged('its rows are not in order')
      before = line
      count += 1
      if (count === maxRows)
        throw refuse(
          'too-many-rows',
          `The sheet has too many rows, empty ones included: at most ${limits.mostRows} accounts. Delete what is empty, or divide it.`,
        )
      const cells = values.map(cellText)
      const end = cells.findLastIndex((cell) => cell.trim() !== '') + 1
      if (end === 0) continue
      batch.push({ line, cells: cells.slice(0, end) })
      if (batch.length < BATCH) continue
      yield batch
      batch = []
    }
  } catch (error) {
    throw error instanceof Refusal ? error : damaged(error instanceof Error ? error.message : String(error))
  }
  if (batch.length > 0) yield batch
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Date) return value.toISOString().slice(0, 10)
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value).toString() : String(value)
  return String(value)
}

const damaged = (why: string) =>
  refuse('damaged', `The workbook is damaged, or is none: save it again as .xlsx. (${why})`)

/**
 * Unpacks everything once and throws it away, counting: what a workbook says of its own size is not believed. Refuses one that unpacks
 * to more than the limit before anything of it is read.
 */
async function assertHarmless(path: string, { mostUnpacked }: ImportLimits): Promise<void> {
  const archive = await new Promise<yauzl.ZipFile>((resolve, reject) => {
    yauzl.open(path, { lazyEntries: true, autoClose: false }, (error, opened) =>
      error || !opened ? reject(damaged(error?.message ?? '')) : resolve(opened),
    )
  })
  try {
    if (archive.entryCount > 1000) throw damaged('it holds more than 1000 files')
    let left = mostUnpacked
    for (let entry = await nextEntry(archive); entry; entry = await nextEntry(archive))
      left -= await unpackedSize(archive, entry, left)
  } finally {
    archive.close()
  }
}

function nextEntry(archive: yauzl.ZipFile): Promise<yauzl.Entry | undefined> {
  return new Promise((resolve, reject) => {
    const settle = (work: () => void) => {
      archive.removeAllListeners('entry').removeAllListeners('end').removeAllListeners('error')
      work()
    }
    archive.once('entry', (entry: yauzl.Entry) => settle(() => resolve(entry)))
    archive.once('end', () => settle(() => resolve(undefined)))
    archive.once('error', (error: Error) => settle(() => reject(damaged(error.message))))
    archive.readEntry()
  })
}

function unpackedSize(archive: yauzl.ZipFile, entry: yauzl.Entry, most: number): Promise<number> {
  if (entry.isEncrypted()) throw refuse('encrypted', 'The workbook has a password. Save it without one.')
  return new Promise((resolve, reject) => {
    archive.openReadStream(entry, (error, stream) => {
      if (error || !stream) return reject(damaged(error?.message ?? ''))
      let bytes = 0
      stream.on('data', (chunk: Uint8Array) => {
        bytes += chunk.length
        if (bytes <= most) return
        stream.destroy()
        reject(
          refuse(
            'too-large',
            'Unpacked, the workbook is larger than one with accounts would be. Save the sheet alone, or as CSV.',
          ),
        )
      })
      stream.on('error', (failure: Error) => reject(damaged(failure.message)))
      stream.on('end', () => resolve(bytes))
    })
  })
}
