import assert from 'node:assert/strict'
import { test } from 'node:test'
import { invalid, Outage, Refusal } from '#kernel/failure.ts'
import { answerForm, fileOf, readForm, textOf, textsOf, typedState } from '#web/forms.ts'

const formOf = (fields: Record<string, string | string[]>) => {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields))
    for (const each of [value].flat()) form.append(name, each)
  return form
}

const post = (body: BodyInit) => new Request('http://shop.example/', { method: 'POST', body })

test('a form is its texts, lists where a name comes twice', async () => {
  const form = await readForm(post(formOf({ intent: 'add', name: 'Anna', item: ['a', 'b'] })))
  assert.deepEqual(typedState(form), {
    intent: 'add',
    values: { intent: 'add', name: 'Anna', item: ['a', 'b'] },
    errors: {},
  })
  assert.equal(textOf(form, 'name'), 'Anna')
  assert.equal(textOf(form, 'nothing'), '')
  assert.deepEqual(textsOf(form, 'item'), ['a', 'b'])
})

test('what is no form is refused, not a bug', async () => {
  await assert.rejects(readForm(post('x')), { code: 'input/unreadable' })
})

test('a file that was not chosen is asked for at its field', async () => {
  const form = formOf({})
  form.append('pfx', new File([], ''))
  await assert.rejects(fileOf(form, 'pfx'), { code: 'input/invalid' })
  form.set('pfx', new File(['ab'], 'a.pfx'))
  assert.deepEqual([...(await fileOf(form, 'pfx'))], [97, 98])
})

test('a refused field comes back with its first fault and what was typed, but no password', async () => {
  const form = formOf({ email: 'nobody', password: 'hunter2' })
  const answered = await answerForm(form, async () => {
    throw invalid(
      { pointer: '/email', code: 'wrong', message: 'No e-mail address.' },
      { pointer: '/email', code: 'taken', message: 'Somebody has it.' },
      { pointer: '/prices/0/unitPrice', code: 'wrong', message: 'No amount.' },
    )
  })
  assert.deepEqual(JSON.parse(JSON.stringify(answered)), {
    type: 'DataWithResponseInit',
    data: {
      intent: '',
      values: { email: 'nobody' },
      code: 'input/invalid',
      errors: { email: 'No e-mail address.', 'prices.0.unitPrice': 'No amount.' },
    },
    init: { status: 422 },
  })
})

test('a flow’s word for a field may be another than the form’s', async () => {
  const answered = await answerForm(
    formOf({ intent: 'save', vatNumber: 'DE1' }),
    async () => {
      throw invalid({ pointer: '/vat', code: 'wrong', message: 'Not a VAT number.' })
    },
    (name) => (name === 'vat' ? 'vatNumber' : name),
  )
  assert.deepEqual(JSON.parse(JSON.stringify(answered)), {
    type: 'DataWithResponseInit',
    data: {
      intent: 'save',
      values: { intent: 'save', vatNumber: 'DE1' },
      errors: { vatNumber: 'Not a VAT number.' },
      code: 'input/invalid',
    },
    init: { status: 422 },
  })
})

test('an outage keeps the form, a bug and a missing record are thrown on', async () => {
  const form = formOf({ name: 'Anna' })
  const away = await answerForm(form, async () => {
    throw new Outage('The database is away.')
  })
  assert.equal((away as { init: { status: number } }).init.status, 503)
  await assert.rejects(
    answerForm(form, () => Promise.reject(new Error('bug'))),
    { message: 'bug' },
  )
  await assert.rejects(
    answerForm(form, () => Promise.reject(new Refusal('order/not-found', 'No such order.'))),
    { code: 'order/not-found' },
  )
})
