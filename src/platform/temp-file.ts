// Files that are too large for memory: kept on disk while they are worked on, and gone afterwards whatever happens.
import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Refusal } from '#kernel/failure.ts'

export type TempFile = {
  readonly path: string
  readonly bytes: number
  /** Hexadecimal, of what came, packed or not. */
  readonly sha256: string
  remove(): Promise<void>
}

/** What is kept in numbered parts, one after the other from 0 on, until there is no other. */
export async function* partsFrom(
  read: (part: number) => Promise<Uint8Array | undefined>,
): AsyncGenerator<Uint8Array> {
  for (let part = 0; ; part += 1) {
    const content = await read(part)
    if (!content) return
    yield content
  }
}

/** Writes a stream into a file of its own; one that is longer than allowed is refused and leaves nothing. */
export async function tempFileOf(chunks: AsyncIterable<Uint8Array>, mostBytes: number): Promise<TempFile> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'emporion-'))
  const remove = () => rm(folder, { recursive: true, force: true })
  const file = path.join(folder, 'file')
  const hash = createHash('sha256')
  let bytes = 0
  async function* counted() {
    for await (const chunk of chunks) {
      bytes += chunk.length
      if (bytes > mostBytes)
        throw new Refusal('input/too-large', `The file has more than ${Math.floor(mostBytes / 1e6)} MB.`)
      hash.update(chunk)
      yield chunk
    }
  }
  try {
    await pipeline(counted, createWriteStream(file, { mode: 0o600 }))
  } catch (error) {
    await remove()
    throw error
  }
  return { path: file, bytes, sha256: hash.digest('hex'), remove }
}
