import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maskKey } from './key.ts'
import { readKeyFile, wrongRowsFile } from './key-pool.ts'

const read = (text: string) => readKeyFile(Buffer.from(text))

test('a mask shows the first and the last group', () => {
  assert.equal(maskKey('TEST1-TEST2-TEST3-TEST4-TEST5'), 'TEST1-xxxxx-xxxxx-xxxxx-TEST5')
  assert.equal(maskKey('ABCDEFGH'), 'xxxxxFGH')
})

test('a key file is read with byte order mark, CRLF, quotes, semicolons and without a header', () => {
  const file =
    '\ufeff"aaaa1-AAAAA-AAAAA-AAAAA-AAAAA";"https://setup.example/?a=1;2"\r\n\r\nBBBB1-BBBBB-BBBBB-BBBBB-BBBBB;\r\n'
  assert.deepEqual(read(file), {
    rows: [
      { line: 1, key: 'AAAA1-AAAAA-AAAAA-AAAAA-AAAAA', activationLink: 'https://setup.example/?a=1;2' },
      { line: 3, key: 'BBBB1-BBBBB-BBBBB-BBBBB-BBBBB', activationLink: undefined },
    ],
    wrong: [],
  })
})

test('columns are found by their names', () => {
  const { rows } = read(
    'note,activation_link,Product Key\nx,https://a.example/,AAAA1-AAAAA-AAAAA-AAAAA-AAAAA\n',
  )
  assert.deepEqual(rows, [
    { line: 2, key: 'AAAA1-AAAAA-AAAAA-AAAAA-AAAAA', activationLink: 'https://a.example/' },
  ])
})

test('wrong rows are told by line, also after a field with a line break, and come back as a file', () => {
  const { rows, wrong } = read(
    'key,activation_link\nAAAA1-AAAAA-AAAAA-AAAAA-AAAAA,"x\ny"\nshort,\nBBBB1-BBBBB-BBBBB-BBBBB-BBBBB,\nbbbb1-bbbbb-bbbbb-bbbbb-bbbbb,\n,https://a.example\n',
  )
  assert.deepEqual(
    rows.map((row) => row.line),
    [5],
  )
  assert.deepEqual(
    wrong.map((row) => row.line),
    [2, 4, 6, 7],
  )
  assert.match(wrong[2]?.reason ?? '', /line 5/)
  const again = readKeyFile(Buffer.from(wrongRowsFile(wrong)))
  assert.equal(again.rows.length, 1) // the duplicate of another row is a good row by itself
  assert.equal(again.wrong.length, 3)
})

test('what is no text and what is empty is refused', () => {
  assert.throws(() => readKeyFile(new Uint8Array([0xff, 0xfe, 0x41])), { code: 'key-pool/not-text' })
  assert.throws(() => read('key\n'), { code: 'key-pool/empty' })
})
