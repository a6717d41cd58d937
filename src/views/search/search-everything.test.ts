// The search over everything: by number, name, e-mail, the end of a key and the whole key; only what somebody may see.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import { newId } from '#kernel/ids.ts'
import { keyPrint } from '#modules/assets'
import { actorWith, type Staff } from '#modules/users'
import { type Database, openDatabase, sellerScope, transaction } from '#platform/db.ts'
import { openSecrets } from '#platform/secrets.ts'
import { testDatabase } from '../../../tests/support/database.ts'
import { fillLists } from '../../../tests/support/many-records.ts'
import { searchEverything } from './search-everything.ts'

const secrets = openSecrets(randomBytes(32))
const key = 'QWERT-YUIOP-ASDFG-HJKLZ-XCV9B'
let db: Database
let drop: () => Promise<void>
let accountId: string
const sam = actorWith({ id: newId(), name: 'Sam', accountId: null, roles: ['administrator'] }, null) as Staff

before(async () => {
  const database = await testDatabase()
  db = openDatabase(database.options)
  drop = database.drop
  await fillLists(db, { resellers: 3, customers: 40, subscriptions: 100, invoiceLines: 200 })
  await transaction(db, sellerScope, async (tx) => {
    const account = await tx.one<{ id: string }>`
      update account set name = 'Wilhelmine Stahlwerke' where number = 'ACC-500005' returning id`
    accountId = account.id
    await tx.run`
      insert into account_contact (id, account_id, role, name, email, created_at, updated_at)
      values (${newId()}, ${accountId}, 'billing', 'Brunhild Quist', 'bq@stahlwerke.example', now(), now())`
    await tx.run`
      insert into app_user (id, account_id, name, email, roles, state, created_at)
      values (${newId()}, ${accountId}, 'Ada Brandt', 'ada@brandt.example', array['buyer'], 'active', now()),
        (${newId()}, null, 'Ada of ours', 'ada@seller.example', array['support'], 'active', now())`
    await tx.run`
      update sync_options set options = options || '{"keyDeliveryEmail": "Keys@Birchlane.example"}' where account_id = ${accountId}`
    await tx.run`update plan set sku = 'DG7GMGF0D5RK:0005' where sku = 'FILL-3'`
    await tx.run`update product set name = 'Klavier Professional' where code = 'FILL3'`
    await tx.run`
      update asset set key_mask = 'QWERT-xxxxx-xxxxx-xxxxx-XCV9B', key_print = ${keyPrint(secrets, key)} where number = 'LIC-500010'`
  })
})

after(async () => {
  await db?.close()
  await drop?.()
})

const found = async (q: string, actor = sam) =>
  (await searchEverything(db, actor, { secrets, q })).map(({ kind, title, isExact }) => [
    kind,
    title,
    isExact,
  ])

test('a whole number is that record first, digits alone are the number behind its letters', async () => {
  assert.deepEqual((await found('so-500007'))[0], ['order', 'SO-500007', true])
  assert.deepEqual((await found('SUB-500033'))[0], ['subscription', 'SUB-500033', true])
  assert.deepEqual((await found('INV-500001'))[0], ['invoice', 'INV-500001', true])
  const digits = await found('500007')
  for (const title of ['SO-500007', 'SUB-500007', 'LIC-500007'])
    assert.ok(
      digits.some((hit) => hit[1] === title),
      title,
    )
})

test('a company is found by name and e-mail, and what it has with it', async () => {
  const [first, ...others] = await found('stahlwerke wilhelm')
  assert.deepEqual(first, ['account', 'Wilhelmine Stahlwerke', false])
  assert.ok(others.every(([kind]) => kind !== 'account'))
  assert.equal((await found('wilhelmine stahlwerke'))[0]?.[2], true)
  assert.ok((await found('office5@')).some(([kind]) => kind === 'account'))
})

test('a contact is found by words of name and e-mail, in any account, and leads to it', async () => {
  const hits = (q: string, actor = sam) => searchEverything(db, actor, { secrets, q })
  const [first, ...others] = (await hits('quist brunhild')).map(({ id: _, ...hit }) => hit)
  assert.deepEqual(first, {
    kind: 'contact',
    title: 'Brunhild Quist',
    about: 'bq@stahlwerke.example, Wilhelmine Stahlwerke',
    accountId,
    isExact: false,
  })
  assert.deepEqual(others, [])
  assert.deepEqual(await found('bq@stahlwerke.example'), [['contact', 'Brunhild Quist', true]])
  assert.deepEqual(await found('brunhild quist'), [['contact', 'Brunhild Quist', true]])
  const named = async (q: string) => (await found(q)).filter(([kind]) => kind === 'contact')
  // Two letters: how a name begins.
  assert.deepEqual(await named('br'), [['contact', 'Brunhild Quist', false]])
  assert.deepEqual(await named('qu'), [])
  assert.equal((await named('@filled.example')).length, 5)
})

test('who signs in for a company is found by e-mail and name and leads to it; people of ours are not', async () => {
  const hits = await searchEverything(db, sam, { secrets, q: 'ada@brandt.example' })
  assert.deepEqual(
    hits.map(({ id: _, ...hit }) => hit),
    [
      {
        kind: 'user',
        title: 'Ada Brandt',
        about: 'ada@brandt.example, Wilhelmine Stahlwerke',
        accountId,
        isExact: true,
      },
    ],
  )
  const people = async (q: string) => (await found(q)).filter(([kind]) => kind === 'user')
  assert.deepEqual(await people('brandt ada'), [['user', 'Ada Brandt', false]])
  assert.deepEqual(await people('ada'), [['user', 'Ada Brandt', false]])
  assert.deepEqual(await people('ad'), [['user', 'Ada Brandt', false]])
  assert.deepEqual(await people('ada@seller.example'), [])
})

test('a company is found by where its keys go, in any case, and once where its own words hold as well', async () => {
  const hits = await searchEverything(db, sam, { secrets, q: 'keys@birchlane' })
  assert.deepEqual(
    hits.map(({ kind, id, about, isExact }) => [kind, id, about, isExact]),
    [['account', accountId, 'ACC-500005, keys go to keys@birchlane.example', false]],
  )
  assert.deepEqual(await found('KEYS@birchlane.example'), [['account', 'Wilhelmine Stahlwerke', true]])
  await transaction(
    db,
    sellerScope,
    (tx) =>
      tx.run`update sync_options set options = options || '{"keyDeliveryEmail": "keys@stahlwerke.example"}' where account_id = ${accountId}`,
  )
  assert.equal((await found('stahlwerke')).filter(([kind]) => kind === 'account').length, 1)
})

test('a product is found by words of its name and the beginning of a SKU, by whoever may open it', async () => {
  const products = async (q: string, actor = sam) =>
    (await searchEverything(db, actor, { secrets, q }))
      .filter(({ kind }) => kind === 'product')
      .map(({ title, about, isExact }) => [title, about, isExact])
  assert.deepEqual(await products('dg7gmgf0d5rk'), [['Klavier Professional', 'DG7GMGF0D5RK:0005', false]])
  assert.deepEqual(await products('DG7GMGF0D5RK:0005'), [['Klavier Professional', 'DG7GMGF0D5RK:0005', true]])
  assert.deepEqual(await products('professional klavier'), [['Klavier Professional', 'FILL3', false]])
  const support = actorWith({ id: newId(), name: 'S', accountId: null, roles: ['support'] }, null) as Staff
  assert.deepEqual(await products('dg7gmgf0d5rk', support), [])
})

test('whoever may not see accounts finds no contacts, and what else they may see', async () => {
  const seller = actorWith({ id: newId(), name: 'O', accountId: null, roles: [] }, null) as Staff
  const packer = { ...seller, rights: new Set(['see-orders'] as const) }
  assert.deepEqual(await found('brunhild quist', packer), [])
  assert.deepEqual(await found('ada@brandt.example', packer), [])
  assert.deepEqual(await found('keys@stahlwerke.example', packer), [])
  assert.deepEqual((await found('so-500007', packer))[0], ['order', 'SO-500007', true])
})

test('the end of a key finds its licence, and so does the whole key without being opened', async () => {
  assert.deepEqual(await found('xcv9b'), [['asset', 'LIC-500010', false]])
  assert.deepEqual(await found('9B'), [])
  assert.deepEqual(await found('v9b'), [['asset', 'LIC-500010', false]])
  assert.deepEqual(await found(key.toLowerCase()), [['asset', 'LIC-500010', true]])
  assert.deepEqual(await found('QWERT-YUIOP-ASDFG-HJKLZ-XCV9X'), [])
})

test('one letter, nothing and signs of patterns find nothing; who may see nothing finds nothing', async () => {
  assert.deepEqual(await found('s'), [])
  assert.deepEqual(await found('   '), [])
  assert.deepEqual(await found('%%'), [])
  const nobody = actorWith({ id: newId(), name: 'N', accountId: null, roles: [] }, null) as Staff
  assert.deepEqual(await found('SO-500007', nobody), [])
  const support = actorWith({ id: newId(), name: 'S', accountId: null, roles: ['support'] }, null) as Staff
  assert.ok((await found('SO-500007', support)).length > 0)
})
