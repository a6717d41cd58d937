import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { after, test } from 'node:test'
import postgres from 'postgres'
import type { DatabaseAddress } from './address.ts'
import { startPostgres } from './embedded.ts'
import { processesIn, readPostmaster } from './postmaster.ts'

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'emporion-postgres-'))
const dataDir = path.join(home, 'data')
after(() => fs.rmSync(home, { recursive: true, force: true }))

async function ask(address: DatabaseAddress, statement: string): Promise<unknown> {
  const sql = postgres({ ...address, max: 1, onnotice: () => {} })
  try {
    const [row] = await sql.unsafe(statement)
    return row?.['answer']
  } finally {
    await sql.end()
  }
}

// A process that starts the database, says so, and then waits to be killed.
async function holder() {
  const code = `
    const { startPostgres } = await import(${JSON.stringify(path.join(import.meta.dirname, 'embedded.ts'))})
    const server = await startPostgres({ dataDir: ${JSON.stringify(dataDir)} })
    process.send({ pid: server.pid })
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    cwd: path.resolve(import.meta.dirname, '../../..'),
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const [message] = (await once(child, 'message')) as [{ pid: number }]
  return { child, serverPid: message.pid }
}

async function killed(child: ReturnType<typeof spawn>): Promise<void> {
  child.kill('SIGKILL')
  await once(child, 'exit')
}

test('a new folder becomes a server on a socket alone, which knows letters and sorts by code point', async () => {
  const server = await startPostgres({ dataDir })
  assert.equal(server.adopted, false)
  assert.equal(await ask(server.address, `select lower('É') as answer`), 'é')
  assert.equal(await ask(server.address, `select 'B' < 'a' as answer`), true)
  assert.equal(await ask(server.address, `select 'a' < 'B' collate "de-x-icu" as answer`), true)
  assert.equal(await ask(server.address, `select current_setting('listen_addresses') as answer`), '')
  assert.equal(await ask(server.address, `select current_setting('fsync') as answer`), 'on')
  await ask(server.address, 'create table kept as select 42 as answer')
  await server.stop()
  assert.deepEqual(processesIn(dataDir), [])
})

test('the second start takes less than a second', async () => {
  const beganAt = performance.now()
  const server = await startPostgres({ dataDir })
  assert.ok(performance.now() - beganAt < 1000)
  await server.stop()
})

test('a running server is adopted, and stops when asked', async () => {
  const { child, serverPid } = await holder()
  const server = await startPostgres({ dataDir })
  assert.equal(server.adopted, true)
  assert.equal(server.pid, serverPid)
  assert.equal(await ask(server.address, 'select answer from kept'), 42)
  await server.stop()
  assert.deepEqual(processesIn(dataDir), [])
  await killed(child)
})

test('after a kill of the parent the next start finds everything', async () => {
  const { child } = await holder()
  await killed(child)
  const server = await startPostgres({ dataDir })
  assert.equal(await ask(server.address, 'select answer from kept'), 42)
  await server.stop()
})

test('after a kill of parent and server the leftovers are cleared', async () => {
  const { child, serverPid } = await holder()
  process.kill(serverPid, 'SIGKILL')
  await killed(child)
  assert.equal(readPostmaster(dataDir)?.pid, serverPid)
  const server = await startPostgres({ dataDir })
  assert.equal(server.adopted, false)
  assert.equal(await ask(server.address, 'select answer from kept'), 42)
  await server.stop()
})

test('a lock file that names a stranger holds nothing', async () => {
  fs.writeFileSync(
    path.join(dataDir, 'postmaster.pid'),
    `${process.pid}\n${dataDir}\n0\n5432\n/tmp\n\n\nready\n`,
  )
  const server = await startPostgres({ dataDir })
  assert.equal(server.adopted, false)
  await server.stop()
})

test('a folder whose path is too long for a socket works all the same', async () => {
  const deep = path.join(home, 'a'.repeat(60), 'b'.repeat(60), 'data')
  const server = await startPostgres({ dataDir: deep, durable: false })
  assert.ok(Buffer.byteLength(server.address.host) < 90)
  assert.equal(await ask(server.address, `select current_setting('fsync') as answer`), 'off')
  await server.stop()
  fs.rmSync(server.address.host, { recursive: true, force: true })
})

test('two starts at once share one server', async () => {
  const shared = path.join(home, 'shared')
  const [one, other] = await Promise.all([
    startPostgres({ dataDir: shared, durable: false }),
    startPostgres({ dataDir: shared, durable: false }),
  ])
  assert.equal(one.pid, other.pid)
  assert.deepEqual([one.adopted, other.adopted].sort(), [false, true])
  await one.stop()
})

test('a folder that holds something else is left alone', async () => {
  const taken = path.join(home, 'taken')
  fs.mkdirSync(taken)
  fs.writeFileSync(path.join(taken, 'letter.txt'), 'mine')
  await assert.rejects(startPostgres({ dataDir: taken }), {
    name: 'Outage',
    message: /holds something that is no database/,
  })
  assert.deepEqual(fs.readdirSync(taken), ['letter.txt'])
  assert.deepEqual(
    fs.readdirSync(home).filter((name) => name.includes('.new-')),
    [],
  )
})
