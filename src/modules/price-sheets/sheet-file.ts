// A sheet as it arrives: plain CSV or a ZIP holding one, told by the first bytes and never by a name or header (price-sheets.md section 1).
// Read as a stream; what is hostile or damaged is refused whole, with a reason.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import yauzl from 'yauzl'
import { type CsvRecord, readCsv } from '#kernel/csv.ts'
import { Refusal } from '#kernel/failure.ts'

export type FileLimits = {
  /** Of the unpacked file. */
  readonly mostBytes: number
  /** Unpacked bytes per packed byte; a real sheet packs about 20 to 1. */
  readonly mostRatio: number
}

export const usualLimits: FileLimits = { mostBytes: 1_000_000_000, mostRatio: 200 }

const refuse = (code: string, message: string) => new Refusal(`price-sheet/${code}`, message)

/** The CSV inside a file, as a stream that refuses to go beyond the limits. */
export async function* openSheet(path: string, limits: FileLimits = usualLimits): AsyncGenerator<Uint8Array> {
  const { size } = await stat(path)
  if (size === 0) throw refuse('empty', 'The file is empty.')
  const begin = await firstBytes(path)
  const isZip = begin[0] === 0x50 && begin[1] === 0x4b && begin[2] === 0x03 && begin[3] === 0x04
  const packed = isZip ? await openOnlyEntry(path) : undefined
  const stream = packed ?? createReadStream(path, { highWaterMark: 256 * 1024 })
  let bytes = 0
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > limits.mostBytes)
        throw refuse(
          'too-large',
          `Unpacked, the file has more than ${Math.round(limits.mostBytes / 1e6)} MB.`,
        )
      if (isZip && bytes > 10_000_000 && bytes > size * limits.mostRatio)
        throw refuse('zip-bomb', 'The file unpacks to so much more than it holds that no price sheet would.')
      yield chunk
    }
  } catch (error) {
    throw error instanceof Refusal ? error : damaged(error)
  } finally {
    stream.destroy()
  }
}

/** The records of a sheet's CSV, in batches. */
export function readSheetRecords(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<CsvRecord[]> {
  return readCsv(chunks, {
    separator: ',',
    notText: () => refuse('not-text', 'This is not a text file in UTF-8. Export it again as CSV in UTF-8.'),
    endless: (line) => refuse('endless-field', `A quote opened on line ${line} is never closed.`),
  })
}

/** SHA-256 and size of the CSV inside a file: the same prices have the same hash, packed or not. */
export async function hashSheet(
  path: string,
  limits: FileLimits = usualLimits,
): Promise<{ sha256: Uint8Array; bytes: number }> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of openSheet(path, limits)) {
    hash.update(chunk)
    bytes += chunk.length
  }
  return { sha256: hash.digest(), bytes }
}

async function firstBytes(path: string): Promise<Uint8Array> {
  const file = await open(path)
  try {
    const buffer = new Uint8Array(4)
    await file.read(buffer, 0, 4, 0)
    return buffer
  } finally {
    await file.close()
  }
}

function damaged(error: unknown): Refusal {
  return refuse(
    'damaged',
    `The file is damaged or was cut: fetch or export it again. (${error instanceof Error ? error.message : String(error)})`,
  )
}

/** The one entry of an archive; its name does not matter. */
function openOnlyEntry(path: string): Promise<Readable> {
  return new Promise((resolve, reject) => {
    // Names stay bytes and are not looked at: whatever an entry is called, it is written nowhere.
    const options = { lazyEntries: true, autoClose: true, validateEntrySizes: true, decodeStrings: false }
    yauzl.open(path, options, (error, archive) => {
      if (error || !archive) return reject(damaged(error))
      if (archive.entryCount !== 1) {
        archive.close()
        return reject(
          refuse(
            'entries',
            `A price sheet’s archive holds exactly one file; this one holds ${archive.entryCount}.`,
          ),
        )
      }
      archive.on('error', (failure: Error) => reject(damaged(failure)))
      archive.on('entry', (entry: yauzl.Entry) => {
        if (String(entry.fileName).endsWith('/'))
          return reject(refuse('entries', 'The archive holds a folder and no file.'))
        if (entry.isEncrypted())
          return reject(refuse('encrypted', 'The archive is encrypted. Send it without a password.'))
        archive.openReadStream(entry, (failure, stream) =>
          failure || !stream ? reject(damaged(failure)) : resolve(stream),
        )
      })
      archive.readEntry()
    })
  })
}
