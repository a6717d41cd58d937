// Contacts: people of a company who do not sign in, and about what one turns to them.

import { parsePhoneNumberFromString } from 'libphonenumber-js/min'
import { countryName } from '#kernel/countries.ts'
import { type FieldFault, invalid } from '#kernel/failure.ts'
import { type AccountId, type Id, newId } from '#kernel/ids.ts'
import { lineFaults } from '#kernel/text.ts'
import type { Account } from './account.ts'
import { isEmailAddress } from './sync-options.ts'

export type ContactId = Id<'contact'>

export const contactRoles = ['billing', 'technical', 'general'] as const
export type ContactRole = (typeof contactRoles)[number]

export type Contact = {
  readonly id: ContactId
  readonly accountId: AccountId
  readonly role: ContactRole
  readonly name: string
  readonly email: string
  /** E.164, or empty. */
  readonly phone: string
  readonly createdAt: Temporal.Instant
  readonly updatedAt: Temporal.Instant
}

export type ContactInput = {
  readonly role: string
  readonly name: string
  readonly email: string
  readonly phone?: string | undefined
}

/** How many an account can have. */
export const CONTACTS_MOST = 100

function checked(
  input: ContactInput,
  account: Pick<Account, 'country'>,
): Pick<Contact, 'role' | 'name' | 'email' | 'phone'> {
  const faults: FieldFault[] = []
  const fault = (field: string, code: string, message: string) =>
    faults.push({ pointer: `/${field}`, code, message })
  const [name, email] = [input.name.trim(), input.email.trim()]
  const role = contactRoles.find((each) => each === input.role)
  if (!role) fault('role', 'not-a-choice', `Role is one of ${contactRoles.join(', ')}.`)
  if (name === '') fault('name', 'required', 'Name is needed.')
  else if (name.length > 120) fault('name', 'too-long', 'Name has at most 120 characters.')
  faults.push(...lineFaults(name, '/name', 'Name'))
  if (!isEmailAddress(email))
    fault('email', 'not-an-email', 'E-mail is not an address like name@company.example.')
  const phone = phoneIn(input.phone?.trim() ?? '', account.country)
  if (phone === undefined)
    fault(
      'phone',
      'not-a-phone-number',
      `Phone is neither a number of ${countryName(account.country)} nor an international one like +49 30 123456.`,
    )
  if (!role || phone === undefined || faults.length > 0) throw invalid(...faults)
  return { role, name, email, phone }
}

function phoneIn(text: string, country: string): string | undefined {
  if (text === '') return ''
  const number = text.length > 40 ? undefined : parsePhoneNumberFromString(text, country as never)
  return number?.isPossible() ? number.format('E.164') : undefined
}

export function newContact(
  account: Pick<Account, 'id' | 'country'>,
  input: ContactInput,
  at: Temporal.Instant,
): Contact {
  return {
    id: newId(),
    accountId: account.id,
    ...checked(input, account),
    createdAt: at,
    updatedAt: at,
  }
}

/** Fields left out stay as they are; the same again is no change. */
export function changeContact(
  contact: Contact,
  account: Pick<Account, 'country'>,
  change: Partial<ContactInput>,
  at: Temporal.Instant,
): Contact {
  const { role, name, email, phone } = contact
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
  const after = checked({ role, name, email, phone, ...given }, account)
  const isSame = after.role === role && after.name === name && after.email === email && after.phone === phone
  return isSame ? contact : { ...contact, ...after, updatedAt: at }
}

/** Whether an address is among those that get copies of the account's key mails. */
export function getsCopies(account: Pick<Account, 'copyKeyMailsTo'>, email: string): boolean {
  return account.copyKeyMailsTo.some((address) => address.toLowerCase() === email.toLowerCase())
}

export function withoutCopies(addresses: readonly string[], email: string): readonly string[] {
  return addresses.filter((address) => address.toLowerCase() !== email.toLowerCase())
}

/** An address stays as it was written first. */
export function withCopies(addresses: readonly string[], email: string): readonly string[] {
  return getsCopies({ copyKeyMailsTo: addresses }, email) ? addresses : [...addresses, email]
}
