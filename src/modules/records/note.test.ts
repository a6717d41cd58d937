import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId } from '#kernel/ids.ts'
import { rewriteNote, writeNote } from './note.ts'

const at = Temporal.Instant.from('2026-11-26T10:00:00Z')
const later = Temporal.Instant.from('2026-11-26T11:00:00Z')
const author = { userId: newId<never>(), name: 'Henrik' }
const record = { recordType: 'order', recordId: newId<never>() } as const
const refused = (text: string) => {
  try {
    writeNote(record, author, text, at)
  } catch (error) {
    return (error as { errors: { pointer: string; code: string }[] }).errors.map(({ pointer, code }) => [
      pointer,
      code,
    ])
  }
  return undefined
}

test('a note keeps its lines and loses what surrounds them', () => {
  const note = writeNote(record, author, '  Called them.\r\nThey pay on Friday.\n\n', at)
  assert.equal(note.text, 'Called them.\nThey pay on Friday.')
  assert.deepEqual([note.authorName, note.writtenAt, note.changedAt], ['Henrik', at, undefined])
})

test('an empty note, one that is too long and one that is no text are refused at their field', () => {
  assert.deepEqual(refused(' \n\t '), [['/text', 'required']])
  assert.deepEqual(refused('x'.repeat(4001)), [['/text', 'too-long']])
  assert.deepEqual(refused('bell \u0007'), [['/text', 'not-text']])
  assert.deepEqual(refused('Told them nkjfk-gpht7-g8c3j-P6JXR-hqrjr.'), [['/text', 'holds-a-key']])
  assert.equal(refused('LIC-00000001 ends with P6JXR-HQRJR'), undefined)
  assert.equal(refused('😀'.repeat(4000)), undefined)
})

test('a note that is written again says since when; the same words change nothing', () => {
  const note = writeNote(record, author, 'Called them.', at)
  assert.equal(rewriteNote(note, ' Called them. ', later), note)
  const again = rewriteNote(note, 'Called them twice.', later)
  assert.deepEqual([again.text, again.writtenAt, again.changedAt], ['Called them twice.', at, later])
})
