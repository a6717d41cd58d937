import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { invalid, Outage, Refusal } from '#kernel/failure.ts'
import { answer, formOf, parse } from '#web/forms.ts'

const posted = (fields: Record<string, string | string[]>) => {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields))
    for (const each of [value].flat()) form.append(name, each)
  return formOf(new Request('http://shop.example/', { method: 'POST', body: form }))
}

test('a form is its trimmed texts, lists where a name comes twice', async () => {
  const typed = await posted({ intent: 'add', name: ' Anna ', item: ['a', 'b'] })
  assert.deepEqual(typed.values, { intent: 'add', name: 'Anna', item: ['a', 'b'] })
  assert.equal(typed.intent, 'add')
})

test('what is no form is refused, not a bug', async () => {
  await assert.rejects(formOf(new Request('http://shop.example/', { method: 'POST', body: 'x' })), {
    code: 'input/unreadable',
  })
})

test('a refused schema names the field and keeps what was typed, but no password', async () => {
  const typed = await posted({ email: 'nobody', password: 'hunter2' })
  const parsed = parse(z.object({ email: z.email('No e-mail address.') }), typed)
  assert.ok(!parsed.ok)
  assert.deepEqual(parsed.state.errors, { email: 'No e-mail address.' })
  assert.deepEqual(parsed.state.values, { email: 'nobody' })
})

test('a refusal of a flow comes back to its field with 422', async () => {
  const typed = await posted({ intent: 'save', vatNumber: 'DE1' })
  const result = await answer(
    typed,
    async () => {
      throw invalid({ pointer: '/vat', code: 'wrong', message: 'Not a VAT number.' })
    },
    { '/vat': 'vatNumber' },
  )
  assert.deepEqual(JSON.parse(JSON.stringify(result)), {
    type: 'DataWithResponseInit',
    data: {
      intent: 'save',
      values: { intent: 'save', vatNumber: 'DE1' },
      errors: { vatNumber: 'Not a VAT number.' },
      code: 'input/invalid',
      details: {},
    },
    init: { status: 422 },
  })
})

test('an outage keeps the form, a bug and a missing record are thrown on', async () => {
  const typed = await posted({ name: 'Anna' })
  const away = await answer(typed, async () => {
    throw new Outage('The database is away.')
  })
  assert.equal((away as { init: { status: number } }).init.status, 503)
  await assert.rejects(
    answer(typed, () => Promise.reject(new Error('bug'))),
    { message: 'bug' },
  )
  await assert.rejects(
    answer(typed, () => Promise.reject(new Refusal('order/not-found', 'No such order.'))),
    { code: 'order/not-found' },
  )
})
