// What everybody may say about a company: its name, contact, address, VAT number, currency and language. Read from a form
// or a body, checked field by field, and stored in one normal form.

import { parsePhoneNumberFromString } from 'libphonenumber-js/min'
import { countryName, isCountry } from '#kernel/countries.ts'
import type { FieldFault } from '#kernel/failure.ts'
import { type Currency, isCurrency } from '#kernel/money.ts'
import { holdsControl, lineFaults } from '#kernel/text.ts'
import { postalCodeFault, postalCodeText } from './postal-code.ts'
import { isEmailAddress } from './sync-options.ts'
import { readVatNumber } from './vat-number.ts'

export type AccountDetails = {
  readonly name: string
  readonly contactFirstName: string
  readonly contactLastName: string
  readonly email: string
  /** E.164 (`+4930123456`), or empty. */
  readonly phone: string
  readonly addressLine1: string
  readonly addressLine2: string
  readonly city: string
  readonly region: string
  readonly postalCode: string
  readonly country: string
  readonly vatNumber: string | undefined
  readonly currency: Currency
  /** A BCP 47 tag, e.g. `en` or `de-DE`. */
  readonly language: string
}

/** Details as somebody typed them; what is left out is empty. */
export type AccountDetailsInput = { readonly [Field in keyof AccountDetails]?: string | null | undefined }

/** The fields of AccountDetails, in the order forms show them. */
export const accountDetailFields = [
  'name',
  'contactFirstName',
  'contactLastName',
  'email',
  'phone',
  'addressLine1',
  'addressLine2',
  'city',
  'region',
  'postalCode',
  'country',
  'vatNumber',
  'currency',
  'language',
] as const satisfies readonly (keyof AccountDetails)[]

type Field = (typeof accountDetailFields)[number]

/** The words the fields have on screens; messages use the same. */
export const accountDetailNames: Readonly<Record<Field, string>> = {
  name: 'Company name',
  contactFirstName: 'First name',
  contactLastName: 'Last name',
  email: 'E-mail',
  phone: 'Phone',
  addressLine1: 'Address',
  addressLine2: 'Address, second line',
  city: 'City',
  region: 'State or province',
  postalCode: 'Postal code',
  country: 'Country',
  vatNumber: 'VAT number',
  currency: 'Currency',
  language: 'Language',
}

const required: readonly Field[] = [
  'name',
  'contactFirstName',
  'contactLastName',
  'email',
  'addressLine1',
  'city',
  'country',
  'currency',
]

const longest: Readonly<Partial<Record<Field, number>>> = {
  name: 120,
  contactFirstName: 60,
  contactLastName: 60,
  email: 254,
  phone: 40,
  addressLine1: 120,
  addressLine2: 120,
  city: 80,
  region: 60,
  postalCode: 12,
  vatNumber: 30,
}

/** Where an address says nothing without its state. */
const countriesWithRegion = new Set(['AU', 'BR', 'CA', 'IN', 'MX', 'US'])
/** Territories of ISO 3166 in which nobody has a business address; they stand in lists as placeholders. */
const uninhabited = new Set(['AQ', 'BV', 'HM', 'TF', 'UM'])

export function needsRegion(country: string): boolean {
  return countriesWithRegion.has(country)
}

function isLanguageTag(text: string): boolean {
  return /^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$/.test(text)
}

export type DetailsAnswer =
  | { readonly details: AccountDetails; readonly faults: readonly [] }
  | { readonly details: undefined; readonly faults: readonly FieldFault[] }

/** Checks details field by field, and gives them in their stored form where nothing is wrong. */
export function readDetails(input: AccountDetailsInput, pointer = ''): DetailsAnswer {
  const faults: FieldFault[] = []
  const fault = (field: Field, code: string, message: string) =>
    faults.push({ pointer: `${pointer}/${field}`, code, message })
  const typed = Object.fromEntries(
    accountDetailFields.map((field) => [field, (input[field] ?? '').trim()]),
  ) as Record<Field, string>
  const text = {
    ...typed,
    country: typed.country.toUpperCase(),
    currency: typed.currency.toUpperCase(),
    language: typed.language || 'en',
  }

  const wrong = new Set<Field>()
  for (const field of accountDetailFields) {
    const most = longest[field]
    if (text[field] === '' && required.includes(field))
      fault(field, 'required', `${accountDetailNames[field]} is needed.`)
    else if (holdsControl(text[field]))
      faults.push(...lineFaults(text[field], `/${field}`, accountDetailNames[field]))
    else if (most !== undefined && text[field].length > most)
      fault(field, 'too-long', `${accountDetailNames[field]} has at most ${most} characters.`)
    else continue
    wrong.add(field)
  }
  const isFine = (field: Field) => !wrong.has(field)

  if (isFine('email') && !isEmailAddress(text.email))
    fault('email', 'not-an-email', 'E-mail is not an address like name@company.example.')
  if (isFine('currency') && !isCurrency(text.currency))
    fault('currency', 'unknown-currency', `${text.currency} is not a currency of ISO 4217, such as EUR.`)
  if (!isLanguageTag(text.language))
    fault('language', 'unknown-language', 'Language is a tag such as en or de-DE.')
  if (isFine('country') && (!isCountry(text.country) || uninhabited.has(text.country))) {
    fault(
      'country',
      'unknown-country',
      `${text.country} is not a country we can deliver to; use a code of ISO 3166 such as DE.`,
    )
    wrong.add('country')
  }

  const country = text.country
  const postalCode = postalCodeText(text.postalCode)
  let phone = ''
  let vatNumber: string | undefined
  if (isFine('country')) {
    const where = countryName(country)
    if (needsRegion(country) && text.region === '')
      fault('region', 'required', `An address in ${where} needs its state or province.`)
    const bad = isFine('postalCode') ? postalCodeFault(postalCode, country) : undefined
    if (bad?.code === 'required')
      fault('postalCode', 'required', `An address in ${where} needs its postal code, such as ${bad.example}.`)
    else if (bad)
      fault(
        'postalCode',
        'wrong-form',
        bad.example
          ? `A postal code of ${where} looks like ${bad.example}.`
          : `This is no postal code of ${where}.`,
      )
    if (text.phone !== '' && isFine('phone')) {
      const number = parsePhoneNumberFromString(text.phone, country as never)
      if (number?.isPossible()) phone = number.format('E.164')
      else
        fault(
          'phone',
          'not-a-phone-number',
          `Phone is neither a number of ${where} nor an international one like +49 30 123456.`,
        )
    }
    if (text.vatNumber !== '' && isFine('vatNumber')) {
      const answer = readVatNumber(text.vatNumber, country)
      if (answer.outcome === 'fine') vatNumber = answer.vatNumber
      else if (answer.outcome === 'other-country')
        fault(
          'vatNumber',
          'other-country',
          `This is a VAT number of ${countryName(answer.country)}, but the company's address is in ${where}.`,
        )
      else
        fault(
          'vatNumber',
          'wrong-form',
          answer.example
            ? `A VAT number of ${where} looks like ${answer.example}.`
            : `This is no VAT number of ${where}.`,
        )
    }
  }
  if (faults.length > 0 || !isCurrency(text.currency)) return { details: undefined, faults }
  return { details: { ...text, currency: text.currency, postalCode, phone, vatNumber }, faults: [] }
}
