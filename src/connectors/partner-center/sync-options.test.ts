// What Partner Center must know of a company, by its country.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { applyingOptions, effectiveOptions, missingOptions } from '#modules/accounts'
import { syncOptions } from './sync-options.ts'

const company = (country: string, vatNumber?: string) => ({
  kind: 'customer' as const,
  name: 'Ávila',
  email: 'a@avila.example',
  country,
  vatNumber,
})
/** The names of what a checkout asks of it, besides the agreement. */
const asked = (of: ReturnType<typeof company>) => {
  const options = applyingOptions(syncOptions, of)
  return missingOptions(
    options,
    effectiveOptions(options, { agreement: '2026-11-27' }, of),
    'storefront',
  ).map(({ name }) => name)
}

test('a registration number is asked where the vendor takes no company without one', () => {
  assert.deepEqual(asked(company('VE')), ['Registration number'])
  assert.deepEqual(asked(company('IN')), ['Registration number'])
  assert.deepEqual(asked(company('DE')), [])
  // Most companies are registered by their VAT number.
  assert.deepEqual(asked(company('PL', 'PL5260250274')), [])
  const options = applyingOptions(syncOptions, company('PL', 'PL5260250274'))
  const values = effectiveOptions(options, {}, company('PL', 'PL5260250274'))
  assert.equal(values['registrationNumber'], '5260250274')
  assert.equal(
    effectiveOptions(options, { registrationNumber: 'KRS 7' }, company('PL')).registrationNumber,
    'KRS 7',
  )
})

test('a reseller has none, and neither has a company elsewhere', () => {
  const has = (of: Parameters<typeof applyingOptions>[1]) =>
    applyingOptions(syncOptions, of).some(({ id }) => id === 'registrationNumber')
  assert.equal(has({ ...company('VE'), kind: 'reseller' }), false)
  assert.equal(has(company('AT')), false)
  assert.equal(has(company('VE')), true)
})
