// Installs the packages of the lock file unless exactly those are installed. A hash of the lock file is kept inside
// node_modules, so it goes when they go.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'

export function installWhenNeeded(root) {
  const modules = path.join(root, 'node_modules')
  const mark = path.join(modules, '.emporion-lock')
  const lock = path.join(root, 'package-lock.json')
  const wanted = createHash('sha256').update(fs.readFileSync(lock)).digest('hex')
  if (read(mark) === wanted) return
  // npm writes its own list at the end of every install: newer than the lock file means somebody ran npm by hand.
  if (isNewer(path.join(modules, '.package-lock.json'), lock)) return remember(mark, wanted)

  console.error('Installing the packages of package-lock.json (once; this takes a minute or two) …')
  // `npm ci` refuses a lock file that lacks a package for some other platform, as one does that was written while the
  // registry did not have it. `npm install` takes the same locked versions and leaves the lock file as it is.
  const exact = npm(root, 'ci', 'pipe')
  if (exact.status !== 0) {
    const plain = npm(root, 'install', 'inherit', ['--no-save'])
    if (plain.status !== 0) throw refusal(root, plain)
  }
  remember(mark, wanted)
}

// No package here needs its install script, so none is run.
const always = [
  '--include=dev',
  '--include=optional',
  '--ignore-scripts',
  '--no-audit',
  '--no-fund',
  '--loglevel=error',
]

function npm(root, word, output, more = []) {
  const outer = process.env.npm_execpath
  const [program, first] =
    outer && /\.c?js$/.test(outer)
      ? [process.execPath, [outer]]
      : [process.platform === 'win32' ? 'npm.cmd' : 'npm', []]
  return spawnSync(program, [...first, word, ...always, ...more], {
    cwd: root,
    stdio: ['ignore', output, output],
    env: installEnvironment(),
  })
}

function refusal(root, done) {
  const why = done.error?.message ?? `exit code ${done.status}`
  return new Error(
    `npm could not install the packages (${why}). Check the network, the free disk space and that ${root} can be written, then run: npm install`,
  )
}

// An npm inside an npm must not take the outer one's command for its own settings.
function installEnvironment() {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(lifecycle|command|package)/.test(name)),
  )
}

function remember(mark, wanted) {
  try {
    fs.writeFileSync(mark, wanted)
  } catch {
    // A read-only folder: we look again at the next start, which costs a millisecond.
  }
}

function read(file) {
  try {
    return fs.readFileSync(file, 'utf8').trim()
  } catch {
    return undefined
  }
}

function isNewer(file, than) {
  try {
    return fs.statSync(file).mtimeMs >= fs.statSync(than).mtimeMs
  } catch {
    return false
  }
}
