// The key that encrypts licence keys and credentials at rest: from EMPORION_KEY, or kept in the data folder.
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { Refusal } from '#kernel/failure.ts'

/** 32 bytes in base64. Made once; whoever loses the file loses what it encrypted. */
export function keptEncryptionKey(dataDir: string): string {
  const file = path.join(dataDir, 'encryption.key')
  if (!fs.existsSync(file)) create(file)
  const text = fs.readFileSync(file, 'utf8').trim()
  if (Buffer.from(text, 'base64').length !== 32)
    throw new Refusal(
      'config/key',
      `${file} does not hold an encryption key: put back the file this folder was made with.`,
    )
  return text
}

function create(file: string): void {
  const draft = `${file}.${process.pid}`
  const fd = fs.openSync(draft, 'w', 0o600)
  fs.writeSync(fd, `${randomBytes(32).toString('base64')}\n`)
  fs.fsyncSync(fd)
  fs.closeSync(fd)
  fs.renameSync(draft, file)
}
