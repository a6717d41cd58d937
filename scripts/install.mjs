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
  const done = npm(root)
  if (done.status !== 0) throw refusal(root, done)
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

// `ci` takes the locked versions or nothing: a lock file that does not fit package.json is refused.
function npm(root) {
  const outer = process.env.npm_execpath
  const [program, first] =
    outer && /\.c?js$/.test(outer)
      ? [process.execPath, [outer]]
      : [process.platform === 'win32' ? 'npm.cmd' : 'npm', []]
  return spawnSync(program, [...first, 'ci', ...always], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: installEnvironment(),
  })
}

function refusal(root, done) {
  const why = done.error?.message ?? `exit code ${done.status}`
  return new Error(
    `npm could not install the packages (${why}). Check the network, the free disk space and that ${root} can be written, then start again.`,
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
