// What Partner Center must know about an account. The customer agreement is asked for in the Storefront with the first purchase; the
// tenant's domain has a preset for customers, because a new tenant takes any free name.
import type { SyncOption } from '#modules/accounts'

/** `Birchlane GmbH & Co. KG` → `birchlanegmbhcokg.onmicrosoft.com`; what is not Latin is left out. */
export function presetDomain(name: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/ß/g, 'ss')
    .replace(/[^a-z0-9]/g, '')
    .slice(0, 24)
  return plain.length < 3 ? '' : `${plain}.onmicrosoft.com`
}

/** Where Partner Center takes no company without its number (partner-center.md section 4). */
const countriesWithNumber = new Set(
  'AM AZ BY HU KZ KG MD RU TJ UZ UA BR IN ZA PL AE SA TR TH VN MM IQ SS VE'.split(' '),
)

/** The VAT number without its country, which is what most companies are registered by. */
export function registrationFromVat({
  vatNumber,
}: {
  readonly vatNumber: string | undefined
}): string | undefined {
  return vatNumber?.replace(/^[A-Z]{2}/, '')
}

export const syncOptions: readonly SyncOption[] = [
  {
    id: 'role',
    name: 'Role',
    hint: 'Reseller, or User for an end customer.',
    type: 'choice',
    choices: ['Reseller', 'User'],
    isRequired: true,
    isInStorefront: false,
    preset: (account) => (account.kind === 'reseller' ? 'Reseller' : 'User'),
  },
  {
    id: 'partnerId',
    name: 'PartnerId',
    hint: 'The reseller’s number in Microsoft’s partner programme (MPN ID). Needed for resellers.',
    type: 'text',
    isRequired: false,
    isInStorefront: false,
  },
  {
    id: 'domain',
    name: 'Microsoft tenant',
    hint: 'The tenant’s domain, like company.onmicrosoft.com. A name that is free makes a new tenant.',
    type: 'text',
    isRequired: true,
    isInStorefront: true,
    preset: (account) => (account.kind === 'customer' ? presetDomain(account.name) : ''),
  },
  {
    id: 'registrationNumber',
    name: 'Registration number',
    hint: 'The number the company is registered by with the authorities of its country.',
    type: 'text',
    isRequired: true,
    isInStorefront: true,
    appliesTo: ({ kind, country }) => kind === 'customer' && countriesWithNumber.has(country),
    preset: (account) => registrationFromVat(account) ?? '',
  },
  {
    id: 'agreement',
    name: 'Microsoft Customer Agreement',
    hint: 'The end customer has accepted the Microsoft Customer Agreement.',
    type: 'consent',
    isRequired: true,
    isInStorefront: true,
  },
]
