import assert from 'node:assert/strict'
import path from 'node:path'
import { test } from 'node:test'
import { loadConfig } from './config.ts'

test('an empty environment is a demonstration on this machine', () => {
  const config = loadConfig({ PORT: '', PATH: '/bin' })
  assert.equal(config.port, 3000)
  assert.equal(config.host, '127.0.0.1')
  assert.equal(config.publicUrl, 'http://127.0.0.1:3000')
  assert.equal(config.dataDir, path.resolve(import.meta.dirname, '../../.data'))
  assert.equal(config.isDemo, true)
  assert.equal(config.database, undefined)
  assert.equal(config.smtp, undefined)
})

test('a database of its own ends the demonstration unless it is asked for', () => {
  const DATABASE_URL = 'postgresql://shop:secret@db.example.com:6432/books'
  assert.equal(loadConfig({ DATABASE_URL }).isDemo, false)
  assert.equal(loadConfig({ DATABASE_URL, DEMO: 'yes' }).isDemo, true)
  assert.equal(loadConfig({ DATABASE_URL }).database?.port, 6432)
})

test('the mail server is one URL or its parts', () => {
  assert.deepEqual(loadConfig({ SMTP_URL: 'smtps://me:p%40ss@mail.example.com' }).smtp, {
    host: 'mail.example.com',
    port: 465,
    secure: true,
    user: 'me',
    password: 'p@ss',
  })
  assert.deepEqual(loadConfig({ SMTP_HOST: 'mail.example.com', SMTP_USER: 'me', SMTP_PASSWORD: 'x' }).smtp, {
    host: 'mail.example.com',
    port: 587,
    secure: false,
    user: 'me',
    password: 'x',
  })
  assert.throws(() => loadConfig({ SMTP_PORT: '25' }), { message: /SMTP_PORT is set but SMTP_HOST is not/ })
})

test('the encryption key has 32 bytes', () => {
  const key = Buffer.alloc(32, 7).toString('base64')
  assert.deepEqual(loadConfig({ EMPORION_KEY: key }).encryptionKey, new Uint8Array(32).fill(7))
  assert.throws(() => loadConfig({ EMPORION_KEY: Buffer.alloc(31).toString('base64') }), {
    message: /^EMPORION_KEY/,
  })
})

test('a refusal names every variable at fault and what was expected, and no secret', () => {
  assert.throws(
    () =>
      loadConfig({
        PORT: '70000',
        LOG_LEVEL: 'loud',
        DATABASE_URL: 'mysql://u:hunter2@h/x',
        MAIL_FROM: 'a@b\nBcc: c@d',
      }),
    (error: Error & { code: string }) => {
      assert.equal(error.code, 'config/invalid')
      assert.match(error.message, /PORT is not valid: expected a whole number from 0 to 65535, not "70000"\./)
      assert.match(error.message, /LOG_LEVEL is not valid: expected one of trace/)
      assert.match(error.message, /DATABASE_URL is not valid: expected postgresql:\/\//)
      assert.match(error.message, /MAIL_FROM is not valid: expected an e-mail address/)
      assert.doesNotMatch(error.message, /hunter2/)
      return true
    },
  )
})
