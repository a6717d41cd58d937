import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newWebhookSecret, signedHeaders } from './signature.ts'
import { readWebhook } from './webhook.ts'

test('a call is signed as the example of Standard Webhooks is', () => {
  const message = {
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    at: Temporal.Instant.from('2021-02-25T15:02:10.987Z'),
    body: '{"test": 2432232314}',
  }
  assert.deepEqual(signedHeaders(message, ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw']), {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  })
  const other = newWebhookSecret()
  const { 'webhook-signature': both } = signedHeaders(message, [
    'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    other,
  ])
  assert.match(both ?? '', /^v1,g0hM9SsE\+OTPJTGt\/tmIKtSyZlE3uFJELVlNIOLJ1OE= v1,[A-Za-z0-9+/]{43}=$/)
  assert.match(other, /^whsec_[A-Za-z0-9+/]{43}=$/)
})

test('a webhook is read field by field; its events are kept in one order, each once', () => {
  const input = {
    name: ' ERP ',
    url: 'https://erp.example.com/emporion?a=1',
    events: ['invoice.issued', 'order.executed', 'invoice.issued'],
  }
  assert.deepEqual(readWebhook(input, false), {
    name: 'ERP',
    url: 'https://erp.example.com/emporion?a=1',
    events: ['order.executed', 'invoice.issued'],
  })
  const faultsOf = (change: object, mayBePrivate = false) => {
    try {
      readWebhook({ ...input, ...change }, mayBePrivate)
    } catch (error) {
      return (error as { errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer)
    }
    return []
  }
  assert.deepEqual(faultsOf({ name: '', url: 'erp', events: [] }), ['/name', '/url', '/events'])
  assert.deepEqual(faultsOf({ url: 'http://erp.example.com/' }), ['/url'])
  assert.deepEqual(faultsOf({ url: 'http://10.1.2.3/' }, true), [])
  assert.deepEqual(faultsOf({ url: 'ftp://erp.example.com/' }, true), ['/url'])
  assert.deepEqual(faultsOf({ url: 'https://user:secret@erp.example.com/' }), ['/url'])
  assert.deepEqual(faultsOf({ events: ['order.executed', 'order.eaten'] }), ['/events'])
})
