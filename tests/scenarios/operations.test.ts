// What an operator lives through: starts that are killed, folders that are taken, settings that are wrong, a database that goes
// away, a disk that is full. Real processes, as `npm start` runs them; one instance is seeded and handed from test to test.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import postgres from 'postgres'
import { startPostgres } from '#platform/postgres/embedded.ts'
import {
  endAll,
  type Instance,
  killEverything,
  noneLeft,
  processesOf,
  type Running,
  startInstance,
} from '../support/instance.ts'

const isLinux = process.platform === 'linux'
const home = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'emporion-operations-')))
const dataDir = path.join(home, 'data')
after(async () => {
  await endAll()
  fs.rmSync(home, { recursive: true, force: true })
})

const start = (more: Record<string, string> = {}, command?: string[]): Instance =>
  startInstance({ DATA_DIR: dataDir, PORT: '0', ...more }, command)

type Answer = { readonly status: number; readonly body: any }

async function api(at: Running, method: string, where: string, body?: object): Promise<Answer> {
  const answer = await fetch(`${at.api}${where}`, {
    method,
    headers: {
      authorization: `Bearer ${at.apiKey}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
    signal: AbortSignal.timeout(20_000),
  })
  return { status: answer.status, body: await answer.json() }
}

const customer = (name: string) => ({
  kind: 'reseller',
  name,
  contactFirstName: 'Nora',
  contactLastName: 'Dahl',
  email: 'nora@dahl.example',
  phone: '+49 40 5550123',
  addressLine1: 'Hafenweg 3',
  postalCode: '20457',
  city: 'Hamburg',
  country: 'DE',
  currency: 'EUR',
  language: 'de',
})

const isKnown = async (at: Running, name: string): Promise<number> =>
  (await api(at, 'GET', `/accounts?q=${encodeURIComponent(name)}`)).body.items.length

async function until(isSo: () => Promise<boolean>, what: string, withinMs = 40_000): Promise<void> {
  for (const deadline = Date.now() + withinMs; !(await isSo()); await delay(100))
    assert.ok(Date.now() < deadline, `in time: ${what}`)
}

test('a first start that is killed while coming up is taken up where it was', {
  skip: !isLinux,
  timeout: 120_000,
}, async () => {
  const moments: [RegExp, number][] = [
    [/Making the database folder/, 300],
    [/Applied \d+ migrations/, 0],
    [/Filling the database/, 0],
    [/its licences and key pool/, 50],
    [/its licences and key pool/, 300],
    [/its resellers and customers/, 20],
    [/price sheets and what is sold/, 100],
    [/people who sign in/, 0],
  ]
  for (const [words, pauseMs] of moments) {
    const instance = start()
    await instance.says(words)
    await delay(pauseMs)
    await killEverything(dataDir)
  }
  const instance = start()
  const running = await instance.up()
  assert.equal((await api(running, 'GET', '/accounts?limit=200')).body.items.length, 9)
  const { items } = (await api(running, 'GET', '/plans?q=NL-BACKUP-1')).body
  const german = items.filter((each: { country: string }) => each.country === 'DE')
  assert.ok(german.some((each: { sku: string }) => each.sku === 'NL-BACKUP-1'))
  // The vendor's emulator answers where the seeded instances look for it: a whole order goes through.
  const demo = await ended(startInstance({ DATA_DIR: dataDir }, ['src/main/demo.ts']))
  assert.match(demo, /Invoice INV-2026-000001   817\.53 EUR/)
  assert.equal(await instance.stop(), 0)
  assert.deepEqual(processesOf(dataDir), [])
})

async function ended(instance: Instance): Promise<string> {
  assert.equal(await instance.ended(), 0, instance.said())
  return instance.said()
}

test('an emulator whose port is taken moves, and its instances follow', { timeout: 60_000 }, async () => {
  const { ports } = JSON.parse(fs.readFileSync(path.join(dataDir, 'emulators.json'), 'utf8'))
  const stranger = net.createServer().listen(ports.ESD_PORT, '127.0.0.1')
  const instance = start()
  try {
    await instance.up()
    assert.match(instance.said(), /where the Microsoft ESD emulator was, is in use by another program/)
    const demo = await ended(startInstance({ DATA_DIR: dataDir }, ['src/main/demo.ts']))
    assert.match(demo, /Invoice INV-2026-000005   687\.00 EUR/)
  } finally {
    stranger.close()
    await instance.stop()
  }
})

test('a kill of everything loses nothing and leaves no orphan; a second start on the folder is refused', {
  skip: !isLinux,
  timeout: 60_000,
}, async () => {
  const first = start()
  const running = await first.up()
  assert.equal((await api(running, 'POST', '/accounts', customer('Kept through a kill'))).status, 201)

  const second = start({ PORT: '1' })
  assert.equal(await second.ended(), 1)
  assert.match(
    second.said(),
    new RegExp(`Emporion is already running on the data folder ${dataDir}: process ${first.process.pid}`),
  )
  assert.equal((await fetch(new URL('/health', running.storefront))).status, 200)

  // The supervisor alone: the kernel takes the rest along.
  first.process.kill('SIGKILL')
  await noneLeft(dataDir)
  const again = start()
  assert.equal(await isKnown(await again.up(), 'Kept through a kill'), 1)
  await killEverything(dataDir)
  const last = start()
  assert.equal(await isKnown(await last.up(), 'Kept through a kill'), 1)
  assert.equal(await last.stop('SIGINT'), 0)
  assert.deepEqual(processesOf(dataDir), [])
  assert.equal(fs.existsSync(path.join(dataDir, 'running.json')), false)
  assert.equal(fs.existsSync(path.join(dataDir, 'instance.lock')), false)
})

test('npm that is killed takes everything along', { skip: !isLinux, timeout: 60_000 }, async () => {
  const npm = start({ npm_lifecycle_event: 'start' }, [
    '-e',
    `require('node:child_process').spawn(process.execPath, ['scripts/run.mjs', 'start'], { stdio: 'inherit' })`,
  ])
  await npm.up()
  npm.process.kill('SIGKILL')
  await noneLeft(dataDir, 25_000)
})

test('a setting that cannot be used ends the start with code 2 and names the variable', {
  timeout: 60_000,
}, async () => {
  const file = path.join(home, 'a-file')
  fs.writeFileSync(file, 'mine')
  const wrong: [Record<string, string>, RegExp][] = [
    [{ PORT: '70000' }, /PORT is not valid: expected a whole number from 0 to 65535, not "70000"\./],
    [{ DATA_DIR: file }, /DATA_DIR: .*a-file is in the way: DATA_DIR must be a folder\./],
    [{ DATABASE_URL: 'mysql://u:hunter2@h/x' }, /DATABASE_URL is not valid: expected postgresql:\/\//],
    [
      { SMTP_URL: 'smtp://u:hunter2%zz@h' },
      /SMTP_URL is not valid: expected smtp:\/\/user:password@host:587/,
    ],
    [{ SMTP_PORT: '25' }, /SMTP_PORT is set but SMTP_HOST is not/],
    [{ EMPORION_KEY: 'hunter2' }, /EMPORION_KEY is not valid: expected 32 random bytes in base64/],
  ]
  for (const [settings, message] of wrong) {
    const instance = start(settings)
    assert.equal(await instance.ended(), 2, instance.said())
    assert.match(instance.said(), message)
    assert.doesNotMatch(instance.said(), /hunter2|\n\s+at /)
  }
  assert.equal(fs.readFileSync(file, 'utf8'), 'mine')
})

test('a port that is taken and a database that is not there are named', { timeout: 60_000 }, async () => {
  const stranger = net.createServer()
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve))
  const { port } = stranger.address() as net.AddressInfo
  const taken = start({ PORT: String(port) })
  assert.equal(await taken.ended(), 1)
  assert.match(
    taken.said(),
    new RegExp(`Port ${port} on 127\\.0\\.0\\.1, where the web server should listen`),
  )
  stranger.close()
  const lonely = start({
    DATABASE_URL: `postgresql://u:hunter2@127.0.0.1:${port}/x`,
    DATA_DIR: `${home}/other`,
  })
  assert.equal(await lonely.ended(), 1)
  assert.match(lonely.said(), new RegExp(`The database 127\\.0\\.0\\.1:${port} cannot be reached`))
  assert.doesNotMatch(lonely.said(), /hunter2/)
})

test('a database that goes away: 503 on pages and API, nothing half-written, and by itself well again', {
  timeout: 120_000,
}, async () => {
  const cluster = path.join(home, 'cluster')
  fs.cpSync(path.join(dataDir, 'postgres'), cluster, { recursive: true })
  fs.rmSync(path.join(cluster, 'socket'), { recursive: true, force: true })
  let server = await startPostgres({ dataDir: cluster })
  const other = path.join(home, 'other')
  fs.cpSync(path.join(dataDir, 'encryption.key'), path.join(other, 'encryption.key'))
  fs.cpSync(path.join(dataDir, 'demo.json'), path.join(other, 'demo.json'))
  const instance = start({ DATA_DIR: other, DATABASE_URL: server.url, DEMO: '1' })
  try {
    const running = await instance.up()
    const session = await signIn(running)
    const page = () => fetch(running.storefront, { headers: { cookie: session, accept: 'text/html' } })
    assert.equal((await page()).status, 200)

    // In the middle of a request: it waits for a lock when the database dies.
    const sql = postgres({ ...server.address, max: 1, onnotice: () => {} })
    const locked = sql.unsafe('begin; lock table account in exclusive mode; select pg_sleep(60)').simple()
    locked.catch(() => {})
    await delay(1000)
    const waiting = api(running, 'POST', '/accounts', customer('Half-written'))
    await delay(500)
    process.kill(server.pid, 'SIGQUIT')
    await server.gone
    assert.equal((await waiting).status, 503)
    await sql.end({ timeout: 0 })

    const away = await page()
    assert.equal(away.status, 503)
    assert.equal(away.headers.get('retry-after'), '10')
    const words = await away.text()
    assert.match(words, /<h1[^>]*>[^<]+<\/h1>/)
    assert.doesNotMatch(words, /ECONN|ENOENT|postgres/i)
    const problem = await api(running, 'POST', '/accounts', customer('Never written'))
    assert.equal(problem.status, 503)
    assert.equal(problem.body.code, 'outage')

    server = await startPostgres({ dataDir: cluster })
    await until(async () => (await page()).status === 200, 'the page is back')
    assert.equal(await isKnown(running, 'Half-written'), 0)
    assert.equal(await isKnown(running, 'Never written'), 0)
    assert.equal((await api(running, 'POST', '/accounts', customer('Written after'))).status, 201)
    assert.doesNotMatch(instance.said(), /ended/)
  } catch (error) {
    console.error(
      instance.said().slice(-600),
      fs.readFileSync(path.join(other, 'logs/web.log'), 'utf8').slice(-3000),
    )
    throw error
  } finally {
    await instance.stop()
    await server.stop()
  }
})

async function signIn(at: Running): Promise<string> {
  const answer = await fetch(new URL('/login', at.storefront), {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: new URL(at.storefront).origin },
    body: new URLSearchParams({ email: 'ada@brightside.example', password: 'Nordlicht-2026' }),
  })
  assert.ok(answer.status < 400, `sign-in answered ${answer.status}`)
  return answer.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ')
}

/** A disk of its own, in memory; undefined where this user may not make one. */
function smallDisk(folder: string, size: string): boolean {
  fs.mkdirSync(folder)
  return spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder]).status === 0
}

test('a full disk: requests are refused with 503 and nothing is lost; a start says so; with room all is well again', {
  timeout: 120_000,
}, async (context) => {
  const disk = path.join(home, 'disk')
  if (!isLinux || !smallDisk(disk, '250m')) {
    context.skip('only root can make a small disk')
    return
  }
  const folder = path.join(disk, 'data')
  const filler = path.join(disk, 'filler')
  let instance: Instance | undefined
  try {
    fs.cpSync(dataDir, folder, { recursive: true, filter: (each) => !fs.lstatSync(each).isSocket() })
    instance = start({ DATA_DIR: folder })
    const running = await instance.up()
    assert.equal((await api(running, 'POST', '/accounts', customer('Before'))).status, 201)
    fill(filler)
    const statuses: number[] = []
    for (let tries = 0; tries < 200 && !statuses.includes(503); tries += 1)
      statuses.push((await api(running, 'POST', '/accounts', customer(`While full ${tries}`))).status)
    assert.equal(statuses.at(-1), 503)

    fs.rmSync(filler)
    await until(
      async () => (await api(running, 'POST', '/accounts', customer('After'))).status === 201,
      'accounts can be made again',
    )
    assert.equal(await isKnown(running, 'Before'), 1)
    // What was answered with 201 is there, what was refused is not.
    assert.equal(await isKnown(running, 'While full'), Math.min(statuses.length - 1, 50))
    assert.equal(await instance.stop(), 0)

    fill(filler)
    instance = start({ DATA_DIR: path.join(disk, 'new') })
    assert.equal(await instance.ended(), 1)
    assert.match(instance.said(), /The disk is full/)
  } finally {
    await killEverything(folder)
    spawn('umount', ['-l', disk])
  }
})

function fill(file: string): void {
  const fd = fs.openSync(file, 'a')
  try {
    for (const size of [1 << 20, 1 << 12]) {
      const block = Buffer.alloc(size)
      try {
        for (;;) fs.writeSync(fd, block)
      } catch (error) {
        assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC')
      }
    }
  } finally {
    fs.closeSync(fd)
  }
}
