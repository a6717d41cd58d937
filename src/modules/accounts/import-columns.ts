// The columns of a file of accounts: the words of the forms, so that what a screen says of a field holds for its column too.
import { Refusal } from '#kernel/failure.ts'
import { accountDetailFields, accountDetailNames } from './account-details.ts'

/** The fields a row may give, by the names the API and the forms have for them. */
export const importFields = [
  'number',
  'externalReference',
  'kind',
  'reseller',
  ...accountDetailFields,
  'state',
  'paymentDays',
  'creditLimit',
  'copyKeyMailsTo',
] as const
export type ImportField = (typeof importFields)[number]

/** What stands in a row, by field; a column the file does not have is absent. */
export type ImportCells = { readonly [Field in ImportField]?: string }

type Column = { readonly name: string; readonly about: string; readonly example: string }

const own: Readonly<Record<Exclude<ImportField, (typeof accountDetailFields)[number]>, Column>> = {
  number: {
    name: 'Account number',
    about:
      'Of an account that is to be changed, such as A-100001. Empty for a new one, which gets its number by itself.',
    example: '',
  },
  externalReference: {
    name: 'External reference',
    about:
      'The number another system of yours knows the account by, each once. A row whose reference an account has already changes that account.',
    example: 'CRM-1001',
  },
  kind: {
    name: 'Kind',
    about: 'Reseller, Direct customer, or Customer (of a reseller). Never changed afterwards.',
    example: 'Reseller',
  },
  reseller: {
    name: 'Reseller',
    about:
      'Of a customer: its reseller’s account number or external reference. The reseller may be a row of the same file.',
    example: '',
  },
  state: { name: 'State', about: 'Active or Blocked. Empty: active.', example: 'Active' },
  paymentDays: {
    name: 'Days to pay',
    about: 'A whole number from 0 to 365. Empty: your usual days. Needs the right “Change terms”.',
    example: '30',
  },
  creditLimit: {
    name: 'Credit limit',
    about:
      'An amount like 1234.50 in the account’s currency. Empty: no limit. Needs the right “Change terms”.',
    example: '25000.00',
  },
  copyKeyMailsTo: {
    name: 'Copies of key mails go to',
    about: 'Up to 10 e-mail addresses with commas between.',
    example: '',
  },
}

const details: Readonly<Record<(typeof accountDetailFields)[number], Omit<Column, 'name'>>> = {
  name: { about: 'Needed, at most 120 characters.', example: 'Contoso Handels GmbH' },
  contactFirstName: { about: 'Of the contact. Needed.', example: 'Anna' },
  contactLastName: { about: 'Of the contact. Needed.', example: 'Schmidt' },
  email: { about: 'Of the contact. Needed.', example: 'anna.schmidt@contoso.example' },
  phone: { about: 'A number of the country, or an international one.', example: '+49 30 901820' },
  addressLine1: { about: 'Street and number. Needed.', example: 'Unter den Linden 1' },
  addressLine2: { about: '', example: '' },
  city: { about: 'Needed.', example: 'Berlin' },
  region: { about: 'Needed in the United States, Canada, Australia, Brazil, India and Mexico.', example: '' },
  postalCode: { about: 'Checked by the country’s form.', example: '10117' },
  country: { about: 'A code of ISO 3166 such as DE, or the English name. Needed.', example: 'DE' },
  vatNumber: { about: 'Checked by the country’s form.', example: 'DE123456789' },
  currency: {
    about: 'A code of ISO 4217 such as EUR. Needed; of a reseller’s customer: empty for the reseller’s.',
    example: 'EUR',
  },
  language: { about: 'A tag such as en or de-DE. Empty: the reseller’s, or en.', example: 'de-DE' },
}

const isDetail = (field: ImportField): field is (typeof accountDetailFields)[number] =>
  (accountDetailFields as readonly string[]).includes(field)

export function importColumn(field: ImportField): Column {
  return isDetail(field) ? { name: accountDetailNames[field], ...details[field] } : own[field]
}

/** Stands behind each row of an error file, and is passed over when the file comes back. */
export const REASON_COLUMN = 'Reason'

/** Letters and digits: `E-mail`, `email` and `e_mail` are the same head. */
const plain = (head: string) =>
  head
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')

const fieldOf = new Map<string, ImportField>(
  importFields.flatMap((field): [string, ImportField][] => [
    [plain(field), field],
    [plain(importColumn(field).name), field],
  ]),
)

export function isImportHead(head: string): boolean {
  return fieldOf.has(plain(head))
}

export type ImportHead = {
  /** By position; undefined where a column is passed over. */
  readonly fields: readonly (ImportField | undefined)[]
  /** Heads that say nothing to us. */
  readonly ignored: readonly string[]
}

/** The first row of a file. Refuses one that cannot be a file of accounts. */
export function readImportHead(cells: readonly string[]): ImportHead {
  const fields = cells.map((head) => fieldOf.get(plain(head)))
  const known = fields.filter((field) => field !== undefined)
  const twice = known.find((field, index) => known.indexOf(field) !== index)
  if (twice)
    throw new Refusal(
      'account-import/column-twice',
      `The column “${importColumn(twice).name}” is there twice. Keep one of the two.`,
    )
  if (!known.some((field) => field === 'name' || field === 'number' || field === 'externalReference'))
    throw new Refusal(
      'account-import/no-columns',
      'The first row must name the columns, Company name among them (or Account number, to change accounts). Download the template to see them all.',
    )
  const ignored = cells
    .filter((head, index) => !fields[index] && head.trim() !== '' && plain(head) !== plain(REASON_COLUMN))
    .map((head) => head.trim().slice(0, 60))
  return { fields, ignored: [...new Set(ignored)].slice(0, 50) }
}

/** The cells of a row by field; undefined where all of them are empty. */
export function cellsByField(head: ImportHead, cells: readonly string[]): ImportCells | undefined {
  const byField: Partial<Record<ImportField, string>> = {}
  let isEmpty = true
  head.fields.forEach((field, index) => {
    if (!field) return
    const text = unguarded(cells[index] ?? '').trim()
    byField[field] = text
    if (text !== '') isEmpty = false
  })
  return isEmpty ? undefined : byField
}

/** Our own files have an apostrophe before what a spreadsheet would take for a formula, `+49 30 …` for one. */
function unguarded(text: string): string {
  return /^'[=+\-@\t\r]/.test(text) ? text.slice(1) : text
}

export const importTemplate = {
  heads: importFields.map((field) => importColumn(field).name),
  examples: [importFields.map((field) => importColumn(field).example), customerExample()],
}

/** A second row shows how a customer names its reseller. */
function customerExample(): string[] {
  const given: Partial<Record<ImportField, string>> = {
    externalReference: 'CRM-1002',
    kind: 'Customer',
    reseller: 'CRM-1001',
    name: 'Fabrikam Werkzeugbau AG',
    contactFirstName: 'Jonas',
    contactLastName: 'Weber',
    email: 'jonas.weber@fabrikam.example',
    addressLine1: 'Marienplatz 8',
    city: 'München',
    postalCode: '80331',
    country: 'DE',
  }
  return importFields.map((field) => given[field] ?? '')
}
