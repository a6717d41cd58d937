// What an invoice says to a bookkeeper, in both languages: when it was supplied, for which days, what was taken off, why there is no VAT, and
// what a credit invoice credits.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { currency, money } from '#kernel/money.ts'
import type { Invoice } from '#modules/invoicing'
import { paperOf } from './invoice-paper.ts'

const EUR = currency('EUR')
const day = (text: string) => Temporal.PlainDate.from(text)
const party = {
  name: 'Brightside',
  number: 'A-1',
  contact: '',
  addressLine1: 'Ringstraße 4',
  addressLine2: '',
  postalCode: '53111',
  city: 'Bonn',
  region: '',
  country: 'DE',
  vatNumber: '',
  email: 'a@b.example',
}
const licence: Invoice['lines'][number] = {
  id: '1',
  position: 1,
  orderItemId: 'item' as never,
  assetId: 'asset' as never,
  suppliedOn: day('2026-11-26'),
  name: 'Office',
  description: 'Licence LIC-7 · SKU OFF-1',
  quantity: 1,
  unitPrice: { micros: 229_000_000n, currency: EUR },
  net: money(22_900n, EUR),
  tax: money(0n, EUR),
  taxBasisPoints: 0,
  taxCategory: 'AE',
  explanation: {},
}
/** Ten for a year: 125.50 each, less 5 % by a promotion: 1192.25. */
const year: Invoice['lines'][number] = {
  ...licence,
  id: '2',
  position: 2,
  assetId: undefined,
  suppliedOn: undefined,
  period: { startsOn: day('2026-11-27'), endsOn: day('2027-11-26') },
  name: 'Server Standard',
  description: 'Subscription SUB-3 · 1 year',
  quantity: 10,
  net: money(119_225n, EUR),
  explanation: {
    version: 2,
    form: 'public',
    quantity: 10,
    currency: 'EUR',
    steps: [
      { step: 'price sheet', retail: '125.50' },
      { step: 'promotion', name: 'Spring', total: '1192.25' },
    ],
    result: { net: '1192.25' },
  },
}
const invoice = (lines: Invoice['lines'], more: Partial<Invoice> = {}): Invoice =>
  ({
    kind: 'invoice',
    number: 'INV-9',
    issueDate: day('2026-11-27'),
    dueDate: day('2026-12-27'),
    billingToId: 'a',
    endCustomerId: 'a',
    currency: EUR,
    net: money(0n, EUR),
    tax: money(0n, EUR),
    total: money(0n, EUR),
    taxSummary: [
      { category: 'AE', basisPoints: 0, net: money(0n, EUR), tax: money(0n, EUR), note: 'Reverse charge' },
    ],
    seller: { ...party, brandColor: '#2451c7', registration: '', iban: '', bic: '', bankName: '' },
    buyer: party,
    endCustomer: party,
    orderNumber: 'SO-1',
    reference: '',
    lines,
    ...more,
  }) as unknown as Invoice

test('a licence says the day it was delivered, a subscription its period and what was taken off', () => {
  const paper = paperOf(invoice([licence, year]), undefined, 'en')
  assert.ok(
    paper.facts.some(({ label, value }) => label === 'Date of supply' && value === 'November 26, 2026'),
  )
  assert.deepEqual(
    paper.lines.map(({ details }) => details),
    [
      ['Licence LIC-7 · SKU OFF-1'],
      [
        'Subscription SUB-3 · 1 year',
        'Period: November 27, 2026 – November 26, 2027',
        'Promotion Spring: −€62.75',
      ],
    ],
  )
  assert.equal(paper.vatSummary[0]?.label, '0% (Reverse charge)')
})

test('the same in German, in German words', () => {
  const paper = paperOf(invoice([licence, year]), undefined, 'de')
  assert.ok(
    paper.facts.some(({ label, value }) => label === 'Leistungsdatum' && value === '26. November 2026'),
  )
  assert.deepEqual(
    paper.lines.map(({ details }) => details),
    [
      ['Lizenz LIC-7 · SKU OFF-1'],
      [
        'Abonnement SUB-3 · 1 Jahr',
        'Leistungszeitraum: 27. November 2026 – 26. November 2027',
        'Aktion Spring: −62,75\u00a0€',
      ],
    ],
  )
  assert.equal(paper.vatSummary[0]?.label, '0\u00a0% (Reverse Charge)')
})

test('licences delivered on several days say so line by line, and part of a term names its discount alone', () => {
  const later = { ...licence, suppliedOn: day('2026-11-27') }
  const part = { ...year, net: money(39_742n, EUR) }
  const paper = paperOf(invoice([licence, later, part]), undefined, 'en')
  assert.ok(paper.facts.every(({ label }) => label !== 'Date of supply'))
  assert.deepEqual(
    paper.lines.map(({ details }) => details.at(-1)),
    ['Delivered on November 26, 2026', 'Delivered on November 27, 2026', 'Promotion Spring'],
  )
})

test('a credit invoice has the date of a credit and names what it credits with its date', () => {
  const credit = invoice([licence], { kind: 'credit', number: 'CRN-1', dueDate: undefined })
  const credited = { number: 'INV-9', issueDate: day('2026-11-20') }
  const english = paperOf(credit, credited, 'en')
  assert.equal(english.credits, 'Credits invoice INV-9 of November 20, 2026.')
  assert.deepEqual(
    english.facts.slice(0, 2).map(({ label }) => label),
    ['Number', 'Date of credit'],
  )
  const german = paperOf(credit, credited, 'de')
  assert.equal(german.credits, 'Gutschrift zur Rechnung INV-9 vom 20. November 2026.')
  assert.equal(german.facts[1]?.label, 'Datum der Gutschrift')
})
