import assert from 'node:assert/strict'
import { test } from 'node:test'
import { differences, withoutSecrets } from './audit-entry.ts'

test('secrets are cut, whatever is handed in', () => {
  const at = Temporal.Instant.from('2026-11-24T10:00:00Z')
  assert.deepEqual(
    withoutSecrets({
      name: 'Anna',
      password: 'x',
      passwordHash: 'y',
      key: 'AAAAA-BBBBB',
      nested: { token: 't', at, minor: 5n },
    }),
    {
      name: 'Anna',
      password: '(not kept)',
      passwordHash: '(not kept)',
      key: '(not kept)',
      nested: { token: '(not kept)', at: '2026-11-24T10:00:00Z', minor: '5' },
    },
  )
  assert.deepEqual(withoutSecrets({ copyKeyMailsTo: ['a@b.example'] }), { copyKeyMailsTo: ['a@b.example'] })
})

test('a change keeps only the fields that differ', () => {
  assert.deepEqual(
    differences({ city: 'Bonn', limit: 1n, same: [1] }, { city: 'Köln', limit: undefined, same: [1] }),
    {
      before: { city: 'Bonn', limit: 1n },
      after: { city: 'Köln', limit: null },
    },
  )
})
