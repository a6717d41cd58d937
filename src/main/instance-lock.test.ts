import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { after, test } from 'node:test'
import { lockInstance } from './instance-lock.ts'

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'emporion-lock-'))
after(() => fs.rmSync(folder, { recursive: true, force: true }))

test('a held folder is refused with process and address, a released one is free', () => {
  const lock = lockInstance(folder, 'http://127.0.0.1:3000')
  assert.throws(() => lockInstance(folder, 'http://127.0.0.1:4000'), {
    code: 'start/locked',
    message: new RegExp(`process ${process.pid}, at http://127\\.0\\.0\\.1:3000`),
  })
  lock.release()
  lockInstance(folder, 'http://127.0.0.1:4000').release()
  assert.deepEqual(fs.readdirSync(folder), [])
})

test('a killed holder holds nothing', async () => {
  const code = `
    const { lockInstance } = await import(${JSON.stringify(path.join(import.meta.dirname, 'instance-lock.ts'))})
    lockInstance(${JSON.stringify(folder)}, 'http://127.0.0.1:3000')
    process.send('held')
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    cwd: path.resolve(import.meta.dirname, '../..'),
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  await once(child, 'message')
  assert.throws(() => lockInstance(folder, 'x'), { code: 'start/locked' })
  child.kill('SIGKILL')
  await once(child, 'exit')
  lockInstance(folder, 'x').release()
})

test('a number that was given to a stranger holds nothing', () => {
  const stale = { pid: process.pid, began: 'another boot/1', address: 'http://127.0.0.1:3000' }
  fs.writeFileSync(path.join(folder, 'instance.lock'), JSON.stringify(stale))
  lockInstance(folder, 'x').release()
})
