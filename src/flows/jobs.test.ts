import assert from 'node:assert/strict'
import { test } from 'node:test'
import { jobWords } from '#views/setup/job-words.ts'
import { allJobs } from './jobs.ts'

test('every kind of job has its words, and no word is of none', () => {
  assert.deepEqual(Object.keys(jobWords).sort(), allJobs.map(({ name }) => name).sort())
})
