// A ZIP archive written while it is sent: sizes and checksum follow each entry, because they are not known before.
import { Readable } from 'node:stream'
import { crc32, createDeflateRaw } from 'node:zlib'

export type Entry = { readonly name: string; readonly content: Iterable<Uint8Array> }

/** 1 January 2026, 00:00, in the archive's own notation: the same input gives the same bytes. */
const DATE = ((2026 - 1980) << 9) | (1 << 5) | 1
const SIZES_FOLLOW = 0x0008
const DEFLATED = 8

export async function* zipOf(entries: readonly Entry[]): AsyncGenerator<Uint8Array> {
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, content } of entries) {
    const head = localHeader(name)
    yield head
    const size = { checksum: 0, packed: 0, plain: 0 }
    for await (const piece of Readable.from(counted(content, size)).pipe(createDeflateRaw({ level: 6 }))) {
      size.packed += (piece as Buffer).length
      yield piece as Buffer
    }
    const tail = descriptor(size)
    yield tail
    directory.push(directoryEntry(name, size, offset))
    offset += head.length + size.packed + tail.length
  }
  const all = Buffer.concat(directory)
  yield all
  yield endRecord(entries.length, all.length, offset)
}

type Size = { checksum: number; packed: number; plain: number }

function* counted(content: Iterable<Uint8Array>, size: Size): Generator<Uint8Array> {
  for (const piece of content) {
    size.checksum = crc32(piece, size.checksum)
    size.plain += piece.length
    yield piece
  }
}

function localHeader(name: string): Buffer {
  const head = Buffer.alloc(30)
  head.writeUInt32LE(0x04034b50, 0)
  head.writeUInt16LE(20, 4)
  head.writeUInt16LE(SIZES_FOLLOW, 6)
  head.writeUInt16LE(DEFLATED, 8)
  head.writeUInt16LE(DATE, 12)
  head.writeUInt16LE(Buffer.byteLength(name), 26)
  return Buffer.concat([head, Buffer.from(name)])
}

function descriptor({ checksum, packed, plain }: Size): Buffer {
  const tail = Buffer.alloc(16)
  tail.writeUInt32LE(0x08074b50, 0)
  tail.writeUInt32LE(checksum, 4)
  tail.writeUInt32LE(packed, 8)
  tail.writeUInt32LE(plain, 12)
  return tail
}

function directoryEntry(name: string, { checksum, packed, plain }: Size, offset: number): Buffer {
  const entry = Buffer.alloc(46)
  entry.writeUInt32LE(0x02014b50, 0)
  entry.writeUInt16LE(20, 4)
  entry.writeUInt16LE(20, 6)
  entry.writeUInt16LE(SIZES_FOLLOW, 8)
  entry.writeUInt16LE(DEFLATED, 10)
  entry.writeUInt16LE(DATE, 14)
  entry.writeUInt32LE(checksum, 16)
  entry.writeUInt32LE(packed, 20)
  entry.writeUInt32LE(plain, 24)
  entry.writeUInt16LE(Buffer.byteLength(name), 28)
  entry.writeUInt32LE(offset, 42)
  return Buffer.concat([entry, Buffer.from(name)])
}

function endRecord(count: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(count, 8)
  end.writeUInt16LE(count, 10)
  end.writeUInt32LE(size, 12)
  end.writeUInt32LE(offset, 16)
  return end
}
