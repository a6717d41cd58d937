// The lists on a real database: paging that nothing moves, every sort either way, every filter, and searches in few and in many.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type AccountId, newId, type UserId } from '#kernel/ids.ts'
import { actorWith, type Portal, type Staff } from '#modules/users'
import { type Database, openDatabase, sellerScope, transaction } from '#platform/db.ts'
import { testDatabase } from '../../../tests/support/database.ts'
import { accountList } from '../accounts/list-accounts.ts'
import { type OrderRow, orderList } from '../orders/list-orders.ts'
import { askOf, queryOf } from './ask.ts'
import { hintOf, readList, walkList } from './read-list.ts'

let db: Database
let drop: () => Promise<void>
const sam = actorWith({ id: newId(), name: 'Sam', accountId: null, roles: ['administrator'] }, null) as Staff
const north = newId<AccountId>()
const bee = newId<AccountId>()
const capek = newId<AccountId>()
const zebra = newId<AccountId>()
const userId = newId<UserId>()

before(async () => {
  const database = await testDatabase()
  db = openDatabase(database.options)
  drop = database.drop
  await transaction(db, sellerScope, async (tx) => {
    const account = (id: AccountId, number: string, name: string, parent: AccountId | null) => tx.run`
      insert into account (id, number, kind, parent_id, name, contact_first_name, contact_last_name, email, phone, address_line1, city,
        postal_code, country, currency, created_at, updated_at)
      values (${id}, ${number}, ${parent ? 'customer' : 'reseller'}, ${parent}, ${name}, 'Ann', 'Lee', ${`${number}@x.example`}, '', 'Street 1',
        'Town', '1', 'DE', 'EUR', now(), now())`
    await account(north, 'A-1', 'North IT', null)
    await account(bee, 'A-2', 'bee', north)
    await account(capek, 'A-3', 'Čapek', north)
    await account(zebra, 'A-4', 'Zebra 100%', null)
    await tx.run`
      insert into app_user (id, account_id, email, name, created_at) values (${userId}, ${north}, 'a@north.example', 'Anna', now())`
    // 60 orders: every sixth is placed in the same moment as the one before it, and amounts repeat.
    await tx.run`
      insert into sales_order (id, number, state, channel, billing_to_id, end_customer_id, placed_by, currency, reference, net_minor,
        tax_minor, total_minor, held_because, created_at, executed_at, cancelled_at)
      select uuidv7(), 'SO-' || 1000 + n, case when n % 10 = 0 then 'cancelled' when n % 10 = 1 then 'submitted' else 'executed' end,
        case when n % 3 = 0 then 'api' when n % 3 = 1 then 'storefront' else 'backoffice' end,
        case when n % 4 = 3 then ${zebra}::uuid else ${north}::uuid end,
        (array[${bee}, ${capek}, ${capek}, ${zebra}]::uuid[])[n % 4 + 1], ${userId},
        case when n % 5 = 0 then 'CHF' else 'EUR' end, case when n = 7 then 'PO-77/2026' else '' end, n % 7 * 100, 0, n % 7 * 100,
        case when n = 11 then 'The credit limit is exceeded.' end,
        timestamptz '2026-11-01 00:00Z' + (n - case when n % 6 = 0 then 1 else 0 end) * interval '12 hours',
        case when n % 10 > 1 then now() end, case when n % 10 = 0 then now() end
      from generate_series(1, 60) n`
  })
})

after(async () => {
  await db?.close()
  await drop?.()
})

const ask = (query: string) => askOf(orderList, new URLSearchParams(query))
const read = (query: string, limit = 25) => readList(db, sam, orderList, { ...ask(query), limit })
const numbers = (items: readonly OrderRow[]) => items.map(({ number }) => number)
const all = async (query: string, limit = 7) => {
  const rows: OrderRow[] = []
  for await (const items of walkList(db, sam, orderList, { ...ask(query), limit })) rows.push(...items)
  return rows
}

test('pages of seven hold each of sixty orders once, whatever the sort and its way', async () => {
  for (const name of Object.keys(orderList.sorts)) {
    for (const sort of [name, `-${name}`]) {
      const found = numbers(await all(`sort=${sort}`))
      assert.equal(found.length, 60, sort)
      assert.equal(new Set(found).size, 60, sort)
    }
    const forth = numbers(await all(`sort=${name}`))
    assert.deepEqual(numbers(await all(`sort=-${name}`)), forth.toReversed(), name)
  }
})

test('newest first unless asked otherwise; names as people sort them; amounts within their currency', async () => {
  assert.deepEqual(
    numbers((await read('', 3)).items),
    ['SO-1059', 'SO-1060', 'SO-1058'].toSorted().toReversed(),
  )
  const names = [...new Set((await all('sort=customer')).map((row) => row.endCustomer.name))]
  assert.deepEqual(names, ['bee', 'Čapek', 'Zebra 100%'])
  const payers = [...new Set((await all('sort=-payer')).map((row) => row.billingTo.name))]
  assert.deepEqual(payers, ['Zebra 100%', 'North IT'])
  const totals = (await all('sort=total')).map(({ total }) => `${total.currency} ${total.amountMinor}`)
  assert.deepEqual(totals.slice(0, 3), ['CHF 0', 'CHF 100', 'CHF 100'])
  assert.equal(totals[12], 'EUR 0')
  assert.equal(totals.at(-1), 'EUR 600')
})

test('what arrives in between hides no row and shows none twice, forth and back', async () => {
  for (const sort of ['placed', '-placed', 'total', '-total', 'customer', '-payer']) {
    const before = numbers(await all(`sort=${sort}`))
    const first = await read(`sort=${sort}`, 10)
    // One at either end of every sort, and two in the middle of some.
    await transaction(db, sellerScope, async (tx) => {
      await tx.run`
        insert into sales_order (id, number, state, channel, billing_to_id, end_customer_id, placed_by, currency, net_minor, tax_minor,
          total_minor, created_at, executed_at)
        select uuidv7(), 'SO-NEW-' || n, 'executed', 'api', ${north}, (array[${bee}, ${zebra}, ${capek}, ${capek}]::uuid[])[n], ${userId},
          (array['CHF', 'EUR'])[1 + n % 2], n * 200, 0, n * 200,
          (array['2026-10-01', '2026-12-31', '2026-11-10', '2026-11-20'])[n]::timestamptz, now()
        from generate_series(1, 4) n`
    })
    const seen = [...first.items]
    let page = first
    while (page.next) {
      page = await read(`sort=${sort}&cursor=${page.next}`, 10)
      seen.push(...page.items)
    }
    const old = (rows: readonly OrderRow[]) => numbers(rows).filter((number) => !number.startsWith('SO-NEW'))
    assert.deepEqual(old(seen), before, sort)
    const back = [...page.items]
    while (page.previous) {
      page = await read(`sort=${sort}&cursor=${page.previous}`, 10)
      back.unshift(...page.items)
    }
    assert.deepEqual(old(back), before, sort)
    await transaction(db, sellerScope, (tx) => tx.run`delete from sales_order where number like 'SO-NEW%'`)
  }
})

test('the first page has none before it, the last none after it', async () => {
  const whole = await read('', 200)
  assert.deepEqual([whole.items.length, whole.next, whole.previous], [60, undefined, undefined])
  const first = await read('', 40)
  const second = await read(`cursor=${first.next}`, 40)
  assert.deepEqual([second.items.length, second.next], [20, undefined])
  const again = await read(`cursor=${second.previous}`, 40)
  assert.deepEqual(numbers(again.items), numbers(first.items))
  assert.equal(again.previous, undefined)
  assert.equal(again.next, first.next)
})

test('every filter keeps what it says and nothing else', async () => {
  const count = async (query: string) => (await all(query)).length
  assert.equal(await count('filter=waiting'), 6)
  assert.deepEqual(numbers(await all('filter=held')), ['SO-1011'])
  assert.equal(await count('filter=cancelled'), 6)
  assert.equal(await count('filter=trouble'), 0)
  assert.equal(await count('filter=open'), 0)
  assert.equal(await count('channel=api'), 20)
  // 12 hours apart: two a day, from order 1 at noon of 1 November.
  assert.deepEqual(numbers(await all('placedFrom=2026-11-02&placedTo=2026-11-02&sort=placed')), [
    'SO-1002',
    'SO-1003',
  ])
  assert.equal(await count('placedTo=2026-11-01'), 1)
  assert.equal(await count(`account=${zebra}`), 15)
  assert.deepEqual(numbers(await all(`account=${north}&channel=api&filter=waiting`)), ['SO-1021'])
  assert.equal(await count(`account=nonsense`), 0)
  assert.equal(await count(`basket=${newId()}`), 0)
  // What the list does not offer is as if it were not there.
  assert.equal(await count('filter=sunny&placedFrom=2026-02-31&sort=colour'), 60)
})

test('a search finds the start of a number or a reference, and words of either company; its own signs mean nothing', async () => {
  assert.deepEqual(numbers(await all('q=so-1007')), ['SO-1007'])
  assert.equal((await all('q=SO-105')).length, 10)
  assert.deepEqual(numbers(await all('q=po-77')), ['SO-1007'])
  assert.equal((await all('q=capek')).length, 0)
  assert.equal((await all('q=Čap')).length, 30)
  assert.equal((await all('q=north it')).length, 45)
  assert.equal((await all('q=zebra')).length, 15)
  assert.equal((await all('q=100%25')).length, 15)
  assert.equal((await all('q=00%25')).length, 15)
  assert.equal((await all('q=0__%25')).length, 0)
  assert.equal((await all('q=nobody')).length, 0)
})

test('words of less than three signs find beginnings of numbers and whole names, not the inside of names; the list says so', async () => {
  assert.equal((await all('q=so')).length, 60)
  assert.equal((await all('q=it')).length, 0)
  assert.equal((await all('q=it north')).length, 45)
  await transaction(db, sellerScope, (tx) => tx.run`update account set name = 'HP' where id = ${capek}`)
  assert.equal((await all('q=hp')).length, 30)
  await transaction(db, sellerScope, (tx) => tx.run`update account set name = 'Čapek' where id = ${capek}`)
  const accounts = async (q: string) =>
    (
      await readList(db, sam, accountList, { ...askOf(accountList, new URLSearchParams({ q })), limit: 25 })
    ).items.map(({ number }) => number)
  assert.deepEqual(await accounts('be'), ['A-2'])
  assert.deepEqual(await accounts('ee'), [])
  assert.deepEqual(await accounts('bee'), ['A-2'])
  assert.deepEqual(await accounts('a-'), ['A-2', 'A-3', 'A-1', 'A-4'])
  assert.match(
    hintOf(orderList, { q: 'it' }) ?? '',
    /^Type at least 3 characters .* find numbers and references/,
  )
  assert.equal(hintOf(orderList, { q: 'it north' }), undefined)
  assert.equal(hintOf(orderList, { q: undefined }), undefined)
})

test('words that fit a thousand companies are asked of each row, with the same answer', async () => {
  await transaction(
    db,
    sellerScope,
    (tx) => tx.run`
      insert into account (id, number, kind, name, contact_first_name, contact_last_name, email, phone, address_line1, city, postal_code,
        country, currency, created_at, updated_at)
      select uuidv7(), 'B-' || n, 'customer', 'Zebra ' || n, 'A', 'B', 'x@x.example', '', '', '', '', 'DE', 'EUR', now(), now()
      from generate_series(1, 1200) n`,
  )
  assert.equal((await all('q=zebra')).length, 15)
  assert.equal((await all('q=zebra&filter=waiting')).length, 3)
  assert.equal((await all('q=town zebra')).length, 15)
})

test('a portal searches its own orders only, with the same words', async () => {
  const anna = actorWith(
    { id: userId, name: 'Anna', accountId: north, roles: ['admin'] },
    'reseller',
  ) as Portal
  const found = async (q: string) =>
    (await readList(db, anna, orderList, { ...ask(`q=${encodeURIComponent(q)}`), limit: 200 })).items.length
  assert.equal(await found(''), 45)
  assert.equal(await found('čapek'), 30)
  assert.equal(await found('north'), 45)
  assert.equal(await found('zebra'), 0)
})

test('a cursor belongs to its list and sort; another’s, or a made-up one, is refused', async () => {
  const { next } = await read('sort=total', 5)
  await assert.rejects(read(`sort=-total&cursor=${next}`), { code: 'input/bad-cursor' })
  await assert.rejects(read('cursor=nonsense'), { code: 'input/bad-cursor' })
  const forged = Buffer.from(JSON.stringify(['after', '-placed', newId(), 'no moment'])).toString('base64url')
  await assert.rejects(read(`cursor=${forged}`), { code: 'input/bad-cursor' })
  const short = Buffer.from(JSON.stringify(['after', '-placed', newId()])).toString('base64url')
  await assert.rejects(read(`cursor=${short}`), { code: 'input/bad-cursor' })
})

test('an address says a list and back, in one form', () => {
  const query = 'q=bee&filter=waiting&placedFrom=2026-11-01&sort=-total&columns=number%2Ctotal&rows=50'
  assert.equal(queryOf(orderList, ask(query)), query)
  assert.equal(queryOf(orderList, ask('sort=-placed&rows=25&q=&filter=&cursor=x')), '')
  assert.deepEqual(ask('columns=total&columns=number&columns=secret').columns, ['number', 'total'])
  assert.equal(ask('columns=secret').columns, undefined)
})
