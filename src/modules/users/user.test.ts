import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AccountId } from '#kernel/ids.ts'
import { assertNotThrottled, passwordFault, sessionExpiry } from './sign-in-rules.ts'
import { newUser } from './user.ts'

const at = Temporal.Instant.from('2026-11-24T10:00:00Z')
const accountId = '00000000-0000-7000-8000-000000000001' as AccountId

test('portal users have portal roles, the seller’s people the seller’s', () => {
  const anna = { email: 'anna@north.example', name: 'Anna', roles: ['admin'] }
  assert.deepEqual(newUser({ ...anna, accountId }, at).roles, ['admin'])
  assert.throws(() => newUser(anna, at), { code: 'input/invalid' })
  assert.throws(() => newUser({ ...anna, accountId, roles: ['administrator'] }, at), {
    code: 'input/invalid',
  })
  assert.throws(() => newUser({ ...anna, accountId, email: 'anna@north.example\nx' }, at), {
    code: 'input/invalid',
  })
})

test('a password has ten characters and is neither e-mail nor name nor one everybody tries', () => {
  const anna = { email: 'anna.schmidt@north.example', name: 'Anna Schmidt' }
  const codeOf = (password: string) => passwordFault(password, anna)?.code
  assert.equal(codeOf('ninechars'), 'too-short')
  assert.equal(codeOf('x'.repeat(201)), 'too-long')
  assert.equal(codeOf('Anna.Schmidt@north.example'), 'guessable')
  assert.equal(codeOf('anna schmidt'), 'guessable')
  assert.equal(codeOf('aaaaaaaaaaaa'), 'guessable')
  assert.equal(codeOf('password12345'), 'guessable')
  assert.equal(codeOf('green horses fly'), undefined)
})

test('a session ends twelve hours after its last use, and after fourteen days in any case', () => {
  assert.equal(sessionExpiry(at, at.add({ hours: 1 })).toString(), '2026-11-24T23:00:00Z')
  assert.equal(sessionExpiry(at, at.add({ hours: 24 * 13 + 20 })).toString(), '2026-12-08T10:00:00Z')
})

test('the fifth failure shuts the door until a quarter of an hour after the first of them', () => {
  const failures = [0, 1, 2, 3, 4].map((minutes) => at.add({ minutes }))
  assert.doesNotThrow(() =>
    assertNotThrottled([{ limit: 5, failures: failures.slice(0, 4) }], at.add({ minutes: 5 })),
  )
  assert.throws(() => assertNotThrottled([{ limit: 5, failures }], at.add({ minutes: 5 })), {
    code: 'auth/throttled',
    message: 'Too many failed sign-ins. Try again in 10 minutes.',
    details: { retryAt: '2026-11-24T10:15:00.000Z', retryAfterSeconds: 600 },
  })
  assert.doesNotThrow(() => assertNotThrottled([{ limit: 5, failures }], at.add({ minutes: 15 })))
})
