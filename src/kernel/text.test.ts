import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lineFaults } from './text.ts'

const wrong = (text: string) => lineFaults(text, '/name', 'Name').map(({ message }) => message)

test('a name shows what it is: signs that turn text around or cannot be seen are refused by their number', () => {
  assert.deepEqual(wrong('Invoice \u202Efdp.exe'), [
    'Name holds a sign that cannot be seen (U+202E). Type it anew instead of copying it.',
  ])
  for (const sign of ['\u200b', '\u200e', '\u2066', '\u2069', '\ufeff', '\u00ad', '\u0000', '\u001b'])
    assert.equal(wrong(`Con${sign}toso`).length, 1, JSON.stringify(sign))
  assert.deepEqual(wrong('Con\ntoso'), ['Name must be one line of plain text.'])
})

test('names of every script pass, with their joiners', () => {
  for (const name of [
    'Kavárna Žižkov s.r.o.',
    'شرکت می\u200cخواهم',
    'חברה בע"מ',
    'क्\u200dष',
    '👩\u200d💻 Ltd',
    '株式会社',
  ])
    assert.deepEqual(wrong(name), [], name)
})
