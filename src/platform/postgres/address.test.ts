import assert from 'node:assert/strict'
import { test } from 'node:test'
import { databaseUrl, parseDatabaseUrl } from './address.ts'

test('a socket folder survives the way through a URL', () => {
  const address = { host: '/tmp/a folder/socket', port: 5432, user: 'emporion', database: 'emporion' }
  assert.equal(
    databaseUrl(address),
    'postgresql://emporion@localhost/emporion?host=%2Ftmp%2Fa+folder%2Fsocket&port=5432',
  )
  assert.deepEqual(parseDatabaseUrl(databaseUrl(address)), address)
})

test('a server on the network is read with password and TLS', () => {
  assert.deepEqual(parseDatabaseUrl('postgres://shop:p%40ss@db.example.com/books?sslmode=require'), {
    host: 'db.example.com',
    port: 5432,
    user: 'shop',
    password: 'p@ss',
    database: 'books',
    ssl: 'require',
  })
})

test('what is no database address is refused', () => {
  for (const text of ['db', 'mysql://a@b/c', 'postgres://host/db', 'postgres://user@host/'])
    assert.throws(() => parseDatabaseUrl(text), { code: 'config/database-url' })
})
