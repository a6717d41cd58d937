// What every list keeps, whatever it lists: each sort either way, each choice of each filter, each kind of question, page by page.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { newId } from '#kernel/ids.ts'
import { actorWith, type Staff } from '#modules/users'
import type { Database } from '#platform/db.ts'
import { openDatabase } from '#platform/db.ts'
import { testDatabase } from '../../../tests/support/database.ts'
import { fillLists } from '../../../tests/support/many-records.ts'
import { allLists } from './all-lists.ts'
import { askOf } from './ask.ts'
import type { AnyList } from './list.ts'
import { readList, walkList } from './read-list.ts'

let db: Database
let drop: () => Promise<void>
const sam = actorWith({ id: newId(), name: 'Sam', accountId: null, roles: ['administrator'] }, null) as Staff
const support = actorWith({ id: newId(), name: 'Sue', accountId: null, roles: [] }, null) as Staff

before(async () => {
  const database = await testDatabase()
  db = openDatabase(database.options)
  drop = database.drop
  await fillLists(db, { resellers: 4, customers: 60, subscriptions: 240, invoiceLines: 400 })
  // Enough orders that need a hand: 168 are too few for the rates of a real year.
  await db.pool`
    update sales_order set state = 'submitted', executed_at = null, held_because = case when number like '%14' then 'Over the limit.' end
    where state = 'executed' and number ~ '[147]$'`
})

after(async () => {
  await db?.close()
  await drop?.()
})

const ask = (list: AnyList, query: string) => askOf(list, new URLSearchParams(query))
const walk = async (list: AnyList, query: string, limit = 37) => {
  const rows: { id: string }[] = []
  for await (const items of walkList(db, sam, list, { ...ask(list, query), limit })) rows.push(...items)
  return rows.map(({ id }) => id)
}

for (const list of allLists) {
  test(`${list.name}: each sort shows each record once, and its reverse is its reverse`, async () => {
    const all = await walk(list, '', 200)
    assert.ok(all.length >= 40, `${all.length} records`)
    for (const name of Object.keys(list.sorts)) {
      const forth = await walk(list, `sort=${name}`)
      assert.equal(new Set(forth).size, all.length, name)
      assert.deepEqual(await walk(list, `sort=-${name}`), forth.toReversed(), name)
    }
  })

  test(`${list.name}: each choice of a filter keeps some of the whole, and a day’s two halves are the whole`, async () => {
    const all = new Set(await walk(list, '', 200))
    for (const [name, filter] of Object.entries(list.filters)) {
      if (filter.kind === 'choice') {
        for (const { value } of filter.choices.slice(0, 12)) {
          const some = await walk(list, `${name}=${value}`, 200)
          assert.ok(some.every((id) => all.has(id)))
          assert.ok(some.length < all.size, `${name}=${value} keeps everything`)
        }
      } else if (filter.kind === 'days') {
        const until = await walk(list, `${name}To=2026-06-30`, 200)
        const since = await walk(list, `${name}From=2026-07-01`, 200)
        assert.equal(until.length + since.length, all.size, name)
        assert.ok(until.length > 0 && since.length > 0, `${name} has only one half`)
      } else assert.deepEqual(await walk(list, `${name}=${newId()}`), [], name)
    }
  })

  test(`${list.name}: every column has a value that can be shown, and its sort exists`, async () => {
    const { items } = await readList(db, sam, list, { ...ask(list, ''), limit: 50 })
    for (const [name, column] of Object.entries(list.columns)) {
      const values = items.map((item) => column.value(item as never))
      assert.ok(
        values.some((value) => value !== undefined && value !== ''),
        `${name} is empty everywhere`,
      )
      if (column.sort) assert.ok(Object.hasOwn(list.sorts, column.sort), name)
    }
  })

  test(`${list.name}: a search finds a record by what it is called, and nothing by nonsense`, async () => {
    const { items } = await readList(db, sam, list, { ...ask(list, ''), limit: 5 })
    const naming = list.columns[list.naming ?? ''] ?? Object.values(list.columns)[0]
    const word = list.name === 'mails' ? 'office7@' : String(naming?.value(items[2] as never))
    assert.ok((await walk(list, `q=${encodeURIComponent(word)}`, 200)).length >= 1, word)
    assert.deepEqual(await walk(list, 'q=no+such+words+anywhere'), [])
  })

  test(`${list.name}: who lacks the right sees nothing of it`, async () => {
    await assert.rejects(readList(db, support, list, ask(list, '')), { code: 'right/missing' })
  })
}
