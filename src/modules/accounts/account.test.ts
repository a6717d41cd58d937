import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Account, changeAccount, isDirect, mayBuyFor, newAccount } from './account.ts'
import { type AccountDetailsInput, readDetails } from './account-details.ts'
import { isEmailAddress } from './sync-options.ts'
import { readVatNumber } from './vat-number.ts'

const at = Temporal.Instant.from('2026-11-24T10:00:00Z')
const later = at.add({ hours: 1 })

const contoso: AccountDetailsInput = {
  name: 'Contoso GmbH',
  contactFirstName: 'Anna',
  contactLastName: 'Schmidt',
  email: 'anna@contoso.example',
  phone: '030 123456',
  addressLine1: 'Unter den Linden 1',
  city: 'Berlin',
  postalCode: '10117',
  country: 'DE',
  vatNumber: 'DE 123 456 789',
  currency: 'EUR',
}

function faultsOf(change: AccountDetailsInput): string[] {
  return readDetails({ ...contoso, ...change }).faults.map((fault) => `${fault.pointer} ${fault.code}`)
}

test('details are stored in one form: E.164, no spaces in the VAT number, codes in capitals', () => {
  const { details } = readDetails({ ...contoso, country: 'de', currency: 'eur', name: '  Contoso GmbH ' })
  assert.equal(details?.name, 'Contoso GmbH')
  assert.equal(details?.phone, '+4930123456')
  assert.equal(details?.vatNumber, 'DE123456789')
  assert.equal(details?.country, 'DE')
  assert.equal(details?.currency, 'EUR')
  assert.equal(details?.language, 'en')
})

test('every missing field is named at once', () => {
  assert.deepEqual(
    readDetails({}).faults.map((fault) => fault.pointer),
    [
      '/name',
      '/contactFirstName',
      '/contactLastName',
      '/email',
      '/addressLine1',
      '/city',
      '/country',
      '/currency',
    ],
  )
})

test('bad input names its field', () => {
  assert.deepEqual(faultsOf({ name: 'x'.repeat(121) }), ['/name too-long'])
  assert.deepEqual(faultsOf({ name: 'Con\ntoso' }), ['/name control-characters'])
  assert.deepEqual(faultsOf({ email: 'anna@contoso.example\nbcc: all@world.example' }), [
    '/email control-characters',
  ])
  assert.deepEqual(faultsOf({ name: 'Con\u202Eosot' }), ['/name control-characters'])
  assert.equal(isEmailAddress('anna@con\u202Eosot.example'), false)
  assert.deepEqual(faultsOf({ email: 'anna at contoso' }), ['/email not-an-email'])
  assert.deepEqual(faultsOf({ phone: '12' }), ['/phone not-a-phone-number'])
  assert.deepEqual(faultsOf({ country: 'ZZ' }), ['/country unknown-country'])
  assert.deepEqual(faultsOf({ country: 'AQ' }), ['/country unknown-country'])
  assert.deepEqual(faultsOf({ currency: 'XAU' }), ['/currency unknown-currency'])
  assert.deepEqual(faultsOf({ language: 'German' }), ['/language unknown-language'])
  assert.deepEqual(faultsOf({ postalCode: '1011' }), ['/postalCode wrong-form'])
  assert.deepEqual(faultsOf({ postalCode: '' }), ['/postalCode required'])
})

test('addresses follow their country', () => {
  const seattle = { country: 'US', vatNumber: '', phone: '+1 425 882 8080', postalCode: '98052' }
  assert.deepEqual(faultsOf({ ...seattle, region: 'WA' }), [])
  assert.deepEqual(faultsOf(seattle), ['/region required'])
  const plain = { vatNumber: '', phone: '' }
  assert.deepEqual(faultsOf({ ...plain, country: 'GB', postalCode: 'sw1a 1aa' }), [])
  assert.deepEqual(faultsOf({ ...plain, country: 'CH', postalCode: '10117' }), ['/postalCode wrong-form'])
  assert.deepEqual(faultsOf({ ...plain, country: 'CA', region: 'ON', postalCode: 'K1A 0B1' }), [])
  assert.deepEqual(faultsOf({ ...plain, country: 'JP', postalCode: '100-0001' }), [])
  assert.deepEqual(faultsOf({ ...plain, country: 'AE', postalCode: '' }), [])
  assert.deepEqual(faultsOf({ ...plain, country: 'IE', postalCode: '' }), [])
})

test('a VAT number of another country is named as one', () => {
  assert.deepEqual(readVatNumber('FR12345678901', 'DE'), { outcome: 'other-country', country: 'FR' })
  const { faults } = readDetails({ ...contoso, vatNumber: 'ATU12345678' })
  assert.equal(
    faults[0]?.message,
    "This is a VAT number of Austria, but the company's address is in Germany.",
  )
})

test('VAT numbers are read in the forms people write them in', () => {
  const read = (text: string, country: string) => {
    const answer = readVatNumber(text, country)
    return answer.outcome === 'fine' ? answer.vatNumber : answer.outcome
  }
  assert.equal(read('123456789', 'DE'), 'DE123456789')
  assert.equal(read('el 123456789', 'GR'), 'EL123456789')
  assert.equal(read('GR123456789', 'GR'), 'EL123456789')
  assert.equal(read('CHE-123.456.789 MWST', 'CH'), 'CHE123456789MWST')
  assert.equal(read('NO 123 456 789 MVA', 'NO'), 'NO123456789MVA')
  assert.equal(read('GB123456789', 'GB'), 'GB123456789')
  assert.equal(read('NL123456789B01', 'NL'), 'NL123456789B01')
  assert.equal(read('FRAB123456789', 'FR'), 'FRAB123456789')
  assert.equal(read('DE12345678', 'DE'), 'wrong-form')
  assert.equal(read('DE123456789', 'US'), 'other-country')
  assert.equal(read('91-1144442', 'US'), '911144442')
})

function made(input: Parameters<typeof newAccount>[0], number = 'A-100001'): Account {
  return { ...newAccount(input, at), number }
}

test('a reseller buys for itself and its own customers, a direct customer for itself', () => {
  const north = made({ kind: 'reseller', details: contoso })
  const south = made({ kind: 'reseller', details: contoso })
  const customer = made({ kind: 'customer', parent: north, details: contoso })
  const direct = made({ kind: 'customer', details: contoso })
  assert.equal(mayBuyFor(north, north), true)
  assert.equal(mayBuyFor(north, customer), true)
  assert.equal(mayBuyFor(south, customer), false)
  assert.equal(mayBuyFor(direct, direct), true)
  assert.equal(mayBuyFor(direct, customer), false)
  assert.deepEqual([north, customer, direct].map(isDirect), [false, false, true])
})

test('only a reseller is a parent, and no reseller has one', () => {
  const reseller = made({ kind: 'reseller', details: contoso })
  const direct = made({ kind: 'customer', details: contoso })
  assert.throws(() => made({ kind: 'reseller', parent: reseller, details: contoso }), {
    code: 'account/nested-reseller',
  })
  assert.throws(() => made({ kind: 'customer', parent: direct, details: contoso }), {
    code: 'account/parent-not-reseller',
  })
})

test('a change leaves alone what it does not name, and a credit limit can be taken away', () => {
  const account = made({ kind: 'reseller', details: contoso, terms: { creditLimitMinor: 500_000n } })
  const moved = changeAccount(account, { details: { city: 'Potsdam', postalCode: '14467' } }, later)
  assert.equal(moved.city, 'Potsdam')
  assert.equal(moved.creditLimitMinor, 500_000n)
  assert.equal(moved.vatNumber, 'DE123456789')
  assert.equal(moved.updatedAt, later)
  assert.equal(
    changeAccount(account, { terms: { creditLimitMinor: undefined } }, later).creditLimitMinor,
    undefined,
  )
  assert.throws(() => changeAccount(account, { terms: { paymentDays: 1.5 } }, later), {
    code: 'input/invalid',
  })
  assert.throws(
    () => changeAccount(account, { terms: { copyKeyMailsTo: ['keys@x.example', 'nobody'] } }, later),
    (error: { errors: { pointer: string }[] }) => error.errors[0]?.pointer === '/copyKeyMailsTo/1',
  )
})
