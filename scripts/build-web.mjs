// Builds the pages of both apps into build/, unless they are there already: a hash of everything that goes in is kept
// beside what came out. Run by `npm start` and its siblings under the pinned Node.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const apps = ['storefront', 'backoffice']

/** Brings both builds up to date. `log` is told what happens, a line at a time. */
export async function buildWeb({ log = () => {} } = {}) {
  const stamp = path.join(root, 'build/web.hash')
  const hash = sourceHash()
  if (isCurrent(stamp, hash)) return
  const began = performance.now()
  log('Building the pages (once after each change of them) …')
  fs.rmSync(stamp, { force: true })
  await Promise.all(apps.map(buildApp))
  await Promise.all(apps.map((app) => precompress(path.join(root, 'build', app, 'client'))))
  fs.writeFileSync(stamp, hash)
  log(`Built the pages in ${((performance.now() - began) / 1000).toFixed(1)} s.`)
}

function isCurrent(stamp, hash) {
  if (!apps.every((app) => fs.existsSync(path.join(root, 'build', app, 'server/index.js')))) return false
  return fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === hash
}

function sourceHash() {
  const hash = createHash('sha256').update(process.version)
  const files = ['package-lock.json', 'tsconfig.json', 'scripts/build-web.mjs']
  const web = path.join(root, 'src/web')
  for (const entry of fs.readdirSync(web, { recursive: true, withFileTypes: true }))
    if (entry.isFile() && !/\.test\.tsx?$/.test(entry.name) && !entry.parentPath.includes('.react-router'))
      files.push(path.relative(root, path.join(entry.parentPath, entry.name)))
  for (const file of files.sort()) hash.update(`\0${file}\0`).update(fs.readFileSync(path.join(root, file)))
  return hash.digest('hex')
}

// A process each: the router's plugin keeps state of its app, and two cores build side by side.
function buildApp(app) {
  const cli = path.join(root, 'node_modules/@react-router/dev/bin.cjs')
  const folder = path.join(root, 'src/web', app)
  return new Promise((resolve, reject) => {
    const said = []
    const child = spawn(process.execPath, [cli, 'build', folder, '--logLevel', 'warn'], {
      cwd: root,
      env: { ...process.env, NODE_ENV: 'production' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child.stdout.on('data', (chunk) => said.push(chunk))
    child.stderr.on('data', (chunk) => said.push(chunk))
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) return resolve()
      reject(new Error(`The ${app} could not be built:\n${Buffer.concat(said)}`))
    })
  })
}

const brotli = promisify(brotliCompress)
const gzipped = promisify(gzip)

/** Leaves a .br and a .gz beside every text of some size; the server sends the one a browser takes. */
async function precompress(folder) {
  for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(js|css|svg|json|txt)$/.test(entry.name)) continue
    const file = path.join(entry.parentPath, entry.name)
    const body = fs.readFileSync(file)
    if (body.length < 1024) continue
    const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: body.length }
    fs.writeFileSync(`${file}.br`, await brotli(body, { params }))
    fs.writeFileSync(`${file}.gz`, await gzipped(body, { level: 9 }))
  }
}
