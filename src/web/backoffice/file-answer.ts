// A file that is written while it is sent.
import { Readable } from 'node:stream'

const types = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const

export function fileAnswer(file: {
  readonly name: string
  readonly format: keyof typeof types
  /** Where it is known before. */
  readonly bytes?: bigint
  readonly pieces: AsyncIterable<Uint8Array | string>
}): Response {
  // One piece is read when the one before has left.
  const body = Readable.toWeb(Readable.from(file.pieces, { objectMode: false, highWaterMark: 1 })) as BodyInit
  return new Response(body, {
    headers: {
      'content-type': types[file.format],
      ...(file.bytes !== undefined && { 'content-length': String(file.bytes) }),
      'content-disposition': `attachment; filename="${file.name}"`,
      'cache-control': 'private, no-store',
    },
  })
}
