// The door of `npm start` and its siblings. Any Node from 18 on can run it: it installs what is missing and hands over
// to the Node that the lock file pins, where everything else happens.
import { spawn, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { installWhenNeeded } from './install.mjs'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const binFolder = path.join(root, 'node_modules/.bin')

/** What each word runs, under the pinned Node. `web`: the pages must be built first. */
const commands = {
  start: { script: 'src/main/start.ts', web: true },
  dev: { script: 'src/main/start.ts', web: true, env: { EMPORION_WATCH: '1' } },
  demo: { script: 'src/main/demo.ts', web: true },
  bench: { script: 'bench/run.ts', web: true },
  test: { script: 'tests/run.ts', web: true },
  emporion: { script: 'src/main/cli.ts' },
  check: { script: 'scripts/check.mjs' },
  format: { script: 'scripts/format.mjs' },
}

const [word = '', ...args] = process.argv.slice(2)
const command = Object.hasOwn(commands, word) ? commands[word] : undefined
if (!command) fail(`Unknown word "${word}". Known: ${Object.keys(commands).join(', ')}.`)

try {
  installWhenNeeded(root)
} catch (error) {
  fail(error.message)
}
const node = pinnedNode()
const script = path.join(root, command.script)
if (!fs.existsSync(script)) fail(`${command.script} is missing: this is not a complete copy of the project.`)
if (command.web) buildPages(node)
handOver(node, [script, ...args], {
  ...process.env,
  ...command.env,
  // Types are stripped and code is compiled once for each version of a file: 25 MB less in every process, and quicker starts.
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? path.join(root, 'node_modules/.cache/compiled'),
  PATH: [path.dirname(node), binFolder, process.env.PATH].join(path.delimiter),
})

function pinnedNode() {
  const system = process.platform === 'win32' ? 'win' : process.platform
  const program = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node'
  for (const name of [`node-${system}-${process.arch}`, `node-bin-${system}-${process.arch}`]) {
    const candidate = path.join(root, 'node_modules', name, program)
    if (fs.existsSync(candidate) && runs(candidate)) return candidate
  }
  if (Number.parseInt(process.versions.node, 10) >= 26) return process.execPath
  return fail(
    `Emporion runs on Node 26, which npm installs with it, but not for ${process.platform} on ${process.arch}. Install Node 26 or newer and start again (this is Node ${process.versions.node}).`,
  )
}

function runs(candidate) {
  return spawnSync(candidate, ['--version'], { stdio: 'ignore' }).status === 0
}

function buildPages(node) {
  const builder = path.join(root, 'scripts/build-web.mjs')
  if (!fs.existsSync(builder)) return
  const code = `const { buildWeb } = await import(${JSON.stringify(pathToFileURL(builder).href)}); await buildWeb({ log: (line) => console.error(line) })`
  const done = spawnSync(node, ['--input-type=module', '-e', code], { cwd: root, stdio: 'inherit' })
  if (done.status !== 0) fail('The pages could not be built (see above).', done.status ?? 1)
}

function handOver(node, argv, env) {
  // The channel tells the other side when this process is gone, however it went.
  const child = spawn(node, argv, { cwd: root, env, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] })
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => child.kill(name))
  watchParent(child)
  child.on('error', (error) => fail(`${node} could not be started: ${error.message}`))
  child.on('exit', (code, signal) => {
    process.exit(code ?? 128 + (os.constants.signals[signal] ?? 0))
  })
}

// npm that is killed takes nobody with it; nothing it started should stay behind. Between npm and us there may be a
// shell, which outlives npm: so the shell's own parent is watched as well.
function watchParent(child) {
  if (!process.env.npm_lifecycle_event || process.platform === 'win32') return
  const ancestors = () => `${process.ppid} ${parentOf(process.ppid)}`
  const before = ancestors()
  setInterval(() => {
    if (ancestors() !== before) child.kill('SIGTERM')
  }, 1000).unref()
}

function parentOf(pid) {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]
  } catch {
    return ''
  }
}

function fail(message, code = 1) {
  console.error(`\n${message}\n`)
  process.exit(code)
}
