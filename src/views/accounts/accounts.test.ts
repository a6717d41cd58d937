import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type AccountId, newId } from '#kernel/ids.ts'
import { type Account, insertAccount, newAccount } from '#modules/accounts'
import { type Actor, actorWith, insertUser, newUser, scopeOf, system } from '#modules/users'
import { type Database, openDatabase, reading, sellerScope, transaction } from '#platform/db.ts'
import { testDatabase } from '../../../tests/support/database.ts'
import { listAccounts } from './list-accounts.ts'
import { searchCustomers } from './list-customers.ts'
import { holdsWords } from './search-text.ts'
import { viewAccount, viewBelongings } from './view-account.ts'

const at = Temporal.Instant.from('2026-11-24T10:00:00Z')
const details = {
  name: 'North',
  contactFirstName: 'Anna',
  contactLastName: 'Schmidt',
  email: 'anna@north.example',
  addressLine1: 'Unter den Linden 1',
  city: 'Berlin',
  postalCode: '10117',
  country: 'DE',
  currency: 'EUR',
}
let db: Database
let drop: () => Promise<void>
let north: Account
let south: Account
let northAdmin: Actor
let southAdmin: Actor

before(async () => {
  const database = await testDatabase()
  db = openDatabase(database.options)
  drop = database.drop
  await transaction(db, sellerScope, async (tx) => {
    north = await insertAccount(tx, newAccount({ kind: 'reseller', details }, at))
    south = await insertAccount(
      tx,
      newAccount({ kind: 'reseller', details: { ...details, name: 'South' } }, at),
    )
    for (const name of ['Zebra 100%', 'ant & sons', 'Bee', 'bee', 'Čapek'])
      await insertAccount(
        tx,
        newAccount({ kind: 'customer', parent: south, details: { ...details, name } }, at),
      )
    await insertUser(
      tx,
      newUser({ accountId: south.id, email: 's@south.example', name: 'S', roles: ['admin'] }, at),
    )
    // 100,000 customers of one reseller, as a migration of a big one would bring them.
    await tx.run`
      insert into account (id, number, kind, parent_id, name, contact_first_name, contact_last_name, email, phone, address_line1,
        city, postal_code, country, currency, created_at, updated_at)
      select gen_random_uuid(), 'B-' || n, 'customer', ${north.id}, 'Company ' || lpad(n::text, 6, '0'), 'Ann', 'Lee',
        'office' || n || '@company.example', '', 'Street 1', 'Town', '10117', 'DE', 'EUR', ${at}::timestamptz, ${at}::timestamptz
      from generate_series(1, 100000) as n`
  })
  await db.pool.unsafe('analyze account')
  const admin = (account: Account) =>
    actorWith({ id: newId(), name: 'A', accountId: account.id, roles: ['admin'] }, account.kind)
  northAdmin = admin(north)
  southAdmin = admin(south)
})

after(async () => {
  await db?.close()
  await drop?.()
})

test('customers come in the order of their names, page by page, each once', async () => {
  const first = await searchCustomers(db, southAdmin, { limit: 2 })
  const second = await searchCustomers(db, southAdmin, { limit: 2, cursor: first.nextCursor })
  const third = await searchCustomers(db, southAdmin, { limit: 2, cursor: second.nextCursor })
  const names = [first, second, third].flatMap((page) => page.items.map((item) => item.name.toLowerCase()))
  assert.equal(names[0], 'ant & sons')
  assert.deepEqual(names.slice(1, 3), ['bee', 'bee'])
  assert.equal(new Set([first, second, third].flatMap((page) => page.items.map((item) => item.id))).size, 5)
  assert.equal(third.nextCursor, undefined)
})

test('a search finds parts of words in any order, and its own signs are plain letters', async () => {
  const found = async (q: string) =>
    (await searchCustomers(db, southAdmin, { q })).items.map((item) => item.name)
  assert.deepEqual(await found('SONS ant'), ['ant & sons'])
  assert.deepEqual(await found('100%'), ['Zebra 100%'])
  assert.deepEqual(await found("o'neill"), [])
  assert.deepEqual(await found('_'), [])
  assert.deepEqual(await found('\\'), [])
  assert.deepEqual(await found('company'), [])
  await assert.rejects(searchCustomers(db, southAdmin, { cursor: 'nonsense' }), { code: 'input/bad-cursor' })
})

test('staff name the reseller, and see the same', async () => {
  const staff = system('test')
  await assert.rejects(searchCustomers(db, staff), { code: 'account/reseller-missing' })
  const page = await searchCustomers(db, staff, { resellerId: north.id, q: '099999' })
  assert.deepEqual(
    page.items.map((item) => item.name),
    ['Company 099999'],
  )
})

type Plan = { 'Shared Hit Blocks': number; 'Shared Read Blocks': number; 'Node Type': string; Plans?: Plan[] }

/** How many pages of 8 kB a search of the first reseller touches. The whole table is about 4,000. */
async function pagesTouched(words: string[], afterName: string | null): Promise<number> {
  return reading(db, scopeOf(northAdmin), async (sql) => {
    const id = afterName === null ? null : '00000000-0000-0000-0000-000000000000'
    const asked = () =>
      sql.part`select * from customers_matching(${words}::text[], ${afterName}::text, ${id}::uuid, 21)`
    // Once before it is counted: a connection that is new reads hundreds of pages about the tables, not of them.
    await sql.many`${asked()}`
    const row = await sql.one<{ queryPlan: { Plan: Plan }[] }>`
      explain (analyze, buffers, format json) ${asked()}`
    const plan = Object.values(row)[0] as unknown as { Plan: Plan }[]
    const top = plan[0]?.Plan
    return (top?.['Shared Hit Blocks'] ?? 0) + (top?.['Shared Read Blocks'] ?? 0)
  })
}

test('among 100,000 customers a search touches a few hundred pages at most', async () => {
  const [{ pages }] = (await db.pool.unsafe(
    "select relpages as pages from pg_class where relname = 'account'",
  )) as unknown as [{ pages: number }]
  assert.ok(pages > 2000, `${pages} pages`)
  for (const [words, afterName] of [
    [[], null],
    [['company'], null],
    [['099999'], null],
    [['nobody-has-this'], null],
    [[], 'company 090000'],
    [['company'], 'company 090000'],
  ] as const) {
    const touched = await pagesTouched([...words], afterName)
    assert.ok(touched < 400, `${touched} pages for ${JSON.stringify([words, afterName])}`)
  }
  const page = await searchCustomers(db, northAdmin, { q: 'office99999@' })
  assert.deepEqual(
    page.items.map((item) => item.name),
    ['Company 099999'],
  )
})

test('the back office lists all kinds by an index', async () => {
  const staff = system('test')
  const resellers = await listAccounts(db, staff, { kind: 'reseller' })
  assert.deepEqual(
    resellers.items.map((item) => item.name),
    ['North', 'South'],
  )
  assert.deepEqual((await listAccounts(db, staff, { kind: 'direct' })).items, [])
  const byNumber = await listAccounts(db, staff, { sort: 'number', limit: 2 })
  assert.deepEqual(
    byNumber.items.map((item) => item.number),
    ['A-100001', 'A-100002'],
  )
  const next = await listAccounts(db, staff, { sort: 'number', limit: 1, cursor: byNumber.nextCursor })
  assert.equal(next.items[0]?.number, 'A-100003')
  const last = await listAccounts(db, staff, { kind: 'reseller', sort: '-name', limit: 1 })
  assert.equal(last.items[0]?.name, 'South')
  const before = await listAccounts(db, staff, { kind: 'reseller', sort: '-name', cursor: last.nextCursor })
  assert.deepEqual(
    before.items.map((item) => item.name),
    ['North'],
  )
  assert.equal(next.items[0]?.parentName, 'South')
  const explained = await reading(
    db,
    sellerScope,
    (sql) => sql.many<Record<string, string>>`
    explain select id from account where ${holdsWords(sql, ['099999', 'office'])} order by lower(name), id limit 21`,
  )
  assert.match(explained.map((row) => Object.values(row)[0]).join('\n'), /account_search/)
})

test('one account: its people and counts for the seller, nothing at all for another reseller', async () => {
  const view = await viewAccount(db, [], system('test'), south.id)
  assert.deepEqual(
    view.users.map((user) => user.email),
    ['s@south.example'],
  )
  const counts = await viewBelongings(db, system('test'), south.id)
  assert.deepEqual(counts, { customers: 5, orders: 0, assets: 0, subscriptions: 0, invoices: 0 })
  await assert.rejects(viewAccount(db, [], northAdmin, south.id), { code: 'account/not-found' })
  const own = await viewBelongings(db, southAdmin, south.id as AccountId)
  assert.equal(own.customers, 5)
  const seen = await listAccounts(db, southAdmin, { limit: 200 })
  assert.equal(seen.items.length, 6)
})
