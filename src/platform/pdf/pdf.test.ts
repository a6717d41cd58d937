import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { renderPdf, stopPdf } from './index.ts'

after(stopPdf)

const template = `#set document(title: sys.inputs.title, date: auto)
#set text(lang: sys.inputs.lang, font: "Inter")
Hello #json(bytes(sys.inputs.data)).name`
const paper = { template, data: { name: 'Žofie' }, title: 'Greeting', lang: 'en' }
const createdAt = Temporal.Instant.from('2026-11-24T09:00:00Z')

test('papers asked for together come out apart, and the same input is the same file', async () => {
  const [one, other, again] = await Promise.all([
    renderPdf({ ...paper, createdAt }),
    renderPdf({ ...paper, createdAt, data: { name: 'Jan' } }),
    renderPdf({ ...paper, createdAt }),
  ])
  assert.equal(Buffer.from(one).subarray(0, 8).toString(), '%PDF-1.7')
  assert.deepEqual(again, one)
  assert.notDeepEqual(other, one)
})

test('a template reads no file and reaches no environment', async () => {
  await assert.rejects(renderPdf({ ...paper, template: '#read("/etc/passwd")' }), /file not found/)
  await assert.rejects(renderPdf({ ...paper, template: '#read("../../../../etc/passwd")' }), /access denied/)
  await assert.rejects(renderPdf({ ...paper, template: '#sys.inputs.PATH' }), /PATH/)
})

test('a faulty template is said to be, and harms no other paper', async () => {
  await assert.rejects(renderPdf({ ...paper, template: '#nothing' }), /"Greeting": unknown variable: nothing/)
  assert.ok((await renderPdf(paper)).length > 1000)
})

test('a template that never ends is killed, and the next paper is made', async () => {
  const loop =
    '#{ for a in range(100000) { for b in range(100000) { for c in range(100000) { let x = c } } } }'
  const endless = renderPdf({ ...paper, template: loop, timeLimitMs: 1000 })
  const next = renderPdf(paper)
  await assert.rejects(endless, { name: 'Outage' })
  assert.ok((await next).length > 1000)
})
