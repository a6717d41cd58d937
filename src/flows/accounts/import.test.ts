// Accounts from a file against the real database: what the check finds, what the import makes of it, and that a worker that dies in the
// middle leaves each row done once.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import type { AccountId } from '#kernel/ids.ts'
import type { AccountImportId, ImportRow } from '#modules/accounts'
import { listAuditEntries } from '#modules/audit'
import { reading, sellerScope } from '#platform/db.ts'
import { installJobs } from '#platform/jobs.ts'
import { parseDatabaseUrl } from '#platform/postgres/address.ts'
import { browseImportRows, importErrorFile, viewAccountImport } from '#views/accounts/account-imports.ts'
import { openShop, type Shop } from '../../../tests/support/fixtures.ts'
import { allJobs } from '../jobs.ts'
import { changeAccount } from './change-account.ts'
import { cancelAccountImport, receiveAccountImport, tidyImports } from './receive-import.ts'
import { startAccountImport } from './run-import.ts'

let shop: Shop
before(async () => {
  shop = await openShop()
})
after(() => shop?.close())

async function receive(content: string | Uint8Array, fileName = 'accounts.csv'): Promise<AccountImportId> {
  const file = path.join(os.tmpdir(), `emporion-import-${randomBytes(6).toString('hex')}`)
  await writeFile(file, content)
  try {
    const bytes = Buffer.byteLength(content)
    return (await receiveAccountImport(shop.app, shop.manager.actor, { path: file, bytes, fileName })).id
  } finally {
    await rm(file)
  }
}

/** Sends a file, and has it checked. */
async function check(content: string | Uint8Array): Promise<AccountImportId> {
  const id = await receive(content)
  await shop.run()
  return id
}

const read = (id: AccountImportId) => viewAccountImport(shop.app.db, shop.manager.actor, { id })
const rowsOf = async (id: AccountImportId): Promise<readonly ImportRow[]> =>
  (await browseImportRows(shop.app.db, shop.manager.actor, { id, show: 'all', limit: 500 })).items
const said = ({ line, action, faults, warnings }: ImportRow) =>
  [line, action, ...faults.map(({ column, reason }) => `${column}: ${reason}`), ...warnings].join(' | ')

async function start(id: AccountImportId) {
  await startAccountImport(shop.app, shop.manager.actor, { importId: id })
  await shop.run()
  return read(id)
}

const accountsNamed = (name: string) =>
  reading(
    shop.app.db,
    sellerScope,
    (sql) =>
      sql.many<{ id: AccountId; number: string; parentId: AccountId | null; currency: string; city: string }>`
      select id, number, parent_id, currency, city from account where name like ${name} order by name`,
  )

async function textOf(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = []
  for await (const piece of pieces) all.push(piece)
  return Buffer.concat(all).toString()
}

const head =
  'Account number;External reference;Kind;Reseller;Company name;First name;Last name;E-mail;Phone;Address;Postal code;City;Country;VAT number;Currency'
const address = 'Marktplatz 1;80331;München;DE'
const row = (begin: string, name: string, rest = `${address};;EUR`) =>
  `${begin};${name};Eva;Lang;eva@lang.example;;${rest}`

test('the check says of each row what it would do, and changes nothing', async () => {
  const before = (await accountsNamed('%')).length
  const { number } = shop.north.account
  const id = await check(
    [
      head,
      row(';CRM-1;Reseller;', 'Alpha AG'), // 2
      row(';;Customer;CRM-1', 'Alpha’s customer', `${address};;`), // 3: its reseller is in the file, and so is its currency
      row(`;;Customer;${number}`, 'North’s second'), // 4
      row(';;Customer;CRM-9', 'Lost'), // 5
      row(';CRM-2;Reseller;', 'Beta', 'Marktplatz 1;803;München;DE;;EUR'), // 6
      row(';;Customer;CRM-2', 'Beta’s customer'), // 7: its reseller is wrong
      row(';;Direct customer;', 'DIRECT, GmbH', 'Unter den Linden 1;10117;Berlin;DE;;EUR'), // 8: there is one
      row(';CRM-3;Direct customer;', 'Gamma'), // 9
      row(';crm-3;Direct customer;', 'Gamma again'), // 10
      `${shop.direct.account.number};;;;;;;;+49 30 901820;;;;;;`, // 11
      `${shop.direct.account.number.toLowerCase()};;;;;;;;;;;Bonn;;;`, // 12
      `${number};;;;North;;;;;;;;;;`, // 13: as it is
      row(`;;Customer;${shop.direct.account.number}`, 'Of a customer'), // 14
      row(';;Reseller;', 'Delta', 'Hauptstraße 5;10117;Berlin;DE;DE136695976;EUR'), // 15
      row(';;Reseller;', 'Epsilon', 'Hauptstraße 5;10117;Berlin;DE;136 695 976;EUR'), // 16
      row(';;Reseller;', 'Delta Ltd.', 'Hauptstraße 5;10117;Berlin;Germany;;EUR'), // 17
    ].join('\r\n'),
  )
  assert.deepEqual((await rowsOf(id)).map(said), [
    '2 | create',
    '3 | create',
    '4 | create',
    '5 | wrong | Reseller: No reseller has the account number or external reference CRM-9.',
    '6 | wrong | Postal code: A postal code of Germany looks like 10115.',
    '7 | wrong | Reseller: Its reseller is on line 6, which is wrong itself.',
    `8 | create | ${shop.direct.account.number}, Direct, has the same name and country.`,
    '9 | wrong | External reference: Line 10 has the same external reference.',
    '10 | wrong | External reference: Line 9 has the same external reference.',
    '11 | wrong | Account number: Line 12 has the same account number.',
    '12 | wrong | Account number: Line 11 has the same account number.',
    '13 | same',
    `14 | wrong | Reseller: ${shop.direct.account.number} is no reseller: only a reseller has customers of its own.`,
    '15 | create | Line 17 has the same name and country.',
    '16 | create',
    '17 | create | Line 15 has the same name and country.',
  ])
  const found = await read(id)
  assert.deepEqual(
    [
      found.state,
      found.rowCount,
      found.createCount,
      found.changeCount,
      found.sameCount,
      found.wrongCount,
      found.warnedCount,
    ],
    ['checked', 16, 7, 0, 1, 8, 3],
  )
  assert.equal((await accountsNamed('%')).length, before)
})

test('the error file has the form of what was sent, and corrected it is the rest of it', async () => {
  const first = await check(
    [
      head,
      row(';ERR-1;Reseller;', 'Errors AG', 'Marktplatz 1;803;München;DE;;EUR'),
      `;;Customer;ERR-1;"=HYPERLINK(""x"")";Eva;Lang;eva@lang.example;+49 30 901820;${address};;`,
      row(';;Direct customer;', 'Good GmbH'),
    ].join('\n'),
  )
  assert.equal((await start(first)).createdCount, 1)
  const file = await importErrorFile(shop.app.db, shop.manager.actor, { id: first })
  assert.equal(file.name, 'accounts-errors.csv')
  const text = await textOf(file.pieces)
  assert.deepEqual(text.split('\r\n'), [
    `\ufeff${head};Reason`,
    ';ERR-1;Reseller;;Errors AG;Eva;Lang;eva@lang.example;;Marktplatz 1;803;München;DE;;EUR;Line 2: Postal code: A postal code of Germany looks like 10115.',
    `;;Customer;ERR-1;"'=HYPERLINK(""x"")";Eva;Lang;eva@lang.example;'+49 30 901820;${address};;;"Line 3: Reseller: Its reseller is on line 2, which is wrong itself."`,
    '',
  ])
  const second = await check(text.replace(';803;', ';80331;'))
  const done = await start(second)
  assert.deepEqual([done.state, done.createdCount, done.wrongCount], ['done', 2, 0])
  const [parent] = await accountsNamed('Errors AG')
  const [customer] = await accountsNamed('=HYPER%')
  assert.equal(customer?.parentId, parent?.id)
  assert.equal(customer?.currency, 'EUR')
})

test('an import makes and changes accounts as the forms do, once, and says so in the audit log', async () => {
  const id = await check(
    [
      head,
      row(';;Customer;IMP-1', 'Imp customer', `${address};;`),
      row(';IMP-1;Reseller;', 'Imp AG', `${address};;CHF`),
      `${shop.south.account.number};;;;;;;;;;;Hamburg;;;`,
    ].join('\n'),
  )
  const { accountId } = (await rowsOf(id)).find(({ line }) => line === 3) ?? {}
  const { items } = await browseImportRows(shop.app.db, shop.manager.actor, { id, show: 'change', limit: 5 })
  assert.deepEqual(
    items.map(({ line, changes }) => [line, changes]),
    [[4, [{ column: 'City', before: 'Berlin', after: 'Hamburg' }]]],
  )
  await startAccountImport(shop.app, shop.manager.actor, { importId: id })
  const done = await start(id)
  assert.deepEqual([done.state, done.createdCount, done.changedCount, done.leftCount], ['done', 2, 1, 0])
  const [reseller] = await accountsNamed('Imp AG')
  assert.equal(reseller?.id, accountId)
  const [customer] = await accountsNamed('Imp customer')
  assert.deepEqual([customer?.parentId, customer?.currency], [reseller?.id, 'CHF'])
  assert.equal((await accountsNamed('South'))[0]?.city, 'Hamburg')
  const audit = await reading(shop.app.db, sellerScope, (sql) =>
    listAuditEntries(sql, { subjectId: shop.south.account.id, limit: 1 }),
  )
  assert.deepEqual(audit[0] && [audit[0].action, audit[0].actor, audit[0].before, audit[0].after], [
    'account/changed',
    'Henrik',
    { city: 'Berlin' },
    { city: 'Hamburg' },
  ])
  // The same file once more changes nothing: its reference is known now, and so is everything else.
  const again = await check([head, row(';IMP-1;Reseller;', 'Imp AG', `${address};;CHF`)].join('\n'))
  assert.deepEqual((await rowsOf(again)).map(said), ['2 | same'])
  await assert.rejects(startAccountImport(shop.app, shop.manager.actor, { importId: again }), {
    code: 'account-import/nothing-to-import',
  })
})

test('what changed between the check and the import is left out, with the reason', async () => {
  const id = await check(
    [
      head,
      `${shop.north.account.number};;;;;;;;;;;Leipzig;;;`,
      row(';LATE-1;Direct customer;', 'Late GmbH'),
      row(`;;Customer;${shop.north.account.number}`, 'In time GmbH'),
    ].join('\n'),
  )
  await changeAccount(shop.app, shop.manager.actor, {
    accountId: shop.north.account.id,
    details: { city: 'Köln' },
  })
  await changeAccount(shop.app, shop.manager.actor, {
    accountId: shop.direct.account.id,
    terms: { externalReference: 'late-1' },
  })
  const done = await start(id)
  assert.deepEqual(
    [done.state, done.createdCount, done.changedCount, done.leftCount, done.wrongCount],
    ['done', 1, 0, 2, 2],
  )
  assert.deepEqual((await rowsOf(id)).map(said), [
    `2 | wrong | : Account ${shop.north.account.number} was changed after the check. Send the row again to see what it would change now.`,
    `3 | wrong | : Account ${shop.direct.account.number} was given this external reference after the check. Send the row again to change that account.`,
    '4 | create',
  ])
  assert.equal((await accountsNamed('North'))[0]?.city, 'Köln')
  assert.equal((await accountsNamed('Late GmbH')).length, 0)
})

test('only whoever manages accounts imports them, and a file without rows is refused as a whole', async () => {
  await assert.rejects(
    receiveAccountImport(shop.app, shop.support.actor, { path: '/nowhere', bytes: 1, fileName: 'x' }),
    { code: 'right/missing' },
  )
  const empty = await check(`${head}\n;;;;;;;;;;;;;;\n`)
  assert.deepEqual(
    [(await read(empty)).state, (await read(empty)).refusedBecause],
    ['refused', 'The file has no row below its heads. Fill in at least one account.'],
  )
  const unread = await receive([head, row(';;Direct customer;', 'Never GmbH')].join('\n'))
  await cancelAccountImport(shop.app, shop.manager.actor, { importId: unread })
  await shop.run()
  assert.equal((await read(unread)).state, 'cancelled')
  await assert.rejects(startAccountImport(shop.app, shop.manager.actor, { importId: unread }), {
    code: 'state/illegal-move',
  })
})

test('an import is forgotten with what its rows hold after 60 days', async () => {
  const importId = await check([head, row(';CRM-60;Direct customer;', 'Altbau AG')].join('\n'))
  const tidyAfter = (days: number) =>
    tidyImports.run(
      { ...shop.app, now: () => Temporal.Now.instant().add({ hours: 24 * days }) },
      {},
      { id: '', retries: 0, isLastTry: false },
    )
  const rows = () =>
    shop.app.db.pool`select 1 from account_import_row where import_id = ${importId}`.then((all) => all.length)
  await tidyAfter(59)
  assert.equal(await rows(), 1)
  await tidyAfter(61)
  assert.equal(await rows(), 0)
  await assert.rejects(viewAccountImport(shop.app.db, shop.manager.actor, { id: importId }), {
    code: 'account-import/not-found',
  })
})

test('a worker that is killed again and again imports each row once', { timeout: 60_000 }, async () => {
  const rows = 600
  const lines = Array.from({ length: rows }, (_, n) =>
    row(
      n < 20 ? `;KILL-${n};Reseller;` : `;;Customer;KILL-${n % 20}`,
      `Killed ${String(n).padStart(4, '0')}`,
    ),
  )
  const id = await check([head, ...lines].join('\n'))
  assert.equal((await read(id)).createCount, rows)
  // A killed worker's job is found by its expiry: short here.
  const soon = { expireInSeconds: 1, retryDelayMax: 1 }
  await installJobs(parseDatabaseUrl(shop.databaseUrl), shop.app.db, allJobs, soon)
  await startAccountImport(shop.app, shop.manager.actor, { importId: id })
  const killedAt: number[] = []
  for (let kills = 0; (await read(id)).state !== 'done'; kills += 1) {
    const worker = spawn(process.execPath, [path.resolve(import.meta.dirname, '../../main/worker.ts')], {
      env: {
        ...process.env,
        DATABASE_URL: shop.databaseUrl,
        EMPORION_KEY: Buffer.alloc(32, 7).toString('base64'),
        LOG_LEVEL: 'silent',
      },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    const gone = new Promise((resolve) => worker.once('exit', resolve))
    const from = (await read(id)).rowsDone
    // Killed in the middle of the rows, twice; then it may end.
    while (worker.exitCode === null) {
      const { state, rowsDone } = await read(id)
      if (state === 'done' || (kills < 2 && rowsDone > from + 100)) break
      await delay(10)
    }
    killedAt.push((await read(id)).rowsDone)
    worker.kill('SIGKILL')
    await gone
  }
  assert.ok(killedAt.length >= 2 && (killedAt[0] ?? rows) < rows, killedAt.join())
  const done = await read(id)
  assert.deepEqual([done.state, done.createdCount, done.leftCount], ['done', rows, 0])
  const made = await accountsNamed('Killed %')
  assert.equal(made.length, rows)
  assert.equal(new Set(made.map(({ number }) => number)).size, rows)
  const planned = new Set((await rowsOf(id)).map(({ accountId }) => accountId))
  assert.ok(made.slice(0, 500).every((account) => planned.has(account.id)))
  const { entries } = await reading(
    shop.app.db,
    sellerScope,
    (sql) => sql.one<{ entries: number }>`
      select count(*)::int as entries from audit_entry where action = 'account/created'
        and subject_id in (select id::text from account where name like 'Killed %')`,
  )
  assert.equal(entries, rows)
})
