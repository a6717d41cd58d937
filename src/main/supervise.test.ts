import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { supervise } from './supervise.ts'

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'emporion-supervise-'))
after(() => fs.rmSync(folder, { recursive: true, force: true }))

function child(code: string) {
  const script = path.join(folder, `${Math.random()}.mjs`)
  fs.writeFileSync(script, code)
  const lines: string[] = []
  const logFile = `${script}.log`
  const supervised = supervise({
    name: 'clerk',
    script,
    env: process.env,
    logFile,
    log: (line) => lines.push(line),
  })
  return { supervised, lines }
}

test('a killed child comes back, and ends when asked', async () => {
  const { supervised, lines } = child('setInterval(() => {}, 1000); process.send({ ready: true })')
  assert.deepEqual(await supervised.firstUp, { ready: true })
  const first = supervised.pid() ?? 0
  process.kill(first, 'SIGKILL')
  while (supervised.pid() === first) await delay(20)
  assert.match(lines[0] ?? '', /The clerk ended \(SIGKILL\); starting it again in 0\.2 s/)
  await delay(200)
  await supervised.stop(5000)
  assert.equal(lines.length, 1)
})

test('a child that cannot start is reported with what it said', async () => {
  const { supervised } = child('console.error("no paper left"); process.exit(3)')
  await assert.rejects(supervised.firstUp, {
    name: 'Outage',
    message: 'The clerk did not start (exit code 3).\nno paper left',
  })
})

test('a child that does not listen is ended by force', async () => {
  const { supervised, lines } = child(
    'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); process.send({ ready: true })',
  )
  await supervised.firstUp
  await supervised.stop(100)
  assert.deepEqual(lines, ['The clerk does not end by itself; ending it by force'])
})
