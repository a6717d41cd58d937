// Where the server's socket lives: in the data folder, or, where that path is too long for the kernel (a socket's path
// has room for about 107 bytes), in a private folder among the temporary files, named for the data folder.
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Outage } from '#kernel/failure.ts'
import { handOver, type Runner } from './runner.ts'

const longest = process.platform === 'darwin' ? 103 : 107

export function socketFolderOf(dataDir: string): string {
  const inside = path.join(dataDir, 'socket')
  if (fits(inside)) return inside
  const mark = createHash('sha256').update(dataDir).digest('hex').slice(0, 16)
  const outside = path.join(os.tmpdir(), `emporion-${mark}`)
  return fits(outside) ? outside : path.join('/tmp', `emporion-${mark}`)
}

/** Anybody may make a folder among the temporary files: one that is not ours is not used. */
export function makeSocketFolder(folder: string, runner: Runner): void {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
  const found = fs.lstatSync(folder)
  const mine = runner.uid ?? process.getuid?.()
  if (!found.isDirectory() || (found.uid !== mine && found.uid !== process.getuid?.()))
    throw new Outage(`The folder ${folder} for the database's socket belongs to somebody else: remove it.`)
  fs.chmodSync(folder, 0o700)
  handOver(runner, folder)
}

function fits(folder: string): boolean {
  return Buffer.byteLength(path.join(folder, '.s.PGSQL.5432')) <= longest
}
