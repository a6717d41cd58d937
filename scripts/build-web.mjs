// Builds the pages of both apps, once for each state of their sources: what is fresh is left alone.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'

const root = path.resolve(import.meta.dirname, '..')
const apps = ['storefront', 'backoffice']

/** @param {{ log?: (line: string) => void }} options */
export async function buildWeb({ log = () => {} } = {}) {
  for (const app of apps) {
    const folder = path.join(root, 'src/web', app)
    if (!fs.existsSync(path.join(folder, 'routes.ts'))) continue
    const wanted = fingerprint([folder, path.join(root, 'src/web'), path.join(root, 'package-lock.json')])
    const mark = path.join(root, 'build', `${app}.hash`)
    if (fs.existsSync(mark) && fs.readFileSync(mark, 'utf8') === wanted) continue
    log(`Building the pages of the ${app}`)
    await run(app)
    precompress(path.join(root, 'build', app, 'client/assets'))
    fs.writeFileSync(mark, wanted)
  }
}

function fingerprint(places) {
  const hash = createHash('sha256')
  const take = (place) => {
    const facts = fs.statSync(place)
    if (facts.isDirectory()) {
      for (const name of fs.readdirSync(place).sort())
        if (!name.startsWith('.') && name !== 'api') take(path.join(place, name))
      return
    }
    if (place.endsWith('.test.ts')) return
    hash.update(path.relative(root, place)).update(fs.readFileSync(place))
  }
  for (const place of places) take(place)
  return hash.digest('hex')
}

function run(app) {
  const cli = path.join(root, 'node_modules/@react-router/dev/bin.js')
  const node = process.execPath
  return new Promise((resolve, reject) => {
    const child = spawn(
      node,
      [cli, 'build', path.join('src/web', app), '--config', path.join('src/web', app, 'vite.config.ts')],
      {
        cwd: root,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, NODE_ENV: 'production' },
      },
    )
    let said = ''
    child.stdout.on('data', (chunk) => (said += chunk))
    child.stderr.on('data', (chunk) => (said += chunk))
    child.once('error', reject)
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`The pages of the ${app} could not be built:\n${said}`)),
    )
  })
}

function precompress(folder) {
  if (!fs.existsSync(folder)) return
  for (const name of fs.readdirSync(folder)) {
    if (!/\.(js|css|svg)$/.test(name)) continue
    const file = path.join(folder, name)
    const body = fs.readFileSync(file)
    fs.writeFileSync(`${file}.br`, brotliCompressSync(body))
    fs.writeFileSync(`${file}.gz`, gzipSync(body, { level: 9 }))
  }
}
