// What a buyer is told, by hand: for each code what is stored, and what is read.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isTold, toldFailure, toldReason } from './told-reason.ts'

const NOT_YET = 'It could not be delivered yet.'
const told = (code: string | undefined, reason: string | undefined) => toldReason({ code, reason }, NOT_YET)

test('what is the buyer’s to know is passed on in the stored words', () => {
  for (const [code, reason] of [
    ['vendor/out-of-keys', 'Microsoft ESD has no key of this product at the moment.'],
    ['vendor/sku-discontinued', 'Microsoft ESD no longer sells this product. Choose its successor.'],
    ['vendor/quantity', 'Microsoft does not allow this quantity for this customer. Order fewer licences.'],
    ['vendor/term', 'Microsoft does not sell this term or billing plan for this product.'],
    ['price/vendor-above-quote', 'The vendor’s price has changed since it was ordered.'],
    ['vendor/window-closed', 'The time in which Microsoft accepts a cancellation is over.'],
    ['vendor/already-redeemed', 'The key has been redeemed; a redeemed licence cannot be returned.'],
  ] as const) {
    assert.equal(told(code, reason), reason)
    assert.deepEqual(toldFailure({ code, reason }, NOT_YET), { code, reason })
  }
})

test('where the stored words tell the seller’s people what to press, the buyer has others', () => {
  for (const [code, reason, words] of [
    [
      'vendor/no-inventory',
      'Microsoft has none of this product left at the moment. Retry later.',
      'The vendor has none of this product left at the moment.',
    ],
    [
      'vendor/not-for-sale',
      'Microsoft no longer sells this plan to this customer. Choose another plan; the next price sheet will say so too.',
      'The vendor no longer sells this plan to this customer. Choose another plan.',
    ],
    [
      'vendor/domain-missing',
      'DE does not know Birchlane: Enter the domain. Synchronize the account (Provisioning Sync Status), then retry.',
      'The domain of the customer’s Microsoft tenant is missing.',
    ],
    [
      'vendor/agreement-missing',
      'Confirm it in the Sync Options, then retry.',
      'The Microsoft Customer Agreement has not been confirmed for this customer yet.',
    ],
  ] as const) {
    assert.equal(told(code, reason), words)
    assert.deepEqual(toldFailure({ code, reason }, NOT_YET), { code, reason: words })
  }
})

test('everything else is one sentence and one code: the seller’s own affairs, and codes nobody knows', () => {
  for (const code of [
    'vendor/sign-in-refused',
    'vendor/credit-line',
    'vendor/certificate-not-allowed',
    'vendor/partner-id-missing',
    'vendor/transaction-dead',
    'vendor/away',
    'vendor/refused',
    'account/not-synchronized',
    'vendor/of-a-connector-to-come',
    'constructor',
    '',
  ]) {
    assert.equal(isTold(code), false, code)
    assert.deepEqual(
      toldFailure({ code, reason: 'Check the client ID of the instance.' }, NOT_YET),
      { code: 'failure/untold', reason: 'It could not be delivered yet.' },
      code,
    )
  }
  // Written down before reasons had codes.
  assert.equal(told(undefined, 'The seller’s credit line is too low.'), 'It could not be delivered yet.')
  // A code without words is no reason to read nothing.
  assert.equal(told('vendor/quantity', undefined), 'It could not be delivered yet.')
})

test('where nothing failed, nothing is told', () => {
  const nothing = { code: undefined, reason: undefined }
  assert.deepEqual(toldFailure(nothing, NOT_YET), nothing)
})
