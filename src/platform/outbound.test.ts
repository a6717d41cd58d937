import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { Outage } from '#kernel/failure.ts'
import { outbound } from './outbound.ts'

let calls = 0
const server = createServer((request, response) => {
  calls += 1
  if (request.url === '/away') return response.writeHead(302, { location: '/' }).end()
  response.writeHead(200, { 'content-type': 'text/plain' })
  response.write('x'.repeat(3000))
  if (request.url !== '/endless') response.end('end')
})
let port = 0
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
after(() => {
  server.closeAllConnections()
  server.close()
})

const because = async (url: string, options: Parameters<typeof outbound>[2]) => {
  try {
    await outbound('It', url, options)
  } catch (error) {
    assert.ok(error instanceof Outage, String(error))
    return error.message
  }
  return 'answered'
}

test('what people typed in reaches no address of this machine or of a private network, however it is written', async () => {
  const told = 'It is at an address of this machine or of a private network, which is not called.'
  for (const host of [
    '127.0.0.1',
    'localhost',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '2130706433', // 127.0.0.1 as one number
    '0.0.0.0',
    '10.0.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '[fd00::1]',
    '[fe80::1]',
    '255.255.255.255',
  ])
    assert.equal(await because(`http://${host}:${port}/`, { publicOnly: true, timeoutMs: 2000 }), told, host)
  assert.equal(calls, 0)
  assert.equal(await because(`http://127.0.0.1:${port}/`, {}), 'answered')
})

test('of an answer no more is read than was asked for, and a redirect is not followed', async () => {
  const answer = await outbound('It', `http://127.0.0.1:${port}/endless`, {
    mostBytes: 1024,
    timeoutMs: 2000,
  })
  assert.equal(await answer.text(), 'x'.repeat(1024))
  const whole = await outbound('It', `http://127.0.0.1:${port}/`, { mostBytes: 9999 })
  assert.equal((await whole.text()).length, 3003)
  assert.equal(
    await because(`http://127.0.0.1:${port}/away`, { mostBytes: 9999 }),
    'It could not be reached.',
  )
})
