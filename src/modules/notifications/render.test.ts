import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onColour, onDark, onWhite } from './colour.ts'
import { defaultNotifications, welcomeMicrosoftEsdCustomer } from './default-templates.ts'
import type { MailLook } from './frame.ts'
import { isToOurselves } from './own.ts'
import { renderNotification } from './render.ts'
import { checkTemplate, liquid, sampleValues } from './template.ts'

const look: MailLook = {
  sellerName: 'Contoso & Co',
  colour: '#1f4fd8',
  footer: ['Unter den Linden 1', '10117 Berlin'],
  language: 'en',
}
const render = (body: string, values = {}, subject = 'S') =>
  renderNotification({ subject, body }, values, look)
const known = [{ name: 'customer.name', description: '', sample: 'X' }]

test('a value shows as it is and is never markup', () => {
  for (const name of [
    '<b>*x*_y_',
    '[a](http://evil.example)',
    '# big',
    '[[button: a | http://evil.example]]',
    '{{ licence.key }}',
    'a|b',
    '`x`',
    '\uE0000\uE001',
    '<script>alert(1)</script>',
    'http://evil.example',
  ]) {
    const { html, text } = render(
      'Hello {{ customer.name }}!\n\n{{ customer.name }}\n\n| a | b |\n|---|---|\n| {{ customer.name }} | c |',
      { customer: { name } },
    )
    const shown = name.replace(/[\uE000\uE001]/g, '')
    const escaped = shown.replaceAll('<', '&lt;').replaceAll('>', '&gt;')
    assert.ok(html.includes(`<p style="margin:0 0 16px">Hello ${escaped}!</p>`), html)
    assert.ok(html.includes(`<p style="margin:0 0 16px">${escaped}</p>`), html)
    assert.ok(html.includes(`>${escaped}</td>`))
    assert.equal(/<a |<script|<b>|<em>|<h1/.test(html), false)
    assert.ok(text.startsWith(`Hello ${shown}!\n\n${shown}\n`), text)
  }
})

test('the filter raw and tags with an output of their own are no way in', () => {
  const values = { customer: { name: '<b>*x*</b>' } }
  assert.ok(render('{{ customer.name | raw }}', values).html.includes('&lt;b&gt;*x*&lt;/b&gt;'))
  for (const body of [
    "{% include 'a' %}",
    "{% render 'a' %}",
    '{% echo customer.name | raw %}',
    '{% capture x %}{{ customer.name }}{% endcapture %}',
    '{% cycle customer.name %}',
  ])
    assert.throws(() => render(body, values), { code: 'notification/bad-template' })
})

test('links lead to the web or a mailbox and nowhere else', () => {
  const link = (href: string) =>
    render('[Go]({{ x.href }})\n\n[[button: Press | {{ x.href }}]]', { x: { href } })
  const good = link('https://a.example/?q=1&b="c"')
  assert.ok(good.html.includes('<a href="https://a.example/?q=1&amp;b=%22c%22" class="link">Go</a>'))
  assert.ok(good.html.includes('class="button"'))
  assert.ok(
    good.text.startsWith(
      'Go (https://a.example/?q=1&b=%22c%22)\n\nPress:\nhttps://a.example/?q=1&b=%22c%22\n',
    ),
  )
  for (const href of [
    'javascript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    '',
    '/relative',
  ]) {
    assert.equal(link(href).html.includes('<a '), false, href)
    assert.ok(link(href).text.startsWith('Go\n\nPress\n'))
  }
  assert.equal(render('![p](https://a.example/pixel.png) <img src=x>').html.includes('<img'), false)
  assert.ok(render('[Mail](mailto:a@b.example)').text.startsWith('Mail (a@b.example)\n'))
})

test('the text part reads as the mail does', () => {
  const { text } = render(
    '# Hi\n\nOne **two** *three*\nfour\n\n- a\n- b\n\n1. c\n2. d\n\n```\n{{ x.key }}\n```\n\n| | |\n|---|---|\n| Order | 7 |\n\n> said',
    { x: { key: 'AB-CD' } },
  )
  assert.equal(
    text,
    'Hi\n==\n\nOne two three\nfour\n\n- a\n- b\n\n1. c\n2. d\n\n    AB-CD\n\nOrder: 7\n\n> said\n\n-- \nContoso & Co\nUnter den Linden 1\n10117 Berlin\n',
  )
})

test('a subject is one line, and its values are plain', () => {
  assert.equal(
    render('b', { c: { n: 'A\r\nBcc: x@y.example <b>' } }, ' Hi  {{ c.n }} ').subject,
    'Hi A Bcc: x@y.example <b>',
  )
  assert.throws(() => render('b', { c: { n: '' } }, '{{ c.n }}'), { code: 'notification/empty-subject' })
})

test('an unknown variable is named with its line, even where it would not be reached', () => {
  const body = 'Hello\n{% if customer.name %}ok{% else %}{{ customer.nme }}{% endif %}\n{{ licence.key }}'
  const list = 'Known are: customer.name.'
  assert.deepEqual(checkTemplate({ subject: '{{ x }}', body }, known), [
    { field: 'subject', line: 1, message: `There is no variable "x" here. ${list}` },
    { field: 'body', line: 2, message: `There is no variable "customer.nme" here. ${list}` },
    { field: 'body', line: 3, message: `There is no variable "licence.key" here. ${list}` },
  ])
  assert.throws(() => render(body, { customer: { name: 'X' } }), {
    code: 'notification/bad-template',
    message: `Line 2 of the body: There is no variable "customer.nme" here. ${list}`,
  })
  assert.throws(() => render('{{ customer.constructor }}', { customer: { name: 'X' } }), {
    code: 'notification/bad-template',
  })
})

test('mistakes in the language are problems with a line', () => {
  const problem = (body: string) => checkTemplate({ subject: 'S', body }, known)[0]
  assert.equal(problem('a\n{% if customer.name %}b')?.line, 2)
  assert.match(problem('a\n{% if customer.name %}b')?.message ?? '', /not closed/)
  assert.equal(problem('\n\n{{ customer.name | shout }}')?.line, 3)
  assert.equal(problem('{% include "x" %}')?.line, 1)
  assert.match(problem(' ')?.message ?? '', /empty/)
  assert.deepEqual(checkTemplate({ subject: 'a\nb', body: 'b' }, known), [
    { field: 'subject', line: 1, message: 'The subject is one line.' },
  ])
})

test('a template that never ends is stopped', () => {
  const started = performance.now()
  assert.throws(() => render('{% for a in (1..100000000) %}x{% endfor %}'), {
    code: 'notification/bad-template',
  })
  assert.throws(
    () =>
      render(
        '{% for a in (1..9000) %}{% for b in (1..9000) %}{% for c in (1..9000) %}x{% endfor %}{% endfor %}{% endfor %}',
      ),
    { code: 'notification/bad-template' },
  )
  assert.ok(performance.now() - started < 5_000)
})

test('every notification we ship is correct and renders with its samples', () => {
  for (const { template, variables } of defaultNotifications) {
    assert.deepEqual(checkTemplate(template, variables), [], template.code)
    const { html, text } = renderNotification(template, sampleValues(variables), look)
    assert.equal(/\{\{|\{%|\[\[|undefined|[\uE000\uE001]/.test(html + text), false, template.code)
  }
})

const variablesIn = ({ subject, body }: { subject: string; body: string }) => {
  const engine = liquid(String)
  const found = Object.values(engine.analyzeSync(engine.parse(`${subject}\n${body}`)).globals).flat()
  return [...new Set(found.map(({ segments }) => segments.join('.')))].sort()
}

test('what we ship to customers speaks German too, and says the same things there', () => {
  for (const { template, variables, texts } of defaultNotifications) {
    const languages = texts.map(({ language }) => language)
    assert.deepEqual(languages, isToOurselves(template.code) ? [] : ['de'], template.code)
    for (const text of texts) {
      assert.deepEqual(checkTemplate(text, variables), [], template.code)
      assert.deepEqual(variablesIn(text), variablesIn(template), template.code)
      const { html, text: plain } = renderNotification(text, sampleValues(variables), look)
      assert.equal(/\{\{|\{%|\[\[|undefined|[\uE000\uE001]/.test(html + plain), false, template.code)
      const ours = plain.replaceAll('Forgot your password?', '')
      assert.equal(/\b(Hello|Kind regards|the|your)\b/.test(ours), false, plain)
    }
  }
})

test('the welcome mail carries key and link, and leaves out what there is not', () => {
  const { template, variables } = welcomeMicrosoftEsdCustomer
  const values = sampleValues(variables)
  const full = renderNotification(template, values, look)
  assert.equal(full.subject, 'Your licence is ready: Office LTSC Professional Plus 2024')
  assert.ok(full.html.includes('>EXAMP-LEKEY-DOESN-OTACT-IVATE</div>'))
  assert.ok(full.html.includes('href="https://setup.office.example/redeem?t=5f2c" class="button"'))
  assert.ok(full.text.includes('\n    EXAMP-LEKEY-DOESN-OTACT-IVATE\n'))
  assert.ok(full.text.includes('Activate your licence:\nhttps://setup.office.example/redeem?t=5f2c\n'))
  assert.ok(full.text.includes('Order: O-2026-000123\nLicence: A-2026-000321\nSold by: Brightside IT\n'))
  const bare = renderNotification(
    template,
    {
      ...values,
      reseller: { name: '' },
      licence: { ...(values.licence as object), activationLink: '', downloadLink: '', downloadExpires: '' },
    },
    look,
  )
  assert.equal(/Sold by|Download|Activate your licence/.test(bare.html + bare.text), false)
})

test('text on and in the seller’s colour can be read', () => {
  assert.equal(onColour('#1f4fd8'), '#ffffff')
  assert.equal(onColour('#ffd400'), '#000000')
  assert.equal(onWhite('#1f4fd8'), '#1f4fd8')
  assert.notEqual(onWhite('#ffd400'), '#ffd400')
  assert.notEqual(onDark('#1f4fd8'), '#1f4fd8')
})
