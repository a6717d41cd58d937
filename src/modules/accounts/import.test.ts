import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { deflateRawSync } from 'node:zlib'
import { writeXlsxStream } from 'hucre/xlsx'
import type { AccountId } from '#kernel/ids.ts'
import {
  type Account,
  cellsByField,
  formOf,
  type ImportCells,
  type ImportLimits,
  type ImportPlan,
  type ImportWorld,
  importLimits,
  newAccount,
  planRow,
  readImportFile,
  readImportHead,
} from './index.ts'

let folder: string
before(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'emporion-import-'))
})
after(() => rm(folder, { recursive: true, force: true }))

const at = Temporal.Instant.from('2026-11-26T10:00:00Z')

async function fileOf(content: string | Uint8Array): Promise<string> {
  const file = path.join(folder, `${Math.random()}`)
  await writeFile(file, content)
  return file
}

async function linesOf(content: string | Uint8Array, limits?: ImportLimits) {
  const lines = []
  for await (const batch of readImportFile(await fileOf(content), limits)) lines.push(...batch)
  return lines
}

test('a CSV says by its first row how it is separated', async () => {
  const separated: readonly [string, string][] = [
    ['Company name,City,Country\n', ','],
    ['Company name;City;Country\r\n', ';'],
    ['company NAME\tcity\tcountry\n', '\t'],
    ['\ufeff"Company name";"City"\n', ';'],
    ['Company name;"Address, second line";City\n', ';'],
    ['sep=;\r\nCompany name,odd;City\r\n', ';'],
    ['Company name\n', ','],
  ]
  for (const [content, separator] of separated)
    assert.deepEqual(await formOf(await fileOf(content)), { format: 'csv', separator }, content)
})

test('quotes, line breaks in fields and lines are read as they stand', async () => {
  assert.deepEqual(await linesOf('\ufeffCompany name;City\r\n"A ""B""; C";"Two\r\nlines"\r\n\r\nD;E'), [
    { line: 1, cells: ['Company name', 'City'] },
    { line: 2, cells: ['A "B"; C', 'Two\r\nlines'] },
    { line: 5, cells: ['D', 'E'] },
  ])
  assert.deepEqual(await linesOf('sep=,\nCompany name,City\nA,B\n'), [
    { line: 2, cells: ['Company name', 'City'] },
    { line: 3, cells: ['A', 'B'] },
  ])
})

test('what is no file of accounts is refused with the way out', async () => {
  const latin1 = Buffer.from('Company name\nM\u00fcller\n', 'latin1')
  const utf16 = Buffer.from('\ufeffCompany name\nA\n', 'utf16le')
  const wrong: readonly [Uint8Array | string, string][] = [
    ['', 'account-import/empty'],
    [latin1, 'account-import/not-utf8'],
    [utf16, 'account-import/not-utf8'],
    [Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1]), 'account-import/old-workbook'],
    ['Company name\n"never closed', 'account-import/endless-field'],
    ['Company name,City\n"A" x,B\n', 'account-import/broken-quotes'],
    [Buffer.from('PK\u0003\u0004 and then nothing'), 'account-import/damaged'],
  ]
  for (const [content, code] of wrong) {
    const padded =
      typeof content === 'string' && code.endsWith('field') ? content + 'x'.repeat(300_000) : content
    await assert.rejects(linesOf(padded), { code })
  }
  await assert.rejects(linesOf('Company name\nA\nB\nC\n', { ...importLimits, mostRows: 2 }), {
    code: 'account-import/too-many-rows',
  })
})

async function workbook(rows: readonly (readonly (string | number | Date | null)[])[]): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  const some = async function* () {
    for (const row of rows) yield [...row]
  }
  for await (const piece of writeXlsxStream(some(), { name: 'Accounts' })) pieces.push(piece)
  return Buffer.concat(pieces)
}

test('a workbook gives the same texts, by line', async () => {
  const book = await workbook([
    ['Company name', 'Postal code', 'Days to pay', 'Credit limit'],
    ['Contoso', '01067', 30, 1234.5],
    [null, null, null, null],
    ['+49 Ltd', 10117, null, 12_345_678_901],
  ])
  assert.deepEqual(await formOf(await fileOf(book)), { format: 'xlsx' })
  assert.deepEqual(await linesOf(book), [
    { line: 1, cells: ['Company name', 'Postal code', 'Days to pay', 'Credit limit'] },
    { line: 2, cells: ['Contoso', '01067', '30', '1234.5'] },
    { line: 4, cells: ['+49 Ltd', '10117', '', '12345678901'] },
  ])
  await assert.rejects(linesOf(book, { ...importLimits, mostRows: 1 }), {
    code: 'account-import/too-many-rows',
  })
})

/** An archive of one entry that says it unpacks to ten bytes. */
function liar(bytes: number): Uint8Array {
  const packed = deflateRawSync(Buffer.alloc(bytes))
  const name = Buffer.from('[Content_Types].xml')
  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50, 0)
  local.writeUInt16LE(20, 4)
  local.writeUInt16LE(8, 8)
  local.writeUInt32LE(packed.length, 18)
  local.writeUInt32LE(10, 22)
  local.writeUInt16LE(name.length, 26)
  const central = Buffer.alloc(46)
  central.writeUInt32LE(0x02014b50, 0)
  central.writeUInt16LE(20, 4)
  central.writeUInt16LE(20, 6)
  central.writeUInt16LE(8, 10)
  central.writeUInt32LE(packed.length, 20)
  central.writeUInt32LE(10, 24)
  central.writeUInt16LE(name.length, 28)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(central.length + name.length, 12)
  end.writeUInt32LE(local.length + name.length + packed.length, 16)
  return Buffer.concat([local, name, packed, central, name, end])
}

test('a workbook that unpacks to more than it says, or than the limit, is refused before it is read', async () => {
  await assert.rejects(linesOf(liar(20_000_000)), { code: 'account-import/damaged' })
  const rows = Array.from({ length: 200 }, () => ['Contoso', 'x'.repeat(1000)])
  await assert.rejects(linesOf(await workbook(rows), { ...importLimits, mostUnpacked: 50_000 }), {
    code: 'account-import/too-large',
  })
})

test('heads are known however they are written; the reason of an error file is passed over', () => {
  const head = readImportHead(['company NAME', 'e-mail', 'postalCode', 'Colour', 'Reason', ''])
  assert.deepEqual(head, {
    fields: ['name', 'email', 'postalCode', undefined, undefined, undefined],
    ignored: ['Colour'],
  })
  assert.deepEqual(cellsByField(head, ["'=A1", ' a@b.example ', '10117', 'red', 'wrong']), {
    name: '=A1',
    email: 'a@b.example',
    postalCode: '10117',
  })
  assert.equal(cellsByField(head, ['', '', '', 'red', 'wrong']), undefined)
  assert.throws(() => readImportHead(['Colour', 'Size']), { code: 'account-import/no-columns' })
  assert.throws(() => readImportHead(['Name of the thing', 'City']), { code: 'account-import/no-columns' })
  assert.throws(() => readImportHead(['Company name', 'City', 'city']), {
    code: 'account-import/column-twice',
  })
})

const nobody: ImportWorld = { byNumber: undefined, byReference: undefined, parent: undefined }
const full: ImportCells = {
  kind: 'Reseller',
  name: 'Contoso GmbH',
  contactFirstName: 'Anna',
  contactLastName: 'Schmidt',
  email: 'anna@contoso.example',
  addressLine1: 'Unter den Linden 1',
  city: 'Berlin',
  postalCode: '10117',
  country: 'Germany',
  currency: 'eur',
}
const made = newAccount(
  {
    kind: 'reseller',
    details: { ...full, country: 'DE' },
    terms: { paymentDays: 14, creditLimitMinor: 500n },
  },
  at,
)
const contoso: Account = { ...made, number: 'A-100001' }
const faultsOf = (plan: ImportPlan) =>
  plan.action === 'wrong' ? plan.faults.map(({ column, reason }) => `${column}: ${reason}`) : plan.action

test('a row that makes an account follows the rules of the form', () => {
  const plan = planRow({ ...full, creditLimit: '1234.50', paymentDays: '30', state: 'Blocked' }, nobody, at)
  assert.equal(plan.action, 'create')
  assert.deepEqual(plan.action === 'create' && [plan.kind, plan.details.country, plan.terms], [
    'reseller',
    'DE',
    { state: 'blocked', paymentDays: 30, creditLimitMinor: 123_450n },
  ])
  // Of a reseller’s customer the reseller’s currency, in which its credit limit is.
  const yen = { id: contoso.id, kind: 'reseller', currency: 'JPY', language: 'ja' } as unknown as Account
  const customer = { ...full, kind: '', reseller: 'A-100001', currency: '', creditLimit: '500' }
  assert.deepEqual(planRow(customer, { ...nobody, parent: yen }, at), {
    action: 'create',
    kind: 'customer',
    parentId: contoso.id,
    details: { ...planDetails(customer), country: 'DE' },
    terms: { creditLimitMinor: 500n },
  })
})

const planDetails = ({ kind: _, reseller: __, creditLimit: ___, ...details }: ImportCells) => details

test('what is wrong with a row is said by column', () => {
  const wrong: readonly [ImportCells, string[]][] = [
    [{ ...full, kind: '' }, ['Kind: Kind is needed: Reseller, Direct customer, or Customer of a reseller.']],
    [{ ...full, kind: 'Dealer' }, ['Kind: “Dealer” is none of Reseller, Direct customer and Customer.']],
    [
      { ...full, kind: 'Customer' },
      ['Reseller: Reseller is needed for a customer; a customer without one is a Direct customer.'],
    ],
    [{ ...full, reseller: 'A-100001' }, ['Reseller: A reseller does not belong to another reseller.']],
    [{ ...full, kind: 'direct', reseller: 'A-1' }, ['Reseller: A direct customer has no reseller.']],
    [
      { ...full, number: 'A-999999' },
      ['Account number: No account has the number A-999999. Leave the cell empty to make a new account.'],
    ],
    [
      { ...full, postalCode: '1011', email: 'anna', paymentDays: '400', creditLimit: '1.234' },
      [
        'E-mail: E-mail is not an address like name@company.example.',
        'Postal code: A postal code of Germany looks like 10115.',
        'Days to pay: Payment days are a whole number from 0 to 365, or empty for the seller’s usual ones.',
        'Credit limit: "1.234" is not an amount of EUR like 1234.50.',
      ],
    ],
    [
      { ...full, country: 'Utopia', currency: 'EURO', creditLimit: '5' },
      [
        'Country: UTOPIA is not a country we can deliver to; use a code of ISO 3166 such as DE.',
        'Currency: EURO is not a currency of ISO 4217, such as EUR.',
      ],
    ],
    [
      { ...full, externalReference: 'A-100002', state: 'asleep' },
      [
        'External reference: An external reference does not look like an account number: what is named by it would not be known.',
        'State: State is Active or Blocked.',
      ],
    ],
  ]
  for (const [cells, faults] of wrong) assert.deepEqual(faultsOf(planRow(cells, nobody, at)), faults)
})

test('a row with the number of an account changes what it names and leaves the rest', () => {
  const world = { ...nobody, byNumber: contoso }
  assert.deepEqual(
    planRow({ number: 'A-100001', city: 'Bonn', paymentDays: '', creditLimit: '-' }, world, at),
    {
      action: 'change',
      accountId: contoso.id,
      change: { details: { city: 'Bonn' }, terms: { creditLimitMinor: undefined } },
    },
  )
  assert.equal(planRow({ number: 'A-100001', city: 'Berlin', name: '' }, world, at).action, 'same')
  assert.deepEqual(faultsOf(planRow({ number: 'A-100001', name: '-', kind: 'Direct' }, world, at)), [
    'Kind: The kind of an account never changes; A-100001 is a reseller.',
    'Company name: Company name is needed.',
  ])
  const other = { ...contoso, id: 'x' as AccountId, number: 'A-100002' }
  assert.deepEqual(
    faultsOf(planRow({ number: 'A-100001', externalReference: 'R' }, { ...world, byReference: other }, at)),
    ['External reference: Account A-100002 has this reference already.'],
  )
})
