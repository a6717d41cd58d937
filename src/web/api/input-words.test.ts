import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { inputWords } from './input-words.ts'

const wrong = (schema: z.ZodType, value: unknown) =>
  schema
    .safeParse(value, { error: inputWords })
    .error?.issues.map(({ message }) => message)
    .join(' ')

test('a field that is wrong is named, with what it must be; what a schema says itself stays', () => {
  const order = z.strictObject({
    name: z.string().min(1).max(3),
    quantity: z.int().min(1).max(10),
    kind: z.enum(['esd', 'subscription']),
    isActive: z.boolean(),
    lines: z.array(z.object({ id: z.string() })).min(2),
    day: z.iso.date(),
    own: z.string('Say who you are.'),
  })
  const right = {
    name: 'abc',
    quantity: 1,
    kind: 'esd',
    isActive: true,
    lines: [{ id: 'a' }, { id: 'b' }],
    day: '2026-11-22',
    own: 'me',
  }
  const said = (change: object) => wrong(order, { ...right, ...change })
  assert.equal(said({}), undefined)
  assert.equal(said({ name: 7 }), 'name must be text.')
  assert.equal(said({ name: '' }), 'name has at least 1 character.')
  assert.equal(said({ name: 'abcd' }), 'name has at most 3 characters.')
  assert.equal(said({ quantity: '5' }), 'quantity must be a number.')
  assert.equal(said({ quantity: 1.5 }), 'quantity must be a whole number.')
  assert.equal(said({ quantity: 11 }), 'quantity must be at most 10.')
  assert.equal(said({ kind: 'x' }), 'kind is one of esd, subscription.')
  assert.equal(said({ isActive: 'yes' }), 'isActive must be true or false.')
  assert.equal(said({ lines: [{ id: 'a' }] }), 'lines has at least 2 items.')
  assert.equal(said({ lines: [{ id: 'a' }, 3] }), 'Item 2 of lines must be an object.')
  assert.equal(said({ day: 'soon' }), 'day must be a day written like 2026-11-22.')
  assert.equal(said({ own: 7 }), 'Say who you are.')
  assert.equal(wrong(order, 'x'), 'The body must be an object.')
})
